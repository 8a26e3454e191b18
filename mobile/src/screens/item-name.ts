import type { Item } from "../backend/backend";
import { codeText } from "../texts/codes";
import { nameIn } from "../texts/names";
import { inOneLine } from "../texts/one-line";

type Named = Pick<Item, "kind" | "title" | "household_name" | "waybill" | "address" | "place_names">;

/** What a record is, in one word. */
export function kindText(kind: Item["kind"]): string {
  return codeText("record_kind", kind);
}

/** What a record is called in a list of several kinds: never less than what it is. */
export function itemName(item: Named): string {
  const own = item.title || item.household_name || item.waybill;
  return own || nameIn(item.place_names) || kindText(item.kind);
}

/** What its name leaves out: what it is and its number, and where. */
export function itemDetails(item: Named): string[] {
  const name = itemName(item);
  const rest = (text: string | null) => (text === name ? "" : text);
  return [
    inOneLine([rest(kindText(item.kind)), rest(item.waybill)]),
    inOneLine([rest(nameIn(item.place_names)), rest(item.address)]),
  ];
}

/** Records by what they are told apart by, to be looked up one after the other. */
export function byRecord<Kind extends Pick<Item, "record">>(
  items: readonly Kind[],
): ReadonlyMap<string, Kind> {
  return new Map(items.map((item) => [item.record, item]));
}
