//! Vehicle plates in a plain text: province, letter, and 5 or 6 letters and digits (GA 36).

use super::{MAX_SEPARATORS, is_separator};

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使";

/// What the last place of a plate can be instead of a letter or digit: trailer, driving school, police, Hong
/// Kong, Macao, test, oversize, embassy, consulate.
const LAST: &str = "挂学警港澳试超使领";

/// A plate has at most two letters besides the first, so that a word such as "Phone5" is none.
const MIN_DIGITS: usize = 3;

pub(super) fn has_plate(text: &[char]) -> bool {
    (0..text.len()).any(|start| text.get(start..).is_some_and(begins_with_plate))
}

fn begins_with_plate(text: &[char]) -> bool {
    let Some((province, rest)) = text.split_first() else {
        return false;
    };
    let Some((letter, serial)) = without_separators(rest).split_first() else {
        return false;
    };
    PROVINCES.contains(*province) && letter.is_ascii_uppercase() && begins_with_serial(serial)
}

/// Whether 5 or 6 letters and digits follow, in pieces perhaps, that end where a piece ends.
fn begins_with_serial(mut text: &[char]) -> bool {
    let (mut length, mut digits) = (0, 0);
    loop {
        text = without_separators(text);
        let piece: Vec<char> = text
            .iter()
            .copied()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if piece.is_empty() {
            return false;
        }
        length += piece.len();
        digits += piece.iter().filter(|c| c.is_ascii_digit()).count();
        text = text.get(piece.len()..).unwrap_or_default();
        let with_last = text.first().is_some_and(|c| LAST.contains(*c));
        let fits = (5..=6).contains(&length) || (with_last && (4..=5).contains(&length));
        if fits && digits >= MIN_DIGITS {
            return true;
        }
        if length > 6 {
            return false;
        }
    }
}

fn without_separators(text: &[char]) -> &[char] {
    let separators = text
        .iter()
        .take(MAX_SEPARATORS)
        .take_while(|c| is_separator(**c))
        .count();
    text.get(separators..).unwrap_or_default()
}
