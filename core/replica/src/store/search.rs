//! Full-text search. What a record is found by is folded by `records::fold`; the index holds those words and the
//! record's number, nothing else.

use rusqlite::{Connection, params};
use saddlebag_records::fold::tokens_for_index;

use crate::error::Result;

/// The first 8 bytes of the hash of what a record is found by: while they stay the same, the index does too.
pub(crate) fn hash_of(texts: &[String]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher
            .update(&(text.len() as u64).to_be_bytes())
            .update(text.as_bytes());
    }
    let [a, b, c, d, e, f, g, h, ..] = *hasher.finalize().as_bytes();
    [a, b, c, d, e, f, g, h]
}

/// Indexes a record under its number, in the place of what it was found by before.
pub(crate) fn index(connection: &Connection, id: i64, texts: &[String]) -> Result<()> {
    let mut words: Vec<String> = texts.iter().flat_map(|text| tokens_for_index(text)).collect();
    words.sort_unstable();
    words.dedup();
    let mut statement =
        connection.prepare_cached("INSERT OR REPLACE INTO search (rowid, words) VALUES (?1, ?2)")?;
    statement.execute(params![id, words.join(" ")])?;
    Ok(())
}

/// Takes a record out of the index.
pub(crate) fn remove(connection: &Connection, id: i64) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM search WHERE rowid = ?1")?
        .execute([id])?;
    Ok(())
}

/// Merges the index, so that words of removed records are in no page of it any more.
pub(crate) fn forget_removed(connection: &Connection) -> Result<()> {
    connection.execute("INSERT INTO search (search) VALUES ('optimize')", [])?;
    Ok(())
}
