use rusqlite::{Row, params};
use saddlebag_records::id::{ActorId, DeviceNumber, PersonId, RecordId};

use super::people::role;
use super::tx::{Columns, Tx, int, number};
use crate::store::{
    Announced, Author, Device, DeviceState, KeptAnswer, Moment, NewDevice, OneTimeNumber, ReadDevices,
    StoreError, Touch, WriteDevices,
};

macro_rules! select_device {
    ($rest:literal) => {
        concat!(
            "SELECT number, person, role, state, state_ms, token_hash, public_key, enrolled_ms, replaces, \
             last_seen_ms, cursor_seq, report, capabilities FROM device ",
            $rest
        )
    };
}

impl<M> ReadDevices for Tx<'_, M> {
    fn device(&self, wanted: DeviceNumber) -> Result<Option<Device>, StoreError> {
        self.one(select_device!("WHERE number = ?1"), [number(wanted)], device)
    }

    fn device_by_token(&self, token_hash: &[u8; 32]) -> Result<Option<Device>, StoreError> {
        self.one(select_device!("WHERE token_hash = ?1"), [token_hash], device)
    }

    fn devices(&self) -> Result<Vec<Device>, StoreError> {
        self.all(select_device!("ORDER BY number"), [], device)
    }

    fn devices_of(&self, person: PersonId) -> Result<Vec<Device>, StoreError> {
        self.all(
            select_device!("WHERE person = ?1 ORDER BY number"),
            [person.0],
            device,
        )
    }

    fn author(&self, author: DeviceNumber) -> Result<Author, StoreError> {
        let sql = "SELECT fact_count, chain FROM author WHERE number = ?1";
        let author = self.one(sql, [number(author)], |row| {
            Ok(Author {
                fact_count: row.uint(0)?,
                chain: row.get(1)?,
            })
        })?;
        Ok(author.unwrap_or_default())
    }

    fn actor_owner(&self, actor: ActorId) -> Result<Option<DeviceNumber>, StoreError> {
        self.one("SELECT device FROM actor WHERE id = ?1", [actor.0], |row| {
            row.number(0)
        })
    }

    fn actors_of(&self, device: DeviceNumber) -> Result<Vec<ActorId>, StoreError> {
        let sql = "SELECT id FROM actor WHERE device = ?1 ORDER BY id";
        self.all(sql, [number(device)], |row| row.actor(0))
    }

    fn one_time_number(&self, wanted: DeviceNumber) -> Result<Option<OneTimeNumber>, StoreError> {
        let sql = "SELECT number, device, record FROM one_time_number WHERE number = ?1";
        self.one(sql, [number(wanted)], one_time_number)
    }

    fn one_time_numbers_of(&self, device: DeviceNumber) -> Result<Vec<OneTimeNumber>, StoreError> {
        let sql = "SELECT number, device, record FROM one_time_number WHERE device = ?1 ORDER BY number";
        self.all(sql, [number(device)], one_time_number)
    }

    fn kept_answer(&self, nonce: &[u8]) -> Result<Option<KeptAnswer>, StoreError> {
        let sql = "SELECT nonce, device, answer, kept_ms FROM kept_answer WHERE nonce = ?1";
        self.one(sql, [nonce], |row| {
            Ok(KeptAnswer {
                nonce: row.get(0)?,
                device: row.number(1)?,
                bytes: row.get(2)?,
                kept_ms: row.get(3)?,
            })
        })
    }
}

fn device(row: &Row<'_>) -> Result<Device, StoreError> {
    let replaces: Option<i64> = row.get(8)?;
    Ok(Device {
        number: row.number(0)?,
        person: row.person(1)?,
        role: role(row, 2)?,
        state: DeviceState::from_number(row.get(3)?).ok_or(StoreError::Damaged("device"))?,
        state_ms: row.get(4)?,
        token_hash: row.get(5)?,
        public_key: row.get(6)?,
        enrolled_ms: row.get(7)?,
        replaces: replaces.map(|number| DeviceNumber(number.cast_unsigned())),
        last_seen_ms: row.get(9)?,
        cursor: row.seq(10)?,
        report: row.get(11)?,
        capabilities: row.get(12)?,
    })
}

fn one_time_number(row: &Row<'_>) -> Result<OneTimeNumber, StoreError> {
    let record: Option<[u8; 16]> = row.get(2)?;
    Ok(OneTimeNumber {
        number: row.number(0)?,
        device: row.number(1)?,
        record: record.map(RecordId),
    })
}

impl WriteDevices for Tx<'_, Moment> {
    fn add_device(&mut self, device: &NewDevice) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO device (number, person, role, state, state_ms, token_hash, public_key, enrolled_ms,
            replaces, last_seen_ms, cursor_seq, report, capabilities)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?5, ?8, NULL, 0, x'', x'')";
        let params = params![
            number(device.number),
            device.person.0,
            device.role.number(),
            DeviceState::Active as u8,
            self.moment.ms,
            device.token_hash,
            device.public_key,
            device.replaces.map(number),
        ];
        self.run(sql, params).map(drop)
    }

    fn set_device_state(&mut self, device: DeviceNumber, state: DeviceState) -> Result<(), StoreError> {
        let sql = "UPDATE OR FAIL device SET state = ?2, state_ms = ?3 WHERE number = ?1";
        self.run_one(
            sql,
            params![number(device), state as u8, self.moment.ms],
            "device",
        )
    }

    fn touch_device(&mut self, device: DeviceNumber, touch: &Touch) -> Result<(), StoreError> {
        let sql = "UPDATE OR FAIL device SET last_seen_ms = ?2, cursor_seq = coalesce(?3, cursor_seq),
            report = coalesce(?4, report), capabilities = coalesce(?5, capabilities) WHERE number = ?1";
        let cursor = touch.cursor.map(|cursor| int(cursor.0));
        let params = params![
            number(device),
            self.moment.ms,
            cursor,
            touch.report,
            touch.capabilities
        ];
        self.run_one(sql, params, "device")
    }

    fn announce_actor(&mut self, actor: ActorId, device: DeviceNumber) -> Result<Announced, StoreError> {
        let sql = "INSERT OR IGNORE INTO actor (id, device) VALUES (?1, ?2)";
        if self.run(sql, params![actor.0, number(device)])? == 1 {
            return Ok(Announced::New);
        }
        let sql = "SELECT 1 FROM actor WHERE id = ?1 AND device = ?2";
        let known = self.exists(sql, params![actor.0, number(device)])?;
        Ok(if known { Announced::Known } else { Announced::Taken })
    }

    fn add_one_time_numbers(
        &mut self,
        device: DeviceNumber,
        numbers: &[DeviceNumber],
    ) -> Result<(), StoreError> {
        for one in numbers {
            if !one.is_one_time() {
                return Err(StoreError::Conflict("one-time number"));
            }
            let sql = "INSERT OR FAIL INTO one_time_number (number, device, record) VALUES (?1, ?2, NULL)";
            self.run(sql, params![number(*one), number(device)])?;
        }
        Ok(())
    }

    fn use_one_time_number(&mut self, used: DeviceNumber, record: RecordId) -> Result<(), StoreError> {
        let sql = "UPDATE OR FAIL one_time_number SET record = ?2
            WHERE number = ?1 AND (record IS NULL OR record = ?2)";
        self.run_one(sql, params![number(used), record.0], "one-time number")
    }

    fn void_one_time_numbers(&mut self, device: DeviceNumber) -> Result<u64, StoreError> {
        self.run(
            "DELETE FROM one_time_number WHERE device = ?1 AND record IS NULL",
            [number(device)],
        )
    }

    fn keep_answer(&mut self, nonce: &[u8], device: DeviceNumber, bytes: &[u8]) -> Result<(), StoreError> {
        let sql = "INSERT INTO kept_answer (nonce, device, answer, kept_ms) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![nonce, number(device), bytes, self.moment.ms])
            .map(drop)
    }

    fn drop_answers(&mut self, device: DeviceNumber) -> Result<u64, StoreError> {
        self.run("DELETE FROM kept_answer WHERE device = ?1", [number(device)])
    }
}
