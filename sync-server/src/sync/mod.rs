//! One exchange with a device: what it wrote is judged and kept, what it may see past its cursor is put together.
//! Nothing here knows HTTP.

mod again;
mod changes;
mod cursor;
mod facts;
mod fork;
mod judge;
mod leaving;
mod page;
mod pull;
mod push;
mod reading;
mod receipts;
mod sender;
mod waiting;
mod word;

use std::sync::Arc;

use saddlebag_protocol::{ErrorCode, Fork, Outcome, Receipts, SyncAnswer, SyncRequest};
use saddlebag_records::id::DeviceNumber;

use crate::county::County;
use crate::failure::Failure;
use crate::store::{ReadTx, Seq, StoreError};
use crate::sweep::sweep_if_due;
use cursor::Start;
use facts::FactsTaken;
pub(crate) use judge::Judge;
use push::Pushed;
pub(crate) use sender::Sender;
use sender::Standing;
pub(crate) use waiting::{each_alone_where_damaged, judge_held, judge_waiting};

/// zstd level of answers: 12 packs a page 4 % smaller than 9 for twice the time, 19 another 1 % for ten times.
pub const LEVEL: i32 = 9;
/// What one device may have held, in bytes.
const MOST_HELD: u64 = 8 * 1024 * 1024;

/// The number of the device that has this token, if it may ask at all.
///
/// # Errors
/// [`ErrorCode::Unauthorised`] where no device has it, [`ErrorCode::Revoked`] where it is not to be good any more.
pub fn device_of(county: &County, token: &str) -> Result<DeviceNumber, Failure> {
    county.store().read_blocking(|tx| {
        let sender = Sender::of_token(tx, token, county.now_ms())?.ok_or(ErrorCode::Unauthorised)?;
        if sender.standing == Standing::Nothing {
            return Err(ErrorCode::Revoked.into());
        }
        Ok(sender.number)
    })
}

/// Carries out a request of the device that has this token.
///
/// # Errors
/// Nothing of the request is kept then, but for [`ErrorCode::Internal`], [`ErrorCode::StoreFull`] and
/// [`ErrorCode::Busy`], after which the same request is to be sent again.
pub fn sync(county: &County, token: &str, request: SyncRequest) -> Result<SyncAnswer, Failure> {
    word::check(&request)?;
    if let Err(error) = sweep_if_due(county) {
        tracing::error!(code = error.code(), "a sweep failed");
    }
    let (sender, start, is_of_an_earlier_epoch) = county.store().read_blocking(|tx| {
        let sender = Sender::of_token(tx, token, county.now_ms())?.ok_or(ErrorCode::Unauthorised)?;
        let start = cursor::find(tx, &request)?;
        Ok::<_, Failure>((sender, start, cursor::is_of_another_epoch(tx, &request)?))
    })?;
    let push = request
        .push
        .as_ref()
        .map(|push| Pushed::open(county, &sender, push).map(Arc::new))
        .transpose()?;
    let brings = push.is_some() || request.renumber.is_some();
    if sender.standing == Standing::Nothing || (sender.is_too_late && brings) {
        return Err(ErrorCode::Revoked.into());
    }
    if sender.is_to_be_renumbered || request.renumber.is_some() {
        let asked = request.renumber.map(|nonce| *nonce);
        let nonce = push.as_ref().map(|push| push.nonce).or(asked).unwrap_or_default();
        return forked(county, facts::renumber(county, &sender, nonce, push.as_deref())?);
    }
    if start == Start::Unknown && request.checkpoints.is_none() {
        return county.store().read_blocking(|tx| {
            Ok(SyncAnswer {
                code: Some(ErrorCode::UnknownCursor),
                ..answer_without_page(tx, county)?
            })
        });
    }

    if let Some(given) = request
        .given_again
        .as_ref()
        .filter(|_| sender.standing.is_served())
    {
        again::take(county, &sender, given)?;
    }
    // What it holds to be confirmed may not be here any more: it goes back first, and then offers that again.
    let push = push.filter(|_| !is_of_an_earlier_epoch);
    let taken = facts::take(county, &sender, &request, push.as_ref())?;
    let (receipts, one_time, before, own_rows) = match taken {
        FactsTaken::Forked(fork) => return forked(county, fork),
        FactsTaken::Taken {
            receipts,
            one_time,
            before,
            own_rows,
        } => (receipts, one_time, before, own_rows),
    };
    let changes = match &push {
        Some(push) => changes::take(county, &sender, &push.changes)?,
        None => Vec::new(),
    };
    let receipts = receipts.map(|facts| Receipts { facts, changes });
    let order = match (request.leave, &push) {
        (Some(nonce), None) => leaving::order(county, &sender, *nonce)?,
        _ => None,
    };

    county.store().read_blocking(|tx| {
        let mut answer = SyncAnswer {
            receipts,
            one_time,
            leaving: sender.leaving,
            order,
            ..answer_without_page(tx, county)?
        };
        // What is held has no row of the log: a backup that was taken before it does not have it.
        if answer.receipts.as_ref().is_some_and(has_held) {
            answer.position += 1;
        }
        let list = county.keys().list().version;
        if request.keys.is_some_and(|held| held < list) {
            answer.keys = Some(county.keys().signed_list(county.id()));
        }
        answer.went_back = match start {
            Start::BackAt(_, checkpoint) => Some(checkpoint),
            _ => None,
        };
        if !sender.standing.is_served() {
            // It hears of the new epoch all the same: else it would hold what it told the old one to be safe.
            answer.cursor = pull::unread(tx, start)?;
        } else {
            let written = pull::Written { before, own_rows };
            answer.again = again::wanted(county, tx, &sender)?;
            let asked = request.again.as_ref();
            let pulled = pull::pull(tx, &sender, start, written, asked, pull::budget(request.budget))?;
            answer.page = pulled.page;
            answer.cursor = Some(pulled.cursor);
            answer.more = pulled.more;
        }
        Ok(answer)
    })
}

fn forked(county: &County, fork: Fork) -> Result<SyncAnswer, Failure> {
    county.store().read_blocking(|tx| {
        Ok(SyncAnswer {
            code: Some(ErrorCode::Forked),
            fork: Some(fork),
            cursor: Some(pull::from_the_start(tx)?),
            ..answer_without_page(tx, county)?
        })
    })
}

fn has_held(receipts: &Receipts) -> bool {
    let facts = receipts.facts.iter().map(|receipt| &receipt.outcome);
    let changes = receipts.changes.iter().map(|receipt| &receipt.outcome);
    facts
        .chain(changes)
        .any(|outcome| matches!(outcome, Outcome::Held(_)))
}

fn answer_without_page(tx: &dyn ReadTx, county: &County) -> Result<SyncAnswer, StoreError> {
    let backup = tx.backups()?.pop();
    Ok(SyncAnswer {
        county_time: county.now_ms(),
        code: None,
        receipts: None,
        page: None,
        cursor: None,
        more: false,
        position: tx.log_head()?.0,
        watermark: backup.map_or(Seq::START, |backup| backup.covers).0,
        backup_time: backup.map(|backup| backup.taken_ms),
        one_time: None,
        keys: None,
        fork: None,
        went_back: None,
        server_keys: None,
        leaving: None,
        order: None,
        again: None,
    })
}
