use std::fmt::Write;

use serde_json::{Value, json};

use crate::support::{Folder, sample};

fn counts(told: &Value) -> (u64, u64, usize) {
    let number = |name: &str| told[name].as_u64().unwrap();
    (
        number("added"),
        number("known"),
        told["refused"].as_array().unwrap().len(),
    )
}

fn refused(told: &Value) -> Vec<(u64, &str, &str)> {
    let rows = told["refused"].as_array().unwrap().iter();
    rows.map(|row| {
        let column = row["column"].as_str().unwrap_or_default();
        (
            row["line"].as_u64().unwrap(),
            column,
            row["code"].as_str().unwrap(),
        )
    })
    .collect()
}

#[test]
fn the_sample_county_goes_in_whole_and_a_second_time_changes_nothing() {
    let folder = Folder::new();
    folder.create().done();
    // Hashing a pickup code takes long in a debug build: enough of them.
    let deliveries = std::fs::read_to_string(sample("deliveries.csv")).unwrap();
    let some: Vec<&str> = deliveries.lines().take(61).collect();
    let deliveries = folder.path("deliveries.csv");
    std::fs::write(&deliveries, some.join("\n")).unwrap();
    let files = [
        ("M01", vec!["places", "import"], sample("places.csv"), 114),
        ("M01", vec!["carriers", "import"], sample("carriers.csv"), 4),
        ("M01", vec!["carriers", "terms"], sample("carrier-terms.csv"), 28),
        ("M01", vec!["people", "import"], sample("colleagues.csv"), 42),
        ("D01", vec!["households", "import"], sample("households.csv"), 400),
        ("D01", vec!["camps", "import"], sample("camps.csv"), 972),
        ("D01", vec!["import", "deliveries"], deliveries, 60),
    ];
    let import = |(person, verb, file, _): &(&str, Vec<&str>, std::path::PathBuf, u64)| {
        let words = [&verb[..], &[file.to_str().unwrap(), "--ids"]].concat();
        folder.by(person, &words).done()
    };
    let mut first = Vec::new();
    for file in &files {
        let told = import(file);
        // The first admin is in the file too.
        let known = u64::from(file.1[0] == "people");
        assert_eq!(counts(&told), (file.3, known, 0), "{:?}", file.1);
        first.push(told["ids"].clone());
    }
    let position = || folder.admin(&["devices", "list"]).done();
    let before = (position(), folder.admin(&["export", "places"]).done());
    let _server = folder.serve();
    for (file, ids) in files.iter().zip(first) {
        let told = import(file);
        assert_eq!(
            counts(&told),
            (0, file.3 + u64::from(file.1[0] == "people"), 0),
            "{:?}",
            file.1
        );
        let id = |ids: &Value| -> Vec<Value> {
            ids.as_array()
                .unwrap()
                .iter()
                .map(|row| row["id"].clone())
                .collect()
        };
        assert_eq!(id(&told["ids"]), id(&ids));
    }
    assert_eq!((position(), folder.admin(&["export", "places"]).done()), before);
}

#[test]
fn bad_rows_are_told_by_line_and_code_and_good_ones_go_in() {
    let folder = Folder::with_county();
    let ran = folder.import(
        "D01",
        "deliveries",
        "waybill,carrier,household,name,place,due_from,due_until,cash_fen,flags,pickup_code,medicine\n\
         SBZT0000000001,zhongtong,,张三,S001,,,100,urgent;fragile,3-2-1234,yes\n\
         SB#1,zhongtong,,张三,S001,,,,,,\n\
         SBZT0000000003,nobody,,张三,S001,,,,,,\n\
         SBZT0000000004,zhongtong,,,S001,,,,,,\n\
         SBZT0000000005,zhongtong,H0001,张三,S001,,,,,,\n\
         SBZT0000000006,zhongtong,H0001,,S001,,,,,,\n\
         SBZT0000000007,zhongtong,,张三,S009,,,,,,\n\
         SBZT0000000008,zhongtong,,张三,S001,2026-06-02T09:00+08:00,2026-06-01T09:00+08:00,,,,\n\
         SBZT0000000009,zhongtong,,张三,S001,,,10000001,,,\n\
         SBZT0000000010,zhongtong,,张三,S001,,,,gold,,\n\
         SBZT0000000011,zhongtong,,张三,S001,,,,,1,\n\
         SBZT0000000012,zhongtong,,张三,S001,,,,,,maybe\n\
         ＳＢＺＴ0000000001,zhongtong,,张三,S001,,,,,,\n\
         RB123456780CN,youzhengguonei,,张三,S001,,,,,,\n\
         RB123456785CN,youzhengguonei,,张三,S001,,,,,,\n\
         RB123456780CN,zhongtong,,张三,S001,,,,,,\n",
    );
    assert_eq!(ran.exit, 3);
    assert_eq!(
        refused(&ran.told),
        [
            (3, "waybill", "waybill_bad_character"),
            (4, "carrier", "no_such_record"),
            (5, "name", "missing"),
            (6, "name", "household_and_name"),
            (7, "household", "no_such_record"),
            (8, "place", "no_such_record"),
            (9, "due_until", "out_of_range"),
            (10, "cash_fen", "out_of_range"),
            (11, "flags", "no_such_code"),
            (12, "pickup_code", "pickup_code_too_short"),
            (13, "medicine", "bad_yes"),
            (14, "", "twice_in_file"),
            (15, "waybill", "waybill_check_digit"),
        ]
    );
    assert_eq!(ran.told["added"], 3);
    let shown = folder.look("D01", &["show", "SBZT0000000001"]).done();
    let plan = &shown["plan"]["fields"];
    assert_eq!(
        (&plan["cash_fen"], &plan["flags"], &plan["name"]),
        (&json!(100), &json!(6), &json!("张三"))
    );
    assert_eq!(shown["status"]["state"], "announced");
}

#[test]
fn every_kind_of_file_tells_its_bad_rows() {
    let folder = Folder::with_county();
    let told = |person: &str, what: &str, csv: &str| folder.import(person, what, csv).told;
    let places = told(
        "M01",
        "places",
        "key,kind,name,latitude,longitude,station,services,not_direct\n\
         S003,station,三站,48.1,,S003,,\n\
         S004,palace,四站,,,S004,,\n\
         S005,station,五站,,,S404,,\n\
         R01,rest_station,暖蜂驿站,,,S001,meal;sauna,\n\
         R02,rest_station,暖蜂驿站,,,S001,meal;charging,S002 封山;S001\n\
         R03,rest_station,暖蜂驿站,,,S001,meal;charging,S002 封山\n",
    );
    assert_eq!(
        refused(&places),
        [
            (2, "longitude", "missing"),
            (3, "kind", "no_such_code"),
            (4, "station", "no_such_record"),
            (5, "services", "no_such_code"),
            (6, "not_direct", "missing"),
        ]
    );
    let people = told(
        "M01",
        "people",
        "key,role,name,station,mentor,phone\nC10,king,甲,S001,,\nC11,courier,,S001,,\nC12,courier,乙,,C77,\nC13,courier,丙,,C14,\nC14,courier,丁,S001,,call me\nC 15,courier,戊,,,\n",
    );
    assert_eq!(
        refused(&people),
        [
            (2, "role", "no_such_code"),
            (3, "name", "missing"),
            (4, "mentor", "no_such_record"),
            (5, "mentor", "no_such_record"),
            (6, "phone", "bad_phone"),
            (7, "key", "bad_key"),
        ]
    );
    let households = told(
        "D01",
        "households",
        "key,name,language,phones,drop_point\nH1,甲,kk,,\nH2,乙,kk-Arab,1;2,\nH3,丙,,12400000001;12400000002,P01\n",
    );
    assert_eq!(
        refused(&households),
        [(2, "language", "bad_language"), (3, "phones", "bad_phone")]
    );
    assert_eq!(households["added"], 1);
    let camps = told(
        "D01",
        "camps",
        "key,household,season,valid_from,valid_until,latitude,longitude\n\
         H3-s,H3,summer,2026-06-25T04:00+08:00,2026-09-10T04:00+08:00,48.8,86.9\n\
         H3-w,H3,winter,2026-11-15,2027-04-01T04:00+08:00,,\n\
         H3-a,H3,autumn,2026-11-15T04:00+08:00,2026-09-10T04:00+08:00,,\n\
         H9-s,H9,summer,2026-06-25T04:00+08:00,2026-09-10T04:00+08:00,,\n",
    );
    assert_eq!(
        refused(&camps),
        [
            (3, "valid_from", "bad_time"),
            (4, "valid_until", "out_of_range"),
            (5, "household", "no_such_record")
        ]
    );
    assert_eq!(camps["added"], 1);
}

#[test]
fn a_file_that_is_not_one_of_its_kind_changes_nothing() {
    let folder = Folder::with_county();
    let code = |csv: &[u8]| folder.import_bytes("D01", "deliveries", csv).code().to_owned();
    assert_eq!(code(b"name,address\nx,y\n"), "csv_columns");
    assert_eq!(code(b"waybill,colour\nSBZT0000000001,red\n"), "csv_columns");
    assert_eq!(
        code(b"waybill,waybill\nSBZT0000000001,SBZT0000000001\n"),
        "csv_columns"
    );
    assert_eq!(code(b"\xff\xfewaybill\n"), "csv_not_utf8");
    assert_eq!(code(b""), "csv_columns");
    assert_eq!(code(b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\xb5"), "csv_not_utf8");
    let counts = folder.admin(&["export", "counts"]).done()["csv"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(!counts.contains("deliveries"), "{counts}");
}

#[test]
fn nobody_imports_what_is_not_theirs_to_write() {
    let folder = Folder::with_county();
    let place = "key,kind,name\nS009,station,九站\n";
    assert_eq!(folder.import("D01", "places", place).code(), "may_not_create");
    let parcel = "waybill,name\nSBZT0000000001,张三\n";
    assert_eq!(folder.import("C01", "deliveries", parcel).code(), "role_may_not");
    assert_eq!(folder.import("M01", "deliveries", parcel).code(), "role_may_not");
    assert_eq!(
        folder.import("nobody", "deliveries", parcel).code(),
        "no_such_person"
    );
    let file = folder.path("rows.csv");
    assert_eq!(
        folder
            .admin(&["import", "deliveries", file.to_str().unwrap()])
            .code(),
        "as_missing"
    );
    let unknown = folder.look("D01", &["show", "SBZT0000000001"]);
    assert_eq!(unknown.code(), "no_such_record");
}

#[test]
fn a_number_that_comes_again_is_a_new_parcel_only_when_somebody_says_so() {
    let folder = Folder::with_county();
    let number = folder.parcels(1).remove(0);
    let row = format!("waybill,name\n{number},李四\n");
    assert_eq!(counts(&folder.import("D01", "deliveries", &row).told), (0, 1, 0));
    folder.by("D01", &["cancel", &number]).done();
    let first = folder.import("D01", "deliveries", &row).done();
    assert_eq!(counts(&first), (0, 1, 0));
    let file = folder.path("rows.csv");
    let words = [
        "import",
        "deliveries",
        file.to_str().unwrap(),
        "--new-generation",
        "--ids",
    ];
    let again = folder.by("D01", &words).done();
    assert_eq!(counts(&again), (1, 0, 0));
    assert_ne!(folder.id(&again, &number), folder.id(&first, &number));
    assert_eq!(counts(&folder.by("D01", &words).done()), (0, 1, 0));
    let shown = folder.look("D01", &["show", &number]).done();
    assert_eq!(
        (&shown["plan"]["fields"]["generation"], &shown["record"]),
        (&json!(1), &again["ids"][0]["id"])
    );
}

#[test]
fn a_large_file_goes_in_by_parts_that_are_whole() {
    let folder = Folder::with_county();
    let mut csv = String::from("waybill,name\n");
    for n in 0..300 {
        writeln!(csv, "SBZT{n:010},张三").unwrap();
    }
    assert_eq!(
        counts(&folder.import("D01", "deliveries", &csv).told),
        (300, 0, 0)
    );
    csv.push_str("SBZT9999999999,张三\n");
    assert_eq!(
        counts(&folder.import("D01", "deliveries", &csv).told),
        (1, 300, 0)
    );
}

#[test]
fn verbs_do_not_wait_for_an_import() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let phone = folder.phone(&server, "C01");
    // Each code is hashed, which takes 20 ms and more.
    let mut csv = String::from("waybill,name,pickup_code\n");
    for n in 0..120 {
        csv += &format!("SBZT{n:010},收件人,{:06}\n", 100_000 + n);
    }
    std::fs::write(folder.path("many.csv"), csv).unwrap();
    let file = folder.path("many.csv");
    let words = ["--as", "D01", "import", "deliveries", file.to_str().unwrap()];
    let mut import = folder.start(&words);
    let device = phone.device().to_string();
    folder.by("D01", &["code", "C02"]).done();
    folder.by("D01", &["device", "lost", &device]).done();
    assert!(import.try_wait().unwrap().is_none(), "the import was faster");
    assert!(import.wait().unwrap().success());
}
