use std::fs::File;
use std::os::unix::fs::PermissionsExt;

use crate::support::Folder;

#[test]
fn a_county_is_made_with_its_first_admin_and_its_private_keys_elsewhere() {
    let folder = Folder::new();
    let told = folder.create().done();
    let county = told["county"].as_str().unwrap();
    for purpose in ["recovery", "liaison", "backup"] {
        let key = folder.path("keys").join(format!("{county}-{purpose}.key"));
        assert_eq!(
            std::fs::metadata(&key).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let secret = std::fs::read_to_string(&key).unwrap();
        let secret = secret
            .lines()
            .find_map(|line| line.trim_start_matches("# ").strip_prefix("secret "))
            .unwrap()
            .to_owned();
        assert!(
            !holds(&folder.data(), &secret),
            "the {purpose} key stayed in the folder"
        );
    }
    assert_eq!(folder.admin(&["county", "list"]).done()[0]["county"], county);
    let people = folder.admin(&["people", "list"]).done();
    assert_eq!(
        (&people[0]["role"], &people[0]["person"]),
        (&"admin".into(), &told["admin"])
    );
}

/// Whether any file below a folder holds a text.
fn holds(folder: &std::path::Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, text);
        }
        std::fs::read(&path).is_ok_and(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
    })
}

#[test]
fn private_keys_never_go_into_the_data_folder() {
    let folder = Folder::new();
    let inside = folder.data().join("keys");
    let words = [
        "county",
        "create",
        "--name",
        "县",
        "--admin",
        "甲",
        "--keys-out",
        inside.to_str().unwrap(),
    ];
    assert_eq!(folder.admin(&words).code(), "keys_inside_data");
    assert_eq!(folder.admin(&["county", "list"]).done(), serde_json::json!([]));
}

#[test]
fn a_folder_that_is_not_there_is_not_made_by_asking() {
    let folder = Folder::new();
    assert_eq!(folder.admin(&["devices", "list"]).code(), "no_such_county");
    assert!(!folder.data().exists());
}

#[test]
fn several_counties_are_told_apart() {
    let folder = Folder::new();
    let first = folder.create().done();
    let second = folder.create().done();
    assert_eq!(folder.admin(&["people", "list"]).code(), "which_county");
    for county in [&first, &second] {
        let id = county["county"].as_str().unwrap();
        let people = folder.admin(&["people", "list", "--county", id]).done();
        assert_eq!(people.as_array().unwrap().len(), 1);
        // One key stands for another person in another county.
        assert_eq!(people[0]["person"], county["admin"]);
    }
    assert_ne!(first["admin"], second["admin"]);
    let unknown = "00000000-0000-4000-8000-000000000000";
    assert_eq!(
        folder.admin(&["people", "list", "--county", unknown]).code(),
        "no_such_county"
    );
}

#[test]
fn verbs_go_to_the_server_while_one_runs_and_into_the_folder_when_none_does() {
    let folder = Folder::with_county();
    let alone = folder.admin(&["people", "list"]).done();
    let server = folder.serve();
    assert_eq!(folder.admin(&["people", "list"]).done(), alone);
    assert_eq!(
        folder
            .by(
                "M01",
                &[
                    "people", "add", "--name", "新人", "--role", "courier", "--key", "C09"
                ]
            )
            .exit,
        0
    );
    let mode = std::fs::metadata(folder.data().join("admin.sock"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let with_server = folder.admin(&["people", "list"]).done();
    assert_eq!(
        with_server.as_array().unwrap().len(),
        alone.as_array().unwrap().len() + 1
    );
    server.stop();
    assert!(!folder.data().join("admin.sock").exists());
    assert_eq!(folder.admin(&["people", "list"]).done(), with_server);
}

#[test]
fn a_county_that_is_created_while_a_server_runs_is_served_at_once() {
    let folder = Folder::new();
    let server = folder.serve();
    folder.create().done();
    folder
        .import("M01", "people", "key,role,name\nC01,courier,江沙棘\n")
        .done();
    let mut phone = folder.phone(&server, "C01");
    assert_eq!(phone.sync(), Ok(vec![]));
}

#[test]
fn a_folder_has_one_process_at_a_time() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let second = folder.program(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(1));
    // The first one is not disturbed by that.
    assert_eq!(folder.admin(&["county", "list"]).exit, 0);
    server.kill();
    // What a killed one left behind is in nobody's way.
    assert!(folder.data().join("admin.sock").exists());
    assert_eq!(folder.admin(&["county", "list"]).exit, 0);
    folder.serve().stop();
}

#[test]
fn a_server_that_has_the_folder_and_does_not_answer_is_told_apart() {
    let folder = Folder::with_county();
    let lock = File::options()
        .write(true)
        .open(folder.data().join("lock"))
        .unwrap();
    lock.try_lock().unwrap();
    assert_eq!(folder.admin(&["county", "list"]).code(), "server_not_answering");
    lock.unlock().unwrap();
    assert_eq!(folder.admin(&["county", "list"]).exit, 0);
}

#[test]
fn a_simulation_moves_the_servers_clock() {
    let folder = Folder::with_county();
    let offset = folder.path("offset");
    std::fs::write(&offset, "0").unwrap();
    let _server = folder.serve_with(&["--clock-offset-file", offset.to_str().unwrap()]);
    let due_ms = || {
        let words = ["case", "new", "--kind", "bridge", "--tier", "handled_directly"];
        let case = folder.by("D01", &words).done()["case"]
            .as_str()
            .unwrap()
            .to_owned();
        let cases = folder.by("D01", &["case", "list"]).done();
        let found = cases
            .as_array()
            .unwrap()
            .iter()
            .find(|listed| listed["case"] == *case)
            .unwrap();
        found["due_ms"].as_i64().unwrap()
    };
    let now = due_ms();
    let days = 7 * 86_400_000;
    std::fs::write(&offset, days.to_string()).unwrap();
    assert_eq!(due_ms(), now + days);
}

#[test]
fn wrong_usage_ends_with_2_and_failures_with_1() {
    let folder = Folder::with_county();
    assert_eq!(folder.program(&["admin", "frobnicate"]).status.code(), Some(2));
    assert_eq!(
        folder
            .program(&["admin", "places", "import", "/nowhere.csv"])
            .status
            .code(),
        Some(2)
    );
    let failed = folder.program(&["admin", "places", "list"]);
    assert_eq!(failed.status.code(), Some(2));
    let failed = folder.program(&["admin", "audit", "list"]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(
        String::from_utf8(failed.stderr)
            .unwrap()
            .starts_with("saddlebag-sync-server: as_missing")
    );
}

#[test]
fn a_server_that_cannot_start_says_why_and_where() {
    let folder = Folder::with_county();
    let data = folder.data();
    let refused = |words: &[&str]| {
        let ended = folder.program(&[&["serve"], words].concat());
        assert_eq!(ended.status.code(), Some(1));
        String::from_utf8(ended.stderr).unwrap()
    };
    let serving = folder.serve();
    let said = refused(&["--listen", "127.0.0.1:0"]);
    let locked = format!("saddlebag-sync-server: folder_locked: {}", data.display());
    assert!(said.starts_with(&locked), "{said}");
    let (address, other) = (serving.address.to_string(), folder.path("other"));
    let said = refused(&["--listen", &address, "--data", other.to_str().unwrap()]);
    let taken = format!("saddlebag-sync-server: address_in_use: {address}");
    assert!(said.starts_with(&taken), "{said}");
    serving.stop();
    let said = refused(&["--data", "/dev/null"]);
    assert!(
        said.starts_with("saddlebag-sync-server: disk_failed: /dev/null"),
        "{said}"
    );
    let counties = std::fs::read_dir(data.join("counties")).unwrap();
    let county = counties.map(|entry| entry.unwrap().path()).next().unwrap();
    let name = county.file_name().unwrap().to_str().unwrap().to_owned();
    for (emptied, file) in [("county.db", "county.db"), ("county.json", "county.json")] {
        File::create(county.join(emptied)).unwrap();
        let said = refused(&["--listen", "127.0.0.1:0"]);
        assert!(said.contains("county_damaged"), "{said}");
        assert!(said.contains(&name), "{said}");
        assert!(
            said.contains(&format!("the county's {file} is damaged")),
            "{said}"
        );
        if emptied == "county.db" {
            assert_eq!(std::fs::metadata(county.join(file)).unwrap().len(), 0);
        }
    }
}

#[test]
fn a_failure_is_told_by_code_and_sentence() {
    let folder = Folder::with_county();
    let failed = folder.by("M01", &["people", "revoke", "C99"]);
    assert_eq!(failed.code(), "no_such_person");
    assert_eq!(failed.told["error"]["about"], "C99");
    assert_eq!(failed.told["error"]["says"], "nobody has this id or key");
    let failed = folder.program(&["admin", "audit", "list"]);
    assert_eq!(
        String::from_utf8(failed.stderr).unwrap(),
        "saddlebag-sync-server: as_missing: --as\n  say who does it: `--as`\n"
    );
}
