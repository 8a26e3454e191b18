use saddlebag_records::fact::{Body, SideName, field, kinds};
use serde_json::json;

use crate::support::Folder;

#[test]
fn an_assigned_parcel_goes_to_its_couriers_phone_alone_with_the_hash_of_its_code() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let csv = "waybill,carrier,name,phone,address,place,pickup_code,medicine\n\
        SBZT0000000001,zhongtong,收件人,12400000001,河西路一号,S002,3-2-1234,yes\n";
    let told = folder.import("D01", "deliveries", csv).done();
    let record = folder.id(&told, "SBZT0000000001");
    let (mut phone, mut other) = (folder.phone(&server, "C01"), folder.phone(&server, "C03"));
    phone.sync().unwrap();
    assert!(!phone.holds(&record));
    assert_eq!(
        folder.by("D01", &["assign", "SBZT0000000001", "C01"]).done()["changed"],
        json!([record])
    );
    phone.sync().unwrap();
    other.sync().unwrap();
    assert!(phone.holds(&record) && !other.holds(&record));
    let hash = phone
        .sides
        .iter()
        .find(|side| side.name == SideName::PickupCodeHash)
        .unwrap();
    let code = saddlebag_records::pickup_code::PickupCode::parse("٣٢١٢٣٤").unwrap();
    assert_eq!(code.hash(record.parse().unwrap()).unwrap().0, *hash.value);
    assert!(phone.sides.iter().any(|side| side.name == SideName::Medicine));
    assert!(
        phone
            .sides
            .iter()
            .any(|side| side.name == SideName::Phone && side.value == b"12400000001")
    );

    // Somebody else's now.
    assert_eq!(
        folder.by("D01", &["assign", "SBZT0000000001", "C03"]).code(),
        "wrong_state"
    );
    folder.by("D01", &["reassign", "SBZT0000000001", "C03"]).done();
    phone.sync().unwrap();
    other.sync().unwrap();
    assert!(!phone.holds(&record) && other.holds(&record));
    assert_eq!(
        folder.by("D01", &["reassign", "SBZT0000000001", "C03"]).done()["unchanged"],
        json!([record])
    );
}

#[test]
fn several_are_assigned_together_or_not_at_all() {
    let folder = Folder::with_county();
    let numbers = folder.parcels(3);
    let all: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let assign = |records: &[&str], to: &str| folder.by("D01", &[&["assign"], records, &[to]].concat());
    assert_eq!(
        assign(&[all[0], "SBZT9999999999", all[1]], "C01").code(),
        "no_such_record"
    );
    assert_eq!(assign(&all, "K01").code(), "not_a_courier");
    assert_eq!(assign(&all, "C99").code(), "no_such_person");
    assert_eq!(assign(&[all[0], "S001"], "C01").code(), "wrong_kind");
    assert_eq!(
        folder.by("C01", &["assign", all[0], "C01"]).code(),
        "role_may_not"
    );
    folder
        .by("D01", &["cancel", all[2], "--note", "寄件人撤回"])
        .done();
    assert_eq!(assign(&all, "C01").code(), "wrong_state");
    let assignee =
        |number: &str| folder.look("D01", &["show", number]).done()["plan"]["fields"]["assignee"].clone();
    assert!(all.iter().all(|number| assignee(number).is_null()));
    assert_eq!(
        assign(&all[..2], "C01").done()["changed"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(all[..2].iter().all(|number| assignee(number).is_string()));
}

#[test]
fn what_was_delivered_stays_delivered_and_cannot_be_cancelled() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let numbers = folder.parcels(2);
    let mut phone = folder.phone(&server, "C01");
    folder
        .by("D01", &["assign", &numbers[0], &numbers[1], "C01"])
        .done();
    phone.sync().unwrap();
    let record = folder.look("D01", &["show", &numbers[0]]).done()["record"]
        .as_str()
        .unwrap()
        .to_owned();
    phone.write(&record, kinds::delivery::LOADED_OUT, Body::new());
    phone.write(
        &record,
        kinds::delivery::DELIVERED,
        Body::new().with(field::PROOF, 1u16),
    );
    phone.sync().unwrap();
    assert_eq!(folder.by("D01", &["cancel", &numbers[0]]).code(), "wrong_state");
    assert_eq!(
        folder.by("D01", &["cancel", &numbers[1], &numbers[0]]).code(),
        "wrong_state"
    );
    let second = folder.by("D01", &["cancel", &numbers[1]]).done();
    assert_eq!(second["changed"].as_array().unwrap().len(), 1);
    // It ended by that, so that there is nothing left to cancel.
    assert_eq!(folder.by("D01", &["cancel", &numbers[1]]).code(), "wrong_state");
    let shown = folder.look("D01", &["show", &numbers[0]]).done();
    assert_eq!(shown["status"]["state"], "delivered");
    phone.sync().unwrap();
}

#[test]
fn a_plans_fields_are_written_one_by_one_as_they_are_meant() {
    let folder = Folder::with_county();
    let number = folder.parcels(1).remove(0);
    let set =
        |record: &str, field: &str, value: &str| folder.by("D01", &["plan", "set", record, field, value]);
    let changed = |ran: crate::support::Ran| ran.done()["changed"].as_bool().unwrap();
    assert!(changed(set(&number, "due_until_ms", "2026-06-01T20:00+08:00")));
    assert!(!changed(set(&number, "due_until_ms", "2026-06-01T12:00:00Z")));
    assert!(changed(set(&number, "flags", "urgent;heavy")));
    assert!(changed(set(&number, "place", "S002")));
    assert!(changed(set(&number, "carrier", "youzhengguonei")));
    assert!(changed(set(&number, "cash_fen", "0")));
    assert!(changed(set(&number, "notes", "门口有狗\n请先打电话")));
    assert!(changed(folder.by("D01", &["plan", "clear", &number, "address"])));
    let plan = folder.look("D01", &["show", &number]).done()["plan"]["fields"].clone();
    assert_eq!(
        (&plan["flags"], &plan["due_until_ms"]),
        (&json!(10), &json!(1_780_315_200_000i64))
    );
    assert_eq!(
        (&plan["notes"], &plan["address"]),
        (&json!("门口有狗\n请先打电话"), &json!(null))
    );

    let code = |ran: crate::support::Ran| ran.code().to_owned();
    assert_eq!(code(set(&number, "colour", "red")), "plan_no_such_field");
    assert_eq!(code(set(&number, "cash_fen", "1.5")), "bad_value");
    assert_eq!(code(set(&number, "cash_fen", "10000001")), "bad_value");
    assert_eq!(code(set(&number, "place", "C01")), "bad_value");
    assert_eq!(code(set(&number, "due_from_ms", "tomorrow")), "bad_value");
    assert_eq!(code(set(&number, "flags", "gold")), "bad_value");
    assert_eq!(code(set(&number, "waybill", "#")), "bad_value");
    assert_eq!(code(set(&number, "notes.zh", "x")), "plan_no_such_field");
    assert_eq!(
        code(folder.by("L01", &["plan", "set", &number, "cash_fen", "1"])),
        "role_may_not"
    );

    let by_admin = |words: &[&str]| folder.by("M01", words);
    assert!(changed(by_admin(&[
        "plan",
        "set",
        "S001",
        "names.kk-Arab",
        "ءبىرىنشى"
    ])));
    assert!(changed(by_admin(&[
        "plan",
        "set",
        "S001",
        "position",
        "48.1,86.2"
    ])));
    assert!(changed(by_admin(&[
        "plan",
        "add",
        "S001",
        "services",
        "hot_water"
    ])));
    assert!(!changed(by_admin(&[
        "plan",
        "add",
        "S001",
        "services",
        "hot_water"
    ])));
    assert!(changed(by_admin(&[
        "plan",
        "remove",
        "S001",
        "services",
        "hot_water"
    ])));
    assert_eq!(
        code(by_admin(&["plan", "set", "S001", "services", "hot_water"])),
        "plan_no_such_field"
    );
    let not_direct = |verb: &str, word: &str| by_admin(&["plan", verb, "S001", "not_direct", word]);
    assert_eq!(code(not_direct("add", "S404")), "bad_value");
    assert_eq!(code(not_direct("add", "S002;why=河")), "bad_value");
    assert_eq!(code(not_direct("remove", "S002")), "bad_value");
    assert!(changed(not_direct("add", "S002;reason=河水上涨")));
    assert_eq!(code(not_direct("add", "S002")), "plan_item");
    let csv = folder.admin(&["export", "places"]).done();
    assert!(csv["csv"].as_str().unwrap().contains("河水上涨"), "{csv}");
    assert!(changed(not_direct("remove", "S002")));
    assert!(changed(not_direct("add", "S002")));
    assert_eq!(
        code(folder.by("D01", &["plan", "set", "S001", "position", "48.2,86.2"])),
        "role_may_not"
    );
}
