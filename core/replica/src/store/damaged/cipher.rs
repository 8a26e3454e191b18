use aws_lc_rs::cipher::{AES_256, DecryptingKey, DecryptionContext, UnboundCipherKey};
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;

use crate::store::open::StoreKey;

/// SQLCipher's pages, in bytes.
pub(crate) const PAGE: usize = 4_096;
/// What SQLite uses of a page; after it come the 16 bytes that its encryption began with and an HMAC of 64.
pub(super) const USABLE: usize = PAGE - 80;
/// The file begins with this many bytes that are not encrypted: the salt of the HMAC's key.
pub(super) const SALT: usize = 16;

const IV: usize = 16;
/// What SQLCipher makes the salt of the HMAC's key differ by from that of the page's.
const MASK: u8 = 0x3a;
const TEXT: &[u8; SALT] = b"SQLite format 3\0";

/// Proves and decrypts the pages of one database, as SQLCipher 4 does: AES-256 in CBC mode and HMAC-SHA512.
pub(super) struct PageCipher {
    key: [u8; 32],
    proof: hmac::Key,
}

impl PageCipher {
    pub(super) fn new(key: &StoreKey, salt: &[u8; SALT]) -> Self {
        let derived = proof_key(&key.0, &salt.map(|byte| byte ^ MASK));
        Self {
            key: key.0,
            proof: hmac::Key::new(hmac::HMAC_SHA512, &derived),
        }
    }

    /// The content of a page, if it is what was written as the page of this number.
    pub(super) fn open(&self, number: u32, page: &[u8]) -> Option<Vec<u8>> {
        let begins = if number == 1 { SALT } else { 0 };
        let proved = page.get(begins..USABLE + IV)?;
        let mut of_page = hmac::Context::with_key(&self.proof);
        of_page.update(proved);
        of_page.update(&number.to_le_bytes());
        if of_page.sign().as_ref() != page.get(USABLE + IV..)? {
            return None;
        }
        let (content, iv) = proved.split_last_chunk::<IV>()?;
        let mut content = content.to_vec();
        let key = DecryptingKey::cbc(UnboundCipherKey::new(&AES_256, &self.key).ok()?).ok()?;
        key.decrypt(&mut content, DecryptionContext::Iv128(FixedLength::from(iv)))
            .ok()?;
        if number == 1 {
            content.splice(0..0, TEXT.iter().copied());
        }
        Some(content)
    }
}

/// PBKDF2 with HMAC-SHA512, two rounds and one block, of which SQLCipher takes 32 bytes.
fn proof_key(key: &[u8; 32], salt: &[u8; SALT]) -> [u8; 32] {
    let with_key = hmac::Key::new(hmac::HMAC_SHA512, key);
    let mut first = hmac::Context::with_key(&with_key);
    first.update(salt);
    first.update(&1u32.to_be_bytes());
    let first = first.sign();
    let second = hmac::sign(&with_key, first.as_ref());
    let mut derived = [0; 32];
    for (derived, (one, other)) in derived.iter_mut().zip(first.as_ref().iter().zip(second.as_ref())) {
        *derived = one ^ other;
    }
    derived
}
