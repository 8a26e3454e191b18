//! A phone whose county lies to it.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use saddlebag_protocol::{Forget, ForgetReason, RemovedSide};
use saddlebag_records::fact::Batch;
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};
use saddlebag_records::plan::wire::{NewerChange, WireChange};
use saddlebag_replica::surroundings::{HandClock, SeededRandomness, Surroundings, TrustedRoots};
use saddlebag_replica::{Answer, AuthorOf, Enrolment, PageContent, Replica, StoreKey};

use super::besieged::{Besieged, NOW_MS};
use super::samples::any_record;
use crate::fleet::dice::Dice;

/// A real replica, enrolled.
pub(super) struct Phone {
    replica: Replica,
    told: u64,
}

impl Phone {
    pub(super) fn new(folder: &Path, seed: u64, county: &mut Besieged<'_>) -> Result<Self> {
        let surroundings = Surroundings {
            clock: Arc::new(HandClock::at_wall(NOW_MS)),
            randomness: Arc::new(SeededRandomness::new(seed)),
            built_ms: NOW_MS - 86_400_000,
            roots: TrustedRoots::bundled(),
        };
        let replica = Replica::open(folder, StoreKey([7; 32]), surroundings)?;
        let keys = replica.draw_enrolment_keys();
        let answer = county.enrol(PersonId([100; 16]), keys.public_key(), keys.actor)?;
        replica.keep_enrolment(&Enrolment {
            server: "http://127.0.0.1:9".into(),
            keys,
            answer,
        })?;
        Ok(Self { replica, told: 0 })
    }

    /// Takes a page with these facts and changes in, and some words that leave records or side values out.
    pub(super) fn is_told(&mut self, facts: Batch, changes: Vec<WireChange>, dice: &mut Dice) -> Result<()> {
        self.told += 1;
        let some = |dice: &mut Dice| any_record(dice).0;
        let removed_side = facts
            .side
            .iter()
            .filter(|_| dice.percent(10))
            .map(|side| RemovedSide {
                record: side.record.0,
                device: side.fact.device.0,
                n: side.fact.n,
                name: side.name as u8,
            });
        let removed_side = removed_side.collect();
        let reasons = [
            ForgetReason::NoLongerVisible,
            ForgetReason::Retention,
            ForgetReason::Person,
        ];
        let forget = (0..dice.below(2)).map(|_| Forget {
            record: some(dice),
            reason: *dice.pick(&reasons),
        });
        let forget = forget.collect();
        let newer_changes = (0..dice.below(2)).map(|_| NewerChange {
            record: RecordId(some(dice)),
            kind: 200,
            bytes: dice.name().repeat(3),
        });
        let newer_changes = newer_changes.collect();
        let authors = facts.facts.iter().map(|fact| AuthorOf {
            device: DeviceNumber(fact.id.device.0),
            person: PersonId(some(dice)),
        });
        let page = PageContent {
            authors: authors.collect(),
            facts,
            changes,
            newer_changes,
            removed_side,
            forget,
        };
        self.replica
            .apply(&Answer {
                county_time_ms: NOW_MS,
                page,
                position: self.told,
                ..Answer::default()
            })
            .context("a page that lies is taken as far as it can be")?;
        Ok(())
    }

    /// Everything that a screen reads can be read, and something can be written.
    pub(super) fn still_works(&self) -> Result<()> {
        self.replica.today()?;
        self.replica.unsent()?;
        self.replica.cash()?;
        self.replica.search("13812345678", None, 50)?;
        for record in 0..=u8::MAX {
            let id = RecordId([record; 16]);
            match self.replica.show(id) {
                Ok(_) => {}
                Err(error) if error.code() == "unknown_record" => {}
                Err(error) => return Err(error).with_context(|| format!("{id} on the phone")),
            }
        }
        let scanned = self.replica.scan(
            "SBSOAK0001",
            saddlebag_replica::ScanFor::LoadingOut { place: None },
        );
        scanned.context("the phone cannot write any more")?;
        Ok(())
    }
}
