//! Lists and statistics, as CSV. Lists of places and carriers have the columns of their imports, with ids as keys.

mod counts;
mod personal;
mod public;

use serde::Serialize;

pub use counts::counts;
pub use personal::{Personal, personal};
pub use public::{carriers, places};

use super::{AdminError, code};

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// Its rows, the header not counted.
    pub rows: usize,
    /// The table: UTF-8, comma, one header line.
    pub csv: String,
}

fn table(columns: &[&str], rows: Vec<Vec<String>>) -> Result<Exported, AdminError> {
    let failed = |error: &dyn std::fmt::Display| AdminError::new(code::INTERNAL, error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).map_err(|error| failed(&error))?;
    let count = rows.len();
    for row in rows {
        writer.write_record(row).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    let csv = String::from_utf8(bytes).map_err(|error| failed(&error))?;
    Ok(Exported { rows: count, csv })
}

/// A text that somebody wrote: no program that opens the table takes it for a formula.
fn text(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
