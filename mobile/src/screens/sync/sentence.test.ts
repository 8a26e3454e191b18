import { beforeEach, expect, test } from "vitest";
import { setLocale } from "../../texts/texts.svelte";
import { alsoWaiting, sentence } from "./sentence";

beforeEach(() => setLocale("en"));

const said = (records: number, waiting_records: number, not_taken = 0, not_taken_records = not_taken) =>
  sentence({ records, waiting_records, not_taken, not_taken_records });

test("says in one sentence what is safe and what waits", () => {
  expect(said(0, 0)).toBe("Nothing to send yet.");
  expect(said(41, 0)).toBe("All 41 records are safe at the county.");
  expect(said(41, 3)).toBe("38 of 41 records are safe at the county. 3 wait on this phone.");
  expect(said(41, 1)).toBe("40 of 41 records are safe at the county. 1 waits on this phone.");
  expect(said(3, 3)).toBe("3 records wait on this phone.");
});

test("speaks of one record as of one", () => {
  expect(said(1, 0)).toBe("The 1 record here is safe at the county.");
  expect(said(1, 1)).toBe("1 record waits on this phone.");
});

test("never counts fewer than wait: a consent waits too, and is no work", () => {
  expect(said(0, 2)).toBe("2 records wait on this phone.");
});

test("never says that all is safe where the county did not take something", () => {
  expect(said(41, 0, 1)).toBe("40 of 41 records are safe at the county. Not taken by the county: 1.");
  expect(said(41, 3, 2, 1)).toBe(
    "37 of 41 records are safe at the county. 3 wait on this phone. Not taken by the county: 2.",
  );
  expect(said(1, 0, 1)).toBe("Not taken by the county, on this phone alone: 1.");
  expect(said(1, 1, 1, 0)).toBe("1 record waits on this phone. Not taken by the county: 1.");
});

test("tells of photos and of tips without a number only where there are some", () => {
  expect(alsoWaiting({ photos: 0, photo_bytes: 0, waiting_for_a_number: 0 })).toEqual([]);
  expect(alsoWaiting({ photos: 3, photo_bytes: 1_234_000, waiting_for_a_number: 1 })).toEqual([
    "3 photos wait for Wi-Fi (1.2 MB).",
    "Tips and appeals without a number yet: 1. They go with the next sync.",
  ]);
});

test("is said in the language that is chosen", async () => {
  await setLocale("zh-Hans");
  expect(said(41, 3)).toBe("41 条记录中 38 条已安全存到县里，3 条还只在本机。");
});
