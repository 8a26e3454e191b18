//! The values of one key, column by column.

use std::collections::HashMap;

use crate::leb128::{Malformed, Reader, write_int, write_uint};
use crate::plan::op::Scalar;

const FIRST_REFERENCE: u64 = 16;
const TAG_TEXT: u64 = 6;
const TAG_BYTES: u64 = 7;

/// Whether a later value of the lane may refer to this one: long enough to be worth it, short enough that a few
/// bytes on the wire cannot become many.
fn may_be_referred_to(data: &[u8]) -> bool {
    (4..=64).contains(&data.len())
}

pub(super) fn write(out: &mut Vec<u8>, values: &[Scalar<'_>]) {
    let mut seen: HashMap<(u64, &[u8]), u64> = HashMap::new();
    let [mut uints, mut ints, mut times, mut lengths, mut bytes] = [const { Vec::new() }; 5];
    let (mut last_int, mut last_time) = (0, 0);
    for value in values {
        let tag = match value {
            Scalar::Null => 0,
            Scalar::Bool(false) => 1,
            Scalar::Bool(true) => 2,
            Scalar::Uint(value) => {
                write_uint(&mut uints, *value);
                3
            }
            Scalar::Int(value) => {
                write_int(
                    &mut ints,
                    value.wrapping_sub(std::mem::replace(&mut last_int, *value)),
                );
                4
            }
            Scalar::F64(value) => {
                bytes.extend(value.to_le_bytes());
                5
            }
            Scalar::Str(text) => data(&mut seen, &mut lengths, &mut bytes, TAG_TEXT, text.as_bytes()),
            Scalar::Bytes(value) => data(&mut seen, &mut lengths, &mut bytes, TAG_BYTES, value),
            Scalar::Timestamp(value) => {
                write_int(
                    &mut times,
                    value.wrapping_sub(std::mem::replace(&mut last_time, *value)),
                );
                9
            }
        };
        write_uint(out, tag);
    }
    out.extend([uints, ints, times, lengths, bytes].concat());
}

/// Writes a text or a byte string, or refers to an equal one; returns its tag.
fn data<'a>(
    seen: &mut HashMap<(u64, &'a [u8]), u64>,
    lengths: &mut Vec<u8>,
    bytes: &mut Vec<u8>,
    tag: u64,
    data: &'a [u8],
) -> u64 {
    if let Some(number) = seen.get(&(tag, data)) {
        return FIRST_REFERENCE + number;
    }
    if may_be_referred_to(data) {
        seen.insert((tag, data), seen.len() as u64);
    }
    write_uint(lengths, data.len() as u64);
    bytes.extend(data);
    tag
}

/// Reads `count` values; each takes a byte at least, so `count` is bounded by what there is to read.
pub(super) fn read<'a>(from: &mut Reader<'a>, count: usize) -> Result<Vec<Scalar<'a>>, Malformed> {
    let tags = uints(from, count)?;
    let of = |tag: u64| tags.iter().filter(|other| **other == tag).count();
    let mut uint_values = uints(from, of(3))?.into_iter();
    let mut ints = sums(from, of(4))?.into_iter();
    let mut times = sums(from, of(9))?.into_iter();
    let mut lengths = uints(from, of(TAG_TEXT) + of(TAG_BYTES))?.into_iter();
    let mut seen: Vec<Scalar<'a>> = Vec::new();
    let mut values = Vec::with_capacity(tags.len());
    for tag in tags {
        values.push(match tag {
            0 => Scalar::Null,
            1 => Scalar::Bool(false),
            2 => Scalar::Bool(true),
            3 => Scalar::Uint(uint_values.next().ok_or(Malformed)?),
            4 => Scalar::Int(ints.next().ok_or(Malformed)?),
            5 => Scalar::F64(f64::from_le_bytes(from.array()?)),
            9 => Scalar::Timestamp(times.next().ok_or(Malformed)?),
            TAG_TEXT | TAG_BYTES => {
                let data = from.take(lengths.next().ok_or(Malformed)?)?;
                let value = match tag {
                    TAG_TEXT => Scalar::Str(std::str::from_utf8(data).map_err(|_| Malformed)?),
                    _ => Scalar::Bytes(data),
                };
                if may_be_referred_to(data) {
                    seen.push(value);
                }
                value
            }
            tag => {
                let number = tag
                    .checked_sub(FIRST_REFERENCE)
                    .and_then(|number| usize::try_from(number).ok());
                *number.and_then(|number| seen.get(number)).ok_or(Malformed)?
            }
        });
    }
    Ok(values)
}

/// A column of `count` unsigned integers.
pub(super) fn uints(from: &mut Reader<'_>, count: usize) -> Result<Vec<u64>, Malformed> {
    if count > from.remaining() {
        return Err(Malformed);
    }
    (0..count).map(|_| from.uint()).collect()
}

/// A column of `count` signed integers.
pub(super) fn ints(from: &mut Reader<'_>, count: usize) -> Result<Vec<i64>, Malformed> {
    if count > from.remaining() {
        return Err(Malformed);
    }
    (0..count).map(|_| from.int()).collect()
}

/// A column of `count` signed integers, each given by its difference from the one before.
fn sums(from: &mut Reader<'_>, count: usize) -> Result<Vec<i64>, Malformed> {
    let mut values = ints(from, count)?;
    let mut last = 0_i64;
    for value in &mut values {
        last = last.wrapping_add(*value);
        *value = last;
    }
    Ok(values)
}
