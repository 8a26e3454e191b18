use super::*;
use crate::admin::value;

const MUST: &[&str] = &["key", "name"];
const MAY: &[&str] = &["capacity"];

fn read(text: &str) -> Result<Sheet, AdminError> {
    CsvFile::from_bytes(text.into()).read(MUST, MAY)
}

fn rows(text: &str) -> (Vec<(u64, String)>, Vec<RefusedRow>) {
    read(text).unwrap().parse(|row| {
        row.read("capacity", |cell| value::number(cell, 100))?;
        row.need("key", |cell| value::key(cell)).map(str::to_owned)
    })
}

fn refused(line: u64, column: Option<&str>, code: &str) -> RefusedRow {
    RefusedRow {
        line,
        column: column.map(str::to_owned),
        code: code.to_owned(),
    }
}

#[test]
fn good_rows_go_in_and_bad_ones_are_told_by_line_and_code() {
    let (good, bad) =
        rows("\u{feff}name,key,capacity\n甲,a,1\n乙,,2\n\"two\nlines\",b,\n丙\n丁,c,101\n戊, d ,\n");
    let lines: Vec<_> = good.iter().map(|(line, key)| (*line, key.as_str())).collect();
    assert_eq!(lines, [(2, "a"), (4, "b"), (8, "d")]);
    assert_eq!(
        bad,
        [
            refused(3, Some("key"), "missing"),
            refused(6, None, "row_length"),
            refused(7, Some("capacity"), "out_of_range"),
        ]
    );
}

#[test]
fn a_file_whose_columns_are_not_the_right_ones_is_refused_whole() {
    let code = |text: &str| read(text).unwrap_err();
    assert_eq!(code("key,capacity\n"), AdminError::new("csv_columns", "name"));
    assert_eq!(
        code("key,name,colour\n"),
        AdminError::new("csv_columns", "colour")
    );
    assert_eq!(code("key,name,name\n"), AdminError::new("csv_columns", "name"));
    assert_eq!(code(""), AdminError::new("csv_columns", "key"));
}

#[test]
fn a_file_that_is_not_utf8_is_refused() {
    let gbk = b"key,name\na,\xb9\xfe\xb0\xcd\xba\xd3\n".to_vec();
    assert_eq!(
        CsvFile::from_bytes(gbk).read(MUST, MAY).unwrap_err().code,
        "csv_not_utf8"
    );
}

#[test]
fn every_code_of_a_cell_is_listed() {
    for code in ["missing", "row_length", "out_of_range"] {
        assert!(value::CODES.contains(&code));
    }
}

#[test]
fn a_row_is_on_the_line_that_an_editor_shows_whatever_ends_the_lines() {
    for end in ["\n", "\r\n"] {
        let text = ["key,name", "a,甲", "", "b,\"two", "lines\"", "c,丙", ""].join(end);
        let (good, _) = rows(&text);
        let lines: Vec<_> = good.iter().map(|(line, key)| (*line, key.as_str())).collect();
        assert_eq!(lines, [(2, "a"), (4, "b"), (6, "c")], "{end:?}");
    }
}
