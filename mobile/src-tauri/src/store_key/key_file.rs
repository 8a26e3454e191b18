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
