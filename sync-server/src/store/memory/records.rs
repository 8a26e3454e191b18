use saddlebag_records::fact::FactHash;
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::waybill::Waybill;

use super::State;
use crate::store::facts::start;
use crate::store::{
    Fate, ForgetReason, HeldItem, NewRecord, Number, PlanRow, ReadRecords, RecordRow, Seq, StoreError,
    Tombstone, What, WriteRecords,
};

impl ReadRecords for State {
    fn record(&self, id: RecordId) -> Result<Option<RecordRow>, StoreError> {
        Ok(self.records.get(&id).copied())
    }

    fn records(
        &self,
        kind: RecordKind,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordRow>, StoreError> {
        let wanted = |row: &&RecordRow| row.kind == kind && after.is_none_or(|after| row.id > after);
        Ok(self
            .records
            .values()
            .filter(wanted)
            .take(limit)
            .copied()
            .collect())
    }

    fn records_by_waybill(&self, waybill: &Waybill) -> Result<Vec<(u32, RecordId)>, StoreError> {
        let under = self.waybills.iter().filter(|(number, ..)| number == waybill);
        Ok(under
            .map(|(_, generation, record)| (*generation, *record))
            .collect())
    }

    fn records_ended(&self, before_ms: i64, limit: usize) -> Result<Vec<RecordRow>, StoreError> {
        let ended = self
            .records
            .values()
            .filter(|row| row.ended_ms.is_some_and(|ended| ended < before_ms));
        let mut ended: Vec<_> = ended.copied().collect();
        ended.sort_by_key(|row| (row.ended_ms, row.id));
        ended.truncate(limit);
        Ok(ended)
    }

    fn plan(&self, record: RecordId) -> Result<Option<PlanRow>, StoreError> {
        Ok(self.plans.get(&record).cloned())
    }

    fn references_from(&self, record: RecordId) -> Result<Vec<RecordId>, StoreError> {
        Ok(self
            .references
            .iter()
            .filter(|(from, _)| *from == record)
            .map(|(_, to)| *to)
            .collect())
    }

    fn references_to(&self, record: RecordId) -> Result<Vec<RecordId>, StoreError> {
        Ok(self
            .references
            .iter()
            .filter(|(_, to)| *to == record)
            .map(|(from, _)| *from)
            .collect())
    }

    fn tombstones(&self) -> Result<Vec<(RecordId, Tombstone)>, StoreError> {
        Ok(self
            .tombstones
            .iter()
            .map(|(record, tombstone)| (*record, *tombstone))
            .collect())
    }

    fn tombstone(&self, record: RecordId) -> Result<Option<Tombstone>, StoreError> {
        Ok(self.tombstones.get(&record).copied())
    }
}

impl State {
    /// Deletes everything of a record but its rows of the log, and leaves the numbers of its facts.
    fn empty_record(&mut self, record: RecordId) {
        let facts = self.facts.values().filter(|fact| fact.record == record);
        let mut forgotten: Vec<_> = facts.map(|fact| (fact.id, fact.hash, fact.running)).collect();
        let held = self.held.values().filter(|held| held.record == record);
        forgotten.extend(held.filter_map(|held| match held.item {
            HeldItem::Fact { id, hash, running } => Some((id, hash, running)),
            _ => None,
        }));
        for (id, hash, running) in forgotten {
            self.leave_number(id, hash, running, "forgotten");
            self.once_called.retain(|_, by| *by != id);
        }
        self.facts.retain(|_, fact| fact.record != record);
        self.changes.retain(|_, change| change.record != record);
        self.plans.remove(&record);
        self.sides.retain(|_, side| side.record != record);
        self.removed_sides.retain(|_, (of, _)| *of != record);
        self.held.retain(|_, held| held.record != record);
        self.waybills.retain(|(_, _, of)| *of != record);
        self.references
            .retain(|(from, to)| *from != record && *to != record);
        self.one_time_numbers
            .retain(|_, number| number.record != Some(record));
        self.granted.retain(|(of, ..), _| *of != record);
        self.ever_granted.retain(|(of, _)| *of != record);
        self.records.remove(&record);
    }

    pub(super) fn leave_number(&mut self, id: FactId, hash: FactHash, running: [u8; 8], code: &str) {
        let fate = Fate::NotKept {
            code: code.to_owned(),
        };
        self.not_kept.insert(
            id,
            Number {
                n: id.n,
                hash_start: start(&hash),
                running,
                fate,
            },
        );
    }

    pub(super) fn record_mut(&mut self, record: RecordId) -> Result<&mut RecordRow, StoreError> {
        self.records
            .get_mut(&record)
            .ok_or(StoreError::Conflict("record"))
    }
}

impl WriteRecords for State {
    fn add_record(&mut self, new: &NewRecord) -> Result<bool, StoreError> {
        if self.tombstones.contains_key(&new.id) {
            return Err(StoreError::Conflict("forgotten"));
        }
        if self.records.contains_key(&new.id) {
            return Ok(false);
        }
        let row = RecordRow {
            id: new.id,
            kind: new.kind,
            creator: new.creator,
            creator_person: new.creator_person,
            created_ms: self.moment.ms,
            version: Seq::START,
            ended_ms: None,
        };
        self.records.insert(new.id, row);
        Ok(true)
    }

    fn set_ended(&mut self, record: RecordId, ended_ms: Option<i64>) -> Result<(), StoreError> {
        self.record_mut(record)?.ended_ms = ended_ms;
        Ok(())
    }

    fn put_waybill(
        &mut self,
        waybill: &Waybill,
        generation: u32,
        record: RecordId,
    ) -> Result<(), StoreError> {
        self.waybills.insert((waybill.clone(), generation, record));
        Ok(())
    }

    fn put_plan_view(&mut self, record: RecordId, view: &[u8]) -> Result<(), StoreError> {
        let plan = self.plans.get_mut(&record).ok_or(StoreError::Conflict("plan"))?;
        plan.view = view.to_vec();
        Ok(())
    }

    fn put_references(&mut self, record: RecordId, names: &[RecordId]) -> Result<(), StoreError> {
        self.references.retain(|(from, _)| *from != record);
        self.references.extend(names.iter().map(|name| (record, *name)));
        Ok(())
    }

    fn forget_record(&mut self, record: RecordId, reason: ForgetReason) -> Result<Option<Seq>, StoreError> {
        let told = self.ever_granted.iter().filter(|(of, _)| *of == record);
        let told: Vec<_> = told.map(|(_, audience)| *audience).collect();
        let known = self.records.contains_key(&record);
        self.empty_record(record);
        let stone = Tombstone {
            reason,
            ms: self.moment.ms,
        };
        let stone = self.tombstones.entry(record).or_insert(stone);
        // Who asked to be forgotten stays so, whatever retention says later.
        if reason == ForgetReason::Person {
            stone.reason = reason;
        }
        Ok(known.then(|| self.log(record, What::Forget, told)))
    }
}
