//! The fleet simulator, fault tests and the layering test.

pub mod bench;
pub mod county;
pub mod fleet;
pub mod kept;
pub mod link;
pub mod soak;
mod strace;
pub mod third_party;
pub mod tls;
pub mod workspace;
