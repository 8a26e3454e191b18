//! Handing over: many parcels by one act, to whom a consent covers, with a proof; and what could not be handed over.

use saddlebag_records::codes::{failure_reason, how_consent_given, proof_kind};
use saddlebag_records::fact::{Body, SideName, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::pickup_code::PickupCode;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::position::Position;
use saddlebag_replica::{
    CashFor, CodeCheck, DeliverOutcome, DeliverTo, Delivering, DeliveryProof, FactLine, Failing, FieldValue,
    Fix, NewConsent, Scope,
};

use crate::a_phone::{MORNING_MS, Phone, STATION};
use crate::county::County;
use crate::records_given::*;

const HOUSEHOLD: u8 = 0x81;
const SHOP: u8 = 0x82;
const POST: u8 = 0x83;

/// A courier's phone with parcels 1 to `count` of one household in the bag, 12 yuan to be paid for the first.
fn with_parcels(count: u8) -> (Phone, County) {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    place(&mut county, id(SHOP), &[("zh-Hans", "小卖部")], &[]);
    place(&mut county, id(POST), &[("zh-Hans", "邮政点")], &[]);
    give(
        &mut county,
        RecordKind::Household,
        id(HOUSEHOLD),
        &[
            PlanEdit::set("name", "王小明"),
            PlanEdit::set("drop_point", id(POST)),
        ],
    );
    for number in 1..=count {
        let mut edits = vec![PlanEdit::set("household", id(HOUSEHOLD))];
        edits.extend((number == 1).then(|| PlanEdit::set("cash_fen", 1_200)));
        delivery(&mut county, number, &edits);
    }
    county.sync(&phone);
    for number in 1..=count {
        let waybill = format!("YT10000000{number}");
        phone
            .scan(&waybill, saddlebag_replica::ScanFor::LoadingOut { place: None })
            .unwrap();
    }
    (phone, county)
}

fn parcels(count: u8) -> Vec<RecordId> {
    (1..=count).map(id).collect()
}

fn to_the_addressee(records: Vec<RecordId>, proof: DeliveryProof) -> Delivering {
    Delivering {
        records,
        to: DeliverTo::Addressee,
        proof,
        cash: Vec::new(),
        note: None,
        fix: None,
    }
}

fn named() -> DeliveryProof {
    DeliveryProof::Receiver { name: None }
}

fn facts(outcome: DeliverOutcome) -> Vec<saddlebag_records::id::FactId> {
    match outcome {
        DeliverOutcome::Done { facts } => facts,
        other => panic!("{other:?}"),
    }
}

fn state(phone: &Phone, record: RecordId) -> String {
    let state = serde_json::to_value(phone.show(record).unwrap().status.state).unwrap();
    state["state"].as_str().unwrap().to_owned()
}

#[test]
fn five_parcels_of_a_stop_are_one_act_with_one_signature_and_their_cash() {
    let (phone, _county) = with_parcels(5);
    let fix = Fix {
        position: Position {
            lat_e7: 480_606_000,
            lon_e7: 864_186_000,
        },
        accuracy_m: 9,
    };
    let delivering = Delivering {
        cash: vec![CashFor {
            record: id(1),
            fen: 1_200,
        }],
        fix: Some(fix),
        ..to_the_addressee(
            parcels(5),
            DeliveryProof::Signature {
                strokes: vec![7; 900],
            },
        )
    };
    let facts = facts(phone.deliver(&delivering).unwrap());
    assert_eq!(facts.len(), 6, "one a parcel and the cash");
    for parcel in parcels(5) {
        let page = phone.show(parcel).unwrap();
        assert_eq!(state(&phone, parcel), "delivered");
        assert!(page.status.discrepancies.is_empty());
        let delivered = page.facts.last().unwrap();
        assert_eq!(delivered.side, [SideName::Position, SideName::Signature]);
        assert!(matches!(
            &delivered.fields["proof"],
            FieldValue::Code(proof) if proof.code == proof_kind::SIGNATURE
        ));
    }
    assert_eq!(phone.cash().unwrap().owed_fen, 1_200);
    assert!(phone.today().unwrap().stops.is_empty());

    let again = phone.deliver(&to_the_addressee(parcels(5), named())).unwrap();
    assert_eq!(again, DeliverOutcome::Ended { records: parcels(5) });
    assert_eq!(phone.undo(&facts).unwrap().len(), 6);
    assert_eq!(state(&phone, id(5)), "in_bag");
    assert_eq!(phone.cash().unwrap().owed_fen, 0);
    assert!(
        phone.undo(&facts).unwrap().is_empty(),
        "a second tap undoes nothing more"
    );
}

#[test]
fn any_parcel_can_be_left_out_and_nobody_is_no_act() {
    let (phone, _county) = with_parcels(3);
    phone
        .deliver(&to_the_addressee(vec![id(1), id(3)], named()))
        .unwrap();
    assert_eq!(state(&phone, id(2)), "in_bag");
    let none = phone.deliver(&to_the_addressee(Vec::new(), named())).unwrap();
    assert_eq!(none, DeliverOutcome::NothingToDeliver);
    let unproved = phone.deliver(&to_the_addressee(vec![id(2)], DeliveryProof::None));
    assert_eq!(unproved.unwrap_err().code(), "unfit_fact");
    let too_long = DeliveryProof::Signature {
        strokes: vec![0; 4_097],
    };
    let too_long = phone.deliver(&to_the_addressee(vec![id(2)], too_long));
    assert_eq!(too_long.unwrap_err().code(), "unfit_side_value");
    assert_eq!(state(&phone, id(2)), "in_bag");
}

#[test]
fn a_proxy_gets_nothing_without_a_consent_that_stands_and_names_them() {
    let (phone, _county) = with_parcels(2);
    let to = |consent, name: &str| Delivering {
        to: DeliverTo::Proxy {
            consent,
            name: name.to_owned(),
        },
        ..to_the_addressee(parcels(2), named())
    };
    let missing = DeliverOutcome::ConsentMissing { records: parcels(2) };
    assert_eq!(
        phone.deliver(&to(id(0x99), "邻居")).unwrap(),
        missing,
        "no such consent"
    );
    let consent = |scope, until_ms| {
        let new = NewConsent {
            household: id(HOUSEHOLD),
            scope,
            until_ms,
            how: how_consent_given::SPOKEN,
        };
        phone.give_consent(&new).unwrap()
    };
    let neighbour = || Scope::Proxy {
        name: "邻居".to_owned(),
    };
    let help = consent(Scope::ErrandHelp, None);
    assert_eq!(
        phone.deliver(&to(help, "邻居")).unwrap(),
        missing,
        "to something else"
    );
    let past = consent(neighbour(), Some(MORNING_MS - 1));
    assert_eq!(phone.deliver(&to(past, "邻居")).unwrap(), missing, "past its end");
    let standing = consent(neighbour(), Some(MORNING_MS + 60_000));
    assert_eq!(
        phone.deliver(&to(standing, "路人")).unwrap(),
        missing,
        "somebody else"
    );
    assert_eq!(phone.show(id(1)).unwrap().facts.len(), 1, "nothing was recorded");

    phone.withdraw_consent(standing).unwrap();
    assert_eq!(
        phone.deliver(&to(standing, "邻居")).unwrap(),
        missing,
        "withdrawn"
    );
    let anew = consent(neighbour(), None);
    facts(phone.deliver(&to(anew, "邻居")).unwrap());
    let delivered = phone.show(id(1)).unwrap();
    assert_eq!(
        delivered.facts.last().unwrap().kind,
        kinds::delivery::DELIVERED_TO_PROXY
    );
    assert_eq!(
        delivered.facts.last().unwrap().fields["receiver"],
        FieldValue::Text("邻居".to_owned())
    );
}

#[test]
fn a_drop_point_takes_what_a_consent_covers_for_it_or_for_the_one_they_fall_back_on() {
    let (phone, _county) = with_parcels(2);
    let left_at = |record, place, consent| Delivering {
        to: DeliverTo::DropPoint { place, consent },
        ..to_the_addressee(vec![record], DeliveryProof::None)
    };
    let consent = phone
        .give_consent(&NewConsent {
            household: id(HOUSEHOLD),
            scope: Scope::DropPoint { place: id(SHOP) },
            until_ms: None,
            how: how_consent_given::SPOKEN,
        })
        .unwrap();
    let elsewhere = phone.deliver(&left_at(id(1), STATION, consent)).unwrap();
    assert_eq!(elsewhere, DeliverOutcome::ConsentMissing { records: vec![id(1)] });
    facts(phone.deliver(&left_at(id(1), id(SHOP), consent)).unwrap());
    facts(phone.deliver(&left_at(id(2), id(POST), consent)).unwrap());
    assert_eq!(state(&phone, id(2)), "at_drop_point");
}

#[test]
fn a_pickup_code_is_checked_without_a_network_and_wrong_ones_are_counted() {
    let (phone, mut county) = with_parcels(2);
    let hash = PickupCode::parse("8-2047").unwrap().hash(id(2)).unwrap();
    let side = vec![(SideName::PickupCodeHash, hash.0.to_vec())];
    let announced = Some((kinds::delivery::ANNOUNCED, Body::new()));
    county.write_as(RecordKind::Delivery, id(2), &[], announced, side);
    county.sync(&phone);
    let with = |typed: &str| {
        let proof = DeliveryProof::PickupCode {
            typed: typed.to_owned(),
        };
        phone.deliver(&to_the_addressee(parcels(2), proof)).unwrap()
    };
    assert_eq!(
        phone.check_pickup_code(id(1), "82047").unwrap(),
        CodeCheck::NoCode
    );
    assert_eq!(with("82048"), DeliverOutcome::WrongCode { tries: 1 });
    let wrong = phone.check_pickup_code(id(2), "82049").unwrap();
    assert_eq!(wrong, CodeCheck::Wrong { tries: 2 });
    let phone = phone.opened_again();
    let failing = Failing {
        records: parcels(2),
        reason: failure_reason::CODE_MISMATCH,
        note: None,
        place: None,
        calls: 2,
        fix: None,
    };
    phone.fail(&failing).unwrap();
    let attempted = |parcel| {
        let facts = phone.show(parcel).unwrap().facts;
        let attempted = |line: &FactLine| line.kind == kinds::delivery::ATTEMPTED;
        facts.into_iter().find(attempted).unwrap().fields
    };
    assert_eq!(attempted(id(2))["tries"], FieldValue::Number(2));
    assert_eq!(attempted(id(2))["calls"], FieldValue::Number(2));
    assert!(
        !attempted(id(1)).contains_key("tries"),
        "no code was typed for it"
    );

    let right = DeliveryProof::PickupCode {
        typed: "٨٢٠٤٧".to_owned(),
    };
    let outcome = phone.deliver(&to_the_addressee(parcels(2), right)).unwrap();
    assert_eq!(facts(outcome).len(), 2);
}

#[test]
fn a_pickup_code_is_no_proof_where_none_is_known() {
    let (phone, _county) = with_parcels(1);
    let proof = DeliveryProof::PickupCode {
        typed: "82047".to_owned(),
    };
    let outcome = phone.deliver(&to_the_addressee(parcels(1), proof)).unwrap();
    assert_eq!(outcome, DeliverOutcome::NoCode);
}

#[test]
fn what_is_no_delivery_is_not_delivered() {
    let (phone, _county) = with_parcels(1);
    let outcome = phone.deliver(&to_the_addressee(vec![id(HOUSEHOLD)], named()));
    assert_eq!(outcome.unwrap_err().code(), "unknown_kind");
    let outcome = phone.deliver(&to_the_addressee(vec![id(0x77)], named()));
    assert_eq!(outcome.unwrap_err().code(), "unknown_record");
}

#[test]
fn what_is_brought_back_lies_at_the_station() {
    let (phone, _county) = with_parcels(3);
    let reason = Some(failure_reason::ROAD_CLOSED);
    phone.return_to_station(&parcels(3), STATION, reason).unwrap();
    assert_eq!(state(&phone, id(3)), "returned_to_station");
}
