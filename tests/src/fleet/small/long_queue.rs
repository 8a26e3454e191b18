//! A courier who is away for weeks: thousands of facts wait, and go over a link that cuts every few kilobytes.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use saddlebag_records::fact::{Body, field, kinds::delivery};
use saddlebag_replica::{NewFact, ScanFor, ScanOutcome};

use super::{Fleet, Template};
use crate::county::DAY_MS;
use crate::fleet::checker;
use crate::fleet::dice::Dice;
use crate::fleet::gathering::{Traveller, gather};
use crate::fleet::ledger::Saves;
use crate::link::Weather;

/// What the days came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Queue {
    /// Facts that waited.
    pub facts: u64,
    /// Edits of plans that waited.
    pub edits: u64,
    /// Requests that it took.
    pub requests: u64,
    /// Connections that were cut.
    pub cuts: u64,
    /// Bytes that it took, headers and what cuts wasted included.
    pub bytes_up: u64,
}

/// Parcels of a day; three facts for each.
const PARCELS: usize = 150;
/// Where the link cuts, bytes.
const CUT: u64 = 3_000;

/// Lets one phone work so many days without signal, then sync, and checks that all of it came.
///
/// # Errors
/// Where something is lost, or there twice.
pub fn live(template: &Template, seed: u64, days: usize, folder: &Path) -> Result<Queue> {
    let mut fleet = Fleet::set_up(template, seed, folder)?;
    fleet.sync_in_peace()?;
    fleet.phones.truncate(1);
    let mut dice = Dice::new(seed, "long queue");
    for day in 0..days {
        fleet.a_day(day, &mut dice)?;
    }
    let before = fleet.links.counted();
    let phone = fleet.phones.first_mut().context("a phone")?;
    fleet.timeline.bring_server_along()?;
    fleet.links.change_weather(&Weather::cuts_after(CUT));
    phone.clock.told();
    let traveller = Traveller {
        who: phone.who,
        replica: phone.replica.clone(),
        address: fleet.links.url(phone.who)?,
    };
    fleet.door.set(true);
    let sum = gather(vec![traveller], &fleet.door, 0, dice, || Ok(()))?;
    let counted = fleet.links.counted();
    let county = fleet.county_at_rest()?;
    checker::check_after_kill(&fleet.ledger, &county, &fleet.phones, &mut fleet.found)?;
    checker::check_doubles(&fleet.ledger, &county, &mut fleet.found);
    let wrong = fleet.found_so_far();
    ensure!(wrong.is_empty(), "{wrong}");
    for saved in &fleet.ledger.facts {
        ensure!(
            county.has(saved.fact.id, saved.hash),
            "{} did not arrive",
            saved.fact.id
        );
    }
    Ok(Queue {
        facts: fleet.ledger.facts.len() as u64,
        edits: fleet.ledger.changes.len() as u64,
        requests: sum.requests,
        cuts: counted.cuts - before.cuts,
        bytes_up: counted.bytes_up - before.bytes_up,
    })
}

impl Fleet {
    fn a_day(&mut self, day: usize, dice: &mut Dice) -> Result<()> {
        let begins = self.world.day_ms(0) + i64::try_from(day)? * DAY_MS;
        let phone = self.phones.first_mut().context("a phone")?;
        for parcel in 0..PARCELS {
            let at_ms = begins + i64::try_from(parcel)? * 180_000;
            self.timeline.advance_to(at_ms);
            phone.clock.pass_to(at_ms);
            let waybill = format!("SBQ{day:03}{parcel:04}");
            let scanned = phone
                .replica
                .scan(&waybill, ScanFor::LoadingOut { place: None })?;
            let ScanOutcome::New { record } = scanned else {
                bail!("{scanned:?}")
            };
            let absent = Body::new().with(field::REASON, 1u64);
            phone
                .replica
                .record(NewFact::new(record, delivery::ATTEMPTED, absent))?;
            let (kind, body) = if dice.percent(80) {
                (delivery::DELIVERED, Body::new().with(field::PROOF, 1u64))
            } else {
                (delivery::REFUSED, Body::new().with(field::REASON, 8u64))
            };
            phone.replica.record(NewFact::new(record, kind, body))?;
        }
        let far_off = phone.clock.may_be_far_off();
        self.ledger
            .take_down(phone, Saves::Facts, self.timeline.now_ms(), far_off)?;
        Ok(())
    }
}
