//! Masking names, phones and addresses (PRODUCT.md, privacy rule 12): for everyone but the holder of the
//! record's current task, and for them too wherever it is a list.
//!
//! A mask has a fixed width, so that it does not tell the length of what is hidden. Direction marks and
//! control characters are dropped: they would turn the text around the mask.

use unicode_segmentation::UnicodeSegmentation;

use crate::ascii_form::{is_invisible, narrow_with_arabic_digits};

const HIDDEN: &str = "**";
const HIDDEN_PHONE: &str = "****";

/// The shortest phone number, in digits, of which the last 4 are shown. Of a shorter one they would be most.
const MIN_PHONE_DIGITS: usize = 7;

/// How many grapheme clusters of an address are shown at most; never more than half of them.
const ADDRESS_SHOWN: usize = 6;

/// The high hamza of Kazakh, which softens a whole word and stands before its first letter.
const HIGH_HAMZA: &str = "\u{0674}";

/// A name: of each word the first grapheme cluster, `张**`, `阿**·木**`, `ا** ق**`. Words are parted by spaces
/// and middle dots. A word of one cluster is hidden whole. A leading high hamza (ٴ) is shown with the letter
/// after it.
pub fn name(name: &str) -> String {
    let mut masked = String::new();
    let mut word = String::new();
    for c in visible(name).trim().chars() {
        if c == ' ' || is_middle_dot(c) {
            mask_word(&word, &mut masked);
            word.clear();
            masked.push(c);
        } else {
            word.push(c);
        }
    }
    mask_word(&word, &mut masked);
    masked
}

/// A phone number: `****` and its last 4 digits, in ASCII; of fewer than 7 digits none.
pub fn phone(phone: &str) -> String {
    let digits: Vec<char> = phone
        .chars()
        .map(narrow_with_arabic_digits)
        .filter(char::is_ascii_digit)
        .collect();
    let shown = if digits.len() < MIN_PHONE_DIGITS { 0 } else { 4 };
    HIDDEN_PHONE
        .chars()
        .chain(digits.iter().skip(digits.len() - shown).copied())
        .collect()
}

/// An address: its first 6 grapheme clusters, which name the township or village, but never more than half of
/// it; where it has a letter of Arabic script, word by word like a [`name`]. No digit of it is shown.
pub fn address(address: &str) -> String {
    let undigited: String = visible(address)
        .chars()
        .map(|c| if c.is_numeric() { '*' } else { c })
        .collect();
    if undigited.chars().any(is_arabic) {
        return name(&undigited);
    }
    let clusters: Vec<&str> = undigited.trim().graphemes(true).collect();
    let shown = ADDRESS_SHOWN.min(clusters.len() / 2);
    clusters.into_iter().take(shown).chain([HIDDEN]).collect()
}

fn mask_word(word: &str, masked: &mut String) {
    let clusters: Vec<&str> = word.graphemes(true).collect();
    let shown = if clusters.first() == Some(&HIGH_HAMZA) {
        2
    } else {
        1
    };
    if clusters.len() > shown {
        masked.extend(clusters.iter().take(shown).copied());
    }
    if !clusters.is_empty() {
        masked.push_str(HIDDEN);
    }
}

fn visible(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    spaced.filter(|c| !(c.is_control() || is_invisible(*c))).collect()
}

fn is_middle_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '‧' | '・' | '･')
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{08A0}'..='\u{08FF}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn of_a_name_the_first_cluster_of_each_word_is_left() {
        for (whole, masked) in [
            ("张三", "张**"),
            ("欧阳娜娜", "欧**"),
            ("阿依古丽·木拉提", "阿**·木**"),
            ("张", "**"),
            ("", ""),
            ("  ", ""),
            ("گۇلنار قابدوللا", "گ** ق**"),
            ("ٴادىل", "ٴا**"),
            ("ٴا", "**"),
            ("Anna Lee", "A** L**"),
            ("e\u{301}cole", "e\u{301}**"),
            ("👩‍🌾👩‍🌾", "👩**"),
            ("\u{202E}abc\u{202C}", "a**"),
            ("张\n三", "** **"),
        ] {
            assert_eq!(name(whole), masked, "{whole:?}");
        }
    }

    #[test]
    fn of_a_phone_the_last_four_digits_are_left() {
        for (whole, masked) in [
            ("13812345678", "****5678"),
            ("+86 138-1234-5678", "****5678"),
            ("１３８１２３４５６７８", "****5678"),
            ("١٣٨١٢٣٤٥٦٧٨", "****5678"),
            ("6621234", "****1234"),
            ("662123", "****"),
            ("110", "****"),
            ("", "****"),
        ] {
            assert_eq!(phone(whole), masked, "{whole}");
        }
    }

    #[test]
    fn of_an_address_the_beginning_is_left_and_no_digit() {
        for (whole, masked) in [
            ("库勒拜镇喀拉巴斯村3组12号", "库勒拜镇喀拉**"),
            ("3组12号张三家", "*组****"),
            ("村口", "村**"),
            ("家", "**"),
            ("", "**"),
            ("قابا اۋدانى 12-ٷي", "ق** ا** ***"),
        ] {
            assert_eq!(address(whole), masked, "{whole}");
        }
    }

    proptest! {
        #[test]
        fn a_masked_name_shows_no_cluster_but_the_first_of_each_word(
            words in prop::collection::vec("[张三欧阳اقگۇٴabe\u{301}]{1,8}", 1..4),
        ) {
            let masked = name(&words.join(" "));
            let masked: Vec<&str> = masked.split(' ').collect();
            prop_assert_eq!(masked.len(), words.len());
            for (masked, word) in masked.iter().zip(&words) {
                let shown = masked.strip_suffix(HIDDEN).unwrap();
                let letters = shown.strip_prefix(HIGH_HAMZA).filter(|rest| !rest.is_empty()).unwrap_or(shown);
                prop_assert!(letters.graphemes(true).count() <= 1);
                prop_assert!(word.starts_with(shown) && shown.len() < word.len());
            }
        }

        #[test]
        fn a_masked_phone_shows_at_most_four_digits_and_nothing_else(phone in "\\PC{0,30}|[0-9٠-٩ ()+-]{0,20}") {
            let digits: String =
                phone.chars().map(narrow_with_arabic_digits).filter(char::is_ascii_digit).collect();
            let masked = super::phone(&phone);
            let tail = masked.strip_prefix(HIDDEN_PHONE).unwrap();
            prop_assert!(digits.ends_with(tail));
            prop_assert!(tail.is_empty() || (tail.len() == 4 && digits.len() >= MIN_PHONE_DIGITS));
        }

        #[test]
        fn a_masked_address_shows_at_most_half_and_six_clusters_and_no_digit(
            address in "\\PC{0,30}|[库勒拜镇村0-9٠-٩３号 a-z]{0,30}",
        ) {
            let address = address.replace(is_arabic, "路");
            let masked = super::address(&address);
            let shown = masked.strip_suffix(HIDDEN).unwrap();
            let clusters = shown.graphemes(true).count();
            prop_assert!(clusters <= ADDRESS_SHOWN && clusters * 2 <= address.graphemes(true).count());
            prop_assert!(!shown.chars().any(char::is_numeric));
        }

        #[test]
        fn an_address_in_arabic_script_shows_no_more_than_a_name(address in "[اقگۇ]{1,6}( [اقگۇ0-9٠-٩]{1,6}){0,4}") {
            for word in super::address(&address).split(' ') {
                let shown = word.strip_suffix(HIDDEN).unwrap();
                prop_assert!(shown.graphemes(true).count() <= 1 && !shown.chars().any(char::is_numeric));
            }
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC*|.*") {
            for masked in [name(&text), phone(&text), address(&text)] {
                prop_assert!(!masked.chars().any(|c| c.is_control() || is_invisible(c)));
            }
        }
    }
}
