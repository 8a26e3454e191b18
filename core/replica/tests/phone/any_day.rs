//! Whatever a courier does in a day, in whatever order: what is listed is what was recorded, before and after the app
//! was closed.

use std::collections::BTreeMap;

use proptest::prelude::*;
use saddlebag_records::fact::{Body, FactKind, field, kinds};
use saddlebag_records::id::{DeviceNumber, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::waybill::{Waybill, delivery_id};
use saddlebag_replica::{NewFact, NewHousehold, NewTip, ScanFor};

use crate::a_phone::{ID_KEY, Phone, STATION, person};
use crate::county::County;

#[derive(Clone, Debug)]
enum Doing {
    Scan(u8),
    Record(u8, FactKind),
    Together(u8, u8),
    Order(u8, i64),
    Note(u8, String),
    HandOver(u8),
    CorrectLast(u8),
    Collect(u8, u64),
    HandIn(u64),
    Household(String),
    Tip,
    Sync,
    OfficeAssigns(u8, u8),
    Pass(u32),
    Close,
}

fn doing() -> impl Strategy<Value = Doing> {
    let parcel = 0..6u8;
    let kind = prop_oneof![
        Just(kinds::delivery::LOADED_OUT),
        Just(kinds::delivery::DAMAGED),
        Just(kinds::delivery::DELIVERED),
        Just(kinds::delivery::ATTEMPTED),
    ];
    prop_oneof![
        4 => parcel.clone().prop_map(Doing::Scan),
        4 => (parcel.clone(), kind).prop_map(|(parcel, kind)| Doing::Record(parcel, kind)),
        1 => (parcel.clone(), parcel.clone()).prop_map(|(a, b)| Doing::Together(a, b)),
        2 => (parcel.clone(), 0..9_000i64).prop_map(|(parcel, order)| Doing::Order(parcel, order)),
        1 => (parcel.clone(), ".{0,20}").prop_map(|(parcel, text)| Doing::Note(parcel, text)),
        1 => parcel.clone().prop_map(Doing::HandOver),
        1 => parcel.clone().prop_map(Doing::CorrectLast),
        1 => (parcel.clone(), 0..90_000u64).prop_map(|(parcel, fen)| Doing::Collect(parcel, fen)),
        1 => (0..90_000u64).prop_map(Doing::HandIn),
        1 => "[张王李]{1,3}".prop_map(Doing::Household),
        1 => Just(Doing::Tip),
        2 => Just(Doing::Sync),
        1 => (parcel, 1..4u8).prop_map(|(parcel, to)| Doing::OfficeAssigns(parcel, to)),
        1 => (0..200_000_000u32).prop_map(Doing::Pass),
        1 => Just(Doing::Close),
    ]
}

fn waybill(parcel: u8) -> String {
    format!("YT77001234{parcel}0")
}

fn record(parcel: u8) -> RecordId {
    delivery_id(&ID_KEY, &Waybill::parse(&waybill(parcel)).unwrap(), 0)
}

fn body(kind: FactKind, parcel: u8) -> Body {
    match kind {
        kinds::delivery::DELIVERED => Body::new().with(field::PROOF, 1u16),
        kinds::delivery::ATTEMPTED => Body::new().with(field::REASON, 1u16),
        kinds::delivery::HANDED_OVER => Body::new().with(field::TO, person(2)),
        kinds::delivery::CASH_COLLECTED => Body::new()
            .with(field::FROM, record(parcel))
            .with(field::TO, person(1)),
        _ => Body::new(),
    }
}

/// Does it, or is told why not: either way the store is whole.
fn run(phone: Phone, county: &mut County, doing: &Doing) -> Phone {
    let write = |parcel: u8, kind| NewFact::new(record(parcel), kind, body(kind, parcel));
    let done = match doing {
        Doing::Scan(parcel) => phone
            .scan(&waybill(*parcel), ScanFor::LoadingOut { place: None })
            .map(drop),
        Doing::Record(parcel, kind) => phone.record(write(*parcel, *kind)).map(drop),
        Doing::Together(a, b) => {
            let kind = kinds::delivery::DELIVERED;
            phone.record_all(vec![write(*a, kind), write(*b, kind)]).map(drop)
        }
        Doing::Order(parcel, order) => phone.edit(record(*parcel), &[PlanEdit::set("order", *order)]),
        Doing::Note(parcel, text) => phone.edit(record(*parcel), &[PlanEdit::note("notes", text)]),
        Doing::HandOver(parcel) => phone.hand_over(&[record(*parcel)], person(2)).map(drop),
        Doing::CorrectLast(parcel) => phone.show(record(*parcel)).and_then(|page| {
            let own = page
                .facts
                .iter()
                .rev()
                .find(|line| line.is_own && !line.kind.is_correction());
            own.map_or(Ok(()), |line| phone.correct(line.fact, None).map(drop))
        }),
        Doing::Collect(parcel, fen) => {
            let kind = kinds::delivery::CASH_COLLECTED;
            let body = body(kind, *parcel).with(field::FEN, *fen);
            phone.record(NewFact::new(record(*parcel), kind, body)).map(drop)
        }
        Doing::HandIn(fen) => phone.hand_in(STATION, *fen).map(drop),
        Doing::Household(name) => {
            let new = NewHousehold {
                name: name.clone(),
                language: None,
                drop_point: None,
                phone: None,
            };
            phone.register_household(&new).map(drop)
        }
        Doing::Tip => phone
            .report(&NewTip {
                kind: 1,
                ..NewTip::default()
            })
            .map(drop),
        Doing::Sync => {
            county.sync(&phone);
            Ok(())
        }
        Doing::OfficeAssigns(parcel, to) => {
            county.write(record(*parcel), &[PlanEdit::set("assignee", person(*to))], None);
            Ok(())
        }
        Doing::Pass(ms) => {
            phone.clock.pass(u64::from(*ms));
            Ok(())
        }
        Doing::Close => return phone.opened_again(),
    };
    if let Err(error) = done {
        assert_eq!(error.code(), "unknown_record", "{doing:?}");
    }
    phone
}

/// Everything that a person could see.
fn seen(phone: &Phone) -> BTreeMap<String, serde_json::Value> {
    let mut seen = BTreeMap::new();
    let mut put = |name: &str, value| seen.insert(name.to_owned(), value);
    put("today", serde_json::to_value(phone.today().unwrap()).unwrap());
    put("unsent", serde_json::to_value(phone.unsent().unwrap()).unwrap());
    put(
        "only here",
        serde_json::to_value(phone.only_here().unwrap()).unwrap(),
    );
    put("cash", serde_json::to_value(phone.cash().unwrap()).unwrap());
    put("tips", serde_json::to_value(phone.tips().unwrap()).unwrap());
    put(
        "discrepancies",
        serde_json::to_value(phone.discrepancies().unwrap()).unwrap(),
    );
    put(
        "search",
        serde_json::to_value(phone.search("张", None, 50).unwrap()).unwrap(),
    );
    for kind in RecordKind::ALL {
        for item in phone.list(kind).unwrap() {
            let page = serde_json::to_value(phone.show(item.record).unwrap()).unwrap();
            assert_eq!(
                page["status"]["state"].as_str().unwrap(),
                item.status,
                "{}",
                item.record
            );
            assert_eq!(
                page["whereabouts"],
                serde_json::to_value(item.whereabouts).unwrap()
            );
            put(&item.record.to_string(), page);
        }
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_listed_is_what_was_recorded(day in prop::collection::vec(doing(), 1..30)) {
        let mut county = County::default();
        let mut phone = Phone::with_one_time_numbers(1, "courier", 2);
        for doing in &day {
            phone = run(phone, &mut county, doing);
        }
        let before = seen(&phone);
        let phone = phone.opened_again();
        prop_assert_eq!(seen(&phone), before);

        let pending = phone.pending(usize::MAX).unwrap();
        let own: Vec<_> = pending.facts.iter().filter(|fact| fact.id.device == DeviceNumber(1)).collect();
        prop_assert!(own.windows(2).all(|pair| pair[0].id.n + 1 == pair[1].id.n));

        // A phone that gets all of it in one page shows the same.
        county.sync(&phone);
        let other = Phone::of_courier(3);
        county.sync(&other);
        for kind in [RecordKind::Delivery, RecordKind::Household, RecordKind::HandIn] {
            for item in phone.list(kind).unwrap() {
                let (here, there) = (phone.show(item.record).unwrap(), other.show(item.record).unwrap());
                prop_assert_eq!(here.status, there.status);
                prop_assert_eq!(here.facts.len(), there.facts.len());
            }
        }
    }
}
