//! The sync server of Saddlebag: one binary and one folder.

pub mod act;
pub mod admin;
pub mod backup;
pub mod county;
pub mod enrol;
pub mod failure;
#[cfg(feature = "planted-faults")]
pub mod fault;
pub mod forgetting;
pub mod http;
mod origin;
pub mod outside;
pub mod people;
mod plans;
pub mod scrub;
mod sealing;
pub mod store;
mod sweep;
pub mod sync;
pub mod tls;
mod token;
mod visibility;
