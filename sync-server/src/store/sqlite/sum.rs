//! The check of a row: SQLite's own integrity check saw 17 of 60 flipped bits, 38 gave silently wrong data.

use crate::store::StoreError;

/// The first 8 bytes of BLAKE3 over a row's columns in their order: an integer as 8 bytes, big-endian; bytes
/// as their length, likewise, and themselves. Frozen: it stands in every county's file.
pub(super) struct Sum(blake3::Hasher);

impl Sum {
    pub(super) fn new() -> Self {
        Self(blake3::Hasher::new())
    }

    pub(super) fn int(mut self, column: i64) -> Self {
        self.0.update(&column.to_be_bytes());
        self
    }

    pub(super) fn bytes(mut self, column: &[u8]) -> Self {
        self.0.update(&(column.len() as u64).to_be_bytes()).update(column);
        self
    }

    pub(super) fn take(self) -> [u8; 8] {
        let mut sum = [0; 8];
        self.0.finalize_xof().fill(&mut sum);
        sum
    }

    /// Whether the stored sum says the same.
    pub(super) fn check(self, stored: [u8; 8], what: &'static str) -> Result<(), StoreError> {
        if self.take() == stored {
            Ok(())
        } else {
            Err(StoreError::Damaged(what))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file written by any version must still match.
    #[test]
    fn sums_are_frozen() {
        let sum = Sum::new().int(-1).bytes(b"saddlebag").bytes(b"").int(7).take();
        assert_eq!(hex::encode(sum), "79b82510c56763d0");
    }
}
