use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// Why a device is to destroy all that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Leaving {
    /// It was retired.
    #[n(0)]
    Retired,
    /// It was reported lost.
    #[n(1)]
    Lost,
}

/// The order to destroy all that a device holds.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Order {
    /// Why.
    #[n(0)]
    pub leaving: Leaving,
    /// The device's number.
    #[n(1)]
    pub device: u64,
    /// The log's epoch.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub epoch: [u8; 8],
    /// What the device asked with: the order is good for nothing else.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub nonce: [u8; 8],
}

/// An [`Order`] as the county signed it. Nothing else makes a device destroy anything.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedOrder {
    /// An [`Order`], encoded.
    #[n(0)]
    pub order: ByteVec,
    /// Which signing key signed it.
    #[n(1)]
    pub signed_by: u32,
    /// Ed25519 over `saddlebag order v1`, the county's id and the order's bytes.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub signature: [u8; 64],
}

impl SignedOrder {
    /// The bytes that are signed.
    pub fn to_sign(county: &[u8; 16], order: &[u8]) -> Vec<u8> {
        [b"saddlebag order v1".as_slice(), county, order].concat()
    }
}
