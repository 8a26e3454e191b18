//! 代办: shopping or a service for somebody.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::contest::{Contest, Track};
use super::reading::Reading;
use super::{Credit, Holder, Phase, Status};
use crate::fact::{Fact, FactKind, kinds::errand as kind};
use crate::id::DeviceNumber;
use crate::kind::RecordKind;

/// Where an errand is. Its money is the ledger's matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "ErrandState", tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Somebody asked for it.
    Planned,
    /// A courier does it.
    Accepted {
        /// The courier's device.
        courier: DeviceNumber,
    },
    /// Something could not be had.
    NotToBeHad {
        /// The courier's device.
        courier: DeviceNumber,
    },
    /// Something was bought.
    Bought {
        /// The courier's device.
        courier: DeviceNumber,
    },
    /// It is not wanted any more.
    Cancelled,
    /// Whoever asked for it has it.
    Delivered {
        /// The courier's device.
        by: DeviceNumber,
    },
}

const CLAIMS: [FactKind; 2] = [kind::BOUGHT, kind::DELIVERED_AND_CONFIRMED];

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let track = Track {
        of_plan: &[kind::CANCELLED],
        claims: &CLAIMS,
        ends: &[kind::DELIVERED_AND_CONFIRMED],
        ..Track::of(RecordKind::Errand, &[])
    };
    let mut contest = Contest::of(reading, &track);
    let state = contest.shown.map_or(State::Planned, state);
    let (phase, end) = match state {
        State::Delivered { .. } => (Phase::Ended, kind::DELIVERED_AND_CONFIRMED),
        State::Cancelled => (Phase::Ended, kind::CANCELLED),
        _ => (Phase::Open, kind::DELIVERED_AND_CONFIRMED),
    };
    let ends = contest.contenders.iter().copied().filter(|fact| fact.kind == end);
    let mut status = Status::new(super::State::Errand(state), phase).ended_by(ends);
    let holders: BTreeSet<_> = contest.in_question().filter_map(holder).collect();
    status.holders = holders.into_iter().collect();
    status.discrepancies = contest.discrepancies();
    status.credits = credit(&contest).into_iter().collect();
    status.notices.extend(reading.done_by_another(&status.credits));
    status.notices.append(&mut contest.notices);
    status
}

fn state(shown: &Fact) -> State {
    let courier = shown.id.device;
    match shown.kind {
        kind::ACCEPTED => State::Accepted { courier },
        kind::NOT_TO_BE_HAD => State::NotToBeHad { courier },
        kind::BOUGHT => State::Bought { courier },
        kind::CANCELLED => State::Cancelled,
        kind::DELIVERED_AND_CONFIRMED => State::Delivered { by: courier },
        _ => State::Planned,
    }
}

fn holder(fact: &Fact) -> Option<Holder> {
    let in_hand = [kind::ACCEPTED, kind::NOT_TO_BE_HAD, kind::BOUGHT].contains(&fact.kind);
    in_hand.then_some(Holder::Device(fact.id.device))
}

fn credit(contest: &Contest<'_>) -> Option<Credit> {
    contest
        .shown
        .filter(|fact| fact.kind == kind::DELIVERED_AND_CONFIRMED)?;
    if contest.withholds_credit() {
        return None;
    }
    let work = contest
        .contenders
        .iter()
        .find(|fact| fact.kind == kind::DELIVERED_AND_CONFIRMED)?;
    Some(Credit {
        device: work.id.device,
        fact: work.id,
    })
}
