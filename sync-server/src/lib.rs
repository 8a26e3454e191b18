//! The sync server of Saddlebag: one binary and one folder.
