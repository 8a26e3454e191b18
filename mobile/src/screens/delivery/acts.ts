import type { RecordPage } from "../../backend/backend";

/** What can be done with a parcel. */
export type Act =
  | "deliver"
  | "load_out"
  | "scan_in"
  | "take_over"
  | "take_over_from"
  | "collected"
  | "uncollected"
  | "fail"
  | "refuse"
  | "hand_over"
  | "return"
  | "return_to_sender"
  | "damaged"
  | "temperature"
  | "cash";

/** Who is at this phone. */
export interface Me {
  readonly person: string;
  readonly role: string;
  /** The station that one belongs to, if any. */
  readonly station: string | null;
}

/** The next likely act, and all others that make sense; nothing where it has ended. */
export interface Acts {
  readonly next: Act | null;
  readonly others: readonly Act[];
}

const IN_HAND: readonly Act[] = [
  "fail",
  "refuse",
  "hand_over",
  "return",
  "temperature",
  "damaged",
  "return_to_sender",
];

/** What can be done with a parcel, by where it is and who is there. A fact that comes unexpected is never forbidden, only not offered first. */
export function actsOf(page: Pick<RecordPage, "status" | "in_my_bag">, me: Me): Acts {
  const { status } = page;
  if (status.phase === "ended" && status.state !== "returned_to_station") return { next: null, others: [] };
  const { next, others } = me.role === "clerk" ? atTheCounter(status.state) : onTheWay(page, me);
  const can = (act: Act) => isPossible(act, status, me);
  return { next: next && can(next) ? next : null, others: others.filter(can) };
}

/** Whether there is all that the act's fact must hold: what lies somewhere unknown cannot be said to be gone from there. */
function isPossible(act: Act, status: RecordPage["status"], me: Me): boolean {
  if (act === "scan_in") return me.station !== null;
  if (act === "collected" || act === "uncollected") return typeof placeIn(status) === "string";
  return true;
}

/** Where it is, if its status says so. */
export function placeIn(status: RecordPage["status"]): unknown {
  return "place" in status ? status.place : null;
}

/** At a station: what it does not have comes in, what it has goes out. */
function atTheCounter(state: RecordPage["status"]["state"]): Acts {
  switch (state) {
    case "at_station":
    case "returned_to_station":
      return { next: "deliver", others: ["temperature", "damaged", "return_to_sender"] };
    case "at_drop_point":
      return { next: "collected", others: ["uncollected", "scan_in", "damaged"] };
    default:
      return { next: "scan_in", others: ["deliver", "temperature", "damaged", "return_to_sender"] };
  }
}

function onTheWay(page: Pick<RecordPage, "status" | "in_my_bag">, me: Me): Acts {
  const { status } = page;
  switch (status.state) {
    case "in_bag":
    case "attempted":
      return page.in_my_bag
        ? { next: "deliver", others: IN_HAND }
        : {
            next: null,
            others: ["take_over_from", "deliver", ...IN_HAND.filter((act) => act !== "hand_over")],
          };
    case "refused":
      return { next: "return", others: ["deliver", ...IN_HAND.filter((act) => act !== "return")] };
    case "handed_over":
      return status["to"] === me.person
        ? { next: "take_over", others: ["damaged", "temperature"] }
        : { next: null, others: ["deliver", "fail", "return", "take_over_from"] };
    case "at_drop_point":
      return { next: "collected", others: ["uncollected", "load_out", "damaged"] };
    case "at_station":
      return { next: "load_out", others: ["deliver", "take_over_from", "temperature", "damaged"] };
    default:
      return { next: "load_out", others: ["deliver", "take_over_from", "fail", "damaged"] };
  }
}
