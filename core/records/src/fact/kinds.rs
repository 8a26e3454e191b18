//! The names of `codes/facts.toml` as constants. `kinds.gen.rs` is generated; a test fails when it is stale and
//! `UPDATE_GENERATED=1 cargo test -p saddlebag-records` writes it anew.

include!("kinds.gen.rs");

#[cfg(test)]
mod tests {
    use crate::fact::{fields, schemas};
    use crate::kind::RecordKind;
    use std::fmt::Write;

    fn generated() -> String {
        let mut out = String::from("// Generated from codes/facts.toml.\n");
        for record in RecordKind::ALL {
            writeln!(
                out,
                "\n/// What can happen to a record of kind `{}`.",
                record.name()
            )
            .unwrap();
            writeln!(
                out,
                "pub mod {} {{\n    use crate::fact::FactKind;\n",
                record.name()
            )
            .unwrap();
            for schema in schemas()
                .iter()
                .filter(|schema| schema.kind.record() == Some(record))
            {
                writeln!(out, "    /// `{}`.", schema.name).unwrap();
                let name = schema.name.to_uppercase();
                writeln!(
                    out,
                    "    pub const {name}: FactKind = FactKind(0x{:04x});",
                    schema.kind.0
                )
                .unwrap();
            }
            out.push_str("}\n");
        }
        out.push_str("\n/// The keys of facts' fields.\npub mod field {\n");
        for field in fields() {
            writeln!(out, "    /// `{}`: {:?}.", field.name, field.holds).unwrap();
            writeln!(
                out,
                "    pub const {}: u64 = {};",
                field.name.to_uppercase(),
                field.key
            )
            .unwrap();
        }
        out.push_str("}\n");
        out
    }

    #[test]
    fn the_constants_are_those_of_the_list() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/fact/kinds.gen.rs");
        if std::env::var_os("UPDATE_GENERATED").is_some() {
            std::fs::write(path, generated()).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(path).unwrap(),
            generated(),
            "run with UPDATE_GENERATED=1"
        );
    }
}
