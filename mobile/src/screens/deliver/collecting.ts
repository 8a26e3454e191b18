import type { CashFor, Item } from "../../backend/backend";
import { fenFrom } from "../../texts/amounts";

/** A parcel with what is to be paid for it. */
export type Due = Pick<Item, "record" | "cash_fen">;

/** What was paid at a handing over. */
export interface Paid {
  /** Whether anything was. */
  readonly isPaid: boolean;
  /** In yuan, as typed, by parcel; nothing where all of what was due was paid. */
  readonly other: Readonly<Record<string, string>> | undefined;
}

/** All that was due. */
export const WHOLE: Paid = { isPaid: true, other: undefined };

/** The cash that was collected for each parcel; nothing where what is typed for one is no sum. */
export function collected(parcels: readonly Due[], paid: Paid): CashFor[] | undefined {
  if (!paid.isPaid) return [];
  const cash: CashFor[] = [];
  for (const { record, cash_fen } of parcels.filter((parcel) => parcel.cash_fen > 0)) {
    const fen = paid.other ? fenFrom(paid.other[record] ?? "") : cash_fen;
    if (fen === null) return undefined;
    if (fen > 0) cash.push({ record, fen });
  }
  return cash;
}
