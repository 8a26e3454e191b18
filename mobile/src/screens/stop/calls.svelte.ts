import { SvelteMap } from "svelte/reactivity";

/**
 * Calls that were tried since the last act, by the record that was called, from whichever screen: a failed attempt takes
 * those of whom it concerns along. Kept in memory alone; an app that is started anew has none.
 */
const tried = new SvelteMap<string, number>();

/** Somebody was called by their record. */
export function callTried(record: string): void {
  tried.set(record, callsTried([record]) + 1);
}

/** How many calls were tried to those with these records. */
export function callsTried(records: readonly string[]): number {
  return records.reduce((sum, record) => sum + (tried.get(record) ?? 0), 0);
}

/** The calls are told, or the parcel is handed over. */
export function callsTold(records: readonly string[]): void {
  for (const record of records) tried.delete(record);
}

/** Nobody is to be told of them any more. */
export function allCallsTold(): void {
  tried.clear();
}
