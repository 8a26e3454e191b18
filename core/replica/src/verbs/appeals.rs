//! 诉求: a courier's own matter, for the liaison alone.

use saddlebag_protocol::{KeyPurpose, sealed_words};
use saddlebag_records::codes::CodeList;
use saddlebag_records::fact::{Body, field, kinds::appeal as kind};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use serde::Serialize;

use crate::act::{Act, NewFact};
use crate::error::{Error, Result};
use crate::replica::Replica;
use crate::store::facts::WAITING;
use crate::store::{answer_keys, identity};

/// What raising an appeal came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "appeal", rename_all = "snake_case")]
pub enum AppealOutcome {
    /// It is saved.
    Saved {
        /// The appeal.
        record: RecordId,
        /// Whether it has its one-time number. Without one it waits on this phone until the county gave new ones.
        numbered: bool,
    },
    /// The words are longer than an appeal may be: 4,047 bytes, some 1,300 Chinese characters. Nothing was recorded.
    TooLong,
    /// Nothing was said. Nothing was recorded.
    NoWords,
    /// The county named no key to which appeals can be sealed. Nothing was recorded.
    NoLiaisonKey,
    /// No such kind of appeal is offered. Nothing was recorded.
    NotOffered,
}

impl Replica {
    /// Raises an appeal, under a one-time number. The liaison alone can read the words; this phone keeps the key to
    /// which every answer is to be sealed, and nothing of the words.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn raise_appeal(&self, appeal_kind: u16, words: &str) -> Result<AppealOutcome> {
        if !CodeList::get("appeal_kind").is_some_and(|kinds| kinds.is_offered(appeal_kind)) {
            return Ok(AppealOutcome::NotOffered);
        }
        if words.trim().is_empty() {
            return Ok(AppealOutcome::NoWords);
        }
        if words.len() > sealed_words::MAX_WORDS_BYTES {
            return Ok(AppealOutcome::TooLong);
        }
        self.act(|act| match act.liaisons_key()? {
            Some(liaison) => act.raise(appeal_kind, words, &liaison),
            None => Ok(AppealOutcome::NoLiaisonKey),
        })
    }
}

impl Act<'_> {
    /// The newest key to which appeals are sealed.
    fn liaisons_key(&self) -> Result<Option<[u8; 32]>> {
        let identity = identity::identity(self.connection)?.ok_or(Error::NotEnrolled)?;
        let keys = identity.keys().map(|list| list.keys).unwrap_or_default();
        let liaisons = keys.into_iter().filter(|key| key.purpose == KeyPurpose::Liaison);
        Ok(liaisons.max_by_key(|key| key.id).map(|key| key.key))
    }

    fn raise(&mut self, appeal_kind: u16, words: &str, liaison: &[u8; 32]) -> Result<AppealOutcome> {
        let record = self.new_id();
        let secret = self.random::<32>();
        let fill = |bytes: &mut [u8]| self.fill_random(bytes);
        let sealed = sealed_words::seal(liaison, &record.0, words, fill);
        let (Some(sealed), Some(answer_key)) = (sealed, sealed_words::public_key(&secret)) else {
            return Ok(AppealOutcome::NoLiaisonKey);
        };
        self.create(record, RecordKind::Appeal)?;
        answer_keys::save(self.connection, record, &secret)?;
        let body = Body::new()
            .with(field::APPEAL_KIND, appeal_kind)
            .with(field::SEALED, sealed)
            .with(field::ANSWER_KEY, answer_key.to_vec());
        let fact = self.fact(NewFact::new(record, kind::RAISED, body))?;
        Ok(AppealOutcome::Saved {
            record,
            numbered: fact.device != WAITING,
        })
    }
}
