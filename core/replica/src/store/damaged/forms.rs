use rusqlite::types::Value;
use saddlebag_records::id::DeviceNumber;

use super::record::Row;
use crate::store::column::device;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    /// Nothing: it stands for the row's number.
    Number,
    Int,
    Text,
    Blob,
    /// A blob of so many bytes.
    Bytes(usize),
    /// A record's id, or none.
    Id,
}

use Is::{Blob, Bytes, Id, Int, Number, Text};

const RECORD: Is = Bytes(16);
const HASH: Is = Bytes(32);

/// The tables whose rows their form alone tells from all others'. A row from before a later version added a column lacks it,
/// and has a form of its own.
/// What is left out comes again from the county, or is made anew.
const FORMS: &[(&str, &[Is])] = &[
    ("facts", &[RECORD, Int, Int, HASH, Blob, Blob, Int, Int]),
    (
        "plan_changes",
        &[RECORD, RECORD, Int, Int, HASH, Blob, Int, Int, Int],
    ),
    ("side_values", &[RECORD, Int, Int, Int, Blob, Int]),
    ("side_values", &[RECORD, Int, Int, Int, Blob]),
    ("waiting_changes", &[RECORD, HASH, Int, Blob]),
    ("answer_keys", &[RECORD, HASH]),
    ("tombstones", &[RECORD, Int, Int]),
    ("fact_verdicts", &[Int, Int, Text, Int]),
    ("fact_verdicts", &[Int, Int, Text]),
    ("own", &[Number, Int, Int, Int, HASH, Text, Text, Int, Int]),
    ("own", &[Number, Int, Int, Int, HASH, Text, Text, Int]),
    (
        "identity",
        &[
            Number, RECORD, Text, Text, Int, HASH, HASH, Blob, Blob, Int, RECORD, Text, Text, Id, Int,
        ],
    ),
    (
        "identity",
        &[
            Number, RECORD, Text, Text, Int, HASH, HASH, Blob, Blob, Int, RECORD, Text, Text, Id,
        ],
    ),
    ("device_numbers", &[Number, Int]),
    ("actors", &[Number, RECORD, Int]),
    ("one_time_numbers", &[Number, Id, Int, Int]),
    ("one_time_numbers", &[Number, Id, Int]),
    ("exchange", &[Number, Bytes(8), Int, Int, Int, Blob, Text]),
    ("refused_edits", &[Number, RECORD, Text, Text, Int]),
    ("leaving", &[Number, Int, Int]),
    ("settings", &[Number, Text, Text, Int, Int, Int, Int]),
    ("pin", &[Number, Blob, Blob, Int, Int, Int, Int]),
    ("photos", &[HASH, Id, Int, Int, Int, Int, Int, Int, Blob]),
];

/// The table that a row is of, by its form.
pub(super) fn table_of(row: &Row) -> Option<&'static str> {
    let is_one_time = row
        .rowid
        .is_some_and(|number| DeviceNumber(device(number).0).is_one_time());
    FORMS
        .iter()
        .filter(|(table, form)| {
            let fits = match *table {
                // Both hold an id and a number. One is counted from 1, the other has its highest bit set.
                "actors" => !is_one_time,
                "one_time_numbers" => is_one_time,
                _ => true,
            };
            fits && has_form(row, form)
        })
        .map(|(table, _)| *table)
        .next()
}

fn has_form(row: &Row, form: &[Is]) -> bool {
    row.values.len() == form.len() && row.values.iter().zip(form).all(|(value, is)| stands(value, *is))
}

fn stands(value: &Value, is: Is) -> bool {
    match (value, is) {
        (Value::Null, Number)
        | (Value::Integer(_), Int)
        | (Value::Text(_), Text)
        | (Value::Blob(_), Blob) => true,
        (Value::Blob(blob), Bytes(length)) => blob.len() == length,
        (Value::Blob(blob), Id) => matches!(blob.len(), 0 | 16),
        _ => false,
    }
}
