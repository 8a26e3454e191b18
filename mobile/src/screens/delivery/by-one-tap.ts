import { backend, type FactDraft, type FactId, type RecordPage } from "../../backend/backend";
import { draft } from "../acting.svelte";
import { placeIn, type Act } from "./acts";

/** An act that needs nothing but to be done, ready to be done; nothing where it wants more to be said. */
export function byOneTap(
  act: Act,
  page: RecordPage,
  station: string | null,
): (() => Promise<FactId[]>) | undefined {
  const { record, status } = page;
  const place = placeIn(status);
  const write =
    (kind: string, fields: FactDraft["fields"] = {}) =>
    () =>
      backend().record([draft(record, `delivery.${kind}`, fields)]);
  switch (act) {
    case "load_out":
      return write("loaded_out", typeof place === "string" ? { place } : {});
    case "scan_in":
      return station === null ? undefined : write("scanned_in", { place: station });
    case "take_over": {
      const giver = giverOf(page);
      return giver === undefined ? undefined : () => backend().takeOver([record], giver);
    }
    case "uncollected":
      return typeof place === "string" ? write("uncollected", { place }) : undefined;
    case "return_to_sender":
      return write("returned_to_sender");
    case "return":
      return station === null ? undefined : () => backend().returnToStation([record], station, null);
    default:
      return undefined;
  }
}

/** Who handed it over last, if that is known. */
function giverOf({ facts }: RecordPage): string | undefined {
  return facts.findLast((line) => line.kind === "delivery.handed_over" && !line.is_voided)?.by ?? undefined;
}
