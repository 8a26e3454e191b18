//! A county to try things on.

use std::sync::atomic::{AtomicU64, Ordering};

use saddlebag_records::access::{Audience, Cause, Grant, Role};
use saddlebag_records::fact::{FactHash, FactKind};
use saddlebag_records::id::{ActorId, CountyId, DeviceNumber, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_sync_server::store::{
    ChangeHead, ChangePush, FactPush, Fate, HeldState, Moment, NewDevice, NewFact, NewRecord, NewSide,
    ReadTx, Seq, Store, StoreError, WriteTx,
};
use tempfile::TempDir;

/// When the first job is done, UTC milliseconds. Every job is a millisecond later than the one before.
pub(crate) const START: i64 = 1_790_000_000_000;
pub(crate) const COURIER: Audience = Audience::Person(PersonId([0xC0; 16]));
pub(crate) const STATION: Audience = Audience::Station(RecordId([0x57; 16]));
pub(crate) const OFFICE: Audience = Audience::Role(Role::Dispatcher);
pub(crate) const DEVICE: DeviceNumber = DeviceNumber(1);

/// A store, and the folder that it lies in if it does.
pub(crate) struct County {
    pub(crate) store: Store,
    folder: Option<TempDir>,
    jobs: AtomicU64,
}

impl County {
    pub(crate) fn in_memory() -> Self {
        Self {
            store: Store::in_memory(),
            folder: None,
            jobs: AtomicU64::new(0),
        }
    }

    pub(crate) fn in_a_file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("county.db")).unwrap();
        Self {
            store,
            folder: Some(folder),
            jobs: AtomicU64::new(0),
        }
    }

    /// The same file, opened anew.
    pub(crate) fn reopened(self) -> Self {
        let Self { store, folder, jobs } = self;
        drop(store);
        let file = folder
            .as_ref()
            .expect("a county in a file")
            .path()
            .join("county.db");
        Self {
            store: Store::open(&file).unwrap(),
            folder,
            jobs,
        }
    }

    /// With a founded county, a device and some open deliveries.
    pub(crate) fn with(&self, deliveries: &[RecordId]) -> &Self {
        let deliveries = deliveries.to_vec();
        self.does(move |tx| {
            tx.found_county(CountyId([1; 16]))?;
            let number = tx.take_device_number()?;
            assert_eq!(number, DEVICE);
            tx.add_device(&device(number))?;
            deliveries
                .iter()
                .try_for_each(|id| tx.add_record(&delivery(*id)).map(drop))
        });
        self
    }

    pub(crate) fn moment(&self) -> Moment {
        let job = self.jobs.fetch_add(1, Ordering::Relaxed);
        Moment {
            ms: START + job as i64,
            nonce: job.to_be_bytes(),
        }
    }

    /// Does a job and waits for it.
    pub(crate) fn tries<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn WriteTx) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.store.write(self.moment(), job).wait()
    }

    /// Does a job that goes well.
    pub(crate) fn does<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn WriteTx) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.tries(job).unwrap()
    }

    pub(crate) fn sees<T>(&self, look: impl FnOnce(&dyn ReadTx) -> Result<T, StoreError>) -> T {
        self.store.read_blocking(look).unwrap()
    }

    /// Grants the record to these audiences and nobody else.
    pub(crate) fn grants(&self, record: RecordId, audiences: &[Audience]) {
        let wanted: Vec<_> = audiences
            .iter()
            .map(|audience| grant(*audience, Cause::Assigned))
            .collect();
        self.does(move |tx| tx.replace_grants(record, &wanted));
    }
}

pub(crate) fn record(n: u8) -> RecordId {
    RecordId([n; 16])
}

pub(crate) fn delivery(id: RecordId) -> NewRecord {
    let creator_person = Some(PersonId([0xC0; 16]));
    NewRecord {
        id,
        kind: RecordKind::Delivery,
        creator: DEVICE,
        creator_person,
    }
}

pub(crate) fn device(number: DeviceNumber) -> NewDevice {
    NewDevice {
        number,
        person: PersonId([0xC0; 16]),
        role: Role::Courier,
        token_hash: [u8::try_from(number.0).unwrap(); 32],
        public_key: [7; 32],
        replaces: None,
    }
}

pub(crate) fn grant(audience: Audience, cause: Cause) -> Grant {
    Grant {
        audience,
        cause,
        until_ms: None,
        open: true,
    }
}

/// A made-up fact: the store does not look into its bytes.
pub(crate) fn fact(n: u64, record: RecordId) -> NewFact {
    let bytes = format!("fact {n} of {record}").into_bytes();
    NewFact {
        n,
        record,
        kind: FactKind::new(RecordKind::Delivery, 2),
        hash: FactHash::of(&bytes),
        running: n.to_be_bytes(),
        was: None,
        bytes,
        sides: Vec::new(),
        fate: Fate::Admitted,
    }
}

pub(crate) fn held(fact: NewFact) -> NewFact {
    let fate = Fate::Held {
        state: HeldState::Quarantined,
        reason: "not_given".to_owned(),
    };
    NewFact { fate, ..fact }
}

pub(crate) fn refused(fact: NewFact) -> NewFact {
    NewFact {
        fate: Fate::NotKept {
            code: "tip_phone_number".to_owned(),
        },
        ..fact
    }
}

pub(crate) fn side(name: u8, value: &[u8]) -> NewSide {
    NewSide {
        name,
        ordinal: 0,
        value: value.to_vec(),
    }
}

pub(crate) fn push(facts: Vec<NewFact>) -> FactPush {
    let n = facts.last().map_or(0, |fact| fact.n);
    FactPush {
        author: DEVICE,
        by: DEVICE,
        chain: [u8::try_from(n).unwrap(); 32],
        facts,
    }
}

pub(crate) fn head(actor: u8, actor_seq: u64) -> ChangeHead {
    let mut hash = [actor; 32];
    hash[..8].copy_from_slice(&actor_seq.to_be_bytes());
    let start_op = actor_seq * 10;
    ChangeHead {
        actor: ActorId([actor; 16]),
        actor_seq,
        hash,
        start_op,
        max_op: start_op + 3,
    }
}

/// Made-up changes of one actor, tried on a plan that had so many.
pub(crate) fn changes(record: RecordId, actor: u8, seqs: &[u64], tried_at: u64) -> ChangePush {
    let chunk = |seq: &u64| (head(actor, *seq), format!("change {seq} of {actor}").into_bytes());
    ChangePush {
        record,
        by: DEVICE,
        tried_at,
        changes: seqs.iter().map(chunk).collect(),
        snapshot: format!("plan of {tried_at} and {}", seqs.len()).into_bytes(),
        view: vec![0xA0],
    }
}

/// The positions of the rows that these audiences read.
pub(crate) fn seqs(county: &County, audiences: &[Audience]) -> Vec<u64> {
    let page = county.sees(|tx| tx.log_page(audiences, Seq::START, 1000));
    page.iter().map(|row| row.seq.0).collect()
}
