//! The lean form of a batch of changes: what it gives back, what it refuses, what it costs.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use saddlebag_records::id::{ActorId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::schema::PlanSchema;
use saddlebag_records::plan::wire::{
    IndexedChange, NewerChange, SharedChange, Unpacked, WireChange, WireError, WireLimits, pack, pack_body,
    unpack, unpack_body,
};
use saddlebag_records::plan::{ChangeHash, ChangeHeader, ItemId, PlanEdit, edit};

use crate::kit::*;

fn uuid_v7(random: &mut ChaCha8Rng) -> [u8; 16] {
    let mut id: [u8; 16] = random.random();
    id[..4].copy_from_slice(&[0x01, 0xa1, 0xee, 0x8d]);
    id[6] = 0x70 | id[6] & 0xf;
    id[8] = 0x80 | id[8] & 0x3f;
    id
}

/// Some characters that no pool of samples repeats.
fn phrase(random: &mut ChaCha8Rng, characters: usize) -> String {
    let common: Vec<char> =
        "东西南北上下左右前后大小新旧红白黑蓝羊马牛狗门口桥河沟山路边院里房圈车站队组号家坡滩林场店楼树井草"
            .chars()
            .collect();
    (0..characters)
        .map(|_| common[random.random_range(0..common.len())])
        .collect()
}

/// One day's deliveries for one courier, as a county creates them; every field of a delivery is in use. Generated.
pub(crate) fn a_day_of_deliveries(seed: u64) -> Vec<WireChange> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let surnames = [
        "马", "王", "李", "张", "叶尔", "巴合", "古丽", "阿依", "努尔", "哈山",
    ];
    let given = [
        "波力",
        "提别克",
        "努尔",
        "江",
        "古丽",
        "汗",
        "木拉提",
        "兰",
        "娜",
        "别克",
    ];
    let villages = [
        "示例一村",
        "示例二村",
        "示例三村",
        "示例牧场",
        "示例冬窝子",
        "示例夏牧场",
    ];
    let notes = [
        "请放代办点",
        "家里有狗，先打电话",
        "下午在羊圈",
        "桥东第三家，门口有蓝色拖拉机",
        "只要晚上",
    ];
    let mut ids = |count: usize| {
        (0..count)
            .map(|_| RecordId(uuid_v7(&mut random)))
            .collect::<Vec<_>>()
    };
    let (carriers, places, households) = (ids(4), ids(17), ids(100));
    let (county, courier) = (ActorId([0xc0; 16]), PersonId(uuid_v7(&mut random)));
    let pick = |random: &mut ChaCha8Rng, from: &[&str]| from[random.random_range(0..from.len())].to_owned();
    let prefixes = ["YT", "JT", "78", "SF"];
    (0..150)
        .map(|n| {
            let carrier = random.random_range(0..4);
            let digits = random.random_range(3_000_000_000_000_u64..3_009_999_999_999);
            let day = 1_795_000_000_000 + random.random_range(0..3) * 86_400_000;
            let mut edits = vec![
                PlanEdit::set("waybill", format!("{}{digits}", prefixes[carrier]).as_str()),
                PlanEdit::set("generation", 1),
                PlanEdit::set("carrier", carriers[carrier]),
                PlanEdit::set("due_from_ms", day),
                PlanEdit::set("due_until_ms", day + 10 * 3_600_000),
                PlanEdit::set("assignee", courier),
                PlanEdit::set("order", 1024 * (n + 1)),
                PlanEdit::set(
                    "flags",
                    if random.random_bool(0.3) {
                        random.random_range(1..16)
                    } else {
                        0
                    },
                ),
            ];
            if random.random_bool(0.7) {
                edits.push(PlanEdit::set(
                    "household",
                    households[random.random_range(0..100)],
                ));
            } else {
                let name =
                    pick(&mut random, &surnames) + &phrase(&mut random, 1) + &pick(&mut random, &given);
                let address = format!(
                    "{}{} {} 号",
                    pick(&mut random, &villages),
                    phrase(&mut random, 3),
                    random.random_range(1..200)
                );
                edits.extend([PlanEdit::set("name", &*name), PlanEdit::set("address", &*address)]);
            }
            if random.random_bool(0.5) {
                edits.push(PlanEdit::set("place", places[random.random_range(0..17)]));
            }
            if random.random_bool(0.2) {
                edits.push(PlanEdit::set("cash_fen", random.random_range(10..500) * 100));
            }
            if random.random_bool(0.25) {
                edits.push(PlanEdit::note(
                    "notes",
                    &(pick(&mut random, &notes) + &phrase(&mut random, 6)),
                ));
            }
            let edited = edit(RecordKind::Delivery, None, county, &edits).unwrap().unwrap();
            let mut record: [u8; 16] = random.random();
            record[6] = 0x80 | record[6] & 0xf;
            WireChange {
                record: RecordId(record),
                kind: RecordKind::Delivery,
                bytes: edited.change,
            }
        })
        .collect()
}

fn zstd_19(bytes: &[u8]) -> usize {
    zstd::bulk::compress(bytes, 19).unwrap().len()
}

fn indexed(changes: &[WireChange]) -> Vec<IndexedChange> {
    let index = |(record, change): (usize, &WireChange)| IndexedChange {
        record,
        bytes: change.bytes.clone(),
    };
    changes.iter().enumerate().map(index).collect()
}

/// What a batch of these comes to, where every kind is known.
fn known(changes: Vec<WireChange>) -> Unpacked {
    Unpacked {
        changes,
        newer: Vec::new(),
    }
}

fn hashes_alone(_: usize, _: &ChangeHash) -> Option<SharedChange> {
    None
}

fn nothing_here(_: usize, _: ActorId, _: u64) -> Option<SharedChange> {
    None
}

fn shared(change: &[u8]) -> SharedChange {
    let ChangeHeader {
        hash,
        actor,
        seq,
        max_op,
        ..
    } = ChangeHeader::read(change).unwrap();
    SharedChange {
        hash,
        actor,
        seq,
        max_op,
    }
}

#[test]
fn a_day_of_created_deliveries_is_small() {
    let changes = a_day_of_deliveries(1);
    let kinds = vec![RecordKind::Delivery; changes.len()];
    let indexed = indexed(&changes);
    let raw: Vec<u8> = changes.iter().flat_map(|change| change.bytes.clone()).collect();
    let (packed, body) = (pack(&changes), pack_body(&kinds, &indexed, hashes_alone));
    assert_eq!(unpack(&packed, WireLimits::default()), Ok(known(changes)));
    assert_eq!(
        unpack_body(&kinds, &body, WireLimits::default(), nothing_here),
        Ok(indexed)
    );
    println!(
        "150 deliveries created, zstd 19: chunks {} B, lean without ids {} B, lean {} B ({} B before zstd)",
        zstd_19(&raw),
        zstd_19(&body),
        zstd_19(&packed),
        packed.len()
    );
    assert!(zstd_19(&packed) < 8_000);
}

#[test]
fn edits_of_what_both_sides_know_need_no_hashes() {
    let created = a_day_of_deliveries(2);
    let mut edits = Vec::new();
    for (n, change) in created.iter().enumerate() {
        let mut courier = Copy::new(change.kind, 7);
        courier.pull(std::slice::from_ref(&change.bytes));
        courier.edit(&[PlanEdit::set("order", 512 * n as i64 + 7)]);
        edits.push(IndexedChange {
            record: n,
            bytes: courier.written.remove(0),
        });
    }
    let kinds = vec![RecordKind::Delivery; edits.len()];
    let known: Vec<_> = created.iter().map(|change| shared(&change.bytes)).collect();
    let by_hash = |record: usize, hash: &ChangeHash| Some(known[record]).filter(|known| known.hash == *hash);
    let find = |record: usize, actor, seq| {
        Some(known[record]).filter(|known: &SharedChange| known.actor == actor && known.seq == seq)
    };
    let (with_hashes, lean) = (
        pack_body(&kinds, &edits, hashes_alone),
        pack_body(&kinds, &edits, by_hash),
    );
    let unpack = |body: &[u8]| unpack_body(&kinds, body, WireLimits::default(), find);
    assert_eq!(unpack(&with_hashes), Ok(edits.clone()));
    assert_eq!(unpack(&lean), Ok(edits));
    println!(
        "150 edits of one field, zstd 19: with hashes {} B, without {} B",
        zstd_19(&with_hashes),
        zstd_19(&lean)
    );
    assert!(zstd_19(&lean) < 600);

    let not_here = unpack_body(&kinds, &lean, WireLimits::default(), nothing_here);
    assert_eq!(not_here, Err(WireError::NotShared));
    // A fork: the same actor and number, another change.
    let forked = |record, actor, seq| {
        find(record, actor, seq).map(|known| SharedChange {
            hash: known_other(),
            ..known
        })
    };
    assert_eq!(
        unpack_body(&kinds, &lean, WireLimits::default(), forked),
        Err(WireError::NotShared)
    );
}

fn known_other() -> ChangeHash {
    ChangeHash([0xab; 32])
}

/// Changes of several people and kinds, some on top of others, in one batch.
fn mixed_batch(seed: u64) -> Vec<WireChange> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut batch = Vec::new();
    for schema in PlanSchema::all() {
        let record = RecordId(random.random());
        let mut people: Vec<_> = (1..=3).map(|actor| Copy::new(schema.kind, actor)).collect();
        // An item of a list is made once: no number comes again.
        let first = random.random_range(10..250);
        for fresh in first..first + random.random_range(1..6) {
            let who = random.random_range(0..3);
            let from = people[random.random_range(0..3)].written.clone();
            people[who].pull(&from);
            let field = &schema.fields[random.random_range(0..schema.fields.len())];
            if let Some(edited) = people[who].edit(&fill(field, fresh)) {
                batch.push(WireChange {
                    record,
                    kind: schema.kind,
                    bytes: edited.change,
                });
            }
        }
    }
    // Half of them leave their dependencies outside of the batch.
    batch.retain(|_| random.random_bool(0.7));
    batch
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn a_batch_comes_back_byte_for_byte(seed: u64) {
        let batch = mixed_batch(seed);
        let packed = pack(&batch);
        prop_assert_eq!(unpack(&packed, WireLimits::default()), Ok(known(batch)));
    }

    #[test]
    fn a_spoilt_batch_is_an_error_or_other_changes(seed: u64, spoils in prop::collection::vec(any::<(u16, u8)>(), 1..4)) {
        let batch = mixed_batch(seed);
        let mut packed = pack(&batch);
        for (place, byte) in spoils {
            let place = usize::from(place) % packed.len();
            packed[place] = byte;
        }
        // A record's id is not under the digest, nor is its kind where no change names its start; everything else is.
        if let Ok(unpacked) = unpack(&packed, WireLimits::default()) {
            let newer = unpacked.newer.into_iter().map(|change| change.bytes);
            let mut came: Vec<_> = unpacked.changes.into_iter().map(|change| change.bytes).chain(newer).collect();
            let mut went: Vec<_> = batch.into_iter().map(|change| change.bytes).collect();
            came.sort_unstable();
            went.sort_unstable();
            prop_assert_eq!(came, went);
        }
    }

    #[test]
    fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = unpack(&bytes, WireLimits::default());
        let kinds = [RecordKind::Delivery; 3];
        let _ = unpack_body(&kinds, &bytes, WireLimits::default(), nothing_here);
    }
}

#[test]
fn every_type_of_edit_is_carried_lean() {
    let mut copy = Copy::new(RecordKind::Errand, 7);
    copy.edit(&fill_all(RecordKind::Errand, 1));
    let item = ItemId([1; 8]);
    let field = || String::from("shopping");
    copy.edit(&[
        PlanEdit::SpliceNote {
            field: "notes".into(),
            at: 1,
            delete: 2,
            insert: "әё🐎".into(),
        },
        PlanEdit::Clear {
            field: "order".into(),
        },
        PlanEdit::SetInItem {
            field: field(),
            item,
            name: "quantity".into(),
            value: text("3"),
        },
        PlanEdit::ClearInItem {
            field: field(),
            item,
            name: "or_else".into(),
        },
    ]);
    copy.edit(&[PlanEdit::RemoveItem { field: field(), item }]);
    let record = RecordId([5; 16]);
    let wire = |bytes: Vec<u8>| WireChange {
        record,
        kind: copy.kind,
        bytes,
    };
    let batch: Vec<_> = copy.written.iter().cloned().map(wire).collect();
    let packed = pack(&batch);
    let chunk_bytes: usize = batch.iter().map(|change| change.bytes.len()).sum();
    assert!(
        packed.len() < chunk_bytes * 2 / 3,
        "{} of {chunk_bytes}",
        packed.len()
    );
    assert_eq!(unpack(&packed, WireLimits::default()), Ok(known(batch)));
}

#[test]
fn what_does_not_fit_the_lean_form_is_carried_whole() {
    let mut changes = a_day_of_deliveries(3);
    changes.truncate(3);
    let mut odd = Forged::take_apart(&changes[1].bytes);
    odd.message = b"not ours to judge".to_vec();
    changes[1].bytes = odd.put_together();
    changes.push(WireChange {
        bytes: b"no chunk at all".to_vec(),
        ..changes[0].clone()
    });
    let packed = pack(&changes);
    assert_eq!(unpack(&packed, WireLimits::default()), Ok(known(changes)));
}

/// The kind of the second record of a batch of three, which is above all that this version knows.
const NEWER: u8 = 200;

/// A batch of three records as a later version packs it: the second one's kind is not known here.
fn with_a_newer_kind(changes: &[WireChange]) -> Vec<u8> {
    let mut packed = pack(changes);
    let kind_of_the_second = 2 + 3 * 16 + 1;
    assert_eq!(packed[kind_of_the_second], changes[1].kind as u8);
    packed[kind_of_the_second] = NEWER;
    packed
}

#[test]
fn a_kind_that_is_not_known_hinders_no_other_change() {
    let mut changes = a_day_of_deliveries(6);
    changes.truncate(3);
    for whole in [false, true] {
        // Its start is none that this kind has, so it is named by its hash; or the change travels whole.
        changes[1].kind = RecordKind::Count;
        if whole {
            let mut odd = Forged::take_apart(&changes[1].bytes);
            odd.message = b"whole".to_vec();
            changes[1].bytes = odd.put_together();
        }
        let unpacked = unpack(&with_a_newer_kind(&changes), WireLimits::default()).unwrap();
        assert_eq!(unpacked.changes, [changes[0].clone(), changes[2].clone()]);
        let newer = NewerChange {
            record: changes[1].record,
            kind: NEWER,
            bytes: changes[1].bytes.clone(),
        };
        assert_eq!(unpacked.newer, [newer]);
    }
}

#[test]
fn a_start_that_nobody_here_knows_is_named_by_its_hash() {
    let mut changes = a_day_of_deliveries(6);
    changes.truncate(3);
    assert_eq!(
        unpack(&with_a_newer_kind(&changes), WireLimits::default()),
        Err(WireError::Malformed)
    );
}

#[test]
fn limits_hold_before_anything_is_built() {
    let changes = a_day_of_deliveries(4);
    let packed = pack(&changes);
    let with = |limits: WireLimits| unpack(&packed, limits).map(|unpacked| unpacked.changes.len());
    let all = WireLimits::default();
    assert_eq!(with(all), Ok(150));
    assert_eq!(with(WireLimits { records: 149, ..all }), Err(WireError::TooLarge));
    assert_eq!(with(WireLimits { changes: 149, ..all }), Err(WireError::TooLarge));
    assert_eq!(
        with(WireLimits { bytes: 20_000, ..all }),
        Err(WireError::TooLarge)
    );
    assert_eq!(unpack(&[2, 0, 0, 0], all), Err(WireError::Version));
    assert_eq!(
        unpack(&packed[..packed.len() - 1], all),
        Err(WireError::Malformed)
    );
    assert_eq!(
        unpack(&[1, 0xff, 0xff, 0xff, 0x7f], all),
        Err(WireError::TooLarge)
    );
    let mut longer = packed.clone();
    longer.push(0);
    assert_eq!(unpack(&longer, all), Err(WireError::Malformed));
    assert_eq!(unpack(&pack(&[]), all), Ok(Unpacked::default()));
}

/// The example of the module's documentation. Its bytes may not change: other programs are written from it.
#[test]
fn the_example_in_the_documentation_is_what_is_packed() {
    let mut county = Copy::new(RecordKind::HandIn, 0xc0);
    county.edit(&[
        PlanEdit::set("courier", PersonId([0x0a; 16])),
        PlanEdit::set("number", 5),
    ]);
    county.edit(&[PlanEdit::set("number", 6)]);
    let wire = |bytes: &Vec<u8>| WireChange {
        record: RecordId([0x0b; 16]),
        kind: county.kind,
        bytes: bytes.clone(),
    };
    let batch: Vec<_> = county.written.iter().map(wire).collect();
    let packed = hex::encode(pack(&batch));
    let documentation = include_str!("../../src/plan/wire.rs");
    let (_, example) = documentation.split_once("# Example").unwrap();
    let lines = example
        .lines()
        .filter_map(|line| line.strip_prefix("//! ")?.split_once(" · "));
    let documented: String = lines.flat_map(|(bytes, _)| bytes.split_whitespace()).collect();
    assert_eq!(documented, packed);
    let joined = documentation.replace("\n//! ", "");
    for chunk in county.written.iter().map(hex::encode) {
        assert!(joined.contains(&chunk), "{chunk}");
    }
}
