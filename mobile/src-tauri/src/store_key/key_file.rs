//! The key in a file, for a machine without a key store.

use std::path::Path;

use saddlebag_replica::StoreKey;

use super::{durable, from_text};
use crate::error::Answer;

/// The key; none where there is no file, or an empty one that a full disk left.
pub(super) fn load(file: &Path) -> Answer<Option<StoreKey>> {
    let text = durable::read(file)?.filter(|text| !text.trim().is_empty());
    text.as_deref().map(from_text).transpose()
}

pub(super) fn keep(file: &Path, key: &StoreKey) -> Answer<()> {
    Ok(durable::write(file, &hex::encode(key.0))?)
}

/// Destroys the key: its bytes first, since a name that is gone leaves them where they were.
pub(super) fn forget(file: &Path) -> Answer<()> {
    use std::io::Write;
    match std::fs::OpenOptions::new().write(true).open(file) {
        Ok(mut key) => {
            key.write_all(&[b'0'; 64])?;
            key.sync_all()?;
            Ok(std::fs::remove_file(file)?)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}
