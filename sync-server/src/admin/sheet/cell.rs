use saddlebag_records::codes::CodeList;
use saddlebag_records::position::Position;

use super::Row;
use crate::admin::value;

/// A cell that cannot be what its column wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadCell {
    /// The column.
    pub column: &'static str,
    /// The stable code.
    pub code: &'static str,
}

impl<'a> Row<'a> {
    /// The cell, trimmed; none where it is empty or the file has no such column.
    pub fn cell(&self, column: &'static str) -> Option<&'a str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(at).map(str::trim).filter(|cell| !cell.is_empty())
    }

    /// What the cell holds, read by `parse`; none where it is empty.
    pub fn read<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&'a str) -> Result<T, &'static str>,
    ) -> Result<Option<T>, BadCell> {
        self.cell(column)
            .map(parse)
            .transpose()
            .map_err(|code| BadCell { column, code })
    }

    /// What the cell holds, which must not be empty.
    pub fn need<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&'a str) -> Result<T, &'static str>,
    ) -> Result<T, BadCell> {
        self.read(column, parse)?.ok_or(BadCell {
            column,
            code: "missing",
        })
    }

    /// A text of at most so many characters.
    pub fn text(&self, column: &'static str, most: usize) -> Result<Option<String>, BadCell> {
        self.read(column, |cell| value::text(cell, most))
    }

    /// A number of a code list, by its name.
    pub fn code(&self, column: &'static str, list: &str) -> Result<Option<u16>, BadCell> {
        self.read(column, |cell| value::code(cell, list))
    }

    /// Numbers of a code list, by their names.
    pub fn codes(&self, column: &'static str, list: &str) -> Result<Vec<u16>, BadCell> {
        let codes = |cell: &str| {
            cell.split(';')
                .map(|name| value::code(name.trim(), list))
                .collect()
        };
        Ok(self.read(column, codes)?.unwrap_or_default())
    }

    /// Bits of a code list, by their names.
    pub fn flags(&self, column: &'static str, list: &str) -> Result<u16, BadCell> {
        debug_assert!(CodeList::get(list).is_some_and(CodeList::is_bits));
        Ok(self
            .codes(column, list)?
            .into_iter()
            .fold(0, |flags, bit| flags | bit))
    }

    /// A position in degrees, in the columns `latitude` and `longitude`: both or neither.
    pub fn position(&self) -> Result<Option<Position>, BadCell> {
        let lat = self.read("latitude", |cell| value::degrees(cell, 90))?;
        let lon = self.read("longitude", |cell| value::degrees(cell, 180))?;
        match (lat, lon) {
            (None, None) => Ok(None),
            (Some(lat_e7), Some(lon_e7)) => Ok(Some(Position { lat_e7, lon_e7 })),
            (None, Some(_)) => Err(BadCell {
                column: "latitude",
                code: "missing",
            }),
            (Some(_), None) => Err(BadCell {
                column: "longitude",
                code: "missing",
            }),
        }
    }
}
