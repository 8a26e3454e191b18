use std::collections::VecDeque;

use saddlebag_records::access::Audience;
use saddlebag_records::id::RecordId;

use super::{BATCH, Reading};
use crate::store::{LogRow, Seq, StoreError, What};
use crate::sync::page::Entry;
use crate::sync::pull::{Item as ItemPlace, Place};

/// Records that are gone through because of one row: those of an audience that was joined or left, or all.
pub(super) struct Listing {
    why: Why,
    audiences: Vec<Audience>,
    /// Records granted at or after this row are not of it.
    below: Seq,
    next: VecDeque<(Seq, RecordId)>,
    reached: ItemPlace,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Anew(Seq),
    Joined(Seq),
    Left(Seq, Audience),
}

impl Reading<'_> {
    /// The person joined an audience, or left one.
    pub(super) fn moved(&mut self, row: &LogRow, audience: Audience, within: Option<ItemPlace>) {
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

    pub(super) fn list(&mut self, why: Why, audiences: Vec<Audience>, below: Seq, reached: ItemPlace) {
        self.listing = Some(Listing {
            why,
            audiences,
            below,
            next: VecDeque::new(),
            reached,
        });
    }

    /// One record more of a listing, which then goes on.
    pub(super) fn go_through(&mut self, mut listing: Listing) -> Result<(), StoreError> {
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
        let since = self.sight.seen(record)?.since;
        let (why, reached) = (
            listing.why,
            ItemPlace {
                record: granted,
                item: ItemPlace::ALL,
            },
        );
        let what = match why {
            Why::Left(..) if since.is_none() => vec![self.forget(record)?],
            // By another cause than what they left: with fewer side values, perhaps.
            Why::Left(row, _) => self.sides_lost(record, row)?,
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
                        if self.sight.seen(lost.record)?.since.is_none() {
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
