use std::collections::HashMap;

use saddlebag_records::access::{Audience, Grant, may_see_side};
use saddlebag_records::fact::SideName;
use saddlebag_records::id::{DeviceNumber, RecordId};
use saddlebag_records::kind::RecordKind;

use crate::store::{ReadTx, Seq, StoreError};
use crate::sync::page::Authors;
use crate::sync::sender::Sender;

/// What a device's person sees, and which authors they are told of; each looked up once.
pub(super) struct Sight<'a> {
    tx: &'a dyn ReadTx,
    sender: &'a Sender,
    seen: HashMap<RecordId, Seen>,
    own_numbers: HashMap<DeviceNumber, bool>,
    /// Whose devices wrote what was read.
    pub(super) authors: Authors,
}

/// How the device's person stands to a record.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) kind: Option<RecordKind>,
    /// The row from which on it has been seen without a break; none while it is not seen.
    pub(super) since: Option<Seq>,
    grants: Vec<Grant>,
}

impl<'a> Sight<'a> {
    pub(super) fn of(tx: &'a dyn ReadTx, sender: &'a Sender) -> Self {
        Self {
            tx,
            sender,
            seen: HashMap::new(),
            own_numbers: HashMap::new(),
            authors: Authors::new(),
        }
    }

    pub(super) fn seen(&mut self, record: RecordId) -> Result<Seen, StoreError> {
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

    pub(super) fn may_see(&self, seen: &Seen, name: u8) -> bool {
        let (Some(name), Some(kind)) = (SideName::from_number(name), seen.kind) else {
            return false;
        };
        seen.grants
            .iter()
            .any(|grant| may_see_side(self.sender.role, grant, name, kind))
    }

    /// Whose device it is is told of all but the reader's own and one-time numbers.
    pub(super) fn note_author(&mut self, author: DeviceNumber) -> Result<(), StoreError> {
        if author != self.sender.number && !author.is_one_time() && !self.authors.contains_key(&author) {
            let device = self.tx.device(author)?;
            self.authors.extend(device.map(|device| (author, device.person)));
        }
        Ok(())
    }

    pub(super) fn is_own(&mut self, author: DeviceNumber) -> Result<bool, StoreError> {
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
}
