//! `docs/records.md` is made from the lists, so that it is always true. `UPDATE_GENERATED=1 cargo test -p
//! saddlebag-records` writes it anew.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;

use saddlebag_records::codes::CodeList;
use saddlebag_records::fact::photos::MAX_PHOTOS;
use saddlebag_records::fact::{SideName, fields, schemas};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::schema::{FieldType, PlanSchema, ScalarType};
use saddlebag_records::retention::{KeptFor, What, rows};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/records.md");

const HEAD: &str = "\
# Records

<!-- Made from core/records/codes by core/records/tests/reference.rs; edit those. -->

What a record is made of, in numbers: facts, plans, code lists and derived ids. For clients that speak
[the protocol](sync-protocol.md). Numbers are frozen; nothing is ever deleted.

## Derived ids

Record ids are UUIDs. These are version 8 (RFC 9562): the first 16 bytes of BLAKE3, keyed with the county's id key, over
the domain, a zero byte, the name's length (one byte), the name, and the number (4 bytes, big-endian); then version and
variant bits are set.

| record | domain | name | number |
|---|---|---|---|
| delivery | `saddlebag delivery 1` | the waybill number, normalised, ASCII | generation, from 0 |
| hand-in | `saddlebag hand-in 1` | the courier's id, 16 bytes | number of the hand-in |
| count | `saddlebag count 1` | the courier's id, 16 bytes | number of the hand-in |

With a key of 32 bytes `07`: waybill `SF1234567890123`, generation 0, is `569367a2-123b-8016-b926-7383dfd01480`; hand-in
1 of courier `09` × 16 is `87b36776-3d7d-87d4-a518-02211caef12b`, its count `5160a16e-f7a8-8a3a-aa20-6304758fa522`.

A waybill number is normalised: NFKC (full-width to ASCII), spaces dropped, upper case; then 6 to 32 of `A-Z0-9-`.

Records that the county imports from a file have version 8 ids too, derived by the county alone. All other ids are UUID
version 7.

";

fn page() -> String {
    let mut out = String::from(HEAD);
    out += "## Facts\n\nA fact's kind is record kind × 256 + number. A field marked ? may be absent.\n\n";
    out += "| key | field | holds |\n|---|---|---|\n";
    for field in fields() {
        writeln!(
            out,
            "| {} | {} | {} |",
            field.key,
            field.name,
            debug_name(&field.holds)
        )
        .unwrap();
    }
    out += "\n`Party`: 16 bytes, a person, household or place, or the record itself for somebody unnamed in it. \
            `Fen`: 0 to 10,000,000. `Grams`: 0 to 1,000,000. `Tenths`: −1000 to 1000 tenths of °C. `Time`: UTC \
            milliseconds. `Fact`: [author, n]; `Facts`: at most 64 of them. `Text(n)`: at most n characters. \
            `Sealed(n)`: at most n bytes that the county cannot read. `Code(list)`: a number of that list.\n";
    for record in RecordKind::ALL {
        writeln!(
            out,
            "\n### {} ({})\n\n| number | fact | fields |\n|---|---|---|",
            record.name(),
            record as u8
        )
        .unwrap();
        for schema in schemas()
            .iter()
            .filter(|schema| schema.kind.record() == Some(record))
        {
            let fields = schema.fields.iter();
            let fields: Vec<_> = fields
                .map(|(f, must)| f.name.clone() + if *must { "" } else { "?" })
                .collect();
            writeln!(
                out,
                "| {} | {} | {} |",
                schema.kind.number(),
                schema.name,
                fields.join(", ")
            )
            .unwrap();
        }
    }
    let names: Vec<_> = SideName::ALL
        .iter()
        .map(|name| format!("{} {name:?}", *name as u8))
        .collect();
    writeln!(
        out,
        "\n### Side values\n\nHung on a fact, outside of it: {}. Their forms are in\n[the protocol](sync-protocol.md#facts). \
         A fact has at most {MAX_PHOTOS} photos.",
        names.join(", ")
    )
    .unwrap();
    out += "\n## Plans\n\nThe fields of each kind's Automerge document. Tips, appeals and cash passes have none. The key \
            `_` holds the record kind's number. `Text(n)`, `Texts(n)` (one a line): a plain string, never a Text object \
            (in JavaScript an ImmutableString). `Note`: an Automerge Text. Integers are Automerge `int`. Ids are byte \
            strings. `Position`: latitude and longitude in 1e-7 degrees, each a signed 32-bit big-endian integer. \
            `Items`: a list of maps, each with 8 random bytes under `i` as its name. Objects at the root are made by \
            the start; no other change may make or replace one.\n";
    for schema in PlanSchema::all() {
        writeln!(
            out,
            "\n### Plan of {}\n\n| key | field | holds |\n|---|---|---|",
            schema.kind.name()
        )
        .unwrap();
        for field in &schema.fields {
            writeln!(
                out,
                "| {} | {} | {} |",
                field.key,
                field.name,
                plan_name(&field.holds)
            )
            .unwrap();
        }
        for (at, start) in saddlebag_records::plan::starts(schema.kind).iter().enumerate() {
            writeln!(
                out,
                "\nStart {}, `{}`:\n\n```text\n{}\n```",
                at + 1,
                hex::encode(start.hash.0),
                wrapped(&start.bytes)
            )
            .unwrap();
        }
    }
    out += "\n## Code lists\n";
    for list in CodeList::all() {
        let of = if list.is_bits() { "bit" } else { "code" };
        writeln!(
            out,
            "\n### {}\n\n| {of} | name | since | retired |\n|---|---|---|---|",
            list.list()
        )
        .unwrap();
        for entry in list.entries() {
            let retired = entry
                .retired
                .map(|version| version.to_string())
                .unwrap_or_default();
            writeln!(
                out,
                "| {} | {} | {} | {retired} |",
                entry.code, entry.name, entry.since
            )
            .unwrap();
        }
    }
    out += &retention_of_records();
    out
}

/// How long each kind of record, and each side value, is kept. `docs/privacy.md` tells the whole table.
fn retention_of_records() -> String {
    let mut out = String::from(
        "\n## Retention\n\nAt the county, by [core/records/rules/retention.csv](../core/records/rules/retention.csv), \
         which says what the moments are; a phone keeps what the county shows it. A forgotten record leaves its bare id \
         and why: what comes late for `retention` is held, for `person` it is dropped.\n\n\
         | what | counts from | days | why |\n|---|---|---|---|\n",
    );
    let shown = rows()
        .iter()
        .filter(|row| matches!(row.what, What::Record | What::Side));
    for row in shown {
        let (from, kept) = match row.county {
            KeptFor::Days(days) => (debug_name(&row.from).to_lowercase(), days.to_string()),
            _ => (String::new(), "as its record".to_owned()),
        };
        writeln!(out, "| {} | {from} | {kept} | {} |", row.name, row.why).unwrap();
    }
    out
}

/// A type as its own name shows it, without the quotes of its list.
fn debug_name(holds: &impl std::fmt::Debug) -> String {
    format!("{holds:?}").replace('"', "")
}

fn plan_name(holds: &FieldType) -> String {
    let of = |scalar: &ScalarType| match scalar {
        ScalarType::Record(kinds) => {
            let kinds: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
            format!("Record({})", kinds.join(", "))
        }
        other => debug_name(other),
    };
    match holds {
        FieldType::Scalar(scalar) => of(scalar),
        FieldType::Note => "Note".into(),
        FieldType::List(scalar) => format!("List of {}", of(scalar)),
        FieldType::Map(scalar) => format!("Map to {}", of(scalar)),
        FieldType::Items(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|f| format!("`{}` {}: {}", f.key, f.name, plan_name(&f.holds)))
                .collect();
            format!("Items: {}", fields.join("; "))
        }
    }
}

fn wrapped(bytes: &[u8]) -> String {
    let text = hex::encode(bytes);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(100)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    lines.join("\n")
}

#[test]
fn the_reference_is_made_from_the_lists() {
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(PAGE, page()).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(PAGE).unwrap_or_default(),
        page(),
        "run with UPDATE_GENERATED=1"
    );
}

/// The wire format of plan changes is described once, where it is written.
#[test]
fn the_protocols_page_describes_packed_plan_changes_as_their_module_does() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sync-protocol.md");
    let module = include_str!("../src/plan/wire.rs");
    let lines = module.lines().filter_map(|line| line.strip_prefix("//!"));
    let text: Vec<_> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let format = text
        .join("\n")
        .split_once("# Format")
        .unwrap()
        .1
        .trim()
        .replace("# Example", "### Example");
    let shown = std::fs::read_to_string(page).unwrap();
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        let (before, rest) = shown.split_once("`uint` is an unsigned and `int`").unwrap();
        let (_, after) = rest.split_once("## Signatures").unwrap();
        std::fs::write(page, format!("{before}{format}\n\n## Signatures{after}")).unwrap();
        return;
    }
    assert!(shown.contains(&format), "run with UPDATE_GENERATED=1");
}
