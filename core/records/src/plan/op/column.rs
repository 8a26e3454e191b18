//! Run-length columns: read without expanding them, written in the one form that Automerge writes.

use std::collections::VecDeque;
use std::num::NonZeroUsize;

use crate::leb128::{Reader, write_int, write_uint};
use crate::plan::refusal::GuardRefusal;

/// A column as runs of equal rows, none being null; at most as many runs as it has bytes.
#[derive(Clone, Debug)]
pub(crate) struct Runs<T> {
    runs: VecDeque<(NonZeroUsize, Option<T>)>,
    rows: usize,
    most: usize,
}

impl<T: Copy> Runs<T> {
    fn new(most: usize) -> Self {
        Self {
            runs: VecDeque::new(),
            rows: 0,
            most,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    fn push(&mut self, count: u64, value: Option<T>) -> Result<(), GuardRefusal> {
        let rows = usize::try_from(count)
            .ok()
            .and_then(|count| self.rows.checked_add(count));
        self.rows = rows
            .filter(|rows| *rows <= self.most)
            .ok_or(GuardRefusal::OpCount)?;
        if let Some(count) = NonZeroUsize::new(count as usize) {
            self.runs.push_back((count, value));
        }
        Ok(())
    }

    /// The column, if it has a row for each operation or is absent.
    pub(crate) fn for_ops(self, ops: usize) -> Result<Self, GuardRefusal> {
        if self.rows == ops || self.rows == 0 {
            Ok(self)
        } else {
            Err(GuardRefusal::Malformed)
        }
    }

    /// The next row; null where the column has ended.
    pub(crate) fn row(&mut self) -> Option<T> {
        self.next().flatten()
    }
}

impl<T: Copy> Iterator for Runs<T> {
    type Item = Option<T>;

    fn next(&mut self) -> Option<Option<T>> {
        let (count, value) = self.runs.front_mut()?;
        let value = *value;
        match NonZeroUsize::new(count.get() - 1) {
            Some(left) => *count = left,
            None => drop(self.runs.pop_front()),
        }
        Some(value)
    }
}

/// Reads a run-length column: a positive count repeats the value after it, a negative one is followed by so many
/// values, zero is followed by a count of nulls.
fn runs<'a, T: Copy>(
    column: &'a [u8],
    most: usize,
    mut value: impl FnMut(&mut Reader<'a>) -> Result<T, GuardRefusal>,
) -> Result<Runs<T>, GuardRefusal> {
    let (mut from, mut read) = (Reader::new(column), Runs::new(most));
    while !from.is_empty() {
        match from.int()? {
            0 => {
                let nulls = from.uint()?;
                read.push(nulls, None)?;
            }
            count @ 1.. => {
                let repeated = value(&mut from)?;
                read.push(count.unsigned_abs(), Some(repeated))?;
            }
            count => {
                for _ in 0..count.unsigned_abs() {
                    let literal = value(&mut from)?;
                    read.push(1, Some(literal))?;
                }
            }
        }
    }
    Ok(read)
}

pub(crate) fn uints(column: &[u8], most: usize) -> Result<Runs<u64>, GuardRefusal> {
    runs(column, most, |from| Ok(from.uint()?))
}

pub(crate) fn strings(column: &[u8], most: usize) -> Result<Runs<&str>, GuardRefusal> {
    runs(column, most, |from| {
        let length = from.uint()?;
        std::str::from_utf8(from.take(length)?).map_err(|_| GuardRefusal::Malformed)
    })
}

/// Reads a column of differences; they are summed up after their rows were counted.
pub(crate) fn deltas(column: &[u8], most: usize) -> Result<Runs<i64>, GuardRefusal> {
    let (mut read, mut sum) = (Runs::new(most), 0_i64);
    for difference in runs(column, most, |from| Ok(from.int()?))? {
        if let Some(difference) = difference {
            sum = sum.checked_add(difference).ok_or(GuardRefusal::Malformed)?;
        }
        read.push(1, difference.map(|_| sum))?;
    }
    Ok(read)
}

/// Reads a column of booleans: counts of false and true in turn.
pub(crate) fn booleans(column: &[u8], most: usize) -> Result<Runs<bool>, GuardRefusal> {
    let (mut from, mut read, mut value) = (Reader::new(column), Runs::new(most), false);
    while !from.is_empty() {
        let count = from.uint()?;
        read.push(count, Some(value))?;
        value = !value;
    }
    Ok(read)
}

/// Writes runs of two and more as such, single values between them as one literal run, and nothing at all where
/// every row is null.
fn write_runs<T: PartialEq>(
    rows: impl Iterator<Item = Option<T>>,
    mut write: impl FnMut(&mut Vec<u8>, &T),
) -> Vec<u8> {
    let mut runs: Vec<(u64, Option<T>)> = Vec::new();
    for row in rows {
        match runs.last_mut() {
            Some((count, value)) if *value == row => *count += 1,
            _ => runs.push((1, row)),
        }
    }
    let mut out = Vec::new();
    if runs.iter().all(|(_, value)| value.is_none()) {
        return out;
    }
    let mut literals: Vec<&T> = Vec::new();
    let flush = |literals: &mut Vec<&T>, out: &mut Vec<u8>, write: &mut dyn FnMut(&mut Vec<u8>, &T)| {
        if !literals.is_empty() {
            write_int(out, -(literals.len() as i64));
            literals.drain(..).for_each(|value| write(out, value));
        }
    };
    for run in &runs {
        match run {
            (1, Some(value)) => literals.push(value),
            (count, value) => {
                flush(&mut literals, &mut out, &mut write);
                match value {
                    Some(value) => {
                        write_int(&mut out, *count as i64);
                        write(&mut out, value);
                    }
                    None => {
                        write_int(&mut out, 0);
                        write_uint(&mut out, *count);
                    }
                }
            }
        }
    }
    flush(&mut literals, &mut out, &mut write);
    out
}

pub(crate) fn write_uints(rows: impl Iterator<Item = Option<u64>>) -> Vec<u8> {
    write_runs(rows, |out, value| write_uint(out, *value))
}

pub(crate) fn write_strings<'a>(rows: impl Iterator<Item = Option<&'a str>>) -> Vec<u8> {
    write_runs(rows, |out, value| {
        write_uint(out, value.len() as u64);
        out.extend(value.as_bytes());
    })
}

pub(crate) fn write_deltas(rows: impl Iterator<Item = Option<i64>>) -> Vec<u8> {
    let mut last = 0;
    let differences = rows.map(|row| {
        row.map(|value| {
            let difference = value - last;
            last = value;
            difference
        })
    });
    write_runs(differences, |out, value| write_int(out, *value))
}

pub(crate) fn write_booleans(rows: impl Iterator<Item = bool>) -> Vec<u8> {
    let (mut out, mut value, mut count) = (Vec::new(), false, 0);
    for row in rows {
        if row != value {
            write_uint(&mut out, count);
            (value, count) = (row, 0);
        }
        count += 1;
    }
    if count > 0 {
        write_uint(&mut out, count);
    }
    out
}
