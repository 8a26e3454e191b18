use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

/// The keys that the server's TLS shows, now and next.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ServerKeys {
    /// When they were made, UTC seconds; grows with every change.
    #[n(0)]
    pub since_s: u64,
    /// BLAKE3 of each key's SubjectPublicKeyInfo in DER: the one of now, then the next.
    #[n(1)]
    pub keys: Vec<ByteArray<32>>,
}

/// [`ServerKeys`] as the county signed them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedServerKeys {
    /// [`ServerKeys`], encoded.
    #[n(0)]
    pub keys: ByteVec,
    /// Which signing key signed them.
    #[n(1)]
    pub signed_by: u32,
    /// Ed25519 over `saddlebag server keys v1`, the county's id and the bytes.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub signature: [u8; 64],
}

impl SignedServerKeys {
    /// The bytes that are signed.
    pub fn to_sign(county: &[u8; 16], keys: &[u8]) -> Vec<u8> {
        [b"saddlebag server keys v1".as_slice(), county, keys].concat()
    }
}
