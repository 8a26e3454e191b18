//! 派件: something carried to an addressee.

mod handover;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::contest::{Contest, Track};
use super::reading::Reading;
use super::{Credit, Handing, Holder, Notice, Phase, Status};
use crate::discrepancy::{Code, Discrepancy};
use crate::fact::{Fact, FactKind, field, kinds::delivery as kind};
use crate::id::{DeviceNumber, PersonId, RecordId};
use crate::kind::RecordKind;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How long a drop point keeps a parcel where its plan does not say.
const KEEPING_DAYS: u64 = 7;

/// Where a delivery is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "DeliveryState", tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened to it yet.
    Planned,
    /// The carrier says that it comes.
    Announced,
    /// It lies at a station.
    AtStation {
        /// The station.
        place: Option<RecordId>,
    },
    /// A courier has it.
    InBag {
        /// The courier's device.
        courier: DeviceNumber,
    },
    /// A courier handed it to a colleague, who did not confirm it yet.
    HandedOver {
        /// The giver's device.
        from: DeviceNumber,
        /// The colleague.
        to: Option<PersonId>,
    },
    /// It could not be delivered, and the courier has it.
    Attempted {
        /// The courier's device.
        courier: DeviceNumber,
        /// A code of `failure_reason`.
        reason: Option<u64>,
    },
    /// The addressee does not want it, and the courier has it.
    Refused {
        /// The courier's device.
        courier: DeviceNumber,
        /// A code of `failure_reason`.
        reason: Option<u64>,
    },
    /// It waits at a drop point, neither open nor delivered.
    AtDropPoint {
        /// The drop point.
        place: Option<RecordId>,
        /// Since when, UTC milliseconds by the clock of whoever placed it.
        since_ms: i64,
        /// Whether somebody saw it there past the keeping days.
        uncollected: bool,
    },
    /// The addressee has it, or somebody on their behalf.
    Delivered {
        /// How.
        how: How,
        /// The device of whoever says so.
        by: DeviceNumber,
    },
    /// A courier brought it back.
    ReturnedToStation {
        /// The station.
        place: Option<RecordId>,
        /// A code of `failure_reason`.
        reason: Option<u64>,
    },
    /// It went back to its sender.
    ReturnedToSender,
    /// It is not to be delivered any more, and nobody carries it.
    Cancelled,
    /// It is another record under a waybill number typed wrong.
    SameAs {
        /// The record that it is.
        record: RecordId,
    },
}

/// How something was delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum How {
    /// To the addressee.
    Addressee,
    /// To somebody on their behalf.
    Proxy,
    /// Collected from a drop point.
    DropPoint {
        /// The drop point.
        place: Option<RecordId>,
        /// How that is known: a code of `how_collected`.
        how: Option<u64>,
    },
}

impl State {
    /// When something that waits at a drop point is overdue, UTC milliseconds: after the `keeping_days` of 24 hours that
    /// the place's plan names, 7 where it names none, or since it was seen there past them. None where it does not wait.
    pub fn overdue_from_ms(&self, keeping_days: Option<u64>) -> Option<i64> {
        let Self::AtDropPoint {
            since_ms,
            uncollected,
            ..
        } = self
        else {
            return None;
        };
        let kept_ms = i64::try_from(keeping_days.unwrap_or(KEEPING_DAYS))
            .unwrap_or(i64::MAX)
            .saturating_mul(DAY_MS);
        Some(if *uncollected {
            *since_ms
        } else {
            since_ms.saturating_add(kept_ms)
        })
    }
}

const DELIVERED: [FactKind; 3] = [kind::DELIVERED, kind::DELIVERED_TO_PROXY, kind::COLLECTED];
const ENDS: [FactKind; 4] = [
    kind::DELIVERED,
    kind::DELIVERED_TO_PROXY,
    kind::COLLECTED,
    kind::RETURNED_TO_SENDER,
];

pub(super) fn read(reading: &Reading<'_>) -> Status {
    if let Some((record, joins)) = reading.joined() {
        return Status::new(super::State::Delivery(State::SameAs { record }), Phase::Ended).ended_by(joins);
    }
    let track = Track {
        of_plan: &[kind::CANCELLED],
        foretold: &[kind::ANNOUNCED],
        claims: &ENDS,
        ends: &ENDS,
        after_end: Some(Code::MovedAfterEnd),
        special: handover::meaning,
        ..Track::of(RecordKind::Delivery, &[])
    };
    let mut contest = Contest::of(reading, &track);
    handover::check(reading, &mut contest);

    let state = contest
        .shown
        .map_or(State::Planned, |shown| state(reading, shown));
    let phase = match state {
        State::Delivered { .. } | State::ReturnedToSender | State::Cancelled | State::SameAs { .. } => {
            Phase::Ended
        }
        State::AtDropPoint { .. } => Phase::Waiting,
        _ => Phase::Open,
    };
    let ends: &[FactKind] = if state == State::Cancelled {
        &[kind::CANCELLED]
    } else {
        &ENDS
    };
    let ends = contest
        .contenders
        .iter()
        .copied()
        .filter(|fact| ends.contains(&fact.kind));
    let mut status = Status::new(super::State::Delivery(state), phase).ended_by(ends);
    let holders: BTreeSet<_> = contest.in_question().filter_map(holder).collect();
    status.holders = holders.into_iter().collect();
    status.handings = handings(&contest);
    status.discrepancies = contest.discrepancies();
    status.discrepancies.extend(cash_differs(reading, &contest));
    status.credits = credit(reading, &contest).into_iter().collect();
    status.notices.extend(reading.done_by_another(&status.credits));
    status.notices.extend(
        reading
            .all(kind::DAMAGED)
            .map(|fact| Notice::Damaged { fact: fact.id }),
    );
    status.notices.append(&mut contest.notices);
    status
}

fn state(reading: &Reading<'_>, shown: &Fact) -> State {
    let place = shown.body.record(field::PLACE);
    let reason = shown.body.uint(field::REASON);
    let device = shown.id.device;
    match shown.kind {
        kind::ANNOUNCED => State::Announced,
        kind::SCANNED_IN => State::AtStation { place },
        kind::LOADED_OUT | kind::TAKEN_OVER => State::InBag { courier: device },
        kind::HANDED_OVER => State::HandedOver {
            from: device,
            to: shown.body.person(field::TO),
        },
        kind::ATTEMPTED => State::Attempted {
            courier: device,
            reason,
        },
        kind::REFUSED => State::Refused {
            courier: device,
            reason,
        },
        kind::PLACED_AT_DROP_POINT | kind::UNCOLLECTED => State::AtDropPoint {
            place,
            since_ms: placed(reading, shown).unwrap_or(shown).stamp.hlc_ms,
            uncollected: shown.kind == kind::UNCOLLECTED,
        },
        kind::DELIVERED => State::Delivered {
            how: How::Addressee,
            by: device,
        },
        kind::DELIVERED_TO_PROXY => State::Delivered {
            how: How::Proxy,
            by: device,
        },
        kind::COLLECTED => {
            let how = How::DropPoint {
                place,
                how: shown.body.uint(field::HOW),
            };
            State::Delivered { how, by: device }
        }
        kind::RETURNED_TO_STATION => State::ReturnedToStation { place, reason },
        kind::RETURNED_TO_SENDER => State::ReturnedToSender,
        kind::CANCELLED => State::Cancelled,
        _ => State::Planned,
    }
}

/// The placing that a fact about a drop point rests on: the latest there that did not come after it.
fn placed<'a>(reading: &Reading<'a>, of: &Fact) -> Option<&'a Fact> {
    let there = reading.all(kind::PLACED_AT_DROP_POINT).filter(|placed| {
        placed.body.get(field::PLACE) == of.body.get(field::PLACE)
            && !reading.order.is_before(of.id, placed.id)
            && !reading.closings.set_aside(placed.id)
    });
    let latest = reading.order.heads(there.map(|fact| fact.id));
    reading.fact(*latest.first()?)
}

fn holder(fact: &Fact) -> Option<Holder> {
    match fact.kind {
        kind::SCANNED_IN | kind::RETURNED_TO_STATION | kind::PLACED_AT_DROP_POINT | kind::UNCOLLECTED => {
            fact.body.record(field::PLACE).map(Holder::Place)
        }
        kind::LOADED_OUT | kind::ATTEMPTED | kind::REFUSED | kind::HANDED_OVER | kind::TAKEN_OVER => {
            Some(Holder::Device(fact.id.device))
        }
        _ => None,
    }
}

fn handings(contest: &Contest<'_>) -> Vec<Handing> {
    let handed = contest
        .contenders
        .iter()
        .filter(|fact| fact.kind == kind::HANDED_OVER);
    let handing = |fact: &&Fact| {
        let to = fact.body.person(field::TO)?;
        Some(Handing {
            fact: fact.id,
            to,
            stands: contest.stands(fact),
        })
    };
    handed.filter_map(handing).collect()
}

/// Delivered, and the cash collected is not what the plan asks for.
fn cash_differs(reading: &Reading<'_>, contest: &Contest<'_>) -> Option<Discrepancy> {
    let delivered = contest.shown.filter(|fact| DELIVERED.contains(&fact.kind))?;
    let asked = u128::from(reading.plan()?.uint("cash_fen").unwrap_or(0));
    let collected = reading.all(kind::CASH_COLLECTED);
    let sum: u128 = collected
        .clone()
        .filter_map(|fact| fact.body.uint(field::FEN))
        .map(u128::from)
        .sum();
    let facts = [delivered.id].into_iter().chain(collected.map(|fact| fact.id));
    (sum != asked)
        .then(|| Discrepancy::new(Code::CashDiffers, facts))
        .and_then(|discrepancy| reading.unless_closed(discrepancy))
}

fn credit(reading: &Reading<'_>, contest: &Contest<'_>) -> Option<Credit> {
    contest.shown.filter(|fact| DELIVERED.contains(&fact.kind))?;
    if contest.withholds_credit() {
        return None;
    }
    let delivered = contest
        .contenders
        .iter()
        .filter(|fact| DELIVERED.contains(&fact.kind));
    // What waits at a drop point was carried by whoever placed it, whoever counts it later.
    let work = delivered.map(|fact| match fact.kind {
        kind::COLLECTED => placed(reading, fact).unwrap_or(fact),
        _ => fact,
    });
    let first = work.map(|fact| fact.id).min()?;
    Some(Credit {
        device: first.device,
        fact: first,
    })
}
