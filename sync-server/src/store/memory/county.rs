use saddlebag_records::id::{ActorId, CountyId, DeviceNumber, PersonId, RecordId};

use super::{GIVEN_TWICE, State};
use crate::store::{
    Audit, Backup, Counts, County, Epoch, HeldState, ReadCounty, ReadLog, Seq, StoreError, WriteCounty,
};

impl ReadCounty for State {
    fn county(&self) -> Result<Option<County>, StoreError> {
        Ok(self.county)
    }

    fn epochs(&self) -> Result<Vec<Epoch>, StoreError> {
        Ok(self.epochs.clone())
    }

    fn last_device(&self) -> Result<DeviceNumber, StoreError> {
        Ok(DeviceNumber(self.last_device))
    }

    fn audit_head(&self) -> Result<u64, StoreError> {
        Ok(self.audit.last_key_value().map_or(0, |(id, _)| *id))
    }

    fn backups(&self) -> Result<Vec<Backup>, StoreError> {
        Ok(self.backups.clone())
    }

    fn audit(&self, after: u64, limit: usize) -> Result<Vec<(u64, Audit)>, StoreError> {
        let entries = self.audit.range(after.saturating_add(1)..).take(limit);
        Ok(entries.map(|(id, entry)| (*id, entry.clone())).collect())
    }

    fn tallies(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let tallies = self.tallies.iter();
        Ok(tallies.map(|(name, count)| (name.clone(), *count)).collect())
    }

    fn cash_carried(&self, person: PersonId) -> Result<i64, StoreError> {
        Ok(self.cash_carried.get(&person).copied().unwrap_or(0))
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        let held = |state: HeldState| self.held.values().filter(|held| held.state == state).count() as u64;
        Ok(Counts {
            records: self.records.len() as u64,
            facts: self.facts.len() as u64,
            plan_changes: self.changes.len() as u64,
            waiting: held(HeldState::Waiting),
            quarantined: held(HeldState::Quarantined),
            late: held(HeldState::Late),
            devices: self.devices.len() as u64,
            tombstones: self.tombstones.len() as u64,
        })
    }
}

impl WriteCounty for State {
    fn found_county(&mut self, id: CountyId) -> Result<(), StoreError> {
        if self.county.is_some() {
            return Err(GIVEN_TWICE);
        }
        self.county = Some(County {
            id,
            founded_ms: self.moment.ms,
            log_floor: Seq::START,
        });
        Ok(())
    }

    fn start_epoch(
        &mut self,
        name: [u8; 8],
        own_device: DeviceNumber,
        own_actor: ActorId,
    ) -> Result<(), StoreError> {
        if self.epochs.iter().any(|epoch| epoch.name == name) {
            return Err(GIVEN_TWICE);
        }
        let after = self.log_head()?;
        self.epochs.push(Epoch {
            name,
            own_device,
            own_actor,
            after,
            started_ms: self.moment.ms,
        });
        Ok(())
    }

    fn take_device_number(&mut self) -> Result<DeviceNumber, StoreError> {
        self.county.ok_or(StoreError::Conflict("county"))?;
        self.last_device += 1;
        Ok(DeviceNumber(self.last_device))
    }

    fn skip_device_numbers(&mut self, last: DeviceNumber) -> Result<(), StoreError> {
        if last.is_one_time() {
            return Err(StoreError::Conflict("one-time number"));
        }
        self.county.ok_or(StoreError::Conflict("county"))?;
        self.last_device = self.last_device.max(last.0);
        Ok(())
    }

    fn note_backup(&mut self, covers: Seq) -> Result<(), StoreError> {
        self.backups.push(Backup {
            covers,
            taken_ms: self.moment.ms,
        });
        Ok(())
    }

    fn append_audit(
        &mut self,
        who: Option<PersonId>,
        what: &str,
        record: Option<RecordId>,
        why: &str,
    ) -> Result<(), StoreError> {
        self.last_audit += 1;
        let entry = Audit {
            ms: self.moment.ms,
            who,
            what: what.to_owned(),
            record,
            why: why.to_owned(),
        };
        self.audit.insert(self.last_audit, entry);
        Ok(())
    }

    fn drop_audit(&mut self, before_ms: i64) -> Result<u64, StoreError> {
        let before = self.audit.len();
        self.audit.retain(|_, entry| entry.ms >= before_ms);
        Ok((before - self.audit.len()) as u64)
    }

    fn tally(&mut self, name: &str, more: u64) -> Result<(), StoreError> {
        *self.tallies.entry(name.to_owned()).or_default() += more;
        Ok(())
    }

    fn carry_cash(&mut self, person: PersonId, fen: i64) -> Result<(), StoreError> {
        let sum = self.cash_carried(person)?.checked_add(fen);
        self.cash_carried
            .insert(person, sum.ok_or(StoreError::Conflict("sums of money"))?);
        Ok(())
    }
}
