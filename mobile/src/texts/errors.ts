import type { ERROR_CODES } from "../backend/errors.gen";
import { t } from "./texts.svelte";

type ErrorCode = (typeof ERROR_CODES)[number];
type Say = (code: string) => string;

/** The app's own fault: nobody who holds the phone can do anything but say so. */
const fault: Say = (code) => t.error_fault({ code });
const link: Say = () => t.error_link();
const store: Say = (code) => t.error_store({ code });
const wrongServer: Say = () => t.error_wrong_server();
const county: Say = (code) => t.error_county({ code });
const tooLong: Say = () => t.error_too_long();

/** What each code means to whoever holds the phone, and what to do. A code without a text does not compile. */
const TEXTS: Readonly<Record<ErrorCode, Say>> = {
  bad_actor: county,
  bad_address: () => t.error_bad_address(),
  bad_code: () => t.error_bad_code(),
  bad_signature: county,
  busy: () => t.error_busy(),
  cancelled: () => t.error_cancelled(),
  cash_overflow: () => t.error_cash_overflow(),
  certificate_expired: () => t.error_certificate_expired(),
  code_spent: () => t.error_code_spent(),
  cut: link,
  damaged: () => t.error_damaged(),
  disk_full: () => t.error_disk_full(),
  enrolled_elsewhere: () => t.error_enrolled_elsewhere(),
  fact_too_long: tooLong,
  folder_not_writable: () => t.error_folder_not_writable(),
  foreign_server: () => t.error_bad_address(),
  forked: county,
  future_database: () => t.error_update(),
  insecure_address: () => t.error_insecure_address(),
  internal: county,
  internal_app: fault,
  io: store,
  key_missing: store,
  key_store_locked: () => t.error_key_store_locked(),
  key_unreadable: store,
  locked: () => t.error_locked(),
  malformed: county,
  no_program: () => t.error_no_program(),
  no_randomness: fault,
  not_a_party: () => t.error_not_a_party(),
  not_a_picture: () => t.error_not_a_picture(),
  not_enrolled: () => t.error_not_enrolled(),
  not_found: county,
  not_given: () => t.error_not_given(),
  not_started: fault,
  not_their_fact: () => t.error_not_their_fact(),
  picture_too_large: () => t.error_picture_too_large(),
  pin_not_hashed: fault,
  plan_change_too_large: tooLong,
  plan_damaged: () => t.error_damaged(),
  plan_field_type: fault,
  plan_item: fault,
  plan_kind_without_plan: fault,
  plan_no_such_field: fault,
  plan_not_started: fault,
  plan_note_range: fault,
  plan_too_large: tooLong,
  plan_zero_actor: fault,
  revoked: () => t.error_revoked(),
  role_may_not: () => t.error_role_may_not(),
  store,
  store_full: county,
  takes_no_cash: () => t.error_takes_no_cash(),
  timeout: link,
  tip_text_identity_number: () => t.tip_refused_tip_text_identity_number(),
  tip_text_phone_number: () => t.tip_refused_tip_text_phone_number(),
  tip_text_plate: () => t.tip_refused_tip_text_plate(),
  tip_text_too_long: () => t.tip_refused_tip_text_too_long(),
  to_oneself: () => t.error_to_oneself(),
  too_large: tooLong,
  unauthorised: () => t.error_not_enrolled(),
  unfit_fact: fault,
  unfit_pin: () => t.error_unfit_pin(),
  unfit_side_value: fault,
  unknown_county: () => t.error_bad_address(),
  unknown_cursor: county,
  unknown_fact: () => t.error_unknown_record(),
  unknown_field: fault,
  unknown_kind: fault,
  unknown_record: () => t.error_unknown_record(),
  unknown_stop: () => t.error_unknown_stop(),
  unreachable: link,
  unreadable_field: fault,
  untrusted_certificate: wrongServer,
  wiped: () => t.error_wiped(),
  wrong_key: store,
  wrong_method: county,
  wrong_server_key: wrongServer,
  wrong_type: county,
  wrong_version: () => t.error_update(),
};

/** What went wrong and what to do, from the stable code that crossed the seam. */
export function errorText(code: string): string {
  const say = (TEXTS as Readonly<Record<string, Say | undefined>>)[code];
  return say ? say(code) : fault(code);
}
