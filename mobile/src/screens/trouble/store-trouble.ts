import { t } from "../../texts/texts.svelte";

/** Why the store did not open, and what somebody can do; nothing of it destroys anything. */
export function storeTrouble(code: string): { readonly what: string; readonly todo: string } {
  switch (code) {
    case "key_missing":
      return { what: t.trouble_key_missing(), todo: t.trouble_key_missing_do() };
    case "key_unreadable":
    case "wrong_key":
      return { what: t.trouble_key_unreadable(), todo: t.trouble_key_unreadable_do() };
    case "key_store_locked":
      return { what: t.trouble_key_store_locked(), todo: t.trouble_key_store_locked_do() };
    case "damaged":
      return { what: t.trouble_damaged(), todo: t.trouble_damaged_do() };
    case "future_database":
      return { what: t.trouble_future_database(), todo: t.trouble_future_database_do() };
    case "disk_full":
      return { what: t.trouble_disk_full(), todo: t.trouble_disk_full_do() };
    case "folder_not_writable":
      return { what: t.trouble_folder_not_writable(), todo: t.trouble_folder_not_writable_do() };
    case "busy":
      return { what: t.trouble_busy(), todo: t.trouble_busy_do() };
    default:
      return { what: t.trouble_other(), todo: t.trouble_other_do() };
  }
}
