//! A text in folded characters, cut into runs of one script.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::ascii_form::{is_dash, is_invisible, narrow_with_arabic_digits};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Han,
    /// Letters a to z and digits.
    Ascii,
    Arabic,
    Other,
}

/// Characters of one script without a space between them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) script: Script,
    pub(super) text: Vec<char>,
}

pub(super) fn of(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = None;
    for c in folded(text) {
        let Some(script) = script_of(c) else {
            open = open.filter(|script| joins(*script, c));
            continue;
        };
        match runs.last_mut() {
            Some(run) if open == Some(script) => run.text.push(c),
            _ => runs.push(Run {
                script,
                text: vec![c],
            }),
        }
        open = Some(script);
    }
    runs
}

/// Compatibility forms resolved, marks and invisible characters dropped, lower-cased, digits in ASCII, and
/// the letters of Arabic script that keyboards and habits exchange made one.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c) && !is_invisible(*c) && !is_silent(*c))
        .map(|c| one_of_its_kind(narrow_with_arabic_digits(c)))
        .flat_map(char::to_lowercase)
}

/// Hamza, the high hamza that softens a Kazakh word and is often left out, and tatweel.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{0621}' | '\u{0674}' | '\u{0640}')
}

fn one_of_its_kind(c: char) -> char {
    match c {
        'ى' | 'ی' => 'ي',
        'ک' | 'ڪ' => 'ك',
        'ه' | 'ة' | 'ھ' | 'ہ' | 'ۃ' => 'ە',
        'ٱ' => 'ا',
        _ => c,
    }
}

/// What stands inside a number or a name without parting it: dashes in a waybill, the dot in 阿依古丽·木拉提.
fn joins(script: Script, c: char) -> bool {
    match script {
        Script::Ascii => is_dash(c),
        Script::Han => matches!(c, '·' | '•' | '‧' | '・'),
        Script::Arabic | Script::Other => false,
    }
}

fn script_of(c: char) -> Option<Script> {
    match c {
        _ if !c.is_alphanumeric() => None,
        'a'..='z' | '0'..='9' => Some(Script::Ascii),
        '々' | '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}' => {
            Some(Script::Han)
        }
        '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{08A0}'..='\u{08FF}' => Some(Script::Arabic),
        _ => Some(Script::Other),
    }
}
