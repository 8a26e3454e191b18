//! Devices, the actors and one-time numbers they write under, and the answers kept for a lost one.

use saddlebag_records::access::Role;
use saddlebag_records::id::{ActorId, DeviceNumber, PersonId, RecordId};

use super::{Seq, StoreError};

/// What a device may do. The number is frozen: it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum DeviceState {
    /// All that its person may.
    Active = 1,
    /// Push alone, until an admin confirms it (a county restored without its journal).
    Unconfirmed = 2,
    /// All that its person may, until a backup covers all that it wrote: then it is ordered to destroy what it holds.
    Retiring = 3,
    /// Push alone: it was ordered to destroy what it holds, and may not have heard.
    Retired = 4,
    /// Push into quarantine alone, for 30 days; then it is ordered the same.
    Lost = 5,
    /// Nothing.
    Revoked = 6,
    /// Nothing: it writes on under another number.
    Forked = 7,
}

impl DeviceState {
    /// Every state, in the order of its number.
    pub const ALL: [Self; 7] = [
        Self::Active,
        Self::Unconfirmed,
        Self::Retiring,
        Self::Retired,
        Self::Lost,
        Self::Revoked,
        Self::Forked,
    ];

    /// The state with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|state| *state as u8 == number)
    }
}

/// A device of the county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its number, under which it writes facts.
    pub number: DeviceNumber,
    /// Whose it is.
    pub person: PersonId,
    /// The role of its enrolment.
    pub role: Role,
    /// What it may do.
    pub state: DeviceState,
    /// Since when, UTC milliseconds.
    pub state_ms: i64,
    /// The hash of its token.
    pub token_hash: [u8; 32],
    /// Its Ed25519 key.
    pub public_key: [u8; 32],
    /// When it enrolled, UTC milliseconds.
    pub enrolled_ms: i64,
    /// Which number it wrote under before it forked, or before the county was restored.
    pub replaces: Option<DeviceNumber>,
    /// When it last synced, UTC milliseconds.
    pub last_seen_ms: Option<i64>,
    /// The cursor that it last sent: it holds what is at or below.
    pub cursor: Seq,
    /// What it last said of itself, as CBOR; empty if nothing yet.
    pub report: Vec<u8>,
    /// What it can do, as CBOR; empty if it said nothing yet.
    pub capabilities: Vec<u8>,
}

/// A device as it enrols.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDevice {
    /// A number from [`take_device_number`](super::WriteCounty::take_device_number).
    pub number: DeviceNumber,
    /// Whose it is.
    pub person: PersonId,
    /// In which role.
    pub role: Role,
    /// The hash of its token, unlike that of any other device.
    pub token_hash: [u8; 32],
    /// Its Ed25519 key.
    pub public_key: [u8; 32],
    /// Which number it wrote under before.
    pub replaces: Option<DeviceNumber>,
}

/// What a sync leaves behind in its device's row. `None` leaves the last one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touch {
    /// The cursor that it sent.
    pub cursor: Option<Seq>,
    /// What it says of itself, as CBOR.
    pub report: Option<Vec<u8>>,
    /// What it can do, as CBOR.
    pub capabilities: Option<Vec<u8>>,
}

/// How far an author has written: a device, a one-time number, or the county's own number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// Its highest n; 0 before its first fact. There are no gaps below.
    pub fact_count: u64,
    /// The running hash over all its facts so far; zeros before the first.
    pub chain: [u8; 32],
}

/// A number that stands for a device in one tip or one appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneTimeNumber {
    /// The number itself.
    pub number: DeviceNumber,
    /// The device behind it. Known to the county alone.
    pub device: DeviceNumber,
    /// The record that it was used for.
    pub record: Option<RecordId>,
}

/// What became of an announced actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announced {
    /// It belongs to the device now.
    New,
    /// It already did.
    Known,
    /// It belongs to another device.
    Taken,
}

/// An answer that hands out secrets and is given again, byte for byte, to the same request: its device may
/// never have got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The nonce of the request.
    pub nonce: Vec<u8>,
    /// The device number that the answer hands out.
    pub device: DeviceNumber,
    /// The answer.
    pub bytes: Vec<u8>,
    /// When it was given, UTC milliseconds.
    pub kept_ms: i64,
}

/// Reading about devices.
pub trait ReadDevices {
    /// The device with this number.
    fn device(&self, number: DeviceNumber) -> Result<Option<Device>, StoreError>;
    /// The device whose token has this hash.
    fn device_by_token(&self, token_hash: &[u8; 32]) -> Result<Option<Device>, StoreError>;
    /// Every device, in the order of their numbers.
    fn devices(&self) -> Result<Vec<Device>, StoreError>;
    /// The devices of a person, in the order of their numbers.
    fn devices_of(&self, person: PersonId) -> Result<Vec<Device>, StoreError>;
    /// How far an author has written; nothing for one that is unknown.
    fn author(&self, author: DeviceNumber) -> Result<Author, StoreError>;
    /// Whose actor this is.
    fn actor_owner(&self, actor: ActorId) -> Result<Option<DeviceNumber>, StoreError>;
    /// The actors of a device, in the order of their ids.
    fn actors_of(&self, device: DeviceNumber) -> Result<Vec<ActorId>, StoreError>;
    /// What this one-time number stands for; `None` for one that was never given or is void.
    fn one_time_number(&self, number: DeviceNumber) -> Result<Option<OneTimeNumber>, StoreError>;
    /// The one-time numbers of a device, in the order of the stored numbers.
    fn one_time_numbers_of(&self, device: DeviceNumber) -> Result<Vec<OneTimeNumber>, StoreError>;
    /// The answer that was given to this request.
    fn kept_answer(&self, nonce: &[u8]) -> Result<Option<KeptAnswer>, StoreError>;
}

/// Writing about devices.
pub trait WriteDevices {
    /// Adds a device, active from now on. Its number and its token must be new.
    fn add_device(&mut self, device: &NewDevice) -> Result<(), StoreError>;
    /// Changes what a device may do, from now on.
    fn set_device_state(&mut self, number: DeviceNumber, state: DeviceState) -> Result<(), StoreError>;
    /// Notes that a device synced now, and what it said.
    fn touch_device(&mut self, number: DeviceNumber, touch: &Touch) -> Result<(), StoreError>;
    /// Gives an actor to the device that announces it, if nobody else has.
    fn announce_actor(&mut self, actor: ActorId, device: DeviceNumber) -> Result<Announced, StoreError>;
    /// Gives a device one-time numbers, each new and with its highest bit set.
    fn add_one_time_numbers(
        &mut self,
        device: DeviceNumber,
        numbers: &[DeviceNumber],
    ) -> Result<(), StoreError>;
    /// Uses a one-time number for a record. It must be unused, or used for the same record.
    fn use_one_time_number(&mut self, number: DeviceNumber, record: RecordId) -> Result<(), StoreError>;
    /// Makes the unused one-time numbers of a device void, and says how many.
    fn void_one_time_numbers(&mut self, device: DeviceNumber) -> Result<u64, StoreError>;
    /// Keeps an answer for its nonce, which must be new.
    fn keep_answer(&mut self, nonce: &[u8], device: DeviceNumber, bytes: &[u8]) -> Result<(), StoreError>;
    /// Drops the answers that handed out this number: it has been used, so its device has them.
    fn drop_answers(&mut self, device: DeviceNumber) -> Result<u64, StoreError>;
}
