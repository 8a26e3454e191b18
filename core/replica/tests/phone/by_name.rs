//! Facts told by names, as screens tell them, and taking them back.

use std::collections::BTreeMap;

use saddlebag_records::fact::{Body, SideName, kinds};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{ItemId, PlanEdit, PlanValue};
use saddlebag_replica::{DraftValue, FactDraft, FieldValue, NewTip, TipOutcome};
use serde_json::json;

use crate::a_phone::{Phone, person};
use crate::county::County;
use crate::records_given::*;

fn with_a_pickup() -> (Phone, RecordId) {
    let phone = Phone::of_courier(1);
    let goods = PlanEdit::set("goods", i64::from(saddlebag_records::codes::goods::LAMB));
    let pickup = phone.create(RecordKind::Pickup, &[goods], Vec::new()).unwrap();
    (phone, pickup)
}

fn draft(record: RecordId, kind: &str, fields: &[(&str, DraftValue)]) -> FactDraft {
    FactDraft {
        record,
        kind: kind.to_owned(),
        fields: fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        fix: None,
        signature: None,
    }
}

fn text(text: &str) -> DraftValue {
    DraftValue::Text(text.to_owned())
}

#[test]
fn a_pickups_duties_are_one_act_as_a_screen_tells_them() {
    let (phone, pickup) = with_a_pickup();
    let told = json!([
        { "record": pickup, "kind": "pickup.identity_checked", "fields": { "document": "resident_id" },
          "fix": null, "signature": null },
        { "record": pickup, "kind": "pickup.weighed", "fields": { "grams": 1200 }, "fix": null, "signature": null },
        { "record": pickup, "kind": "pickup.temperature", "fields": { "temperature": -25 },
          "fix": { "position": { "lat_e7": 480606000, "lon_e7": 864186000 }, "accuracy_m": 9 }, "signature": null },
        { "record": pickup, "kind": "pickup.collected", "fields": {}, "fix": null, "signature": [1, 2, 3] },
    ]);
    let drafts: Vec<FactDraft> = serde_json::from_value(told).unwrap();
    phone.record_by_name(&drafts).unwrap();
    let page = phone.show(pickup).unwrap();
    assert_eq!(page.facts[1].fields["grams"], FieldValue::Number(1_200));
    assert_eq!(page.facts[2].fields["temperature"], FieldValue::Number(-25));
    assert_eq!(page.facts[2].side, [SideName::Position]);
    assert_eq!(page.facts[3].side, [SideName::Signature]);
}

#[test]
fn what_cannot_be_read_is_told_by_its_code_and_records_nothing() {
    let (phone, pickup) = with_a_pickup();
    let refused = |draft: FactDraft| {
        let weighed = self::draft(pickup, "pickup.weighed", &[("grams", DraftValue::Number(1))]);
        phone.record_by_name(&[weighed, draft]).unwrap_err().code()
    };
    assert_eq!(refused(draft(pickup, "pickup.danced", &[])), "unknown_kind");
    assert_eq!(refused(draft(pickup, "errand.accepted", &[])), "unknown_kind");
    assert_eq!(refused(draft(pickup, "weighed", &[])), "unknown_kind");
    let weighed = |value| draft(pickup, "pickup.weighed", &[("grams", value)]);
    assert_eq!(refused(weighed(DraftValue::Flag(true))), "unreadable_field");
    assert_eq!(refused(weighed(DraftValue::Number(-1))), "unreadable_field");
    assert_eq!(refused(weighed(DraftValue::Number(1_000_001))), "unfit_fact");
    assert_eq!(refused(weighed(text("much"))), "unreadable_field");
    let foreign = draft(pickup, "pickup.weighed", &[("fen", DraftValue::Number(1))]);
    assert_eq!(refused(foreign), "unknown_field");
    let checked = |value| draft(pickup, "pickup.identity_checked", &[("document", value)]);
    assert_eq!(refused(checked(text("no_such_paper"))), "unreadable_field");
    assert!(phone.show(pickup).unwrap().facts.is_empty());
}

#[test]
fn every_type_of_field_can_be_told() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let parcel = delivery(&mut county, 1, &[]);
    county.sync(&phone);
    let told = |kind: &str, fields: &[(&str, DraftValue)]| {
        let fact = phone.record_by_name(&[draft(parcel, kind, fields)]).unwrap();
        let page = phone.show(parcel).unwrap();
        let line = page.facts.iter().find(|line| line.fact == fact[0]).unwrap();
        (fact[0], line.fields.clone())
    };
    let party = |number| text(&person(number).to_string());
    let (_, fields) = told(
        "delivery.cash_collected",
        &[
            ("from", text(&parcel.to_string())),
            ("to", party(1)),
            ("fen", DraftValue::Number(500)),
        ],
    );
    assert_eq!(fields["from"], FieldValue::Record(parcel));
    let (handed, _) = told("delivery.handed_over", &[("to", party(2))]);
    let (_, fields) = told("delivery.corrected", &[("fact", text(&handed.to_string()))]);
    assert_eq!(fields["fact"], FieldValue::Fact(handed));
}

#[test]
fn an_undoing_takes_back_what_this_phone_wrote_and_nothing_else() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let parcel = delivery(&mut county, 1, &[]);
    let announced = (
        saddlebag_records::fact::kinds::delivery::ANNOUNCED,
        Default::default(),
    );
    county.write(parcel, &[], Some(announced));
    county.sync(&phone);
    let counties = phone.show(parcel).unwrap().facts[0].fact;
    assert_eq!(phone.undo(&[counties]).unwrap_err().code(), "not_their_fact");
    let unknown = FactId::new(saddlebag_records::id::DeviceNumber(1), 99);
    assert_eq!(phone.undo(&[unknown]).unwrap_err().code(), "unknown_fact");
    assert_eq!(phone.show(parcel).unwrap().facts.len(), 1);
}

#[test]
fn notes_are_edited_where_they_stand() {
    let (phone, pickup) = with_a_pickup();
    phone.edit_notes(pickup, "门口有狗").unwrap();
    phone.edit_notes(pickup, "门口有两只狗").unwrap();
    let plan = phone.show(pickup).unwrap().plan.unwrap();
    assert_eq!(plan.text("notes"), Some("门口有两只狗"));
}

#[test]
fn a_draft_needs_no_field_that_is_not_there() {
    let told: FactDraft = serde_json::from_value(json!({
        "record": id(1), "kind": "errand.accepted", "fields": {},
    }))
    .unwrap();
    assert_eq!(
        (told.fields, told.fix, told.signature),
        (BTreeMap::new(), None, None)
    );
}

#[test]
fn words_that_others_read_hold_no_numbers_whoever_tells_them() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let handled = Some((kinds::case::HANDLED, Body::new()));
    county.write_as(RecordKind::Case, id(0x70), &[], handled, Vec::new());
    county.sync(&phone);
    let TipOutcome::Saved { record: tip, .. } = phone
        .report(&NewTip {
            kind: 1,
            ..NewTip::default()
        })
        .unwrap()
    else {
        panic!("there is nothing to refuse")
    };
    let said = |record, kind, words| {
        let mut fields = vec![("text", text(words))];
        fields.extend((kind == "case.followed_up").then_some(("satisfied", DraftValue::Flag(false))));
        let told = phone.record_by_name(&[draft(record, kind, &fields)]);
        told.map_err(|error| error.code())
    };
    let refused = said(id(0x70), "case.followed_up", "再打 13812345678");
    assert_eq!(refused.unwrap_err(), "tip_text_phone_number");
    let refused = said(tip, "tip.reopened", "新H12345 还停在那里");
    assert_eq!(refused.unwrap_err(), "tip_text_plate");
    assert_eq!(
        phone.show(id(0x70)).unwrap().facts.len(),
        1,
        "nothing was recorded"
    );
    assert_eq!(phone.show(tip).unwrap().facts.len(), 1);

    said(id(0x70), "case.followed_up", "路还没修好").unwrap();
    said(tip, "tip.reopened", "还是没有水").unwrap();
}

#[test]
fn what_a_list_calls_at_length_is_bought_by_a_shorter_name() {
    let phone = Phone::of_courier(1);
    let long = "盐".repeat(100);
    let instead = "茶".repeat(61);
    let item = PlanEdit::AddItem {
        field: "shopping".to_owned(),
        item: ItemId([1; 8]),
        values: [
            ("text".to_owned(), PlanValue::from(long.as_str())),
            ("or_else".to_owned(), PlanValue::Texts(vec![instead.clone()])),
        ]
        .into(),
    };
    let errand = phone.create(RecordKind::Errand, &[item], Vec::new()).unwrap();
    let bought = |name: &str| {
        let fields = [
            ("item", DraftValue::Text("0101010101010101".to_owned())),
            ("name", DraftValue::Text(name.to_owned())),
            ("from", DraftValue::Text(phone.person.to_string())),
            ("to", DraftValue::Text(errand.to_string())),
            ("fen", DraftValue::Number(500)),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        phone.record_by_name(&[FactDraft {
            record: errand,
            kind: "errand.bought".to_owned(),
            fields: fields.into(),
            fix: None,
            signature: None,
        }])
    };
    for name in [&long, &instead] {
        let fact = bought(name).unwrap()[0];
        let page = phone.show(errand).unwrap();
        let line = page.facts.iter().find(|line| line.fact == fact).unwrap();
        let short: String = name.chars().take(60).collect();
        assert_eq!(line.fields["name"], FieldValue::Text(short));
    }
    let typed = bought(&"糖".repeat(61));
    assert_eq!(
        typed.unwrap_err().code(),
        "unfit_fact",
        "what somebody typed is not cut"
    );
}
