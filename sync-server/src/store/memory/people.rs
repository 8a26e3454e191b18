use saddlebag_records::access::Audience;
use saddlebag_records::id::{PersonId, RecordId};

use super::State;
use crate::store::{EnrolmentCode, Membership, Person, ReadPeople, Seq, StoreError, What, WritePeople};

impl ReadPeople for State {
    fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        Ok(self.people.get(&id).cloned())
    }

    fn people(&self) -> Result<Vec<Person>, StoreError> {
        Ok(self.people.values().cloned().collect())
    }

    fn people_at(&self, station: RecordId) -> Result<Vec<Person>, StoreError> {
        let there = self
            .people
            .values()
            .filter(|person| person.station == Some(station));
        Ok(there.cloned().collect())
    }

    fn memberships(&self, person: PersonId) -> Result<Vec<Membership>, StoreError> {
        let theirs = self.memberships.iter().filter(|((of, _), _)| *of == person);
        Ok(theirs.map(|(_, membership)| *membership).collect())
    }

    fn enrolment_code(&self, hash: &[u8; 32]) -> Result<Option<EnrolmentCode>, StoreError> {
        Ok(self.codes.get(hash).cloned())
    }
}

impl State {
    fn is_member(&self, person: PersonId, audience: Audience) -> bool {
        self.memberships
            .get(&(person, audience))
            .is_some_and(|membership| membership.left.is_none())
    }
}

impl WritePeople for State {
    fn put_person(&mut self, person: &Person) -> Result<(), StoreError> {
        self.people.insert(person.id, person.clone());
        Ok(())
    }

    fn join_audience(&mut self, person: PersonId, audience: Audience) -> Result<Option<Seq>, StoreError> {
        if self.is_member(person, audience) {
            return Ok(None);
        }
        let since = self.log_membership(person, What::Joined, audience);
        self.memberships.insert(
            (person, audience),
            Membership {
                audience,
                since,
                left: None,
            },
        );
        Ok(Some(since))
    }

    fn leave_audience(&mut self, person: PersonId, audience: Audience) -> Result<Option<Seq>, StoreError> {
        if !self.is_member(person, audience) {
            return Ok(None);
        }
        let seq = self.log_membership(person, What::Left, audience);
        if let Some(membership) = self.memberships.get_mut(&(person, audience)) {
            membership.left = Some(seq);
        }
        Ok(Some(seq))
    }

    fn put_enrolment_code(&mut self, code: &EnrolmentCode) -> Result<(), StoreError> {
        self.codes.insert(code.hash, code.clone());
        Ok(())
    }

    fn drop_enrolment_codes(&mut self, expired_before_ms: i64) -> Result<u64, StoreError> {
        let before = self.codes.len();
        self.codes.retain(|_, code| code.expires_ms >= expired_before_ms);
        Ok((before - self.codes.len()) as u64)
    }
}
