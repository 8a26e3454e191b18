//! 揽收: something collected from a sender.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::contest::{Contest, Track};
use super::reading::Reading;
use super::{Credit, Holder, Notice, Phase, Status};
use crate::codes::CodeList;
use crate::discrepancy::{Code, Discrepancy};
use crate::fact::{Fact, FactKind, field, kinds::pickup as kind};
use crate::id::{DeviceNumber, RecordId};
use crate::kind::RecordKind;

/// Where a pickup is, and its freight subsidy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "PickupState")]
pub struct State {
    /// Where it is.
    #[serde(flatten)]
    pub stage: Stage,
    /// Its freight subsidy.
    pub subsidy: Subsidy,
}

/// Where a pickup is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "PickupStage", tag = "state", rename_all = "snake_case")]
pub enum Stage {
    /// It waits at its sender's.
    Planned,
    /// A courier has it.
    Collected {
        /// The courier's device.
        courier: DeviceNumber,
    },
    /// A carrier does not take it, and whoever offered it has it.
    RefusedByCarrier {
        /// The carrier.
        carrier: Option<RecordId>,
        /// A code of `failure_reason`.
        reason: Option<u64>,
    },
    /// A carrier has it.
    HandedToCarrier {
        /// The carrier.
        carrier: Option<RecordId>,
        /// Its waybill number there.
        waybill: Option<String>,
    },
    /// It arrived.
    Arrived,
    /// It is not to be collected any more, and nobody carries it.
    Cancelled,
    /// It spoiled.
    Spoiled,
    /// It may not be sent, and stays with its sender.
    ProhibitedRefused,
}

/// A freight subsidy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Subsidy {
    /// Nobody claimed it.
    Unclaimed,
    /// It was claimed.
    Claimed,
    /// It was refused.
    Refused,
    /// It was granted.
    Granted,
    /// It was paid out.
    PaidOut,
}

const SUBSIDY: [FactKind; 4] = [
    kind::SUBSIDY_CLAIMED,
    kind::SUBSIDY_REFUSED,
    kind::SUBSIDY_GRANTED,
    kind::PAID_OUT,
];
const CLAIMS: [FactKind; 3] = [kind::COLLECTED, kind::HANDED_TO_CARRIER, kind::PROHIBITED_REFUSED];

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let track = Track {
        of_plan: &[kind::CANCELLED],
        claims: &CLAIMS,
        ..Track::of(RecordKind::Pickup, &SUBSIDY)
    };
    let mut contest = Contest::of(reading, &track);
    let money = Track {
        claims: &SUBSIDY,
        ..Track::of(RecordKind::Pickup, &track.kinds)
    };
    let money = Contest::of(reading, &money);

    let stage = contest.shown.map_or(Stage::Planned, stage);
    let phase = match stage {
        Stage::Planned | Stage::Collected { .. } | Stage::RefusedByCarrier { .. } => Phase::Open,
        _ => Phase::Ended,
    };
    let shown = contest.shown.map(|fact| fact.kind);
    let ends = contest
        .contenders
        .iter()
        .copied()
        .filter(|fact| Some(fact.kind) == shown);
    let state = State {
        stage,
        subsidy: subsidy(&money),
    };
    let mut status = Status::new(super::State::Pickup(state), phase).ended_by(ends);
    let holders: BTreeSet<_> = contest.in_question().filter_map(holder).collect();
    status.holders = holders.into_iter().collect();
    status.discrepancies = contest.discrepancies();
    status.discrepancies.append(&mut money.discrepancies());
    status.discrepancies.extend(subsidy_differs(reading));
    status.discrepancies.extend(out_of_limits(reading));
    status.credits = credit(&contest).into_iter().collect();
    status.notices.extend(reading.done_by_another(&status.credits));
    status.notices.append(&mut contest.notices);
    status.notices.extend(missing_duties(reading, &contest));
    status
}

fn stage(shown: &Fact) -> Stage {
    let carrier = shown.body.record(field::CARRIER);
    match shown.kind {
        kind::COLLECTED => Stage::Collected {
            courier: shown.id.device,
        },
        kind::REFUSED_BY_CARRIER => Stage::RefusedByCarrier {
            carrier,
            reason: shown.body.uint(field::REASON),
        },
        kind::HANDED_TO_CARRIER => {
            let waybill = shown.body.text(field::WAYBILL).map(str::to_owned);
            Stage::HandedToCarrier { carrier, waybill }
        }
        kind::ARRIVED => Stage::Arrived,
        kind::CANCELLED => Stage::Cancelled,
        kind::SPOILED => Stage::Spoiled,
        kind::PROHIBITED_REFUSED => Stage::ProhibitedRefused,
        _ => Stage::Planned,
    }
}

fn subsidy(money: &Contest<'_>) -> Subsidy {
    match money.shown.map(|fact| fact.kind) {
        Some(kind::SUBSIDY_CLAIMED) => Subsidy::Claimed,
        Some(kind::SUBSIDY_REFUSED) => Subsidy::Refused,
        Some(kind::SUBSIDY_GRANTED) => Subsidy::Granted,
        Some(kind::PAID_OUT) => Subsidy::PaidOut,
        _ => Subsidy::Unclaimed,
    }
}

fn holder(fact: &Fact) -> Option<Holder> {
    let in_hand = [kind::COLLECTED, kind::REFUSED_BY_CARRIER].contains(&fact.kind);
    in_hand.then_some(Holder::Device(fact.id.device))
}

/// Something on its way is the work of whoever collected it.
fn credit(contest: &Contest<'_>) -> Option<Credit> {
    contest
        .shown
        .filter(|fact| [kind::HANDED_TO_CARRIER, kind::ARRIVED].contains(&fact.kind))?;
    if contest.withholds_credit() {
        return None;
    }
    let first = |kind| contest.contenders.iter().find(|fact| fact.kind == kind);
    let work = first(kind::COLLECTED).or_else(|| first(kind::HANDED_TO_CARRIER))?;
    Some(Credit {
        device: work.id.device,
        fact: work.id,
    })
}

/// What was paid out that is not what was granted.
fn subsidy_differs(reading: &Reading<'_>) -> Vec<Discrepancy> {
    let Some(granted) = reading.furthest(&[kind::SUBSIDY_GRANTED]) else {
        return Vec::new();
    };
    let other = |paid: &&Fact| paid.body.get(field::FEN) != granted.body.get(field::FEN);
    let differs = |paid: &Fact| Discrepancy::new(Code::SubsidyDiffers, [granted.id, paid.id]);
    reading
        .all(kind::PAID_OUT)
        .filter(other)
        .filter_map(|paid| reading.unless_closed(differs(paid)))
        .collect()
}

/// Readings outside the limits of the plan.
fn out_of_limits(reading: &Reading<'_>) -> Vec<Discrepancy> {
    let Some(plan) = reading.plan() else {
        return Vec::new();
    };
    let (least, most) = (plan.int("cold_min_tenths"), plan.int("cold_max_tenths"));
    let outside = |fact: &&Fact| {
        fact.body.int(field::TEMPERATURE).is_some_and(|tenths| {
            least.is_some_and(|least| tenths < least) || most.is_some_and(|most| tenths > most)
        })
    };
    let found = |fact: &Fact| Discrepancy::new(Code::TemperatureOutOfLimits, [fact.id]);
    reading
        .all(kind::TEMPERATURE)
        .filter(outside)
        .filter_map(|fact| reading.unless_closed(found(fact)))
        .collect()
}

/// What the law wants before something is collected or sent (Express Delivery Interim Regulations 2018: the sender's
/// identity, the contents, screening), and an animal product's certificate.
fn missing_duties<'a>(
    reading: &'a Reading<'_>,
    contest: &Contest<'_>,
) -> impl Iterator<Item = Notice> + use<'a> {
    let shown = contest.shown.map(|fact| fact.kind);
    let sent = shown.is_some_and(|shown| [kind::HANDED_TO_CARRIER, kind::ARRIVED].contains(&shown));
    let collected =
        sent || shown.is_some_and(|shown| [kind::COLLECTED, kind::REFUSED_BY_CARRIER].contains(&shown));
    let certificate = || {
        let goods = reading
            .plan()?
            .uint("goods")
            .and_then(|code| u16::try_from(code).ok())?;
        Some(CodeList::get("goods")?.entry(goods)?.is("quarantine"))
    };
    let duties = [
        (collected, kind::IDENTITY_CHECKED),
        (collected, kind::CONTENTS_INSPECTED),
        (sent, kind::WEIGHED),
        (sent, kind::SCREENED),
        (
            collected && certificate() == Some(true),
            kind::QUARANTINE_CERTIFICATE_SEEN,
        ),
    ];
    let missing = move |(due, duty): (bool, FactKind)| {
        (due && reading.all(duty).next().is_none()).then_some(Notice::DutyMissing { duty })
    };
    duties.into_iter().filter_map(missing)
}
