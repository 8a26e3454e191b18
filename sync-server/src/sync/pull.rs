use saddlebag_protocol::limits::{FRAME_BUDGET, LEAST_BUDGET, MAX_FRAME};
use saddlebag_protocol::{Again, Cursor, Page};

use super::cursor::{Start, after_row};
use super::page::{Entry, fill};
use super::reading::Reading;
use super::sender::Sender;
use crate::store::{ReadTx, Seq, StoreError};

/// What an answer weighs beside its page, about.
const BESIDE_PAGE: usize = 200;
/// The most that is gathered for a page, before compression.
const MOST_GATHERED: usize = 1_500_000;
/// Rows of the log that are looked at for one page: most of a long absence may be of records that came and went.
const MOST_ROWS: usize = 20_000;

/// What is new for a device.
pub(super) struct Pulled {
    pub(super) page: Option<Page>,
    pub(super) cursor: Cursor,
    pub(super) more: bool,
}

/// How far a device has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Every row up to this one.
    After(Seq),
    /// Every row up to this one, and of what the next one brings all up to an item of a record.
    Within(Seq, Item),
    /// What it may see as it stands now, up to an item of a record; then it goes on after this row.
    Anew(Seq, Item),
}

/// An item among those that a row of the log brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The row by which its record was granted; [`Seq::START`] where the row brings one record alone.
    pub(super) record: Seq,
    /// Its own row; [`Item::ALL`] where all of the record was read.
    pub(super) item: Seq,
}

impl Item {
    pub(super) const ALL: Seq = Seq(u32::MAX as u64);
    pub(super) const NONE: Self = Self {
        record: Seq::START,
        item: Seq::START,
    };
}

/// The bit of a cursor's `within` that tells [`Place::Anew`].
const ANEW: u64 = 1 << 63;

impl Place {
    /// The place of a cursor that the log knows.
    pub(super) fn of(cursor: &Cursor) -> Self {
        let seq = Seq(cursor.seq);
        let (anew, within) = (cursor.within & ANEW != 0, cursor.within & !ANEW);
        let item = Item {
            record: Seq(within >> 32),
            item: Seq(within & Item::ALL.0),
        };
        match (anew, item) {
            (true, item) => Self::Anew(seq, item),
            (false, Item::NONE) => Self::After(seq),
            (false, item) => Self::Within(seq, item),
        }
    }

    /// As a cursor. Places among the items of a row share 63 bits: enough for two billion rows of the log, which
    /// a county writes in 800 years.
    pub(super) fn cursor(self, tx: &dyn ReadTx, epoch: [u8; 8]) -> Result<Cursor, StoreError> {
        let (seq, item, flag) = match self {
            Self::After(seq) => (seq, Item::NONE, 0),
            Self::Within(seq, item) => (seq, item, 0),
            Self::Anew(seq, item) => (seq, item, ANEW),
        };
        if item.record.0 >> 31 != 0 || item.item > Item::ALL {
            return Err(StoreError::Conflict("the log is too long"));
        }
        let within = flag | item.record.0 << 32 | item.item.0;
        Ok(Cursor {
            within,
            ..after_row(tx, epoch, seq)?
        })
    }
}

/// The budget of an answer, from what the request asks for.
pub(super) fn budget(asked: Option<u32>) -> usize {
    asked
        .map_or(FRAME_BUDGET, |asked| asked as usize)
        .clamp(LEAST_BUDGET, MAX_FRAME)
        - BESIDE_PAGE
}

/// The cursor of a device that has read nothing.
pub(super) fn from_the_start(tx: &dyn ReadTx) -> Result<Cursor, StoreError> {
    let epoch = tx.epoch()?.ok_or(StoreError::Damaged("epoch"))?.name;
    Place::Anew(tx.log_head()?, Item::NONE).cursor(tx, epoch)
}

/// The cursor of a device that is not served, where the one that it has is not of this epoch: once it is served it goes on
/// from the same place.
pub(super) fn unread(tx: &dyn ReadTx, start: Start) -> Result<Option<Cursor>, StoreError> {
    match start {
        Start::Anew | Start::After(_) => Ok(None),
        Start::BackAt(cursor, _) => Ok(Some(cursor)),
        Start::Unknown => from_the_start(tx).map(Some),
    }
}

/// What a device wrote in the very request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    /// The log's last row before it.
    pub(super) before: Seq,
    /// What marks the facts in it, where all are under the device's own number.
    pub(super) own_rows: Option<[u8; 8]>,
}

/// The next page for a device.
pub(super) fn pull(
    tx: &dyn ReadTx,
    sender: &Sender,
    start: Start,
    written: Written,
    again: Option<&Again>,
    budget: usize,
) -> Result<Pulled, StoreError> {
    let epoch = tx.epoch()?.ok_or(StoreError::Damaged("epoch"))?.name;
    let head = tx.log_head()?;
    let (mut place, own_since) = match start {
        Start::After(cursor) | Start::BackAt(cursor, _) => (Place::of(&cursor), Seq(cursor.seq)),
        Start::Anew | Start::Unknown => (Place::Anew(head, Item::NONE), written.before),
    };
    let mut reading = Reading::begin(tx, sender, place, own_since);
    reading.own_rows = written.own_rows;
    reading.again(again, place)?;
    let mut entries: Vec<Entry> = Vec::new();
    let (mut weight, mut target) = (0, budget * 3);
    let (count, page) = loop {
        while weight < target.min(MOST_GATHERED) && reading.rows < MOST_ROWS {
            let Some(entry) = reading.next()? else { break };
            if entry.what.is_empty() {
                match entries.last_mut() {
                    Some(last) => last.place = entry.place,
                    None => place = entry.place,
                }
            } else {
                weight += entry.weight();
                entries.push(entry);
            }
        }
        let (count, page, size) = fill(&entries, reading.authors(), budget);
        let is_full = count < entries.len() || weight >= MOST_GATHERED || size * 5 >= budget * 4;
        if is_full || reading.is_done || reading.rows >= MOST_ROWS {
            break (count, page);
        }
        target = (weight * budget / size.max(1)).max(weight + budget);
    };

    let more = count < entries.len() || !reading.is_done;
    let reached = count
        .checked_sub(1)
        .and_then(|last| entries.get(last))
        .map_or(place, |last| last.place);
    // Nothing is left: the newest row, whoever it is for, so that no idle device's cursor grows old.
    let reached = if more { reached } else { Place::After(head) };
    let page = (page != Page::default()).then_some(page);
    Ok(Pulled {
        page,
        cursor: reached.cursor(tx, epoch)?,
        more,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cursors are kept by phones for months: what they mean may not change.
    #[test]
    fn a_place_among_items_is_told_in_63_bits() {
        let of = |seq, within| {
            Place::of(&Cursor {
                epoch: [1; 8],
                seq,
                nonce: [2; 8],
                within,
            })
        };
        let item = |record, item| Item {
            record: Seq(record),
            item: Seq(item),
        };
        assert_eq!(of(7, 0), Place::After(Seq(7)));
        assert_eq!(of(7, 9), Place::Within(Seq(7), item(0, 9)));
        assert_eq!(of(7, 3 << 32 | 9), Place::Within(Seq(7), item(3, 9)));
        assert_eq!(of(7, 1 << 63), Place::Anew(Seq(7), Item::NONE));
        assert_eq!(
            of(7, 1 << 63 | 3 << 32 | 0xffff_ffff),
            Place::Anew(Seq(7), item(3, Item::ALL.0))
        );
    }

    #[test]
    fn budgets_are_kept_within_reason() {
        assert_eq!(budget(None), FRAME_BUDGET - BESIDE_PAGE);
        assert_eq!(budget(Some(0)), LEAST_BUDGET - BESIDE_PAGE);
        assert_eq!(budget(Some(u32::MAX)), MAX_FRAME - BESIDE_PAGE);
    }
}
