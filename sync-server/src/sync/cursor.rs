use saddlebag_protocol::{Cursor, SyncRequest};

use crate::store::{ReadTx, Seq, StoreError};

/// Where a device goes on reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// Before the first row: it gets what it may see as it stands now.
    Anew,
    /// Past a row that both know.
    After(Cursor),
    /// Past an older row that both know: this cursor for the checkpoint that names it.
    BackAt(Cursor, Cursor),
    /// Past a row that this log does not have.
    Unknown,
}

/// Where the request goes on: at its cursor, or at the newest checkpoint that holds.
pub(super) fn find(tx: &dyn ReadTx, request: &SyncRequest) -> Result<Start, StoreError> {
    let epoch = tx.epoch()?.ok_or(StoreError::Damaged("epoch"))?.name;
    let Some(cursor) = request.cursor else {
        return Ok(Start::Anew);
    };
    if cursor.epoch == epoch && is_row(tx, &cursor)? {
        return Ok(Start::After(cursor));
    }
    for checkpoint in request.checkpoints.as_deref().unwrap_or_default() {
        if holds(tx, checkpoint)? {
            return Ok(Start::BackAt(Cursor { epoch, ..*checkpoint }, *checkpoint));
        }
    }
    Ok(Start::Unknown)
}

/// Whether the request knows the log of another epoch alone.
pub(super) fn is_of_another_epoch(tx: &dyn ReadTx, request: &SyncRequest) -> Result<bool, StoreError> {
    let epoch = tx.epoch()?.ok_or(StoreError::Damaged("epoch"))?.name;
    Ok(request.cursor.is_some_and(|cursor| cursor.epoch != epoch))
}

/// Whether the row is in the log as the cursor knows it.
fn is_row(tx: &dyn ReadTx, cursor: &Cursor) -> Result<bool, StoreError> {
    if cursor.seq == 0 {
        return Ok(cursor.nonce == [0; 8]);
    }
    Ok(tx.log_nonce(Seq(cursor.seq))? == Some(cursor.nonce))
}

/// Whether an older cursor, maybe of an older epoch, names a row that every later epoch kept.
fn holds(tx: &dyn ReadTx, cursor: &Cursor) -> Result<bool, StoreError> {
    let epochs = tx.epochs()?;
    let Some(its) = epochs.iter().position(|epoch| epoch.name == cursor.epoch) else {
        return Ok(false);
    };
    let kept = epochs
        .iter()
        .skip(its + 1)
        .all(|later| cursor.seq <= later.after.0);
    // Row 0 of an older log proves nothing of what the device read in it.
    Ok(kept && cursor.seq > 0 && is_row(tx, cursor)?)
}

/// A cursor past a row that was read whole; for [`Seq::START`] before the first.
pub(super) fn after_row(tx: &dyn ReadTx, epoch: [u8; 8], seq: Seq) -> Result<Cursor, StoreError> {
    let nonce = match seq {
        Seq::START => [0; 8],
        seq => tx
            .log_nonce(seq)?
            .ok_or(StoreError::Damaged("a row of the log"))?,
    };
    Ok(Cursor {
        epoch,
        seq: seq.0,
        nonce,
        within: 0,
    })
}
