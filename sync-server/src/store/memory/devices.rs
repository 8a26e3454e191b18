use saddlebag_records::id::{ActorId, DeviceNumber, PersonId, RecordId};

use super::{GIVEN_TWICE, State, insert_new};
use crate::store::{
    Announced, Author, Device, DeviceState, KeptAnswer, NewDevice, OneTimeNumber, ReadDevices, Seq,
    StoreError, Touch, WriteDevices,
};

impl ReadDevices for State {
    fn device(&self, number: DeviceNumber) -> Result<Option<Device>, StoreError> {
        Ok(self.devices.get(&number).cloned())
    }

    fn device_by_token(&self, token_hash: &[u8; 32]) -> Result<Option<Device>, StoreError> {
        Ok(self
            .devices
            .values()
            .find(|device| device.token_hash == *token_hash)
            .cloned())
    }

    fn devices(&self) -> Result<Vec<Device>, StoreError> {
        Ok(self.devices.values().cloned().collect())
    }

    fn devices_of(&self, person: PersonId) -> Result<Vec<Device>, StoreError> {
        Ok(self
            .devices
            .values()
            .filter(|device| device.person == person)
            .cloned()
            .collect())
    }

    fn author(&self, author: DeviceNumber) -> Result<Author, StoreError> {
        Ok(self.authors.get(&author).copied().unwrap_or_default())
    }

    fn actor_owner(&self, actor: ActorId) -> Result<Option<DeviceNumber>, StoreError> {
        Ok(self.actors.get(&actor).copied())
    }

    fn actors_of(&self, device: DeviceNumber) -> Result<Vec<ActorId>, StoreError> {
        Ok(self
            .actors
            .iter()
            .filter(|(_, owner)| **owner == device)
            .map(|(actor, _)| *actor)
            .collect())
    }

    fn one_time_number(&self, number: DeviceNumber) -> Result<Option<OneTimeNumber>, StoreError> {
        Ok(self.one_time_numbers.get(&number).copied())
    }

    fn one_time_numbers_of(&self, device: DeviceNumber) -> Result<Vec<OneTimeNumber>, StoreError> {
        Ok(self
            .one_time_numbers
            .values()
            .filter(|number| number.device == device)
            .copied()
            .collect())
    }

    fn kept_answer(&self, nonce: &[u8]) -> Result<Option<KeptAnswer>, StoreError> {
        Ok(self.answers.get(nonce).cloned())
    }
}

impl State {
    fn device_mut(&mut self, number: DeviceNumber) -> Result<&mut Device, StoreError> {
        self.devices
            .get_mut(&number)
            .ok_or(StoreError::Conflict("device"))
    }
}

impl WriteDevices for State {
    fn add_device(&mut self, new: &NewDevice) -> Result<(), StoreError> {
        if self.device_by_token(&new.token_hash)?.is_some() {
            return Err(GIVEN_TWICE);
        }
        let device = Device {
            number: new.number,
            person: new.person,
            role: new.role,
            state: DeviceState::Active,
            state_ms: self.moment.ms,
            token_hash: new.token_hash,
            public_key: new.public_key,
            enrolled_ms: self.moment.ms,
            replaces: new.replaces,
            last_seen_ms: None,
            cursor: Seq::START,
            report: Vec::new(),
            capabilities: Vec::new(),
        };
        insert_new(&mut self.devices, new.number, device)
    }

    fn set_device_state(&mut self, number: DeviceNumber, state: DeviceState) -> Result<(), StoreError> {
        let ms = self.moment.ms;
        let device = self.device_mut(number)?;
        (device.state, device.state_ms) = (state, ms);
        Ok(())
    }

    fn touch_device(&mut self, number: DeviceNumber, touch: &Touch) -> Result<(), StoreError> {
        let ms = self.moment.ms;
        let device = self.device_mut(number)?;
        device.last_seen_ms = Some(ms);
        device.cursor = touch.cursor.unwrap_or(device.cursor);
        if let Some(report) = &touch.report {
            device.report.clone_from(report);
        }
        if let Some(capabilities) = &touch.capabilities {
            device.capabilities.clone_from(capabilities);
        }
        Ok(())
    }

    fn announce_actor(&mut self, actor: ActorId, device: DeviceNumber) -> Result<Announced, StoreError> {
        Ok(match self.actors.get(&actor) {
            Some(owner) if *owner == device => Announced::Known,
            Some(_) => Announced::Taken,
            None => {
                self.actors.insert(actor, device);
                Announced::New
            }
        })
    }

    fn add_one_time_numbers(
        &mut self,
        device: DeviceNumber,
        numbers: &[DeviceNumber],
    ) -> Result<(), StoreError> {
        for number in numbers {
            if !number.is_one_time() {
                return Err(StoreError::Conflict("one-time number"));
            }
            let row = OneTimeNumber {
                number: *number,
                device,
                record: None,
            };
            insert_new(&mut self.one_time_numbers, *number, row)?;
        }
        Ok(())
    }

    fn use_one_time_number(&mut self, number: DeviceNumber, record: RecordId) -> Result<(), StoreError> {
        match self.one_time_numbers.get_mut(&number) {
            Some(row) if row.record.is_none_or(|used| used == record) => {
                row.record = Some(record);
                Ok(())
            }
            _ => Err(StoreError::Conflict("one-time number")),
        }
    }

    fn void_one_time_numbers(&mut self, device: DeviceNumber) -> Result<u64, StoreError> {
        let before = self.one_time_numbers.len();
        self.one_time_numbers
            .retain(|_, number| number.device != device || number.record.is_some());
        Ok((before - self.one_time_numbers.len()) as u64)
    }

    fn keep_answer(&mut self, nonce: &[u8], device: DeviceNumber, bytes: &[u8]) -> Result<(), StoreError> {
        let kept = KeptAnswer {
            nonce: nonce.to_vec(),
            device,
            bytes: bytes.to_vec(),
            kept_ms: self.moment.ms,
        };
        insert_new(&mut self.answers, nonce.to_vec(), kept)
    }

    fn drop_answers(&mut self, device: DeviceNumber) -> Result<u64, StoreError> {
        let before = self.answers.len();
        self.answers.retain(|_, answer| answer.device != device);
        Ok((before - self.answers.len()) as u64)
    }
}
