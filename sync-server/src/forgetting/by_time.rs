use saddlebag_records::retention::of_table;

use super::{AT_A_TIME, Forgotten, PAGE};
use crate::county::County;
use crate::store::{Held, HeldId, HeldState, Seq, StoreError, WriteTx};
use crate::sync::each_alone_where_damaged;

/// Rows of the log that one job drops.
const LOG_ROWS: u64 = 2_000;
/// What becomes of the number of a fact that was held and is no more.
const CODE: &str = "forgotten";

/// Drops what goes by its own time alone: held items, the auditor's log, enrolment codes, the log of what happened.
pub(super) fn over(county: &County, now_ms: i64, forgotten: &mut Forgotten) -> Result<(), StoreError> {
    for state in [HeldState::Quarantined, HeldState::Late] {
        held(county, state, now_ms, forgotten)?;
    }
    let audit_ms = since("audit", now_ms);
    let log_ms = since("log", now_ms);
    let up_to = match log_ms {
        Some(ms) => county.store().read_blocking(|tx| tx.log_before(ms))?,
        None => Seq::START,
    };
    let codes_ms = since("enrolment_code", now_ms);
    forgotten.log += prune(county, up_to)?;
    let job = move |tx: &mut dyn WriteTx| {
        let audit = audit_ms.map_or(Ok(0), |before_ms| tx.drop_audit(before_ms))?;
        if let Some(before_ms) = codes_ms {
            tx.drop_enrolment_codes(before_ms)?;
        }
        Ok::<_, StoreError>(audit)
    };
    forgotten.audit += county.store().write(county.moment(), job).wait()?;
    Ok(())
}

/// Drops the rows of the log up to this one, so many at a time, and says how many went.
fn prune(county: &County, up_to: Seq) -> Result<u64, StoreError> {
    let floor = county.store().read_blocking(|tx| tx.county())?;
    let mut floor = floor.map_or(Seq::START, |county| county.log_floor);
    let mut pruned = 0;
    while floor < up_to {
        floor = up_to.min(Seq(floor.0 + LOG_ROWS));
        let job = move |tx: &mut dyn WriteTx| tx.prune_log(floor);
        pruned += county.store().write(county.moment(), job).wait()?;
    }
    Ok(pruned)
}

/// What was there before this time, UTC milliseconds, is over by the row of this table.
fn since(table: &str, now_ms: i64) -> Option<i64> {
    let lasts_ms = of_table(table)?.county.ends_ms(0)?;
    Some(now_ms.saturating_sub(lasts_ms))
}

fn held(county: &County, state: HeldState, now_ms: i64, forgotten: &mut Forgotten) -> Result<(), StoreError> {
    // What nobody has looked at stays, however old it is.
    let (table, from): (_, fn(&Held) -> Option<i64>) = match state {
        HeldState::Quarantined => ("held.quarantined", |held| held.looked_at_ms),
        HeldState::Late => ("held.late", |held| Some(held.received_ms)),
        HeldState::Waiting => return Ok(()),
    };
    let Some(before_ms) = since(table, now_ms) else {
        return Ok(());
    };
    let mut after = HeldId(0);
    loop {
        let page = county
            .store()
            .read_blocking(|tx| tx.held_list(state, after, PAGE))?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        let over = page
            .iter()
            .filter(|held| from(held).is_some_and(|ms| ms <= before_ms));
        let over: Vec<HeldId> = over.map(|held| held.id).collect();
        for some in over.chunks(AT_A_TIME) {
            let drop = |some| {
                forgotten.held += drop_held(county, some)?;
                Ok(())
            };
            each_alone_where_damaged(some.to_vec(), drop)?;
        }
    }
}

fn drop_held(county: &County, held: Vec<HeldId>) -> Result<u64, StoreError> {
    let job = move |tx: &mut dyn WriteTx| {
        let mut dropped = 0;
        for id in held {
            // A side value went with its fact.
            if tx.held(id)?.is_some() {
                tx.drop_held(id, CODE)?;
                dropped += 1;
            }
        }
        Ok(dropped)
    };
    county.store().write(county.moment(), job).wait()
}
