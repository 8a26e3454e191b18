//! Handing over: many parcels by one act, to whom a consent covers, with a proof; and what could not be handed over.

use saddlebag_records::codes::{consent_scope, failure_reason, how_consent_given, proof_kind};
use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::pickup_code::PickupCode;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::position::Position;
use saddlebag_replica::{
    CashFor, CodeCheck, DeliverOutcome, DeliverTo, Delivering, DeliveryProof, FactLine, FailOutcome, Failing,
    FieldValue, Fix, NewConsent, ScanFor, Scope,
};

use crate::a_phone::{Phone, STATION, person};
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
        phone.scan(&waybill, ScanFor::LoadingOut { place: None }).unwrap();
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

fn code(typed: &str) -> DeliveryProof {
    DeliveryProof::PickupCode {
        typed: typed.to_owned(),
    }
}

/// The county makes this the pickup code of a parcel.
fn with_code(county: &mut County, parcel: RecordId, code: &str) {
    let hash = PickupCode::parse(code).unwrap().hash(parcel).unwrap();
    let side = vec![(SideName::PickupCodeHash, hash.0.to_vec())];
    let announced = Some((kinds::delivery::ANNOUNCED, Body::new()));
    county.write_as(RecordKind::Delivery, parcel, &[], announced, side);
}

/// A parcel of no household that is known, for somebody at the post.
fn parcel_of_nobody(county: &mut County, number: u8) -> RecordId {
    delivery(county, number, &[PlanEdit::set("place", id(POST))])
}

fn failed(records: Vec<RecordId>, reason: u16) -> Failing {
    Failing {
        records,
        reason,
        note: None,
        place: None,
        calls: 0,
        fix: None,
    }
}

fn attempted(phone: &Phone, parcel: RecordId) -> Vec<FactLine> {
    let facts = phone.show(parcel).unwrap().facts.into_iter();
    facts
        .filter(|line| line.kind == kinds::delivery::ATTEMPTED)
        .collect()
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
            name: Some(name.to_owned()),
        },
        ..to_the_addressee(parcels(2), named())
    };
    let missing = DeliverOutcome::ConsentMissing { records: parcels(2) };
    assert_eq!(
        phone.deliver(&to(id(0x99), "邻居")).unwrap(),
        missing,
        "no such consent"
    );
    let consent = |scope, days| {
        let new = NewConsent {
            household: id(HOUSEHOLD),
            scope,
            days,
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
    let past = consent(neighbour(), Some(1));
    phone.clock.pass(24 * 60 * 60 * 1000 + 1);
    assert_eq!(phone.deliver(&to(past, "邻居")).unwrap(), missing, "past its end");
    let standing = consent(neighbour(), Some(1));
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
        FieldValue::Text("邻**".to_owned()),
        "the task has ended"
    );
}

#[test]
fn a_clerk_hands_what_lies_at_the_counter_to_whom_the_household_named() {
    let (clerk, mut county) = (Phone::of(5, "clerk"), County::default());
    let named_household = [PlanEdit::set("name", "王小明")];
    give(
        &mut county,
        RecordKind::Household,
        id(HOUSEHOLD),
        &named_household,
    );
    let given = Body::new()
        .with(field::GIVEN_HOW, how_consent_given::SPOKEN)
        .with(field::TO, person(1));
    let neighbour = [
        PlanEdit::set("household", id(HOUSEHOLD)),
        PlanEdit::set("to", i64::from(consent_scope::PROXY)),
        PlanEdit::set("proxy", "邻居"),
    ];
    let given = Some((kinds::consent::GIVEN, given));
    county.write_as(RecordKind::Consent, id(0x91), &neighbour, given, Vec::new());
    let to_them = [PlanEdit::set("household", id(HOUSEHOLD))];
    let parcel = delivery(&mut county, 1, &to_them);
    county.sync(&clerk);
    assert!(
        !clerk.household(id(HOUSEHOLD)).unwrap().is_whole,
        "it is not here yet"
    );

    clerk
        .scan("YT100000001", ScanFor::ScanningIn { place: STATION })
        .unwrap();
    let page = clerk.household(id(HOUSEHOLD)).unwrap();
    assert_eq!((page.name.as_str(), page.is_whole), ("王小明", true));
    assert_eq!(page.consents[0].proxy.as_deref(), Some("邻居"));

    let to = DeliverTo::Proxy {
        consent: id(0x91),
        name: None,
    };
    let handing = Delivering {
        to,
        ..to_the_addressee(vec![parcel], named())
    };
    let recorded = facts(clerk.deliver(&handing).unwrap());
    let told = clerk.pending(usize::MAX).unwrap().facts;
    let handed = told.iter().find(|fact| fact.id == recorded[0]).unwrap();
    assert_eq!(handed.kind, kinds::delivery::DELIVERED_TO_PROXY);
    assert_eq!(
        handed.body.text(field::RECEIVER),
        Some("邻居"),
        "as the consent has it"
    );
    let page = clerk.household(id(HOUSEHOLD)).unwrap();
    assert!(!page.is_whole, "nothing of theirs lies here any more");
    assert_eq!(page.consents[0].proxy.as_deref(), Some("邻**"));
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
            days: None,
            how: how_consent_given::SPOKEN,
        })
        .unwrap();
    let elsewhere = phone.deliver(&left_at(id(1), STATION, consent)).unwrap();
    assert_eq!(elsewhere, DeliverOutcome::ConsentMissing { records: vec![id(1)] });
    facts(phone.deliver(&left_at(id(1), id(SHOP), consent)).unwrap());
    facts(phone.deliver(&left_at(id(2), id(POST), consent)).unwrap());
    assert_eq!(state(&phone, id(2)), "at_drop_point");
    let again = phone.deliver(&left_at(id(2), id(POST), consent)).unwrap();
    assert_eq!(
        again,
        DeliverOutcome::Ended { records: vec![id(2)] },
        "it lies there"
    );
    facts(phone.deliver(&left_at(id(2), id(SHOP), consent)).unwrap());
}

#[test]
fn a_pickup_code_is_checked_without_a_network_and_wrong_ones_are_counted() {
    let (phone, mut county) = with_parcels(2);
    with_code(&mut county, id(2), "8-2047");
    county.sync(&phone);
    let with = |typed: &str| phone.deliver(&to_the_addressee(parcels(2), code(typed))).unwrap();
    assert_eq!(
        phone.check_pickup_code(id(1), "82047").unwrap(),
        CodeCheck::NoCode
    );
    assert_eq!(with("82048"), DeliverOutcome::WrongCode { tries: 1 });
    let wrong = phone.check_pickup_code(id(2), "82049").unwrap();
    assert_eq!(wrong, CodeCheck::Wrong { tries: 2 });
    let phone = phone.opened_again();
    let failing = Failing {
        calls: 2,
        ..failed(parcels(2), failure_reason::CODE_MISMATCH)
    };
    assert!(matches!(phone.fail(&failing).unwrap(), FailOutcome::Done { facts } if facts.len() == 2));
    let tried = |parcel| attempted(&phone, parcel).pop().unwrap().fields;
    assert_eq!(tried(id(2))["tries"], FieldValue::Number(2));
    assert_eq!(tried(id(2))["calls"], FieldValue::Number(2));
    assert!(!tried(id(1)).contains_key("tries"), "no code was typed for it");

    let outcome = phone
        .deliver(&to_the_addressee(parcels(2), code("٨٢٠٤٧")))
        .unwrap();
    assert_eq!(facts(outcome).len(), 2);
}

#[test]
fn whoever_tried_wrong_codes_until_one_fitted_tells_of_them() {
    let (phone, mut county) = with_parcels(2);
    with_code(&mut county, id(2), "8-2047");
    county.sync(&phone);
    let with = |typed: &str| phone.deliver(&to_the_addressee(parcels(2), code(typed))).unwrap();
    for tries in 1..=3 {
        assert_eq!(with("11111"), DeliverOutcome::WrongCode { tries });
    }
    let facts = facts(with("82047"));
    assert_eq!(
        facts.len(),
        3,
        "both parcels, and the wrong codes of the one that has one"
    );
    let told = attempted(&phone, id(2)).pop().unwrap();
    assert_eq!(told.fields["tries"], FieldValue::Number(3));
    assert!(matches!(
        &told.fields["reason"],
        FieldValue::Code(reason) if reason.code == failure_reason::CODE_MISMATCH
    ));
    assert!(attempted(&phone, id(1)).is_empty(), "no code was typed for it");
    assert_eq!(state(&phone, id(2)), "delivered");
    assert!(phone.show(id(2)).unwrap().status.discrepancies.is_empty());

    phone.undo(&facts).unwrap();
    assert!(attempted(&phone, id(2))[0].is_voided);
    self::facts(with("82047"));
    assert_eq!(attempted(&phone, id(2)).len(), 1, "they are told once");
}

#[test]
fn a_pickup_code_proves_what_it_belongs_to_and_what_of_the_same_household_has_none() {
    let (phone, mut county) = with_parcels(2);
    with_code(&mut county, id(2), "8-2047");
    let with_a_code = parcel_of_nobody(&mut county, 3);
    with_code(&mut county, with_a_code, "3-3333");
    let without_a_code = parcel_of_nobody(&mut county, 4);
    county.sync(&phone);
    let deliver = |records: &[u8], typed: &str| {
        let records = records.iter().copied().map(id).collect();
        phone.deliver(&to_the_addressee(records, code(typed))).unwrap()
    };
    let of_others = |records: &[u8]| DeliverOutcome::CodeOfOthers {
        records: records.iter().copied().map(id).collect(),
    };
    assert_eq!(deliver(&[1, 2, 3, 4], "82047"), of_others(&[3, 4]));
    assert_eq!(deliver(&[1, 2, 3], "33333"), of_others(&[1, 2]));
    assert_eq!(deliver(&[without_a_code.0[0], 3], "33333"), of_others(&[4]));
    assert_eq!(deliver(&[2, 3], "55555"), DeliverOutcome::WrongCode { tries: 1 });
    for parcel in parcels(4) {
        assert_ne!(state(&phone, parcel), "delivered");
        assert!(attempted(&phone, parcel).is_empty());
    }
    facts(deliver(&[1, 2], "82047"));
    facts(deliver(&[3], "33333"));
}

#[test]
fn a_second_code_of_a_household_is_not_proved_by_the_first() {
    let (phone, mut county) = with_parcels(3);
    with_code(&mut county, id(2), "8-2047");
    with_code(&mut county, id(3), "3-3333");
    county.sync(&phone);
    let with = |records, typed| phone.deliver(&to_the_addressee(records, code(typed))).unwrap();
    let outcome = with(parcels(3), "82047");
    assert_eq!(outcome, DeliverOutcome::CodeOfOthers { records: vec![id(3)] });
    facts(with(parcels(2), "82047"));
}

#[test]
fn what_is_named_twice_is_handed_over_once() {
    let (phone, _county) = with_parcels(1);
    let delivering = Delivering {
        cash: vec![CashFor {
            record: id(1),
            fen: 1_200,
        }],
        ..to_the_addressee(vec![id(1), id(1)], named())
    };
    assert_eq!(facts(phone.deliver(&delivering).unwrap()).len(), 2);
    assert_eq!(phone.cash().unwrap().owed_fen, 1_200);
    assert!(phone.show(id(1)).unwrap().status.discrepancies.is_empty());
}

#[test]
fn cash_for_what_is_not_handed_over_is_not_lost_in_silence() {
    let (phone, _county) = with_parcels(2);
    let delivering = Delivering {
        cash: vec![CashFor {
            record: id(1),
            fen: 1_200,
        }],
        ..to_the_addressee(vec![id(2)], named())
    };
    assert_eq!(phone.deliver(&delivering).unwrap_err().code(), "unknown_record");
    assert_eq!(state(&phone, id(2)), "in_bag");
}

#[test]
fn what_was_delivered_cannot_have_been_tried_in_vain_afterwards() {
    let (phone, _county) = with_parcels(2);
    phone.deliver(&to_the_addressee(vec![id(1)], named())).unwrap();
    let failing = failed(parcels(2), failure_reason::RECIPIENT_ABSENT);
    let ended = FailOutcome::Ended { records: vec![id(1)] };
    assert_eq!(phone.fail(&failing).unwrap(), ended);
    assert!(attempted(&phone, id(2)).is_empty());
    let twice = failed(vec![id(2), id(2)], failure_reason::RECIPIENT_ABSENT);
    phone.fail(&twice).unwrap();
    assert_eq!(attempted(&phone, id(2)).len(), 1);
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
