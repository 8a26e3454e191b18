//! One parcel, as most exchanges are about it.

use saddlebag_protocol::{FactReceipt, Outcome, Receipts};
use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::waybill::{Waybill, delivery_id};
use saddlebag_replica::{NewFact, ScanFor};

use crate::a_phone::{ID_KEY, Phone, person};
use crate::county::County;

pub(crate) const WAYBILL: &str = "SF1234567890";

pub(crate) fn parcel() -> RecordId {
    delivery_id(&ID_KEY, &Waybill::parse(WAYBILL).unwrap(), 0)
}

pub(crate) fn announce(county: &mut County) {
    let edits = [
        PlanEdit::set("waybill", WAYBILL),
        PlanEdit::set("name", "张三丰"),
        PlanEdit::set("assignee", person(1)),
    ];
    let phone = (SideName::Phone, b"17000009753".to_vec());
    let announced = Some((kinds::delivery::ANNOUNCED, Body::new()));
    county.write_as(RecordKind::Delivery, parcel(), &edits, announced, vec![phone]);
}

pub(crate) fn load(phone: &Phone) {
    phone.scan(WAYBILL, ScanFor::LoadingOut { place: None }).unwrap();
}

pub(crate) fn delivered() -> NewFact {
    NewFact::new(
        parcel(),
        kinds::delivery::DELIVERED,
        Body::new().with(field::PROOF, 1u16),
    )
}

pub(crate) fn receipts(facts: &[(u64, u64, Outcome)]) -> Receipts {
    let receipt = |(from, to, outcome): &(u64, u64, Outcome)| FactReceipt {
        device: 1,
        from: *from,
        to: *to,
        outcome: outcome.clone(),
    };
    Receipts {
        facts: facts.iter().map(receipt).collect(),
        changes: Vec::new(),
    }
}
