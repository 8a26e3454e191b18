use rusqlite::params;
use saddlebag_records::fold::fts_query;
use saddlebag_records::kind::RecordKind;

use super::item::{self, Item};
use crate::error::Result;
use crate::replica::Replica;

impl Replica {
    /// What is found by one Chinese character, two pinyin initials, four digits of a phone's tail, any part of a
    /// waybill number, or the beginning of a name in another script; of one kind of record, or of all. What came to
    /// this phone last is found first; at most `limit` items. Empty where nothing is searched for.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn search(&self, typed: &str, kind: Option<RecordKind>, limit: u32) -> Result<Vec<Item>> {
        let Some(query) = fts_query(typed) else {
            return Ok(Vec::new());
        };
        let of_kind = match kind {
            Some(_) => "AND rowid IN (SELECT id FROM records WHERE kind = ?3)",
            None => "AND ?3 IS NULL",
        };
        let items = self.read(|connection| {
            // The limit stands inside: the index is read no further than the screen needs, and ranks nothing.
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {} FROM (SELECT rowid AS found FROM search WHERE search MATCH ?1 {of_kind}
                                 ORDER BY rowid DESC LIMIT ?2)
                 CROSS JOIN records ON records.id = found",
                item::COLUMNS
            ))?;
            let kind = kind.map(|kind| kind as u8);
            let items = statement.query_map(params![query, limit, kind], item::read)?;
            Ok(items.collect::<rusqlite::Result<_>>()?)
        })?;
        self.told_apart(items)
    }
}
