use minicbor::{Decode, Encode};

/// What became of something that a device pushed. Only `Admitted` and `Held` count as safe.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    /// Durable at the county and shown to whom it concerns.
    #[n(0)]
    Admitted,
    /// Durable at the county, shown to nobody else. The reason is a stable code.
    #[n(1)]
    Held(#[n(0)] String),
    /// A plan edit that was no longer theirs to make; the county's plan stands.
    #[n(2)]
    Superseded,
    /// Not kept. The reason is a stable code.
    #[n(3)]
    Refused(#[n(0)] String),
    /// The record was forgotten.
    #[n(4)]
    Gone,
    /// Not looked at in this request; to be sent again.
    #[n(5)]
    Later,
}

impl Outcome {
    /// Whether the county has it for good.
    pub fn is_safe(&self) -> bool {
        matches!(self, Self::Admitted | Self::Held(_))
    }
}

/// What became of facts `from` to `to` of one author.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FactReceipt {
    /// The author's number.
    #[n(0)]
    pub device: u64,
    /// The first fact.
    #[n(1)]
    pub from: u64,
    /// The last fact.
    #[n(2)]
    pub to: u64,
    /// What became of them.
    #[n(3)]
    pub outcome: Outcome,
}

/// What became of changes `from` to `to` of one actor in one record's plan.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ChangeReceipt {
    /// The record.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub record: [u8; 16],
    /// The actor.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub actor: [u8; 16],
    /// The first change's seq.
    #[n(2)]
    pub from: u64,
    /// The last change's seq.
    #[n(3)]
    pub to: u64,
    /// What became of them.
    #[n(4)]
    pub outcome: Outcome,
}

/// What became of a push. A fact's side values share its receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Receipts {
    /// Of facts, in ranges.
    #[cbor(n(0), default)]
    pub facts: Vec<FactReceipt>,
    /// Of plan changes that were not admitted with all others of the push. A change that is in no receipt was
    /// admitted.
    #[cbor(n(1), default)]
    pub changes: Vec<ChangeReceipt>,
}
