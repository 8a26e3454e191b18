use saddlebag_records::fact::{Body, field, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::waybill::{count_id, hand_in_id};
use serde_json::json;

use crate::support::{Folder, Phone};

#[test]
fn a_parcel_delivered_twice_is_credited_to_nobody_until_somebody_says_which_stands() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let number = folder.parcels(1).remove(0);
    let record = folder.look("D01", &["show", &number]).done()["record"]
        .as_str()
        .unwrap()
        .to_owned();
    // Both have it in hand when they hand it over: the second was given it while the first was away.
    let phones = ["C01", "C02"].map(|courier| {
        folder.by("D01", &["reassign", &number, courier]).done();
        let mut phone = folder.phone(&server, courier);
        phone.sync().unwrap();
        phone
    });
    let facts = phones.map(|mut phone| {
        let fact = phone.write(
            &record,
            kinds::delivery::DELIVERED,
            Body::new().with(field::PROOF, 1u16),
        );
        phone.sync().unwrap();
        fact.to_string()
    });
    let open = folder.by("D01", &["discrepancy", "list"]).done();
    assert_eq!(
        (&open[0]["record"], &open[0]["code"]),
        (&json!(record), &json!("delivered_twice"))
    );
    assert_eq!(open[0]["facts"], json!(facts));
    let credits = || folder.look("D01", &["show", &number]).done()["status"]["credits"].clone();
    assert_eq!(credits(), json!([]));

    let close = |words: &[&str]| {
        folder.by(
            "D01",
            &[
                &["discrepancy", "close", &number, "--note", "收件人只收到一次"],
                words,
            ]
            .concat(),
        )
    };
    assert_eq!(close(&["--stands", "9.9"]).code(), "bad_value");
    assert_eq!(close(&["--stands", "first"]).code(), "bad_value");
    assert_eq!(
        folder
            .by("K01", &["discrepancy", "close", &number, "--note", "x"])
            .code(),
        "role_may_not"
    );
    assert_eq!(
        close(&["--stands", &facts[1]]).done().as_array().unwrap().len(),
        1
    );
    assert_eq!(credits()[0]["fact"], facts[1]);
    assert_eq!(folder.by("D01", &["discrepancy", "list"]).done(), json!([]));
    assert_eq!(close(&[]).code(), "wrong_state");
}

#[test]
fn a_hand_in_that_differs_from_its_count_is_settled_by_an_explanation() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let (mut courier, mut clerk) = (folder.phone(&server, "C01"), folder.phone(&server, "K01"));
    let (person, station) = (courier.person(), place_of(&clerk));
    hand_in(&mut courier, person, station, 12_000);
    count(&mut clerk, person, station, 11_500);
    let open = folder.by("D01", &["count", "list"]).done();
    assert_eq!(
        (&open[0]["handed_in"], &open[0]["counted"]),
        (&json!(12_000), &json!(11_500))
    );
    assert_eq!(folder.by("C02", &["count", "list"]).code(), "role_may_not");
    let settle = |person: &str, courier: &str, number: &str| {
        folder.by(
            person,
            &["count", "settle", courier, number, "--note", "少一张五元"],
        )
    };
    assert_eq!(settle("D01", "C01", "2").code(), "wrong_state");
    assert_eq!(settle("D01", "C02", "1").code(), "wrong_state");
    assert_eq!(settle("L01", "C01", "1").code(), "role_may_not");
    assert_eq!(settle("D01", "C01", "1").done()["closed"], json!(true));
    assert_eq!(settle("D01", "C01", "1").code(), "wrong_state");
    assert_eq!(folder.by("D01", &["count", "list"]).done(), json!([]));
}

fn place_of(phone: &Phone) -> RecordId {
    RecordId(*phone.enrolled.person.station.unwrap())
}

fn moved(from: PersonId, to: RecordId, fen: u64) -> Body {
    Body::new()
        .with(field::FROM, from)
        .with(field::TO, to)
        .with(field::FEN, fen)
        .with(field::NUMBER, 1u64)
}

fn hand_in(phone: &mut Phone, courier: PersonId, station: RecordId, fen: u64) {
    let record = hand_in_id(&phone.enrolled.id_key, courier, 1).to_string();
    phone.write(&record, kinds::hand_in::HANDED_IN, moved(courier, station, fen));
    assert_eq!(phone.sync().unwrap(), [saddlebag_protocol::Outcome::Admitted]);
}

fn count(phone: &mut Phone, courier: PersonId, station: RecordId, fen: u64) {
    let record = count_id(&phone.enrolled.id_key, courier, 1).to_string();
    phone.write(&record, kinds::count::COUNTED, moved(courier, station, fen));
    assert_eq!(phone.sync().unwrap(), [saddlebag_protocol::Outcome::Admitted]);
}
