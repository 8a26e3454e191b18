import type { Backend, StationParcel } from "../backend";
import { sampleItem, SAMPLE_NOW_MS } from "./item";
import { says } from "./says";

export const SAMPLE_PARCELS: StationParcel[] = [1, 2, 3].map((n) => ({
  ...sampleItem(n, { status: "at_station" }),
  since_ms: SAMPLE_NOW_MS - n * 3_600_000,
  assignee: n === 2 ? "sample-colleague-1" : null,
  assignee_name: n === 2 ? "样例同事一" : "",
  pickup_code: n === 1,
}));

export const fakeStation = {
  stationParcels: says(SAMPLE_PARCELS),
  countCash: says("7:60"),
} satisfies Partial<Backend>;
