//! What is over, or was asked to be forgotten, is gone: from the county's files, byte for byte, and from phones.

use saddlebag_protocol::Outcome;
use saddlebag_records::codes::tip_kind;
use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::position::Position;
use saddlebag_records::waybill::{count_id, hand_in_id};
use serde_json::{Value, json};

use crate::support::{Folder, Phone};

pub(crate) const NUMBER: &str = "SBFORGET0001";
pub(crate) const NAME: &str = "沙枣花收件";
pub(crate) const PHONE: &str = "12400009901";
const ADDRESS: &str = "河西路七十七号";
const NOTES: &str = "后院的门总是开着";
pub(crate) const RECEIVER: &str = "代收人雪莲";
pub(crate) const TIP: &str = "01990000-0000-7000-8000-000000000001";
const ERRAND: &str = "01990000-0000-7000-8000-000000000002";
const CONSENT: &str = "01990000-0000-7000-8000-000000000003";
const CAMP: &str = "01990000-0000-7000-8000-000000000004";

pub(crate) fn forget(folder: &Folder) -> Value {
    folder.by("D01", &["forget", "run"]).done()
}

fn show(folder: &Folder, record: &str) -> crate::support::Ran {
    folder.look("D01", &["show", record])
}

pub(crate) fn is_gone(folder: &Folder, record: &str) -> bool {
    let shown = show(folder, record);
    if shown.exit == 0 {
        return false;
    }
    assert_eq!(shown.code(), "no_such_record");
    true
}

fn here() -> Vec<u8> {
    let at = Position {
        lat_e7: 480_584_177,
        lon_e7: 864_162_977,
    };
    [&at.to_bytes()[..], &30u16.to_be_bytes()].concat()
}

/// A parcel with all that can lead to somebody, which C01 has on the way. Its id.
pub(crate) fn parcel(folder: &Folder, phone: &mut Phone, number: &str, fen: &str) -> String {
    let csv = format!(
        "waybill,carrier,name,phone,address,place,cash_fen,pickup_code\n\
         {number},zhongtong,{NAME},{PHONE},{ADDRESS},S001,{fen},123456\n"
    );
    folder.import("D01", "deliveries", &csv).done();
    folder.by("D01", &["plan", "set", number, "notes", NOTES]).done();
    folder.by("D01", &["assign", number, "C01"]).done();
    phone.sync().unwrap();
    show(folder, number).done()["record"].as_str().unwrap().to_owned()
}

/// A household and a parcel for it, which C01 has on the way. Their ids.
pub(crate) fn household(folder: &Folder, phone: &mut Phone) -> (String, String) {
    let household = "key,name,phones\nH01,蓝马牧户,12400009902\n";
    let household = folder.import("D01", "households", household).done();
    let parcels = format!("waybill,carrier,household,phone,place\n{NUMBER},zhongtong,H01,{PHONE},S001\n");
    folder.import("D01", "deliveries", &parcels).done();
    folder.by("D01", &["assign", NUMBER, "C01"]).done();
    phone.sync().unwrap();
    let record = show(folder, NUMBER).done()["record"].as_str().unwrap().to_owned();
    (folder.id(&household, "H01"), record)
}

pub(crate) fn deliver(phone: &mut Phone, record: &str) {
    let delivered = Body::new()
        .with(field::PROOF, 1u16)
        .with(field::RECEIVER, RECEIVER);
    phone.write(record, kinds::delivery::DELIVERED, delivered);
    phone.hang(SideName::Position, &here());
    phone.hang(SideName::Signature, b"strokes of a signature");
    assert_eq!(phone.sync().unwrap(), [Outcome::Admitted]);
}

pub(crate) fn assert_nowhere(folder: &Folder, canaries: &[&[u8]]) {
    for canary in canaries {
        let holding = folder.holding(canary);
        assert!(
            holding.is_empty(),
            "{} is in {holding:?}",
            String::from_utf8_lossy(canary)
        );
    }
}

#[test]
fn a_parcel_goes_after_a_year_and_nothing_of_it_is_in_any_file() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let record = parcel(&folder, &mut phone, NUMBER, "");
    deliver(&mut phone, &record);
    let canaries: [&[u8]; 7] = [
        NAME.as_bytes(),
        PHONE.as_bytes(),
        ADDRESS.as_bytes(),
        NOTES.as_bytes(),
        RECEIVER.as_bytes(),
        b"strokes of a signature",
        NUMBER.as_bytes(),
    ];
    for canary in canaries {
        assert!(!folder.holding(canary).is_empty(), "{canary:?} was planted");
    }
    folder.later(364);
    forget(&folder);
    assert!(!is_gone(&folder, &record));
    assert_nowhere(&folder, &[PHONE.as_bytes(), b"strokes of a signature", &here()]);

    folder.later(366);
    assert_eq!(forget(&folder)["held"], 0);
    assert!(is_gone(&folder, &record));
    assert_nowhere(&folder, &canaries);
    phone.sync().unwrap();
    assert!(!phone.holds(&record));
    assert!(folder.audited().contains(&"forgotten".to_owned()));
}

#[test]
fn what_comes_late_for_a_record_whose_time_is_over_is_held_for_90_days_and_revives_nothing() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let record = parcel(&folder, &mut phone, NUMBER, "");
    deliver(&mut phone, &record);
    folder.later(366);
    forget(&folder);

    let damaged = Body::new().with(field::NOTE, "角上破了一块");
    phone.write(&record, kinds::delivery::DAMAGED, damaged);
    assert_eq!(phone.sync().unwrap(), [Outcome::Held("late".to_owned())]);
    let held = || {
        let listed = folder.by("D01", &["held", "list", "--state", "late"]).done();
        listed.as_array().unwrap().len()
    };
    assert_eq!(held(), 1);
    folder.later(366 + 89);
    forget(&folder);
    assert_eq!(held(), 1);
    folder.later(366 + 91);
    forget(&folder);
    assert_eq!(held(), 0);
    assert!(is_gone(&folder, &record));
    assert_nowhere(&folder, &["角上破了一块".as_bytes()]);
}

#[test]
fn side_values_go_before_their_record_each_by_its_own_time() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let record = parcel(&folder, &mut phone, NUMBER, "");
    let sides = || {
        let mut sides = folder.sides(&record);
        sides.sort_unstable();
        sides
    };
    forget(&folder);
    assert_eq!(sides(), ["phone", "pickup_code_hash"], "it is open");
    deliver(&mut phone, &record);
    forget(&folder);
    assert_eq!(sides(), ["phone", "position", "signature"]);
    folder.later(29);
    forget(&folder);
    assert_eq!(sides(), ["phone", "position", "signature"]);
    folder.later(31);
    forget(&folder);
    assert_eq!(sides(), ["signature"]);
    assert_nowhere(&folder, &[PHONE.as_bytes(), &here()]);
    folder.later(181);
    forget(&folder);
    assert!(sides().is_empty());
    phone.sync().unwrap();
    let parcel: RecordId = record.parse().unwrap();
    assert!(phone.sides.iter().all(|side| side.record != parcel));
    assert!(!is_gone(&folder, &record));
}

fn place_of(phone: &Phone) -> RecordId {
    RecordId(*phone.enrolled.person.station.unwrap())
}

#[test]
fn no_record_with_unsettled_money_is_forgotten_and_sums_stay_what_they_were() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let (mut courier, mut clerk) = (folder.phone(&server, "C01"), folder.phone(&server, "K01"));
    let (person, station) = (courier.person(), place_of(&clerk));
    let moved = |from: RecordId, to: RecordId, fen: u64| {
        Body::new()
            .with(field::FROM, from)
            .with(field::TO, to)
            .with(field::FEN, fen)
    };
    let record = parcel(&folder, &mut courier, NUMBER, "1200");
    let paid: RecordId = record.parse().unwrap();
    courier.write(
        &record,
        kinds::delivery::CASH_COLLECTED,
        moved(paid, person.into(), 1_200),
    );
    courier.sync().unwrap();
    deliver(&mut courier, &record);
    folder.later(800);
    forget(&folder);
    assert!(!is_gone(&folder, &record), "somebody still owes what was paid");

    let hand_in = hand_in_id(&courier.enrolled.id_key, person, 1).to_string();
    let count = count_id(&courier.enrolled.id_key, person, 1).to_string();
    let settled = moved(person.into(), station, 1_200).with(field::NUMBER, 1u64);
    courier.write(&hand_in, kinds::hand_in::HANDED_IN, settled.clone());
    clerk.write(&count, kinds::count::COUNTED, settled);
    assert_eq!(courier.sync().unwrap(), [Outcome::Admitted]);
    assert_eq!(clerk.sync().unwrap(), [Outcome::Admitted]);
    forget(&folder);
    assert!(is_gone(&folder, &record));
    assert!(!is_gone(&folder, &hand_in) && !is_gone(&folder, &count));

    // Another parcel that is paid and settled: were the forgotten sum missing, the county would owe it now.
    let next = parcel(&folder, &mut courier, "SBFORGET0002", "300");
    let paid: RecordId = next.parse().unwrap();
    courier.write(
        &next,
        kinds::delivery::CASH_COLLECTED,
        moved(paid, person.into(), 300),
    );
    courier.sync().unwrap();
    assert_eq!(folder.unsettled(), std::slice::from_ref(&next));

    folder.later(800 + 1_096);
    forget(&folder);
    assert!(is_gone(&folder, &hand_in) && is_gone(&folder, &count), "together");
    assert!(!is_gone(&folder, &next));
    let damaged = kinds::delivery::DAMAGED;
    courier.write(&next, damaged, Body::new());
    courier.sync().unwrap();
    assert_eq!(folder.unsettled(), [next]);
}

#[test]
fn a_household_that_asks_is_forgotten_with_all_that_hangs_on_it_and_never_comes_back() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let (household, record) = household(&folder, &mut phone);
    let camps = "key,household,season,valid_from,valid_until,landmark\n\
        P77,H01,summer,2026-01-01T00:00+08:00,2099-01-01T00:00+08:00,三棵白桦下\n";
    let camps = folder.import("D01", "camps", camps).done();
    let camp = folder.id(&camps, "P77");
    phone.sync().unwrap();

    let asked = Body::new();
    phone.write(&household, kinds::household::ASKED_TO_BE_FORGOTTEN, asked);
    assert_eq!(phone.sync().unwrap(), [Outcome::Admitted]);
    forget(&folder);
    assert!(!is_gone(&folder, &household), "something is on the way to it");
    deliver(&mut phone, &record);
    forget(&folder);
    assert!(is_gone(&folder, &household) && is_gone(&folder, &camp));
    assert!(!is_gone(&folder, &record), "the law wants it for a year");
    assert_nowhere(
        &folder,
        &[
            "蓝马牧户".as_bytes(),
            "三棵白桦下".as_bytes(),
            b"12400009902",
            PHONE.as_bytes(),
            b"strokes of a signature",
            &here(),
        ],
    );
    phone.sync().unwrap();
    assert!(!phone.holds(&household) && !phone.holds(&camp));

    phone.write(&household, kinds::household::REGISTERED, Body::new());
    assert_eq!(phone.sync().unwrap(), [Outcome::Gone]);
    assert!(is_gone(&folder, &household));
}

#[test]
fn what_a_withdrawn_consent_covered_goes_and_that_there_was_one_stays_for_a_year() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let record = parcel(&folder, &mut phone, NUMBER, "");
    let given = Body::new()
        .with(field::GIVEN_HOW, 1u16)
        .with(field::TO, phone.person());
    phone.write(CONSENT, kinds::consent::GIVEN, given);
    assert_eq!(phone.sync().unwrap(), [Outcome::Admitted]);
    let consent: RecordId = CONSENT.parse().unwrap();
    let delivered = Body::new()
        .with(field::PROOF, 1u16)
        .with(field::RECEIVER, RECEIVER)
        .with(field::CONSENT, consent);
    phone.write(&record, kinds::delivery::DELIVERED_TO_PROXY, delivered);
    phone.hang(SideName::Signature, b"strokes of a signature");
    assert_eq!(phone.sync().unwrap(), [Outcome::Admitted]);
    forget(&folder);
    assert!(!folder.holding(b"strokes of a signature").is_empty());

    phone.write(CONSENT, kinds::consent::WITHDRAWN, Body::new());
    assert_eq!(phone.sync().unwrap(), [Outcome::Admitted]);
    forget(&folder);
    assert_nowhere(&folder, &[b"strokes of a signature"]);
    assert!(!is_gone(&folder, CONSENT) && !is_gone(&folder, &record));
    folder.later(366);
    forget(&folder);
    assert!(is_gone(&folder, CONSENT) && is_gone(&folder, &record));
}

#[test]
fn an_errand_goes_with_the_consent_that_it_was_asked_under_once_it_is_over() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let given = Body::new()
        .with(field::GIVEN_HOW, 1u16)
        .with(field::TO, phone.person());
    phone.write(CONSENT, kinds::consent::GIVEN, given);
    phone.write(ERRAND, kinds::errand::ACCEPTED, Body::new());
    phone.sync().unwrap();
    folder
        .by("D01", &["plan", "set", ERRAND, "consent", CONSENT])
        .done();
    phone.write(CONSENT, kinds::consent::WITHDRAWN, Body::new());
    phone.sync().unwrap();
    forget(&folder);
    assert!(!is_gone(&folder, ERRAND), "somebody is on the way for it");
    phone.write(ERRAND, kinds::errand::CANCELLED, Body::new());
    phone.sync().unwrap();
    forget(&folder);
    assert!(is_gone(&folder, ERRAND));
    phone.write(ERRAND, kinds::errand::ACCEPTED, Body::new());
    assert_eq!(phone.sync().unwrap(), [Outcome::Gone]);
}

#[test]
fn a_tip_about_a_person_is_destroyed_everywhere_and_only_counted() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let mut other = folder.phone(&server, "C02");
    let reported = Body::new()
        .with(field::TIP_KIND, tip_kind::ROAD_WASHED_OUT)
        .with(field::TEXT, "东头那家人把路挖断了");
    let first = phone.write_aliased(TIP, kinds::tip::REPORTED, reported);
    phone.hang(SideName::Position, &here());
    phone.sync().unwrap();
    let told = [
        "case",
        "new",
        "--tier",
        "handled_directly",
        "--tip",
        TIP,
        "--text",
        "东头路断，请绕行",
        "--answer",
        "谢谢您来报告",
    ];
    let case = folder.by("D01", &told).done()["case"]
        .as_str()
        .unwrap()
        .to_owned();
    phone.sync().unwrap();
    other.sync().unwrap();
    assert!(other.holds(&case));

    let reject = |person: &str, reason: &str| folder.by(person, &["tip", "reject", TIP, "--reason", reason]);
    assert_eq!(reject("D01", "unclear").code(), "bad_value");
    assert_eq!(reject("C01", "about_a_person").code(), "role_may_not");
    reject("D01", "about_a_person").done();
    assert_nowhere(
        &folder,
        &[
            "东头那家人把路挖断了".as_bytes(),
            "东头路断，请绕行".as_bytes(),
            "谢谢您来报告".as_bytes(),
            &here(),
        ],
    );
    assert!(is_gone(&folder, &case));
    assert_eq!(folder.by("D01", &["tip", "list", "--all"]).done(), json!([]));
    assert_eq!(folder.tallies(), [("tip.about_a_person".to_owned(), 1)]);
    phone.sync().unwrap();
    other.sync().unwrap();
    assert!(!phone.holds(TIP) && !phone.holds(&case) && !other.holds(&case));
    phone.go_on(first, TIP, kinds::tip::REOPENED, Body::new());
    assert_eq!(phone.sync().unwrap(), [Outcome::Gone]);
    assert_eq!(folder.tombstones(), 2);
}

#[test]
fn tips_are_counted_by_kind_township_and_month_when_their_year_is_over() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let reported = Body::new()
        .with(field::TIP_KIND, tip_kind::ROAD_WASHED_OUT)
        .with(field::TOWNSHIP, 654_324_100u64);
    phone.write_aliased(TIP, kinds::tip::REPORTED, reported);
    phone.sync().unwrap();
    folder.later(400);
    forget(&folder);
    assert!(!is_gone(&folder, TIP), "nobody has answered it");
    folder
        .by("D01", &["tip", "answer", TIP, "--answer", "修好了"])
        .done();
    folder.later(400 + 366);
    forget(&folder);
    assert!(is_gone(&folder, TIP));
    let tallies = folder.tallies();
    let kind = tip_kind::ROAD_WASHED_OUT;
    assert_eq!(tallies.len(), 1);
    let (name, count) = &tallies[0];
    assert!(name.starts_with(&format!("tip.{kind}.654324100.20")), "{name}");
    assert_eq!(*count, 1);
}

#[test]
fn a_camp_of_a_season_past_goes_after_90_days() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    phone.write(CAMP, kinds::camp::MOVED_IN, Body::new());
    phone.write(CAMP, kinds::camp::MOVED_ON, Body::new());
    phone.sync().unwrap();
    folder.later(89);
    forget(&folder);
    assert!(!is_gone(&folder, CAMP));
    folder.later(91);
    forget(&folder);
    assert!(is_gone(&folder, CAMP));
}

#[test]
fn quarantine_goes_90_days_after_somebody_looked_and_never_unseen() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let number = phone.enrolled.device.to_string();
    folder.by("M01", &["device", "lost", &number]).done();
    phone.write(CAMP, kinds::camp::MOVED_IN, Body::new());
    phone.hang(SideName::Phone, b"12400009903");
    phone.write(CAMP, kinds::camp::MOVED_ON, Body::new());
    phone.sync().unwrap();
    let held = || {
        let listed = folder
            .by("D01", &["held", "list", "--state", "quarantined"])
            .done();
        let items = listed.as_array().unwrap().clone();
        items
            .iter()
            .map(|item| item["held"].to_string())
            .collect::<Vec<_>>()
    };
    let all = held();
    assert_eq!(all.len(), 3);
    folder.look("D01", &["held", "show", &all[0]]).done();
    folder.later(89);
    forget(&folder);
    assert_eq!(held(), all);
    folder.later(1_000);
    forget(&folder);
    assert_eq!(held(), all[2..], "nobody looked at the other one");
    let unseen: i64 = server
        .metric("saddlebag_quarantine_unseen_seconds")
        .parse()
        .unwrap();
    assert!(
        (999 * 86_400..=1_000 * 86_400 + 3_600).contains(&unseen),
        "{unseen}"
    );
    assert_nowhere(&folder, &[b"12400009903"]);
}

#[test]
fn the_auditors_log_is_kept_for_three_years() {
    let folder = Folder::with_county();
    let _server = folder.serve_later(0);
    folder.look("M01", &["people", "list", "--whole"]).done();
    folder.later(1_094);
    forget(&folder);
    assert!(folder.audited().contains(&"people_shown".to_owned()));
    folder.later(1_096);
    forget(&folder);
    assert!(!folder.audited().contains(&"people_shown".to_owned()));
}
