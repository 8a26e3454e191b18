import { expect, test } from "vitest";
import type { StationParcel } from "../../backend/backend";
import { sampleItem } from "../../backend/fake/item";
import { queueOf, togetherWith } from "./queue";

function parcel(record: string, assignee: string | null, household: string | null = null): StationParcel {
  return {
    ...sampleItem(1, { record, household }),
    since_ms: 0,
    assignee,
    assignee_name: assignee ?? "",
    pickup_code: false,
  };
}

test("who has most to fetch comes first, and what is nobody's last", () => {
  const queue = queueOf([
    parcel("1", null),
    parcel("2", "b"),
    parcel("3", "a"),
    parcel("4", "a"),
    parcel("5", null),
    parcel("6", null),
  ]);
  expect(queue.map(({ courier, parcels }) => [courier, parcels.length])).toEqual([
    ["a", 2],
    ["b", 1],
    [null, 3],
  ]);
});

test("an addressee fetches all that lies here for the household", () => {
  const all = [parcel("1", null, "h"), parcel("2", "a", "h"), parcel("3", null, "other"), parcel("4", null)];
  expect(togetherWith("1", all).map(({ record }) => record)).toEqual(["1", "2"]);
  expect(togetherWith("4", all).map(({ record }) => record)).toEqual(["4"]);
  expect(togetherWith("gone", all)).toEqual([]);
});
