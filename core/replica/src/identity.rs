//! Who a device is: what enrolment hands over.

use saddlebag_protocol::{EnrolAnswer, KeyList, PersonInfo, SignedKeyList};
use saddlebag_records::id::{ActorId, CountyId, DeviceNumber, PersonId, RecordId};
use serde::Serialize;

/// What a device draws before it asks to be enrolled. It is kept only once the county has answered.
#[derive(Clone)]
pub struct EnrolmentKeys {
    /// The seed of the device's Ed25519 key.
    pub signing_seed: [u8; 32],
    /// The device's first Automerge actor.
    pub actor: ActorId,
}

impl EnrolmentKeys {
    /// The public key that goes to the county.
    pub fn public_key(&self) -> [u8; 32] {
        ed25519_dalek::SigningKey::from_bytes(&self.signing_seed)
            .verifying_key()
            .to_bytes()
    }
}

/// An enrolment as it is to be kept.
#[derive(Clone)]
pub struct Enrolment {
    /// Where the county's server is: `https://host[:port]`.
    pub server: String,
    /// What the device drew.
    pub keys: EnrolmentKeys,
    /// What the county answered, its key list already checked.
    pub answer: EnrolAnswer,
}

/// Who this device is.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The county.
    pub county: CountyId,
    /// Where the county's server is.
    pub server: String,
    /// The bearer token.
    pub token: String,
    /// The number under which the device writes its facts.
    pub device: DeviceNumber,
    /// The seed of the device's Ed25519 key, which signs its pushes.
    pub signing_seed: [u8; 32],
    /// The key from which ids of deliveries, hand-ins and counts are derived.
    pub id_key: [u8; 32],
    /// BLAKE3 of the server's TLS keys, now and next; empty with a public certificate.
    pub server_keys: Vec<[u8; 32]>,
    /// When those were made, UTC seconds; 0 where the county has not said since enrolment.
    pub server_keys_since_s: u64,
    /// The county's key list as it came.
    pub key_list: SignedKeyList,
    /// Whom the device belongs to.
    pub person: Person,
}

impl Identity {
    /// The county's keys.
    pub fn keys(&self) -> Option<KeyList> {
        minicbor::decode(&self.key_list.list).ok()
    }
}

/// Tokens, seeds and keys are in no log.
impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("county", &self.county)
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

/// The person that a device belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Person {
    /// The id of the person's colleague record.
    pub id: PersonId,
    /// The name that colleagues see.
    pub name: String,
    /// The role's name: `courier`, `clerk`, …
    pub role: String,
    /// The person's station.
    pub station: Option<RecordId>,
}

impl From<&PersonInfo> for Person {
    fn from(info: &PersonInfo) -> Self {
        Self {
            id: PersonId(info.id),
            name: info.name.clone(),
            role: info.role.clone(),
            station: info.station.as_ref().map(|id| RecordId(**id)),
        }
    }
}
