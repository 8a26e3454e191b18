use saddlebag_records::codes::tip_kind;
use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use serde_json::{Value, json};

use crate::support::{Folder, Phone};

const TIP: &str = "01990000-0000-7000-8000-000000000001";

fn report(phone: &mut Phone, tip: &str, kind: u16, text: &str) {
    let body = Body::new().with(field::TIP_KIND, kind).with(field::TEXT, text);
    phone.write_aliased(tip, kinds::tip::REPORTED, body);
    phone.sync().unwrap();
}

fn case_of(folder: &Folder, words: &[&str]) -> String {
    let told = folder
        .by(
            "D01",
            &[&["case", "new", "--tier", "handled_directly"], words].concat(),
        )
        .done();
    told["case"].as_str().unwrap().to_owned()
}

fn state(folder: &Folder, case: &str) -> Value {
    let cases = folder.by("D01", &["case", "list", "--all"]).done();
    let found = cases
        .as_array()
        .unwrap()
        .iter()
        .find(|listed| listed["case"] == case);
    found.unwrap()["state"].clone()
}

#[test]
fn a_tip_becomes_a_case_and_its_reporter_alone_has_the_answer() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let (mut reporter, mut other) = (folder.phone(&server, "C01"), folder.phone(&server, "C02"));
    report(&mut reporter, TIP, tip_kind::ROAD_WASHED_OUT, "木桥东头塌了半边");
    let tips = folder.by("D01", &["tip", "list"]).done();
    assert_eq!(
        (&tips[0]["tip"], &tips[0]["kind"]),
        (&json!(TIP), &json!("road_washed_out"))
    );
    let text = tips.to_string();
    assert!(
        !text.contains(&reporter.person().to_string()) && !text.contains("device"),
        "{text}"
    );
    for person in ["C02", "K01", "L01", "A01", "M01"] {
        assert_eq!(
            folder.by(person, &["tip", "list"]).code(),
            "role_may_not",
            "{person}"
        );
    }

    let case = case_of(
        &folder,
        &["--tip", TIP, "--text", "木桥东头塌方，请绕行", "--place", "S001"],
    );
    assert_eq!(folder.by("D01", &["tip", "list"]).done(), json!([]));
    let again = folder.by(
        "D01",
        &["case", "new", "--tier", "handled_directly", "--tip", TIP],
    );
    assert_eq!(again.code(), "wrong_state");
    reporter.sync().unwrap();
    other.sync().unwrap();
    assert!(reporter.holds(&case) && other.holds(&case));
    assert!(reporter.kinds(TIP).contains(&kinds::tip::ANSWERED) && !other.holds(TIP));
    // Nothing that others get says which tip it was.
    let names_tip = |fact: &saddlebag_records::fact::Fact| {
        let tip: RecordId = TIP.parse().unwrap();
        fact.encode().windows(16).any(|part| part == tip.0)
    };
    assert!(!other.facts.values().any(names_tip));

    folder
        .by(
            "D01",
            &["tip", "answer", TIP, "--answer", "已修好", "--case", &case],
        )
        .done();
    reporter.sync().unwrap();
    let answers = reporter
        .facts
        .values()
        .filter_map(|fact| fact.body.text(field::ANSWER));
    assert!(answers.collect::<Vec<_>>().contains(&"已修好"));
}

#[test]
fn triage_sees_where_a_tip_is() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let mut phone = folder.phone(&server, "C01");
    let place: RecordId = {
        let people = folder.by("M01", &["people", "list"]).done();
        let of_clerk = people
            .as_array()
            .unwrap()
            .iter()
            .find(|person| person["role"] == "clerk");
        let clerk = of_clerk.unwrap();
        assert_eq!(clerk["station_name"], "一站");
        clerk["station"].as_str().unwrap().parse().unwrap()
    };
    let body = Body::new()
        .with(field::TIP_KIND, tip_kind::ROAD_WASHED_OUT)
        .with(field::PLACE, place);
    phone.write_aliased(TIP, kinds::tip::REPORTED, body);
    let at = saddlebag_records::position::Position {
        lat_e7: 480_584_100,
        lon_e7: 864_162_900,
    };
    let value = [&at.to_bytes()[..], &30u16.to_be_bytes()].concat();
    phone.hang(SideName::Position, &value);
    phone.sync().unwrap();
    let tips = folder.by("D01", &["tip", "list"]).done();
    let seen = ["place_name", "position", "accuracy_m"].map(|name| &tips[0][name]);
    assert_eq!(
        seen,
        [&json!("一站"), &json!("48.0584100,86.4162900"), &json!(30)]
    );
    let shown = folder.look("D01", &["show", TIP]).done();
    assert_eq!(
        shown["facts"][0]["sides"]["position"][0],
        "48.0584100,86.4162900 ±30 m"
    );
    assert_eq!(
        folder.look("D01", &["show", "S001"]).done()["plan"]["fields"]["position"],
        "48.0584100,86.4162900"
    );
}

#[test]
fn a_tip_whose_kind_is_other_is_released_under_a_kind_of_its_own() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let mut phone = folder.phone(&server, "C01");
    report(&mut phone, TIP, tip_kind::OTHER, "说不清");
    let new = |words: &[&str]| folder.by("D01", &[&["case", "new", "--tip", TIP], words].concat());
    assert_eq!(new(&["--tier", "handled_directly"]).code(), "bad_value");
    assert_eq!(
        new(&["--tier", "handled_directly", "--kind", "other"]).code(),
        "bad_value"
    );
    assert_eq!(
        new(&["--tier", "someday", "--kind", "bridge"]).code(),
        "bad_value"
    );
    assert_eq!(
        new(&["--tier", "handled_directly", "--kind", "neighbour"]).code(),
        "bad_value"
    );
    assert_eq!(
        new(&[
            "--tier",
            "handled_directly",
            "--kind",
            "bridge",
            "--place",
            "S404"
        ])
        .code(),
        "no_such_record"
    );
    assert_eq!(folder.by("D01", &["case", "list"]).done(), json!([]));
    assert_eq!(
        folder
            .by(
                "K01",
                &["case", "new", "--tier", "handled_directly", "--kind", "bridge"]
            )
            .code(),
        "role_may_not"
    );
    new(&["--tier", "handled_directly", "--kind", "bridge"]).done();
}

#[test]
fn a_case_gets_an_answer_and_a_visit_by_somebody_else_before_it_closes() {
    let folder = Folder::with_county();
    let case = case_of(&folder, &["--kind", "bridge"]);
    let step = |person: &str, words: &[&str]| folder.by(person, &[&["case"], words].concat());
    assert_eq!(step("D01", &["close", &case]).code(), "wrong_state");
    assert_eq!(
        step("D01", &["handled", &case, "--answer", "修"]).code(),
        "wrong_state"
    );
    step("D01", &["assign", &case, "--body", "交通局"]).done();
    let due = "2030-01-01T18:00+08:00";
    step("D01", &["assign", &case, "--body", "公路段", "--due", due]).done();
    assert_eq!(
        step("D01", &["assign", &case, "--body", "公路段", "--due", "soon"]).code(),
        "bad_value"
    );
    let listed = folder.by("D01", &["case", "list"]).done()[0].clone();
    assert_eq!(
        (&listed["body"], &listed["due_ms"]),
        (&json!("公路段"), &json!(1_893_492_000_000i64))
    );
    step("D01", &["handled", &case, "--answer", "桥面已换"]).done();
    // Whoever handled it does not judge it.
    assert_eq!(
        step("D01", &["followup", &case, "--satisfied", "yes"]).code(),
        "handled_it"
    );
    assert_eq!(step("D01", &["close", &case]).code(), "wrong_state");
    step(
        "D02",
        &["followup", &case, "--satisfied", "no", "--text", "护栏还没修"],
    )
    .done();
    assert_eq!(step("D01", &["close", &case]).code(), "wrong_state");
    step("D01", &["unsatisfied", &case]).done();
    assert_eq!(state(&folder, &case), "entered_unsatisfied");
    step("D01", &["reopen", &case, "--text", "第二轮"]).done();
    step("D01", &["assign", &case, "--body", "公路段"]).done();
    step("D01", &["handled", &case, "--answer", "护栏已修"]).done();
    step("D02", &["followup", &case, "--satisfied", "yes"]).done();
    step("D01", &["close", &case]).done();
    assert_eq!(state(&folder, &case), "closed");
    assert_eq!(folder.by("D01", &["case", "list"]).done(), json!([]));
}

#[test]
fn cases_are_rejected_and_merged_with_a_reason() {
    let folder = Folder::with_county();
    let (one, two) = (
        case_of(&folder, &["--kind", "waste"]),
        case_of(&folder, &["--kind", "waste"]),
    );
    let step = |words: &[&str]| folder.by("D01", &[&["case"], words].concat());
    assert_eq!(step(&["reject", &one, "--reason", "boring"]).code(), "bad_value");
    assert_eq!(step(&["merge", &one, &one]).code(), "bad_value");
    assert_eq!(step(&["merge", &one, TIP]).code(), "no_such_record");
    step(&["merge", &one, &two]).done();
    assert_eq!(step(&["merge", &one, &two]).code(), "wrong_state");
    step(&["reject", &two, "--reason", "already_mended"]).done();
    assert_eq!(
        (state(&folder, &one), state(&folder, &two)),
        ("merged".into(), "rejected".into())
    );
    assert_eq!(folder.by("K01", &["case", "list"]).code(), "role_may_not");
}

#[test]
fn of_cases_that_are_merged_one_always_stands() {
    let folder = Folder::with_county();
    let cases = [(); 3].map(|()| case_of(&folder, &["--kind", "waste"]));
    let [one, two, three] = &cases;
    let merge = |case: &str, into: &str| folder.by("D01", &["case", "merge", case, into]);
    merge(one, two).done();
    assert_eq!(merge(two, one).code(), "wrong_state");
    assert_eq!(merge(three, one).code(), "wrong_state");
    merge(two, three).done();
    assert_eq!(merge(three, two).code(), "wrong_state");
    let listed = folder.by("D01", &["case", "list"]).done();
    assert_eq!(listed[0]["case"], three.as_str());
}

#[test]
fn what_a_case_tells_everybody_holds_no_number_that_leads_to_a_person() {
    let folder = Folder::with_county();
    let refused = |words: &[&str]| folder.by("D01", words).code().to_owned();
    let new = [
        "case",
        "new",
        "--tier",
        "handled_directly",
        "--kind",
        "bridge",
        "--text",
    ];
    let calls = "有事打 13812345678";
    assert_eq!(refused(&[&new[..], &[calls]].concat()), "tip_text_phone_number");
    assert_eq!(folder.by("D01", &["case", "list"]).done(), json!([]));
    let case = case_of(&folder, &["--kind", "bridge", "--text", "桥面塌陷"]);
    assert_eq!(
        refused(&["plan", "set", &case, "text", calls]),
        "tip_text_phone_number"
    );
    assert_eq!(
        refused(&["plan", "set", &case, "text", "新H12345停在桥上"]),
        "tip_text_plate"
    );
    assert_eq!(
        refused(&["case", "assign", &case, "--body", calls]),
        "tip_text_phone_number"
    );
    folder
        .by("D01", &["case", "assign", &case, "--body", "交通局"])
        .done();
    let long = "修".repeat(300) + calls;
    assert_eq!(
        refused(&["case", "handled", &case, "--answer", &long]),
        "tip_text_phone_number"
    );
    folder
        .by("D01", &["case", "handled", &case, "--answer", &"修".repeat(300)])
        .done();
}

#[test]
fn a_record_of_another_kind_is_told_so() {
    let folder = Folder::with_county();
    let waybill = &folder.parcels(1)[0];
    assert_eq!(folder.by("D01", &["case", "close", waybill]).code(), "wrong_kind");
    assert_eq!(folder.by("D01", &["case", "close", "S001"]).code(), "wrong_kind");
    assert_eq!(
        folder.by("D01", &["case", "close", "S404"]).code(),
        "no_such_record"
    );
}

#[test]
fn appeals_show_their_kind_to_the_liaison_and_nothing_to_anybody_else() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let mut phone = folder.phone(&server, "C01");
    let body = Body::new()
        .with(
            field::APPEAL_KIND,
            saddlebag_records::codes::appeal_kind::PAY_LATE,
        )
        .with(field::SEALED, b"sealed words".to_vec())
        .with(field::ANSWER_KEY, vec![7u8; 32]);
    phone.write_aliased(TIP, kinds::appeal::RAISED, body);
    assert_eq!(phone.sync().unwrap(), [saddlebag_protocol::Outcome::Admitted]);
    let appeals = folder.by("L01", &["appeal", "list"]).done();
    assert_eq!(
        (&appeals[0]["kind"], &appeals[0]["state"]),
        (&json!("pay_late"), &json!("raised"))
    );
    assert!(!appeals.to_string().contains(&phone.person().to_string()));
    for person in ["D01", "K01", "A01", "M01", "C01"] {
        assert_eq!(
            folder.by(person, &["appeal", "list"]).code(),
            "role_may_not",
            "{person}"
        );
    }
    assert_eq!(folder.look("D01", &["show", TIP]).code(), "not_theirs_to_see");
    assert_eq!(
        RecordKind::Appeal.name(),
        folder.look("L01", &["show", TIP]).done()["kind"]
    );
}
