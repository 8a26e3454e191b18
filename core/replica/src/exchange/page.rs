use std::collections::BTreeMap;

use saddlebag_protocol::{Forget, RemovedSide};
use saddlebag_records::fact::{Batch, Fact, SideName, SideValue, photos};
use saddlebag_records::id::{DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::wire::{NewerChange, WireChange};
use saddlebag_records::plan::{Verdict, trial};

use super::answer::Applying;
use crate::error::Result;
use crate::store::facts::{self, Stored};
use crate::store::state::State;
use crate::store::{authors, granted_before, identity, links, plans, records, side_values, tombstones};

/// What became visible or is new, unpacked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageContent {
    /// Whose devices wrote the facts.
    pub authors: Vec<AuthorOf>,
    /// Facts and side values.
    pub facts: Batch,
    /// Plan changes, in the order of the log.
    pub changes: Vec<WireChange>,
    /// Plan changes of records of kinds that this version does not know.
    pub newer_changes: Vec<NewerChange>,
    /// Side values that are removed, after the facts.
    pub removed_side: Vec<RemovedSide>,
    /// Records that leave this phone, after all else.
    pub forget: Vec<Forget>,
}

/// Whose device it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthorOf {
    /// The device's number.
    pub device: DeviceNumber,
    /// Whom it belongs to.
    pub person: PersonId,
}

impl Applying<'_> {
    /// Takes a page in the order that the protocol says: facts, plan changes, side values that go, records that go.
    pub(super) fn page(&mut self, page: &PageContent) -> Result<()> {
        for fact in &page.facts.facts {
            self.fact(fact)?;
        }
        for side in &page.facts.side {
            self.side_value(side)?;
        }
        let mut by_record: BTreeMap<RecordId, (RecordKind, Vec<&[u8]>)> = BTreeMap::new();
        for WireChange { record, kind, bytes } in &page.changes {
            by_record
                .entry(*record)
                .or_insert((*kind, Vec::new()))
                .1
                .push(bytes);
        }
        for (record, (kind, changes)) in by_record {
            self.changes(record, kind, changes)?;
        }
        for NewerChange { record, kind, bytes } in &page.newer_changes {
            if !tombstones::is_destroyed(self.connection, *record)? {
                plans::wait(self.connection, *record, *kind, bytes)?;
            }
        }
        for author in &page.authors {
            let records = authors::learn(self.connection, author.device, author.person)?;
            self.touched.extend(records);
        }
        for removed in &page.removed_side {
            let fact = FactId::new(DeviceNumber(removed.device), removed.n);
            let value = side_values::remove(self.connection, RecordId(removed.record), fact, removed.name)?;
            if let Some(value) = value.filter(|_| removed.name == SideName::Photo as u8) {
                let names = photos::names(&value).unwrap_or_default();
                self.unnamed_photos.extend_from_slice(names);
            }
            self.touch(RecordId(removed.record));
        }
        for forget in &page.forget {
            self.forget(RecordId(forget.record), forget.reason)?;
        }
        Ok(())
    }

    fn fact(&mut self, fact: &Fact) -> Result<()> {
        if tombstones::is_destroyed(self.connection, fact.record)? {
            return Ok(());
        }
        match facts::receive(self.connection, fact)? {
            Stored::Known => self.own_arrived(fact)?,
            Stored::Contradicts => {
                tracing::warn!(fact = %fact.id, "another fact came under a name that is taken");
                self.applied.not_taken += 1;
                return Ok(());
            }
            Stored::New => {
                self.own.clock.receive(&fact.stamp, &self.reading);
                links::remember(self.connection, fact)?;
                self.own_arrived(fact)?;
                // A store that was put back to an older state meets its own later facts: what is written next goes
                // above them, and the next push tells that this device forked.
                if fact.id.device == identity::author(self.connection)?.device {
                    self.own.next_n = self.own.next_n.max(fact.id.n.saturating_add(1));
                }
            }
        }
        self.granted(fact.record, fact.kind.record())
    }

    /// A fact of this installation's own that the county serves has arrived there, whatever was heard of it.
    fn own_arrived(&mut self, fact: &Fact) -> Result<()> {
        let FactId { device, n } = fact.id;
        if identity::is_own(self.connection, device)?
            && facts::one(self.connection, fact.record, device, n)?.is_some_and(|own| own.is_unplaced())
        {
            facts::came(self.connection, device, (n, n), State::County, self.position)?;
        }
        Ok(())
    }

    fn side_value(&mut self, side: &SideValue) -> Result<()> {
        if facts::record_of(self.connection, side.fact)? == Some(side.record) {
            side_values::receive(self.connection, side, self.read_to)?;
            self.touch(side.record);
        }
        Ok(())
    }

    /// Tries changes on a copy of the plan, with those that waited for them.
    fn changes(&mut self, record: RecordId, kind: RecordKind, changes: Vec<&[u8]>) -> Result<()> {
        if tombstones::is_destroyed(self.connection, record)? {
            return Ok(());
        }
        self.granted(record, Some(kind))?;
        self.make_way(record, &changes)?;
        let snapshot = plans::snapshot(self.connection, record)?;
        let waited = plans::take_waiting(self.connection, record)?;
        let from_the_page = changes.len();
        let all: Vec<&[u8]> = changes
            .into_iter()
            .chain(waited.iter().map(Vec::as_slice))
            .collect();
        let Ok(tried) = trial(kind, snapshot.as_deref(), Sender::County, &all) else {
            tracing::warn!(%record, "a plan cannot be read, and its changes wait");
            return all
                .iter()
                .try_for_each(|bytes| plans::wait(self.connection, record, kind as u8, bytes));
        };
        let mut changed = snapshot.is_none();
        for (at, (bytes, verdict)) in all.iter().zip(&tried.verdicts).enumerate() {
            let waited = at >= from_the_page;
            match verdict {
                Verdict::Admitted(header) => {
                    changed = true;
                    let is_own = identity::is_own_actor(self.connection, header.actor)?;
                    // Of one of this installation's own that waited for others nobody knows whether the county has it.
                    let state = if is_own && waited {
                        State::Local
                    } else {
                        State::County
                    };
                    plans::insert_change(self.connection, record, kind, header, bytes, state)?;
                    // One of this installation's own is offered again to a county that was restored to before it.
                    if is_own && !waited {
                        let (actor, seq) = (header.actor, header.seq);
                        let (state, position) = (State::County, self.position);
                        plans::change_came(self.connection, record, actor, seq, state, position)?;
                    }
                }
                Verdict::Known(_) if waited => {}
                Verdict::Known(header) => {
                    plans::known_at_the_county(self.connection, record, header, self.position)?;
                }
                Verdict::Waiting { .. } | Verdict::Later => {
                    plans::wait(self.connection, record, kind as u8, bytes)?
                }
                Verdict::Refused(refusal) => {
                    tracing::warn!(%record, code = refusal.code(), "a plan change was not taken");
                    self.applied.not_taken += 1;
                }
            }
        }
        if changed {
            plans::save(self.connection, record, &tried.snapshot, &tried.view)?;
        }
        Ok(())
    }

    /// The county shows this record to this person. Of a kind that this version does not know, it is kept unread.
    fn granted(&mut self, record: RecordId, kind: Option<RecordKind>) -> Result<()> {
        if let Some(kind) = kind {
            records::begin(self.connection, record, kind, true)?;
            granted_before::given(self.connection, record)?;
            tombstones::lift(self.connection, record)?;
            self.touch(record);
        }
        Ok(())
    }
}
