import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Backend } from "./backend";
import { SaddlebagError } from "./errors";

type Events = "onChanged" | "onSyncProgress" | "onSyncWaiting" | "onLocked";

/** Every command of the shell with the names of its arguments, in the order in which screens give them. */
const COMMANDS: Record<Exclude<keyof Backend, Events>, readonly string[]> = {
  start: [],
  enrol: ["address", "code", "county"],
  readPicture: ["bytes"],
  readEnrolment: ["text"],
  saveSettings: ["settings"],
  setPin: ["pin"],
  unlock: ["pin"],
  lock: [],
  inUse: [],
  thisDevice: [],

  today: [],
  orderStops: ["from"],
  moveStop: ["key", "to"],
  stop: ["key", "from"],
  wayTo: ["record", "from"],
  call: ["record"],
  message: ["record", "text"],
  openMap: ["link"],
  search: ["typed", "limit"],

  show: ["record"],
  record: ["drafts"],
  undo: ["facts"],
  correct: ["fact", "note"],
  editNotes: ["record", "text"],
  scan: ["waybill", "purpose"],
  deliver: ["delivering"],
  fail: ["failing"],
  checkPickupCode: ["record", "typed"],
  handOver: ["parcels", "to"],
  takeOver: ["parcels", "from"],
  returnToStation: ["records", "place", "reason"],
  newPickup: ["pickup"],
  newErrand: ["errand"],
  carriers: [],

  household: ["record"],
  households: [],
  myDataAbout: ["household"],
  registerHousehold: ["household"],
  phoneGiven: ["household", "phone"],
  phoneNoLongerRight: ["household", "given"],
  askedToBeForgotten: ["household"],
  noteCamp: ["camp"],
  giveConsent: ["consent"],
  withdrawConsent: ["consent"],
  report: ["tip"],
  tips: [],
  reopenTip: ["record", "text"],
  raiseAppeal: ["kind", "words"],
  appeals: [],
  places: ["from"],
  colleagues: [],
  whomToAsk: [],
  camps: [],
  errands: [],

  cash: [],
  cashBook: [],
  passCash: ["to", "fen"],
  takeCash: ["code"],
  handIn: ["station", "fen"],

  sync: ["address"],
  cancelSync: [],
  safety: [],
  unsent: [],
  items: ["records"],
  discrepancies: [],
  refused: [],
  refusedSeen: ["which"],

  stationParcels: [],
  countCash: ["courier", "number", "station", "fen"],
};

const CODE = /^[a-z][a-z0-9_]*$/;

async function ask(command: string, named: Record<string, unknown>): Promise<unknown> {
  try {
    return await invoke(command, named);
  } catch (thrown) {
    // A refusal is its bare code; anything else is a fault of the shell's own.
    throw new SaddlebagError(typeof thrown === "string" && CODE.test(thrown) ? thrown : "unexpected");
  }
}

function command(name: string, args: readonly string[]): (...given: unknown[]) => Promise<unknown> {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return (...given) => ask(snake, Object.fromEntries(args.map((arg, n) => [arg, given[n]])));
}

function hear<T>(event: string): (told: (payload: T) => void) => () => void {
  return (told) => {
    const stop = listen<T>(event, ({ payload }) => told(payload));
    return () => void stop.then((unlisten) => unlisten());
  };
}

/** The shell's commands and events. */
export function tauriBackend(): Backend {
  const commands = Object.entries(COMMANDS).map(([name, args]) => [name, command(name, args)]);
  const events: Pick<Backend, Events> = {
    onChanged: (changed) => hear<{ records: string[] }>("changed")(({ records }) => changed(records)),
    onSyncProgress: hear("sync-progress"),
    onSyncWaiting: hear("sync-waiting"),
    onLocked: hear("locked"),
  };
  return { ...(Object.fromEntries(commands) as Omit<Backend, Events>), ...events };
}
