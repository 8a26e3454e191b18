use saddlebag_records::fact::{Fact, field};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::retention::{Due, Hold};
use saddlebag_records::status::{State, consent};

use super::records::{Group, forget, strip};
use super::{AT_A_TIME, Forgotten, PAGE};
use crate::county::County;
use crate::store::{ForgetReason, ReadTx, RecordRow, StoreError, WriteTx};
use crate::visibility::Lives;

/// What a withdrawn consent covered goes: the errands that it was given for, once they are over and settled, or at once
/// where nothing has happened in them; and of parcels what was proven under it. The parcels themselves, and that there
/// was a consent, stay for their own time.
pub(super) fn withdrawn(county: &County, now_ms: i64, forgotten: &mut Forgotten) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let (last, covered) = county.store().read_blocking(|tx| page(tx, after, now_ms))?;
        for some in covered.errands.chunks(AT_A_TIME) {
            forget(county, some.to_vec(), forgotten)?;
        }
        for some in covered.proofs.chunks(AT_A_TIME) {
            let some = some.to_vec();
            let job = move |tx: &mut dyn WriteTx| {
                let mut removed = 0;
                for (record, facts) in some {
                    removed += strip(tx, record, |fact| facts.contains(&fact))?;
                }
                Ok::<_, StoreError>(removed)
            };
            forgotten.side_values += county.store().write(county.moment(), job).wait()?;
        }
        if last.is_none() {
            return Ok(());
        }
        after = last;
    }
}

/// What withdrawn consents covered.
#[derive(Default)]
struct Covered {
    errands: Vec<Group>,
    /// Of parcels: the facts that name one, where they still have side values.
    proofs: Vec<(RecordId, Vec<FactId>)>,
}

fn page(
    tx: &dyn ReadTx,
    after: Option<RecordId>,
    now_ms: i64,
) -> Result<(Option<RecordId>, Covered), StoreError> {
    let rows = tx.records(RecordKind::Consent, after, PAGE)?;
    let (mut lives, mut covered) = (Lives::at(now_ms), Covered::default());
    // Of those that ended, some were withdrawn.
    for row in rows.iter().filter(|row| row.ended_ms.is_some()) {
        match by_one(tx, &mut lives, row, &mut covered) {
            Err(StoreError::Damaged(what)) => {
                tracing::error!(what, "damaged: it was not asked what a withdrawn consent covered");
            }
            other => other?,
        }
    }
    Ok((rows.last().map(|row| row.id), covered))
}

fn by_one(
    tx: &dyn ReadTx,
    lives: &mut Lives,
    row: &RecordRow,
    covered: &mut Covered,
) -> Result<(), StoreError> {
    if lives.of(tx, row)?.status.state != State::Consent(consent::State::Withdrawn) {
        return Ok(());
    }
    for namer in tx.references_to(row.id)? {
        let Some(namer) = tx.record(namer)? else { continue };
        if namer.kind != RecordKind::Errand {
            let facts = under(tx, namer.id, row.id)?;
            let sides = tx.side_keys(namer.id)?;
            let has_some = sides.iter().any(|side| facts.contains(&side.fact));
            if has_some {
                covered.proofs.push((namer.id, facts));
            }
            continue;
        }
        let goes = match lives.of(tx, &namer)?.due {
            Due::At { .. } => true,
            Due::Not(Hold::Open) => tx.facts(namer.id)?.is_empty(),
            Due::Not(_) => false,
        };
        if goes {
            covered
                .errands
                .push(Group::of(tx, [namer.id], ForgetReason::Person)?);
        }
    }
    Ok(())
}

/// The facts of a record that name this consent.
fn under(tx: &dyn ReadTx, record: RecordId, consent: RecordId) -> Result<Vec<FactId>, StoreError> {
    let mut facts = Vec::new();
    for row in tx.facts(record)? {
        let fact = Fact::decode(&row.bytes).map_err(|_| StoreError::Damaged("fact"))?;
        if fact.body.record(field::CONSENT) == Some(consent) {
            facts.push(row.id);
        }
    }
    Ok(facts)
}
