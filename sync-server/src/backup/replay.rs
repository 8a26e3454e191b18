//! What the county's own people wrote, from the journal into a county that was restored from a backup.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use minicbor::bytes::ByteArray;
use saddlebag_records::access::{Audience, Role};
use saddlebag_records::fact::{Chain, Fact, FactHash};
use saddlebag_records::id::{DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender as Author;
use saddlebag_records::plan::trial::{Verdict, trial};
use saddlebag_records::plan::{ChangeHeader, claimed};

use crate::county::{Item, Side, Written};
use crate::plans::{self, FitChange, FitChanges, head_of};
use crate::store::{
    DeviceState, FactPush, Fate, HeldItem, HeldState, NewDevice, NewFact, NewHeldChange, NewRecord, NewSide,
    Person, ReadTx, SideKey, StoreError, WriteTx,
};
use crate::visibility;

/// Codes of numbers whose facts are not there: of a forgotten record, and of a part of the journal that is not there.
mod code {
    pub(super) const GONE: &str = "gone";
    pub(super) const LOST: &str = "lost_in_restore";
    pub(super) const MISSING: &str = "missing_dependency";
}

/// Entries of the auditor's log that a backup has.
pub(super) type Audited = HashSet<(i64, Option<[u8; 16]>, String, Option<[u8; 16]>, String)>;

/// Does what an act did, where the county does not have it. Gives how many of its items are not there afterwards.
pub(super) fn replay(
    tx: &mut dyn WriteTx,
    now_ms: i64,
    written: Written,
    audited: &Audited,
) -> Result<u64, StoreError> {
    if is_known(tx, &written)? {
        return Ok(0);
    }
    let mut replaying = Replaying {
        tx,
        at_ms: written.at_ms,
        begun: BTreeMap::new(),
        begun_under: BTreeMap::new(),
        touched: BTreeSet::new(),
        lacking: 0,
    };
    for item in written.items {
        replaying.item(item, audited)?;
    }
    let (touched, lacking) = (replaying.touched, replaying.lacking);
    visibility::refresh(tx, now_ms, touched)?;
    Ok(lacking)
}

/// Whether the backup has the act already: an act is there as a whole or not at all.
fn is_known(tx: &dyn WriteTx, written: &Written) -> Result<bool, StoreError> {
    for item in &written.items {
        match item {
            Item::Fact { bytes, .. } => {
                let Ok(fact) = Fact::decode(bytes) else { continue };
                return Ok(tx.fact(fact.id)?.is_some());
            }
            Item::Change { record, bytes, .. } => {
                let Some((actor, seq)) = claimed(bytes) else {
                    continue;
                };
                return Ok(tx.change(RecordId(*record), actor, seq)?.is_some());
            }
            _ => {}
        }
    }
    Ok(false)
}

struct Replaying<'a> {
    tx: &'a mut dyn WriteTx,
    at_ms: i64,
    begun: BTreeMap<RecordId, NewRecord>,
    /// Under which one-time numbers of which devices they were begun.
    begun_under: BTreeMap<RecordId, (DeviceNumber, DeviceNumber)>,
    touched: BTreeSet<RecordId>,
    lacking: u64,
}

impl Replaying<'_> {
    fn item(&mut self, item: Item, audited: &Audited) -> Result<(), StoreError> {
        match item {
            Item::Record {
                id,
                kind,
                creator,
                creator_person,
                creator_device,
            } => {
                if let Some(device) = creator_device {
                    let number = DeviceNumber(creator);
                    self.begun_under
                        .insert(RecordId(id), (number, DeviceNumber(device)));
                }
                let kind = RecordKind::from_number(kind).ok_or(StoreError::Damaged("journal"))?;
                let new = NewRecord {
                    id: RecordId(id),
                    kind,
                    creator: DeviceNumber(creator),
                    creator_person: creator_person.map(|person| PersonId(*person)),
                };
                self.begun.insert(new.id, new);
                Ok(())
            }
            Item::Fact { bytes, sides } => self.fact(&bytes, sides),
            Item::Change { record, by, bytes } => {
                self.change(RecordId(record), DeviceNumber(by), bytes.into())
            }
            Item::LaterSide { author, n, side } => {
                let fact = FactId::new(DeviceNumber(author), n);
                self.tx.append_side(fact, fact.device, &new_side(side)).map(drop)
            }
            Item::SideRemoved {
                author,
                n,
                name,
                ordinal,
            } => {
                let fact = FactId::new(DeviceNumber(author), n);
                self.tx.remove_side(SideKey { fact, name, ordinal }).map(drop)
            }
            Item::Person { .. } => self.person(item),
            Item::Belongs {
                person,
                audience,
                belongs,
            } => {
                let audience = Audience::from_bytes(&audience).map_err(|_| StoreError::Damaged("journal"))?;
                let person = PersonId(person);
                let moved = match belongs {
                    true => self.tx.join_audience(person, audience)?,
                    false => self.tx.leave_audience(person, audience)?,
                };
                // Who sees whom hangs on where both are.
                if moved.is_some() {
                    self.touched.insert(person.into());
                }
                Ok(())
            }
            Item::Device { .. } => self.device(item),
            Item::Audit {
                who,
                what,
                record,
                why,
            } => {
                let plain = |id: Option<ByteArray<16>>| id.map(|id| *id);
                let (who, record) = (plain(who), plain(record));
                if audited.contains(&(self.at_ms, who, what.clone(), record, why.clone())) {
                    return Ok(());
                }
                self.tx
                    .append_audit(who.map(PersonId), &what, record.map(RecordId), &why)
            }
        }
    }

    fn fact(&mut self, bytes: &[u8], sides: Vec<Side>) -> Result<(), StoreError> {
        let fact = Fact::decode(bytes).map_err(|_| StoreError::Damaged("journal"))?;
        if self.tx.device(fact.id.device)?.is_some() || fact.id.device.is_one_time() {
            return self.release(&fact);
        }
        let author = self.tx.author(fact.id.device)?;
        if fact.id.n <= author.fact_count {
            return Ok(());
        }
        let mut chain = Chain::from_bytes(author.chain);
        let mut facts = Vec::new();
        for n in author.fact_count + 1..fact.id.n {
            facts.push(NewFact {
                n,
                record: fact.record,
                kind: fact.kind,
                hash: FactHash([0; 32]),
                running: chain.running_hash(),
                was: None,
                bytes: Vec::new(),
                sides: Vec::new(),
                fate: Fate::NotKept {
                    code: code::LOST.to_owned(),
                },
            });
        }
        let hash = FactHash::of(bytes);
        chain = chain.then(&hash);
        let is_there = self.begin(fact.record)?;
        facts.push(NewFact {
            n: fact.id.n,
            record: fact.record,
            kind: fact.kind,
            hash,
            running: chain.running_hash(),
            was: fact.was,
            bytes: bytes.to_vec(),
            sides: if is_there {
                sides.into_iter().map(new_side).collect()
            } else {
                Vec::new()
            },
            fate: match is_there {
                true => Fate::Admitted,
                false => Fate::NotKept {
                    code: code::GONE.to_owned(),
                },
            },
        });
        self.tx
            .append_facts(&FactPush {
                author: fact.id.device,
                by: fact.id.device,
                chain: chain.to_bytes(),
                facts,
            })
            .map(drop)
    }

    /// A phone's fact, which somebody let count: it does where it is held, and is held anew where the phone still has to
    /// bring it.
    fn release(&mut self, fact: &Fact) -> Result<(), StoreError> {
        let of_fact = |item: &HeldItem| matches!(item, HeldItem::Fact { id, .. } if *id == fact.id);
        let held = self.tx.held_of(fact.record)?;
        match held.iter().find(|held| of_fact(&held.item)) {
            Some(held) if self.begin(fact.record)? => {
                self.tx.admit_held_fact(held.id, fact.kind, fact.was).map(drop)
            }
            _ => {
                self.lacking += u64::from(self.tx.fact(fact.id)?.is_none());
                Ok(())
            }
        }
    }

    fn change(&mut self, record: RecordId, by: DeviceNumber, bytes: Vec<u8>) -> Result<(), StoreError> {
        let header = ChangeHeader::read(&bytes).map_err(|_| StoreError::Damaged("journal"))?;
        if self.tx.change(record, header.actor, header.seq)?.is_some() || !self.begin(record)? {
            return Ok(());
        }
        let kind = self
            .tx
            .record(record)?
            .ok_or(StoreError::Damaged("journal"))?
            .kind;
        let plan = self.tx.plan(record)?;
        let snapshot = plan.as_ref().map(|plan| plan.snapshot.as_slice());
        let tried = trial(
            kind,
            snapshot,
            Author::Device(&[header.actor]),
            &[bytes.as_slice()],
        )
        .map_err(|_| StoreError::Damaged("plan"))?;
        match tried.verdicts.first() {
            Some(Verdict::Admitted(header)) => plans::append(
                self.tx,
                FitChanges {
                    record,
                    kind,
                    tried_at: plan.as_ref().map_or(0, |plan| plan.change_count),
                    changes: vec![FitChange {
                        head: head_of(header),
                        by,
                        bytes,
                    }],
                    snapshot: tried.snapshot,
                    view: tried.view,
                },
            ),
            // A phone has what it hangs on, and brings it again.
            Some(Verdict::Waiting { header, .. }) => self
                .tx
                .hold_change(&NewHeldChange {
                    record,
                    head: head_of(header),
                    state: HeldState::Waiting,
                    reason: code::MISSING.to_owned(),
                    by,
                    bytes,
                })
                .map(drop),
            Some(Verdict::Known(_)) => Ok(()),
            _ => {
                self.lacking += 1;
                Ok(())
            }
        }
    }

    /// Adds a record that is not there. Whether it is there now: nothing revives a forgotten one.
    fn begin(&mut self, record: RecordId) -> Result<bool, StoreError> {
        if self.tx.tombstone(record)?.is_some() {
            return Ok(false);
        }
        if self.tx.record(record)?.is_none() {
            let new = self.begun.get(&record).ok_or(StoreError::Damaged("journal"))?;
            self.tx.add_record(new)?;
        }
        self.know_number(record)?;
        self.touched.insert(record);
        Ok(true)
    }

    /// A one-time number that was given after the backup is known by the record that was begun under it: who began that may
    /// bring it again, and nobody else.
    fn know_number(&mut self, record: RecordId) -> Result<(), StoreError> {
        if let Some((number, device)) = self.begun_under.remove(&record)
            && self.tx.device(device)?.is_some()
        {
            if self.tx.one_time_number(number)?.is_none() {
                self.tx.add_one_time_numbers(device, &[number])?;
            }
            self.tx.use_one_time_number(number, record)?;
        }
        Ok(())
    }

    fn person(&mut self, item: Item) -> Result<(), StoreError> {
        let Item::Person {
            id,
            role,
            station,
            password_hash,
            second_factor,
            active,
        } = item
        else {
            return Ok(());
        };
        self.tx.put_person(&Person {
            id: PersonId(id),
            role: Role::from_number(role).ok_or(StoreError::Damaged("journal"))?,
            station: station.map(|station| RecordId(*station)),
            password_hash,
            second_factor: second_factor.map(Into::into),
            active,
        })
    }

    fn device(&mut self, item: Item) -> Result<(), StoreError> {
        let Item::Device {
            number,
            person,
            role,
            state,
            token_hash,
            public_key,
            replaces,
        } = item
        else {
            return Ok(());
        };
        let number = DeviceNumber(number);
        let state = DeviceState::from_number(state).ok_or(StoreError::Damaged("journal"))?;
        match self.tx.device(number)? {
            // Whatever ends a device has a line of its own.
            Some(known) if known.state == DeviceState::Unconfirmed => self.tx.set_device_state(number, state),
            Some(_) => Ok(()),
            None if self.tx.person(PersonId(person))?.is_none() => {
                self.lacking += 1;
                Ok(())
            }
            None => {
                self.tx.add_device(&NewDevice {
                    number,
                    person: PersonId(person),
                    role: Role::from_number(role).ok_or(StoreError::Damaged("journal"))?,
                    token_hash,
                    public_key,
                    replaces: replaces.map(DeviceNumber),
                })?;
                self.tx.set_device_state(number, state)
            }
        }
    }
}

fn new_side(side: Side) -> NewSide {
    NewSide {
        name: side.name,
        ordinal: side.ordinal,
        value: side.value.into(),
    }
}

/// What a backup has of the auditor's log.
pub(super) fn audited(tx: &dyn ReadTx) -> Result<Audited, StoreError> {
    let entries = tx.audit(0, usize::MAX)?.into_iter();
    Ok(entries
        .map(|(_, entry)| {
            let who = entry.who.map(|who| who.0);
            (
                entry.ms,
                who,
                entry.what,
                entry.record.map(|record| record.0),
                entry.why,
            )
        })
        .collect())
}
