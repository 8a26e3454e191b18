//! A phone for tests.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use ed25519_dalek::{Signer, SigningKey};
use minicbor::bytes::ByteVec;
use rusqlite::Connection;
use saddlebag_protocol::{EnrolAnswer, Key, KeyList, KeyPurpose, PersonInfo, SignedKeyList};
use saddlebag_records::clock::Observed;
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};
use saddlebag_replica::surroundings::{
    BUILT_MS, Clock, HandClock, SeededRandomness, Surroundings, TrustedRoots,
};
use saddlebag_replica::{Enrolment, Replica, StoreKey};
use tempfile::TempDir;

/// The key of every store in these tests.
pub(crate) const KEY: StoreKey = StoreKey([7; 32]);

/// A key that opens none of them.
pub(crate) fn another_key() -> StoreKey {
    StoreKey([8; 32])
}

/// 2026-11-23 08:00 in Beijing, UTC milliseconds.
pub(crate) const MORNING_MS: i64 = 1_795_392_000_000;

/// The county's key for ids.
pub(crate) const ID_KEY: [u8; 32] = [3; 32];

/// The county's epoch.
pub(crate) const EPOCH: [u8; 8] = [9; 8];

/// The station of everybody here.
pub(crate) const STATION: RecordId = RecordId([0x57; 16]);

/// Somebody of the county.
pub(crate) fn person(number: u8) -> PersonId {
    PersonId([number; 16])
}

/// A clock that stands still at [`MORNING_MS`], and numbers from a seed.
pub(crate) fn surroundings(seed: u64) -> Surroundings {
    surroundings_with(seed, Arc::new(HandClock::at_wall(MORNING_MS)))
}

pub(crate) fn surroundings_with(seed: u64, clock: Arc<dyn Clock>) -> Surroundings {
    Surroundings {
        clock,
        randomness: Arc::new(SeededRandomness::new(seed)),
        built_ms: BUILT_MS,
        roots: TrustedRoots::bundled(),
    }
}

/// A phone of somebody, enrolled, in a folder of its own.
pub(crate) struct Phone {
    pub(crate) replica: Replica,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) dir: TempDir,
    pub(crate) person: PersonId,
    seed: u64,
}

impl Deref for Phone {
    type Target = Replica;
    fn deref(&self) -> &Replica {
        &self.replica
    }
}

impl Phone {
    /// The phone of the courier with this number, whose device has the same number.
    pub(crate) fn of_courier(number: u8) -> Self {
        Self::of(number, "courier")
    }

    /// The phone of somebody with this role.
    pub(crate) fn of(number: u8, role: &str) -> Self {
        Self::with_one_time_numbers(number, role, 4)
    }

    /// The phone of this courier, whose folder lies in this one.
    pub(crate) fn in_folder_of(place: impl AsRef<Path>, number: u8) -> Self {
        Self::enrolled(tempfile::tempdir_in(place).unwrap(), number, "courier", 4)
    }

    /// The phone of somebody with so many one-time numbers.
    pub(crate) fn with_one_time_numbers(number: u8, role: &str, one_time: u64) -> Self {
        Self::enrolled(tempfile::tempdir().unwrap(), number, role, one_time)
    }

    fn enrolled(dir: TempDir, number: u8, role: &str, one_time: u64) -> Self {
        let clock = Arc::new(HandClock::at_wall(MORNING_MS));
        let replica =
            Replica::open(dir.path(), KEY, surroundings_with(number.into(), clock.clone())).unwrap();
        let phone = Self {
            replica,
            clock,
            dir,
            person: person(number),
            seed: number.into(),
        };
        phone
            .keep_enrolment(&enrolment(&phone.replica, number, role, one_time))
            .unwrap();
        phone
    }

    /// The phone of this courier, in a folder with a store that was theirs.
    pub(crate) fn in_folder(dir: TempDir, number: u8, seed: u64) -> Result<Self, saddlebag_replica::Error> {
        let clock = Arc::new(HandClock::at_wall(MORNING_MS));
        let replica = Replica::open(dir.path(), KEY, surroundings_with(seed, clock.clone()))?;
        Ok(Self {
            replica,
            clock,
            dir,
            person: person(number),
            seed,
        })
    }

    /// Closes it, and leaves its folder.
    pub(crate) fn closed(self) -> TempDir {
        let Self { replica, dir, .. } = self;
        drop(replica);
        dir
    }

    /// Opens the same folder again, as the app does after it was closed or killed.
    #[must_use]
    pub(crate) fn opened_again(self) -> Self {
        let Self {
            replica,
            clock,
            dir,
            person,
            seed,
        } = self;
        drop(replica);
        let replica = Replica::open(dir.path(), KEY, surroundings_with(seed + 1_000, clock.clone())).unwrap();
        Self {
            replica,
            clock,
            dir,
            person,
            seed: seed + 1_000,
        }
    }

    /// Another process on the same folder.
    pub(crate) fn another_handle(&self) -> Replica {
        Replica::open(
            self.dir.path(),
            KEY,
            surroundings_with(self.seed + 2_000, self.clock.clone()),
        )
        .unwrap()
    }

    /// What the phone's clocks show.
    pub(crate) fn shows(&self) -> Observed {
        self.clock.read()
    }

    /// The number of its device.
    pub(crate) fn device(&self) -> DeviceNumber {
        self.identity().unwrap().unwrap().device
    }
}

/// One-time number `k` of the device with this number.
pub(crate) fn one_time(number: u8, k: u64) -> DeviceNumber {
    DeviceNumber(DeviceNumber::ONE_TIME | u64::from(number) << 16 | k)
}

/// The county's signing keys with these ids: that of now, and its successor.
pub(crate) fn signing_keys(ids: [u32; 2]) -> Vec<Key> {
    let purposes = [KeyPurpose::Signing, KeyPurpose::NextSigning];
    let keys = ids.into_iter().zip(purposes).map(|(id, purpose)| Key {
        id,
        purpose,
        key: signing_key(id).verifying_key().to_bytes(),
    });
    keys.collect()
}

fn signing_key(id: u32) -> SigningKey {
    let mut secret = [0x51; 32];
    secret[..4].copy_from_slice(&id.to_be_bytes());
    SigningKey::from_bytes(&secret)
}

/// The list, signed with the county's key that has this id.
pub(crate) fn signed_by(id: u32, list: &KeyList) -> SignedKeyList {
    signed_with(&signing_key(id), id, list)
}

/// The list, signed with this key, which is said to have this id.
pub(crate) fn signed_with(key: &SigningKey, id: u32, list: &KeyList) -> SignedKeyList {
    let list = minicbor::to_vec(list).unwrap();
    let signature = key.sign(&SignedKeyList::to_sign(&[1; 16], &list)).to_bytes();
    SignedKeyList {
        list: ByteVec::from(list),
        signed_by: id,
        signature,
    }
}

/// What the county answers to the enrolment of a device with this number.
pub(crate) fn enrolment(replica: &Replica, number: u8, role: &str, one_time_numbers: u64) -> Enrolment {
    let list = KeyList {
        version: 1,
        keys: signing_keys([1, 2]),
    };
    Enrolment {
        server: "https://county.example".to_owned(),
        keys: replica.draw_enrolment_keys(),
        answer: EnrolAnswer {
            county: [1; 16],
            token: "a token".to_owned(),
            device: number.into(),
            one_time: (0..one_time_numbers).map(|k| one_time(number, k).0).collect(),
            id_key: ID_KEY,
            keys: signed_by(1, &list),
            server_keys: Vec::new(),
            person: PersonInfo {
                id: person(number).0,
                name: format!("Person {number}"),
                role: role.to_owned(),
                station: Some(STATION.0.into()),
            },
            county_time: MORNING_MS,
            epoch: EPOCH,
        },
    }
}

/// The store's own database, opened behind the replica's back.
pub(crate) fn raw(dir: &Path) -> Connection {
    raw_file(&dir.join("records.db"))
}

pub(crate) fn raw_file(file: &Path) -> Connection {
    let connection = Connection::open(file).unwrap();
    let key: String = KEY.0.iter().map(|byte| format!("{byte:02x}")).collect();
    connection
        .execute_batch(&format!("PRAGMA key = \"x'{key}'\""))
        .unwrap();
    connection
}

/// The photos' database, opened behind the replica's back.
pub(crate) fn raw_photos(dir: &Path) -> Connection {
    raw_file(&dir.join("photos.db"))
}
