use std::fmt::Write;

use super::ordered::Ordered;
use super::{ExportVerb, Verb};
use crate::admin::{qr, value};

/// What a verb told, as text for a terminal: a line a field, a table for a list, parted by tabs.
pub(super) fn text(verb: &Verb, json: &str) -> String {
    let Ok(told) = serde_json::from_str::<Ordered>(json) else {
        return format!("{json}\n");
    };
    match verb {
        Verb::Export(ExportVerb::Places | ExportVerb::Carriers | ExportVerb::Counts)
        | Verb::Export(ExportVerb::People | ExportVerb::Households | ExportVerb::Deliveries) => {
            field(&told, "csv").to_owned()
        }
        Verb::Code { address: Some(_), .. } => {
            lines(&told) + &qr::drawn(field(&told, "link")).unwrap_or_default()
        }
        _ => lines(&told),
    }
}

fn field<'a>(told: &'a Ordered, name: &str) -> &'a str {
    let Ordered::Fields(fields) = told else { return "" };
    let found = fields.iter().find(|(known, _)| known == name);
    match found {
        Some((_, Ordered::Plain(text))) => text,
        _ => "",
    }
}

fn lines(told: &Ordered) -> String {
    match told {
        Ordered::Plain(text) => format!("{text}\n"),
        Ordered::List(list) => table(list),
        Ordered::Fields(fields) => {
            let mut text = String::new();
            for (name, value) in flat(fields) {
                let (name, value) = shown(&name, value);
                // Writing to a String cannot fail.
                let _ = writeln!(text, "{name}: {value}");
            }
            for (name, list) in lists(fields) {
                let _ = write!(text, "\n{name}\n{}", table(list));
            }
            text
        }
    }
}

/// A line of names, then a line an item.
fn table(list: &[Ordered]) -> String {
    let rows: Vec<Vec<(String, String)>> = list
        .iter()
        .map(|item| match item {
            Ordered::Fields(fields) => flat(fields)
                .into_iter()
                .map(|(name, value)| shown(&name, value))
                .collect(),
            Ordered::Plain(text) => vec![(String::new(), text.clone())],
            Ordered::List(_) => vec![(String::new(), joined(item))],
        })
        .collect();
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    let mut text = String::new();
    if columns.iter().any(|column| !column.is_empty()) {
        text = columns.join("\t") + "\n";
    }
    for row in &rows {
        let cell = |column: &&str| {
            row.iter()
                .find(|(name, _)| name == column)
                .map_or("", |(_, value)| value)
        };
        text += &(columns.iter().map(cell).collect::<Vec<_>>().join("\t") + "\n");
    }
    text
}

/// Plain fields, those of fields within as `outer.inner`; lists of plain values in one.
fn flat(fields: &[(String, Ordered)]) -> Vec<(String, String)> {
    let mut flattened = Vec::new();
    for (name, value) in fields {
        match value {
            Ordered::Plain(text) => flattened.push((name.clone(), text.clone())),
            Ordered::Fields(inner) => {
                flattened.extend(
                    flat(inner)
                        .into_iter()
                        .map(|(inner, text)| (format!("{name}.{inner}"), text)),
                );
            }
            Ordered::List(list) if !list.is_empty() && !is_table(list) => {
                flattened.push((name.clone(), joined(value)))
            }
            Ordered::List(_) => {}
        }
    }
    flattened
}

/// Lists of more than plain values.
fn lists(fields: &[(String, Ordered)]) -> Vec<(String, &[Ordered])> {
    let mut found = Vec::new();
    for (name, value) in fields {
        match value {
            Ordered::List(list) if is_table(list) => found.push((name.clone(), list.as_slice())),
            Ordered::Fields(inner) => {
                found.extend(
                    lists(inner)
                        .into_iter()
                        .map(|(inner, list)| (format!("{name}.{inner}"), list)),
                );
            }
            _ => {}
        }
    }
    found
}

fn is_table(list: &[Ordered]) -> bool {
    list.iter().any(|item| matches!(item, Ordered::Fields(_)))
}

fn joined(value: &Ordered) -> String {
    match value {
        Ordered::Plain(text) => text.clone(),
        Ordered::List(list) => list.iter().map(joined).collect::<Vec<_>>().join(", "),
        Ordered::Fields(fields) => {
            let fields = flat(fields)
                .into_iter()
                .map(|(name, value)| format!("{name}: {value}"));
            fields.collect::<Vec<_>>().join(", ")
        }
    }
}

/// Milliseconds since 1970 as a time in Beijing. What a terminal would obey is taken out.
fn shown(name: &str, value: String) -> (String, String) {
    let time = name
        .strip_suffix("_ms")
        .zip(value.parse::<i64>().ok())
        .filter(|(_, ms)| *ms > 100_000_000_000);
    match time {
        Some((name, ms)) => (name.to_owned(), value::shown_time(ms)),
        None => (
            name.to_owned(),
            value
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::cli::{CountyVerb, DevicesVerb};

    const LIST: Verb = Verb::County(CountyVerb::List);

    #[test]
    fn a_list_is_a_table_in_the_order_of_its_fields() {
        let json = r#"[{"z":1,"a":null,"in":{"x":true}},{"z":2,"b":["p","q"]}]"#;
        assert_eq!(text(&LIST, json), "z\ta\tin.x\tb\n1\t\tyes\t\n2\t\t\tp, q\n");
        assert_eq!(
            text(
                &Verb::Devices {
                    verb: DevicesVerb::List
                },
                "[]"
            ),
            ""
        );
    }

    #[test]
    fn fields_are_lines_and_lists_among_them_tables() {
        let json = r#"{"added":2,"at_ms":1780257600000,"refused":[{"line":3,"code":"missing"}]}"#;
        assert_eq!(
            text(&LIST, json),
            "added: 2\nat: 2026-06-01T04:00:00+08:00\n\nrefused\nline\tcode\n3\tmissing\n"
        );
    }

    #[test]
    fn a_terminal_obeys_nothing_that_somebody_wrote() {
        assert_eq!(text(&LIST, r#"{"note":"a\u001b[2Jb\nc"}"#), "note: a [2Jb c\n");
    }
}
