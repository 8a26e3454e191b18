use serde_json::json;

use crate::support::Folder;

#[test]
fn people_are_listed_with_masked_names_and_whole_ones_are_looked_at_for_a_reason() {
    let folder = Folder::with_county();
    let listed = folder.admin(&["people", "list"]).done();
    let text = listed.to_string();
    assert!(
        text.contains("江**") && !text.contains("江沙棘") && !text.contains("12427182801"),
        "{text}"
    );
    assert_eq!(folder.admin(&["people", "list", "--whole"]).code(), "as_missing");
    assert_eq!(
        folder.by("D01", &["people", "list", "--whole"]).code(),
        "why_missing"
    );
    assert_eq!(
        folder.look("C01", &["people", "list", "--whole"]).code(),
        "role_may_not"
    );
    let whole = folder
        .look("D01", &["people", "list", "--whole"])
        .done()
        .to_string();
    assert!(
        whole.contains("江沙棘") && whole.contains("12427182801"),
        "{whole}"
    );
    assert_eq!(folder.audited(), ["people_shown"]);
}

#[test]
fn somebody_is_added_and_colleagues_of_their_station_see_them() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let mut phone = folder.phone(&server, "C01");
    phone.sync().unwrap();
    let words = [
        "people",
        "add",
        "--name",
        "新人",
        "--role",
        "courier",
        "--station",
        "S001",
        "--mentor",
        "C01",
    ];
    let new = folder
        .by(
            "M01",
            &[&words[..], &["--phone", "12400000077", "--key", "C10"]].concat(),
        )
        .done();
    phone.sync().unwrap();
    assert!(phone.holds(new["person"].as_str().unwrap()));
    let add = |more: &[&str]| {
        folder.by(
            "M01",
            &[&["people", "add", "--name", "某", "--role", "courier"], more].concat(),
        )
    };
    assert_eq!(add(&["--key", "C10"]).code(), "person_known");
    assert_eq!(add(&["--station", "S404"]).code(), "no_such_record");
    assert_eq!(add(&["--mentor", "C404"]).code(), "no_such_person");
    assert_eq!(add(&["--phone", "call me"]).code(), "bad_value");
    assert_eq!(folder.by("D01", &words).code(), "role_may_not");
    assert_eq!(
        folder
            .by("M01", &["people", "add", "--name", "某", "--role", "king"])
            .code(),
        "bad_value"
    );
}

#[test]
fn whoever_leaves_may_bring_what_they_hold_and_gets_nothing_more() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let (mut leaving, mut staying) = (folder.phone(&server, "C02"), folder.phone(&server, "C01"));
    leaving.sync().unwrap();
    staying.sync().unwrap();
    let person = leaving.person().to_string();
    assert!(staying.holds(&person));
    assert_eq!(
        folder.by("C01", &["people", "revoke", "C02"]).code(),
        "role_may_not"
    );
    folder.by("M01", &["people", "revoke", "C02"]).done();
    folder.by("M01", &["people", "revoke", "C02"]).done();
    let listed = folder.admin(&["people", "list"]).done();
    let left = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|listed| listed["person"] == person)
        .unwrap()
        .clone();
    assert_eq!(left["active"], json!(false));
    assert_eq!(folder.by("M01", &["code", "C02"]).code(), "person_has_left");
    assert_eq!(folder.by("C02", &["devices", "list"]).exit, 0);
    assert_eq!(folder.by("C02", &["tip", "list"]).code(), "person_has_left");
    let numbers = folder.parcels(1);
    assert_eq!(
        folder.by("D01", &["assign", &numbers[0], "C02"]).code(),
        "person_has_left"
    );
}

#[test]
fn a_code_makes_a_phone_a_device_once_and_is_drawn_for_its_camera() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let issued = folder
        .by("M01", &["code", "C01", "--address", "https://sync.example:8470/"])
        .done();
    let (code, county) = (
        issued["code"].as_str().unwrap(),
        issued["county"].as_str().unwrap().replace('-', ""),
    );
    assert_eq!(
        issued["link"],
        format!("saddlebag:https://sync.example:8470#{county}#{code}")
    );
    assert_eq!(issued["seconds"], 900);
    assert_eq!(folder.by("C01", &["code", "C01"]).code(), "role_may_not");
    let text = folder.text(&[
        "--as",
        "M01",
        "code",
        "C01",
        "--address",
        "https://sync.example:8470",
    ]);
    assert!(text.contains("█▀▀▀▀▀█"), "{text}");
    assert!(!folder.text(&["--as", "M01", "code", "C01"]).contains('█'));
    folder.phone(&server, "C01").sync().unwrap();
    // No code is in the log, nor in the folder.
    assert!(!folder.log().contains(code));
}
