use ed25519_dalek::{Signature, VerifyingKey};
use saddlebag_protocol::{ErrorCode, Push};
use saddlebag_records::fact::{Batch, Fact, FactHash, SideValue, unpack};
use saddlebag_records::id::DeviceNumber;
use saddlebag_records::plan::wire::{self, Unpacked, WireError, WireLimits};

use super::changes::{Incoming, by_record};
use super::sender::Sender;
use crate::county::County;

/// A push whose signature is its device's, taken apart. Nothing in it has been judged. All that needs nothing but its
/// bytes is worked out here: the writer, for whom all others wait, is not to do it.
#[derive(Clone, Debug)]
pub(super) struct Pushed {
    pub(super) nonce: [u8; 8],
    /// Its facts, by who wrote them.
    pub(super) authors: Vec<Author>,
    /// The running hash below the device's own first fact.
    pub(super) chain: Option<[u8; 8]>,
    /// Its plan changes, by their records.
    pub(super) changes: Vec<Incoming>,
}

/// The facts of one author in a push, in the order in which they came.
#[derive(Clone, Debug)]
pub(super) struct Author {
    pub(super) number: DeviceNumber,
    pub(super) facts: Vec<IncomingFact>,
}

#[derive(Clone, Debug)]
pub(super) struct IncomingFact {
    pub(super) fact: Fact,
    /// Its canonical bytes.
    pub(super) bytes: Vec<u8>,
    pub(super) hash: FactHash,
    pub(super) sides: Vec<SideValue>,
}

impl Pushed {
    /// Takes a push apart. The signature comes first: what follows costs more.
    pub(super) fn open(county: &County, sender: &Sender, push: &Push) -> Result<Self, ErrorCode> {
        let key = VerifyingKey::from_bytes(&sender.public_key).map_err(|_| ErrorCode::Internal)?;
        let signed = push.to_sign(&county.id().0, sender.number.0);
        key.verify_strict(&signed, &Signature::from_bytes(&push.signature))
            .map_err(|_| ErrorCode::BadSignature)?;
        let batch = match &push.facts {
            Some(packed) => unpack(packed).map_err(|_| ErrorCode::Malformed)?,
            None => Batch::default(),
        };
        let changes = match &push.changes {
            Some(packed) => wire::unpack(packed, WireLimits::default()).map_err(|error| match error {
                WireError::TooLarge => ErrorCode::TooLarge,
                _ => ErrorCode::Malformed,
            })?,
            None => Unpacked::default(),
        };
        Ok(Self {
            changes: by_record(&changes)?,
            nonce: push.nonce,
            authors: by_author(batch),
            chain: push.chain.as_ref().map(|chain| **chain),
        })
    }
}

fn by_author(batch: Batch) -> Vec<Author> {
    let mut authors: Vec<Author> = Vec::new();
    let mut sides = batch.side.into_iter().peekable();
    for fact in batch.facts {
        let number = fact.id.device;
        let mut hanging = Vec::new();
        // A pack has the side values in the order of their facts.
        while let Some(side) = sides.next_if(|side| side.fact == fact.id) {
            hanging.push(side);
        }
        let bytes = fact.encode();
        let incoming = IncomingFact {
            hash: FactHash::of(&bytes),
            fact,
            bytes,
            sides: hanging,
        };
        match authors.iter_mut().find(|author| author.number == number) {
            Some(author) => author.facts.push(incoming),
            None => authors.push(Author {
                number,
                facts: vec![incoming],
            }),
        }
    }
    authors
}
