//! Unpacking a batch.

use super::headers::{Building, Headers};
use super::row_reader::RowReader;
use super::{
    FORM_LEAN, FORM_WHOLE, IndexedChange, NewerChange, SharedChange, Unpacked, VERSION, WireChange, digest,
    lane,
};
use crate::id::{ActorId, RecordId};
use crate::kind::RecordKind;
use crate::leb128::{Malformed, Reader};

/// How much a batch may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireLimits {
    /// Records.
    pub records: usize,
    /// Changes.
    pub changes: usize,
    /// Bytes of all changes together, unpacked.
    pub bytes: usize,
}

impl Default for WireLimits {
    /// 4,096 records, 8,192 changes, 4 MB.
    fn default() -> Self {
        Self {
            records: 4096,
            changes: 8192,
            bytes: 4 << 20,
        }
    }
}

/// Why a batch is not read. Nothing of it is taken then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("batch of plan changes not read: {}", self.code())]
pub enum WireError {
    /// A version that is newer than this one.
    Version,
    /// Cut short, or not of the form that it should have.
    Malformed,
    /// More than the limits allow.
    TooLarge,
    /// It hangs on a change that is not here, or what came out is not what went in. The sender packs it again with
    /// hashes.
    NotShared,
}

impl WireError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Version => "plan_batch_version",
            Self::Malformed => "plan_batch_malformed",
            Self::TooLarge => "plan_batch_too_large",
            Self::NotShared => "plan_batch_not_shared",
        }
    }
}

impl From<Malformed> for WireError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// The changes of a batch that [`pack`](fn@super::pack) made. The guard has yet to judge each of them.
///
/// # Errors
///
/// Nothing of the batch can be read. A kind that this version does not know is no error.
pub fn unpack(batch: &[u8], limits: WireLimits) -> Result<Unpacked, WireError> {
    let mut from = Reader::new(batch);
    if from.uint()? != VERSION {
        return Err(WireError::Version);
    }
    let count = count(&mut from, limits.records)?;
    let ids: Vec<_> = (0..count)
        .map(|_| from.array().map(RecordId))
        .collect::<Result<_, _>>()?;
    let numbers = from.take(count as u64)?;
    let kinds: Vec<_> = numbers
        .iter()
        .map(|kind| RecordKind::from_number(*kind))
        .collect();
    let mut unpacked = Unpacked::default();
    for IndexedChange { record: at, bytes } in body(&kinds, from.rest(), limits, |_, _, _| None)? {
        let (record, kind) = (*ids.get(at).ok_or(Malformed)?, *numbers.get(at).ok_or(Malformed)?);
        match kinds.get(at).copied().flatten() {
            Some(kind) => unpacked.changes.push(WireChange { record, kind, bytes }),
            None => unpacked.newer.push(NewerChange { record, kind, bytes }),
        }
    }
    Ok(unpacked)
}

/// The changes of a batch that [`pack_body`](super::pack_body) made for records of these kinds. `find` gives a
/// record's change by its actor and sequence number, if it is here. The guard has yet to judge each of them.
pub fn unpack_body(
    kinds: &[RecordKind],
    packed: &[u8],
    limits: WireLimits,
    find: impl Fn(usize, ActorId, u64) -> Option<SharedChange>,
) -> Result<Vec<IndexedChange>, WireError> {
    let kinds: Vec<_> = kinds.iter().copied().map(Some).collect();
    body(&kinds, packed, limits, find)
}

/// The changes of a batch's body. Of a record whose kind is not known, only the start cannot be told from it.
fn body(
    kinds: &[Option<RecordKind>],
    body: &[u8],
    limits: WireLimits,
    find: impl Fn(usize, ActorId, u64) -> Option<SharedChange>,
) -> Result<Vec<IndexedChange>, WireError> {
    let mut from = Reader::new(body);
    let actors = count(&mut from, body.len() / 16)?;
    let actors: Vec<_> = (0..actors)
        .map(|_| from.array().map(ActorId))
        .collect::<Result<_, _>>()?;
    let count = count(&mut from, limits.changes)?;
    let records = records(&mut from, count, kinds.len())?;
    let forms = from.take(count as u64)?;
    let mut room = Room(limits.bytes);
    let mut whole = whole(&mut from, forms, &mut room)?.into_iter();
    let headers = Headers::read(&mut from, forms.iter().filter(|form| **form == FORM_LEAN).count())?;
    let rows = RowReader::read(&mut from, headers.rows()?, &actors)?;
    let expected = from.array()?;
    if !from.is_empty() {
        return Err(WireError::Malformed);
    }
    let mut building = Building::new(headers, rows, &actors, find);
    let mut changes = Vec::with_capacity(count);
    for (record, form) in records.into_iter().zip(forms) {
        let bytes = if *form == FORM_WHOLE {
            whole.next().ok_or(Malformed)?
        } else {
            let kind = kinds.get(record).ok_or(Malformed)?;
            let chunk = building.next(record, *kind)?;
            room.take(chunk.len())?;
            chunk
        };
        changes.push(IndexedChange { record, bytes });
    }
    let came_out = digest(building.hashes()) == expected;
    if came_out {
        Ok(changes)
    } else {
        Err(WireError::NotShared)
    }
}

/// A count that is within its limit and not above what there is to read.
fn count(from: &mut Reader<'_>, most: usize) -> Result<usize, WireError> {
    let count = usize::try_from(from.uint()?).map_err(|_| WireError::TooLarge)?;
    if count > most {
        return Err(WireError::TooLarge);
    }
    if count > from.remaining() {
        Err(WireError::Malformed)
    } else {
        Ok(count)
    }
}

fn records(from: &mut Reader<'_>, changes: usize, known: usize) -> Result<Vec<usize>, Malformed> {
    let mut last = -1_i64;
    let steps = lane::ints(from, changes)?.into_iter();
    let records = steps.map(|step| {
        last = last.checked_add(step).ok_or(Malformed)?;
        usize::try_from(last)
            .ok()
            .filter(|record| *record < known)
            .ok_or(Malformed)
    });
    records.collect()
}

/// How many bytes of changes may still come out.
struct Room(usize);

impl Room {
    fn take(&mut self, bytes: usize) -> Result<(), WireError> {
        self.0 = self.0.checked_sub(bytes).ok_or(WireError::TooLarge)?;
        Ok(())
    }
}

fn whole(from: &mut Reader<'_>, forms: &[u8], room: &mut Room) -> Result<Vec<Vec<u8>>, WireError> {
    if forms.iter().any(|form| ![FORM_WHOLE, FORM_LEAN].contains(form)) {
        return Err(WireError::Malformed);
    }
    let lengths = lane::uints(from, forms.iter().filter(|form| **form == FORM_WHOLE).count())?;
    let mut whole = Vec::with_capacity(lengths.len());
    for length in lengths {
        let bytes = from.take(length)?;
        room.take(bytes.len())?;
        whole.push(bytes.to_vec());
    }
    Ok(whole)
}
