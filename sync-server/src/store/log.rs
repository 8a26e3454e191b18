//! The log: what happened to records at the county, in the order in which it was admitted.

use saddlebag_records::access::Audience;
use saddlebag_records::id::RecordId;

use super::{ChangeRow, FactRow, SideKey, SideRow, StoreError};

/// A position in the county's log. Rows are numbered from 1 without gaps; 0 is before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub u64);

impl Seq {
    /// Before every row.
    pub const START: Self = Self(0);
}

/// What a row of the log says. The number is frozen: it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum What {
    /// The record became visible to the readers of this row: they take all items of it below this row.
    Grant = 1,
    /// The record is no longer visible to the readers of this row as far as this audience goes.
    Removal = 2,
    /// A fact was admitted, with the side values that came with it.
    Fact = 3,
    /// A plan change was admitted.
    Change = 4,
    /// A side value came after its fact.
    Side = 5,
    /// A side value was removed.
    SideRemoved = 6,
    /// The record was forgotten.
    Forget = 7,
    /// A person joined an audience: the record is the person's colleague record.
    Joined = 8,
    /// A person left an audience: the record is the person's colleague record.
    Left = 9,
    /// What the readers of this row see of the record's side values may have changed: their causes have, or
    /// whether it is open.
    Sides = 10,
}

impl What {
    /// Every kind of row, in the order of its number.
    pub const ALL: [Self; 10] = [
        Self::Grant,
        Self::Removal,
        Self::Fact,
        Self::Change,
        Self::Side,
        Self::SideRemoved,
        Self::Forget,
        Self::Joined,
        Self::Left,
        Self::Sides,
    ];

    /// The kind of row with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|what| *what as u8 == number)
    }
}

/// A row of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// Its position.
    pub seq: Seq,
    /// The random bytes of the job that wrote it: a cursor names both, so that a restored county whose log
    /// went another way is noticed.
    pub nonce: [u8; 8],
    /// The record that it is about.
    pub record: RecordId,
    /// What it says.
    pub what: What,
    /// When, UTC milliseconds.
    pub ms: i64,
}

/// What a row of the log brought, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A fact, and the side values that came with it and still exist.
    Fact(FactRow, Vec<SideRow>),
    /// A plan change.
    Change(ChangeRow),
    /// A side value that came after its fact.
    Side(SideRow),
    /// A side value that is no more.
    SideRemoved(SideKey),
    /// An audience that a person joined or left.
    Audience(Audience),
    /// Bytes at this row do not match their hash. Not to be served; everything else is.
    Damaged(Seq),
}

/// Reading the log.
pub trait ReadLog {
    /// The newest row; [`Seq::START`] while there is none.
    fn log_head(&self) -> Result<Seq, StoreError>;
    /// The nonce of a row; `None` for one that is not there (yet, or any more).
    fn log_nonce(&self, seq: Seq) -> Result<Option<[u8; 8]>, StoreError>;
    /// Rows that any of these audiences reads, after this position, each once, in their order.
    fn log_page(&self, audiences: &[Audience], after: Seq, limit: usize) -> Result<Vec<LogRow>, StoreError>;
    /// Rows after this position, whoever reads them, in their order.
    fn log_rows(&self, after: Seq, limit: usize) -> Result<Vec<LogRow>, StoreError>;
    /// What a row brought, as it stands now: `None` for a row that brings nothing ([`What::Grant`],
    /// [`What::Removal`], [`What::Forget`], [`What::Sides`]) or whose item is no more.
    fn item(&self, row: &LogRow) -> Result<Option<Item>, StoreError>;
    /// The items of a record after one row and below another, in their order, with their positions: what a
    /// grant at `below` brings, a page at a time. Removed values are left out.
    fn items(
        &self,
        record: RecordId,
        after: Seq,
        below: Seq,
        limit: usize,
    ) -> Result<Vec<(Seq, Item)>, StoreError>;
    /// The newest row that is older than this time; [`Seq::START`] if none is. Looks at every row.
    fn log_before(&self, ms: i64) -> Result<Seq, StoreError>;
}

/// Writing the log beyond what comes with items and grants.
pub trait WriteLog {
    /// Drops the rows up to this one, but never the newest, and says how many went.
    fn prune_log(&mut self, up_to: Seq) -> Result<u64, StoreError>;
}
