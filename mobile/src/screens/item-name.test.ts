import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sampleItem } from "../backend/fake/item";
import { hasText } from "../texts/texts.svelte";
import { itemDetails, itemName } from "./item-name";

const BARE = { title: "", household_name: "", address: "", waybill: null, place_names: {} };

test("is called by its own words, else its household's, its number's or its place's", () => {
  const place = { place_names: { "zh-Hans": "样例一村" } };
  const parcel = { ...BARE, ...place, waybill: "SB1" };
  expect(itemName(sampleItem(1, { ...parcel, title: "样*甲", household_name: "样*乙" }))).toBe("样*甲");
  expect(itemName(sampleItem(1, { ...parcel, household_name: "样*乙" }))).toBe("样*乙");
  expect(itemName(sampleItem(1, parcel))).toBe("SB1");
  expect(itemName(sampleItem(1, { ...BARE, ...place, kind: "errand" }))).toBe("样例一村");
});

test("what has none of them is called what it is", () => {
  expect(itemName(sampleItem(1, { ...BARE, kind: "cash_pass" }))).toBe("转款");
  expect(itemName(sampleItem(1, { ...BARE, kind: "appeal" }))).toBe("诉求");
});

test("lines under a name say what it is, its number and where, and nothing twice", () => {
  const parcel = { ...BARE, address: "样例路 1 号", waybill: "SB1", place_names: { "zh-Hans": "样例一村" } };
  expect(itemDetails(sampleItem(1, { ...parcel, title: "样*甲" }))).toEqual([
    "派件 · SB1",
    "样例一村 · 样例路 1 号",
  ]);
  expect(itemDetails(sampleItem(1, parcel))).toEqual(["派件", "样例一村 · 样例路 1 号"]);
  expect(itemDetails(sampleItem(1, { ...BARE, kind: "appeal" }))).toEqual(["", ""]);
});

test("every kind of record has a word", () => {
  const bindings = readFileSync("src/backend/bindings.gen.ts", "utf8");
  const kinds = /export type RecordKind = ([^;]*);/.exec(bindings)?.[1]?.match(/"\w+"/g) ?? [];
  expect(kinds.length).toBeGreaterThan(10);
  expect(kinds.filter((kind) => !hasText(`record_kind_${kind.slice(1, -1)}`))).toEqual([]);
});
