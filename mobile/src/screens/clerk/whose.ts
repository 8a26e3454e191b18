import type { PersonId, StationParcel } from "../../backend/backend";
import { togetherWith } from "./queue";

/** To whom something is being handed at the counter, and what. */
export interface HandingOut {
  readonly courier: { person: PersonId; name: string } | undefined;
  readonly isAddressee: boolean;
  readonly parcels: readonly StationParcel[];
}

/** Reads who was chosen: a courier by id, `nobody`, or a parcel by its record, whose addressee then came. */
export function handingOut(whose: string, parcels: readonly StationParcel[]): HandingOut {
  if (whose === "nobody") {
    return {
      courier: undefined,
      isAddressee: false,
      parcels: parcels.filter(({ assignee }) => assignee === null),
    };
  }
  const theirs = parcels.filter(({ assignee }) => assignee === whose);
  const [first] = theirs;
  if (first) {
    const courier = { person: whose, name: first.assignee_name };
    return { courier, isAddressee: false, parcels: theirs };
  }
  return { courier: undefined, isAddressee: true, parcels: togetherWith(whose, parcels) };
}
