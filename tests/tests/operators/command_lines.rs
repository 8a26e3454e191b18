use std::collections::BTreeMap;
use std::process::Command;

use crate::{binary, text};

const SERVER: &str = "saddlebag-sync-server";
const PHONE: &str = "saddlebag";
const PAGES: [&str; 2] = ["README.md", "docs/operations.md"];

/// Every verb and flag that the pages show, in blocks and in running text, is one that the program's own help knows.
#[test]
fn every_command_line_of_the_pages_is_one_that_the_programs_take() {
    let mut helps = Helps::default();
    let mut count = 0;
    for page in PAGES {
        for line in command_lines(&text(page)) {
            if let Err(wrong) = helps.check(&line) {
                panic!("{page}: `{}`: {wrong}", line.join(" "));
            }
            count += 1;
        }
    }
    assert!(count > 60, "only {count} command lines were found");
}

#[test]
fn what_no_program_takes_is_noticed() {
    let mut helps = Helps::default();
    let mut check = |line: &str| helps.check(&command_of(line).unwrap());
    assert!(check("admin device lost 17").is_ok());
    assert!(check("admin device found 17").is_err());
    assert!(check("admin backup --verify FILE --key KEY").is_ok());
    assert!(check("admin backup --check FILE").is_err());
    assert!(check("saddlebag-sync-server serve --everywhere").is_err());
    assert!(check("saddlebag --dir phone forget").is_err());
    assert!(command_of("systemctl stop saddlebag").is_none());
}

/// What `--help` says, by the words before it.
#[derive(Default)]
struct Helps(BTreeMap<Vec<String>, String>);

impl Helps {
    fn of(&mut self, verb: &[String]) -> &str {
        self.0.entry(verb.to_owned()).or_insert_with(|| {
            let (program, words) = verb.split_first().unwrap();
            let said = Command::new(binary(program)).args(words).arg("--help").output();
            String::from_utf8(said.unwrap().stdout).unwrap()
        })
    }

    fn check(&mut self, line: &[String]) -> Result<(), String> {
        let (mut verb, mut rest) = (vec![line[0].clone()], line[1..].iter().peekable());
        while let Some(word) = rest.next() {
            let help = self.of(&verb);
            if word.starts_with("--") {
                if !help.split_whitespace().any(|known| known == word) {
                    return Err(format!("`{}` has no `{word}`", verb.join(" ")));
                }
                // Its value is the next word, but for one that is left out in running text.
                if help.contains(&format!("{word} <")) {
                    rest.next_if(|next| !next.starts_with('-'));
                }
            } else if verbs_of(help).contains(word) {
                verb.push(word.clone());
            } else if !verbs_of(help).is_empty() && !is_placeholder(word) {
                return Err(format!("`{word}` is no verb of `{}`", verb.join(" ")));
            }
        }
        Ok(())
    }
}

/// A word that stands for others, such as `NUMBER`.
fn is_placeholder(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_uppercase() || c == '.')
}

/// The verbs that a help lists.
fn verbs_of(help: &str) -> Vec<String> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    list.take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

/// The command lines of a page: those of its blocks, and those between backticks in its text.
fn command_lines(page: &str) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    let mut in_block = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            lines.extend(command_of(line));
        } else {
            let spans = line.split('`').skip(1).step_by(2);
            lines.extend(spans.filter(|span| span.contains(' ')).filter_map(command_of));
        }
    }
    lines
}

/// The words of a line that calls one of the two programs, variables before it and a remark behind it left out.
fn command_of(line: &str) -> Option<Vec<String>> {
    let line = line.split(" #").next().unwrap_or_default();
    let line = line.trim_start();
    let line = line.strip_prefix("sudo -u saddlebag ").unwrap_or(line);
    if line.starts_with("admin()") {
        return None;
    }
    let mut words = line
        .split_whitespace()
        .skip_while(|word| word.contains('='))
        .take_while(|word| !["|", ">", "&&", "&"].contains(word))
        .map(|word| word.trim_matches(['"', '(', ')', '[', ']', '…']).to_owned())
        .filter(|word| !word.is_empty())
        .peekable();
    let first = words.next()?;
    let begins = match first.as_str() {
        SERVER | PHONE => {
            // `saddlebag delivers` is no command line: one goes on with a verb or a flag.
            words.peek()?;
            vec![first]
        }
        "admin" | "serve" => vec![SERVER.to_owned(), first],
        _ => return None,
    };
    Some(begins.into_iter().chain(words).collect())
}
