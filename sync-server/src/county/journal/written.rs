use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

/// What one act of the county's own people wrote, in the order in which it was written. Frozen: a restore reads what
/// every version sealed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Written {
    /// When, UTC milliseconds.
    #[n(0)]
    pub(crate) at_ms: i64,
    /// What.
    #[n(1)]
    pub(crate) items: Vec<Item>,
}

/// Something that was written.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Item {
    /// The record that the next items are in.
    #[n(0)]
    Record {
        #[cbor(n(0), with = "minicbor::bytes")]
        id: [u8; 16],
        #[n(1)]
        kind: u8,
        #[n(2)]
        creator: u64,
        #[n(3)]
        creator_person: Option<ByteArray<16>>,
        /// Whose one-time number the creator is.
        #[n(4)]
        creator_device: Option<u64>,
    },
    /// A fact, in its canonical bytes, with its side values.
    #[n(1)]
    Fact {
        #[n(0)]
        bytes: ByteVec,
        #[n(1)]
        sides: Vec<Side>,
    },
    /// A change of a record's plan, a plain chunk.
    #[n(2)]
    Change {
        #[cbor(n(0), with = "minicbor::bytes")]
        record: [u8; 16],
        #[n(1)]
        by: u64,
        #[n(2)]
        bytes: ByteVec,
    },
    /// A side value that came after its fact.
    #[n(3)]
    LaterSide {
        #[n(0)]
        author: u64,
        #[n(1)]
        n: u64,
        #[n(2)]
        side: Side,
    },
    /// A side value that was removed for good.
    #[n(4)]
    SideRemoved {
        #[n(0)]
        author: u64,
        #[n(1)]
        n: u64,
        #[n(2)]
        name: u8,
        #[n(3)]
        ordinal: u8,
    },
    /// Somebody, as they are from then on.
    #[n(5)]
    Person {
        #[cbor(n(0), with = "minicbor::bytes")]
        id: [u8; 16],
        #[n(1)]
        role: u16,
        #[n(2)]
        station: Option<ByteArray<16>>,
        #[n(3)]
        password_hash: Option<String>,
        #[n(4)]
        second_factor: Option<ByteVec>,
        #[n(5)]
        active: bool,
    },
    /// Somebody belongs to an audience, or no more.
    #[n(6)]
    Belongs {
        #[cbor(n(0), with = "minicbor::bytes")]
        person: [u8; 16],
        #[n(1)]
        audience: ByteVec,
        #[n(2)]
        belongs: bool,
    },
    /// A device, as it is from then on.
    #[n(7)]
    Device {
        #[n(0)]
        number: u64,
        #[cbor(n(1), with = "minicbor::bytes")]
        person: [u8; 16],
        #[n(2)]
        role: u16,
        #[n(3)]
        state: u8,
        #[cbor(n(4), with = "minicbor::bytes")]
        token_hash: [u8; 32],
        #[cbor(n(5), with = "minicbor::bytes")]
        public_key: [u8; 32],
        #[n(6)]
        replaces: Option<u64>,
    },
    /// An entry of the auditor's log.
    #[n(8)]
    Audit {
        #[n(0)]
        who: Option<ByteArray<16>>,
        #[n(1)]
        what: String,
        #[n(2)]
        record: Option<ByteArray<16>>,
        #[n(3)]
        why: String,
    },
}

/// A side value.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Side {
    #[n(0)]
    pub(crate) name: u8,
    #[n(1)]
    pub(crate) ordinal: u8,
    #[n(2)]
    pub(crate) value: ByteVec,
}

impl Written {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // Writing to a Vec cannot fail: its error type has no value.
        let _ = minicbor::encode(self, &mut bytes);
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        minicbor::decode(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frozen: journals of every version are read by a restore.
    #[test]
    fn what_was_written_is_as_it_always_was() {
        let side = Side {
            name: 2,
            ordinal: 0,
            value: ByteVec::from(vec![7]),
        };
        let written = Written {
            at_ms: 9,
            items: vec![
                Item::Record {
                    id: [1; 16],
                    kind: 1,
                    creator: 1,
                    creator_person: None,
                    creator_device: None,
                },
                Item::Fact {
                    bytes: ByteVec::from(vec![1, 2]),
                    sides: vec![side.clone()],
                },
                Item::Change {
                    record: [1; 16],
                    by: 1,
                    bytes: ByteVec::from(vec![3]),
                },
                Item::LaterSide {
                    author: 1,
                    n: 2,
                    side,
                },
                Item::SideRemoved {
                    author: 1,
                    n: 2,
                    name: 2,
                    ordinal: 0,
                },
                Item::Belongs {
                    person: [2; 16],
                    audience: ByteVec::from(vec![4]),
                    belongs: true,
                },
                Item::Audit {
                    who: None,
                    what: "w".to_owned(),
                    record: None,
                    why: "y".to_owned(),
                },
            ],
        };
        let bytes = written.to_bytes();
        assert_eq!(Written::from_bytes(&bytes), Some(written));
        assert_eq!(
            hex::encode(bytes),
            "a200090187820083500101010101010101010101010101010101018201824201028183020041078202835001010101010101\
             010101010101010101014103820383010283020041078204840102020082068350020202020202020202020202020202024104\
             f5820884f66177f66179"
        );
    }
}
