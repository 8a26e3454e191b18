//! Who a record is visible to, and from which cause. A record may be granted to one audience from several.

use std::collections::BTreeMap;

use saddlebag_records::access::{Audience, Grant, Sight};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;

use super::{Seq, StoreError};

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

/// What replacing the grants of a record did. The lists are in the order of the audiences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantDiff {
    /// Audiences that see it now and did not before, with the one row of the log that says so.
    pub appeared: Option<(Seq, Vec<Audience>)>,
    /// Audiences that saw it and do not now, likewise.
    pub vanished: Option<(Seq, Vec<Audience>)>,
    /// Audiences that see it as before, but for causes that show other side values of it, likewise. Told only of a
    /// record that has side values: nothing else hangs on the cause. A parcel that its courier loads out is theirs by
    /// one cause more and shows nothing else; were that told, every phone number of the morning would come down again.
    pub changed: Option<(Seq, Vec<Audience>)>,
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
    /// audience that it became visible or is no longer. A grant named twice counts once, with the later end, and is open
    /// if either is.
    fn replace_grants(&mut self, record: RecordId, wanted: &[Grant]) -> Result<GrantDiff, StoreError>;
    /// Lets all who see a record take all of it once more, as if it had left them and become visible again now.
    fn grant_anew(&mut self, record: RecordId) -> Result<(), StoreError>;
}

/// What replacing grants has to do.
pub(super) struct Replacement {
    /// The grants that hold from now on, with the row of the log of those audiences that already see the record.
    pub(super) rows: Vec<(Grant, Option<Seq>)>,
    pub(super) appeared: Vec<Audience>,
    pub(super) vanished: Vec<Audience>,
    /// See it as before, but other side values of it.
    pub(super) changed: Vec<Audience>,
}

impl Replacement {
    /// `kind` is the record's.
    pub(super) fn of(kind: RecordKind, now: &[GrantRow], wanted: &[Grant]) -> Self {
        let mut rows = BTreeMap::<_, Grant>::new();
        for grant in wanted {
            rows.entry((grant.audience, grant.cause))
                .and_modify(|known| *known = joined(known, grant))
                .or_insert(*grant);
        }
        let since: BTreeMap<_, _> = now.iter().map(|row| (row.grant.audience, row.since)).collect();
        let before = sights(kind, now.iter().map(|row| &row.grant));
        let after = sights(kind, rows.values());
        let changed = after
            .iter()
            .filter(|(audience, sight)| before.get(audience).is_some_and(|before| before != *sight));
        Self {
            appeared: after
                .keys()
                .filter(|audience| !before.contains_key(audience))
                .copied()
                .collect(),
            vanished: before
                .keys()
                .filter(|audience| !after.contains_key(audience))
                .copied()
                .collect(),
            changed: changed.map(|(audience, _)| *audience).collect(),
            rows: rows
                .into_values()
                .map(|grant| (grant, since.get(&grant.audience).copied()))
                .collect(),
        }
    }
}

/// One grant for two of the same audience and cause.
fn joined(a: &Grant, b: &Grant) -> Grant {
    let until_ms = a.until_ms.zip(b.until_ms).map(|(a, b)| a.max(b));
    Grant {
        until_ms,
        open: a.open || b.open,
        ..*a
    }
}

/// What each audience sees of the side values of a record of this kind, in whatever role.
fn sights<'a>(kind: RecordKind, grants: impl Iterator<Item = &'a Grant>) -> BTreeMap<Audience, Sight> {
    let mut sights = BTreeMap::<_, Sight>::new();
    for grant in grants {
        *sights.entry(grant.audience).or_default() |= Sight::of(kind, grant);
    }
    sights
}
