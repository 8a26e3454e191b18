use std::collections::BTreeSet;
use std::path::Path;

use saddlebag_records::retention::{What, rows};

use crate::support::Folder;

/// The name that a file of the data folder has in `retention.csv`.
fn name(path: &Path) -> String {
    let parts: Vec<&str> = path.iter().map(|part| part.to_str().unwrap()).collect();
    match parts[..] {
        ["counties", county, ..] if county.starts_with(".set-aside") => "set-aside".to_owned(),
        ["counties", _, "journal", file] => format!("journal/N.{}", file.split_once('.').unwrap().1),
        ["counties", _, "keys", ..] => "keys".to_owned(),
        ["counties", _, file] => file.trim_end_matches("-wal").trim_end_matches("-shm").to_owned(),
        [first, ..] => first.to_owned(),
        [] => String::new(),
    }
}

#[test]
fn every_file_says_how_long_it_is_kept() {
    let folder = Folder::with_county();
    folder.by("M01", &["tls", "create"]).done();
    let server = folder.serve();
    folder.admin(&["backup"]).done();
    let mut there: BTreeSet<String> = ["server-log".to_owned()].into();
    let mut folders = vec![folder.data()];
    while let Some(of) = folders.pop() {
        for entry in std::fs::read_dir(of).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => drop(there.insert(name(path.strip_prefix(folder.data()).unwrap()))),
            }
        }
    }
    drop(server);
    // What a restore leaves is told by name.
    there.insert(name(Path::new("counties/.set-aside-1/county.db")));
    // And so is an alarm.
    for alarm in ["damaged", "commits-missing"] {
        there.insert(name(Path::new("counties").join("1").join(alarm).as_path()));
    }
    let rows = rows().iter().filter(|row| row.what == What::File);
    let said: BTreeSet<String> = rows.map(|row| row.name.clone()).collect();
    assert_eq!(there, said, "core/records/rules/retention.csv has a row for each");
}
