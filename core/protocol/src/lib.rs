//! The wire messages of Saddlebag, their limits and error codes.
//!
//! Messages are CBOR maps with small integers as keys: what is absent costs nothing, and a key that the receiver
//! does not know is passed over. Packed facts and packed plan changes are byte strings here; their layout belongs
//! to `saddlebag-records`. `docs/sync-protocol.md` describes all of it for a client in another language.

mod again;
mod cursor;
mod enrolment;
mod error;
mod frame;
mod keys;
pub mod limits;
mod order;
mod push;
mod receipt;
pub mod sealed_words;
mod server_keys;
mod sync;

pub use again::{Again, ChangeName, FactName, GivenAgain};
pub use cursor::Cursor;
pub use enrolment::{EnrolAnswer, EnrolRequest, PersonInfo};
pub use error::{ErrorBody, ErrorCode};
pub use frame::{BadFrame, from_frame, to_frame, unpacked_size};
pub use keys::{Key, KeyList, KeyPurpose, SignedKeyList};
pub use order::{Leaving, Order, SignedOrder};
pub use push::Push;
pub use receipt::{ChangeReceipt, FactReceipt, Outcome, Receipts};
pub use server_keys::{ServerKeys, SignedServerKeys};
pub use sync::{
    AuthorOf, Forget, ForgetReason, Fork, Heard, Page, RemovedSide, Report, SyncAnswer, SyncRequest,
};
