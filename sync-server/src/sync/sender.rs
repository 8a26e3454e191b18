use saddlebag_protocol::Leaving;
use saddlebag_records::access::{Audience, Role};
use saddlebag_records::id::{ActorId, DeviceNumber, PersonId};

use super::leaving;
use crate::store::{Device, DeviceState, Membership, ReadTx, Seq, StoreError};
use crate::token;

/// The device that sent a request, and the person behind it.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    /// Its number.
    pub(crate) number: DeviceNumber,
    /// Whose it is.
    pub(crate) person: PersonId,
    /// What that person does.
    pub(crate) role: Role,
    /// What it may do.
    pub(crate) standing: Standing,
    /// Its Ed25519 key.
    pub(super) public_key: [u8; 32],
    /// Whether it waits for a number of this epoch: the county was restored without its journal.
    pub(super) is_to_be_renumbered: bool,
    /// Why it is to leave the county; none where it is not.
    pub(super) leaving: Option<Leaving>,
    /// Whether it was reported lost too long ago to bring anything.
    pub(super) is_too_late: bool,
    memberships: Vec<Membership>,
}

/// What a device may do, from its [`DeviceState`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// All that its person may.
    Full,
    /// Push; nothing is served.
    Push,
    /// Push into quarantine; nothing is served.
    Quarantine,
    /// It writes on under another number; until it hears that, it reads on.
    Forked,
    /// Nothing.
    Nothing,
}

impl Standing {
    fn of(state: DeviceState, active: bool) -> Self {
        match state {
            DeviceState::Lost => Self::Quarantine,
            DeviceState::Revoked => Self::Nothing,
            // It has destroyed what it held, unless the order was lost, or somebody wrote on before it came.
            DeviceState::Retired => Self::Push,
            // Somebody who left wrote what they wrote; they see nothing any more.
            DeviceState::Active | DeviceState::Retiring | DeviceState::Unconfirmed if !active => Self::Push,
            DeviceState::Active | DeviceState::Retiring => Self::Full,
            DeviceState::Unconfirmed => Self::Push,
            DeviceState::Forked => Self::Forked,
        }
    }

    pub(super) fn is_served(self) -> bool {
        matches!(self, Self::Full | Self::Forked)
    }
}

impl Sender {
    /// The device that has this token.
    pub(super) fn of_token(tx: &dyn ReadTx, token: &str, now_ms: i64) -> Result<Option<Self>, StoreError> {
        let Some(device) = tx.device_by_token(&token::hash(token))? else {
            return Ok(None);
        };
        let sender = Self::of_device(tx, &device)?;
        Ok(Some(Self {
            is_too_late: leaving::is_too_late(&device, now_ms),
            ..sender
        }))
    }

    pub(crate) fn of_device(tx: &dyn ReadTx, device: &Device) -> Result<Self, StoreError> {
        let person = tx
            .person(device.person)?
            .ok_or(StoreError::Damaged("person of a device"))?;
        let is_of_this_epoch = || {
            let epoch = tx.epoch()?.ok_or(StoreError::Damaged("epoch"))?;
            Ok::<_, StoreError>(device.number > epoch.own_device)
        };
        let is_to_be_renumbered = device.state == DeviceState::Unconfirmed && !is_of_this_epoch()?;
        Ok(Self {
            is_to_be_renumbered,
            number: device.number,
            person: device.person,
            role: person.role,
            standing: Standing::of(device.state, person.active),
            public_key: device.public_key,
            leaving: leaving::told(device.state),
            is_too_late: false,
            memberships: tx.memberships(device.person)?,
        })
    }

    /// The county's own people, writing under its own number.
    pub(crate) fn of_county(
        tx: &dyn ReadTx,
        number: DeviceNumber,
        person: PersonId,
        role: Role,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            number,
            person,
            role,
            standing: Standing::Full,
            public_key: [0; 32],
            is_to_be_renumbered: false,
            leaving: None,
            is_too_late: false,
            memberships: tx.memberships(person)?,
        })
    }

    /// Whether it may go on with what this device began: it is the same, or another one of its person, since a phone
    /// that enrols again keeps what it wrote. A lost one speaks for itself alone.
    pub(super) fn goes_on_for(&self, tx: &dyn ReadTx, device: DeviceNumber) -> Result<bool, StoreError> {
        if device == self.number {
            return Ok(true);
        }
        let of_theirs = tx
            .device(device)?
            .is_some_and(|device| device.person == self.person);
        Ok(of_theirs && self.standing != Standing::Quarantine)
    }

    /// The actors of all devices that it may go on for.
    pub(super) fn actors(&self, tx: &dyn ReadTx) -> Result<Vec<ActorId>, StoreError> {
        let mut actors = tx.actors_of(self.number)?;
        if self.standing != Standing::Quarantine {
            for device in tx.devices_of(self.person)? {
                if device.number != self.number {
                    actors.extend(tx.actors_of(device.number)?);
                }
            }
        }
        Ok(actors)
    }

    /// What its person reads now, and since which row of the log.
    pub(super) fn reads(&self) -> impl Iterator<Item = (Audience, Seq)> {
        let now = self
            .memberships
            .iter()
            .filter(|membership| membership.left.is_none());
        now.map(|membership| (membership.audience, membership.since))
    }

    /// The same without since when.
    pub(crate) fn audiences(&self) -> Vec<Audience> {
        self.reads().map(|(audience, _)| audience).collect()
    }

    /// Every audience that its person ever belonged to.
    pub(crate) fn ever_audiences(&self) -> Vec<Audience> {
        self.memberships
            .iter()
            .map(|membership| membership.audience)
            .collect()
    }

    /// The audiences whose rows past a cursor say what the device has to do: those that its person reads, those
    /// that they left past it, and the person themselves, whose rows tell of both.
    pub(super) fn heard(&self, past: Seq) -> Vec<Audience> {
        let heard = self
            .memberships
            .iter()
            .filter(|m| m.left.is_none_or(|left| left > past));
        let mut audiences: Vec<_> = heard.map(|membership| membership.audience).collect();
        audiences.push(Audience::Person(self.person));
        audiences.sort();
        audiences.dedup();
        audiences
    }
}
