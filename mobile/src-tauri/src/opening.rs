//! What another program of the phone opens: a call, a message, a map. The webview names a record; what is opened is
//! put together or checked here, and a number never enters the webview for it.

use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

use crate::error::{Answer, Refusal};

/// Beginnings of links that show a point in a map app, and do nothing else.
const MAPS: [&str; 3] = ["geo:", "androidamap://viewMap?", "baidumap://map/marker?"];

/// Opens the phone's dialler with this number.
pub(crate) fn dial(app: &AppHandle, number: &str) -> Answer<()> {
    open(app, &format!("tel:{}", diallable(number)))
}

/// Opens a text message to this number, ready to be sent.
pub(crate) fn write_to(app: &AppHandle, number: &str, text: &str) -> Answer<()> {
    open(
        app,
        &format!("sms:{}?body={}", diallable(number), in_a_link(text)),
    )
}

/// Opens this link in a map app.
pub(crate) fn show_on_map(app: &AppHandle, link: &str) -> Answer<()> {
    if !MAPS.iter().any(|map| link.starts_with(map)) {
        return Err(Refusal::NO_PROGRAM);
    }
    open(app, link)
}

fn open(app: &AppHandle, link: &str) -> Answer<()> {
    app.opener()
        .open_url(link, None::<&str>)
        .map_err(|_| Refusal::NO_PROGRAM)
}

/// What a dialler takes of a number as people write it.
fn diallable(number: &str) -> String {
    number
        .chars()
        .filter(|c| c.is_ascii_digit() || matches!(c, '+' | '*'))
        .collect()
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
    use super::{diallable, in_a_link};

    #[test]
    fn a_number_is_dialled_without_what_people_write_between() {
        assert_eq!(diallable("+86 138-0999-0000"), "+8613809990000");
        assert_eq!(diallable("tel:110;ext=?x&y"), "110");
    }

    #[test]
    fn a_text_cannot_say_more_than_a_text_in_a_link() {
        assert_eq!(in_a_link("包裹&body=x"), "%E5%8C%85%E8%A3%B9%26body%3Dx");
    }
}
