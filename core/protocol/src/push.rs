use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

/// What a device wrote and the county has not confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Push {
    /// Drawn for this request and kept when it is sent again: the same request gets the same answer.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub nonce: [u8; 8],
    /// Packed facts with their side values.
    #[n(1)]
    pub facts: Option<ByteVec>,
    /// The running hash over the device's own facts below the first that is sent; absent where none of its own
    /// are sent. Where it differs from the county's, the device has forked.
    #[n(2)]
    pub chain: Option<ByteArray<8>>,
    /// Packed plan changes.
    #[n(3)]
    pub changes: Option<ByteVec>,
    /// Ed25519 by the device's key over [`Push::to_sign`].
    #[cbor(n(4), with = "minicbor::bytes")]
    pub signature: [u8; 64],
}

impl Push {
    /// The bytes that are signed: a domain, the county, the device, the nonce, the chain, and both packs with
    /// their lengths (8 bytes, big-endian; an absent part counts as empty).
    pub fn to_sign(&self, county: &[u8; 16], device: u64) -> Vec<u8> {
        let mut out = b"saddlebag push v1".to_vec();
        out.extend_from_slice(county);
        out.extend_from_slice(&device.to_be_bytes());
        out.extend_from_slice(&self.nonce);
        let chain = self.chain.as_ref().map_or(&[][..], |chain| chain.as_slice());
        let packs =
            [&self.facts, &self.changes].map(|pack| pack.as_ref().map_or(&[][..], |pack| pack.as_slice()));
        for part in [chain, packs[0], packs[1]] {
            out.extend_from_slice(&(part.len() as u64).to_be_bytes());
            out.extend_from_slice(part);
        }
        out
    }
}
