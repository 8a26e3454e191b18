//! People, what they belong to, and the codes they enrol with.

use saddlebag_records::access::{Audience, Role};
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};

use super::{Seq, StoreError};

/// Somebody who works for the county. Their name is in their colleague record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The id of their colleague record.
    pub id: PersonId,
    /// What they do.
    pub role: Role,
    /// Where they work, if at a station.
    pub station: Option<RecordId>,
    /// argon2id hash of their console password, if they have one (PHC string).
    pub password_hash: Option<String>,
    /// The secret of their second factor, where set.
    pub second_factor: Option<Vec<u8>>,
    /// False once they have left.
    pub active: bool,
}

/// That somebody belongs, or belonged, to an audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The audience.
    pub audience: Audience,
    /// The row of the log that says that they joined.
    pub since: Seq,
    /// The row of the log that says that they left; `None` while they belong to it.
    pub left: Option<Seq>,
}

/// A one-time code that makes somebody's phone a device of the county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// Its hash: the code itself is kept nowhere.
    pub hash: [u8; 32],
    /// Whose phone it will be.
    pub person: PersonId,
    /// In which role.
    pub role: Role,
    /// Until when it is good, UTC milliseconds.
    pub expires_ms: i64,
    /// Tries that are left.
    pub tries_left: u8,
    /// Which device it became.
    pub used_by: Option<DeviceNumber>,
}

/// Reading about people.
pub trait ReadPeople {
    /// The person with this id.
    fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError>;
    /// Everybody, in the order of their ids.
    fn people(&self) -> Result<Vec<Person>, StoreError>;
    /// Those who work at this station, or did when they left, in the order of their ids.
    fn people_at(&self, station: RecordId) -> Result<Vec<Person>, StoreError>;
    /// What somebody belongs to and ever belonged to, in the order of the audiences.
    fn memberships(&self, person: PersonId) -> Result<Vec<Membership>, StoreError>;
    /// The code with this hash.
    fn enrolment_code(&self, hash: &[u8; 32]) -> Result<Option<EnrolmentCode>, StoreError>;
}

/// Writing about people.
pub trait WritePeople {
    /// Adds or replaces a person.
    fn put_person(&mut self, person: &Person) -> Result<(), StoreError>;
    /// Lets somebody belong to an audience, and says so in the log of that person; `None` if they already do.
    fn join_audience(&mut self, person: PersonId, audience: Audience) -> Result<Option<Seq>, StoreError>;
    /// Lets somebody belong no more, and says so in the log of that person; `None` if they do not belong.
    fn leave_audience(&mut self, person: PersonId, audience: Audience) -> Result<Option<Seq>, StoreError>;
    /// Adds a code, or replaces the one with its hash.
    fn put_enrolment_code(&mut self, code: &EnrolmentCode) -> Result<(), StoreError>;
    /// Drops codes that expired before this, used or not, and says how many.
    fn drop_enrolment_codes(&mut self, expired_before_ms: i64) -> Result<u64, StoreError>;
}
