import type { Backend, Progress, Safety } from "../backend";
import { sampleItem, SAMPLE_NOW_MS } from "./item";
import { says, silent } from "./says";

export const SAMPLE_SAFETY: Safety = {
  records: 41,
  waiting_records: 3,
  waiting_facts: 7,
  waiting_edits: 1,
  not_taken: 0,
  not_taken_records: 0,
  photos: 0,
  photo_bytes: 0,
  waiting_for_a_number: 0,
  county_answered_ms: SAMPLE_NOW_MS - 26 * 3_600_000,
  leaving: null,
  damaged: 0,
  salvaged: null,
  last_sync: { at_ms: SAMPLE_NOW_MS - 26 * 3_600_000, code: null },
};

export const SAMPLE_PROGRESS: Progress = {
  sent: 7,
  waiting: 0,
  bytes_up: 3_214,
  bytes_down: 18_950,
  requests: 2,
  cuts: 0,
};

export const fakeSyncing = {
  sync: says({ sync: "done" as const, ...SAMPLE_PROGRESS }),
  cancelSync: says(undefined),
  safety: says(SAMPLE_SAFETY),
  unsent: says([sampleItem(1), sampleItem(3)]),
  items: (records) => Promise.resolve(records.map((record, n) => sampleItem(n, { record }))),
  discrepancies: says([]),
  forks: says([]),
  forkSeen: says(undefined),
  refused: says([]),
  refusedSeen: says(undefined),
  onSyncProgress: silent,
  onSyncWaiting: silent,
} satisfies Partial<Backend>;
