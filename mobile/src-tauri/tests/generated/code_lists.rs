//! What may be chosen, under numbers that never change, and the kinds of facts.

use std::fmt::Write;

use saddlebag_records::codes::{Code, CodeList};
use saddlebag_records::fact::schemas;
use serde_json::Value;

pub(crate) fn typescript() -> String {
    let mut out = String::from(
        "/** Every code list: code, name, and what holds of an entry. */\nexport const CODES = {\n",
    );
    for list in CodeList::all() {
        writeln!(out, "  {}: [", list.list()).unwrap();
        for code in list.entries() {
            writeln!(out, "    {},", entry(code)).unwrap();
        }
        out += "  ],\n";
    }
    out += "} as const;\n\n/** Every kind of fact, with its number. */\nexport const FACT_KINDS = {\n";
    for schema in schemas() {
        writeln!(out, "  \"{}\": {},", schema.kind, schema.kind.0).unwrap();
    }
    out += TYPES;
    out
}

const TYPES: &str = "} as const;

/** The name of a code list. */
export type CodeList = keyof typeof CODES;

/** A name in a code list. */
export type CodeName<List extends CodeList> = (typeof CODES)[List][number][\"name\"];

/** A kind of fact. */
export type FactKindName = keyof typeof FACT_KINDS;
";

fn entry(code: &Code) -> String {
    let mut out = format!("{{ code: {}, name: \"{}\"", code.code, code.name);
    let Value::Object(all) = serde_json::to_value(code).unwrap() else {
        unreachable!("a struct is an object");
    };
    let rest = all
        .iter()
        .filter(|(name, value)| !["code", "name", "since"].contains(&name.as_str()) && !value.is_null());
    for (name, value) in rest {
        write!(out, ", {name}: {value}").unwrap();
    }
    out + " }"
}
