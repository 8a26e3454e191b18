use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::again::{Again, GivenAgain};
use crate::cursor::Cursor;
use crate::error::ErrorCode;
use crate::keys::SignedKeyList;
use crate::order::{Leaving, SignedOrder};
use crate::push::Push;
use crate::receipt::Receipts;
use crate::server_keys::SignedServerKeys;

/// `POST /v1/sync`: what is new here, and how far I have read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SyncRequest {
    /// How far the device has read; absent before the first answer.
    #[n(0)]
    pub cursor: Option<Cursor>,
    /// What the device wrote.
    #[n(1)]
    pub push: Option<Push>,
    /// The most bytes that the answer should have, compressed. Absent: the server's own budget.
    #[n(2)]
    pub budget: Option<u32>,
    /// Older cursors, newest first; only after `unknown_cursor`.
    #[n(3)]
    pub checkpoints: Option<Vec<Cursor>>,
    /// How the device is, when that changed.
    #[n(4)]
    pub report: Option<Report>,
    /// What it understands beyond protocol 1, when that changed.
    #[n(5)]
    pub capabilities: Option<Vec<String>>,
    /// Actors under which it edits, when one is new.
    #[n(6)]
    pub actors: Option<Vec<ByteArray<16>>>,
    /// One-time numbers left, when fewer than it may hold.
    #[n(7)]
    pub one_time_left: Option<u32>,
    /// The version of the key list that it holds.
    #[n(8)]
    pub keys: Option<u32>,
    /// When the server's keys that it holds were made, UTC seconds; absent where it holds none.
    #[n(9)]
    pub server_keys_since_s: Option<u64>,
    /// Random: "a backup covers all that I wrote; order me to destroy what I hold". Only from a device that was told that
    /// it is to leave.
    #[n(10)]
    pub leave: Option<ByteArray<8>>,
    /// Random: "a fact of mine is lost that the county may not have; give me another number". Without a push.
    #[n(11)]
    pub renumber: Option<ByteArray<8>>,
    /// What is damaged here and the county had: it comes again in the page.
    #[n(12)]
    pub again: Option<Again>,
    /// What the county asked for again.
    #[n(13)]
    pub given_again: Option<GivenAgain>,
}

/// How a device is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Report {
    /// Name and version of the app.
    #[n(0)]
    pub app: String,
    /// Wall clock less county time, milliseconds.
    #[n(1)]
    pub clock_error_ms: Option<i64>,
    /// Free space, bytes.
    #[n(2)]
    pub free_bytes: Option<u64>,
    /// Facts that the county has not confirmed.
    #[n(3)]
    pub unsent_facts: u64,
    /// Photos that the county has not confirmed.
    #[n(4)]
    pub unsent_photos: u64,
    /// Bytes of those photos.
    #[n(5)]
    pub unsent_photo_bytes: u64,
}

/// The answer to a [`SyncRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SyncAnswer {
    /// The county's time, UTC milliseconds.
    #[n(0)]
    pub county_time: i64,
    /// Why nothing was pushed or pulled: `unknown_cursor` or `forked`. Absent when all went well.
    #[n(1)]
    pub code: Option<ErrorCode>,
    /// What became of the push.
    #[n(2)]
    pub receipts: Option<Receipts>,
    /// What is new.
    #[n(3)]
    pub page: Option<Page>,
    /// How far the device has read with this page. With `forked`: nothing yet.
    #[n(4)]
    pub cursor: Option<Cursor>,
    /// Whether there is more behind the cursor.
    #[cbor(n(5), default)]
    pub more: bool,
    /// The log's last row after this push. What was pushed is covered by a backup when the watermark reaches it.
    #[n(6)]
    pub position: u64,
    /// The log's last row that a backup covers, in this epoch.
    #[n(7)]
    pub watermark: u64,
    /// When that backup was made, UTC milliseconds.
    #[n(8)]
    pub backup_time: Option<i64>,
    /// New one-time numbers.
    #[n(9)]
    pub one_time: Option<Vec<u64>>,
    /// The key list, where the device's is older.
    #[n(10)]
    pub keys: Option<SignedKeyList>,
    /// With `forked`: who the device is from now on.
    #[n(11)]
    pub fork: Option<Fork>,
    /// After checkpoints were offered: the one that the county went on from; absent if from the start.
    #[n(12)]
    pub went_back: Option<Cursor>,
    /// The server's keys, where the device's are older.
    #[n(13)]
    pub server_keys: Option<SignedServerKeys>,
    /// That the device is to leave, once a backup covers all that it wrote. By itself it destroys nothing.
    #[n(14)]
    pub leaving: Option<Leaving>,
    /// To a request to leave: destroy all that you hold, now.
    #[n(15)]
    pub order: Option<SignedOrder>,
    /// What is damaged at the county and this device may hold: it is to be given again.
    #[n(16)]
    pub again: Option<Again>,
}

/// Items past a cursor: everything of what became visible, in one transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Page {
    /// Packed facts with the side values that this device may see.
    #[n(0)]
    pub facts: Option<ByteVec>,
    /// Packed plan changes.
    #[n(1)]
    pub changes: Option<ByteVec>,
    /// Records that leave the device, after all else of the page.
    #[n(2)]
    pub forget: Option<Vec<Forget>>,
    /// Side values that are removed, after the facts.
    #[n(3)]
    pub removed_side: Option<Vec<RemovedSide>>,
    /// Whose devices wrote the facts, the reader's own and one-time numbers left out.
    #[n(4)]
    pub authors: Option<Vec<AuthorOf>>,
}

/// Whose device it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AuthorOf {
    /// The device's number.
    #[n(0)]
    pub device: u64,
    /// The person that it belongs to.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub person: [u8; 16],
}

/// A record that leaves the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Forget {
    /// The record.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub record: [u8; 16],
    /// Why.
    #[n(1)]
    pub reason: ForgetReason,
}

/// Why a record leaves a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ForgetReason {
    /// It is no longer this person's to see. What the device wrote in it stays, sealed, until a backup covers it.
    #[n(0)]
    NoLongerVisible,
    /// Its time is over at the county too.
    #[n(1)]
    Retention,
    /// It was destroyed because it was about a person: everything of it goes at once.
    #[n(2)]
    Person,
}

/// A side value that is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RemovedSide {
    /// The record.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub record: [u8; 16],
    /// The author of the fact that it hung on.
    #[n(1)]
    pub device: u64,
    /// That fact's counter.
    #[n(2)]
    pub n: u64,
    /// Its name's number.
    #[n(3)]
    pub name: u8,
}

/// Who a forked device is from now on. It keeps all it holds and writes anew what the county lacks.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Fork {
    /// Its new number.
    #[n(0)]
    pub device: u64,
    /// Its new token.
    #[n(1)]
    pub token: String,
    /// Its new one-time numbers; unused old ones are void.
    #[n(2)]
    pub one_time: Vec<u64>,
    /// What the county has under the old numbers, so that the device knows what it lacks.
    #[n(3)]
    pub heard: Option<Vec<Heard>>,
}

/// What the county has heard under one number, from some fact on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Heard {
    /// The device's number, or a one-time number.
    #[n(0)]
    pub author: u64,
    /// The first fact that is told.
    #[n(1)]
    pub from: u64,
    /// The last fact that the county has; it takes no other under this number.
    #[n(2)]
    pub last: u64,
    /// The first 8 bytes of each fact's hash, one after the other, from the first that is told; it may end before the
    /// last.
    #[n(3)]
    pub hashes: ByteVec,
}

impl Heard {
    /// What begins the hash of the fact with this counter, as far as it is told.
    pub fn hash_start(&self, n: u64) -> Option<[u8; 8]> {
        let place = usize::try_from(n.checked_sub(self.from)?).ok()?;
        self.hashes.as_chunks::<8>().0.get(place).copied()
    }
}
