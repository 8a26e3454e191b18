//! The operator's verbs: what `saddlebag-sync-server admin` does, and what the console will do with the same
//! functions.
//!
//! A verb is a function over an open [`County`] that takes plain values and gives plain values.
//! [`cli`] makes them out of words, [`socket`] carries them to a server that has the folder.

pub mod appeals;
pub mod audit;
pub mod backups;
pub mod cases;
pub mod cli;
pub mod counties;
pub mod counts;
pub mod devices;
pub mod discrepancies;
pub mod duties;
pub mod enrolling;
mod error;
pub mod export;
pub mod find;
pub mod forgetting;
pub mod held;
pub mod import;
mod key;
pub mod looking;
mod names;
pub mod people;
pub mod plan_field;
pub mod qr;
mod record;
mod request;
mod run;
mod sentences;
pub mod server_keys;
pub mod sheet;
pub mod show;
pub mod socket;
pub mod tips;
pub mod value;

use saddlebag_records::id::RecordId;

pub use error::{AdminError, CODES, code};
pub use request::{Answer, Done, Request};
pub use run::answer;
pub use sentences::sentence;

use crate::county::County;

/// An id for a new record that nothing derives: UUIDv7.
pub(crate) fn fresh_id(county: &County) -> RecordId {
    let ms = u64::try_from(county.now_ms()).unwrap_or_default();
    let id = uuid::Builder::from_unix_timestamp_millis(ms, &county.outside().random());
    RecordId(id.into_uuid().into_bytes())
}
