//! `rules/concurrent.csv`: what two facts mean of which neither was written in sight of the other.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::discrepancy::Code;
use crate::fact::{Fact, FactKind, field, kinds};
use crate::kind::RecordKind;
use crate::waybill::Waybill;

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) a: FactKind,
    pub(crate) b: FactKind,
    pub(crate) verdict: Verdict,
    pub(crate) credited: Credited,
    pub(crate) code: Option<Code>,
}

/// What the two mean together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Agree,
    StandsA,
    StandsB,
    Discrepancy,
    Same,
    Differ,
}

/// Who is credited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Credited {
    A,
    B,
    One,
    Nobody,
    None,
}

#[derive(Deserialize)]
struct FileRow {
    record: String,
    a: String,
    b: String,
    verdict: Verdict,
    credited: Credited,
    code: Option<Code>,
}

const TABLE: &str = include_str!("../../rules/concurrent.csv");

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(TABLE.as_bytes());
    #[expect(clippy::expect_used, reason = "compiled in, and a test reads every row")]
    let rows = reader
        .deserialize()
        .map(|row| read(row.expect("a row of rules/concurrent.csv")));
    rows.collect()
});

static BY_PAIR: LazyLock<HashMap<(FactKind, FactKind), &'static Row>> =
    LazyLock::new(|| ROWS.iter().map(|row| ((row.a, row.b), row)).collect());

#[expect(clippy::expect_used, reason = "compiled in, and a test reads every row")]
fn read(row: FileRow) -> Row {
    let record = RecordKind::from_name(&row.record).expect("a kind of record");
    let kind = |name: &str| FactKind::from_name(record, name).expect("a kind of fact");
    Row {
        a: kind(&row.a),
        b: kind(&row.b),
        verdict: row.verdict,
        credited: row.credited,
        code: row.code,
    }
}

/// The kinds of a record that the table knows, from the least to the furthest on the record's way.
pub(crate) fn kinds_of(record: RecordKind) -> Vec<FactKind> {
    let mut kinds: Vec<_> = ROWS
        .iter()
        .map(|row| row.a)
        .filter(|kind| kind.record() == Some(record))
        .collect();
    kinds.dedup();
    kinds
}

/// What two facts mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Both hold.
    Agree,
    /// The first shows.
    First,
    /// The second shows.
    Second,
    /// The first shows, since it follows from the second.
    FirstFollows,
    /// The second shows, since it follows from the first.
    SecondFollows,
    /// Both cannot hold. Whether anybody is credited before it is closed.
    Discrepancy(Code, bool),
}

/// What the table says of two facts. Facts that it does not know agree.
pub(crate) fn meaning(a: &Fact, b: &Fact) -> Meaning {
    let (row, turned) = match (BY_PAIR.get(&(a.kind, b.kind)), BY_PAIR.get(&(b.kind, a.kind))) {
        (Some(row), _) => (row, false),
        (None, Some(row)) => (row, true),
        (None, None) => return Meaning::Agree,
    };
    let discrepancy = |credits| {
        row.code
            .map_or(Meaning::Agree, |code| Meaning::Discrepancy(code, credits))
    };
    match row.verdict {
        Verdict::Agree => Meaning::Agree,
        Verdict::StandsA if turned => Meaning::Second,
        Verdict::StandsB if turned => Meaning::First,
        Verdict::StandsA => Meaning::First,
        Verdict::StandsB => Meaning::Second,
        Verdict::Discrepancy => discrepancy(row.credited != Credited::Nobody),
        Verdict::Same if name_the_same(a, b) => Meaning::Agree,
        Verdict::Differ if !name_the_same(a, b) => Meaning::Agree,
        Verdict::Same | Verdict::Differ => discrepancy(false),
    }
}

fn name_the_same(a: &Fact, b: &Fact) -> bool {
    let key = match a.kind {
        kinds::pickup::HANDED_TO_CARRIER => return waybill(a) == waybill(b),
        kinds::pickup::SUBSIDY_CLAIMED | kinds::pickup::SUBSIDY_GRANTED => field::FEN,
        kinds::errand::BOUGHT => field::ITEM,
        _ => field::PLACE,
    };
    a.body.get(key) == b.body.get(key)
}

/// A waybill number however it was typed; one that is none as it is.
fn waybill(fact: &Fact) -> Option<String> {
    let text = fact.body.text(field::WAYBILL)?;
    Some(Waybill::parse(text).map_or_else(|_| text.to_owned(), |waybill| waybill.as_str().to_owned()))
}
