//! What somebody may see reaches their device, and leaves it again.

use saddlebag_protocol::{Forget, ForgetReason, Outcome};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, FactKind, SideName, field, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_sync_server::act::{Act, Draft, Part};

use crate::support::Server;

const DAY_MS: i64 = 86_400_000;
const PARCEL: RecordId = RecordId([40; 16]);
const HOUSEHOLD: RecordId = RecordId([50; 16]);

struct County {
    server: Server,
    station: RecordId,
    dispatcher: PersonId,
    courier: PersonId,
}

fn county() -> County {
    let server = Server::start();
    let station = server.station(3);
    let dispatcher = server.person(12, Role::Dispatcher, None);
    let courier = server.person(11, Role::Courier, Some(station));
    County {
        server,
        station,
        dispatcher,
        courier,
    }
}

impl County {
    fn act(&self, record: RecordId, kind: RecordKind, facts: Vec<Draft>, edits: Vec<PlanEdit>) {
        let part = Part {
            record,
            kind,
            facts,
            edits,
        };
        self.server
            .county
            .act(self.dispatcher, Act { parts: vec![part] })
            .unwrap();
    }

    /// A household with a phone number.
    fn household(&self) {
        let registered = Draft::new(kinds::household::REGISTERED, Body::new());
        let mut phone = Draft::new(kinds::household::PHONE_GIVEN, Body::new());
        phone.sides.push((SideName::Phone, b"19900001234".to_vec()));
        let name = vec![PlanEdit::set("name", "生成户")];
        self.act(HOUSEHOLD, RecordKind::Household, vec![registered, phone], name);
    }

    /// A parcel for the household, with a phone number of its own, for this courier.
    fn parcel(&self, assignee: PersonId) {
        let mut announced = Draft::new(kinds::delivery::ANNOUNCED, Body::new());
        announced.sides.push((SideName::Phone, b"19900005678".to_vec()));
        announced.sides.push((SideName::PickupCodeHash, vec![7; 8]));
        let edits = vec![
            PlanEdit::set("assignee", assignee),
            PlanEdit::set("household", HOUSEHOLD),
        ];
        self.act(PARCEL, RecordKind::Delivery, vec![announced], edits);
    }

    fn assign(&self, assignee: PersonId) {
        self.act(
            PARCEL,
            RecordKind::Delivery,
            vec![],
            vec![PlanEdit::set("assignee", assignee)],
        );
    }
}

fn names(sides: &[saddlebag_records::fact::SideValue], record: RecordId) -> Vec<SideName> {
    sides
        .iter()
        .filter(|side| side.record == record)
        .map(|side| side.name)
        .collect()
}

#[test]
fn an_assigned_parcel_brings_its_household_along_and_a_reassigned_one_takes_it_away() {
    let county = county();
    let other = county.server.person(13, Role::Courier, Some(county.station));
    let mut phone = county.server.device(county.courier);
    let mut second = county.server.device(other);
    phone.sync();
    second.sync();
    county.household();
    county.parcel(county.courier);
    phone.sync();
    second.sync();
    assert_eq!(phone.given(PARCEL), [kinds::delivery::ANNOUNCED]);
    assert_eq!(
        names(&phone.sides, PARCEL),
        [SideName::Phone, SideName::PickupCodeHash]
    );
    assert_eq!(phone.given(HOUSEHOLD).len(), 2);
    assert_eq!(names(&phone.sides, HOUSEHOLD), [SideName::Phone]);
    assert_eq!(phone.view(HOUSEHOLD).text("name"), Some("生成户"));
    assert_eq!(second.given(PARCEL), []);

    county.assign(other);
    // What happened has happened, whoever it is assigned to by now.
    phone.write(
        PARCEL,
        kinds::delivery::TEMPERATURE,
        Body::new().with(field::TEMPERATURE, 40i64),
    );
    assert_eq!(phone.sync(), [Outcome::Admitted]);
    second.sync();
    let forget = |record: RecordId| Forget {
        record: record.0,
        reason: ForgetReason::NoLongerVisible,
    };
    assert_eq!(phone.forgotten, [forget(PARCEL), forget(HOUSEHOLD)]);
    assert_eq!(
        second.given(PARCEL),
        [kinds::delivery::ANNOUNCED, kinds::delivery::TEMPERATURE]
    );
    assert_eq!(names(&second.sides, HOUSEHOLD), [SideName::Phone]);
    let author = phone.enrolled.device;
    assert_eq!(second.authors.get(&author), Some(&county.courier.0));
}

#[test]
fn what_went_and_came_back_between_two_syncs_is_not_forgotten() {
    let county = county();
    let other = county.server.person(13, Role::Courier, Some(county.station));
    let mut phone = county.server.device(county.courier);
    county.household();
    county.parcel(county.courier);
    phone.sync();
    county.assign(other);
    let cancelled = Draft::new(kinds::delivery::CANCELLED, Body::new());
    county.act(PARCEL, RecordKind::Delivery, vec![cancelled], vec![]);
    county.assign(county.courier);
    phone.sync();
    assert_eq!(phone.forgotten, []);
    assert_eq!(
        phone.given(PARCEL),
        [kinds::delivery::ANNOUNCED, kinds::delivery::CANCELLED]
    );
    // It ended meanwhile, so what only the holder of an open one sees goes all the same.
    assert_eq!(names(&phone.sides, PARCEL), []);
    // What came and went between two syncs is not sent at all.
    let mut second = county.server.device(other);
    second.sync();
    county.assign(other);
    county.assign(county.courier);
    second.sync();
    assert_eq!(second.given(PARCEL), []);
}

#[test]
fn what_one_forgot_comes_back_whole_with_what_one_wrote_oneself() {
    let county = county();
    let other = county.server.person(13, Role::Courier, Some(county.station));
    let mut phone = county.server.device(county.courier);
    county.parcel(county.courier);
    phone.sync();
    let own = phone.write(
        PARCEL,
        kinds::delivery::TEMPERATURE,
        Body::new().with(field::TEMPERATURE, 40i64),
    );
    phone.sync();
    county.assign(other);
    phone.sync();
    assert_eq!(phone.forgotten.len(), 1);
    county.assign(county.courier);
    phone.sync();
    assert_eq!(phone.given(PARCEL).len(), 2);
    assert!(phone.facts.contains_key(&own));
}

#[test]
fn a_delivered_parcel_keeps_no_phone_number_and_leaves_after_30_days() {
    let county = county();
    county.household();
    county.parcel(county.courier);
    let mut phone = county.server.device(county.courier);
    phone.sync();
    phone.write(PARCEL, kinds::delivery::LOADED_OUT, Body::new());
    phone.write(
        PARCEL,
        kinds::delivery::DELIVERED,
        Body::new().with(field::PROOF, 1u64),
    );
    phone.sync();
    assert_eq!(names(&phone.sides, PARCEL), []);
    assert_eq!(phone.forgotten, []);
    county.server.outside.pass(7 * DAY_MS);
    phone.sync();
    assert_eq!(
        phone.forgotten.iter().map(|gone| gone.record).collect::<Vec<_>>(),
        [HOUSEHOLD.0]
    );
    county.server.outside.pass(23 * DAY_MS);
    phone.sync();
    assert_eq!(
        phone.forgotten.iter().map(|gone| gone.record).collect::<Vec<_>>(),
        [HOUSEHOLD.0, PARCEL.0]
    );
    let left = |record| {
        county
            .server
            .county
            .store()
            .read_blocking(|tx| tx.facts(record))
            .unwrap()
            .len()
    };
    assert_eq!(
        (left(PARCEL), left(HOUSEHOLD)),
        (3, 2),
        "the county keeps what a phone forgets"
    );
}

#[test]
fn what_one_wrote_oneself_does_not_come_back_when_one_sees_it_by_a_cause_more() {
    let county = county();
    county.parcel(county.courier);
    let mut phone = county.server.device(county.courier);
    phone.sync();
    let here = (SideName::Position, &[9; 10][..]);
    phone.write_with(PARCEL, kinds::delivery::LOADED_OUT, Body::new(), &[here]);
    let proof = Body::new().with(field::PROOF, 1u64);
    phone.write_with(PARCEL, kinds::delivery::DELIVERED, proof, &[here]);
    phone.sync();
    assert_eq!(phone.given(PARCEL), [kinds::delivery::ANNOUNCED]);
    assert_eq!(phone.removed.len(), 2, "the phone number and the code's hash go");
    let mut office = county.server.device(county.dispatcher);
    office.sync();
    assert_eq!(names(&office.sides, PARCEL), [SideName::Position; 2]);
}

#[test]
fn a_parcel_reached_by_its_waybill_alone_takes_facts_and_shows_nothing() {
    let county = county();
    county.parcel(county.server.person(13, Role::Courier, Some(county.station)));
    let mut phone = county.server.device(county.courier);
    phone.write(PARCEL, kinds::delivery::LOADED_OUT, Body::new());
    assert_eq!(phone.sync(), [Outcome::Admitted]);
    phone.sync();
    assert_eq!(phone.given(PARCEL), Vec::<FactKind>::new());
    assert!(!phone.plans.contains_key(&PARCEL));
    let mut office = county.server.device(county.dispatcher);
    office.sync();
    assert_eq!(office.given(PARCEL).len(), 2);
}

#[test]
fn an_unassigned_parcel_opens_to_whom_scans_it_at_their_station() {
    let county = county();
    let clerk = county.server.person(14, Role::Clerk, Some(county.station));
    let mut desk = county.server.device(clerk);
    desk.write(
        PARCEL,
        kinds::delivery::SCANNED_IN,
        Body::new().with(field::PLACE, county.station),
    );
    assert_eq!(desk.sync(), [Outcome::Admitted]);
    let mut phone = county.server.device(county.courier);
    phone.write(PARCEL, kinds::delivery::LOADED_OUT, Body::new());
    phone.sync();
    assert_eq!(phone.given(PARCEL), [kinds::delivery::SCANNED_IN]);
    let audit = county
        .server
        .county
        .store()
        .read_blocking(|tx| tx.audit(0, 100))
        .unwrap();
    let by_waybill = audit
        .iter()
        .filter(|(_, entry)| entry.what == "granted_by_waybill");
    assert_eq!(
        by_waybill.map(|(_, entry)| entry.record).collect::<Vec<_>>(),
        [Some(PARCEL)]
    );
}

#[test]
fn a_clerk_who_moves_sees_the_other_station_and_no_longer_the_first() {
    let county = county();
    let elsewhere = county.server.station(4);
    let clerk = county.server.person(14, Role::Clerk, Some(county.station));
    let mut desk = county.server.device(clerk);
    let mut there = county
        .server
        .device(county.server.person(15, Role::Clerk, Some(elsewhere)));
    let at = |place: RecordId| Body::new().with(field::PLACE, place);
    desk.write(PARCEL, kinds::delivery::SCANNED_IN, at(county.station));
    desk.sync();
    let theirs = RecordId([41; 16]);
    there.write(theirs, kinds::delivery::SCANNED_IN, at(elsewhere));
    there.sync();
    let mut fresh = county.server.device(clerk);
    fresh.sync();
    assert_eq!((fresh.given(PARCEL).len(), fresh.given(theirs).len()), (1, 0));
    let moved = saddlebag_sync_server::people::Colleague {
        name: "同事14".into(),
        role: Role::Clerk,
        station: Some(elsewhere),
        mentor: None,
        phone: None,
    };
    let (by, whom) = (county.server.admin, clerk);
    saddlebag_sync_server::people::change(&county.server.county, by, whom, moved).unwrap();
    fresh.sync();
    assert_eq!((fresh.given(PARCEL).len(), fresh.given(theirs).len()), (0, 1));
}

#[test]
fn somebody_who_left_is_served_nothing_more() {
    let county = county();
    county.parcel(county.courier);
    let mut phone = county.server.device(county.courier);
    saddlebag_sync_server::people::leave(&county.server.county, county.server.admin, county.courier).unwrap();
    phone.write(
        PARCEL,
        kinds::delivery::DELIVERED,
        Body::new().with(field::PROOF, 1u64),
    );
    assert_eq!(phone.sync(), [Outcome::Admitted]);
    assert_eq!(phone.given(PARCEL), []);
}

#[test]
fn cash_keeps_a_parcel_on_the_phone_until_it_is_settled() {
    let county = county();
    county.parcel(county.courier);
    let clerk = county.server.person(14, Role::Clerk, Some(county.station));
    let mut phone = county.server.device(county.courier);
    let mut desk = county.server.device(clerk);
    phone.sync();
    let money = |from: RecordId, to: RecordId| {
        Body::new()
            .with(field::FROM, from)
            .with(field::TO, to)
            .with(field::FEN, 5000u64)
    };
    let me = RecordId::from(county.courier);
    phone.write(PARCEL, kinds::delivery::CASH_COLLECTED, money(PARCEL, me));
    phone.write(
        PARCEL,
        kinds::delivery::DELIVERED,
        Body::new().with(field::PROOF, 1u64),
    );
    phone.edit(PARCEL, RecordKind::Delivery, &[PlanEdit::note("notes", "x")]);
    assert_eq!(phone.sync(), [Outcome::Admitted, Outcome::Admitted]);
    county.act(
        PARCEL,
        RecordKind::Delivery,
        vec![],
        vec![PlanEdit::set("cash_fen", 5000i64)],
    );
    county.server.outside.pass(40 * DAY_MS);
    phone.sync();
    assert_eq!(phone.forgotten, [], "unsettled money keeps it");

    let (hand_in, count) = (RecordId([60; 16]), RecordId([61; 16]));
    let number = |body: Body| body.with(field::NUMBER, 1u64);
    phone.write(
        hand_in,
        kinds::hand_in::HANDED_IN,
        number(money(me, county.station)),
    );
    desk.write(count, kinds::count::COUNTED, number(money(me, county.station)));
    assert_eq!(phone.sync(), [Outcome::Admitted]);
    assert_eq!(desk.sync(), [Outcome::Admitted]);
    phone.sync();
    desk.sync();
    assert_eq!(
        phone.forgotten.iter().map(|gone| gone.record).collect::<Vec<_>>(),
        [PARCEL.0]
    );
    assert_eq!(
        phone.given(count),
        [kinds::count::COUNTED],
        "now both sides see both sums"
    );
    assert_eq!(desk.given(hand_in), [kinds::hand_in::HANDED_IN]);
}

#[test]
fn what_waits_too_long_at_a_drop_point_comes_to_whoever_passes_there_next() {
    let county = county();
    let admin = county.server.admin;
    let drop_point = RecordId([70; 16]);
    let kind = i64::from(saddlebag_records::codes::place_kind::DROP_POINT);
    let part = Part {
        record: drop_point,
        kind: RecordKind::Place,
        facts: vec![Draft::new(kinds::place::OPENED, Body::new())],
        edits: vec![PlanEdit::set("kind", kind), PlanEdit::set("keeping_days", 3i64)],
    };
    county
        .server
        .county
        .act(admin, Act { parts: vec![part] })
        .unwrap();
    county.parcel(county.courier);
    let mut phone = county.server.device(county.courier);
    phone.sync();
    phone.write(PARCEL, kinds::delivery::LOADED_OUT, Body::new());
    let there = Body::new()
        .with(field::PLACE, drop_point)
        .with(field::CONSENT, RecordId([80; 16]));
    phone.write(PARCEL, kinds::delivery::PLACED_AT_DROP_POINT, there);
    phone.sync();

    let other = county.server.person(13, Role::Courier, Some(county.station));
    let mut second = county.server.device(other);
    let edits = vec![
        PlanEdit::set("assignee", other),
        PlanEdit::set("place", drop_point),
    ];
    county.act(RecordId([41; 16]), RecordKind::Delivery, vec![], edits);
    second.sync();
    assert_eq!(second.given(PARCEL), []);
    county.server.outside.pass(4 * DAY_MS);
    second.sync();
    assert_eq!(second.given(PARCEL).len(), 3);
    let how = Body::new().with(field::PLACE, drop_point).with(field::HOW, 1u64);
    second.write(PARCEL, kinds::delivery::COLLECTED, how);
    assert_eq!(second.sync(), [Outcome::Admitted]);
}
