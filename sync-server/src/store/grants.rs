//! Who a record is visible to, and from which cause.

use saddlebag_records::id::RecordId;

use super::{Audience, Seq, StoreError};

/// A row of `core/records/rules/visibility.csv` by its number there. Frozen: it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause(pub u16);

/// That an audience may see a record from a cause. A record may be granted to one audience from several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who.
    pub audience: Audience,
    /// Why.
    pub cause: Cause,
    /// Until when, UTC milliseconds; `None` as long as the cause holds.
    pub until_ms: Option<i64>,
}

/// A grant as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// The record.
    pub record: RecordId,
    /// To whom, why, until when.
    pub grant: Grant,
    /// The row of the log by which the audience came to see the record, from whatever cause.
    pub since: Seq,
}

/// What replacing the grants of a record did. Both lists are in the order of the audiences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantDiff {
    /// Audiences that see it now and did not before, with the one row of the log that says so.
    pub appeared: Option<(Seq, Vec<Audience>)>,
    /// Audiences that saw it and do not now, likewise.
    pub vanished: Option<(Seq, Vec<Audience>)>,
}

/// Reading grants.
pub trait ReadGrants {
    /// The grants of a record, in the order of audience and cause.
    fn grants(&self, record: RecordId) -> Result<Vec<GrantRow>, StoreError>;
    /// What these audiences see, after this position, in the order in which it was granted: what a device
    /// pulls anew, a page at a time. Each position is that of one record; a record that several of them see
    /// may come at several positions.
    fn granted_to(
        &self,
        audiences: &[Audience],
        after: Seq,
        limit: usize,
    ) -> Result<Vec<(Seq, RecordId)>, StoreError>;
    /// Whether any of these audiences sees the record now.
    fn sees(&self, audiences: &[Audience], record: RecordId) -> Result<bool, StoreError>;
    /// Whether any of these audiences ever saw the record.
    fn ever_saw(&self, audiences: &[Audience], record: RecordId) -> Result<bool, StoreError>;
    /// Records with a grant whose time was over before now, each once.
    fn expired_grants(&self, now_ms: i64, limit: usize) -> Result<Vec<RecordId>, StoreError>;
}

/// Writing grants.
pub trait WriteGrants {
    /// Lets exactly these grants hold for a record, which must be there, and writes in the log of each
    /// audience that it became visible or is no longer. A grant named twice counts once, with the later end.
    fn replace_grants(&mut self, record: RecordId, wanted: &[Grant]) -> Result<GrantDiff, StoreError>;
}
