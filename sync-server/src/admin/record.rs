use std::collections::BTreeSet;

use saddlebag_records::fact::{Fact, SideName, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanView;
use saddlebag_records::status::{About, Authors, Status, status};

use crate::plans::view_of;
use crate::store::{ReadTx, RecordRow, StoreError};

/// Rows that are read at a time.
const PAGE: usize = 500;

/// A record as it stands at the county.
pub(super) struct Record {
    pub(super) row: RecordRow,
    pub(super) plan: Option<PlanView>,
    /// Its own facts, in the order of their admission.
    pub(super) facts: Vec<Fact>,
    pub(super) status: Status,
}

impl Record {
    pub(super) fn read(tx: &dyn ReadTx, row: RecordRow) -> Result<Self, StoreError> {
        let plan = view_of(tx, row.id)?;
        let facts = facts_of(tx, row.id)?;
        let joined = joined(tx, row.id, &facts)?;
        let mut authors = Authors::default();
        for fact in facts.iter().chain(&joined) {
            if let Some(device) = tx.device(fact.id.device)? {
                authors.0.insert(fact.id.device, device.person);
            }
        }
        let about = About {
            record: row.id,
            kind: row.kind,
            plan: plan.as_ref(),
            authors: &authors,
        };
        let status = status(&about, facts.iter().chain(&joined));
        Ok(Self {
            row,
            plan,
            facts,
            status,
        })
    }
}

/// A record's admitted facts, in the order of their admission.
pub(super) fn facts_of(tx: &dyn ReadTx, record: RecordId) -> Result<Vec<Fact>, StoreError> {
    let rows = tx.facts(record)?;
    rows.iter()
        .map(|row| Fact::decode(&row.bytes).map_err(|_| StoreError::Damaged("fact")))
        .collect()
}

/// The facts of the records that this one is joined to, or whose facts were parted from it.
fn joined(tx: &dyn ReadTx, record: RecordId, facts: &[Fact]) -> Result<Vec<Fact>, StoreError> {
    let mut seen = BTreeSet::from([record]);
    let mut waiting = named(facts);
    let mut joined = Vec::new();
    while let Some(next) = waiting.pop() {
        if !seen.insert(next) {
            continue;
        }
        let facts = facts_of(tx, next)?;
        waiting.extend(named(&facts));
        joined.extend(facts);
    }
    Ok(joined)
}

fn named(facts: &[Fact]) -> Vec<RecordId> {
    let joining = [
        kinds::delivery::SAME_AS,
        kinds::delivery::BELONGS_TO,
        kinds::household::SAME_AS,
    ];
    let naming = facts.iter().filter(|fact| joining.contains(&fact.kind));
    naming
        .filter_map(|fact| fact.body.record(field::RECORD))
        .collect()
}

/// Every record of a kind, one at a time.
pub(super) fn each<E: From<StoreError>>(
    tx: &dyn ReadTx,
    kind: RecordKind,
    mut take: impl FnMut(RecordRow) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = None;
    loop {
        let page = tx.records(kind, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        page.into_iter().try_for_each(&mut take)?;
    }
}

/// The phone numbers of a record, in the order of their facts.
pub(super) fn phones(tx: &dyn ReadTx, record: RecordId) -> Result<Vec<String>, StoreError> {
    let sides = tx
        .sides(record)?
        .into_iter()
        .filter(|side| side.key.name == SideName::Phone as u8);
    Ok(sides
        .filter_map(|side| String::from_utf8(side.value).ok())
        .collect())
}
