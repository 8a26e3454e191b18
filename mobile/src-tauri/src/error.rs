use saddlebag_replica::{Error, SyncError, UnreadablePicture};
use serde::Serialize;

/// Why a command was refused: a stable code and nothing else. The screens have a text for each, and no text of
/// Rust's ever reaches a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Refusal(pub &'static str);

/// What a command answers.
pub type Answer<T> = Result<T, Refusal>;

impl Refusal {
    /// The app is locked: the PIN opens it.
    pub const LOCKED: Self = Self("locked");
    /// The store is not open: `start` did not succeed yet.
    pub const NOT_STARTED: Self = Self("not_started");
    /// The store is there, and the key that opens it is not.
    pub const KEY_MISSING: Self = Self("key_missing");
    /// What stands in the place of the key is none.
    pub const KEY_UNREADABLE: Self = Self("key_unreadable");
    /// The system's key store holds the key and does not give it out now: it is locked, or does not run.
    pub const KEY_STORE_LOCKED: Self = Self("key_store_locked");
    /// This machine gives no random numbers.
    pub const NO_RANDOMNESS: Self = Self("no_randomness");
    /// No program on this machine opens that.
    pub const NO_PROGRAM: Self = Self("no_program");
    /// The app itself failed.
    pub const INTERNAL: Self = Self("internal_app");

    /// Those that only the shell answers with.
    pub const OF_THE_SHELL: [Self; 8] = [
        Self::LOCKED,
        Self::NOT_STARTED,
        Self::KEY_MISSING,
        Self::KEY_UNREADABLE,
        Self::KEY_STORE_LOCKED,
        Self::NO_RANDOMNESS,
        Self::NO_PROGRAM,
        Self::INTERNAL,
    ];
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(error.code())
    }
}

impl From<SyncError> for Refusal {
    fn from(error: SyncError) -> Self {
        Self(error.code())
    }
}

impl From<UnreadablePicture> for Refusal {
    fn from(error: UnreadablePicture) -> Self {
        Self(error.code())
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Error::from(error).into()
    }
}

impl From<tauri::Error> for Refusal {
    fn from(_: tauri::Error) -> Self {
        Self::INTERNAL
    }
}
