//! Telephone numbers that ring nowhere.

/// Eleven digits, as mobile numbers have in China, but beginning with 124: the national numbering plan
/// gives 13 to 19 to mobile subscribers and 0 to area codes, and keeps 12 for short service numbers, so
/// no subscriber's number begins so.
const PREFIX: &str = "124";
const TAILS: u64 = 100_000_000;

/// Whose number it is; no two numbers of a county are the same.
#[derive(Clone, Copy)]
pub(super) enum Owner {
    Colleague(usize),
    Place(usize),
    /// Each has two.
    Household(usize, Line),
    Addressee(usize),
}

#[derive(Clone, Copy)]
pub(super) enum Line {
    First,
    Second,
}

pub(super) fn number(owner: Owner) -> String {
    let index = match owner {
        Owner::Colleague(index) => index,
        Owner::Place(index) => 1_000 + index,
        Owner::Household(index, line) => 10_000 + 2 * index + line as usize,
        Owner::Addressee(index) => 50_000_000 + index,
    };
    // A factor that shares no divisor with 10^8 gives every index another tail, and mixes their digits.
    let tail = (index as u64 * 61_803_399 + 27_182_818) % TAILS;
    format!("{PREFIX}{tail:08}")
}
