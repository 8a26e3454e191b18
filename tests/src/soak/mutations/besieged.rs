//! A real county with devices that push whatever they are given to push, and what must be so of it afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, anyhow, ensure};
use ed25519_dalek::{Signer as _, SigningKey};
use minicbor::bytes::{ByteArray, ByteVec};
use saddlebag_protocol::{EnrolAnswer, EnrolRequest, ErrorCode, Push, Receipts, SyncAnswer, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Batch, Chain, Fact, SideValue, pack, schema_of, unpack};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanView;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::trial::{Verdict, trial};
use saddlebag_records::plan::wire::{self, WireChange, WireLimits};
use saddlebag_sync_server::county::{Counties, County, DataFolder};
use saddlebag_sync_server::enrol::{enrol, issue_code};
use saddlebag_sync_server::outside::Outside;
use saddlebag_sync_server::people::{self, By, Colleague};
use saddlebag_sync_server::sync::sync;

use crate::fleet::CountyFile;

/// When all of it happens, UTC milliseconds.
pub(super) const NOW_MS: i64 = 1_795_000_000_000;

/// Time that stands still until it is moved, and bytes that follow from a seed.
pub(super) struct Outsider {
    now_ms: AtomicI64,
    random: Mutex<blake3::OutputReader>,
}

impl Outsider {
    fn new(seed: u64) -> Self {
        let random = blake3::Hasher::new().update(&seed.to_be_bytes()).finalize_xof();
        Self {
            now_ms: AtomicI64::new(NOW_MS),
            random: Mutex::new(random),
        }
    }
}

impl Outside for Outsider {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.random
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill(bytes);
    }
}

/// A device of the county: what it is, and how far it has written.
pub(super) struct Device {
    pub(super) enrolled: EnrolAnswer,
    pub(super) actor: ActorId,
    person: PersonId,
    key: SigningKey,
    chain: Chain,
    next_n: u64,
    nonce: u64,
}

impl Device {
    pub(super) fn number(&self) -> DeviceNumber {
        DeviceNumber(self.enrolled.device)
    }

    /// The next fact's name.
    pub(super) fn next_id(&self) -> FactId {
        FactId::new(self.number(), self.next_n)
    }

    /// A push of these bytes, under the device's own signature.
    pub(super) fn signed(&mut self, facts: Option<Vec<u8>>, changes: Option<Vec<u8>>) -> Push {
        self.nonce += 1;
        let mut push = Push {
            nonce: self.nonce.to_be_bytes(),
            chain: facts.as_ref().map(|_| ByteArray::from(self.chain.running_hash())),
            facts: facts.map(ByteVec::from),
            changes: changes.map(ByteVec::from),
            signature: [0; 64],
        };
        let signed = push.to_sign(&self.enrolled.county, self.enrolled.device);
        push.signature = self.key.sign(&signed).to_bytes();
        push
    }
}

/// The county.
pub(super) struct Besieged<'a> {
    folder: &'a Path,
    outside: Arc<Outsider>,
    counties: Counties,
    county: County,
    pub(super) devices: Vec<Device>,
    numbers: BTreeSet<DeviceNumber>,
}

/// Whose devices push.
const ROLES: [Role; 5] = [
    Role::Courier,
    Role::Courier,
    Role::Clerk,
    Role::Dispatcher,
    Role::Liaison,
];

impl<'a> Besieged<'a> {
    /// Founds it in this folder, with a device for each of the [`ROLES`].
    pub(super) fn found(folder: &'a Path, seed: u64) -> Result<Self> {
        let outside = Arc::new(Outsider::new(seed));
        let system: Arc<dyn Outside> = outside.clone();
        let counties = Counties::open(DataFolder::take(&folder.join("data"))?, &system)?;
        let county = counties.create("生成县", &folder.join("keys"), system)?;
        let admin = PersonId([1; 16]);
        people::join(&county, By::Founding, admin, colleague(Role::Admin))?;
        let mut besieged = Self {
            folder,
            outside,
            counties,
            county,
            devices: Vec::new(),
            numbers: BTreeSet::new(),
        };
        for (at, role) in ROLES.into_iter().enumerate() {
            let person = PersonId([100 + u8::try_from(at)?; 16]);
            people::join(&besieged.county, By::Admin(admin), person, colleague(role))?;
            let device = besieged.enrolled(person)?;
            besieged.devices.push(device);
        }
        Ok(besieged)
    }

    /// A new device of this person.
    pub(super) fn enrolled(&mut self, person: PersonId) -> Result<Device> {
        let mut seed = [0; 32];
        self.outside.fill(&mut seed);
        let key = SigningKey::from_bytes(&seed);
        let mut actor = [0; 16];
        self.outside.fill(&mut actor);
        let actor = ActorId(actor);
        let enrolled = self.enrol(person, key.verifying_key().to_bytes(), actor)?;
        Ok(Device {
            enrolled,
            actor,
            person,
            key,
            chain: Chain::START,
            next_n: 1,
            nonce: 0,
        })
    }

    /// Enrols a device of this person that has this key and this actor.
    pub(super) fn enrol(
        &mut self,
        person: PersonId,
        public_key: [u8; 32],
        actor: ActorId,
    ) -> Result<EnrolAnswer> {
        let failed = |failure| anyhow!("{failure:?}");
        let code = issue_code(&self.county, person).map_err(failed)?.to_string();
        let request = EnrolRequest {
            code: code.replace('-', ""),
            county: None,
            public_key,
            actor: actor.0,
            app: "soak".into(),
            capabilities: None,
        };
        let enrolled = enrol(&self.county, &request).map_err(failed)?;
        self.numbers.insert(DeviceNumber(enrolled.device));
        self.numbers
            .extend(enrolled.one_time.iter().copied().map(DeviceNumber));
        Ok(enrolled)
    }

    /// The plan of a record as it is stored, if it is of this kind.
    pub(super) fn snapshot(&self, record: RecordId, kind: RecordKind) -> Result<Option<Vec<u8>>> {
        let plan = self.county.store().read_blocking(|tx| tx.plan(record))?;
        let is_of_kind = |view: &[u8]| PlanView::from_bytes(view).is_ok_and(|view| view.kind == kind);
        Ok(plan
            .filter(|plan| is_of_kind(&plan.view))
            .map(|plan| plan.snapshot))
    }

    /// Carries a request out for the device at this place.
    pub(super) fn ask(&self, at: usize, request: SyncRequest) -> Result<Result<SyncAnswer, ErrorCode>> {
        let device = self.devices.get(at).context("a device")?;
        let answered = sync(&self.county, &device.enrolled.token, request);
        Ok(answered.map_err(|failure| failure.code))
    }

    /// Pushes facts that are named in the device's order. What became of them; none where the push could not be read.
    pub(super) fn push(
        &mut self,
        at: usize,
        facts: &[Fact],
        side: Vec<SideValue>,
        changes: &[WireChange],
    ) -> Result<Option<Receipts>> {
        let batch = Batch {
            facts: facts.to_vec(),
            side,
        };
        let packed = (!facts.is_empty()).then(|| pack(&batch));
        let changes = (!changes.is_empty()).then(|| wire::pack(changes));
        let device = self.devices.get_mut(at).context("a device")?;
        let request = SyncRequest {
            push: Some(device.signed(packed, changes)),
            ..SyncRequest::default()
        };
        match self.ask(at, request)? {
            Err(ErrorCode::Malformed | ErrorCode::TooLarge) => Ok(None),
            Err(code) => Err(anyhow!("a signed push is answered {}", code.code())),
            Ok(answer) if answer.code == Some(ErrorCode::Forked) => {
                self.replace(at)?;
                Ok(None)
            }
            Ok(answer) => {
                let device = self.devices.get_mut(at).context("a device")?;
                for fact in facts {
                    device.chain = device.chain.then(&fact.hash());
                    device.next_n += 1;
                }
                let receipts = answer.receipts.context("receipts for a push")?;
                let told: u64 = receipts.facts.iter().map(|one| one.to - one.from + 1).sum();
                ensure!(
                    told == facts.len() as u64,
                    "{told} receipts for {} facts",
                    facts.len()
                );
                Ok(Some(receipts))
            }
        }
    }

    /// Gives the person at this place a new device: the old one forked.
    pub(super) fn replace(&mut self, at: usize) -> Result<()> {
        let person = self.devices.get(at).context("a device")?.person;
        let device = self.enrolled(person)?;
        if let Some(old) = self.devices.get_mut(at) {
            *old = device;
        }
        Ok(())
    }

    /// Opens the county's folder anew and looks at all that it admitted.
    pub(super) fn holds(mut self) -> Result<Admitted> {
        let folder = self.folder;
        let dispatcher = PersonId([103; 16]);
        let mut reader = self.enrolled(dispatcher)?;
        drop(self.devices);
        drop(self.county);
        drop(self.counties);
        let system: Arc<dyn Outside> = self.outside.clone();
        let counties = Counties::open(DataFolder::take(&folder.join("data"))?, &system)
            .context("the county does not load any more")?;
        let county = counties.only().context("one county")?;
        let file = CountyFile::read(&folder.join("data"), folder)?;
        ensure!(file.damaged == 0, "{} damaged facts", file.damaged);
        for (id, admitted) in &file.facts {
            let fact = &admitted.fact;
            let schema = schema_of(fact.kind).with_context(|| format!("{id} is of no known kind"))?;
            ensure!(
                schema.check(&fact.body).is_ok(),
                "{} {id} does not fit its kind",
                fact.kind
            );
            ensure!(
                self.numbers.contains(&id.device) || file.own.contains(&id.device),
                "{id} is nobody's"
            );
            ensure!(file.records.contains_key(&fact.record), "{id} is about no record");
        }
        for (record, view) in &file.plans {
            let plan = county.store().read_blocking(|tx| tx.plan(*record))?;
            let plan = plan.with_context(|| format!("{record} has no plan"))?;
            let loaded = trial(view.kind, Some(&plan.snapshot), Sender::County, &[]);
            let loaded = loaded.with_context(|| format!("the plan of {record} does not load"))?;
            ensure!(loaded.view == *view, "the plan of {record} says something else");
        }
        let pulled = pull(&county, &mut reader)?;
        Ok(Admitted {
            facts: file.facts.len() as u64,
            held: file.held.len() as u64 + file.held_changes.len() as u64,
            changes: file.changes.len() as u64,
            pulled,
        })
    }
}

/// What a county has after it was besieged.
pub(super) struct Admitted {
    pub(super) facts: u64,
    pub(super) held: u64,
    pub(super) changes: u64,
    pub(super) pulled: u64,
}

/// Reads all that this device may see, as an honest phone does: every page unpacks, and every plan change in it is
/// taken. How many items came.
fn pull(county: &County, device: &mut Device) -> Result<u64> {
    let mut plans: BTreeMap<RecordId, (RecordKind, Vec<u8>)> = BTreeMap::new();
    let (mut cursor, mut items) = (None, 0);
    loop {
        let request = SyncRequest {
            cursor,
            ..SyncRequest::default()
        };
        let answer =
            sync(county, &device.enrolled.token, request).map_err(|failure| anyhow!("{failure:?}"))?;
        let page = answer.page.unwrap_or_default();
        if let Some(facts) = &page.facts {
            items += unpack(facts).context("a page of facts")?.facts.len() as u64;
        }
        if let Some(changes) = &page.changes {
            let unpacked = wire::unpack(changes, WireLimits::default()).context("a page of changes")?;
            for WireChange { record, kind, bytes } in unpacked.changes {
                let snapshot = plans.get(&record).map(|(_, snapshot)| snapshot.as_slice());
                let tried = trial(kind, snapshot, Sender::County, &[&bytes]).context("a plan")?;
                ensure!(
                    matches!(tried.verdicts[..], [Verdict::Admitted(_) | Verdict::Known(_)]),
                    "a phone does not take what the county admitted: {:?}",
                    tried.verdicts
                );
                plans.insert(record, (kind, tried.snapshot));
                items += 1;
            }
        }
        ensure!(answer.cursor.is_some(), "an answer without a cursor");
        cursor = answer.cursor;
        if !answer.more {
            return Ok(items);
        }
    }
}

fn colleague(role: Role) -> Colleague {
    Colleague {
        name: "生成".into(),
        role,
        station: None,
        mentor: None,
        phone: None,
    }
}
