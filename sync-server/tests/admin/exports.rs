use serde_json::json;

use crate::support::{Folder, sample};

#[test]
fn places_and_carriers_go_out_as_they_come_in() {
    let folder = Folder::new();
    folder.create().done();
    let places = sample("places.csv");
    folder
        .by("M01", &["places", "import", places.to_str().unwrap()])
        .done();
    let carriers = sample("carriers.csv");
    folder
        .by("M01", &["carriers", "import", carriers.to_str().unwrap()])
        .done();
    let places = folder.admin(&["export", "places"]).done();
    assert_eq!(places["rows"], 114);
    let csv = places["csv"].as_str().unwrap();
    assert_eq!(folder.text(&["export", "places"]), csv);
    let again = folder.import("M01", "places", csv).done();
    assert_eq!((&again["added"], &again["known"]), (&json!(0), &json!(114)));

    // In another county they are the same places, but for who has which key.
    let other = Folder::new();
    other.create().done();
    assert_eq!(other.import("M01", "places", csv).done()["added"], 114);
    assert_eq!(other.admin(&["export", "places"]).done()["csv"], places["csv"]);
    let carriers = folder.admin(&["export", "carriers"]).done()["csv"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(folder.import("M01", "carriers", &carriers).done()["known"], 4);
}

#[test]
fn counts_about_people_and_households_are_at_least_five() {
    let folder = Folder::with_county();
    let mut households = String::from("key,name,language\n");
    for n in 0..9 {
        let language = if n < 5 { "kk-Arab" } else { "zh-Hans" };
        households += &format!("H{n},户{n},{language}\n");
    }
    folder.import("D01", "households", &households).done();
    folder.parcels(3);
    let csv = folder.admin(&["export", "counts"]).done()["csv"]
        .as_str()
        .unwrap()
        .to_owned();
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let of = |what: &str| -> Vec<(&str, &str)> {
        rows.iter()
            .filter(|row| row[0] == what)
            .map(|row| (row[1], row[4]))
            .collect()
    };
    assert_eq!(of("deliveries"), [("announced", "3")]);
    assert_eq!(of("places"), [("drop_point", "1"), ("station", "2")]);
    assert_eq!(of("households"), [("kk-Arab", "5")]);
    // Three couriers, two dispatchers, one of each other role: none of it is shown.
    assert_eq!(of("people"), []);
}

#[test]
fn what_is_personal_goes_out_by_the_word_of_two() {
    let folder = Folder::with_county();
    folder
        .import("D01", "households", "key,name,phones\nH1,=喀赞,12400000001\n")
        .done();
    let export =
        |person: &str, words: &[&str]| folder.look(person, &[&["export", "households"], words].concat());
    assert_eq!(
        folder
            .by("D01", &["export", "households", "--second", "D02"])
            .code(),
        "why_missing"
    );
    assert_eq!(export("D01", &[]).code(), "second_missing");
    assert_eq!(export("D01", &["--second", "D01"]).code(), "second_is_first");
    assert_eq!(export("D01", &["--second", "C01"]).code(), "role_may_not");
    assert_eq!(export("D01", &["--second", "C99"]).code(), "no_such_person");
    assert_eq!(export("K01", &["--second", "D02"]).code(), "role_may_not");
    assert_eq!(export("A01", &["--second", "D02"]).code(), "role_may_not");
    assert_eq!(folder.audited(), [] as [&str; 0]);
    let told = export("D01", &["--second", "D02"]).done();
    let csv = told["csv"].as_str().unwrap();
    // No program takes a name for a formula, and no office has the phone number.
    assert!(csv.contains(",'=喀赞,") && !csv.contains("12400000001"), "{csv}");
    assert_eq!(
        folder.audited(),
        ["households_exported", "households_exported_second"]
    );
    folder.parcels(2);
    let deliveries = folder
        .look("D01", &["export", "deliveries", "--second", "M01"])
        .done();
    assert_eq!(deliveries["rows"], 2);
    let people = folder
        .look("D01", &["export", "people", "--second", "A01"])
        .done();
    assert!(people["csv"].as_str().unwrap().contains("12427182801"));
}
