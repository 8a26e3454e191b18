import type { FactLine, RecordPage } from "../backend";
import { SAMPLE_NOW_MS } from "./item";
import { sampleFact, samplePage } from "./page";

/** Facts of one record, a few minutes apart, the last one just now. */
export function factsOf(record: string, ...told: [kind: string, over?: Partial<FactLine>][]): FactLine[] {
  return told.map(([kind, over], n) =>
    sampleFact({
      fact: `7:${100 + n}`,
      kind: `${record}.${kind}`,
      at_ms: SAMPLE_NOW_MS - (told.length - n) * 5 * 60_000,
      ...over,
    }),
  );
}

/** Mutton for the cold chain, looked at and weighed. */
export function samplePickup(over: Partial<RecordPage> = {}): RecordPage {
  const { status } = samplePage();
  return samplePage({
    record: "sample-pickup-1",
    kind: "pickup",
    status: { ...status, kind: "pickup", state: "planned", subsidy: "unclaimed" },
    plan: {
      kind: "pickup",
      fields: {
        household: "sample-household-1",
        goods: 2,
        cold_max_tenths: -180,
        destination: "样例市样例路 8 号",
        price_fen: 6_800,
        subsidy_programme: "SAMPLE-1",
        subsidy_fen: 2_000,
        notes: "两只羊，分四箱",
      },
      conflicts: [],
      unknown: [],
    },
    facts: factsOf(
      "pickup",
      [
        "identity_checked",
        { fields: { document: { list: "identity_document", code: 1, name: "resident_id" } } },
      ],
      ["contents_inspected"],
      ["weighed", { fields: { grams: 38_500 } }],
    ),
    names: {
      "sample-household-1": { kind: "household", names: { "": "样例甲" } },
      "sample-person": { kind: "colleague", names: { "": "样例骑手" } },
    },
    ...over,
  });
}
