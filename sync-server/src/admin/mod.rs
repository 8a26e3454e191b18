//! The operator's verbs: what `saddlebag-sync-server admin` does, and what the console will do with the same
//! functions.
//!
//! A verb is a function over an open [`County`](crate::county::County) that takes plain values and gives plain values.
//! [`cli`] makes them out of words, `socket` carries them to a server that has the folder.

pub mod cli;
pub mod devices;
mod error;
pub mod find;
pub mod import;
mod key;
pub mod people;
pub mod qr;
mod record;
mod request;
pub mod sheet;
pub mod socket;
pub mod value;

pub use error::{AdminError, CODES, code};
pub use request::{Answer, Done, Request};
