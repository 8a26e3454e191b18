//! Words that only one person can read: those of an appeal for the liaison, and the answers for who raised it.
//!
//! HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20-Poly1305. Sealed: a byte 1,
//! the encapsulated key (32 bytes), and the words in UTF-8 with their tag (16 bytes). `info` is `saddlebag appeal v1`,
//! the associated data the record's id, so that words of one appeal are never taken for another's.

use std::convert::Infallible;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng,
};

const VERSION: u8 = 1;
const INFO: &[u8] = b"saddlebag appeal v1";
const KEY_BYTES: usize = 32;
const TAG_BYTES: usize = 16;

/// The longest that sealed words may be, in bytes.
pub const MAX_SEALED_BYTES: usize = 4_096;
/// The longest that words may be, in bytes of UTF-8.
pub const MAX_WORDS_BYTES: usize = MAX_SEALED_BYTES - 1 - KEY_BYTES - TAG_BYTES;

/// The public half of an X25519 key.
pub fn public_key(secret: &[u8; 32]) -> Option<[u8; 32]> {
    let secret = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret).ok()?;
    Some(X25519HkdfSha256::sk_to_pk(&secret).to_bytes().into())
}

/// Seals words of this record to the holder of a public key. `fill` gives randomness. None for more than
/// [`MAX_WORDS_BYTES`], and for a key that is none.
pub fn seal(to: &[u8; 32], record: &[u8; 16], words: &str, fill: impl FnMut(&mut [u8])) -> Option<Vec<u8>> {
    if words.len() > MAX_WORDS_BYTES {
        return None;
    }
    let to = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(to).ok()?;
    let (key, sealed) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &to,
        INFO,
        words.as_bytes(),
        record,
        &mut Outside(fill),
    )
    .ok()?;
    Some([&[VERSION][..], &key.to_bytes(), &sealed].concat())
}

/// Opens what was sealed to the public half of this key. None where it was not, or is of a later version.
pub fn open(secret: &[u8; 32], record: &[u8; 16], sealed: &[u8]) -> Option<String> {
    let (&VERSION, sealed) = sealed.split_first()? else {
        return None;
    };
    let (key, sealed) = sealed.split_first_chunk::<KEY_BYTES>()?;
    let secret = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret).ok()?;
    let key = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(key).ok()?;
    let words = single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &key,
        INFO,
        sealed,
        record,
    )
    .ok()?;
    String::from_utf8(words).ok()
}

/// Randomness from outside.
struct Outside<F>(F);

impl<F: FnMut(&mut [u8])> TryRng for Outside<F> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        (self.0)(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        (self.0)(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        (self.0)(bytes);
        Ok(())
    }
}

impl<F: FnMut(&mut [u8])> TryCryptoRng for Outside<F> {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: [u8; 32] = [5; 32];
    const RECORD: [u8; 16] = [7; 16];

    fn sealed(words: &str) -> Option<Vec<u8>> {
        seal(&public_key(&SECRET).unwrap(), &RECORD, words, |bytes| {
            bytes.fill(9)
        })
    }

    /// Frozen: liaisons and couriers hold what older and newer apps sealed.
    #[test]
    fn the_sealed_form_is_frozen() {
        assert_eq!(
            hex::encode(public_key(&SECRET).unwrap()),
            "50a61409b1ddd0325e9b16b700e719e9772c07000b1bd7786e907c653d20495d"
        );
        assert_eq!(
            hex::encode(sealed("工资没发").unwrap()),
            concat!(
                "01de8923a675d02180cdd7d0097ba404b9e1e2930d5665cba58d1765006361793b",
                "48d2502bacc9fb39fd3c893d6045e6530c05d4c9e98a571441533bc6"
            )
        );
    }

    #[test]
    fn only_the_key_and_the_record_that_it_was_sealed_for_open_it() {
        let bytes = sealed("工资没发").unwrap();
        assert_eq!(open(&SECRET, &RECORD, &bytes).as_deref(), Some("工资没发"));
        assert_eq!(open(&[6; 32], &RECORD, &bytes), None);
        assert_eq!(open(&SECRET, &[8; 16], &bytes), None);
        let mut later = bytes;
        later[0] = 2;
        assert_eq!(open(&SECRET, &RECORD, &later), None);
    }

    #[test]
    fn the_longest_words_fit_and_longer_ones_are_refused() {
        let longest = "a".repeat(MAX_WORDS_BYTES);
        let bytes = sealed(&longest).unwrap();
        assert_eq!(bytes.len(), MAX_SEALED_BYTES);
        assert_eq!(open(&SECRET, &RECORD, &bytes), Some(longest.clone()));
        assert_eq!(sealed(&format!("{longest}a")), None);
    }

    proptest! {
        #[test]
        fn bytes_of_others_open_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..120), at in 0..60usize, flip in 1..=255u8) {
            prop_assert_eq!(open(&SECRET, &RECORD, &bytes), None);
            let mut changed = sealed("工资没发").unwrap();
            let at = at % changed.len();
            changed[at] ^= flip;
            prop_assert_eq!(open(&SECRET, &RECORD, &changed), None);
        }
    }
}
