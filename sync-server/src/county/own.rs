//! What the county's own people do is in the journal, sealed, before it is said to be done: a county that is restored
//! from a backup has no phone that would offer it again.

use std::collections::BTreeSet;

use minicbor::bytes::{ByteArray, ByteVec};
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;

use super::County;
use super::journal::{Item, Side, Written};
use crate::store::{self, Seq, SideRow, StoreError, What, WriteTx};

impl County {
    /// Does a job of the county's own people. What it wrote stands in the journal before it is committed.
    ///
    /// # Errors
    /// Those of the job, and every [`StoreError`] of the journal and the commit.
    pub(crate) fn own<T, E>(
        &self,
        job: impl FnOnce(&mut dyn WriteTx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (its, moment) = (self.clone(), self.moment());
        let job = move |tx: &mut dyn WriteTx| {
            let before = Before::of(tx)?;
            let done = job(tx)?;
            its.seal(moment.ms, before.written_since(tx)?)?;
            Ok(done)
        };
        self.store().write(moment, job).wait()
    }

    /// Seals these devices, as they are now, within a job that made or changed them.
    pub(crate) fn seal_devices(&self, tx: &dyn WriteTx, numbers: &[DeviceNumber]) -> Result<(), StoreError> {
        let mut items = Vec::new();
        for number in numbers {
            items.extend(tx.device(*number)?.map(|its| device(&its)));
        }
        self.seal(self.now_ms(), items)
    }

    fn seal(&self, at_ms: i64, items: Vec<Item>) -> Result<(), StoreError> {
        if items.is_empty() {
            return Ok(());
        }
        let written = Written { at_ms, items };
        self.with_journal(|journal| journal.seal(self.keys().operator(), &written))
            .map_err(StoreError::from)
    }
}

/// Where the county stood before a job.
struct Before {
    head: Seq,
    audit: u64,
    last_device: DeviceNumber,
}

impl Before {
    fn of(tx: &dyn WriteTx) -> Result<Self, StoreError> {
        Ok(Self {
            head: tx.log_head()?,
            audit: tx.audit_head()?,
            last_device: tx.last_device()?,
        })
    }

    /// What the job wrote, beside what follows from it.
    fn written_since(&self, tx: &dyn WriteTx) -> Result<Vec<Item>, StoreError> {
        let mut gathering = Gathering {
            tx,
            items: Vec::new(),
            begun: BTreeSet::new(),
            people: BTreeSet::new(),
        };
        for row in tx.log_rows(self.head, usize::MAX)? {
            gathering.row(&row)?;
        }
        for number in self.last_device.0 + 1..=tx.last_device()?.0 {
            gathering
                .items
                .extend(tx.device(DeviceNumber(number))?.map(|its| device(&its)));
        }
        for (_, entry) in tx.audit(self.audit, usize::MAX)? {
            gathering.items.push(Item::Audit {
                who: entry.who.map(|who| ByteArray::from(who.0)),
                what: entry.what,
                record: entry.record.map(|record| ByteArray::from(record.0)),
                why: entry.why,
            });
        }
        Ok(gathering.items)
    }
}

struct Gathering<'a> {
    tx: &'a dyn WriteTx,
    items: Vec<Item>,
    begun: BTreeSet<RecordId>,
    people: BTreeSet<PersonId>,
}

impl Gathering<'_> {
    fn row(&mut self, row: &store::LogRow) -> Result<(), StoreError> {
        let item = match row.what {
            // Who sees what follows from the rest; what was forgotten has its line.
            What::Grant | What::Removal | What::Sides | What::Forget => return Ok(()),
            What::Joined | What::Left => self.tx.item(row)?,
            What::Fact | What::Change | What::Side | What::SideRemoved => {
                self.begin(row.record)?;
                self.tx.item(row)?
            }
        };
        match item {
            Some(store::Item::Fact(fact, sides)) => self.items.push(Item::Fact {
                bytes: ByteVec::from(fact.bytes),
                sides: sides.into_iter().map(side).collect(),
            }),
            Some(store::Item::Change(change)) => self.items.push(Item::Change {
                record: row.record.0,
                by: change.by.0,
                bytes: ByteVec::from(change.bytes),
            }),
            Some(store::Item::Side(later)) => self.items.push(Item::LaterSide {
                author: later.key.fact.device.0,
                n: later.key.fact.n,
                side: side(later),
            }),
            Some(store::Item::SideRemoved(key)) => self.items.push(Item::SideRemoved {
                author: key.fact.device.0,
                n: key.fact.n,
                name: key.name,
                ordinal: key.ordinal,
            }),
            Some(store::Item::Audience(audience)) => {
                self.person(row.record.into())?;
                self.items.push(Item::Belongs {
                    person: row.record.0,
                    audience: ByteVec::from(audience.to_bytes()),
                    belongs: row.what == What::Joined,
                });
            }
            Some(store::Item::Damaged(_)) => return Err(StoreError::Damaged("what was just written")),
            None => {}
        }
        Ok(())
    }

    /// The record that the next items are in, once.
    fn begin(&mut self, record: RecordId) -> Result<(), StoreError> {
        if !self.begun.insert(record) {
            return Ok(());
        }
        let Some(row) = self.tx.record(record)? else {
            return Ok(());
        };
        let begun = self.tx.one_time_number(row.creator)?;
        self.items.push(Item::Record {
            creator_device: begun.map(|number| number.device.0),
            id: record.0,
            kind: row.kind as u8,
            creator: row.creator.0,
            creator_person: row.creator_person.map(|person| ByteArray::from(person.0)),
        });
        if row.kind == RecordKind::Colleague {
            self.person(record.into())?;
        }
        Ok(())
    }

    /// Somebody as they are now, once.
    fn person(&mut self, id: PersonId) -> Result<(), StoreError> {
        if !self.people.insert(id) {
            return Ok(());
        }
        self.items.extend(self.tx.person(id)?.map(|person| Item::Person {
            id: id.0,
            role: person.role.number(),
            station: person.station.map(|station| ByteArray::from(station.0)),
            password_hash: person.password_hash,
            second_factor: person.second_factor.map(ByteVec::from),
            active: person.active,
        }));
        Ok(())
    }
}

fn side(row: SideRow) -> Side {
    Side {
        name: row.key.name,
        ordinal: row.key.ordinal,
        value: ByteVec::from(row.value),
    }
}

fn device(its: &store::Device) -> Item {
    Item::Device {
        number: its.number.0,
        person: its.person.0,
        role: its.role.number(),
        state: its.state as u8,
        token_hash: its.token_hash,
        public_key: its.public_key,
        replaces: its.replaces.map(|replaced| replaced.0),
    }
}
