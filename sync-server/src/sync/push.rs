use ed25519_dalek::{Signature, VerifyingKey};
use saddlebag_protocol::{ErrorCode, Push};
use saddlebag_records::fact::{Batch, unpack};
use saddlebag_records::plan::wire::{self, Unpacked, WireError, WireLimits};

use super::changes::{Incoming, by_record};
use super::sender::Sender;
use crate::county::County;

/// A push whose signature is its device's, taken apart. Nothing in it has been judged.
#[derive(Clone, Debug)]
pub(super) struct Pushed {
    pub(super) nonce: [u8; 8],
    pub(super) batch: Batch,
    /// The running hash below the device's own first fact.
    pub(super) chain: Option<[u8; 8]>,
    /// Its plan changes, by their records.
    pub(super) changes: Vec<Incoming>,
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
            batch,
            chain: push.chain.as_ref().map(|chain| **chain),
        })
    }
}
