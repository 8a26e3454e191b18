//! Facts: their one encoding, their packed form, and their frozen bytes.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fmt::Write;

use proptest::prelude::*;
use saddlebag_records::cbor::Value;
use saddlebag_records::clock::{ClockSource, Observed, Stamp};
use saddlebag_records::fact::{
    Batch, Body, Fact, FactHash, FactKind, FieldType, KindSchema, SideName, SideValue, Was, pack, schemas,
    unpack,
};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

fn id(device: u64, n: u64) -> FactId {
    FactId::new(DeviceNumber(device), n)
}

/// The same body for a kind every time, every field in it.
fn full_body(schema: &KindSchema) -> Body {
    schema.fields.iter().fold(Body::new(), |body, (field, _)| {
        let key = field.key;
        let value: Value = match &field.holds {
            FieldType::Party | FieldType::Record => Value::Bytes(vec![key as u8; 16]),
            FieldType::Fact => id(7, key).into(),
            FieldType::Facts => vec![id(7, 1), id(8, 300)].into(),
            FieldType::Fen | FieldType::Grams | FieldType::Uint => Value::uint(100 * key),
            FieldType::Tenths => Value::Int(-25),
            FieldType::Time => Value::Int(1_795_000_000_000),
            FieldType::Bool => Value::Bool(true),
            FieldType::Text(_) => Value::Text("阿克齐镇 ٴ".into()),
            FieldType::Sealed(_) => Value::Bytes(vec![9; 40]),
            FieldType::Bytes(n) => Value::Bytes(vec![5; *n]),
            FieldType::Code(_) => Value::Int(1),
        };
        body.with(key, value)
    })
}

fn golden(schema: &KindSchema) -> Fact {
    Fact {
        id: id(42, 7),
        record: RecordId(*b"a record's id 16"),
        kind: schema.kind,
        version: 1,
        after: vec![id(1, 999), id(42, 6)],
        stamp: Stamp {
            hlc_ms: 1_795_000_000_123,
            hlc_count: 3,
            source: ClockSource::County,
        },
        observed: None,
        was: None,
        body: full_body(schema),
    }
}

/// These bytes stand in every phone and county there is: a fact's hash and signature are over them. They may
/// never change; a new version of a kind gets new lines.
#[test]
fn the_bytes_of_one_fact_of_each_kind_are_frozen() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/facts.txt");
    let mut lines = String::new();
    for schema in schemas() {
        writeln!(lines, "{} {}", schema.kind, hex::encode(golden(schema).encode())).unwrap();
    }
    let frozen = std::fs::read_to_string(path).unwrap_or_default();
    let new: Vec<_> = lines
        .lines()
        .filter(|line| !frozen.lines().any(|old| old == *line))
        .collect();
    if std::env::var_os("ADD_GOLDEN").is_some() {
        // Only adds: a kind that is frozen already keeps its line, and the test then fails on the difference.
        let known = |line: &&&str| {
            let kind = line.split(' ').next();
            !frozen.lines().any(|old| old.split(' ').next() == kind)
        };
        let added: Vec<_> = new.iter().filter(known).copied().collect();
        std::fs::write(path, frozen + &added.join("\n") + "\n").unwrap();
        return;
    }
    assert!(new.is_empty(), "not frozen, or changed:\n{}", new.join("\n"));
    for line in frozen.lines() {
        let (kind, bytes) = line.split_once(' ').unwrap();
        let bytes = hex::decode(bytes).unwrap();
        let fact = Fact::decode(&bytes).unwrap();
        assert_eq!(fact.kind.to_string(), kind);
        assert_eq!(fact.encode(), bytes);
    }
}

/// Two facts and a side value of every name: every column of the packed form holds something.
fn golden_batch() -> Batch {
    let facts = [(1, 6), (2, 9)].map(|(number, n)| {
        let schema = &schemas()[number];
        Fact {
            id: id(42, n),
            observed: Some(Observed {
                wall_ms: 1_795_000_100_000 + n as i64,
                mono_ms: 5_000,
                boot: 77,
                satellite_ms: (n == 9).then_some(1_795_000_000_900),
            }),
            was: (n == 9).then_some(Was {
                id: id(41, 3),
                hash: FactHash([0xab; 32]),
            }),
            after: vec![id(1, 999), id(42, n - 1)],
            ..golden(schema)
        }
    });
    let photos = [[0x11; 32], [0x22; 32]].concat();
    let position =
        |lat: i32, lon: i32| [&lat.to_be_bytes()[..], &lon.to_be_bytes(), &9u16.to_be_bytes()].concat();
    let of_fact = |at: usize, name, value| SideValue {
        record: facts[at].record,
        fact: facts[at].id,
        name,
        value,
    };
    let side = vec![
        of_fact(0, SideName::Position, position(476_500_000, 864_000_000)),
        of_fact(0, SideName::Phone, b"12400000042".to_vec()),
        of_fact(0, SideName::PickupCodeHash, vec![7; 8]),
        of_fact(0, SideName::Medicine, Vec::new()),
        of_fact(1, SideName::Position, position(476_499_000, 864_000_100)),
        of_fact(1, SideName::Signature, vec![1, 2, 3]),
        of_fact(1, SideName::Photo, photos),
    ];
    Batch {
        facts: facts.to_vec(),
        side,
    }
}

/// How facts travel: phones and counties of different ages read each other's, so these bytes may never change.
#[test]
fn the_packed_form_is_frozen() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/pack.txt");
    let packed = hex::encode(pack(&golden_batch())) + "\n";
    if std::env::var_os("ADD_GOLDEN").is_some() && !std::fs::exists(path).unwrap() {
        std::fs::write(path, &packed).unwrap();
    }
    let frozen = std::fs::read_to_string(path).unwrap();
    assert_eq!(packed, frozen);
    let bytes = hex::decode(frozen.trim()).unwrap();
    assert_eq!(unpack(&bytes), Ok(golden_batch()));
}

#[test]
fn every_kind_takes_its_own_fields_and_no_others() {
    for schema in schemas() {
        let full = full_body(schema);
        assert_eq!(schema.check(&full), Ok(()), "{}", schema.kind);
        assert!(
            schema.check(&full.clone().with(9999, true)).is_err(),
            "{} takes a foreign field",
            schema.kind
        );
        for (field, required) in &schema.fields {
            let without = full.iter().filter(|(key, _)| *key != field.key);
            let without = without.fold(Body::new(), |body, (key, value)| body.with(key, value.clone()));
            assert_eq!(
                schema.check(&without).is_err(),
                *required,
                "{} without {}",
                schema.kind,
                field.name
            );
            let wrong = full.clone().with(field.key, Value::Null);
            assert!(
                schema.check(&wrong).is_err(),
                "{} takes nothing as {}",
                schema.kind,
                field.name
            );
        }
    }
}

/// Rule 2 of PRODUCT.md's privacy: a report is about a place, never about a person. Whoever adds a field here
/// must first read that rule.
#[test]
fn a_tip_has_these_fields_and_no_others() {
    let mut fields: Vec<_> = schemas()
        .iter()
        .filter(|schema| schema.kind.to_string().starts_with("tip."))
        .flat_map(|schema| {
            schema
                .fields
                .iter()
                .map(|(field, _)| format!("{}.{}", schema.name, field.name))
        })
        .collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "answered.answer",
            "answered.case",
            "reopened.text",
            "reported.place",
            "reported.text",
            "reported.tip_kind",
            "reported.township",
        ]
    );
}

fn any_id() -> impl Strategy<Value = FactId> {
    (
        prop_oneof![1u64..5, any::<u64>()],
        prop_oneof![1u64..400, 1..u64::MAX],
    )
        .prop_map(|(device, n)| id(device, n))
}

prop_compose! {
    fn any_fact()(
        own in any_id(),
        record in 0u8..6,
        kind in prop_oneof![any::<u16>(), Just(0x0105), Just(0x0501)],
        version in 1u8..,
        after in proptest::collection::btree_set(any_id(), 0..4),
        hlc_ms in prop_oneof![0..i64::MAX, 1_795_000_000_000..1_795_900_000_000i64],
        hlc_count in any::<u16>(),
        source in 0u64..4,
        observed in proptest::option::of((any::<i64>(), any::<u64>(), any::<u64>(), proptest::option::of(any::<i64>()))),
        was in proptest::option::of((any_id(), any::<[u8; 32]>())),
        fields in proptest::collection::btree_map(any::<u64>(), any::<i64>(), 0..4),
    ) -> Fact {
        Fact {
            id: own,
            record: RecordId([record; 16]),
            kind: FactKind(kind),
            version,
            after: after.into_iter().filter(|id| *id != own).collect(),
            stamp: Stamp { hlc_ms, hlc_count, source: ClockSource::from_number(source).unwrap() },
            observed: observed.map(|(wall_ms, mono_ms, boot, satellite_ms)| Observed { wall_ms, mono_ms, boot, satellite_ms }),
            was: was.map(|(id, hash)| Was { id, hash: FactHash(hash) }),
            body: fields.into_iter().fold(Body::new(), |body, (key, value)| body.with(key, value)),
        }
    }
}

prop_compose! {
    fn any_batch()(facts in proptest::collection::vec(any_fact(), 0..20), sides in any::<[u8; 20]>(), at in (-900_000_000..=900_000_000i32, -1_800_000_000..=1_800_000_000i32, any::<u16>())) -> Batch {
        let mut batch = Batch::default();
        let mut ids = std::collections::HashSet::new();
        for (fact, choice) in facts.into_iter().zip(sides) {
            if !ids.insert(fact.id) {
                continue;
            }
            let hang = |name, value| SideValue { record: fact.record, fact: fact.id, name, value };
            if choice & 1 != 0 {
                let value = [&at.0.to_be_bytes()[..], &at.1.to_be_bytes()[..], &at.2.to_be_bytes()[..]].concat();
                batch.side.push(hang(SideName::Position, value));
            }
            if choice & 2 != 0 {
                batch.side.push(hang(SideName::Phone, b"120000".to_vec()));
                batch.side.push(hang(SideName::Medicine, vec![]));
            }
            batch.facts.push(fact);
        }
        batch
    }
}

proptest! {
    #[test]
    fn a_fact_survives_its_encoding(fact in any_fact()) {
        prop_assert_eq!(Fact::decode(&fact.encode()), Ok(fact));
    }

    #[test]
    fn a_batch_survives_packing(batch in any_batch()) {
        let unpacked = unpack(&pack(&batch));
        prop_assert_eq!(unpacked, Ok(batch));
    }

    #[test]
    fn a_mutated_pack_is_refused_or_is_another_batch(batch in any_batch(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = pack(&batch);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = unpack(&bytes) {
            for fact in read.facts {
                prop_assert_eq!(Fact::decode(&fact.encode()), Ok(fact));
            }
        }
    }

    #[test]
    fn mutated_facts_are_refused_or_canonical(fact in any_fact(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = fact.encode();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = Fact::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes);
        }
    }
}
