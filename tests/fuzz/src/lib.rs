//! The targets' functions, which `tests` runs too: the same files, without all else that is in that crate.

#[path = "../../src/soak/filled.rs"]
mod filled;
#[path = "../../src/soak/targets.rs"]
pub mod targets;
