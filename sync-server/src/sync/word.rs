use saddlebag_protocol::limits::{MAX_ACTORS, MAX_CHECKPOINTS, ONE_TIME_NUMBERS};
use saddlebag_protocol::{ErrorCode, SyncRequest};
use saddlebag_records::id::ActorId;

use super::sender::{Sender, Standing};
use crate::county::County;
use crate::enrol::{MAX_CAPABILITIES, MAX_NAME, encoded, give_one_time_numbers};
use crate::failure::Failure;
use crate::store::{Announced, Seq, StoreError, Touch, WriteTx};

/// Unused one-time numbers of one device at the county beyond which it gets no more: answers that were lost hand
/// out numbers that nobody uses.
const MOST_UNUSED: usize = 1024;
/// Actors that one device may announce in its life.
const MOST_ACTORS: usize = 1024;

/// Whether what a request says beside its push is within the limits.
pub(super) fn check(request: &SyncRequest) -> Result<(), ErrorCode> {
    let checkpoints = request.checkpoints.as_ref().map_or(0, Vec::len);
    let actors = request.actors.as_deref().unwrap_or_default();
    let capabilities = request.capabilities.as_deref().unwrap_or_default();
    if checkpoints > MAX_CHECKPOINTS || actors.len() > MAX_ACTORS || capabilities.len() > MAX_CAPABILITIES {
        return Err(ErrorCode::TooLarge);
    }
    let named = |name: &String| name.chars().count() <= MAX_NAME;
    if !capabilities.iter().all(named) || !request.report.as_ref().is_none_or(|report| named(&report.app)) {
        return Err(ErrorCode::Malformed);
    }
    if actors.iter().any(|actor| ActorId(**actor) == ActorId::ZERO) {
        return Err(ErrorCode::BadActor);
    }
    Ok(())
}

/// What a request says beside its push.
pub(super) struct Word {
    touch: Touch,
    actors: Vec<ActorId>,
    one_time_left: Option<usize>,
}

impl Word {
    pub(super) fn of(request: &SyncRequest) -> Self {
        let actors = request.actors.iter().flatten();
        Self {
            touch: Touch {
                cursor: request.cursor.map(|cursor| Seq(cursor.seq)),
                report: request.report.as_ref().map(encoded),
                capabilities: request.capabilities.as_ref().map(encoded),
            },
            actors: actors.map(|actor| ActorId(**actor)).collect(),
            one_time_left: request.one_time_left.map(|left| left as usize),
        }
    }

    /// Notes it. Gives new one-time numbers.
    pub(super) fn note(
        &self,
        tx: &mut dyn WriteTx,
        county: &County,
        sender: &Sender,
    ) -> Result<Option<Vec<u64>>, Failure> {
        tx.touch_device(sender.number, &self.touch)?;
        // It speaks, so it has what the answer that made it a device handed over.
        tx.drop_answers(sender.number)?;
        announce(tx, sender, &self.actors)?;
        Ok(top_up(tx, county, sender, self.one_time_left)?)
    }
}

fn announce(tx: &mut dyn WriteTx, sender: &Sender, actors: &[ActorId]) -> Result<(), Failure> {
    for actor in actors {
        if tx.announce_actor(*actor, sender.number)? == Announced::Taken {
            let owner = tx.actor_owner(*actor)?;
            if !owner.map_or(Ok(false), |owner| sender.goes_on_for(tx, owner))? {
                return Err(ErrorCode::BadActor.into());
            }
        }
    }
    if !actors.is_empty() && tx.actors_of(sender.number)?.len() > MOST_ACTORS {
        return Err(ErrorCode::TooLarge.into());
    }
    Ok(())
}

/// Numbers to fill up what a device has left. Those that it does not count any more are used, or were lost with an
/// answer: none of them is handed out again.
fn top_up(
    tx: &mut dyn WriteTx,
    county: &County,
    sender: &Sender,
    left: Option<usize>,
) -> Result<Option<Vec<u64>>, StoreError> {
    let wanted = left.map_or(0, |left| ONE_TIME_NUMBERS.saturating_sub(left));
    // One that is not served needs them all the same, for what it still has to bring.
    if wanted == 0 || matches!(sender.standing, Standing::Forked | Standing::Nothing) {
        return Ok(None);
    }
    let unused = tx
        .one_time_numbers_of(sender.number)?
        .iter()
        .filter(|n| n.record.is_none())
        .count();
    if unused >= MOST_UNUSED {
        return Ok(None);
    }
    let numbers = give_one_time_numbers(tx, county, sender.number, wanted)?;
    Ok(Some(numbers.into_iter().map(|number| number.0).collect()))
}
