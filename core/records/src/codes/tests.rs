use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::*;

fn of_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn updating() -> bool {
    std::env::var_os("UPDATE_GENERATED").is_some()
}

#[test]
fn every_file_is_a_list_of_its_own_name() {
    let files: BTreeSet<String> = std::fs::read_dir(of_crate("codes"))
        .unwrap()
        .map(|file| {
            file.unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .filter(|list| list != "facts" && list != "plans")
        .collect();
    let lists: Vec<&str> = CodeList::all().iter().map(CodeList::list).collect();
    assert_eq!(lists, files.iter().collect::<Vec<_>>());
}

#[test]
fn codes_and_names_are_unique_and_rise() {
    for list in CodeList::all() {
        let codes: Vec<u16> = list.entries().iter().map(|entry| entry.code).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{}: {codes:?}", list.list());
        let names: BTreeSet<&str> = list.entries().iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names.len(), codes.len(), "{}", list.list());
        assert!(
            names
                .iter()
                .all(|name| name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_')))
        );
        assert!(!list.is_bits() || codes.iter().all(|code| code.is_power_of_two()));
    }
}

#[test]
fn the_version_is_the_highest_in_the_lists() {
    let versions = CodeList::all()
        .iter()
        .flat_map(CodeList::entries)
        .map(|entry| entry.retired.unwrap_or(entry.since));
    assert_eq!(versions.max(), Some(LISTS_VERSION));
}

/// What facts and plans name as `code:LIST` must be a list.
#[test]
fn the_lists_that_facts_and_plans_name_exist() {
    for file in ["codes/facts.toml", "codes/plans.toml"] {
        let text = std::fs::read_to_string(of_crate(file)).unwrap();
        for named in text.split("code:").skip(1) {
            let list: String = named
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_' || c.is_ascii_digit())
                .collect();
            assert!(
                list.is_empty() || CodeList::get(&list).is_some(),
                "{file}: {list}"
            );
        }
    }
}

/// Stored facts and plans of every phone hold these numbers, for a year and longer: an entry may be added or
/// retired, never deleted, renumbered or renamed.
#[test]
fn no_code_was_ever_deleted_or_renumbered() {
    let path = of_crate("tests/golden/codes.txt");
    let frozen = std::fs::read_to_string(&path).unwrap_or_default();
    let mut current = Vec::new();
    for list in CodeList::all() {
        current.extend(
            list.entries()
                .iter()
                .map(|entry| format!("{} {} {}", list.list(), entry.code, entry.name)),
        );
    }
    for line in frozen.lines() {
        assert!(current.iter().any(|entry| entry == line), "{line} is frozen");
    }
    let added: Vec<&String> = current
        .iter()
        .filter(|entry| !frozen.lines().any(|line| line == *entry))
        .collect();
    if updating() {
        let added: String = added.iter().map(|entry| format!("{entry}\n")).collect();
        std::fs::write(&path, frozen + &added).unwrap();
    } else {
        assert_eq!(
            added,
            Vec::<&String>::new(),
            "run with UPDATE_GENERATED=1 to freeze them"
        );
    }
}

#[test]
fn the_constants_are_those_of_the_lists() {
    let mut out = String::from("// Generated from codes/*.toml.\n");
    for list in CodeList::all() {
        write!(
            out,
            "\n/// Codes of the list `{}`.\npub mod {} {{\n",
            list.list(),
            list.list()
        )
        .unwrap();
        for entry in list.entries() {
            let constant = entry.name.to_uppercase();
            writeln!(
                out,
                "    /// `{}`.\n    pub const {constant}: u16 = {};",
                entry.name, entry.code
            )
            .unwrap();
        }
        out.push_str("}\n");
    }
    let path = of_crate("src/codes/codes.gen.rs");
    if updating() {
        std::fs::write(&path, &out).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        out,
        "run with UPDATE_GENERATED=1"
    );
}

#[test]
fn a_code_and_its_name_find_each_other() {
    let reasons = CodeList::get("failure_reason").unwrap();
    assert_eq!(reasons.name(failure_reason::RIVER_OR_SNOW), Some("river_or_snow"));
    assert_eq!(reasons.code("river_or_snow"), Some(failure_reason::RIVER_OR_SNOW));
    assert_eq!(
        reasons.translation_key(failure_reason::RIVER_OR_SNOW).unwrap(),
        "failure_reason.river_or_snow"
    );
    assert!(reasons.is_offered(failure_reason::OTHER));
    assert!(CodeList::get("no_such_list").is_none());
}

#[test]
fn a_newer_code_is_shown_as_such_and_not_offered() {
    let reasons = CodeList::get("failure_reason").unwrap();
    assert_eq!(reasons.shown(999), "newer entry (999)");
    assert_eq!(reasons.shown(1), "recipient_absent");
    assert!(!reasons.is_offered(999));
    assert_eq!((reasons.name(999), reasons.translation_key(999)), (None, None));
}

#[test]
fn the_lists_have_as_many_entries_as_the_product_names() {
    for (list, entries) in [
        ("failure_reason", 22),
        ("tip_kind", 25),
        ("appeal_kind", 17),
        ("rest_service", 12),
        ("case_tier", 3),
        ("kuaidi100", 19),
        ("drop_point_host", 5),
        ("delivery_flag", 4),
    ] {
        assert_eq!(CodeList::get(list).unwrap().entries().len(), entries, "{list}");
    }
}

/// PRODUCT.md, privacy rule 1: this is the whole list. No kind is about a person or about suspicion.
#[test]
fn a_tip_is_about_places() {
    let kinds: Vec<&str> = CodeList::get("tip_kind")
        .unwrap()
        .entries()
        .iter()
        .map(|kind| kind.name.as_str())
        .collect();
    assert_eq!(
        kinds.join(" "),
        "road_washed_out road_ice_or_snow rockfall bridge fence_or_gate fallen_line power_out no_water broken_pump \
         lamp_out waste dangerous_building livestock_on_road animal_disease_sign predator wildfire flood ice_jam \
         drop_point_broken no_signal cold_store_down public_toilet sign_missing school_or_clinic_blocked other"
    );
}

#[test]
fn attributes_are_read_by_their_type() {
    let tiers = CodeList::get("case_tier").unwrap();
    let days: Vec<_> = tiers
        .entries()
        .iter()
        .map(|tier| tier.number("working_days").unwrap())
        .collect();
    assert_eq!(days, [3, 7, 15]);
    let kazakh = CodeList::get("language")
        .unwrap()
        .entry(language::KK_ARAB)
        .unwrap();
    assert_eq!(
        (kazakh.text("tag"), kazakh.number("tag"), kazakh.is("tag")),
        (Some("kk-Arab"), None, false)
    );
    assert!(
        CodeList::get("reject_reason")
            .unwrap()
            .entry(reject_reason::ABOUT_A_PERSON)
            .unwrap()
            .is("destroys")
    );
}
