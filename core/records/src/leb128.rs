//! LEB128 integers, in their shortest form alone. Plans write signed ones as Automerge does, packed facts zigzag.

/// Bytes that end too early or hold an integer that is not in its shortest form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// A reader over hostile bytes: it never looks past their end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn remaining(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn take(&mut self, count: u64) -> Result<&'a [u8], Malformed> {
        let count = usize::try_from(count).map_err(|_| Malformed)?;
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Malformed> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// An unsigned integer.
    pub(crate) fn uint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte > 1 {
                return Err(Malformed);
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return if byte == 0 && shift > 0 {
                    Err(Malformed)
                } else {
                    Ok(value)
                };
            }
        }
        Err(Malformed)
    }

    /// A signed integer.
    pub(crate) fn int(&mut self) -> Result<i64, Malformed> {
        let (mut value, mut before) = (0_i64, 0_u8);
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let negative = byte & 0x40 != 0;
                let overlong =
                    shift > 0 && (byte == 0 && before & 0x40 == 0 || byte == 0x7f && before & 0x40 != 0);
                if overlong || shift == 63 && byte != 0 && byte != 0x7f {
                    return Err(Malformed);
                }
                if negative && shift + 7 < 64 {
                    value |= -1 << (shift + 7);
                }
                return Ok(value);
            }
            before = byte;
        }
        Err(Malformed)
    }

    /// A signed integer, zigzag.
    pub(crate) fn zigzag(&mut self) -> Result<i64, Malformed> {
        let value = self.uint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// A length and that many bytes.
    pub(crate) fn bytes_with_length(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.uint()?;
        self.take(length)
    }
}

/// Appends an unsigned integer.
pub(crate) fn write_uint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a signed integer.
pub(crate) fn write_int(out: &mut Vec<u8>, mut value: i64) {
    while !(-64..64).contains(&value) {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8 & 0x7f);
}

/// Appends a signed integer, zigzag: 0, -1, 1, -2, ... are 0, 1, 2, 3, ....
pub(crate) fn write_zigzag(out: &mut Vec<u8>, value: i64) {
    write_uint(out, ((value << 1) ^ (value >> 63)) as u64);
}

/// Appends a length and that many bytes.
pub(crate) fn write_with_length(out: &mut Vec<u8>, bytes: &[u8]) {
    write_uint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(uint: u64, int: i64) {
            let mut out = Vec::new();
            write_uint(&mut out, uint);
            write_int(&mut out, int);
            write_zigzag(&mut out, int);
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.uint(), Ok(uint));
            prop_assert_eq!(reader.int(), Ok(int));
            prop_assert_eq!(reader.zigzag(), Ok(int));
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn an_integer_has_one_form(bytes in prop::collection::vec(any::<u8>(), 1..12)) {
            let mut reader = Reader::new(&bytes);
            if let Ok(value) = reader.uint() {
                let mut again = Vec::new();
                write_uint(&mut again, value);
                prop_assert_eq!(&again[..], &bytes[..bytes.len() - reader.remaining()]);
            }
            let mut reader = Reader::new(&bytes);
            if let Ok(value) = reader.int() {
                let mut again = Vec::new();
                write_int(&mut again, value);
                prop_assert_eq!(&again[..], &bytes[..bytes.len() - reader.remaining()]);
            }
        }
    }

    #[test]
    fn the_ends_of_the_range_are_read() {
        for value in [i64::MIN, i64::MIN + 1, -65, -64, -1, 0, 63, 64, i64::MAX] {
            let mut out = Vec::new();
            write_int(&mut out, value);
            write_zigzag(&mut out, value);
            let mut reader = Reader::new(&out);
            assert_eq!((reader.int(), reader.zigzag()), (Ok(value), Ok(value)));
        }
        let mut out = Vec::new();
        write_uint(&mut out, u64::MAX);
        assert_eq!(Reader::new(&out).uint(), Ok(u64::MAX));
    }
}
