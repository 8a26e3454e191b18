use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;

/// Ids of records that come in files, from the keys that stand for them there.
///
/// They are derived like a delivery's (`docs/records.md`, "Derived ids"), so that a file that is imported twice, or at a
/// county that was restored in between, makes the same records, and one file can name what another brings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys<'a>(pub(super) &'a [u8; 32]);

impl Keys<'_> {
    /// The record of this kind that the key stands for: UUIDv8 of BLAKE3, keyed by the county's id key, over a domain, the
    /// kind's number and the key.
    pub(super) fn record(self, kind: RecordKind, key: &str) -> RecordId {
        let mut bytes = [0; 16];
        self.reader("saddlebag imported record 1", &[&[kind as u8], key.as_bytes()])
            .fill(&mut bytes);
        RecordId(uuid::Builder::from_custom_bytes(bytes).into_uuid().into_bytes())
    }

    /// The name of an item of a record's plan, from what tells it from its neighbours.
    pub(super) fn item(self, record: RecordId, words: &[&str]) -> [u8; 8] {
        let parts: Vec<&[u8]> = [&record.0[..]]
            .into_iter()
            .chain(words.iter().map(|word| word.as_bytes()))
            .collect();
        let mut bytes = [0; 8];
        self.reader("saddlebag imported item 1", &parts).fill(&mut bytes);
        bytes
    }

    fn reader(self, domain: &str, parts: &[&[u8]]) -> blake3::OutputReader {
        let mut hasher = blake3::Hasher::new_keyed(self.0);
        hasher.update(domain.as_bytes());
        for part in parts {
            hasher.update(&(part.len() as u64).to_be_bytes()).update(part);
        }
        hasher.finalize_xof()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: Keys<'_> = Keys(&[7; 32]);

    /// A file imported years later makes the same records: frozen.
    #[test]
    fn ids_of_keys_are_frozen() {
        let id = KEYS.record(RecordKind::Place, "S001");
        assert_eq!(id.to_string(), "60f0ce67-43f0-8541-91e4-47db2935403a");
        assert_eq!(hex::encode(KEYS.item(id, &["S002", "a"])), "d1583b3aa4fb524f");
    }

    #[test]
    fn a_key_stands_for_one_record_of_each_kind() {
        assert_ne!(
            KEYS.record(RecordKind::Place, "1"),
            KEYS.record(RecordKind::Camp, "1")
        );
        assert_ne!(
            KEYS.record(RecordKind::Place, "1"),
            Keys(&[8; 32]).record(RecordKind::Place, "1")
        );
        let place = KEYS.record(RecordKind::Place, "1");
        assert_ne!(KEYS.item(place, &["ab", "c"]), KEYS.item(place, &["a", "bc"]));
    }
}
