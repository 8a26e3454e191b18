//! Tables that an operator brings as CSV: UTF-8, comma, one header line; an empty cell means none, and a cell with
//! several values parts them by `;`.

mod cell;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use cell::BadCell;

use super::{AdminError, code};

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

/// A file as it was given: its text, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CsvFile(Result<String, AdminError>);

impl CsvFile {
    /// Reads a file.
    ///
    /// # Errors
    /// Those of the disk. A file that is too large or not UTF-8 is told by whoever reads its rows.
    pub fn open(path: impl AsRef<Path>) -> std::io::Result<Self> {
        let size = std::fs::metadata(&path)?.len();
        if size > MAX_BYTES as u64 {
            return Ok(Self(Err(AdminError::new(code::CSV_TOO_LARGE, size))));
        }
        Ok(Self::from_bytes(std::fs::read(path)?))
    }

    /// A file of these bytes.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(match String::from_utf8(bytes) {
            Ok(text) if text.len() > MAX_BYTES => Err(AdminError::new(code::CSV_TOO_LARGE, text.len())),
            Ok(text) => Ok(text),
            Err(error) => Err(AdminError::new(
                code::CSV_NOT_UTF8,
                error.utf8_error().valid_up_to(),
            )),
        })
    }

    /// Its rows, by the columns that it must have and those that it may have.
    ///
    /// # Errors
    /// One of the codes that begin with `csv_`: nothing of such a file is taken.
    pub fn read(&self, must: &[&str], may: &[&str]) -> Result<Sheet, AdminError> {
        let text = self.0.as_ref().map_err(Clone::clone)?;
        Sheet::read(text.trim_start_matches('\u{feff}'), must, may)
    }
}

/// A row that was not taken. It names no cell's content: that may be personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// The line of the file, from 1; the header is line 1.
    pub line: u64,
    /// The column, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The stable code.
    pub code: String,
}

/// The rows of a file.
#[derive(Debug)]
pub struct Sheet {
    columns: Vec<String>,
    rows: Vec<(u64, csv::StringRecord)>,
    /// Lines that are no rows.
    refused: Vec<RefusedRow>,
}

impl Sheet {
    fn read(text: &str, must: &[&str], may: &[&str]) -> Result<Self, AdminError> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(text.as_bytes());
        let header = reader
            .headers()
            .map_err(|_| AdminError::new(code::CSV_COLUMNS, "header"))?;
        let columns: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let wrong = |about: &str| Err(AdminError::new(code::CSV_COLUMNS, about));
        if let Some(missing) = must
            .iter()
            .find(|name| !columns.iter().any(|column| column == *name))
        {
            return wrong(missing);
        }
        for (at, column) in columns.iter().enumerate() {
            let known = must.contains(&column.as_str()) || may.contains(&column.as_str());
            if !known || columns.iter().take(at).any(|earlier| earlier == column) {
                return wrong(column);
            }
        }
        let mut sheet = Self {
            columns,
            rows: Vec::new(),
            refused: Vec::new(),
        };
        for row in reader.records() {
            // The text is UTF-8 and rows may be of any length: nothing else can be wrong with one.
            let Ok(row) = row else { continue };
            let line = row.position().map_or(0, |at| first_line(text, at));
            if row.len() == sheet.columns.len() {
                sheet.rows.push((line, row));
            } else {
                sheet.refused.push(RefusedRow {
                    line,
                    column: None,
                    code: "row_length".to_owned(),
                });
            }
        }
        Ok(sheet)
    }

    /// Reads every row by `parse`; what cannot be read is refused, by row and code.
    pub fn parse<T>(
        self,
        parse: impl Fn(&Row<'_>) -> Result<T, BadCell>,
    ) -> (Vec<(u64, T)>, Vec<RefusedRow>) {
        let mut refused = self.refused;
        let mut parsed = Vec::with_capacity(self.rows.len());
        for (line, cells) in &self.rows {
            match parse(&Row {
                columns: &self.columns,
                cells,
            }) {
                Ok(row) => parsed.push((*line, row)),
                Err(bad) => refused.push(RefusedRow {
                    line: *line,
                    column: Some(bad.column.to_owned()),
                    code: bad.code.to_owned(),
                }),
            }
        }
        refused.sort_by_key(|row| row.line);
        (parsed, refused)
    }
}

/// The line on which a row begins. Its position is where the row before ended: before the line feed of a CRLF, and
/// before lines that are empty.
fn first_line(text: &str, at: &csv::Position) -> u64 {
    let rest = usize::try_from(at.byte())
        .ok()
        .and_then(|at| text.as_bytes().get(at..));
    let breaks = rest
        .into_iter()
        .flatten()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'));
    at.line() + breaks.filter(|byte| **byte == b'\n').count() as u64
}

/// A row of a file.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    columns: &'a [String],
    cells: &'a csv::StringRecord,
}

#[cfg(test)]
mod tests;
