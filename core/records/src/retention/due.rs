use super::table::{KeptFor, Moment, of_record};
use crate::kind::RecordKind;
use crate::plan::PlanView;
use crate::status::{State, Status, consent, household};

/// What decides when a record may be forgotten.
#[derive(Clone, Copy, Debug)]
pub struct Lived<'a> {
    /// Its kind.
    pub kind: RecordKind,
    /// What it is.
    pub status: &'a Status,
    /// Its plan, where it has one.
    pub plan: Option<&'a PlanView>,
    /// When it ended as the county judges it, UTC milliseconds. None while it is open.
    pub ended_ms: Option<i64>,
    /// When the county last got something that was written in it, UTC milliseconds.
    pub written_ms: i64,
    /// What became of the money in it.
    pub money: Money,
    /// What names it.
    pub named: Named,
}

/// What became of the money in a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Money {
    /// There is none.
    #[default]
    None,
    /// Somebody still owes some of it, or a hand-in or count is open.
    Unsettled,
    /// All of it is settled.
    Settled {
        /// When the settlement closed that came after it moved, UTC milliseconds.
        at_ms: i64,
    },
}

/// The records that name another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// There is one.
    pub any: bool,
    /// An open delivery, pickup or errand does.
    pub open: bool,
    /// The end of the last of these, UTC milliseconds.
    pub last_end_ms: Option<i64>,
}

/// Why a record is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its time is over: what comes late is held.
    Retention,
    /// Somebody asked for it: what comes late is dropped.
    Person,
}

/// When a record may be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// From this moment on.
    At {
        /// UTC milliseconds.
        ms: i64,
        /// Why.
        reason: Reason,
    },
    /// Not before something else happens.
    Not(Hold),
}

/// What stands between a record and its being forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It is open, or has no end.
    Open,
    /// Money in it is not settled. Who owes what must be able to be shown.
    Unsettled,
    /// Facts in it do not fit together, and nobody has closed the matter.
    Discrepancy,
    /// An open record names it, or, of what others stand on, any record does.
    Named,
    /// It is kept for good.
    Kept,
}

/// When a record may be forgotten at the county, by `rules/retention.csv`.
///
/// A household that asked for it goes as soon as nothing is on the way to it any more.
pub fn due(lived: &Lived<'_>) -> Due {
    if lived.money == Money::Unsettled {
        return Due::Not(Hold::Unsettled);
    }
    if !lived.status.discrepancies.is_empty() {
        return Due::Not(Hold::Discrepancy);
    }
    if lived.named.open || (lived.named.any && others_stand_on(lived.kind)) {
        return Due::Not(Hold::Named);
    }
    if lived.status.state == State::Household(household::State::AskedToBeForgotten) {
        return Due::At {
            ms: lived.ended_ms.unwrap_or(lived.written_ms),
            reason: Reason::Person,
        };
    }
    let Some(row) = of_record(lived.kind) else {
        return Due::Not(Hold::Kept);
    };
    let Some(from_ms) = from(row.from, lived) else {
        return Due::Not(Hold::Open);
    };
    match row.county.ends_ms(from_ms) {
        Some(ms) => Due::At {
            ms,
            reason: Reason::Retention,
        },
        None => {
            debug_assert_ne!(row.county, KeptFor::Record);
            Due::Not(Hold::Kept)
        }
    }
}

/// Whether what names a record of this kind would be incomplete without it, however old it is.
fn others_stand_on(kind: RecordKind) -> bool {
    matches!(
        kind,
        RecordKind::Place | RecordKind::Carrier | RecordKind::Colleague | RecordKind::CommonIssue
    )
}

fn from(moment: Moment, lived: &Lived<'_>) -> Option<i64> {
    match moment {
        Moment::Ended => lived.ended_ms,
        Moment::Settled => match lived.money {
            Money::Settled { at_ms } => lived.ended_ms.map(|ended| ended.max(at_ms)),
            _ => lived.ended_ms,
        },
        Moment::Used => Some(lived.written_ms.max(lived.named.last_end_ms.unwrap_or(i64::MIN))),
        Moment::Season => {
            let season = lived.plan.and_then(|plan| plan.int("valid_until_ms"));
            season.into_iter().chain(lived.ended_ms).min()
        }
        Moment::Over => match lived.status.state {
            State::Consent(consent::State::Withdrawn) => lived.ended_ms,
            _ => lived.plan.and_then(|plan| plan.int("until_ms")),
        },
        Moment::Received | Moment::LookedAt | Moment::Written | Moment::None => None,
    }
}
