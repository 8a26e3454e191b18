//! What the text of a tip may not hold: length, phone numbers, identity numbers and plates (PRODUCT.md,
//! privacy rule 3). Checked on the phone, which explains, and again by the server, which keeps nothing of what
//! it refuses.
//!
//! It errs on the side of refusing: a number put another way costs the reporter a moment, a kept one cannot
//! be taken back. It cannot stop somebody who spells a number out in order to pass.

mod numbers;
mod plates;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::ascii_form::{is_dash, is_invisible, narrow_with_arabic_digits};
use crate::fact::{Body, FactKind, field};
use crate::kind::RecordKind;

/// The longest text, in Unicode code points, which is at most 800 bytes. Code points rather than grapheme
/// clusters: a phone and a server of different ages, with different Unicode tables, count alike.
pub const MAX_CHARACTERS: usize = 200;

/// How many spaces, dashes and dots in a row still part one number rather than two.
const MAX_SEPARATORS: usize = 4;

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TipTextRefusal {
    /// More than 200 characters.
    #[error("the text of a tip has at most 200 characters")]
    TooLong,
    /// What looks like the number of an identity card: 18 or 15 digits.
    #[error("the text of a tip holds no identity number")]
    IdentityNumber,
    /// What looks like the plate of a vehicle.
    #[error("the text of a tip holds no plate")]
    Plate,
    /// What looks like a mobile, landline or service number, or one of another country after a plus sign.
    #[error("the text of a tip holds no phone number")]
    PhoneNumber,
}

impl TipTextRefusal {
    /// Every code.
    pub const CODES: [&str; 4] = [
        Self::TooLong.code(),
        Self::IdentityNumber.code(),
        Self::Plate.code(),
        Self::PhoneNumber.code(),
    ];

    /// The stable code of this refusal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "tip_text_too_long",
            Self::IdentityNumber => "tip_text_identity_number",
            Self::Plate => "tip_text_plate",
            Self::PhoneNumber => "tip_text_phone_number",
        }
    }
}

/// Checks the words of a fact: a reporter's hold no number that leads to a person, and no more do those of a case, which
/// everybody may read (PRODUCT.md, privacy rules 3 and 5). Of other records nothing is refused.
///
/// # Errors
///
/// As of [`check`]; of a case as of [`check_numbers`].
pub fn check_words(kind: FactKind, body: &Body) -> Result<(), TipTextRefusal> {
    match kind.record() {
        Some(RecordKind::Tip) => body.text(field::TEXT).map_or(Ok(()), check),
        Some(RecordKind::Case) => [field::TEXT, field::ANSWER, field::BODY, field::NOTE]
            .into_iter()
            .filter_map(|key| body.text(key))
            .try_for_each(check_numbers),
        _ => Ok(()),
    }
}

/// Checks the text of a tip.
///
/// # Errors
///
/// The first reason to refuse it; an identity number, which can look like a phone number too, is named first.
pub fn check(text: &str) -> Result<(), TipTextRefusal> {
    if text.chars().nth(MAX_CHARACTERS).is_some() {
        return Err(TipTextRefusal::TooLong);
    }
    check_numbers(text)
}

/// The same for a text of any length.
///
/// # Errors
///
/// As of [`check`], but never [`TipTextRefusal::TooLong`].
pub fn check_numbers(text: &str) -> Result<(), TipTextRefusal> {
    let plain = plain(text);
    if numbers::has_identity_number(&plain) {
        Err(TipTextRefusal::IdentityNumber)
    } else if plates::has_plate(&plain) {
        Err(TipTextRefusal::Plate)
    } else if numbers::has_phone_number(&plain) {
        Err(TipTextRefusal::PhoneNumber)
    } else {
        Ok(())
    }
}

/// The text in the plainest characters that say the same: full-width, circled, Arabic-Indic and Chinese
/// digits as ASCII, ASCII letters upper-cased, without marks and invisible characters.
fn plain(text: &str) -> Vec<char> {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c) && !is_invisible(*c))
        .map(|c| chinese_digit(narrow_with_arabic_digits(c)).to_ascii_uppercase())
        .collect()
}

fn chinese_digit(c: char) -> char {
    match c {
        '〇' | '零' | '○' => '0',
        '一' | '壹' | '幺' => '1',
        '二' | '贰' => '2',
        '三' | '叁' => '3',
        '四' | '肆' => '4',
        '五' | '伍' => '5',
        '六' | '陆' => '6',
        '七' | '柒' => '7',
        '八' | '捌' => '8',
        '九' | '玖' => '9',
        _ => c,
    }
}

/// What people put between the parts of one number.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || is_dash(c)
        || matches!(
            c,
            '.' | '。' | '·' | '•' | '‧' | '・' | '_' | '/' | '\\' | '|' | '~' | '*' | '(' | ')'
        )
        || matches!(c, ',' | '、' | '،' | '٫' | '٬' | '۔' | '[' | ']' | '【' | '】')
}

#[cfg(test)]
mod tests;
