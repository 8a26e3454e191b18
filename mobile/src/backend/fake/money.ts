import type { Backend, CashBook, PassedCash } from "../backend";
import { SAMPLE_NOW_MS } from "./item";
import { says } from "./says";

/** A morning's cash: an advance, one collection, one thing bought. */
export const SAMPLE_BOOK: CashBook = {
  owed_fen: 30_450,
  advance_fen: 20_000,
  collected_fen: 12_850,
  spent_fen: 2_400,
  passed_fen: 0,
  taken_fen: 0,
  handed_in_fen: 0,
  lines: [
    {
      at_ms: SAMPLE_NOW_MS - 1_800_000,
      time_is_sure: false,
      record: "sample-errand",
      fact: "7:5",
      kind: "spent",
      fen: -2_400,
      with: "sample-errand",
      with_name: "",
      counts: true,
      is_own: true,
    },
    {
      at_ms: SAMPLE_NOW_MS - 3_600_000,
      time_is_sure: true,
      record: "sample-delivery-4",
      fact: "7:4",
      kind: "collected",
      fen: 12_850,
      with: "sample-household-4",
      with_name: "样例乙",
      counts: true,
      is_own: true,
    },
  ],
};

/** A hundred yuan on their way to a colleague. */
export const SAMPLE_PASS: PassedCash = {
  record: "sample-pass",
  fact: "7:6",
  to: "sample-colleague-1",
  fen: 10_000,
  code: "SAMPLE-CODE",
};

export const fakeMoney = {
  cash: says({ owed_fen: 30_450, open: { passes: [], settlements: [] }, unsettled: ["sample-delivery-4"] }),
  cashBook: says(SAMPLE_BOOK),
  passCash: says(SAMPLE_PASS),
  cashCode: says(SAMPLE_PASS),
  readCashCode: says({ cash: "not_a_code" as const }),
  takeCash: says({ cash: "not_a_code" as const }),
  handIn: says({ record: "sample-hand-in", fact: "7:7", number: 4 }),
} satisfies Partial<Backend>;
