use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::keys::SignedKeyList;

/// `POST /v1/enrol`: a device asks to belong to a person, with a code that the county gave to that person.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolRequest {
    /// The code, without dashes, upper case.
    #[n(0)]
    pub code: String,
    /// The county, where the server has more than one.
    #[n(1)]
    pub county: Option<ByteArray<16>>,
    /// The device's own Ed25519 key, which signs its pushes.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub public_key: [u8; 32],
    /// Its first Automerge actor.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub actor: [u8; 16],
    /// Name and version of the app, such as `saddlebag 0.1.0`; at most 40 characters.
    #[n(4)]
    pub app: String,
    /// What it understands beyond protocol 1; at most 16 names.
    #[n(5)]
    pub capabilities: Option<Vec<String>>,
}

/// What enrolment hands over. Parts of it wait for later versions of the app: they are here from the start so that
/// no phone must enrol again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolAnswer {
    /// The county.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub county: [u8; 16],
    /// The bearer token: base64url of the county's id and 256 random bits. The county keeps its hash alone.
    #[n(1)]
    pub token: String,
    /// The number under which the device writes its facts.
    #[n(2)]
    pub device: u64,
    /// Numbers for tips and appeals, each good for one.
    #[n(3)]
    pub one_time: Vec<u64>,
    /// The key from which ids of deliveries, hand-ins and counts are derived.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub id_key: [u8; 32],
    /// The county's keys, signed by the county's signing key, which is in it.
    #[n(5)]
    pub keys: SignedKeyList,
    /// BLAKE3 of the server's TLS key (SubjectPublicKeyInfo): now and next. Empty with a public certificate.
    #[n(6)]
    pub server_keys: Vec<ByteArray<32>>,
    /// Whom the device belongs to.
    #[n(7)]
    pub person: PersonInfo,
    /// The county's time, UTC milliseconds.
    #[n(8)]
    pub county_time: i64,
    /// The log's epoch.
    #[cbor(n(9), with = "minicbor::bytes")]
    pub epoch: [u8; 8],
}

/// The person that a device belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PersonInfo {
    /// The id of the person's colleague record.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub id: [u8; 16],
    /// The name that colleagues see.
    #[n(1)]
    pub name: String,
    /// The role's name: `courier`, `clerk`, …
    #[n(2)]
    pub role: String,
    /// The person's station.
    #[n(3)]
    pub station: Option<ByteArray<16>>,
}
