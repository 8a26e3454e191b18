//! What each code says to a person, in English: at the command line, and in `docs/operations.md`.

/// What is wrong, by the code. None for a code that is not of this table.
pub fn sentence(code: &str) -> Option<&'static str> {
    let of_table = |table: &[(&str, &'static str)]| {
        let found = table.iter().find(|(known, _)| *known == code);
        found.map(|(_, sentence)| *sentence)
    };
    of_table(VERBS)
        .or_else(|| of_table(CELLS))
        .or_else(|| of_table(FOLDER))
        .or_else(|| of_table(RULES))
}

/// Of verbs that were not carried out.
const VERBS: &[(&str, &str)] = &[
    ("no_such_county", "no county has this id, or the folder has none"),
    ("which_county", "the folder has several: name one by `--county`"),
    ("no_such_person", "nobody has this id or key"),
    (
        "no_such_record",
        "there is no such record; in a row: it names one that is neither there nor in the file",
    ),
    ("no_such_device", "there is no such device"),
    ("no_such_held", "nothing is held under this number"),
    ("wrong_kind", "the verb is for another kind of record"),
    ("person_has_left", "they do not work for the county any more"),
    ("as_missing", "say who does it: `--as`"),
    ("why_missing", "say why: `--why`"),
    ("second_missing", "an export of personal data wants `--second`"),
    ("second_is_first", "the second person must be another one"),
    ("role_may_not", "their role is not one for this"),
    ("not_a_courier", "only a courier carries something"),
    ("not_theirs_to_see", "they do not see this record"),
    ("bad_value", "a value is not of the form that it should have"),
    (
        "wrong_state",
        "the record or device is not in a state in which this can be done",
    ),
    (
        "handled_it",
        "whoever handled a case does not judge it: somebody else goes there",
    ),
    ("csv_not_utf8", "save the file as UTF-8"),
    ("csv_too_large", "more than 32 MB: split it"),
    (
        "csv_columns",
        "the first line lacks this column, or names one that is not known, or one twice",
    ),
    (
        "too_large",
        "the question or the answer is larger than the socket takes",
    ),
    (
        "server_not_answering",
        "a server has the folder and does not answer: it is starting, stopping, or hangs",
    ),
    (
        "other_version",
        "server and command line are of different versions",
    ),
    ("other_user", "run it as the user that runs the server"),
    (
        "tls_leaves_behind",
        "these devices have not synced since the last change and would not know the server any more",
    ),
    ("internal", "a mistake in the program"),
];

/// Of cells and rows.
const CELLS: &[(&str, &str)] = &[
    ("missing", "the cell is empty and must not be"),
    ("row_length", "more or fewer cells than the first line has"),
    ("too_long", "more characters than the field holds"),
    ("control_character", "a line break or the like within a text"),
    ("no_such_code", "not a name of the code list (`docs/records.md`)"),
    ("bad_number", "digits only"),
    (
        "out_of_range",
        "larger than the field holds, or an end before its beginning",
    ),
    (
        "bad_degrees",
        "degrees with at most seven decimals, such as `48.0584100`",
    ),
    (
        "bad_time",
        "a time with its zone, such as `2026-06-01T09:00+08:00`",
    ),
    ("bad_phone", "3 to 20 digits, `+`, `-` and spaces"),
    ("bad_key", "1 to 40 letters, digits, `-` and `_`"),
    ("bad_yes", "`yes` or nothing"),
    ("bad_language", "`zh-Hans`, `kk-Arab` or `en`"),
    (
        "household_and_name",
        "the addressee is a household or a name, not both",
    ),
    (
        "waybill_check_digit",
        "the post's numbers have a check digit, and this one's is wrong",
    ),
    (
        "forgotten",
        "the last parcel under this number was forgotten; `--new-generation` starts another",
    ),
    ("twice_in_file", "an earlier row stands for the same record"),
];

/// Of the folder, the store and the people.
const FOLDER: &[(&str, &str)] = &[
    ("folder_locked", "another process has the data folder"),
    ("folder_not_writable", "this user may not write there"),
    ("address_in_use", "another process listens at this address"),
    ("cannot_listen", "this address cannot be listened at"),
    (
        "unencrypted",
        "plain HTTP is for this machine alone: serve over TLS, or behind a proxy with `--insecure-http`",
    ),
    (
        "tls_no_keys",
        "there are no keys for phones to be pinned to: `admin tls create` makes them",
    ),
    (
        "tls_keys_there",
        "there are keys that phones may be pinned to: `admin tls rotate` changes them",
    ),
    (
        "tls_pinned_too",
        "phones are pinned to keys of this folder: serve with `--tls-pinned`",
    ),
    (
        "tls_unfit",
        "a certificate or its key cannot be read, or one is not the other's",
    ),
    (
        "keys_inside_data",
        "the private keys must go outside the data folder, where no backup takes them along",
    ),
    (
        "county_damaged",
        "a file of the county is not as it was written: bring the folder back from a copy",
    ),
    ("disk_failed", "the disk did not do what was asked of it"),
    ("store_full", "the disk is full; nothing of this was kept"),
    (
        "store_damaged",
        "what is stored does not match its hash; it is not served",
    ),
    (
        "store_from_the_future",
        "a newer version wrote the county's database, which was left as it is",
    ),
    ("store_not_a_county", "the file is a database, but not a county's"),
    (
        "journal_missing",
        "the county is not served without its journal: copy that of `--journal-copy` back, or `admin restore`",
    ),
    (
        "journal_behind",
        "the journal is older than the county, which is not served with it: copy the newest back, or `admin restore`",
    ),
    (
        "journal_there",
        "there is a journal: restore with it, or move it away if it is known to be bad",
    ),
    ("backup_running", "a backup of this county is being taken"),
    ("backup_no_key", "the file holds no key"),
    ("backup_other_key", "the backup is sealed to another key"),
    (
        "backup_damaged",
        "the file is no backup, or not as it was written: take another one",
    ),
    ("backup_from_the_future", "a newer version wrote the backup"),
    ("no_such_file", "there is no such file"),
    (
        "store_misplaced",
        "the county's database is missing, or is there already where one was to be made",
    ),
    (
        "store_conflict",
        "a mistake in the program: nothing of this was kept",
    ),
    (
        "store_panicked",
        "a mistake in the program: nothing of this was kept",
    ),
    ("store_closed", "the server is stopping"),
    ("store_failed", "the database failed; nothing of this was kept"),
    ("nobody", "whoever does it does not work for the county"),
    ("person_known", "there is somebody with this id or key already"),
    ("person_unknown", "nobody has this id"),
];

/// Of the rules, the plans and the numbers that are written on parcels; `docs/sync-protocol.md` has more of them.
const RULES: &[(&str, &str)] = &[
    ("may_not_create", "their role may not begin a record of this kind"),
    ("not_given", "the record is not theirs"),
    ("not_their_fact", "the fact is not theirs to correct"),
    (
        "not_a_party",
        "they are not one of those between whom it happened",
    ),
    ("unknown_kind", "a kind or version that this server does not know"),
    ("superseded", "this is not theirs to plan any more"),
    ("gone", "the record was forgotten"),
    ("record_full", "the record is at its limit"),
    ("held_full", "what is held of the record is at its limit"),
    ("fact_field_missing", "the fact lacks a field of its kind"),
    ("fact_field_range", "a field of the fact is out of its range"),
    (
        "fact_field_foreign",
        "the fact has a field that is not of its kind",
    ),
    ("fact_of_other_kind", "the record is of another kind"),
    (
        "side_value_unfit",
        "a value that hangs on the fact is not of its form",
    ),
    ("side_value_foreign", "a value may not hang on this fact"),
    (
        "newer_kind",
        "a kind or version that this server does not know yet",
    ),
    ("newer_field", "a field that this server does not know yet"),
    ("tip_text_too_long", "at most 200 characters"),
    (
        "tip_text_phone_number",
        "what everybody may read holds no phone number",
    ),
    (
        "tip_text_identity_number",
        "what everybody may read holds no identity number",
    ),
    (
        "tip_text_plate",
        "what everybody may read holds no plate of a vehicle",
    ),
    (
        "plan_no_such_field",
        "this kind of record has no such field, or it is not changed in this way; `docs/records.md` lists them",
    ),
    ("plan_kind_without_plan", "records of this kind have no plan"),
    ("plan_field_type", "the field holds another type of value"),
    ("plan_item", "the item is not in the list, or is there already"),
    ("plan_note_range", "the text is not so long"),
    ("plan_change_too_large", "the change is larger than 16 KB"),
    ("plan_too_large", "the plan is at its limit"),
    ("plan_damaged", "the plan as it is stored cannot be read"),
    ("waybill_too_short", "a waybill number has at least 6 characters"),
    ("waybill_too_long", "a waybill number has at most 32 characters"),
    (
        "waybill_bad_character",
        "a waybill number has letters, digits and `-` alone",
    ),
    ("pickup_code_too_short", "the pickup code has too few characters"),
    ("pickup_code_too_long", "the pickup code has too many characters"),
    (
        "pickup_code_bad_character",
        "the pickup code has another character than it may",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::{CODES, value};

    #[test]
    fn every_code_has_a_sentence_and_the_operators_page_has_the_same() {
        let page = include_str!("../../../docs/operations.md");
        for code in CODES.iter().chain(value::CODES) {
            assert!(sentence(code).is_some(), "{code}");
        }
        for (code, sentence) in [VERBS, CELLS, FOLDER].concat() {
            let row = format!("| `{code}` | {sentence} |");
            assert!(
                page.lines().any(|line| line == row),
                "docs/operations.md lacks {row}"
            );
        }
    }
}
