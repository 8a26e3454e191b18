use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// Facts and plan changes of which one side has no sound copy any more: whoever holds them gives them again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Again {
    /// Facts, with the side values that hang on them.
    #[cbor(n(0), default)]
    pub facts: Vec<FactName>,
    /// Plan changes.
    #[cbor(n(1), default)]
    pub changes: Vec<ChangeName>,
}

impl Again {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.changes.is_empty()
    }
}

/// The name of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct FactName {
    /// Its author's number.
    #[n(0)]
    pub author: u64,
    /// Its author's counter.
    #[n(1)]
    pub n: u64,
}

/// The name of a plan change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct ChangeName {
    /// The record.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub record: [u8; 16],
    /// Its actor.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub actor: [u8; 16],
    /// The how manyeth of its actor in this record.
    #[n(2)]
    pub seq: u64,
}

/// What a device gives again of what the county asked for. Whoever holds it may: the county takes what is byte for byte
/// what it had, and nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct GivenAgain {
    /// Packed facts with the side values that are held of them.
    #[n(0)]
    pub facts: Option<ByteVec>,
    /// Packed plan changes.
    #[n(1)]
    pub changes: Option<ByteVec>,
}
