//! Phone and identity numbers in a plain text.

use super::{MAX_SEPARATORS, is_separator};

const MOBILE_DIGITS: usize = 11;

/// The first two digits of identity numbers: the provinces of GB/T 2260.
const PROVINCES: [u32; 34] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65, 71, 81, 82,
];

/// Digits without anything between them, the last perhaps the X of an identity number.
struct Run {
    digits: String,
    /// Follows the run before it with separators alone between them.
    joined: bool,
    after_plus: bool,
    /// The digits behind a decimal point.
    fraction: bool,
}

/// Runs that follow each other with separators alone between them, taken as one number.
struct Joined {
    digits: String,
    runs: usize,
    after_plus: bool,
    fraction: bool,
}

pub(super) fn has_phone_number(text: &[char]) -> bool {
    let runs = runs(text);
    let inside = |run: &Run| windows(&run.digits, MOBILE_DIGITS).any(is_mobile);
    runs.iter().any(inside) || joined(&runs).any(|number| is_phone(&number))
}

pub(super) fn has_identity_number(text: &[char]) -> bool {
    let runs = runs(text);
    let inside = |run: &Run| {
        [18, 15]
            .into_iter()
            .any(|length| windows(&run.digits, length).any(is_plausible_identity))
    };
    runs.iter().any(inside)
        || joined(&runs).any(|number| {
            // In one piece any number of that length is refused; in pieces it could be a row of lamp posts.
            is_identity_shaped(&number.digits) && (number.runs == 1 || is_plausible_identity(&number.digits))
        })
}

fn runs(text: &[char]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut between: Vec<char> = Vec::new();
    for (at, c) in text.iter().enumerate() {
        let joined = between.len() <= MAX_SEPARATORS && between.iter().all(|c| is_separator(*c));
        let ends_word = !text.get(at + 1).is_some_and(char::is_ascii_alphanumeric);
        let ends_identity = *c == 'X' && ends_word && joined && !runs.is_empty();
        if !c.is_ascii_digit() && !ends_identity {
            between.push(*c);
            continue;
        }
        match runs.last_mut() {
            Some(run) if between.is_empty() => run.digits.push(*c),
            _ => runs.push(Run {
                digits: c.to_string(),
                joined,
                after_plus: between.iter().rev().find(|c| !c.is_whitespace()) == Some(&'+'),
                fraction: between == ['.'],
            }),
        }
        between.clear();
    }
    runs
}

/// Every number that one run, or several joined ones, make up: up to 18 digits.
fn joined(runs: &[Run]) -> impl Iterator<Item = Joined> {
    (0..runs.len()).flat_map(|start| {
        let mut digits = String::new();
        let runs = runs.get(start..).unwrap_or_default();
        let first = runs.first();
        let after_plus = first.is_some_and(|run| run.after_plus);
        let fraction = first.is_some_and(|run| run.fraction);
        runs.iter()
            .enumerate()
            .take_while(|(at, run)| *at == 0 || run.joined)
            .map_while(move |(at, run)| {
                digits.push_str(&run.digits);
                (digits.len() <= 18).then(|| Joined {
                    digits: digits.clone(),
                    runs: at + 1,
                    after_plus,
                    fraction,
                })
            })
            .collect::<Vec<_>>()
    })
}

fn windows(digits: &str, length: usize) -> impl Iterator<Item = &str> {
    (0..=digits.len().saturating_sub(length)).filter_map(move |start| digits.get(start..start + length))
}

fn is_phone(number: &Joined) -> bool {
    let digits = number.digits.as_str();
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return false;
    }
    let bare = digits.strip_prefix("00").unwrap_or(digits);
    let abroad = number.after_plus && (8..=15).contains(&digits.len());
    let in_china = bare
        .strip_prefix("86")
        .is_some_and(|rest| is_mobile(rest) || is_landline(rest));
    let with_area = digits
        .strip_prefix('0')
        .is_some_and(|rest| is_mobile(rest) || is_landline(rest));
    let toll_free = digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"));
    // The county's own landlines have 7 digits and are given without their area code.
    let local =
        number.runs == 1 && digits.len() == 7 && !number.fraction && starts_with_any(digits, '2'..='8');
    abroad || in_china || with_area || is_mobile(digits) || toll_free || local
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == MOBILE_DIGITS
        && digits
            .strip_prefix('1')
            .is_some_and(|rest| starts_with_any(rest, '3'..='9'))
        && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// A landline with its area code, without the 0 before it: 10 and 2x with 8 digits, three digits with 7 or 8.
fn is_landline(digits: &str) -> bool {
    let short_area = digits.starts_with("10") || digits.starts_with('2');
    (short_area && digits.len() == 10)
        || (starts_with_any(digits, '3'..='9') && (digits.len() == 10 || digits.len() == 11))
}

fn starts_with_any(digits: &str, first: std::ops::RangeInclusive<char>) -> bool {
    digits.chars().next().is_some_and(|digit| first.contains(&digit))
}

/// 15 digits, or 17 and a digit or X.
fn is_identity_shaped(digits: &str) -> bool {
    let without_check = digits.strip_suffix('X').unwrap_or(digits);
    let length_fits = match digits.len() {
        15 => without_check.len() == 15,
        18 => true,
        _ => false,
    };
    length_fits && !digits.starts_with('0') && without_check.bytes().all(|digit| digit.is_ascii_digit())
}

/// Identity-shaped, with a province and a date of birth. The check digit is not looked at: a mistyped number
/// still says who is meant.
fn is_plausible_identity(digits: &str) -> bool {
    let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok());
    let birthday = match digits.len() {
        18 if !number(6..8).is_some_and(|century| (18..=20).contains(&century)) => return false,
        18 => 10,
        _ => 8,
    };
    is_identity_shaped(digits)
        && number(0..2).is_some_and(|province| PROVINCES.contains(&province))
        && number(birthday..birthday + 2).is_some_and(|month| (1..=12).contains(&month))
        && number(birthday + 2..birthday + 4).is_some_and(|day| (1..=31).contains(&day))
}
