//! What is known of the county's log: how far this phone has read it, and what a backup covers.

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_protocol::{Cursor, limits};

use super::column::{count, uncount};
use super::granted_before;
use crate::error::Result;

/// What the last answer of the county said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Log {
    /// The epoch, in which positions and the watermark count.
    pub(crate) epoch: [u8; 8],
    /// The last row that a backup covers.
    pub(crate) watermark: u64,
    /// When that backup was made, UTC milliseconds; 0 for none.
    pub(crate) backup_ms: i64,
    /// When the county last answered, UTC milliseconds by its own clock; 0 before the first.
    pub(crate) answered_ms: i64,
}

/// The last known state of the log; none before enrolment.
pub(crate) fn log(connection: &Connection) -> Result<Option<Log>> {
    let mut statement =
        connection.prepare_cached("SELECT epoch, watermark, backup_ms, answered_ms FROM exchange")?;
    let log = statement.query_row([], |row| {
        Ok(Log {
            epoch: row.get(0)?,
            watermark: uncount(row.get(1)?),
            backup_ms: row.get(2)?,
            answered_ms: row.get(3)?,
        })
    });
    Ok(log.optional()?)
}

/// Keeps what an answer said.
pub(crate) fn set_log(connection: &Connection, log: &Log) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO exchange (one, epoch, watermark, backup_ms, answered_ms, report, capabilities)
         VALUES (1, ?1, ?2, ?3, ?4, x'', '')
         ON CONFLICT DO UPDATE SET epoch = ?1, watermark = ?2, backup_ms = ?3, answered_ms = ?4",
    )?;
    statement.execute(params![
        log.epoch,
        count(log.watermark),
        log.backup_ms,
        log.answered_ms
    ])?;
    Ok(())
}

/// When the county last answered, UTC milliseconds by its own clock.
pub(crate) fn answered_ms(connection: &Connection) -> Result<Option<i64>> {
    Ok(log(connection)?.map(|log| log.answered_ms).filter(|ms| *ms != 0))
}

/// The report and the capabilities that the county has, as they were sent; empty before.
pub(crate) fn told(connection: &Connection) -> Result<(Vec<u8>, String)> {
    let mut statement = connection.prepare_cached("SELECT report, capabilities FROM exchange")?;
    Ok(statement
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .unwrap_or_default())
}

/// Remembers what the county was told.
pub(crate) fn set_told(
    connection: &Connection,
    report: Option<&[u8]>,
    capabilities: Option<&str>,
) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE exchange SET report = coalesce(?1, report), capabilities = coalesce(?2, capabilities)",
        )?
        .execute(params![report, capabilities])?;
    Ok(())
}

/// The cursor and older ones, newest first.
pub(crate) fn checkpoints(connection: &Connection) -> Result<Vec<Cursor>> {
    let mut statement = connection
        .prepare_cached("SELECT epoch, seq, nonce, within FROM checkpoints ORDER BY answer DESC")?;
    let cursors = statement.query_map([], |row| {
        Ok(Cursor {
            epoch: row.get(0)?,
            seq: uncount(row.get(1)?),
            nonce: row.get(2)?,
            // Opaque: all 64 bits are the county's.
            within: row.get::<_, i64>(3)?.cast_unsigned(),
        })
    })?;
    Ok(cursors.collect::<rusqlite::Result<_>>()?)
}

/// Moves the cursor. Of the older ones those stay that are the newest in their stretch, and stretches double: with 32
/// of them the oldest is as old as the store.
pub(crate) fn advance(connection: &Connection, cursor: &Cursor) -> Result<()> {
    let newest: Option<i64> = connection
        .prepare_cached("SELECT max(answer) FROM checkpoints")?
        .query_row([], |row| row.get(0))?;
    let answer = newest.unwrap_or(0) + 1;
    connection
        .prepare_cached("INSERT OR REPLACE INTO checkpoints (epoch, seq, within, nonce, answer) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![cursor.epoch, count(cursor.seq), cursor.within.cast_signed(), cursor.nonce, answer])?;

    let mut statement = connection.prepare_cached("SELECT answer FROM checkpoints ORDER BY answer DESC")?;
    let answers: Vec<i64> = statement
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut drop = connection.prepare_cached("DELETE FROM checkpoints WHERE answer = ?1")?;
    for gone in spaced(&answers) {
        drop.execute([gone])?;
    }
    Ok(())
}

/// Which of these answers, newest first, are not kept: all but the oldest of each stretch of ages 0, 1, 2 to 3, 4 to 7,
/// …, and those beyond the limit.
fn spaced(answers: &[i64]) -> Vec<i64> {
    let Some(newest) = answers.first() else {
        return Vec::new();
    };
    let stretch = |answer: i64| (newest - answer).checked_ilog2().map_or(0, |log| log + 1);
    let mut gone = Vec::new();
    let mut kept = 0;
    for (at, answer) in answers.iter().enumerate() {
        let is_oldest = answers
            .get(at + 1)
            .is_none_or(|older| stretch(*older) != stretch(*answer));
        if is_oldest && kept <= limits::MAX_CHECKPOINTS {
            kept += 1;
        } else {
            gone.push(*answer);
        }
    }
    gone
}

/// Goes back to an older cursor: what came after it is to be read anew.
pub(crate) fn go_back(connection: &Connection, to: Option<&Cursor>) -> Result<()> {
    match to {
        None => {
            granted_before::note(connection)?;
            connection.execute("DELETE FROM checkpoints", [])?
        }
        Some(cursor) => connection
            .prepare_cached(
                "DELETE FROM checkpoints WHERE answer > coalesce(
                    (SELECT answer FROM checkpoints WHERE epoch = ?1 AND seq = ?2 AND within = ?3), 0)",
            )?
            .execute(params![
                cursor.epoch,
                count(cursor.seq),
                cursor.within.cast_signed()
            ])?,
    };
    Ok(())
}
