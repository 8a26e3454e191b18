import type { ConsentEntry, DeliverOutcome, DeliverTo, DeliveryProof, Item } from "../../backend/backend";
import { entryOf } from "../../backend/code-lists";
import { inOneLine } from "../../texts/one-line";
import { t } from "../../texts/texts.svelte";

/** To whom something is handed. */
export type Taker = DeliverTo["to"];

/** What shows that it was handed over; a photo joins these three. */
export type ProofKind = "receiver" | "pickup_code" | "signature";

/** What was filled in for a proof. */
export interface ProofFilled {
  readonly kind: ProofKind;
  readonly typed: string;
  /** A signature's bytes. */
  readonly strokes: number[] | null;
  /** Who takes it in the addressee's stead or as one of them; may be left out. */
  readonly receiver: string;
}

/** The standing consents that let such a taker have it. */
export function consentsFor(taker: Taker, consents: readonly ConsentEntry[]): ConsentEntry[] {
  if (taker === "addressee") return [];
  return consents.filter(
    (consent) => consent.stands && entryOf("consent_scope", consent.scope)?.name === taker,
  );
}

/** The taker as the core wants it; nothing where the consent that it needs is not chosen. */
export function takerOf(
  taker: Taker,
  consent: ConsentEntry | undefined,
  receiver: string,
): DeliverTo | undefined {
  if (taker === "addressee") return { to: "addressee" };
  if (!consent) return undefined;
  // Whom a consent names the core knows, and this screen may have been told a mask; one that names nobody covers anybody.
  if (taker === "proxy") {
    const name = consent.proxy === null ? receiver.trim() : null;
    return { to: "proxy", consent: consent.record, name };
  }
  return consent.drop_point === null
    ? undefined
    : { to: "drop_point", place: consent.drop_point, consent: consent.record };
}

/** The proof as the core wants it; `missing` in words where something is not filled in. */
export function proofOf(
  taker: DeliverTo,
  proof: ProofFilled,
): { proof: DeliveryProof } | { missing: string } {
  if (taker.to === "drop_point") return { proof: { proof: "none" } };
  if (taker.to === "proxy" && taker.name === "") return { missing: t.deliver_receiver_missing() };
  if (proof.kind === "pickup_code") {
    const typed = proof.typed.trim();
    return typed ? { proof: { proof: "pickup_code", typed } } : { missing: t.deliver_code_missing() };
  }
  if (proof.kind === "signature") {
    const { strokes } = proof;
    return strokes ? { proof: { proof: "signature", strokes } } : { missing: t.deliver_sign_missing() };
  }
  return {
    proof: { proof: "receiver", name: taker.to === "proxy" ? null : proof.receiver.trim() || null },
  };
}

/** A pickup code from a picture, or null where it cannot be one: 4 to 16 letters and digits beside its dashes. */
export function pickupCodeFrom(read: string): string | null {
  const code = read.normalize("NFKC").trim();
  return /^[A-Za-z0-9]{4,16}$/.test(code.replace(/[-\s]/g, "")) ? code : null;
}

/** Why nothing was recorded, in words. */
export function outcomeText(
  outcome: Exclude<DeliverOutcome, { outcome: "done" }>,
  parcels: readonly Pick<Item, "record" | "waybill">[],
): string {
  switch (outcome.outcome) {
    case "consent_missing":
      return t.deliver_consent_missing();
    case "wrong_code":
      return t.deliver_code_wrong({ tries: outcome.tries });
    case "no_code":
      return t.deliver_code_none();
    case "code_of_others": {
      const others = parcels.filter(({ record }) => outcome.records.includes(record));
      const which = inOneLine(others.map(({ waybill }) => waybill ?? t.delivery_title()));
      return t.deliver_code_of_others({ count: others.length, which });
    }
    case "ended":
      return t.deliver_ended();
    case "nothing_to_deliver":
      return t.deliver_nothing();
  }
}
