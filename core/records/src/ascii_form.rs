//! The plain ASCII form of characters that keyboards of the county produce for the same digit or letter.

/// A full-width form (U+FF01 to U+FF5E) or the ideographic space as its ASCII character; any other
/// character unchanged.
///
/// Spelt out rather than taken from NFKC, so that ids and hashes derived from the result can never
/// change with a newer edition of the Unicode tables.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => shifted(c, '\u{FF01}', '!'),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// `narrow`, and Arabic-Indic (U+0660) and Extended Arabic-Indic (U+06F0) digits as ASCII digits.
pub fn narrow_with_arabic_digits(c: char) -> char {
    match c {
        '\u{0660}'..='\u{0669}' => shifted(c, '\u{0660}', '0'),
        '\u{06F0}'..='\u{06F9}' => shifted(c, '\u{06F0}', '0'),
        _ => narrow(c),
    }
}

/// Zero-width characters, direction marks and the soft hyphen: they come along with text that was copied
/// from a right-to-left screen, and nobody sees them.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{061C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
    )
}

/// Hyphens, dashes and the minus sign, after [`narrow`].
pub(crate) fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{2E3A}' | '\u{2E3B}'
    )
}

fn shifted(c: char, from: char, to: char) -> char {
    let offset = u32::from(c).saturating_sub(u32::from(from));
    char::from_u32(u32::from(to) + offset).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_of_every_keyboard_are_ascii_digits() {
        let typed = "０１２３４５６７８９ ٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹";
        let plain: String = typed.chars().map(narrow_with_arabic_digits).collect();
        assert_eq!(plain, "0123456789 0123456789 0123456789");
    }

    #[test]
    fn full_width_letters_and_signs_are_ascii() {
        let plain: String = "ＡＺａｚ－．！～\u{3000}".chars().map(narrow).collect();
        assert_eq!(plain, "AZaz-.!~ ");
        assert_eq!(narrow('٣'), '٣');
        assert_eq!(narrow('张'), '张');
    }
}
