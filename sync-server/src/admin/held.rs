//! What is kept and shown to nobody, until a person looks at it.

use saddlebag_records::access::{Role, may_create};
use saddlebag_records::fact::Fact;
use saddlebag_records::id::{DeviceNumber, RecordId};
use serde::Serialize;

use super::looking::{Looking, has_role, sees_kind};
use super::show::{ShownFact, shown};
use super::{AdminError, code};
use crate::county::County;
use crate::store::{Fate, Held, HeldId, HeldItem, HeldState, WriteTx};
use crate::sync::judge_held;
use crate::visibility;

/// Whose work it is.
const ROLES: &[Role] = &[Role::Dispatcher, Role::Admin];

/// A held item, without what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its number.
    pub held: u64,
    /// `fact`, `change` or `side`.
    pub what: &'static str,
    /// The record.
    pub record: RecordId,
    /// `waiting`, `quarantined` or `late`.
    pub state: &'static str,
    /// Why, a stable code.
    pub reason: String,
    /// The device that brought it; of a tip or an appeal its one-time number, which tells nobody who wrote it.
    pub device: DeviceNumber,
    /// When the county got it, UTC milliseconds.
    pub received_ms: i64,
    /// When a person first looked at it, UTC milliseconds: 90 days later it goes.
    pub looked_at_ms: Option<i64>,
    /// Its length in bytes.
    pub bytes: usize,
}

/// A held item, with what it says.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// What stands in the list.
    #[serde(flatten)]
    pub listed: Listed,
    /// The fact, if it is one that this version can read.
    pub fact: Option<ShownFact>,
    /// Its bytes in hexadecimal, if not.
    pub hex: Option<String>,
}

/// Held items after a number, in their order; of one state, or of all.
///
/// # Errors
/// `bad_value` for a state that there is not.
pub fn list(
    county: &County,
    state: Option<&str>,
    after: u64,
    limit: usize,
) -> Result<Vec<Listed>, AdminError> {
    let states: Vec<HeldState> = HeldState::ALL
        .into_iter()
        .filter(|known| state.is_none_or(|state| state == state_name(*known)))
        .collect();
    if states.is_empty() {
        return Err(AdminError::new(code::BAD_VALUE, "state"));
    }
    county.store().read_blocking(|tx| {
        let mut held = Vec::new();
        for state in states {
            held.extend(tx.held_list(state, HeldId(after), limit)?.iter().map(listed));
        }
        held.sort_by_key(|item| item.held);
        held.truncate(limit);
        Ok(held)
    })
}

/// Shows what a held item says, and writes down who looked and why: in the same job, so that nobody looks unseen.
pub fn show(county: &County, looking: &Looking, held: u64) -> Result<Shown, AdminError> {
    has_role(&looking.person, ROLES)?;
    let looking = looking.clone();
    let looked = county.own(move |tx| {
        let item = known(tx, held)?;
        may_look(&looking, &item)?;
        tx.look_at_held(item.id)?;
        tx.append_audit(
            Some(looking.person.id),
            "held_shown",
            Some(item.record),
            &looking.why,
        )?;
        Ok::<_, AdminError>(item)
    });
    let item = looked?;
    let fact = fact_of(&item);
    Ok(Shown {
        listed: listed(&item),
        hex: fact.is_none().then(|| hex::encode(&item.bytes)),
        fact: fact.as_ref().map(|fact| shown(fact, Default::default())),
    })
}

/// Lets a held fact count, if the rules take it now as they would from its device.
///
/// # Errors
/// `wrong_state` for what came late: nothing revives a forgotten record. `wrong_kind` for what is no fact. Those of the
/// rules.
pub fn release(county: &County, looking: &Looking, held: u64) -> Result<RecordId, AdminError> {
    has_role(&looking.person, ROLES)?;
    let (its, looking) = (county.clone(), looking.clone());
    county.own(move |tx| {
        let item = known(tx, held)?;
        may_look(&looking, &item)?;
        if item.state == HeldState::Late {
            return Err(AdminError::new(code::WRONG_STATE, state_name(item.state)));
        }
        let fact = fact_of(&item).ok_or_else(|| AdminError::new(code::WRONG_KIND, what(&item)))?;
        judge(tx, &item, &fact)?;
        tx.admit_held_fact(item.id, fact.kind, fact.was)?;
        tx.append_audit(
            Some(looking.person.id),
            "held_released",
            Some(item.record),
            &looking.why,
        )?;
        visibility::refresh(tx, its.now_ms(), [item.record])?;
        Ok(item.record)
    })
}

/// Refuses what the rules do not take.
fn judge(tx: &mut dyn WriteTx, item: &Held, fact: &Fact) -> Result<(), AdminError> {
    let fate = judge_held(tx, item, fact, true)?.ok_or_else(|| AdminError::new(code::NO_DEVICE, item.by))?;
    match fate {
        Fate::Admitted => Ok(()),
        Fate::Held { reason: code, .. } | Fate::NotKept { code } => Err(AdminError::new(&code, item.record)),
    }
}

/// Drops a held item for good.
pub fn drop(county: &County, looking: &Looking, held: u64) -> Result<RecordId, AdminError> {
    has_role(&looking.person, ROLES)?;
    let looking = looking.clone();
    county.own(move |tx| {
        let item = known(tx, held)?;
        may_look(&looking, &item)?;
        tx.drop_held(item.id, "dropped")?;
        tx.append_audit(
            Some(looking.person.id),
            "held_dropped",
            Some(item.record),
            &looking.why,
        )?;
        Ok(item.record)
    })
}

fn known(tx: &dyn WriteTx, held: u64) -> Result<Held, AdminError> {
    tx.held(HeldId(held))?
        .ok_or_else(|| AdminError::new(code::NO_HELD, held))
}

/// Refuses a look at what the role does not see when it is admitted: an appeal is the liaison's, held or not.
fn may_look(looking: &Looking, item: &Held) -> Result<(), AdminError> {
    let kind = fact_of(item).and_then(|fact| fact.kind.record());
    let theirs =
        kind.is_none_or(|kind| sees_kind(looking.person.role, kind) || may_create(looking.person.role, kind));
    theirs
        .then_some(())
        .ok_or_else(|| AdminError::new(code::NOT_SEEN, item.record))
}

fn fact_of(item: &Held) -> Option<Fact> {
    matches!(item.item, HeldItem::Fact { .. })
        .then(|| Fact::decode(&item.bytes).ok())
        .flatten()
}

fn listed(item: &Held) -> Listed {
    Listed {
        held: item.id.0,
        what: what(item),
        record: item.record,
        state: state_name(item.state),
        reason: item.reason.clone(),
        device: brought_by(item),
        received_ms: item.received_ms,
        looked_at_ms: item.looked_at_ms,
        bytes: item.bytes.len(),
    }
}

fn brought_by(item: &Held) -> DeviceNumber {
    let author = match item.item {
        HeldItem::Fact { id, .. } => Some(id.device),
        HeldItem::Side(key) => Some(key.fact.device),
        HeldItem::Change(_) => None,
    };
    author.filter(|author| author.is_one_time()).unwrap_or(item.by)
}

fn what(item: &Held) -> &'static str {
    match item.item {
        HeldItem::Fact { .. } => "fact",
        HeldItem::Change(_) => "change",
        HeldItem::Side(_) => "side",
    }
}

fn state_name(state: HeldState) -> &'static str {
    match state {
        HeldState::Waiting => "waiting",
        HeldState::Quarantined => "quarantined",
        HeldState::Late => "late",
    }
}
