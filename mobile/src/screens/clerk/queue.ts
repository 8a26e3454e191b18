import type { PersonId, StationParcel } from "../../backend/backend";

/** Somebody for whom parcels lie here; the parcels that nobody is to carry yet stand together. */
export interface Waiting {
  readonly courier: PersonId | null;
  readonly name: string;
  readonly parcels: readonly StationParcel[];
}

/** What lies here by whose it is to carry: who has most to fetch comes first, what is nobody's comes last. */
export function queueOf(parcels: readonly StationParcel[]): readonly Waiting[] {
  const by = new Map<PersonId | null, StationParcel[]>();
  for (const parcel of parcels) {
    const theirs = by.get(parcel.assignee);
    if (theirs) theirs.push(parcel);
    else by.set(parcel.assignee, [parcel]);
  }
  const queue = [...by].map(([courier, theirs]) => ({
    courier,
    name: theirs[0]?.assignee_name ?? "",
    parcels: theirs,
  }));
  const rank = ({ courier, parcels: theirs }: Waiting) => (courier === null ? -1 : theirs.length);
  return queue.sort((a, b) => rank(b) - rank(a) || a.name.localeCompare(b.name));
}

/** What the addressee of this parcel can fetch at once: all that lies here for the household. */
export function togetherWith(record: string, parcels: readonly StationParcel[]): readonly StationParcel[] {
  const asked = parcels.find((parcel) => parcel.record === record);
  if (!asked) return [];
  const { household } = asked;
  return household === null ? [asked] : parcels.filter((parcel) => parcel.household === household);
}
