use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::params;
use rusqlite::types::Value;

use super::{Salvaged, swap};
use crate::error::Result;
use crate::replica::PHOTOS_FILE;
use crate::store::PHOTOS;
use crate::store::column::uncount;
use crate::store::damaged::{Pages, Row};
use crate::store::open::{StoreKey, filling, log_of, salt_of};

/// Saves the photos into a file beside theirs, if any page of it is damaged. `named`: those that facts name which only
/// this device has.
pub(super) fn salvage(
    dir: &Path,
    key: &StoreKey,
    named: &BTreeSet<[u8; 32]>,
    salvaged: &mut Salvaged,
) -> Result<()> {
    let file = dir.join(PHOTOS_FILE);
    if !file.exists() && !log_of(&file).exists() {
        salvaged.photos_lost = named.len() as u64;
        return Ok(());
    }
    let mut pages = Pages::open(&file, key)?;
    let looked = pages.look()?;
    if looked.unreadable == 0 && pages.count() > 0 {
        return Ok(());
    }
    salvaged.pages_lost += looked.unreadable;
    let mut connection = filling(&swap::draft_of(&file)?, key, &salt_of(&file, key), PHOTOS)?;
    let transaction = connection.transaction()?;
    let mut saved = BTreeSet::new();
    pages.rows(|table, row| {
        if table == "photos"
            && let Some(name) = name_of(&row)
            && saved.insert(name)
        {
            transaction
                .prepare_cached(
                    "INSERT INTO photos (hash, record, device, n, lane, state, taken_ms, length, bytes)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                )?
                .execute(rusqlite::params_from_iter(row.values))?;
        }
        Ok(())
    })?;
    salvaged.photos =
        transaction.query_row("SELECT count(*) FROM photos WHERE state = 0", params![], |row| {
            row.get(0).map(uncount)
        })?;
    salvaged.photos_lost = named.difference(&saved).count() as u64;
    transaction.commit()?;
    Ok(connection.close().map_err(|(_, error)| error)?)
}

/// The name of the photo in a row, if it is what was kept.
fn name_of(row: &Row) -> Option<[u8; 32]> {
    let [Value::Blob(name), _, _, _, _, _, _, _, Value::Blob(bytes)] = row.values.as_slice() else {
        return None;
    };
    let name: [u8; 32] = name.as_slice().try_into().ok()?;
    (*blake3::hash(bytes).as_bytes() == name).then_some(name)
}
