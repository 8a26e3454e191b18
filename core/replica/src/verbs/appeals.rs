//! 诉求: a courier's own matter, for the liaison alone.

use saddlebag_records::fact::{Body, field, kinds::appeal as kind};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;

use crate::act::NewFact;
use crate::error::Result;
use crate::replica::Replica;
use crate::store::facts::WAITING;

/// An appeal, its words sealed already to the liaison's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAppeal {
    /// A code of `appeal_kind`.
    pub kind: u16,
    /// The words, at most 4096 bytes sealed.
    pub sealed: Vec<u8>,
    /// A fresh X25519 key, to which every answer will be sealed.
    pub answer_key: [u8; 32],
}

/// A saved appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SavedAppeal {
    /// The appeal.
    pub record: RecordId,
    /// Whether it has its one-time number. Without one it waits on this phone until the county gave new ones.
    pub numbered: bool,
}

impl Replica {
    /// Raises an appeal, under a one-time number.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn raise(&self, appeal: NewAppeal) -> Result<SavedAppeal> {
        self.act(|act| {
            let record = act.new_id();
            act.create(record, RecordKind::Appeal)?;
            let body = Body::new()
                .with(field::APPEAL_KIND, appeal.kind)
                .with(field::SEALED, appeal.sealed)
                .with(field::ANSWER_KEY, appeal.answer_key.to_vec());
            let fact = act.fact(NewFact::new(record, kind::RAISED, body))?;
            Ok(SavedAppeal {
                record,
                numbered: fact.device != WAITING,
            })
        })
    }
}
