import { forgetAll } from "../backend/live.svelte";
import { hush } from "../components/toast.svelte";
import { remembered } from "./search/remembered.svelte";
import { allCallsTold } from "./stop/calls.svelte";

/** Forgets what one person read, typed and did: somebody else is at this device now. */
export function forgetPerson(): void {
  forgetAll();
  hush();
  allCallsTold();
  remembered.typed = "";
}
