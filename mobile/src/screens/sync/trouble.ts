import { t } from "../../texts/texts.svelte";

/** Why a sync ended early, as somebody would say it; and whether it is more than a matter of time. */
export interface Trouble {
  readonly text: string;
  /** `calm`: it happens every day. `act`: somebody has to do something. */
  readonly look: "calm" | "act";
  /** Whether a new enrolment helps. */
  readonly enrolAgain: boolean;
}

const LATER = new Set(["busy", "internal"]);
const ADDRESS = new Set(["bad_address", "foreign_server", "unknown_county"]);
/** Nothing was sent: somebody between, or a server whose key changed while this phone was away. */
const WRONG_SERVER = new Set(["wrong_server_key", "untrusted_certificate"]);
const TOO_OLD = new Set([
  "malformed",
  "too_large",
  "bad_signature",
  "not_found",
  "wrong_method",
  "wrong_type",
  "bad_actor",
  "wrong_version",
]);

function calm(text: string): Trouble {
  return { text, look: "calm", enrolAgain: false };
}

function act(text: string, enrolAgain = false): Trouble {
  return { text, look: "act", enrolAgain };
}

/** What to say of a code that ended a sync. Being out of reach is no error: it is how the day is. */
export function troubleOf(code: string): Trouble {
  if (code === "unreachable") return calm(t.sync_trouble_unreachable());
  if (code === "cut") return calm(t.sync_trouble_cut());
  if (code === "timeout") return calm(t.sync_trouble_slow());
  if (code === "cancelled") return calm(t.sync_trouble_stopped());
  if (LATER.has(code)) return calm(t.sync_trouble_later());
  if (code === "store_full") return act(t.sync_trouble_county_full());
  if (WRONG_SERVER.has(code)) return act(t.error_wrong_server(), true);
  if (code === "certificate_expired") return act(t.error_certificate_expired());
  if (code === "insecure_address") return act(t.error_insecure_address());
  if (ADDRESS.has(code)) return act(t.sync_trouble_address());
  if (code === "unauthorised" || code === "not_enrolled") return act(t.sync_trouble_not_known(), true);
  if (code === "revoked") return act(t.sync_trouble_revoked());
  if (TOO_OLD.has(code)) return act(t.sync_trouble_update({ code }));
  if (code === "disk_full") return act(t.sync_trouble_disk_full());
  if (code === "folder_not_writable") return act(t.sync_trouble_folder_not_writable());
  return act(t.sync_trouble_here({ code }));
}
