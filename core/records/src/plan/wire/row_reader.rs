//! Reading rows.

use super::headers::actor_of;
use super::rows::{Object, OpId, Place, Row, What};
use super::{WireError, lane};
use crate::id::ActorId;
use crate::leb128::{Malformed, Reader};
use crate::plan::chunk::MAX_CHANGE_BYTES;
use crate::plan::op::{MAX_OPS, Scalar};

/// The rows of all changes, to be taken change by change.
pub(super) struct RowReader<'a> {
    actors: &'a [ActorId],
    keys: Vec<&'a str>,
    what: std::vec::IntoIter<u64>,
    object: std::vec::IntoIter<u64>,
    key: std::vec::IntoIter<u64>,
    place: std::vec::IntoIter<u64>,
    preds: std::vec::IntoIter<u64>,
    id_actor: std::vec::IntoIter<u64>,
    id_back: std::vec::IntoIter<i64>,
    values: Vec<std::vec::IntoIter<Scalar<'a>>>,
    inserted: std::vec::IntoIter<Scalar<'a>>,
    texts: std::vec::IntoIter<&'a str>,
}

impl<'a> RowReader<'a> {
    pub(super) fn read(from: &mut Reader<'a>, rows: usize, actors: &'a [ActorId]) -> Result<Self, WireError> {
        let key_count = usize::try_from(from.uint()?).map_err(|_| Malformed)?;
        let keys = texts(from, key_count)?;
        let what = lane::uints(from, rows)?;
        let of = |numbers: &[u64]| what.iter().filter(|what| numbers.contains(what)).count();
        let object = lane::uints(from, rows)?;
        let key = lane::uints(from, of(&[0, 1]))?;
        let place = lane::uints(from, of(&[2, 3, 4, 5]))?;
        let preds = lane::uints(from, rows)?;
        let named = preds
            .iter()
            .map(|preds| preds.saturating_sub(1))
            .try_fold(0_u64, u64::checked_add);
        let ids = object.iter().filter(|object| **object == 1).count()
            + place.iter().filter(|place| **place == 2).count();
        let ids = named
            .and_then(|named| usize::try_from(named).ok()?.checked_add(ids))
            .ok_or(Malformed)?;
        let (id_actor, id_back) = (lane::uints(from, ids)?, lane::ints(from, ids)?);
        let mut set = vec![0; keys.len()];
        let mut keys_of_rows = key.iter();
        for what in what.iter().filter(|what| **what < 2) {
            let key = keys_of_rows.next().and_then(|key| usize::try_from(*key).ok());
            let lane = key.and_then(|key| set.get_mut(key)).ok_or(Malformed)?;
            *lane += usize::from(*what == 0);
        }
        let values = set
            .into_iter()
            .map(|count| Ok(lane::read(from, count)?.into_iter()));
        let values = values.collect::<Result<_, Malformed>>()?;
        let inserted = lane::read(from, of(&[3]))?.into_iter();
        let texts = texts(from, of(&[2]))?.into_iter();
        Ok(Self {
            actors,
            keys,
            what: what.into_iter(),
            object: object.into_iter(),
            key: key.into_iter(),
            place: place.into_iter(),
            preds: preds.into_iter(),
            id_actor: id_actor.into_iter(),
            id_back: id_back.into_iter(),
            values,
            inserted,
            texts,
        })
    }

    /// The rows of the next change.
    pub(super) fn take(&mut self, count: u64, start_op: u64) -> Result<Vec<Row<'a>>, WireError> {
        let (mut rows, mut ops, mut bytes) = (Vec::new(), 0, 0);
        for _ in 0..count {
            let row = self.row(start_op)?;
            ops += row.ops();
            bytes += row.value_bytes();
            if ops > MAX_OPS as u64 || bytes > MAX_CHANGE_BYTES {
                return Err(WireError::TooLarge);
            }
            rows.push(row);
        }
        if ops == 0 {
            Err(WireError::Malformed)
        } else {
            Ok(rows)
        }
    }

    fn row(&mut self, start_op: u64) -> Result<Row<'a>, Malformed> {
        let object = match self.object.next().ok_or(Malformed)? {
            0 => Object::Root,
            1 => Object::Id(self.id(start_op)?),
            golden => Object::Golden(golden - 2),
        };
        let what = self.what.next().ok_or(Malformed)?;
        let place = if what < 2 {
            None
        } else {
            Some(self.place(start_op)?)
        };
        let preds = match (self.preds.next().ok_or(Malformed)?, place) {
            (0, _) => Vec::new(),
            (1, Some(Place::Id(id))) => vec![id],
            (1, _) => return Err(Malformed),
            (count, _) => (1..count).map(|_| self.id(start_op)).collect::<Result<_, _>>()?,
        };
        let what = match (what, place) {
            (0 | 1, None) => {
                let number = self
                    .key
                    .next()
                    .and_then(|key| usize::try_from(key).ok())
                    .ok_or(Malformed)?;
                let key = *self.keys.get(number).ok_or(Malformed)?;
                if what == 1 {
                    What::Delete(key)
                } else {
                    What::Set(
                        key,
                        self.values
                            .get_mut(number)
                            .and_then(Iterator::next)
                            .ok_or(Malformed)?,
                    )
                }
            }
            (2, Some(at)) => {
                let text = self
                    .texts
                    .next()
                    .filter(|text| !text.is_empty())
                    .ok_or(Malformed)?;
                What::InsertText(at, text.to_owned())
            }
            (3, Some(at)) => What::InsertValue(at, self.inserted.next().ok_or(Malformed)?),
            (4, Some(at)) => What::InsertMap(at),
            (5, Some(at)) => What::DeletePlace(at),
            _ => return Err(Malformed),
        };
        Ok(Row { object, what, preds })
    }

    fn place(&mut self, start_op: u64) -> Result<Place, Malformed> {
        match self.place.next().ok_or(Malformed)? {
            0 => Ok(Place::Head),
            1 => Ok(Place::Before),
            2 => self.id(start_op).map(Place::Id),
            _ => Err(Malformed),
        }
    }

    fn id(&mut self, start_op: u64) -> Result<OpId, Malformed> {
        let actor = actor_of(self.actors, self.id_actor.next().ok_or(Malformed)?)?;
        let back = self.id_back.next().ok_or(Malformed)?;
        let ctr = i64::try_from(start_op)
            .ok()
            .and_then(|start_op| start_op.checked_sub(back));
        let ctr = ctr.and_then(|ctr| u64::try_from(ctr).ok()).ok_or(Malformed)?;
        Ok(OpId { actor, ctr })
    }
}

/// A column of lengths and the texts of these lengths.
fn texts<'a>(from: &mut Reader<'a>, count: usize) -> Result<Vec<&'a str>, Malformed> {
    let lengths = lane::uints(from, count)?;
    let text = |length| std::str::from_utf8(from.take(length)?).map_err(|_| Malformed);
    lengths.into_iter().map(text).collect()
}
