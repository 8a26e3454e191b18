use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

use crate::fact::SideName;
use crate::kind::RecordKind;

const DAY_MS: i64 = 86_400_000;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A kind of record.
    Record,
    /// A name of a side value.
    Side,
    /// A table of the county's database.
    County,
    /// A table of the phone's.
    Phone,
    /// A file of the county.
    File,
}

/// The moment that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The record's end, as the county judges it.
    Ended,
    /// The same, and that of the money in it.
    Settled,
    /// The last use.
    Used,
    /// The end of a camp's season.
    Season,
    /// The end of a consent.
    Over,
    /// When the county got it.
    Received,
    /// When a person first looked at it.
    LookedAt,
    /// When it was written.
    Written,
    /// Not from a moment.
    #[serde(rename = "-")]
    None,
}

/// How long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptFor {
    /// So many days from the moment that counts.
    Days(u16),
    /// As long as its record.
    Record,
    /// As long as the county shows it there.
    Seen,
    /// Until two backups cover it.
    Covered,
    /// Until something newer takes its place.
    Replaced,
    /// Until the phone leaves the county.
    Wiped,
    /// For good.
    Kept,
    /// It is not there.
    Nowhere,
}

impl KeptFor {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "record" => Self::Record,
            "seen" => Self::Seen,
            "covered" => Self::Covered,
            "replaced" => Self::Replaced,
            "wiped" => Self::Wiped,
            "kept" => Self::Kept,
            "-" => Self::Nowhere,
            days => Self::Days(days.strip_suffix('d')?.parse().ok()?),
        })
    }

    /// When something is over whose moment was this, UTC milliseconds. None where it does not hang on a moment.
    pub fn ends_ms(self, from_ms: i64) -> Option<i64> {
        match self {
            Self::Days(days) => Some(from_ms.saturating_add(i64::from(days) * DAY_MS)),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for KeptFor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        Self::parse(&word).ok_or_else(|| serde::de::Error::custom(word))
    }
}

/// A row of `rules/retention.csv`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// What it is about.
    pub what: What,
    /// Its name.
    pub name: String,
    /// From when it counts.
    pub from: Moment,
    /// How long the county keeps it.
    pub county: KeptFor,
    /// How long a phone does.
    pub phone: KeptFor,
    /// Why so long.
    pub why: String,
}

/// The table is part of the program and a test reads it whole, so what fails here fails there first.
#[allow(clippy::expect_used)]
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(include_str!("../../rules/retention.csv").as_bytes());
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("rules/retention.csv is well formed")
});

/// Every row, in the order of the table.
pub fn rows() -> &'static [Row] {
    &ROWS
}

fn row(what: What, name: &str) -> Option<&'static Row> {
    rows().iter().find(|row| row.what == what && row.name == name)
}

/// How long records of this kind are kept.
pub fn of_record(kind: RecordKind) -> Option<&'static Row> {
    row(What::Record, kind.name())
}

/// How long a side value of this name is kept on a record of this kind.
pub fn of_side(kind: RecordKind, name: SideName) -> Option<&'static Row> {
    let of = |kind: &str| row(What::Side, &format!("{kind}.{}", name.name()));
    of(kind.name()).or_else(|| of("any"))
}

/// How long rows of a county's table are kept, such as `audit` or `held.late`.
pub fn of_table(name: &str) -> Option<&'static Row> {
    row(What::County, name)
}
