use rusqlite::types::Value;

/// A row as it lies in a page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// Its number; none in an index, nor in a table without such numbers.
    pub(crate) rowid: Option<i64>,
    /// Its columns, in the order in which they lie there. The one that stands for the row's number is null.
    pub(crate) values: Vec<Value>,
}

/// The most columns that any table here comes near to.
const MAX_COLUMNS: usize = 100;

/// A number of SQLite's own form, and how many bytes it took.
pub(super) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut number = 0u64;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        if at == 8 {
            return Some((number << 8 | u64::from(*byte), 9));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, at + 1));
        }
    }
    None
}

/// The columns in the bytes of a row; none where they are none.
pub(super) fn columns(payload: &[u8]) -> Option<Vec<Value>> {
    let (header, at) = varint(payload)?;
    let header = usize::try_from(header).ok()?;
    let (mut kinds, mut body) = (payload.get(at..header)?, payload.get(header..)?);
    let mut values = Vec::new();
    while !kinds.is_empty() && values.len() < MAX_COLUMNS {
        let (kind, length) = varint(kinds)?;
        kinds = kinds.get(length..)?;
        let (value, rest) = column(kind, body)?;
        values.push(value);
        body = rest;
    }
    Some(values)
}

fn column(kind: u64, body: &[u8]) -> Option<(Value, &[u8])> {
    let bytes = |length: u64| body.split_at_checked(usize::try_from(length).ok()?);
    Some(match kind {
        0 => (Value::Null, body),
        1..=6 => {
            let length = match kind {
                5 => 6,
                6 => 8,
                length => length,
            };
            let (bytes, rest) = bytes(length)?;
            (Value::Integer(integer(bytes)), rest)
        }
        7 => {
            let (bytes, rest) = bytes(8)?;
            (Value::Real(f64::from_bits(integer(bytes).cast_unsigned())), rest)
        }
        8 => (Value::Integer(0), body),
        9 => (Value::Integer(1), body),
        10 | 11 => return None,
        blob if blob % 2 == 0 => {
            let (bytes, rest) = bytes((blob - 12) / 2)?;
            (Value::Blob(bytes.to_vec()), rest)
        }
        text => {
            let (bytes, rest) = bytes((text - 13) / 2)?;
            (Value::Text(String::from_utf8(bytes.to_vec()).ok()?), rest)
        }
    })
}

/// A signed integer of up to eight bytes, its highest first.
fn integer(bytes: &[u8]) -> i64 {
    let is_negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let begins = if is_negative { -1 } else { 0 };
    bytes
        .iter()
        .fold(begins, |number, byte| number << 8 | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use rusqlite::types::Value;

    use super::{columns, varint};

    #[test]
    fn numbers_take_up_to_nine_bytes() {
        assert_eq!(varint(&[0x7f, 1]), Some((0x7f, 1)));
        assert_eq!(varint(&[0x81, 0x00]), Some((0x80, 2)));
        assert_eq!(varint(&[0xff; 9]), Some((u64::MAX, 9)));
        assert_eq!(varint(&[0x80; 3]), None);
    }

    #[test]
    fn columns_are_read_by_their_kinds_and_what_is_cut_is_none() {
        let payload = [7, 0, 1, 9, 8, 16, 15, 0xfe, 1, 2, b'x'];
        let read = columns(&payload).unwrap();
        let expected = [
            Value::Null,
            Value::Integer(-2),
            Value::Integer(1),
            Value::Integer(0),
            Value::Blob(vec![1, 2]),
            Value::Text("x".to_owned()),
        ];
        assert_eq!(read, expected);
        for end in 0..payload.len() {
            assert_eq!(columns(&payload[..end]), None, "{end}");
        }
    }
}
