use std::collections::HashMap;

use saddlebag_records::fact::SideName;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::retention::{KeptFor, Moment, of_side};

use super::records::left_of_forgotten;
use super::{AT_A_TIME, Forgotten, PAGE};
use crate::county::County;
use crate::store::{ReadTx, Seq, SideAt, SideKey, StoreError, WriteTx};

/// Removes the side values whose own time is over.
pub(super) fn over(county: &County, now_ms: i64, forgotten: &mut Forgotten) -> Result<(), StoreError> {
    for name in SideName::ALL {
        let by_receipt = RecordKind::ALL
            .into_iter()
            .filter_map(|kind| of_side(kind, name))
            .all(|kept| kept.from == Moment::Received);
        let (mut after, mut received) = ((Seq::START, 0), Received::default());
        loop {
            let (last, over) = county.store().read_blocking(|tx| {
                let page = tx.sides_named(name as u8, after, PAGE)?;
                let mut over = Vec::new();
                for side in &page {
                    if is_over(tx, name, side, now_ms, &mut received)? {
                        over.push(side.key);
                    }
                }
                // They come in the order in which they were received: of what goes by that all others are younger.
                let all_younger = by_receipt && over.len() < page.len();
                let last = page.last().filter(|_| !all_younger);
                Ok::<_, StoreError>((last.map(|side| (side.seq, side.key.ordinal)), over))
            })?;
            for some in over.chunks(AT_A_TIME) {
                forgotten.side_values += remove(county, some.to_vec())?;
            }
            let Some(last) = last else { break };
            after = last;
        }
    }
    Ok(())
}

/// Removes what came back, or came late, of those who asked to be forgotten.
pub(super) fn of_forgotten(county: &County, forgotten: &mut Forgotten) -> Result<(), StoreError> {
    let left = county.store().read_blocking(left_of_forgotten)?;
    for some in left.chunks(AT_A_TIME) {
        forgotten.side_values += remove(county, some.to_vec())?;
    }
    Ok(())
}

fn remove(county: &County, sides: Vec<SideKey>) -> Result<u64, StoreError> {
    let job = move |tx: &mut dyn WriteTx| {
        let mut removed = 0;
        for side in sides {
            removed += u64::from(tx.remove_side(side)?.is_some());
        }
        Ok(removed)
    };
    county.store().write(county.moment(), job).wait()
}

fn is_over(
    tx: &dyn ReadTx,
    name: SideName,
    side: &SideAt,
    now_ms: i64,
    received: &mut Received,
) -> Result<bool, StoreError> {
    let Some(row) = tx.record(side.record)? else {
        return Ok(false);
    };
    let Some(kept) = of_side(row.kind, name) else {
        return Ok(false);
    };
    Ok(match kept.from {
        Moment::Received => received.is_over(tx, side.seq, kept.county, now_ms)?,
        _ => row
            .ended_ms
            .and_then(|ended| kept.county.ends_ms(ended))
            .is_some_and(|ends| ends <= now_ms),
    })
}

/// Up to which row of the log what was received is over, by how long it is kept: looked up once each.
#[derive(Default)]
struct Received(HashMap<i64, Seq>);

impl Received {
    fn is_over(&mut self, tx: &dyn ReadTx, seq: Seq, kept: KeptFor, now_ms: i64) -> Result<bool, StoreError> {
        let Some(lasts_ms) = kept.ends_ms(0) else {
            return Ok(false);
        };
        let last = match self.0.get(&lasts_ms) {
            Some(last) => *last,
            None => *self
                .0
                .entry(lasts_ms)
                .or_insert(tx.log_before(now_ms.saturating_sub(lasts_ms))?),
        };
        Ok(seq <= last)
    }
}
