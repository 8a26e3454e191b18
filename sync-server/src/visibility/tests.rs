//! What is known of earlier jobs changes nothing: a county in which every job begins anew shows the same to the same.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use saddlebag_records::access::{Grant, Role};
use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::codes::place_kind;
use saddlebag_records::fact::{Body, Chain, Fact, FactHash, FactKind, field, kinds, schemas};
use saddlebag_records::id::{ActorId, CountyId, DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::schema::PlanSchema;
use saddlebag_records::plan::{PlanValue, PlanView};
use tempfile::TempDir;

use super::{refresh, sweep};
use crate::store::{
    ChangeHead, ChangePush, FactPush, Fate, Moment, NewDevice, NewFact, NewRecord, Person, ReadTx, Store,
    StoreError, WriteTx,
};

const BEGIN_MS: i64 = 1_790_000_000_000;
const HOUR_MS: i64 = 3_600_000;
/// Three couriers, a clerk and a dispatcher, each with the device of that number.
const ROLES: [Role; 5] = [
    Role::Courier,
    Role::Courier,
    Role::Courier,
    Role::Clerk,
    Role::Dispatcher,
];

fn person(n: usize) -> PersonId {
    PersonId([200 + n as u8 % 5; 16])
}

fn station(n: usize) -> RecordId {
    RecordId([250 + n as u8 % 2; 16])
}

/// The records that things happen to, a few of each kind.
fn records() -> Vec<(RecordKind, RecordId)> {
    let kinds = [
        (RecordKind::Delivery, 5),
        (RecordKind::Errand, 1),
        (RecordKind::Household, 3),
        (RecordKind::Camp, 2),
        (RecordKind::Consent, 2),
        (RecordKind::CashPass, 2),
        (RecordKind::HandIn, 2),
        (RecordKind::Count, 2),
    ];
    let of_kind = |(kind, count): (RecordKind, u8)| {
        (0..count).map(move |n| (kind, RecordId([10 * kind as u8 + n; 16])))
    };
    kinds.into_iter().flat_map(of_kind).collect()
}

/// Something that happens in a job.
#[derive(Clone, Debug)]
struct Step {
    /// Facts are what happens mostly; else a plan is written.
    is_fact: bool,
    record: Index,
    kind: Index,
    names: [Index; 4],
    device: usize,
    small: u8,
    /// How much later it is, in hours.
    later: i64,
    /// Whether it is in the same job as the one before.
    goes_on: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let later = prop_oneof![6 => Just(0), 2 => 1..30i64, 1 => 150..900i64];
    let what = (
        prop::bool::weighted(0.7),
        any::<Index>(),
        any::<Index>(),
        any::<[Index; 4]>(),
    );
    (what, 0..5usize, any::<u8>(), later, any::<bool>()).prop_map(
        |((is_fact, record, kind, names), device, small, later, goes_on)| Step {
            is_fact,
            record,
            kind,
            names,
            device,
            small,
            later,
            goes_on,
        },
    )
}

/// A county in a file.
struct County {
    store: Store,
    _folder: TempDir,
}

/// What a record is to whom.
type Seen = (Option<i64>, Vec<Grant>, Vec<RecordId>);

impl County {
    fn found() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("county.db")).unwrap();
        let county = Self {
            store,
            _folder: folder,
        };
        county.job(BEGIN_MS, |tx| {
            tx.found_county(CountyId([1; 16]))?;
            let own = tx.take_device_number()?;
            tx.start_epoch([1; 8], own, ActorId([1; 16]))?;
            for (n, role) in ROLES.into_iter().enumerate() {
                tx.put_person(&Person {
                    id: person(n),
                    role,
                    station: (role != Role::Dispatcher).then_some(station(n / 2)),
                    password_hash: None,
                    second_factor: None,
                    active: true,
                })?;
                let number = tx.take_device_number()?;
                tx.add_device(&NewDevice {
                    number,
                    person: person(n),
                    role,
                    token_hash: [n as u8; 32],
                    public_key: [n as u8; 32],
                    replaces: None,
                })?;
            }
            for n in 0..2 {
                tx.add_record(&new(RecordKind::Place, station(n)))?;
                let fields = [("kind", PlanValue::Integer(place_kind::STATION.into()))];
                write_plan(tx, RecordKind::Place, station(n), 0, fields)?;
            }
            refresh(tx, BEGIN_MS, [station(0), station(1)])
        });
        county
    }

    fn job<T: Send + 'static>(
        &self,
        ms: i64,
        job: impl FnOnce(&mut dyn WriteTx) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store
            .write(Moment { ms, nonce: [0; 8] }, job)
            .wait()
            .unwrap()
    }

    fn seen(&self) -> BTreeMap<RecordId, Seen> {
        let look = |tx: &dyn ReadTx| {
            let mut all = BTreeMap::new();
            for (_, record) in records() {
                let ended_ms = tx.record(record)?.and_then(|row| row.ended_ms);
                let grants = tx.grants(record)?.into_iter().map(|row| row.grant).collect();
                all.insert(record, (ended_ms, grants, tx.references_from(record)?));
            }
            Ok::<_, StoreError>(all)
        };
        self.store.read_blocking(look).unwrap()
    }
}

fn new(kind: RecordKind, id: RecordId) -> NewRecord {
    NewRecord {
        id,
        kind,
        creator: DeviceNumber(2),
        creator_person: Some(person(0)),
    }
}

fn write_plan<const N: usize>(
    tx: &mut dyn WriteTx,
    kind: RecordKind,
    record: RecordId,
    n: u64,
    fields: [(&str, PlanValue); N],
) -> Result<(), StoreError> {
    let mut view = PlanView::empty(kind);
    let schema = PlanSchema::of(kind);
    let fields = fields
        .into_iter()
        .filter(|(name, _)| schema.is_some_and(|schema| schema.field(name).is_some()));
    view.fields
        .extend(fields.map(|(name, value)| (name.to_owned(), value)));
    let tried_at = tx.plan(record)?.map_or(0, |plan| plan.change_count);
    let head = ChangeHead {
        actor: ActorId([9; 16]),
        actor_seq: n + 1,
        hash: [n as u8; 32],
        start_op: 1,
        max_op: 1,
    };
    tx.append_changes(&ChangePush {
        record,
        by: DeviceNumber(1),
        tried_at,
        changes: vec![(head, Vec::new())],
        snapshot: Vec::new(),
        view: view.to_bytes(),
    })
    .map(drop)
}

/// Does a step, and gives the record that it touched.
fn take(tx: &mut dyn WriteTx, step: &Step, nth: u64, facts: &mut Vec<Fact>) -> Result<RecordId, StoreError> {
    let records = records();
    let (kind, record) = records[step.record.index(records.len())];
    tx.add_record(&new(kind, record))?;
    let other = |of: RecordKind, name: &Index| {
        let alike: Vec<_> = records.iter().filter(|(kind, _)| *kind == of).collect();
        alike[name.index(alike.len())].1
    };
    if !step.is_fact && PlanSchema::of(kind).is_some() {
        let household = other(RecordKind::Household, &step.names[1]);
        let place = match step.small % 3 {
            0 => other(RecordKind::Camp, &step.names[2]),
            n => station(n.into()),
        };
        let fields = [
            ("assignee", PlanValue::Person(person(step.names[0].index(3)))),
            ("courier", PlanValue::Person(person(step.names[0].index(3)))),
            ("place", PlanValue::Record(place)),
            ("household", PlanValue::Record(household)),
            ("asked_by", PlanValue::Record(household)),
            (
                "consent",
                PlanValue::Record(other(RecordKind::Consent, &step.names[2])),
            ),
            ("to", PlanValue::Integer(i64::from(step.small % 4))),
            (
                "valid_until_ms",
                PlanValue::Integer(BEGIN_MS + i64::from(step.small) * HOUR_MS),
            ),
        ];
        write_plan(tx, kind, record, nth, fields)?;
        return Ok(record);
    }
    let mut of_kind: Vec<FactKind> = schemas()
        .iter()
        .map(|schema| schema.kind)
        .filter(|fact| fact.record() == Some(kind))
        .collect();
    if kind == RecordKind::Delivery {
        // Money, and what ends it, are what most hangs on.
        of_kind.extend([kinds::delivery::CASH_COLLECTED, kinds::delivery::DELIVERED].repeat(4));
    }
    let device = DeviceNumber(2 + step.device as u64);
    let own: Vec<&Fact> = facts.iter().filter(|fact| fact.record == record).collect();
    let named = |name: &Index| match own.is_empty() {
        true => FactId::new(device, 1),
        false => own[name.index(own.len())].id,
    };
    let seen = own
        .last()
        .filter(|_| !step.small.is_multiple_of(4))
        .map(|fact| fact.id);
    let fact = Fact {
        id: FactId::new(device, tx.author(device)?.fact_count + 1),
        record,
        kind: of_kind[step.kind.index(of_kind.len())],
        version: 1,
        after: seen.into_iter().collect(),
        stamp: Stamp {
            hlc_ms: BEGIN_MS + nth as i64 * HOUR_MS,
            hlc_count: 0,
            source: ClockSource::County,
        },
        observed: None,
        was: None,
        body: Body::new()
            .with(field::FROM, RecordId::from(person(step.names[0].index(4))))
            .with(field::TO, RecordId::from(person(step.names[1].index(4))))
            .with(field::FEN, u64::from(step.small % 3) * 100)
            .with(field::NUMBER, u64::from(step.small % 2))
            .with(field::PLACE, station(step.small.into()))
            .with(field::RECORD, other(kind, &step.names[2]))
            .with(field::FACT, named(&step.names[3]))
            .with(field::FACTS, vec![named(&step.names[2]), named(&step.names[3])])
            .with(field::STANDS, named(&step.names[3])),
    };
    let (bytes, chain) = (fact.encode(), Chain::from_bytes(tx.author(device)?.chain));
    let hash = FactHash::of(&bytes);
    let chain = chain.then(&hash);
    tx.append_facts(&FactPush {
        author: device,
        by: device,
        chain: chain.to_bytes(),
        facts: vec![NewFact {
            n: fact.id.n,
            record,
            kind: fact.kind,
            hash,
            running: chain.running_hash(),
            was: None,
            bytes,
            sides: Vec::new(),
            fate: Fate::Admitted,
        }],
    })?;
    facts.push(fact);
    Ok(record)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn what_earlier_jobs_left_changes_nothing(steps in vec(step(), 1..70)) {
        let (remembering, forgetting) = (County::found(), County::found());
        let jobs: Vec<Vec<(u64, Step)>> = steps.into_iter().zip(0u64..).fold(Vec::new(), |mut jobs, (step, nth)| {
            match jobs.last_mut() {
                Some(last) if step.goes_on => last.push((nth, step)),
                _ => jobs.push(vec![(nth, step)]),
            }
            jobs
        });
        let (mut now_ms, mut facts) = (BEGIN_MS, Vec::new());
        for job in jobs {
            now_ms += job.iter().map(|(_, step)| step.later).sum::<i64>() * HOUR_MS;
            let mut after = Vec::new();
            for (county, remembers) in [(&remembering, true), (&forgetting, false)] {
                let (job, mut facts) = (job.clone(), Vec::clone(&facts));
                after.push(county.job(now_ms, move |tx| {
                    if !remembers {
                        drop(tx.recall());
                    }
                    while sweep(tx, now_ms, 100)? {}
                    let mut touched = Vec::new();
                    for (nth, step) in &job {
                        touched.push(take(tx, step, *nth, &mut facts)?);
                    }
                    if !remembers {
                        drop(tx.recall());
                    }
                    refresh(tx, now_ms, touched)?;
                    Ok(facts)
                }));
            }
            facts = after.pop().unwrap();
            prop_assert_eq!(remembering.seen(), forgetting.seen());
        }
    }
}
