use clap::Parser;

use super::*;

#[derive(Debug, Parser)]
struct Words {
    #[command(flatten)]
    admin: Admin,
}

fn parse(words: &str) -> Admin {
    Words::try_parse_from(["admin"].into_iter().chain(words.split(' ')))
        .unwrap()
        .admin
}

#[test]
fn the_tree_is_sound() {
    use clap::CommandFactory;
    Words::command().debug_assert();
}

#[test]
fn the_last_word_of_an_assignment_is_the_person() {
    let admin = parse("assign SB0000000001 SB0000000002 C01 --as D01");
    assert_eq!(
        admin.verb,
        Verb::Assign {
            records: vec!["SB0000000001".into(), "SB0000000002".into()],
            person: "C01".into()
        }
    );
    assert_eq!(admin.how.by.as_deref(), Some("D01"));
}

#[test]
fn where_and_as_whom_may_stand_before_or_after_the_verb() {
    assert!(parse("--json --data /a devices list").how.json);
    let how = parse("devices list --json --data /a").how;
    assert!(how.json && how.data.as_path() == std::path::Path::new("/a"));
}

/// Client and server of one version speak to each other: what is parsed here is read there.
#[test]
fn a_verb_comes_out_of_its_json_as_it_went_in() {
    for words in [
        "county create --name 县 --keys-out /k --admin 甲",
        "people list --whole",
        "case followup 1 --satisfied no --text 还没修",
        "held show 7",
        "audit list --after 3",
        "export counts",
        "plan set SB0000000001 cash_fen 100",
    ] {
        let verb = parse(words).verb;
        let json = serde_json::to_string(&verb).unwrap();
        assert_eq!(serde_json::from_str::<Verb>(&json).unwrap(), verb, "{json}");
    }
}

#[test]
fn a_file_that_is_not_there_is_wrong_usage() {
    let words = ["admin", "places", "import", "/nowhere/places.csv"];
    assert_eq!(Words::try_parse_from(words).unwrap_err().exit_code(), 2);
}

/// Whoever follows the pages types what stands there.
#[test]
fn the_command_lines_of_the_pages_are_such() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut tried = 0;
    for page in ["README.md", "docs/operations.md"] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        for line in text.lines() {
            let line = line.strip_prefix("saddlebag-sync-server ").unwrap_or(line);
            let Some(words) = line.strip_prefix("admin ") else {
                continue;
            };
            let words = words.split_whitespace().take_while(|word| !word.starts_with('#'));
            let words = words.map(|word| match word.ends_with(".csv") {
                true => root.join(word).into_os_string(),
                false => word.into(),
            });
            let parsed = Words::try_parse_from(["admin".into()].into_iter().chain(words));
            assert!(parsed.is_ok(), "{page}: {line}: {parsed:?}");
            tried += 1;
        }
    }
    assert!(tried >= 15, "{tried}");
}
