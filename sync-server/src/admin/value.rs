//! Values as an operator writes them, in a cell or in an argument. What is wrong is told by a stable code.

use jiff::Timestamp;
use saddlebag_records::codes::CodeList;
use saddlebag_records::position::Position;

/// Why a word, or a row of them, is not what it should be, beyond the codes of waybill numbers and pickup codes.
/// `docs/operations.md` explains each.
pub const CODES: &[&str] = &[
    "missing",
    "row_length",
    TWICE,
    "too_long",
    "control_character",
    "no_such_code",
    "bad_number",
    "out_of_range",
    "bad_degrees",
    "bad_time",
    "bad_phone",
    "bad_key",
    "bad_yes",
    "bad_language",
    "household_and_name",
    "waybill_check_digit",
    "forgotten",
];

/// The row's record is that of an earlier row.
pub(super) const TWICE: &str = "twice_in_file";

/// The longest key, in characters.
const MAX_KEY: usize = 40;
const MAX_PHONE: usize = 20;

/// A text of at most so many characters, without control characters.
pub fn text(word: &str, most: usize) -> Result<String, &'static str> {
    if word.chars().any(char::is_control) {
        return Err("control_character");
    }
    (word.chars().count() <= most)
        .then(|| word.to_owned())
        .ok_or("too_long")
}

/// A number of a code list that may still be chosen, by its name.
pub fn code(word: &str, list: &str) -> Result<u16, &'static str> {
    let list = CodeList::get(list).ok_or("no_such_code")?;
    list.code(word)
        .filter(|code| list.is_offered(*code))
        .ok_or("no_such_code")
}

/// A number from 0 to `most`.
pub fn number(word: &str, most: i64) -> Result<i64, &'static str> {
    let digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = digits.then(|| word.parse().ok()).flatten().ok_or("bad_number")?;
    (number <= most).then_some(number).ok_or("out_of_range")
}

/// Fen: 0 to 10,000,000.
pub fn fen(word: &str) -> Result<i64, &'static str> {
    number(word, saddlebag_records::plan::schema::MAX_FEN)
}

/// Degrees with at most seven decimals, as 1e-7 degrees, from -`limit` to `limit` degrees.
pub fn degrees(word: &str, limit: i32) -> Result<i32, &'static str> {
    let (sign, word) = word.strip_prefix('-').map_or((1, word), |rest| (-1, rest));
    let (whole, part) = word.split_once('.').unwrap_or((word, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || part.len() > 7 || !are_digits(whole) || !are_digits(part) {
        return Err("bad_degrees");
    }
    let e7: i64 = format!("{whole}{part:0<7}").parse().map_err(|_| "bad_degrees")?;
    let inside = e7 <= i64::from(limit) * 10_000_000;
    inside
        .then(|| i32::try_from(sign * e7).ok())
        .flatten()
        .ok_or("out_of_range")
}

/// 1e-7 degrees as degrees, with all seven decimals.
pub fn shown_degrees(e7: i32) -> String {
    let sign = if e7 < 0 { "-" } else { "" };
    let e7 = e7.unsigned_abs();
    format!("{sign}{}.{:07}", e7 / 10_000_000, e7 % 10_000_000)
}

/// A position as `plan set` takes it: latitude and longitude in degrees.
pub fn shown_position(position: Position) -> String {
    format!(
        "{},{}",
        shown_degrees(position.lat_e7),
        shown_degrees(position.lon_e7)
    )
}

/// A time of RFC 3339, whose seconds may be left out, as UTC milliseconds.
pub fn time_ms(word: &str) -> Result<i64, &'static str> {
    word.parse::<Timestamp>()
        .map(Timestamp::as_millisecond)
        .map_err(|_| "bad_time")
}

/// A time in Beijing, to be read.
pub fn shown_time(ms: i64) -> String {
    let beijing = jiff::tz::Offset::constant(8);
    let time = Timestamp::from_millisecond(ms).map(|time| time.display_with_offset(beijing).to_string());
    time.unwrap_or_else(|_| ms.to_string())
}

/// A phone number: 3 to 20 digits, `+`, `-` and spaces.
pub fn phone(word: &str) -> Result<String, &'static str> {
    let known = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ');
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let good = digits >= 3 && word.len() <= MAX_PHONE && word.chars().all(known);
    good.then(|| word.to_owned()).ok_or("bad_phone")
}

/// What stands for a record in files until it has an id: 1 to 40 letters, digits, `-` and `_`.
pub fn key(word: &str) -> Result<&str, &'static str> {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let good = (1..=MAX_KEY).contains(&word.len()) && word.chars().all(known);
    good.then_some(word).ok_or("bad_key")
}

/// `yes`; what is empty means no.
pub fn yes(word: &str) -> Result<(), &'static str> {
    (word == "yes").then_some(()).ok_or("bad_yes")
}

/// A language of the app, by its tag, such as `kk-Arab`.
pub fn language(word: &str) -> Result<String, &'static str> {
    let tags = CodeList::get("language").into_iter().flat_map(CodeList::entries);
    let known = tags
        .filter_map(|language| language.text("tag"))
        .any(|tag| tag == word);
    known.then(|| word.to_owned()).ok_or("bad_language")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_exact() {
        assert_eq!(degrees("48.0584100", 90), Ok(480_584_100));
        assert_eq!(degrees("-0.0000001", 90), Ok(-1));
        assert_eq!(degrees("90", 90), Ok(900_000_000));
        assert_eq!(degrees("90.0000001", 90), Err("out_of_range"));
        for bad in [
            "",
            "-",
            ".5",
            "4 8",
            "48,5",
            "1e2",
            "48.12345678",
            "--1",
            "+1",
            "1111",
        ] {
            assert_eq!(degrees(bad, 180), Err("bad_degrees"), "{bad}");
        }
    }

    #[test]
    fn times_name_their_zone_and_need_no_seconds() {
        assert_eq!(time_ms("2026-06-01T04:00+08:00"), Ok(1_780_257_600_000));
        assert_eq!(time_ms("2026-05-31T20:00:00.5Z"), Ok(1_780_257_600_500));
        for bad in [
            "",
            "2026-06-01",
            "2026-06-01T04:00",
            "2026-02-30T04:00Z",
            "1780257600000",
        ] {
            assert_eq!(time_ms(bad), Err("bad_time"), "{bad}");
        }
        assert_eq!(shown_time(1_780_257_600_000), "2026-06-01T04:00:00+08:00");
    }

    #[test]
    fn words_are_what_they_should_be_or_a_code_says_why() {
        assert_eq!(number("0042", 42), Ok(42));
        assert_eq!(number("43", 42), Err("out_of_range"));
        assert_eq!(number("-1", 42), Err("bad_number"));
        assert_eq!(number("99999999999999999999", 42), Err("bad_number"));
        assert_eq!(fen("10000001"), Err("out_of_range"));
        assert_eq!(text("two\nlines", 40), Err("control_character"));
        assert_eq!(text("قازان", 4), Err("too_long"));
        assert_eq!(code("station", "place_kind"), Ok(1));
        assert_eq!(code("palace", "place_kind"), Err("no_such_code"));
        assert_eq!(phone("124-3307 1624").as_deref(), Ok("124-3307 1624"));
        assert_eq!(phone("call me"), Err("bad_phone"));
        assert_eq!(key("H0001-summer"), Ok("H0001-summer"));
        assert_eq!(key("a key"), Err("bad_key"));
        assert_eq!(yes("no"), Err("bad_yes"));
        assert_eq!(language("kk-Arab").as_deref(), Ok("kk-Arab"));
        assert_eq!(language("kk"), Err("bad_language"));
    }
}
