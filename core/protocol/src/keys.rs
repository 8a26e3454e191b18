use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// What a key of the county is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum KeyPurpose {
    /// Ed25519: signs key lists and what makes a phone wipe.
    #[n(0)]
    Signing,
    /// X25519: recovery.
    #[n(1)]
    Recovery,
    /// X25519: appeals are sealed to it.
    #[n(2)]
    Liaison,
    /// Ed25519: the signing key's named successor.
    #[n(3)]
    NextSigning,
}

/// A public key of the county.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Key {
    /// Its id, never used again.
    #[n(0)]
    pub id: u32,
    /// What it is for.
    #[n(1)]
    pub purpose: KeyPurpose,
    /// The key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub key: [u8; 32],
}

/// The county's keys.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KeyList {
    /// Grows with every change.
    #[n(0)]
    pub version: u32,
    /// The keys.
    #[n(1)]
    pub keys: Vec<Key>,
}

/// A key list as the county signed it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedKeyList {
    /// A [`KeyList`], encoded.
    #[n(0)]
    pub list: ByteVec,
    /// Which signing key signed it.
    #[n(1)]
    pub signed_by: u32,
    /// Ed25519 over `saddlebag key list v1`, the county's id and the list's bytes.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub signature: [u8; 64],
}

impl SignedKeyList {
    /// The bytes that are signed.
    pub fn to_sign(county: &[u8; 16], list: &[u8]) -> Vec<u8> {
        [b"saddlebag key list v1".as_slice(), county, list].concat()
    }
}
