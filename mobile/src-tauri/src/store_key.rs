//! The key of the store: kept in the system's key store, and where none runs, in a file that its owner alone can read.
//!
//! A store whose key is lost is lost. So a key is durable before a store is made under it; what place holds it is
//! written down; and a place that does not answer is never taken for one that holds nothing.

mod durable;
mod key_file;
mod secret_service;

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use saddlebag_replica::{Replica, StoreKey};
use serde::Serialize;

use crate::error::{Answer, Refusal};
use secret_service::Found;

/// Where the key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum KeyPlace {
    /// In the system's key store.
    System,
    /// In a file.
    File,
}

/// Holds the name under which the system's key store has the key.
const NAME_FILE: &str = "store.key-name";
const KEY_FILE: &str = "store.key";
/// Of several processes that start at once, one draws a key, and the others find it.
const LOCK_FILE: &str = "store.key-lock";

/// The key of `store`, whose place is written down in `dir`. Where there is neither key nor store, a new key is drawn.
/// May ask somebody to unlock the system's key store, and waits for them.
///
/// # Errors
///
/// [`Refusal::KEY_MISSING`] where there is a store and its key is gone; [`Refusal::KEY_STORE_LOCKED`] where the key
/// store that holds it does not give it out now; [`Refusal::KEY_UNREADABLE`].
pub fn load_or_draw(dir: &Path, store: &Path) -> Answer<(StoreKey, KeyPlace)> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let alone = File::create(dir.join(LOCK_FILE))?;
    alone.lock()?;
    if let Some(key) = key_file::load(&dir.join(KEY_FILE))? {
        return Ok((key, KeyPlace::File));
    }
    let has_store = Replica::holds_a_store(store);
    match kept_name(&dir.join(NAME_FILE))? {
        Some(name) => match secret_service::load(&name) {
            Ok(Found::Key(key)) => return Ok((key, KeyPlace::System)),
            Ok(Found::Nothing) if has_store => return Err(Refusal::KEY_MISSING),
            Err(refusal) if has_store => return Err(refusal),
            // Nothing was ever written under that key.
            Ok(Found::Nothing) | Err(_) => {}
        },
        None if has_store => return Err(Refusal::KEY_MISSING),
        None => {}
    }
    draw(dir)
}

/// Destroys the key of a store that was destroyed, wherever it is kept.
///
/// # Errors
///
/// [`Refusal::KEY_STORE_LOCKED`] where the key store that holds it cannot be reached: the file with its name stays, so
/// that it is tried again.
pub fn forget(dir: &Path) -> Answer<()> {
    let alone = File::create(dir.join(LOCK_FILE))?;
    alone.lock()?;
    key_file::forget(&dir.join(KEY_FILE))?;
    if let Some(name) = kept_name(&dir.join(NAME_FILE))? {
        secret_service::forget(&name)?;
        std::fs::remove_file(dir.join(NAME_FILE))?;
    }
    Ok(())
}

fn draw(dir: &Path) -> Answer<(StoreKey, KeyPlace)> {
    let (key, name) = (StoreKey(random()?), hex::encode(random::<8>()?));
    if secret_service::keep(&name, &key) {
        durable::write(&dir.join(NAME_FILE), &name)?;
        return Ok((key, KeyPlace::System));
    }
    key_file::keep(&dir.join(KEY_FILE), &key)?;
    Ok((key, KeyPlace::File))
}

fn kept_name(file: &Path) -> Answer<Option<String>> {
    let text = durable::read(file)?.map(|text| text.trim().to_owned());
    Ok(text.filter(|name| !name.is_empty()))
}

fn random<const N: usize>() -> Answer<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Refusal::NO_RANDOMNESS)?;
    Ok(bytes)
}

/// A key as it is written, 64 hexadecimal digits.
fn from_text(text: &str) -> Answer<StoreKey> {
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key).map_err(|_| Refusal::KEY_UNREADABLE)?;
    Ok(StoreKey(key))
}
