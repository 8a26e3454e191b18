import { t } from "../../texts/texts.svelte";

/** What to say of a code that ended an enrolment. Nothing was kept. */
export function failureText(code: string): string {
  switch (code) {
    case "bad_code":
      return t.enrol_failed_bad_code();
    case "code_spent":
      return t.enrol_failed_code_spent();
    case "bad_address":
      return t.enrol_failed_bad_address();
    case "foreign_server":
    case "unknown_county":
    case "not_found":
      return t.enrol_failed_foreign_server();
    case "wrong_server_key":
    case "untrusted_certificate":
      return t.enrol_failed_wrong_server();
    case "certificate_expired":
      return t.error_certificate_expired();
    case "insecure_address":
      return t.error_insecure_address();
    case "enrolled_elsewhere":
      return t.enrol_failed_enrolled_elsewhere();
    case "unreachable":
    case "cut":
    case "timeout":
      return t.enrol_failed_link();
    case "busy":
    case "internal":
    case "store_full":
      return t.enrol_failed_later();
    default:
      return t.enrol_failed_other({ code });
  }
}
