/// Chance from a seed.
pub(crate) struct Dice(blake3::OutputReader);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(
            blake3::Hasher::new()
                .update(b"dice")
                .update(&seed.to_be_bytes())
                .finalize_xof(),
        )
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_be_bytes(bytes) % n
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}
