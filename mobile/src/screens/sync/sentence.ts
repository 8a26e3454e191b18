import type { Safety } from "../../backend/backend";
import { bytesText } from "../../texts/amounts";
import { t } from "../../texts/texts.svelte";

type Counts = Pick<Safety, "records" | "waiting_records" | "not_taken" | "not_taken_records">;

/** The one sentence: how many records are safe at the county, how many are on this phone alone, and what was not taken. */
export function sentence(counts: Counts): string {
  const { not_taken: count } = counts;
  const text = safeAndWaiting(counts);
  if (count === 0) return text ?? t.sync_nothing();
  return text === undefined ? t.sync_not_taken({ count }) : t.sync_and_not_taken({ text, count });
}

function safeAndWaiting(counts: Counts): string | undefined {
  const { records, waiting_records: waiting, not_taken_records: notTaken } = counts;
  // What waits may be a consent or a household, which is none of the work that is counted.
  const all = Math.max(records, waiting + notTaken);
  const safe = all - waiting - notTaken;
  if (safe === 0 && waiting === 0) return undefined;
  if (waiting === 0 && notTaken > 0) return t.sync_some_safe({ records: all, safe });
  if (waiting === 0) return all === 1 ? t.sync_all_safe_one() : t.sync_all_safe({ records: all });
  if (safe === 0) return waiting === 1 ? t.sync_all_wait_one() : t.sync_all_wait({ waiting });
  return waiting === 1
    ? t.sync_one_waits({ records: all, safe })
    : t.sync_some_wait({ records: all, safe, waiting });
}

/** What else waits, a sentence each. */
export function alsoWaiting(
  safety: Pick<Safety, "photos" | "photo_bytes" | "waiting_for_a_number">,
): readonly string[] {
  const { photos, photo_bytes, waiting_for_a_number: count } = safety;
  return [
    ...(photos > 0 ? [t.sync_photos_wait({ photos, size: bytesText(photo_bytes) })] : []),
    ...(count > 0 ? [t.sync_number_waits({ count })] : []),
  ];
}
