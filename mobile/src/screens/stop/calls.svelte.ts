import { SvelteMap } from "svelte/reactivity";

/** Calls that were tried since the last act, by stop or record: a failed attempt takes them along. */
const tried = new SvelteMap<string, number>();

/** A call was tried. */
export function callTried(key: string): void {
  tried.set(key, callsTried(key) + 1);
}

/** How many calls were tried. */
export function callsTried(key: string): number {
  return tried.get(key) ?? 0;
}

/** The calls are told, or the parcel is handed over. */
export function callsTold(key: string): void {
  tried.delete(key);
}

/** Nobody is to be told of them any more. */
export function allCallsTold(): void {
  tried.clear();
}
