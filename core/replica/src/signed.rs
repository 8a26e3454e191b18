use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use saddlebag_protocol::{KeyList, KeyPurpose, SignedKeyList};

/// Whether the signing key of `trusted` with this id signed these bytes.
pub(crate) fn is_signed_by(trusted: &KeyList, id: u32, bytes: &[u8], signature: &[u8; 64]) -> bool {
    let signing = trusted
        .keys
        .iter()
        .filter(|key| matches!(key.purpose, KeyPurpose::Signing | KeyPurpose::NextSigning));
    let key = signing
        .filter(|key| key.id == id)
        .find_map(|key| VerifyingKey::from_bytes(&key.key).ok());
    key.is_some_and(|key| key.verify(bytes, &Signature::from_bytes(signature)).is_ok())
}

/// Whether a signing key of `trusted` signed this list for this county.
pub(crate) fn is_key_list_signed_by(signed: &SignedKeyList, trusted: &KeyList, county: &[u8; 16]) -> bool {
    let bytes = SignedKeyList::to_sign(county, &signed.list);
    is_signed_by(trusted, signed.signed_by, &bytes, &signed.signature)
}
