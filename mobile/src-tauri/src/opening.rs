//! What another program of the phone opens: a call, a message, a map. For a call and a message the webview names a
//! record, and the number never enters it. For a map it hands back a link that a way came with, and only what does
//! nothing but show a point goes on from here.

use saddlebag_records::ascii_form::narrow_with_arabic_digits;
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

use crate::error::{Answer, Refusal};

/// Beginnings of links that show a point in a map app, and do nothing else.
const MAPS: [&str; 3] = ["geo:", "androidamap://viewMap?", "baidumap://map/marker?"];

/// Opens the phone's dialler with this number; false where there is nothing in it to dial.
pub(crate) fn dial(app: &AppHandle, number: &str) -> Answer<bool> {
    match diallable(number) {
        Some(number) => open(app, &format!("tel:{number}")).map(|()| true),
        None => Ok(false),
    }
}

/// Opens a text message to this number, ready to be sent; false where there is nothing in it to dial.
pub(crate) fn write_to(app: &AppHandle, number: &str, text: &str) -> Answer<bool> {
    match diallable(number) {
        Some(number) => open(app, &format!("sms:{number}?body={}", in_a_link(text))).map(|()| true),
        None => Ok(false),
    }
}

/// Opens this link in a map app.
pub(crate) fn show_on_map(app: &AppHandle, link: &str) -> Answer<()> {
    if !shows_a_point(link) {
        return Err(Refusal::NO_PROGRAM);
    }
    open(app, link)
}

/// Whether this is a link that shows a point in a map app: it begins as one, and goes on in what needs no escaping.
fn shows_a_point(link: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%&=,?".contains(&byte);
    let mut rests = MAPS.iter().filter_map(|map| link.strip_prefix(map));
    rests.any(|rest| rest.bytes().all(is_plain))
}

fn open(app: &AppHandle, link: &str) -> Answer<()> {
    app.opener()
        .open_url(link, None::<&str>)
        .map_err(|_| Refusal::NO_PROGRAM)
}

/// What a dialler takes of a number as people write it, on any of their keyboards; of two numbers the first, and none
/// where nothing is left.
fn diallable(number: &str) -> Option<String> {
    let narrow: String = number.chars().map(narrow_with_arabic_digits).collect();
    let mut numbers = narrow.split(['/', ',', ';', '、', '،', '؛']).map(|number| {
        let kept = number
            .chars()
            .filter(|c| c.is_ascii_digit() || matches!(c, '+' | '*'));
        kept.collect::<String>()
    });
    numbers.find(|number| number.contains(|c: char| c.is_ascii_digit()))
}

/// A text as a part of a link.
fn in_a_link(text: &str) -> String {
    let mut link = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            link.push(char::from(byte));
        } else {
            link.push_str(&format!("%{byte:02X}"));
        }
    }
    link
}

#[cfg(test)]
mod tests {
    use super::{diallable, in_a_link, shows_a_point};

    #[test]
    fn a_number_is_dialled_without_what_people_write_between() {
        assert_eq!(diallable("+86 138-0999-0000").unwrap(), "+8613809990000");
        assert_eq!(diallable("tel:110;ext=?x&y").unwrap(), "110");
        assert_eq!(diallable("１３８０９９９００００").unwrap(), "13809990000");
        assert_eq!(diallable("١٣٨٠٩٩٩٠٠٠٠").unwrap(), "13809990000");
        assert_eq!(diallable("۱۳۸۰۹۹۹۰۰۰۰").unwrap(), "13809990000");
    }

    #[test]
    fn of_two_numbers_the_first_is_dialled() {
        for both in [
            "13809990000/13909991111",
            "13809990000、13909991111",
            "，13809990000；139",
        ] {
            assert_eq!(diallable(both).unwrap(), "13809990000", "{both}");
        }
    }

    #[test]
    fn where_there_are_no_digits_nothing_is_dialled() {
        for nothing in ["", "+", "没有电话", "/"] {
            assert_eq!(diallable(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_map_is_opened_and_nothing_else() {
        for map in [
            "geo:48.060600,86.418600?q=48.060600,86.418600",
            "androidamap://viewMap?sourceApplication=saddlebag&poiname=%E5%BA%93&lat=48.06&lon=86.42&dev=0",
            "baidumap://map/marker?location=48.06,86.42&title=saddlebag&coord_type=gcj02",
        ] {
            assert!(shows_a_point(map), "{map}");
        }
        for other in [
            "",
            "https://example.org",
            "file:///etc/passwd",
            "tel:110",
            "androidamap://keywordNavi?keyword=x",
            "baidumap://map/direction?destination=x",
            "GEO:1,2",
            " geo:1,2",
            "geo:1,2\nfile:///",
            "geo:1,2 --profile",
            "geo:1,2;u=35#intent://x",
        ] {
            assert!(!shows_a_point(other), "{other}");
        }
    }

    #[test]
    fn a_text_cannot_say_more_than_a_text_in_a_link() {
        assert_eq!(in_a_link("包裹&body=x"), "%E5%8C%85%E8%A3%B9%26body%3Dx");
    }
}
