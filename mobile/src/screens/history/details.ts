import type { FactLine } from "../../backend/backend";
import { codeText } from "../../texts/codes";
import { t } from "../../texts/texts.svelte";
import { codeNameOf, codeOf, fieldOf, numberOf, textOf } from "./fields";
import { nameHere, type NamesHere } from "./named";

/** Facts whose sentence names their place, reason or receiver already. */
const SAYS_PLACE = new Set([
  "delivery.scanned_in",
  "delivery.placed_at_drop_point",
  "delivery.collected",
  "delivery.uncollected",
  "delivery.returned_to_station",
]);
const SAYS_REASON = new Set(["delivery.attempted", "delivery.refused", "pickup.refused_by_carrier"]);

/** What else a fact says, a line each: what its sentence has no room for. */
export function detailsOf(line: FactLine, names: NamesHere): string[] {
  return [
    ...proof(line),
    place(line, names),
    reason(line),
    line.kind === "delivery.collected"
      ? labelled(codeOf(line, "how"), (how) => t.history_how({ how }))
      : undefined,
    labelled(numberOf(line, "calls"), (calls) => (calls > 0 ? t.history_calls({ calls }) : undefined)),
    labelled(numberOf(line, "tries"), (tries) => (tries > 0 ? t.history_tries({ tries }) : undefined)),
    labelled(textOf(line, "cold_box"), (box) => t.history_cold_box({ box })),
    satisfied(line),
    labelled(textOf(line, "answer"), (text) => t.history_answer({ text })),
    labelled(textOf(line, "note") ?? textOf(line, "text"), (text) => t.history_note({ text })),
    labelled(nameHere(names, fieldOf(line, "by")), (who) => t.history_on_behalf({ who })),
    line.side.includes("signature") && codeNameOf(line, "proof") !== "signature"
      ? t.history_signed()
      : undefined,
    line.side.includes("position") ? t.history_position() : undefined,
  ].filter((text) => text !== undefined);
}

function labelled<T>(value: T | undefined, say: (value: T) => string | undefined): string | undefined {
  return value === undefined ? undefined : say(value);
}

function proof(line: FactLine): (string | undefined)[] {
  const name = codeNameOf(line, "proof");
  const receiver = line.kind === "delivery.delivered_to_proxy" ? undefined : textOf(line, "receiver");
  if (name === "receiver_named" && receiver) return [t.history_receiver({ name: receiver })];
  return [
    labelled(name, (proof) => t.history_proof({ proof: codeText("history_proof", proof) })),
    labelled(receiver, (name) => t.history_receiver({ name })),
  ];
}

function place(line: FactLine, names: NamesHere): string | undefined {
  if (SAYS_PLACE.has(line.kind)) return undefined;
  return labelled(nameHere(names, fieldOf(line, "place")), (at) => t.history_at({ place: at }));
}

function reason(line: FactLine): string | undefined {
  if (SAYS_REASON.has(line.kind)) return undefined;
  return labelled(codeOf(line, "reason"), (text) => t.history_why({ reason: text }));
}

function satisfied(line: FactLine): string | undefined {
  const value = fieldOf(line, "satisfied");
  if (typeof value !== "boolean") return undefined;
  return value ? t.history_satisfied() : t.history_unsatisfied();
}
