mod privacy;

use std::collections::{BTreeSet, HashMap};

use saddlebag_records::access::{Refusal, Relation, Verdict, is_party, may_create, may_write_fact};
use saddlebag_records::fact::{Fact, FactHash, SideValue, Unfit, field, schema_of};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
use saddlebag_records::kind::RecordKind;

use super::MOST_HELD;
use super::receipts::GONE;
use super::sender::{Sender, Standing};
use crate::store::{Fate, ForgetReason, HeldState, NewRecord, NewSide, RecordRow, StoreError, WriteTx};
use privacy::{check_text, kept_sides};

/// The most facts of one record: its status is computed from all of them, in memory that grows with their square.
const MOST_FACTS: usize = 2_000;
/// Why a fact waits that a later version may know.
pub(super) const NEWER: &str = "newer_kind";

/// Why a fact waits that was written before the county was restored: what made it its writer's to write may still come.
pub(super) const AFTER_RESTORE: &str = "after_restore";

/// Why a fact is refused or held, beyond the codes of `saddlebag-records`. Frozen: they stand in receipts.
mod code {
    pub(super) const FIELD_MISSING: &str = "fact_field_missing";
    pub(super) const FIELD_RANGE: &str = "fact_field_range";
    pub(super) const FIELD_FOREIGN: &str = "fact_field_foreign";
    pub(super) const OTHER_KIND: &str = "fact_of_other_kind";
    pub(super) const NEEDS_ONE_TIME: &str = "needs_one_time_number";
    pub(super) const ONE_TIME_MISUSED: &str = "one_time_number_misused";
    pub(super) const KNOWN_AS: &str = "known_by_another_name";
    pub(super) const MAY_NOT_CREATE: &str = "may_not_create";
    pub(super) const LATE: &str = "late";
    pub(super) const RECORD_FULL: &str = "record_full";
    pub(super) const LOST_DEVICE: &str = "lost_device";
    /// The same of a tip or an appeal: which phone is lost is known, and would tell who wrote it.
    pub(super) const KEPT_APART: &str = "kept_apart";
    pub(super) const QUARANTINE_FULL: &str = "quarantine_full";
}

/// What is decided about a fact, and its side values as they are kept.
pub(crate) struct Judged {
    pub(crate) fate: Fate,
    pub(crate) sides: Vec<NewSide>,
}

/// Judges facts of one author, one after the other.
pub(crate) struct Judge<'a> {
    sender: &'a Sender,
    /// Facts of the records that were written to.
    counts: HashMap<RecordId, usize>,
    /// What facts of this push say that they were: two of them may have had one name, where there was a copy of the phone.
    renamed: BTreeSet<(FactId, FactHash)>,
    /// Bytes that it has had held by now; none are counted of facts that are held already.
    held: Option<u64>,
    /// Somebody of the county vouches for what only waits for others.
    vouched: bool,
}

/// Why a fact is not admitted.
enum Not {
    Kept(String),
    Now(HeldState, &'static str),
}

impl From<&str> for Not {
    fn from(code: &str) -> Self {
        Self::Kept(code.to_owned())
    }
}

impl<'a> Judge<'a> {
    pub(crate) fn new(sender: &'a Sender) -> Self {
        Self {
            held: Some(0),
            ..Self::of_held(sender)
        }
    }

    /// Of facts that are held: they need no more room.
    pub(super) fn of_held(sender: &'a Sender) -> Self {
        Self {
            sender,
            counts: HashMap::new(),
            renamed: BTreeSet::new(),
            held: None,
            vouched: false,
        }
    }

    /// The same of facts that somebody of the county lets count.
    pub(super) fn of_vouched(sender: &'a Sender) -> Self {
        Self {
            vouched: true,
            ..Self::of_held(sender)
        }
    }

    /// Judges a fact. A record that it begins is added.
    pub(crate) fn judge(
        &mut self,
        tx: &mut dyn WriteTx,
        fact: &Fact,
        length: usize,
        sides: &[&SideValue],
    ) -> Result<Judged, StoreError> {
        // What a privacy rule refuses is not kept in any way, so these come first.
        let sides = match check_text(fact).and_then(|()| kept_sides(fact, sides)) {
            Ok(sides) => sides,
            Err(code) => {
                return Ok(Judged {
                    fate: Fate::NotKept { code },
                    sides: Vec::new(),
                });
            }
        };
        let bytes = length + sides.iter().map(|side| side.value.len()).sum::<usize>();
        let fate = match self.admit(tx, fact)? {
            Ok(()) => Fate::Admitted,
            Err(Not::Kept(code)) => Fate::NotKept { code },
            Err(Not::Now(..)) if !self.may_hold(tx, bytes)? => Fate::NotKept {
                code: code::QUARANTINE_FULL.to_owned(),
            },
            Err(Not::Now(state, reason)) => Fate::Held {
                state,
                reason: reason.to_owned(),
            },
        };
        let is_kept = !matches!(fate, Fate::NotKept { .. });
        Ok(Judged {
            fate,
            sides: if is_kept { sides } else { Vec::new() },
        })
    }

    fn admit(&mut self, tx: &mut dyn WriteTx, fact: &Fact) -> Result<Result<(), Not>, StoreError> {
        let record = tx.record(fact.record)?;
        // Nothing revives a forgotten record: one that is there has no tombstone.
        if record.is_none()
            && let Some(tombstone) = tx.tombstone(fact.record)?
        {
            return Ok(Err(match tombstone.reason {
                ForgetReason::Person => GONE.into(),
                ForgetReason::Retention => Not::Now(HeldState::Late, code::LATE),
            }));
        }
        if self.sender.standing == Standing::Quarantine {
            let reason = match fact.id.device.is_one_time() {
                true => code::KEPT_APART,
                false => code::LOST_DEVICE,
            };
            return Ok(Err(Not::Now(HeldState::Quarantined, reason)));
        }
        if let Err(not) = self.check_author(tx, fact)? {
            return Ok(Err(not));
        }
        // It builds on what others wrote, who begin the record when they bring that again.
        if record.is_none() && !fact.after.is_empty() && self.waits_for_others(tx, fact)? {
            return Ok(Err(Not::Now(HeldState::Waiting, AFTER_RESTORE)));
        }
        let relation = self.relation(tx, fact, record.as_ref())?;
        match may_write_fact(self.sender.role, fact.kind, fact.version, relation) {
            Verdict::Refuse(Refusal::NotGiven) if self.vouched => {}
            Verdict::Refuse(Refusal::NotGiven) if self.waits_for_others(tx, fact)? => {
                return Ok(Err(Not::Now(HeldState::Waiting, AFTER_RESTORE)));
            }
            Verdict::Refuse(refusal) => return Ok(Err(refusal.code().into())),
            Verdict::Hold | Verdict::Superseded => {
                return Ok(Err(Not::Now(HeldState::Waiting, NEWER)));
            }
            Verdict::Admit => {}
        }
        if let Some(Err(unfit)) = schema_of(fact.kind).map(|schema| schema.check(&fact.body)) {
            return Ok(Err(code_of(&unfit).into()));
        }
        let Some(kind) = fact.kind.record() else {
            return Ok(Err(code::OTHER_KIND.into()));
        };
        if record.is_some_and(|record| record.kind != kind) {
            return Ok(Err(code::OTHER_KIND.into()));
        }
        if let Some(was) = &fact.was {
            let told = tx.fact(was.id)?.is_some_and(|old| old.hash == was.hash);
            if told || tx.fact_once_called(was)?.is_some() || !self.renamed.insert((was.id, was.hash)) {
                return Ok(Err(code::KNOWN_AS.into()));
            }
        }
        if !self.has_room(tx, fact.record)? {
            return Ok(Err(Not::Now(HeldState::Quarantined, code::RECORD_FULL)));
        }
        if record.is_none() {
            if !may_create(self.sender.role, kind) {
                return Ok(Err(code::MAY_NOT_CREATE.into()));
            }
            tx.add_record(&self.new_record(fact, kind))?;
        }
        if fact.id.device.is_one_time() {
            tx.use_one_time_number(fact.id.device, fact.record)?;
        }
        Ok(Ok(()))
    }

    /// Whether a fact is of before the county was restored: others may bring again what they wrote until then.
    fn waits_for_others(&self, tx: &dyn WriteTx, fact: &Fact) -> Result<bool, StoreError> {
        let epochs = tx.epochs()?;
        let restored_ms = epochs.last().filter(|_| epochs.len() > 1);
        let is_older = restored_ms.is_some_and(|epoch| fact.stamp.hlc_ms < epoch.started_ms);
        Ok(is_older && !self.vouched)
    }

    fn new_record(&self, fact: &Fact, kind: RecordKind) -> NewRecord {
        let creator = fact.id.device;
        let creator_person = (!creator.is_one_time()).then_some(self.sender.person);
        NewRecord {
            id: fact.record,
            kind,
            creator,
            creator_person,
        }
    }

    /// A device may have so much held for a person to look at, and no more.
    fn may_hold(&mut self, tx: &dyn WriteTx, bytes: usize) -> Result<bool, StoreError> {
        let Some(held) = &mut self.held else {
            return Ok(true);
        };
        *held += bytes as u64;
        Ok(tx.held_bytes(self.sender.number)? + *held <= MOST_HELD)
    }

    /// A courier's tips and appeals go under one-time numbers, one each, and nothing else does.
    fn check_author(&self, tx: &dyn WriteTx, fact: &Fact) -> Result<Result<(), Not>, StoreError> {
        let author = fact.id.device;
        let aliased = matches!(fact.kind.record(), Some(RecordKind::Tip | RecordKind::Appeal));
        if !author.is_one_time() {
            let reports = aliased && self.sender.role == saddlebag_records::access::Role::Courier;
            return Ok(if reports {
                Err(code::NEEDS_ONE_TIME.into())
            } else {
                Ok(())
            });
        }
        let used_for = tx.one_time_number(author)?.and_then(|known| known.record);
        let free = used_for.is_none_or(|record| record == fact.record);
        Ok(if aliased && free {
            Ok(())
        } else {
            Err(code::ONE_TIME_MISUSED.into())
        })
    }

    fn relation(
        &self,
        tx: &dyn WriteTx,
        fact: &Fact,
        record: Option<&RecordRow>,
    ) -> Result<Relation, StoreError> {
        let sender = self.sender;
        let voided = fact.body.fact(field::FACT).filter(|_| fact.kind.is_correction());
        Ok(Relation {
            ever_given: tx.ever_saw(&sender.ever_audiences(), fact.record)?,
            created: record.map_or(Ok(true), |record| created(tx, sender, record, fact.id.device))?,
            wrote_the_voided: voided.map_or(Ok(false), |voided| wrote(tx, sender, voided))?,
            is_party: is_party(fact.kind, &fact.body, sender.person),
            ..Relation::default()
        })
    }

    fn has_room(&mut self, tx: &dyn WriteTx, record: RecordId) -> Result<bool, StoreError> {
        let count = match self.counts.get(&record) {
            Some(count) => *count,
            None => tx.fact_count(record)?,
        };
        self.counts.insert(record, count + 1);
        Ok(count < MOST_FACTS)
    }
}

impl Sender {
    /// Whether the sender's person created the record; of a tip or an appeal whether this number did.
    pub(crate) fn created(&self, record: &RecordRow, author: DeviceNumber) -> bool {
        record.creator == author || record.creator_person == Some(self.person)
    }
}

/// Whether the sender's person created the record. A tip or an appeal says so by the number that it was begun under,
/// and is gone on with under it or, where its phone has a new device number by now, under another one-time number.
fn created(
    tx: &dyn WriteTx,
    sender: &Sender,
    record: &RecordRow,
    author: DeviceNumber,
) -> Result<bool, StoreError> {
    if sender.created(record, author) {
        return Ok(true);
    }
    match tx.one_time_number(record.creator)? {
        Some(begun) if author.is_one_time() => sender.goes_on_for(tx, begun.device),
        _ => Ok(false),
    }
}

/// Whether the sender's person wrote this fact. Its id names the device, so it need not be there; what the
/// county's own people wrote names them in its body.
fn wrote(tx: &dyn WriteTx, sender: &Sender, id: FactId) -> Result<bool, StoreError> {
    if let Some(device) = tx.device(id.device)? {
        return Ok(device.person == sender.person);
    }
    let fact = tx.fact(id)?.and_then(|row| Fact::decode(&row.bytes).ok());
    Ok(fact.is_some_and(|fact| fact.body.person(field::BY) == Some(sender.person)))
}

fn code_of(unfit: &Unfit) -> &'static str {
    match unfit {
        Unfit::Missing(_) => code::FIELD_MISSING,
        Unfit::OutOfRange(_) => code::FIELD_RANGE,
        Unfit::Foreign(_) => code::FIELD_FOREIGN,
    }
}
