import { t } from "../../texts/texts.svelte";

/** How long to wait, in whole seconds rounded up: nobody is told to try too early. */
export function waitText(ms: number): string {
  const all = Math.ceil(Math.max(0, ms) / 1000);
  const minutes = Math.floor(all / 60);
  const seconds = all % 60;
  return minutes === 0 ? t.lock_seconds({ count: seconds }) : t.lock_minutes({ minutes, seconds });
}
