//! Folding text for search, alike on phone and server: one Chinese character, two pinyin initials of any
//! reading, four digits of a phone's tail, any part of a waybill, or a Kazakh name in Arabic script.
//!
//! A text becomes tokens of letters and digits, each class with a letter of its own in front, so that FTS5
//! needs no more than its `ascii` tokenizer:
//!
//! | class | token | found by |
//! |---|---|---|
//! | `c` | each Chinese character, each two in a row | the same |
//! | `p` | initials of two characters in a row, all readings; of the last one alone | two exact, one as prefix |
//! | `p` | an initial that three or more characters in a row share, so many times | the same, typed so many times |
//! | `d` | each four letters or digits in a row, dashes left out; the last three | four exact, three as prefix |
//! | `l` | the first two letters or digits of a word | one or two that a word begins with |
//! | `a` | a word in Arabic script, folded | its beginning |
//! | `o` | a word in any other script | its beginning |
//!
//! Exact tokens rather than prefixes where much is searched: FTS5 reads an exact token's list as far as the
//! screen needs it, but merges all lists of a prefix first.

mod query;
mod runs;

use std::collections::BTreeSet;

use pinyin::ToPinyinMulti;
pub use query::{Query, Term, fts_query};
use runs::{Run, Script};
use unicode_normalization::UnicodeNormalization;

/// How many letters or digits in a row make a `d` token.
const GRAM: usize = 4;

/// How often in a row an initial is shared before pairs say too little of it.
const REPEATED: usize = 3;

/// How much of a word in Arabic or another script is kept, in characters.
const MAX_WORD: usize = 32;

/// The tokens under which a text is found. Several texts of one record are joined by adding up their tokens.
pub fn tokens_for_index(text: &str) -> BTreeSet<String> {
    let mut tokens = BTreeSet::new();
    for Run { script, text } in runs::of(text) {
        match script {
            Script::Han => {
                tokens.extend(text.iter().map(|c| format!("c{c}")));
                tokens.extend(pairs(&text).map(|[a, b]| format!("c{a}{b}")));
                initials(&text, &mut tokens);
            }
            Script::Ascii => {
                tokens.extend(grams(&text));
                tokens.insert(token('d', tail(&text, GRAM - 1)));
                tokens.insert(token('l', text.iter().take(2)));
            }
            Script::Arabic => {
                tokens.insert(token('a', text.iter().take(MAX_WORD)));
            }
            Script::Other => {
                tokens.insert(token('o', text.iter().take(MAX_WORD)));
            }
        }
    }
    tokens
}

/// Every pair of initials, which a character with k readings multiplies by k at most: of the 41,923 characters
/// that have a reading none has more than 7 initials, and 86 % have one.
fn initials(text: &[char], tokens: &mut BTreeSet<String>) {
    let readings: Vec<BTreeSet<char>> = text.iter().map(|c| initials_of(*c)).collect();
    for [first, second] in pairs(&readings) {
        tokens.extend(
            first
                .iter()
                .flat_map(|a| second.iter().map(move |b| format!("p{a}{b}"))),
        );
    }
    tokens.extend(
        readings
            .last()
            .into_iter()
            .flatten()
            .map(|initial| format!("p{initial}")),
    );
    // Pairs alone would find `zzzz` wherever `zz` is.
    let shared: BTreeSet<char> = readings.iter().flatten().copied().collect();
    for initial in shared {
        let mut in_a_row = 0;
        for reading in &readings {
            in_a_row = if reading.contains(&initial) {
                in_a_row + 1
            } else {
                0
            };
            if (REPEATED..=MAX_WORD).contains(&in_a_row) {
                tokens.insert(repeated(initial, in_a_row));
            }
        }
    }
}

fn repeated(initial: char, times: usize) -> String {
    std::iter::once('p')
        .chain(std::iter::repeat_n(initial, times))
        .collect()
}

fn initials_of(c: char) -> BTreeSet<char> {
    let readings = c.to_pinyin_multi().into_iter().flatten();
    // The one initial outside a to z is the ê of 欸.
    readings
        .filter_map(|reading| reading.plain().nfd().next())
        .filter(char::is_ascii_lowercase)
        .collect()
}

fn grams(text: &[char]) -> impl Iterator<Item = String> {
    text.windows(GRAM).map(|gram| token('d', gram))
}

fn pairs<T>(items: &[T]) -> impl Iterator<Item = [&T; 2]> {
    items.iter().zip(items.iter().skip(1)).map(|(a, b)| [a, b])
}

fn tail(text: &[char], length: usize) -> &[char] {
    text.get(text.len().saturating_sub(length)..).unwrap_or_default()
}

fn token<'a>(class: char, letters: impl IntoIterator<Item = &'a char>) -> String {
    std::iter::once(class)
        .chain(letters.into_iter().copied())
        .collect()
}

#[cfg(test)]
mod tests;
