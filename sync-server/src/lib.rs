//! The sync server of Saddlebag: one binary and one folder.

pub mod store;
