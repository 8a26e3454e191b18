use std::io::{self, Write};

use saddlebag_replica::{ForkNotice, WhyForked};
use serde::Serialize;
use serde_json::{Value, json};

use crate::failure::Failure;

/// Prints an answer: as JSON in one line, or as lines of `name: value`, lists one entry a line.
pub(crate) fn answer(value: &impl Serialize, as_json: bool) -> Result<(), Failure> {
    let value = serde_json::to_value(value).map_err(|error| Failure::Io(error.into()))?;
    let mut out = io::stdout().lock();
    if as_json {
        writeln!(out, "{value}")?;
    } else {
        write!(out, "{}", lines(&value))?;
    }
    Ok(out.flush()?)
}

pub(crate) fn failure(failure: &Failure, as_json: bool) {
    if as_json {
        tell(&json!({ "error": { "code": failure.code(), "text": failure.text() } }).to_string());
    } else {
        tell(&format!("saddlebag: {} ({})", failure.text(), failure.code()));
    }
}

/// An exchange failed: what it was, and when the next try is, in seconds.
pub(crate) fn waiting(code: &str, text: &str, seconds: f64, as_json: bool) {
    if as_json {
        tell(&json!({ "waiting": { "code": code, "text": text, "next_try_s": seconds } }).to_string());
    } else {
        tell(&format!("saddlebag: {text} ({code}); next try in {seconds:.1} s"));
    }
}

/// This device goes on under another number.
pub(crate) fn forked(fork: &ForkNotice, as_json: bool) {
    if as_json {
        tell(&json!({ "forked": fork }).to_string());
        return;
    }
    let why = match fork.why {
        WhyForked::Copied => "this device was restored from an older copy, or copied",
        WhyForked::FactLost => "something of this device's own was lost before the county had it",
        WhyForked::CountyRestored => "the county was restored and gives every device a new number",
    };
    tell(&format!(
        "saddlebag: {why}: it goes on as device {}; written again: {}; all else that it holds is kept",
        fork.device,
        fork.facts + fork.edits
    ));
}

/// One line on stderr. Where nobody reads it there is nobody to tell.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

fn lines(value: &Value) -> String {
    match value {
        Value::Array(entries) if entries.is_empty() => "nothing\n".into(),
        Value::Array(entries) => entries
            .iter()
            .map(|entry| format!("{}\n", inline(entry)))
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| match value {
                Value::Array(entries) if entries.iter().any(Value::is_object) => {
                    let entries: String = entries.iter().map(|e| format!("  {}\n", inline(e))).collect();
                    format!("{name}:\n{entries}")
                }
                other => format!("{name}: {}\n", inline(other)),
            })
            .collect(),
        other => format!("{}\n", inline(other)),
    }
}

fn inline(value: &Value) -> String {
    let worth_showing = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(entries) => !entries.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    };
    match value {
        Value::Null => "-".into(),
        Value::String(text) => text.clone(),
        Value::Array(entries) => entries.iter().map(inline).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| worth_showing(value))
            .map(|(name, value)| format!("{name}={}", inline(value)))
            .collect::<Vec<_>>()
            .join("  "),
        other => other.to_string(),
    }
}
