//! Facts: what happened, written once, by one person on one device, and never changed.
//!
//! A fact is one string of canonical CBOR. Its id is its author's number and the author's own counter, its
//! hash the BLAKE3 of its bytes.

mod body;
mod chain;
mod encoding;
mod kind;
pub mod kinds;
mod pack;
pub mod photos;
mod schema;
mod side;

pub use body::Body;
pub use chain::Chain;
pub use encoding::{BadFact, MAX_FACT_BYTES};
pub use kind::FactKind;
pub use kinds::field;
pub use pack::{BadPack, Batch, MAX_BATCH_FACTS, pack, unpack};
pub use schema::{Field, FieldType, KindSchema, MAX_FEN, Required, Unfit, fields, schema_of, schemas};
pub use side::{SideName, SideValue};

use crate::clock::{Observed, Stamp};
use crate::id::{FactId, RecordId};

/// The hash of a fact: BLAKE3 of its canonical bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactHash(pub [u8; 32]);

/// What a fact was called before its device forked: a copy that comes by another way counts once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Was {
    /// Its id then.
    pub id: FactId,
    /// Its hash then.
    pub hash: FactHash,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name.
    pub id: FactId,
    /// The record that it is about.
    pub record: RecordId,
    /// What kind of thing happened.
    pub kind: FactKind,
    /// The version of that kind, from 1.
    pub version: u8,
    /// The facts of this record that its writer saw as latest, in the order of their ids.
    pub after: Vec<FactId>,
    /// When, as well as the phone knew.
    pub stamp: Stamp,
    /// What its clocks showed, where that differs from what the device's last observation implies.
    pub observed: Option<Observed>,
    /// What it was called before.
    pub was: Option<Was>,
    /// Its fields.
    pub body: Body,
}
