use rusqlite::{Row, params};
use saddlebag_records::access::{Audience, Role};
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};

use super::tx::{Columns, Tx, int, number};
use crate::store::{
    EnrolmentCode, Membership, Moment, Person, ReadPeople, Seq, StoreError, What, WritePeople,
};

impl<M> ReadPeople for Tx<'_, M> {
    fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        let sql = "SELECT id, role, station, password_hash, second_factor, active FROM person WHERE id = ?1";
        self.one(sql, [id.0], person)
    }

    fn people(&self) -> Result<Vec<Person>, StoreError> {
        let sql = "SELECT id, role, station, password_hash, second_factor, active FROM person ORDER BY id";
        self.all(sql, [], person)
    }

    fn people_at(&self, station: RecordId) -> Result<Vec<Person>, StoreError> {
        let sql = "SELECT id, role, station, password_hash, second_factor, active FROM person
            WHERE station = ?1 ORDER BY id";
        self.all(sql, [station.0], person)
    }

    fn memberships(&self, person: PersonId) -> Result<Vec<Membership>, StoreError> {
        let sql = "SELECT audience, since_seq, left_seq FROM membership WHERE person = ?1 ORDER BY audience";
        self.all(sql, [person.0], |row| {
            let left: Option<i64> = row.get(2)?;
            Ok(Membership {
                audience: row.audience(0)?,
                since: row.seq(1)?,
                left: left.map(|_| row.seq(2)).transpose()?,
            })
        })
    }

    fn enrolment_code(&self, hash: &[u8; 32]) -> Result<Option<EnrolmentCode>, StoreError> {
        let sql =
            "SELECT hash, person, role, expires_ms, tries_left, used_by FROM enrolment_code WHERE hash = ?1";
        self.one(sql, [hash], |row| {
            let used_by: Option<i64> = row.get(5)?;
            Ok(EnrolmentCode {
                hash: row.get(0)?,
                person: row.person(1)?,
                role: role(row, 2)?,
                expires_ms: row.get(3)?,
                tries_left: row.get(4)?,
                used_by: used_by.map(|number| DeviceNumber(number.cast_unsigned())),
            })
        })
    }
}

fn person(row: &Row<'_>) -> Result<Person, StoreError> {
    let station: Option<[u8; 16]> = row.get(2)?;
    Ok(Person {
        id: row.person(0)?,
        role: role(row, 1)?,
        station: station.map(RecordId),
        password_hash: row.get(3)?,
        second_factor: row.get(4)?,
        active: row.get(5)?,
    })
}

pub(super) fn role(row: &Row<'_>, at: usize) -> Result<Role, StoreError> {
    Role::from_number(row.get(at)?).ok_or(StoreError::Damaged("role"))
}

impl WritePeople for Tx<'_, Moment> {
    fn put_person(&mut self, person: &Person) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO person (id, role, station, password_hash, second_factor, active)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let station = person.station.map(|station| station.0);
        let role = person.role.number();
        let params = params![
            person.id.0,
            role,
            station,
            person.password_hash,
            person.second_factor,
            person.active
        ];
        self.run(sql, params).map(drop)
    }

    fn join_audience(&mut self, person: PersonId, audience: Audience) -> Result<Option<Seq>, StoreError> {
        let sql = "SELECT 1 FROM membership WHERE person = ?1 AND audience = ?2 AND left_seq IS NULL";
        if self.exists(sql, params![person.0, audience.to_bytes()])? {
            return Ok(None);
        }
        let seq = self.log_membership(person, What::Joined, audience)?;
        let sql = "INSERT OR REPLACE INTO membership (person, audience, since_seq, left_seq)
            VALUES (?1, ?2, ?3, NULL)";
        self.run(sql, params![person.0, audience.to_bytes(), int(seq.0)])?;
        Ok(Some(seq))
    }

    fn leave_audience(&mut self, person: PersonId, audience: Audience) -> Result<Option<Seq>, StoreError> {
        let sql = "SELECT 1 FROM membership WHERE person = ?1 AND audience = ?2 AND left_seq IS NULL";
        if !self.exists(sql, params![person.0, audience.to_bytes()])? {
            return Ok(None);
        }
        let seq = self.log_membership(person, What::Left, audience)?;
        let sql = "UPDATE membership SET left_seq = ?3 WHERE person = ?1 AND audience = ?2";
        self.run(sql, params![person.0, audience.to_bytes(), int(seq.0)])?;
        Ok(Some(seq))
    }

    fn put_enrolment_code(&mut self, code: &EnrolmentCode) -> Result<(), StoreError> {
        let sql =
            "INSERT OR REPLACE INTO enrolment_code (hash, person, role, expires_ms, tries_left, used_by)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let role = code.role.number();
        let used_by = code.used_by.map(number);
        let params = params![
            code.hash,
            code.person.0,
            role,
            code.expires_ms,
            code.tries_left,
            used_by
        ];
        self.run(sql, params).map(drop)
    }

    fn drop_enrolment_codes(&mut self, expired_before_ms: i64) -> Result<u64, StoreError> {
        self.run(
            "DELETE FROM enrolment_code WHERE expires_ms < ?1",
            [expired_before_ms],
        )
    }
}
