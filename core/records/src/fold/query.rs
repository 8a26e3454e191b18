//! What somebody searches for, as terms over the tokens of an index.

use std::collections::BTreeSet;

use super::runs::{self, Run, Script};
use super::{GRAM, MAX_WORD, REPEATED, grams, pairs, repeated, token};

/// How much of a query is read, in characters.
const MAX_QUERY: usize = 64;

/// A token to look up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The token, or its beginning.
    pub token: String,
    /// Whether every token that begins so will do.
    pub prefix: bool,
}

/// One way to read a word: all of these must be there.
type Reading = BTreeSet<Term>;

/// A search: every word of it must be found, in one of its readings. `zs` is two pinyin initials, or the
/// beginning of a Latin word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    words: Vec<Vec<Reading>>,
}

impl Query {
    /// Reads what was typed, its first 64 characters. None where there is nothing to look for.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed: String = typed.chars().take(MAX_QUERY).collect();
        let words: Vec<_> = runs::of(&typed).iter().map(readings).collect();
        (!words.is_empty()).then_some(Self { words })
    }

    /// The words, the readings of each, the terms of each reading: all of any of all.
    pub fn words(&self) -> &[Vec<BTreeSet<Term>>] {
        &self.words
    }

    /// Whether a text with these tokens is found.
    pub fn matches(&self, tokens: &BTreeSet<String>) -> bool {
        let there = |term: &Term| {
            let first = tokens.range(term.token.clone()..).next();
            first.is_some_and(|token| *token == term.token || (term.prefix && token.starts_with(&term.token)))
        };
        self.words
            .iter()
            .all(|readings| readings.iter().any(|reading| reading.iter().all(there)))
    }

    /// The same as an FTS5 MATCH expression over a column of space-joined tokens, indexed with
    /// `tokenize = 'ascii'`. It holds letters and digits in quotes, and FTS5's own operators, and nothing else
    /// that was typed.
    pub fn to_fts5(&self) -> String {
        let words = self.words.iter().map(|readings| {
            let readings = readings
                .iter()
                .map(|reading| together(reading.iter().map(term_to_fts5), " AND "));
            together(readings, " OR ")
        });
        together(words, " AND ")
    }
}

/// The FTS5 MATCH expression for what was typed. None where there is nothing to look for.
pub fn fts_query(typed: &str) -> Option<String> {
    Query::parse(typed).map(|query| query.to_fts5())
}

fn readings(run: &Run) -> Vec<Reading> {
    let text = run.text.as_slice();
    match run.script {
        Script::Han if text.len() == 1 => vec![exact([token('c', text)])],
        Script::Han => vec![exact(pairs(text).map(|pair| token('c', pair)))],
        Script::Ascii => {
            let literally = match text.len() {
                ..2 => prefix(token('l', text)),
                2 => exact([token('l', text)]),
                3 => prefix(token('d', text)),
                GRAM.. => exact(grams(text)),
            };
            let mut readings = vec![literally];
            if text.iter().all(char::is_ascii_lowercase) {
                readings.push(match text.len() {
                    ..2 => prefix(token('p', text)),
                    2.. => exact(pairs(text).map(|pair| token('p', pair)).chain(repeats(text))),
                });
            }
            readings
        }
        Script::Arabic => vec![prefix(token('a', text.iter().take(MAX_WORD)))],
        Script::Other => vec![prefix(token('o', text.iter().take(MAX_WORD)))],
    }
}

/// What the index has of initials that were typed several times in a row.
fn repeats(text: &[char]) -> impl Iterator<Item = String> {
    text.chunk_by(|a, b| a == b)
        .filter(|same| same.len() >= REPEATED)
        .filter_map(|same| Some(repeated(*same.first()?, same.len())))
}

fn exact(tokens: impl IntoIterator<Item = String>) -> Reading {
    tokens
        .into_iter()
        .map(|token| Term { token, prefix: false })
        .collect()
}

fn prefix(token: String) -> Reading {
    [Term { token, prefix: true }].into()
}

fn term_to_fts5(term: &Term) -> String {
    format!("\"{}\"{}", term.token, if term.prefix { "*" } else { "" })
}

fn together(parts: impl Iterator<Item = String>, operator: &str) -> String {
    let mut parts: Vec<String> = parts.collect();
    match parts.len() {
        1 => parts.remove(0),
        _ => format!("({})", parts.join(operator)),
    }
}
