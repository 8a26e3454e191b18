import type { FactLine, RecordPage } from "../../backend/backend";
import { codeText } from "../../texts/codes";
import { t } from "../../texts/texts.svelte";
import { nameHere, placeHere, whoHere } from "../history/named";
import { sentenceOf } from "../history/sentence";
import type { Me } from "./acts";

/** A parcel's state in one or two words. */
export function stateText({ status }: Pick<RecordPage, "status">): string {
  return codeText("status_delivery", status.state);
}

/** Who has it or where it lies; nothing where the state says it already. */
export function holderText(page: RecordPage, me: Me): string | undefined {
  const { status, names } = page;
  switch (status.state) {
    case "in_bag":
    case "attempted":
    case "refused":
      return page.in_my_bag ? t.delivery_in_my_bag() : withWhom(page, status["courier"]);
    case "handed_over":
      return status["to"] === me.person
        ? t.delivery_handed_to_me({ who: whoOfDevice(page, status["from"]) ?? t.history_somebody() })
        : t.delivery_handed_to({ who: whoHere(names, status["to"]) });
    case "at_station":
    case "at_drop_point":
    case "returned_to_station":
      return t.delivery_at_place({ place: placeHere(names, status["place"]) });
    default:
      return undefined;
  }
}

function withWhom(page: RecordPage, device: unknown): string {
  const who = whoOfDevice(page, device);
  return who === undefined ? t.delivery_with_somebody() : t.delivery_with_colleague({ who });
}

/** Whose device it is, as far as the facts that it wrote here tell. */
function whoOfDevice({ facts, names }: RecordPage, device: unknown): string | undefined {
  const wrote = facts.find((line) => line.by !== null && line.fact.startsWith(`${String(device)}.`));
  return wrote && nameHere(names, wrote.by);
}

/** The last thing that holds; it is what the state is since. */
export function sinceFact({ facts }: Pick<RecordPage, "facts">): FactLine | undefined {
  return facts.findLast((line) => !line.is_voided && !line.kind.endsWith(".corrected"));
}

/** What somebody is to be told about a parcel, a sentence each. */
export function noticesOf(page: RecordPage): string[] {
  const overdue = page.status.state === "at_drop_point" && page.status["uncollected"] === true;
  return [...(overdue ? [t.delivery_overdue()] : []), ...told(page)];
}

function told(page: RecordPage): string[] {
  return page.status.notices.map((notice) => {
    switch (notice.notice) {
      case "overruled":
        return t.notice_overruled({ what: factSaid(page, notice["fact"]) });
      case "cancelled":
        return t.notice_cancelled();
      case "done_by_another":
        return t.notice_done_by_another({ who: whoHere(page.names, notice["assigned"]) });
      case "damaged":
        return t.notice_damaged();
      case "duty_missing":
        return t.notice_duty_missing({
          what: codeText("pickup_do", String(notice["duty"]).split(".").at(-1)),
        });
      case "followed_up_by_handler":
        return t.notice_followed_up_by_handler();
      default:
        return t.code_newer({ code: (notice as { notice: string }).notice });
    }
  });
}

function factSaid(page: RecordPage, fact: unknown): string {
  const line = page.facts.find((each) => each.fact === fact);
  return line ? sentenceOf(line, page.names) : t.history_some_place();
}
