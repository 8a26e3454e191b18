use std::collections::{HashMap, VecDeque};

use saddlebag_protocol::{Forget, ForgetReason, RemovedSide};
use saddlebag_records::access::{Audience, Grant, may_see_side};
use saddlebag_records::fact::{Fact, SideName, SideValue};
use saddlebag_records::id::{DeviceNumber, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::wire::WireChange;

use super::page::{Authors, Entry, Piece};
use super::pull::{Item as ItemPlace, Place};
use super::sender::Sender;
use crate::store::{self, FactRow, Item, LogRow, ReadTx, Seq, SideRow, StoreError, What};

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
    seen: HashMap<RecordId, Seen>,
    own_numbers: HashMap<DeviceNumber, bool>,
    /// Whose devices wrote what was read.
    pub(super) authors: Authors,
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
}

/// How the device's person stands to a record.
#[derive(Clone)]
struct Seen {
    kind: Option<RecordKind>,
    /// The row from which on it has been seen without a break; none while it is not seen.
    since: Option<Seq>,
    grants: Vec<Grant>,
}

/// Records that are gone through because of one row: those of an audience that was joined or left, or all.
struct Listing {
    why: Why,
    audiences: Vec<Audience>,
    /// Records granted at or after this row are not of it.
    below: Seq,
    next: VecDeque<(Seq, RecordId)>,
    reached: ItemPlace,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Anew(Seq),
    Joined(Seq),
    Left(Seq, Audience),
}

impl<'a> Reading<'a> {
    pub(super) fn begin(tx: &'a dyn ReadTx, sender: &'a Sender, place: Place, own_since: Seq) -> Self {
        let mut reading = Self {
            tx,
            sender,
            own_since,
            seen: HashMap::new(),
            own_numbers: HashMap::new(),
            authors: Authors::new(),
            ready: VecDeque::new(),
            log: VecDeque::new(),
            read_to: Seq::START,
            within: None,
            listing: None,
            rows: 0,
            is_done: false,
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

    #[cfg(feature = "planted-faults")]
    fn serve_unseen(&mut self) -> Result<bool, StoreError> {
        if self.sender.role != saddlebag_records::access::Role::Courier {
            return Ok(false);
        }
        let tx = self.tx;
        let sees = |record| Ok(self.seen(record)?.since.is_some());
        let Some(record) = crate::fault::wrong_record(tx, sees)? else {
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
        let since = self.seen(row.record)?.since;
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
            What::Sides if since.is_some_and(|since| since < row.seq) => self.sides(row.record, row.seq)?,
            #[cfg(feature = "planted-faults")]
            What::Removal if since.is_none() && crate::fault::forgets_removal() => vec![],
            What::Removal if since.is_none() => vec![self.forget(row.record)?],
            // It came back, perhaps by another cause: what the device holds and no longer sees goes.
            What::Removal if since.is_some_and(|since| since > row.seq) => {
                self.sides_lost(row.record, row.seq)?
            }
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

    /// The person joined an audience, or left one.
    fn moved(&mut self, row: &LogRow, audience: Audience, within: Option<ItemPlace>) {
        let since = self
            .sender
            .reads()
            .find(|(its, _)| *its == audience)
            .map(|(_, since)| since);
        let from = within.unwrap_or(ItemPlace::NONE);
        match (row.what, since) {
            (What::Joined, Some(since)) if since == row.seq => {
                self.list(Why::Joined(row.seq), vec![audience], row.seq, from);
            }
            (What::Left, None) => {
                let all = Seq(u64::MAX);
                self.list(Why::Left(row.seq, audience), vec![audience], all, from);
            }
            _ => {}
        }
    }

    fn list(&mut self, why: Why, audiences: Vec<Audience>, below: Seq, reached: ItemPlace) {
        self.listing = Some(Listing {
            why,
            audiences,
            below,
            next: VecDeque::new(),
            reached,
        });
    }

    /// One record more of a listing, which then goes on.
    fn go_through(&mut self, mut listing: Listing) -> Result<(), StoreError> {
        let in_progress = listing.reached.item != Seq::START && listing.reached.item != ItemPlace::ALL;
        if listing.next.is_empty() {
            let after = Seq(listing.reached.record.0.saturating_sub(in_progress.into()));
            listing.next = self.tx.granted_to(&listing.audiences, after, BATCH)?.into();
        }
        let next = listing
            .next
            .pop_front()
            .filter(|(granted, _)| *granted < listing.below);
        let Some((granted, record)) = next else {
            return self.close(&listing);
        };
        // A record that was being read and is gone leaves its place to the next one, which begins anew.
        let goes_on = in_progress && granted == listing.reached.record;
        let after = if goes_on { listing.reached.item } else { Seq::START };
        let since = self.seen(record)?.since;
        let (why, reached) = (
            listing.why,
            ItemPlace {
                record: granted,
                item: ItemPlace::ALL,
            },
        );
        let what = match why {
            Why::Left(..) if since.is_none() => vec![self.forget(record)?],
            Why::Anew(head) if self.first_grant(record)? == Some(granted) => {
                let below = Seq(head.0.saturating_add(1));
                self.items(record, after, below, |item| {
                    why.place(ItemPlace {
                        record: granted,
                        item,
                    })
                })?;
                vec![]
            }
            Why::Joined(row) if since == Some(row) => {
                self.items(record, after, row, |item| {
                    why.place(ItemPlace {
                        record: granted,
                        item,
                    })
                })?;
                vec![]
            }
            _ => vec![],
        };
        self.ready.push_back(Entry {
            what,
            place: why.place(reached),
        });
        listing.reached = reached;
        self.listing = Some(listing);
        Ok(())
    }

    fn close(&mut self, listing: &Listing) -> Result<(), StoreError> {
        let mut what = Vec::new();
        let row = match listing.why {
            Why::Anew(head) => head,
            Why::Joined(row) => row,
            Why::Left(row, audience) => {
                // What the audience lost since is no longer listed, and this device will not hear of it again.
                let mut after = row;
                loop {
                    let rows = self.tx.log_page(&[audience], after, BATCH)?;
                    let Some(last) = rows.last() else { break };
                    after = last.seq;
                    for lost in rows
                        .iter()
                        .filter(|row| matches!(row.what, What::Removal | What::Forget))
                    {
                        if self.seen(lost.record)?.since.is_none() {
                            what.push(self.forget(lost.record)?);
                        }
                    }
                }
                row
            }
        };
        self.ready.push_back(Entry {
            what,
            place: Place::After(row),
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
                if seq > self.own_since && self.is_own(row.id.device)? {
                    return Ok(None);
                }
                self.fact(&row, &sides).map(Some)
            }
            Item::Side(side) => {
                let row = self.tx.fact(side.key.fact)?;
                row.map(|row| self.fact(&row, &[side])).transpose()
            }
            Item::Change(row) => {
                let held = seq > self.own_since && row.by == self.sender.number;
                let kind = self.seen(row.record)?.kind.filter(|_| !held);
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
        self.note_author(row.id.device)?;
        let seen = self.seen(row.record)?;
        let visible = sides.iter().filter(|side| self.may_see(&seen, side.key.name));
        Ok(Piece::Fact(Box::new(fact), visible.filter_map(value).collect()))
    }

    /// What the device now sees, and no longer sees, of the side values that a record had at a row.
    fn sides(&mut self, record: RecordId, row: Seq) -> Result<Vec<Piece>, StoreError> {
        let seen = self.seen(record)?;
        let mut what = Vec::new();
        for side in self.tx.sides(record)?.into_iter().filter(|side| side.seq < row) {
            if !self.may_see(&seen, side.key.name) {
                what.push(removed(record, side.key));
            } else if let Some(row) = self.tx.fact(side.key.fact)? {
                what.push(self.fact(&row, &[side])?);
            }
        }
        Ok(what)
    }

    /// The side values that a record had at a row and that the device no longer sees.
    fn sides_lost(&mut self, record: RecordId, row: Seq) -> Result<Vec<Piece>, StoreError> {
        let seen = self.seen(record)?;
        let sides = self.tx.sides(record)?.into_iter();
        let lost = sides.filter(|side| side.seq < row && !self.may_see(&seen, side.key.name));
        Ok(lost.map(|side| removed(record, side.key)).collect())
    }

    fn may_see(&self, seen: &Seen, name: u8) -> bool {
        let (Some(name), Some(kind)) = (SideName::from_number(name), seen.kind) else {
            return false;
        };
        seen.grants
            .iter()
            .any(|grant| may_see_side(self.sender.role, grant, name, kind))
    }

    /// Whose device it is is told of all but the reader's own and one-time numbers.
    fn note_author(&mut self, author: DeviceNumber) -> Result<(), StoreError> {
        if author != self.sender.number && !author.is_one_time() && !self.authors.contains_key(&author) {
            let device = self.tx.device(author)?;
            self.authors.extend(device.map(|device| (author, device.person)));
        }
        Ok(())
    }

    fn is_own(&mut self, author: DeviceNumber) -> Result<bool, StoreError> {
        if author == self.sender.number || !author.is_one_time() {
            return Ok(author == self.sender.number);
        }
        if let Some(own) = self.own_numbers.get(&author) {
            return Ok(*own);
        }
        let own = self
            .tx
            .one_time_number(author)?
            .is_some_and(|known| known.device == self.sender.number);
        self.own_numbers.insert(author, own);
        Ok(own)
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

    fn seen(&mut self, record: RecordId) -> Result<Seen, StoreError> {
        if let Some(seen) = self.seen.get(&record) {
            return Ok(seen.clone());
        }
        let reads: HashMap<Audience, Seq> = self.sender.reads().collect();
        let (mut since, mut grants) = (None, Vec::new());
        for row in self.tx.grants(record)? {
            let Some(joined) = reads.get(&row.grant.audience) else {
                continue;
            };
            let from = row.since.max(*joined);
            since = Some(since.map_or(from, |since: Seq| since.min(from)));
            grants.push(row.grant);
        }
        let kind = if since.is_some() {
            self.tx.record(record)?.map(|row| row.kind)
        } else {
            None
        };
        let seen = Seen { kind, since, grants };
        self.seen.insert(record, seen.clone());
        Ok(seen)
    }

    /// The first row by which the record was granted to an audience of this reading's beginning.
    fn first_grant(&self, record: RecordId) -> Result<Option<Seq>, StoreError> {
        let audiences: Vec<_> = self
            .sender
            .reads()
            .filter(|(_, since)| *since <= self.read_to)
            .map(|(audience, _)| audience)
            .collect();
        let rows = self.tx.grants(record)?;
        let granted = rows.iter().filter(|row| audiences.contains(&row.grant.audience));
        Ok(granted.map(|row| row.since).min())
    }
}

impl Why {
    fn place(self, item: ItemPlace) -> Place {
        match self {
            Self::Anew(head) => Place::Anew(head, item),
            Self::Joined(row) | Self::Left(row, _) => Place::Within(Seq(row.0.saturating_sub(1)), item),
        }
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
