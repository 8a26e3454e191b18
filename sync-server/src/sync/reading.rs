mod listing;
mod sight;

use std::collections::VecDeque;

use saddlebag_protocol::limits::MAX_AGAIN;
use saddlebag_protocol::{Again, Forget, ForgetReason, RemovedSide};
use saddlebag_records::fact::{Fact, SideName, SideValue};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, RecordId};
use saddlebag_records::plan::wire::WireChange;

use super::page::{Authors, Entry, Piece};
use super::pull::{Item as ItemPlace, Place};
use super::sender::Sender;
use crate::store::{self, FactRow, Item, LogRow, ReadTx, Seq, SideRow, StoreError, What};
use listing::{Listing, Why};
use sight::Sight;

/// Rows and items that are fetched at a time.
const BATCH: usize = 256;

/// Reads, for one device, what lies past a place.
///
/// A row of the log says that something may be new; what a device gets is what it may see now. For each record there
/// is one row from which on the device's person has seen it without a break. That row brings all items below it;
/// rows before it are passed over, rows after it bring their own item. So a record that came and went within the
/// read is never sent, and one that went and came back is never forgotten.
pub(super) struct Reading<'a> {
    tx: &'a dyn ReadTx,
    sender: &'a Sender,
    /// What the device wrote itself after this row it still holds.
    own_since: Seq,
    /// What marks facts that it wrote in this very request.
    pub(super) own_rows: Option<[u8; 8]>,
    sight: Sight<'a>,
    ready: VecDeque<Entry>,
    log: VecDeque<LogRow>,
    read_to: Seq,
    /// Of the row after `read_to`: what was read of it before.
    within: Option<ItemPlace>,
    listing: Option<Listing>,
    /// Rows that were looked at.
    pub(super) rows: usize,
    /// Whether there is nothing more.
    pub(super) is_done: bool,
    #[cfg(feature = "planted-faults")]
    served_unseen: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn begin(tx: &'a dyn ReadTx, sender: &'a Sender, place: Place, own_since: Seq) -> Self {
        let mut reading = Self {
            tx,
            sender,
            own_since,
            own_rows: None,
            sight: Sight::of(tx, sender),
            ready: VecDeque::new(),
            log: VecDeque::new(),
            read_to: Seq::START,
            within: None,
            listing: None,
            rows: 0,
            is_done: false,
            #[cfg(feature = "planted-faults")]
            served_unseen: false,
        };
        match place {
            Place::After(seq) => reading.read_to = seq,
            Place::Within(seq, item) => (reading.read_to, reading.within) = (seq, Some(item)),
            Place::Anew(head, item) => {
                reading.read_to = head;
                let reads = sender.reads().filter(|(_, since)| *since <= head);
                let audiences = reads.map(|(audience, _)| audience).collect();
                reading.list(Why::Anew(head), audiences, Seq(head.0.saturating_add(1)), item);
            }
        }
        reading
    }

    /// What the device asks for again comes first, as far as it sees it. `place`: how far it has read.
    pub(super) fn again(&mut self, asked: Option<&Again>, place: Place) -> Result<(), StoreError> {
        let Some(asked) = asked else { return Ok(()) };
        for name in asked.facts.iter().take(MAX_AGAIN) {
            let id = FactId::new(DeviceNumber(name.author), name.n);
            let Some(row) = passed_over(self.tx.fact(id))? else {
                continue;
            };
            if self.sight.seen(row.record)?.since.is_none() {
                continue;
            }
            let sides = passed_over(self.tx.sides(row.record))?.into_iter();
            let sides: Vec<_> = sides.filter(|side| side.key.fact == id).collect();
            let what = vec![self.fact(&row, &sides)?];
            self.ready.push_back(Entry { what, place });
        }
        for name in asked.changes.iter().take(MAX_AGAIN) {
            let (record, actor) = (RecordId(name.record), ActorId(name.actor));
            let Some(row) = passed_over(self.tx.change(record, actor, name.seq))? else {
                continue;
            };
            if let Some(kind) = self.sight.seen(record)?.kind {
                let bytes = row.bytes;
                let what = vec![Piece::Change(WireChange { record, kind, bytes })];
                self.ready.push_back(Entry { what, place });
            }
        }
        Ok(())
    }

    /// The next entry; one that brings nothing only says how far the device has read.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, StoreError> {
        loop {
            if let Some(entry) = self.ready.pop_front() {
                return Ok(Some(entry));
            }
            if let Some(listing) = self.listing.take() {
                self.go_through(listing)?;
            } else if let Some(row) = self.next_row()? {
                self.rows += 1;
                let within = self
                    .within
                    .take()
                    .filter(|_| row.seq.0 == self.read_to.0.saturating_add(1));
                self.open(&row, within)?;
                self.read_to = row.seq;
            } else {
                #[cfg(feature = "planted-faults")]
                if self.serve_unseen()? {
                    continue;
                }
                self.is_done = true;
                return Ok(None);
            }
        }
    }

    /// Whose devices wrote what was read.
    pub(super) fn authors(&self) -> &Authors {
        &self.sight.authors
    }

    #[cfg(feature = "planted-faults")]
    fn serve_unseen(&mut self) -> Result<bool, StoreError> {
        let is_courier = self.sender.role == saddlebag_records::access::Role::Courier;
        if !is_courier || std::mem::replace(&mut self.served_unseen, true) {
            return Ok(false);
        }
        let tx = self.tx;
        let sees = |record| Ok(self.sight.seen(record)?.since.is_some());
        let Some(record) = crate::fault::wrong_record(tx, self.sender.person, sees)? else {
            return Ok(false);
        };
        let place = Place::After(self.read_to);
        self.items(record, Seq::START, Seq(u64::MAX), |_| place)?;
        Ok(true)
    }

    fn next_row(&mut self) -> Result<Option<LogRow>, StoreError> {
        if self.log.is_empty() {
            let heard = self.sender.heard(self.read_to);
            self.log = self.tx.log_page(&heard, self.read_to, BATCH)?.into();
        }
        Ok(self.log.pop_front())
    }

    fn open(&mut self, row: &LogRow, within: Option<ItemPlace>) -> Result<(), StoreError> {
        // Most of what a device that pushed would read is what it wrote just now.
        if row.what == What::Fact && self.own_rows == Some(row.nonce) && row.seq > self.own_since {
            self.ready.push_back(Entry {
                what: vec![],
                place: Place::After(row.seq),
            });
            return Ok(());
        }
        let since = self.sight.seen(row.record)?.since;
        let what = match row.what {
            What::Grant if since == Some(row.seq) => {
                let before = Seq(row.seq.0.saturating_sub(1));
                let after = within.map_or(Seq::START, |within| within.item);
                self.items(row.record, after, row.seq, |item| {
                    Place::Within(
                        before,
                        ItemPlace {
                            record: Seq::START,
                            item,
                        },
                    )
                })?;
                vec![]
            }
            What::Fact | What::Change | What::Side if since.is_some_and(|since| since < row.seq) => {
                let item = self.tx.item(row)?;
                item.map_or(Ok(None), |item| self.piece(row.seq, item))?
                    .into_iter()
                    .collect()
            }
            What::SideRemoved if since.is_some() => match self.tx.item(row)? {
                Some(Item::SideRemoved(key)) => vec![removed(row.record, key)],
                _ => vec![],
            },
            // A grant to one more of the reader's audiences may show more of the side values.
            What::Sides | What::Grant if since.is_some_and(|since| since < row.seq) => {
                self.sides(row.record, row.seq)?
            }
            #[cfg(feature = "planted-faults")]
            What::Removal
                if since.is_none() && crate::fault::forgets_removal(self.sender.person, row.record) =>
            {
                vec![]
            }
            What::Removal if since.is_none() => vec![self.forget(row.record)?],
            // It is seen by another cause, or came back: what the device holds of it and no longer sees goes.
            What::Removal => self.sides_lost(row.record, row.seq)?,
            What::Forget => vec![self.forget(row.record)?],
            What::Joined | What::Left => {
                if let Some(Item::Audience(audience)) = self.tx.item(row)? {
                    self.moved(row, audience, within);
                    if self.listing.is_some() {
                        return Ok(());
                    }
                }
                vec![]
            }
            _ => vec![],
        };
        self.ready.push_back(Entry {
            what,
            place: Place::After(row.seq),
        });
        Ok(())
    }

    /// Queues the items of a record after one row and below another.
    fn items(
        &mut self,
        record: RecordId,
        mut after: Seq,
        below: Seq,
        place: impl Fn(Seq) -> Place,
    ) -> Result<(), StoreError> {
        loop {
            let items = self.tx.items(record, after, below, BATCH)?;
            let Some((last, _)) = items.last() else {
                return Ok(());
            };
            after = *last;
            for (seq, item) in items {
                let what = self.piece(seq, item)?.into_iter().collect();
                self.ready.push_back(Entry {
                    what,
                    place: place(seq),
                });
            }
        }
    }

    /// What an item brings; none for one that the device wrote and still holds.
    fn piece(&mut self, seq: Seq, item: Item) -> Result<Option<Piece>, StoreError> {
        match item {
            Item::Fact(row, sides) => {
                if seq > self.own_since && self.sight.is_own(row.id.device)? {
                    return Ok(None);
                }
                self.fact(&row, &sides).map(Some)
            }
            Item::Side(side) => {
                let row = passed_over(self.tx.fact(side.key.fact))?;
                row.map(|row| self.fact(&row, &[side])).transpose()
            }
            Item::Change(row) => {
                let held = seq > self.own_since && row.by == self.sender.number;
                let kind = self.sight.seen(row.record)?.kind.filter(|_| !held);
                Ok(kind.map(|kind| {
                    Piece::Change(WireChange {
                        record: row.record,
                        kind,
                        bytes: row.bytes,
                    })
                }))
            }
            Item::Damaged(seq) => {
                tracing::error!(row = seq.0, "a damaged row is not served");
                Ok(None)
            }
            Item::SideRemoved(_) | Item::Audience(_) => Ok(None),
        }
    }

    fn fact(&mut self, row: &FactRow, sides: &[SideRow]) -> Result<Piece, StoreError> {
        let fact = Fact::decode(&row.bytes).map_err(|_| StoreError::Damaged("fact"))?;
        self.sight.note_author(row.id.device)?;
        let seen = self.sight.seen(row.record)?;
        let visible = sides
            .iter()
            .filter(|side| self.sight.may_see(&seen, side.key.name));
        Ok(Piece::Fact(Box::new(fact), visible.filter_map(value).collect()))
    }

    /// What the device now sees, and no longer sees, of the side values that a record had at a row. Its own ones it
    /// holds already: of a day's facts they would come back with every position, for most of what ends gets a cause more.
    fn sides(&mut self, record: RecordId, row: Seq) -> Result<Vec<Piece>, StoreError> {
        let seen = self.sight.seen(record)?;
        let mut what = Vec::new();
        for side in passed_over(self.tx.sides(record))?
            .into_iter()
            .filter(|side| side.seq < row)
        {
            if !self.sight.may_see(&seen, side.key.name) {
                what.push(removed(record, side.key));
            } else if side.seq > self.own_since && self.sight.is_own(side.key.fact.device)? {
                continue;
            } else if let Some(row) = passed_over(self.tx.fact(side.key.fact))? {
                what.push(self.fact(&row, &[side])?);
            }
        }
        Ok(what)
    }

    /// The side values that a record had at a row and that the device no longer sees.
    fn sides_lost(&mut self, record: RecordId, row: Seq) -> Result<Vec<Piece>, StoreError> {
        let seen = self.sight.seen(record)?;
        let sides = passed_over(self.tx.sides(record))?.into_iter();
        let lost = sides.filter(|side| side.seq < row && !self.sight.may_see(&seen, side.key.name));
        Ok(lost.map(|side| removed(record, side.key)).collect())
    }

    fn forget(&self, record: RecordId) -> Result<Piece, StoreError> {
        let reason = match self.tx.tombstone(record)?.map(|tombstone| tombstone.reason) {
            None => ForgetReason::NoLongerVisible,
            Some(store::ForgetReason::Retention) => ForgetReason::Retention,
            Some(store::ForgetReason::Person) => ForgetReason::Person,
        };
        Ok(Piece::Forget(Forget {
            record: record.0,
            reason,
        }))
    }
}

/// One bad row must not keep others from being served. Once it is mended, all of its record is read once more.
fn passed_over<T: Default>(read: Result<T, StoreError>) -> Result<T, StoreError> {
    match read {
        Err(StoreError::Damaged(what)) => {
            tracing::error!(what, "a damaged row is not served");
            Ok(T::default())
        }
        read => read,
    }
}

fn removed(record: RecordId, key: store::SideKey) -> Piece {
    Piece::RemovedSide(RemovedSide {
        record: record.0,
        device: key.fact.device.0,
        n: key.fact.n,
        name: key.name,
    })
}

fn value(row: &SideRow) -> Option<SideValue> {
    let name = SideName::from_number(row.key.name)?;
    Some(SideValue {
        record: row.record,
        fact: row.key.fact,
        name,
        value: row.value.clone(),
    })
}
