use super::FactHash;

/// The hash of all that a device has written under its number so far, in the order of its counter. A device that was
/// restored from an old copy, or cloned, tells another story than the county heard: the first push shows it.
///
/// Before the first fact it is 32 zeros; after a fact it is BLAKE3 of the chain before and the fact's hash. The layout
/// is frozen: both sides compute it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain([u8; 32]);

impl Chain {
    /// The chain of a device that has written nothing.
    pub const START: Self = Self([0; 32]);

    /// The chain with these bytes, as [`Chain::to_bytes`] gave them.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// All of it, to go on from.
    pub fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// The chain with one fact more.
    #[must_use]
    pub fn then(self, fact: &FactHash) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0).update(&fact.0);
        Self(*hasher.finalize().as_bytes())
    }

    /// What a push carries of it: its first 8 bytes.
    pub fn running_hash(self) -> [u8; 8] {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        [a, b, c, d, e, f, g, h]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frozen: a county that computed it otherwise would take every honest phone for a clone.
    #[test]
    fn the_chain_keeps_its_bytes() {
        let (one, two) = (FactHash([1; 32]), FactHash([2; 32]));
        assert_eq!(Chain::START.running_hash(), [0; 8]);
        assert_eq!(
            hex::encode(Chain::START.then(&one).running_hash()),
            "4e349255d382a791"
        );
        assert_eq!(
            hex::encode(Chain::START.then(&one).then(&two).to_bytes()),
            "bb5a8ac31a71fd564acd5f4614a88ebaf771108e2f40838219f6dbec309ef23d"
        );
    }

    #[test]
    fn another_order_or_another_fact_is_another_chain() {
        let (one, two) = (FactHash([1; 32]), FactHash([2; 32]));
        let chain = |facts: &[FactHash]| facts.iter().fold(Chain::START, |chain, fact| chain.then(fact));
        assert_ne!(chain(&[one, two]), chain(&[two, one]));
        assert_ne!(chain(&[one]), chain(&[one, one]));
    }
}
