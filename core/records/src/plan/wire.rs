//! Plan changes on the wire: a batch of them, column by column, without what the receiver can work out.
//!
//! Magic, checksum and hash are left out and made again; so is the list of other actors. A dependency is the
//! record's first golden start, a change before it in the batch, one that both sides know, or a hash. Every change
//! comes back byte for byte, so that its hash is the same; one that would not (the packer tries) is carried as it
//! is. Laid out for zstd: equal things stand together, and nothing is run-length coded by hand.
//!
//! 150 created deliveries take 4.8 KB at zstd 19 and 2.5 KB for their ids; as chunks, 7.4 KB and the same for the
//! ids. 150 edits of one field take 0.2 KB where both sides know what they hang on, 5.1 KB where they do not.
//!
//! # Format
//!
//! `uint` is an unsigned and `int` a signed LEB128 integer, both in their shortest form. `n × x` is x n times.
//! `bytes(n)` are n bytes. A *column* has one entry for each thing that it is about, in order.
//!
//! ```text
//! batch    = uint 1 (version), records, body
//! records  = uint count, count × bytes(16) id, count × byte kind
//! body     = actors, changes, whole, lean, keys, rows, values, bytes(8) digest
//! actors   = uint count, count × bytes(16)                    without the zero actor
//! changes  = uint count, count × int record                   number of the record, less that of the change before
//!                                                             (the first: less -1)
//!            count × byte form                                0 whole, 1 lean
//! whole    = for each change of form 0: uint length; then for each: bytes(length) the chunk
//! ```
//!
//! `lean` has these columns for the changes of form 1:
//!
//! ```text
//! uint actor      number in actors, from 1 (0 is the zero actor)
//! uint seq
//! uint deps       how many dependencies; then for each dependency of each change:
//!   uint dep      0 a hash; 1 start 1 of the record's kind, if that is at most 16; 2 a change of the record that
//!                 both sides know;
//!                 3 + d the change of form 1 that stands d + 1 places before this one among those of form 1
//!                 then, for each 0: bytes(32) hash; for each 2: uint actor; for each 2: uint seq
//! int  start      start_op, less 1, less the greatest max_op among those dependencies that are not hashes (0 if none)
//! uint rows       how many rows
//! ```
//!
//! ```text
//! keys     = uint count, count × uint length, count × bytes(length)
//! ```
//!
//! A row is one operation, or one stretch of inserted text. `rows` has these columns:
//!
//! ```text
//! uint what       0 set and 1 delete at a map key; 2 text, 3 a value, 4 a map inserted in a list or text;
//!                 5 delete in a list or text
//! uint object     0 the root; 1 given by its id; 2 + c the zero actor's object with counter c
//!   uint key      rows 0 and 1: number in keys, from 0
//!   uint place    rows 2 to 5: 0 the head; 1 the operation before in the same change; 2 given by its id
//! uint preds      0 none; 1 the place itself; 1 + n (n > 0) given by n ids, so 2 is one id
//! ```
//!
//! The ids that rows name follow as two columns, for each row in the order object, place, preds:
//!
//! ```text
//!   uint actor    as above
//!   int  back     start_op of the change, less the counter
//! ```
//!
//! `values` are the values of rows 0, a lane for each key in the order of `keys`; then a lane for rows 3; then for
//! each of rows 2 `uint length`, then for each `bytes(length)`: UTF-8, each character an operation that is placed
//! after the one before it. A lane has these columns for its values:
//!
//! ```text
//! uint tag        0 null, 1 false, 2 true, 3 uint, 4 int, 5 float, 6 text, 7 bytes, 9 timestamp
//!                 16 + k: the same as the k-th text or byte string of this lane that was new (from 0) and 4 to 64
//!                 bytes long
//!   uint uint     for each tag 3
//!   int  int      for each tag 4: less the tag 4 before it in the lane (the first: less 0)
//!   int  time     for each tag 9: the same
//!   uint length   for each tag 6 and 7
//!   bytes         for each tag 5: bytes(8) little-endian; for each tag 6 and 7: bytes(length)
//! ```
//!
//! (Each of the five indented ones is a column of its own, in this order; floats and texts share the last.)
//!
//! A kind that the receiver does not know hinders nothing: the start of a kind above 16, which came after version 1, is
//! named by its hash, so that every batch can be read without knowing its kinds.
//!
//! The digest is the beginning of the SHA-256 over the hashes of the changes of form 1, in order. Where it differs,
//! or a change that both sides should know is not there, nothing of the batch is taken, and the sender packs it again
//! with hashes. A sender may always write hashes.
//!
//! The receiver gives each row its operations, counting from start_op; the other actors of a chunk are those that
//! its operations name besides its author, sorted; the chunk's columns are written as Automerge writes them.
//!
//! # Example
//!
//! A county (actor `c0…`) plans a hand-in (`0b…`, kind 14) of courier `0a…`, number 5, and then makes it number 6.
//!
//! ```text
//! 01 · version
//! 01 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b 0e · one record: its id, its kind
//! 01 c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0 · one actor
//! 02 0100 0101 · two changes of record 0, both lean
//! 0101 0102 · actor 1; seq 1 and 2
//! 0101 0103 · one dependency each: start 1, and the change before
//! 0000 0201 · start_op right above them; two rows and one
//! 02 0101 6172 · two keys of one byte: a, r
//! 000000 000000 · three rows set a key, at the root:
//! 000101 · a, r and r
//! 000002 · the third has one predecessor:
//! 01 01 · of actor 1, one below the change's start_op
//! 07 10 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a · lane a: a byte string of 16
//! 0404 0501 · lane r: two integers, 5 and 5 + 1
//! b303e5683a4d5ab8 · digest
//! ```
//!
//! It stands for these two chunks:
//!
//! ```text
//! 856f4a839d7601560163010d5e56409a65d72f8db9cd02134060ace46e20d421165e068f583f465dc3701910c0c0c0c0c0c0c0c0c0c0c0c0
//! c0c0c0c00102000000061505340142025604571170027e016101720202017e8702140a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a050200
//! 856f4a831d6a83270157019d760156b2bb4b9b357c4ad053c4cbdbacdec36889f160ed08c0c7f172991a9610c0c0c0c0c0c0c0c0c0c0c0c0
//! c0c0c0c0020400000008150334014202560257017002710273027f0172017f017f14067f017f007f03
//! ```

mod headers;
mod lane;
mod pack;
mod row_reader;
mod rows;
mod unpack;

pub use pack::{pack, pack_body};
pub use unpack::{WireError, WireLimits, unpack, unpack_body};

use sha2::{Digest, Sha256};

use super::chunk::ChangeHash;
use crate::id::{ActorId, RecordId};
use crate::kind::RecordKind;

/// A change and the record that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireChange {
    /// The record.
    pub record: RecordId,
    /// The record's kind.
    pub kind: RecordKind,
    /// The change, a plain chunk.
    pub bytes: Vec<u8>,
}

/// A change of a record of a kind that is newer than this version. It can be kept and carried, not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewerChange {
    /// The record.
    pub record: RecordId,
    /// The number of the record's kind.
    pub kind: u8,
    /// The change, a plain chunk.
    pub bytes: Vec<u8>,
}

/// What a batch held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// Changes of records of known kinds, in the order of the batch.
    pub changes: Vec<WireChange>,
    /// The others, likewise.
    pub newer: Vec<NewerChange>,
}

/// A change and the place of its record in a list that the caller keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedChange {
    /// The place of its record, from 0.
    pub record: usize,
    /// The change, a plain chunk.
    pub bytes: Vec<u8>,
}

/// A change that both sides know, so that it need not be named by its hash. A sender may count on what the other side
/// said that it has: a county on what lies below a device's cursor, a device on what was admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedChange {
    /// Its hash.
    pub hash: ChangeHash,
    /// Its actor.
    pub actor: ActorId,
    /// Its sequence number.
    pub seq: u64,
    /// The counter of its last operation.
    pub max_op: u64,
}

const DIGEST_BYTES: usize = 8;

/// The beginning of the SHA-256 over these hashes.
fn digest(hashes: impl IntoIterator<Item = ChangeHash>) -> [u8; DIGEST_BYTES] {
    let mut hasher = Sha256::new();
    hashes.into_iter().for_each(|hash| hasher.update(hash.0));
    let hash: [u8; 32] = hasher.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    [a, b, c, d, e, f, g, h]
}

const VERSION: u64 = 1;
const FORM_WHOLE: u8 = 0;
const FORM_LEAN: u8 = 1;
