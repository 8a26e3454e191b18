import { current, go, openTab } from "../../navigation/router.svelte";
import { started } from "../../session.svelte";

/** What was scanned while no screen wanted it, until Scan takes it. */
let kept: string | undefined;

/** Opens Scan with what was scanned elsewhere. */
export function lookUp(text: string): void {
  kept = text;
  if (current()?.name === "scan") return;
  // A clerk has no such tab: it lies over what they were at.
  if (started()?.person?.role === "clerk") go("scan");
  else openTab("scan");
}

/** What is to be looked up, once. */
export function toLookUp(): string | undefined {
  const text = kept;
  kept = undefined;
  return text;
}
