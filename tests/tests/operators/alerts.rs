use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use crate::{binary, text};

/// What a server that nobody has spoken to yet gives: the values of each label, by the names of its samples.
type Given = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// A counter that came with its first error would show no increase by it, so all are there from the start.
#[test]
fn whatever_the_alerts_look_at_is_there_before_anything_happened() {
    let given = given();
    let mut looked_at = 0;
    for (name, labels) in selected(&text("sync-server/deploy/alerts.yml")) {
        let values = given.get(&name).unwrap_or_else(|| panic!("no {name}"));
        for (label, wanted) in labels {
            assert!(values[&label].contains(&wanted), "{name} with {label}={wanted}");
        }
        looked_at += 1;
    }
    assert!(looked_at >= 7, "{looked_at} metrics are looked at");
}

/// What the page says that there is to see is what there is, no less and no more.
#[test]
fn the_page_has_every_metric_and_no_other() {
    let page = text("docs/operations.md");
    let told: BTreeSet<String> = page
        .lines()
        .filter(|line| line.starts_with("| `saddlebag_"))
        .flat_map(|line| {
            line.split('`')
                .skip(1)
                .step_by(2)
                .take_while(|name| name.starts_with("saddlebag_"))
        })
        .map(str::to_owned)
        .collect();
    let given: BTreeSet<String> = given()
        .into_keys()
        .map(|name| {
            let parts = ["_bucket", "_sum", "_count"];
            let whole = parts.iter().find_map(|part| name.strip_suffix(part));
            whole.unwrap_or(&name).to_owned()
        })
        .collect();
    assert_eq!(told, given);
}

fn given() -> Given {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("county");
    let made = Command::new(binary("saddlebag-sync-server"))
        .args([
            "admin",
            "county",
            "create",
            "--name",
            "Habahe",
            "--admin",
            "M",
            "--admin-key",
            "M01",
        ])
        .arg("--data")
        .arg(&data)
        .arg("--keys-out")
        .arg(dir.path().join("keys"))
        .stdout(Stdio::null())
        .status();
    assert!(made.unwrap().success());
    let mut serving = Command::new(binary("saddlebag-sync-server"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(serving.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let mut asking = TcpStream::connect(line.trim().rsplit('/').next().unwrap()).unwrap();
    asking
        .write_all(b"GET /metrics HTTP/1.1\r\nHost: county\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut page = String::new();
    asking.read_to_string(&mut page).unwrap();
    serving.kill().unwrap();
    serving.wait().unwrap();
    let mut given = Given::new();
    for (name, labels) in page
        .lines()
        .filter(|line| line.starts_with("saddlebag_"))
        .map(sample)
    {
        let values = given.entry(name).or_default();
        for (label, value) in labels {
            values.entry(label).or_default().insert(value);
        }
    }
    given
}

/// The metrics that expressions select, with each value that they want of a label.
fn selected(alerts: &str) -> Vec<(String, Vec<(String, String)>)> {
    let expressions = alerts
        .lines()
        .filter_map(|line| line.trim().strip_prefix("expr: "));
    let mut selected = Vec::new();
    for expression in expressions {
        for (at, _) in expression.match_indices("saddlebag_") {
            let (name, labels) = sample(&expression[at..]);
            let each = labels.into_iter().flat_map(|(label, values)| {
                let values: Vec<_> = values.split('|').map(str::to_owned).collect();
                values.into_iter().map(move |value| (label.clone(), value))
            });
            selected.push((name, each.collect()));
        }
    }
    selected
}

/// A name, and the labels in the braces behind it.
fn sample(text: &str) -> (String, Vec<(String, String)>) {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let braces = rest.strip_prefix('{').and_then(|rest| rest.split('}').next());
    let labels = braces.unwrap_or_default().split_terminator(',').map(|label| {
        let (label, value) = label.split_once('=').unwrap();
        (
            label.to_owned(),
            value.trim_start_matches('~').trim_matches('"').to_owned(),
        )
    });
    (name.to_owned(), labels.collect())
}
