use rusqlite::params;
use saddlebag_records::fold::fts_query;

use super::item::{self, Item};
use crate::error::Result;
use crate::replica::Replica;

impl Replica {
    /// What is found by one Chinese character, two pinyin initials, four digits of a phone's tail, any part of a
    /// waybill number, or the beginning of a name in another script. What came to this phone last is found first; at
    /// most `limit` items. Empty where nothing is searched for.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn search(&self, typed: &str, limit: u32) -> Result<Vec<Item>> {
        let Some(query) = fts_query(typed) else {
            return Ok(Vec::new());
        };
        self.read(|connection| {
            // The limit stands inside: the index is read no further than the screen needs, and ranks nothing.
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {} FROM (SELECT rowid AS found FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2)
                 CROSS JOIN records ON records.id = found",
                item::COLUMNS
            ))?;
            let items = statement.query_map(params![query, limit], item::read)?;
            Ok(items.collect::<rusqlite::Result<_>>()?)
        })
    }
}
