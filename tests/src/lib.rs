//! The fleet simulator, fault tests and the layering test.

pub mod county;
pub mod link;
pub mod third_party;
pub mod workspace;
