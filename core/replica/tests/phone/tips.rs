//! Tips are about places, not people, and lead to nobody.

use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::position::Position;
use saddlebag_replica::{Fix, NewTip, TipOutcome};

use crate::a_phone::Phone;
use crate::county::County;
use crate::records_given::*;

#[test]
fn a_tip_near_a_camp_is_moved_to_a_named_place() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let camp = Position {
        lat_e7: 480_606_000,
        lon_e7: 864_186_000,
    };
    let in_plan = |position: Position| PlanEdit::set("position", position);
    give(&mut county, RecordKind::Camp, id(0x85), &[in_plan(camp)]);
    let (near, far) = (
        Position {
            lat_e7: camp.lat_e7 + 90_000,
            ..camp
        },
        Position {
            lat_e7: camp.lat_e7 + 900_000,
            ..camp
        },
    );
    place(&mut county, id(0x86), &[("zh-Hans", "远")], &[in_plan(far)]);
    place(&mut county, id(0x87), &[("zh-Hans", "近")], &[in_plan(near)]);
    county.sync(&phone);

    let fix = Some(Fix {
        position: Position {
            lat_e7: camp.lat_e7 + 9_000,
            ..camp
        },
        accuracy_m: 10,
    });
    let tip = NewTip {
        kind: 1,
        fix,
        ..NewTip::default()
    };
    let TipOutcome::TooNearToACamp { places } = phone.report(&tip).unwrap() else {
        panic!("100 m from a camp")
    };
    assert_eq!(places, [id(0x87), id(0x86)]);
    assert!(
        phone.tips().unwrap().is_empty(),
        "nothing is saved until a place was picked"
    );

    let picked = NewTip {
        place: Some(places[0]),
        ..tip
    };
    let TipOutcome::Saved { record, .. } = phone.report(&picked).unwrap() else {
        panic!("a place was picked")
    };
    assert!(
        phone.side_values(record).unwrap().is_empty(),
        "the position stays out"
    );
    let elsewhere = NewTip {
        place: Some(id(0x85)),
        ..NewTip {
            kind: 1,
            ..NewTip::default()
        }
    };
    assert_eq!(
        phone.report(&elsewhere).unwrap_err().code(),
        "unknown_record",
        "a camp is no place to name"
    );
}

#[test]
fn tips_about_water_and_animals_are_stored_to_a_kilometre() {
    let phone = Phone::of_courier(1);
    let fix = Fix {
        position: Position {
            lat_e7: 480_606_123,
            lon_e7: 864_186_123,
        },
        accuracy_m: 10,
    };
    let report = |kind| match phone
        .report(&NewTip {
            kind,
            fix: Some(fix),
            ..NewTip::default()
        })
        .unwrap()
    {
        TipOutcome::Saved { record, .. } => phone.side_values(record).unwrap()[0].value.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(report(1), fix.to_side_value());
    let coarse = Fix {
        position: fix.position.coarsened_to_1_km(),
        ..fix
    };
    assert_eq!(report(8), coarse.to_side_value());
}

#[test]
fn a_tip_with_a_phone_number_or_of_a_retired_kind_is_explained_and_not_kept() {
    let phone = Phone::of_courier(1);
    let tip = |kind, text: &str| NewTip {
        kind,
        text: Some(text.to_owned()),
        ..NewTip::default()
    };
    let refused = phone.report(&tip(1, "call 13812345678")).unwrap();
    assert_eq!(
        refused,
        TipOutcome::TextRefused {
            code: "tip_text_phone_number"
        }
    );
    assert_eq!(phone.report(&tip(9_999, "x")).unwrap(), TipOutcome::NotOffered);
    assert!(phone.tips().unwrap().is_empty());
    assert_eq!(phone.only_here().unwrap().facts, 0);
}
