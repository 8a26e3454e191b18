use minicbor::{Decode, Encode};

/// How far a device has read the county's log. A county that cannot find it answers `unknown_cursor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cursor {
    /// The epoch of the log: a restored county starts a new one.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub epoch: [u8; 8],
    /// The last row that was read whole. 0 is before the first.
    #[n(1)]
    pub seq: u64,
    /// That row's nonce, so that a row that was lost and written anew is not taken for it. Zeros for row 0.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub nonce: [u8; 8],
    /// How many items of the next row were read: a grant of a large record is paged too.
    #[cbor(n(3), default)]
    pub within: u64,
}
