//! Mutated facts, plan changes, packs and requests against the decoders, the guards, the real admission of a county and
//! the real store of a phone: nothing panics, takes long or much, or is admitted that does not pass the checks, and the
//! county loads afterwards.
//!
//! A seed is a siege of one county: [`EACH`] mutations.

mod besieged;
mod bytes;
mod phone;
pub(crate) mod samples;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use saddlebag_protocol::{Outcome, SyncRequest, from_frame, to_frame};
use saddlebag_records::fact::{Batch, Fact, pack};
use saddlebag_records::id::DeviceNumber;
use saddlebag_records::plan::wire::{self, WireChange};

use super::threads::each_seed;
use super::{Drawn, Report, targets};
use crate::fleet::dice::Dice;
use besieged::Besieged;
use bytes::mutated;
use phone::Phone;

/// The part's name.
pub const PART: &str = "mutations";
/// Mutations of one seed.
pub const EACH: u64 = 1_000;
/// What one input may take at most. An honest one takes a thousandth; this is for a machine that does much else.
const LONGEST: Duration = Duration::from_secs(10);
/// What all of it may take of memory at most, kilobytes: many threads, their stores and all samples.
const MOST_KB: u64 = 1_500_000;

/// Besieges a county with each seed.
pub fn soak(drawn: Drawn, tell: &(dyn Fn(&str) + Sync)) -> Report {
    let mut report = each_seed(PART, drawn, tell, besiege);
    let peak = peak_kb().unwrap_or(0);
    report.count("kB of memory at the peak", peak);
    if peak > MOST_KB {
        report.failed.push(super::Failed {
            part: PART,
            seed: drawn.seed,
            why: format!("{peak} kB of memory at the peak"),
        });
    }
    report
}

fn besiege(seed: u64) -> Result<Report> {
    let folder = tempfile::Builder::new().prefix("saddlebag-siege-").tempdir()?;
    let mut county = Besieged::found(folder.path(), seed)?;
    let phone = Phone::new(&folder.path().join("phone"), seed, &mut county)?;
    let mut siege = Siege {
        dice: Dice::new(seed, "siege"),
        county,
        phone,
        report: Report::default(),
        longest: Duration::ZERO,
    };
    let mut done = 0;
    while done < EACH {
        let began = Instant::now();
        done += siege.assault()?;
        siege.longest = siege.longest.max(began.elapsed());
    }
    let Siege {
        county,
        phone,
        mut report,
        longest,
        ..
    } = siege;
    ensure!(longest < LONGEST, "one input took {longest:?}");
    phone.still_works()?;
    let admitted = county.holds()?;
    report.count("mutations", done);
    report.count("facts admitted by a county", admitted.facts);
    report.count("plan changes admitted by a county", admitted.changes);
    report.count("held", admitted.held);
    report.count("read again by an honest phone", admitted.pulled);
    Ok(report)
}

struct Siege<'a> {
    dice: Dice,
    county: Besieged<'a>,
    phone: Phone,
    report: Report,
    longest: Duration,
}

impl Siege<'_> {
    /// One assault; how many mutations it was.
    fn assault(&mut self) -> Result<u64> {
        match self.dice.below(100) {
            0..=29 => self.bytes_of_a_fact(),
            30..=49 => self.a_change(),
            50..=59 => self.a_pack(),
            60..=69 => self.a_request(),
            70..=84 => self.facts_of_a_device(),
            85..=92 => self.changes_of_a_device(),
            93..=95 => self.a_signed_pack(),
            _ => self.a_page(),
        }
    }

    fn count(&mut self, what: &str, many: u64) -> Result<u64> {
        self.report.count(what, many);
        Ok(many)
    }

    fn bytes_of_a_fact(&mut self) -> Result<u64> {
        let bytes = mutated(&self.dice.pick(samples::facts()).encode(), &mut self.dice);
        targets::fact(&bytes);
        self.count("mutated facts at the decoder", 1)
    }

    fn a_change(&mut self) -> Result<u64> {
        let which = self.dice.below(targets::plans().len());
        let plan = targets::plans().get(which).context("a plan")?;
        let change = mutated(targets::contents(&plan.next), &mut self.dice);
        let input = [&[u8::try_from(which << 1)?], &change[..]].concat();
        if self.dice.percent(50) {
            targets::plan_guard(&input);
            self.count("mutated plan changes at the county's guard", 1)
        } else {
            targets::phone_guard(&input);
            self.count("mutated plan changes at the phone's guard", 1)
        }
    }

    /// A batch of facts from one device, in its order.
    fn some_facts(&mut self, at: usize, most: usize) -> Result<Vec<Fact>> {
        let authors: Vec<DeviceNumber> = self.county.devices.iter().map(|device| device.number()).collect();
        let mut next = self.county.devices.get(at).context("a device")?.next_id();
        let mut facts = Vec::new();
        while facts.len() < most {
            let mut fact = samples::forged(&mut self.dice, &authors);
            fact.id = next;
            // What is no fact at all has its own assault.
            if Fact::decode(&fact.encode()).is_ok() {
                next.n += 1;
                facts.push(fact);
            }
        }
        Ok(facts)
    }

    fn some_changes(&mut self, at: usize) -> Result<Vec<WireChange>> {
        let actor = self.county.devices.get(at).context("a device")?.actor;
        let mut changes = Vec::new();
        for _ in 0..self.dice.between(1, 12) {
            let which = self.dice.below(targets::plans().len());
            let plan = targets::plans().get(which).context("a plan")?;
            let record = samples::record_of(plan.kind, &mut self.dice);
            let snapshot = self.county.snapshot(record, plan.kind)?;
            let edits = super::filled::fill_all(plan.kind, u8::try_from(self.dice.below(256))?);
            let honest = saddlebag_records::plan::edit(plan.kind, snapshot.as_deref(), actor, &edits);
            let Ok(Some(honest)) = honest else { continue };
            let bytes = if self.dice.percent(30) {
                honest.change
            } else {
                targets::framed(&mutated(targets::contents(&honest.change), &mut self.dice))
            };
            changes.push(WireChange {
                record,
                kind: plan.kind,
                bytes,
            });
        }
        Ok(changes)
    }

    fn a_pack(&mut self) -> Result<u64> {
        if self.dice.percent(50) {
            let facts = self.some_facts(0, 8)?;
            let side = facts
                .iter()
                .map(|fact| samples::side(fact, &mut self.dice))
                .collect();
            let packed = pack(&Batch { facts, side });
            targets::packed_facts(&mutated(&packed, &mut self.dice));
            self.count("mutated packs of facts", 1)
        } else {
            let packed = wire::pack(&self.some_changes(0)?);
            targets::packed_changes(&mutated(&packed, &mut self.dice));
            self.count("mutated packs of plan changes", 1)
        }
    }

    /// A request with a signature that was right, at the decoder and, where it decodes, at the county.
    fn a_request(&mut self) -> Result<u64> {
        let at = self.dice.below(self.county.devices.len());
        let facts = self.some_facts(at, 3)?;
        let changes = self.some_changes(at)?;
        let device = self.county.devices.get_mut(at).context("a device")?;
        let packed = pack(&Batch {
            facts,
            side: Vec::new(),
        });
        let request = SyncRequest {
            push: Some(device.signed(Some(packed), Some(wire::pack(&changes)))),
            budget: self.dice.percent(30).then_some(9),
            checkpoints: self.dice.percent(20).then(Vec::new),
            actors: self.dice.percent(20).then(|| vec![[5; 16].into()]),
            one_time_left: self.dice.percent(20).then_some(3),
            ..SyncRequest::default()
        };
        let mut bare = Vec::new();
        // Writing to a Vec cannot fail.
        let _ = minicbor::encode(&request, &mut bare);
        let bare = mutated(&bare, &mut self.dice);
        targets::request(&bare);
        targets::request(&mutated(&to_frame(&request, 3), &mut self.dice));
        if let Ok(request) = minicbor::decode::<SyncRequest>(&bare) {
            let frame: SyncRequest = from_frame(&to_frame(&request, 3)).context("a request in a frame")?;
            if let Ok(answer) = self.county.ask(at, frame)? {
                // Its push was not touched, or the device forked by it: it goes on as another.
                let pushed = answer.receipts.is_some() || answer.code.is_some();
                if pushed {
                    self.county.replace(at)?;
                }
            }
            self.report
                .count("mutated requests carried out or refused by a county", 1);
        }
        self.count("mutated requests at the decoder", 2)
    }

    fn facts_of_a_device(&mut self) -> Result<u64> {
        let at = self.dice.below(self.county.devices.len());
        let most = self.dice.below(40) + 1;
        let facts = self.some_facts(at, most)?;
        let mut side = Vec::new();
        for fact in &facts {
            if self.dice.percent(20) {
                side.push(samples::side(fact, &mut self.dice));
            }
        }
        let receipts = self.county.push(at, &facts, side, &[])?;
        self.tell(
            receipts
                .as_ref()
                .map(|receipts| &receipts.facts)
                .into_iter()
                .flatten()
                .map(|one| (&one.outcome, one.to - one.from + 1)),
        );
        self.count("forged facts at admission", facts.len() as u64)
    }

    fn changes_of_a_device(&mut self) -> Result<u64> {
        let at = self.dice.below(self.county.devices.len());
        let changes = self.some_changes(at)?;
        if changes.is_empty() {
            return Ok(0);
        }
        let receipts = self.county.push(at, &[], Vec::new(), &changes)?;
        self.tell(
            receipts
                .as_ref()
                .map(|receipts| &receipts.changes)
                .into_iter()
                .flatten()
                .map(|one| (&one.outcome, one.to - one.from + 1)),
        );
        self.count("mutated plan changes at admission", changes.len() as u64)
    }

    fn tell<'b>(&mut self, outcomes: impl Iterator<Item = (&'b Outcome, u64)>) {
        for (outcome, many) in outcomes {
            let what = match outcome {
                Outcome::Admitted => "answered admitted",
                Outcome::Held(_) => "answered held",
                Outcome::Superseded => "answered superseded",
                Outcome::Refused(_) => "answered refused",
                Outcome::Gone => "answered gone",
                Outcome::Later => "answered later",
            };
            self.report.count(what, many);
        }
    }

    /// A pack that was mutated before it was signed.
    fn a_signed_pack(&mut self) -> Result<u64> {
        let at = self.dice.below(self.county.devices.len());
        let facts = self.some_facts(at, 6)?;
        let changes = wire::pack(&self.some_changes(at)?);
        let packed = mutated(
            &pack(&Batch {
                facts,
                side: Vec::new(),
            }),
            &mut self.dice,
        );
        let changes = mutated(&changes, &mut self.dice);
        let device = self.county.devices.get_mut(at).context("a device")?;
        let request = SyncRequest {
            push: Some(device.signed(Some(packed), self.dice.percent(50).then_some(changes))),
            ..SyncRequest::default()
        };
        if self.county.ask(at, request)?.is_ok() {
            // Whatever it wrote there, it goes on as another device.
            self.county.replace(at)?;
        }
        self.count("mutated packs under a good signature", 1)
    }

    /// A page of a county that lies, at a phone.
    fn a_page(&mut self) -> Result<u64> {
        let facts = self.some_facts(0, 6)?;
        let changes = self.some_changes(0)?;
        let side = facts
            .iter()
            .map(|fact| samples::side(fact, &mut self.dice))
            .collect();
        let many = (facts.len() + changes.len()) as u64;
        self.phone
            .is_told(Batch { facts, side }, changes, &mut self.dice)?;
        self.count("forged facts and mutated changes in a page at a phone", many)
    }
}

/// The most memory that this process ever had, kilobytes.
fn peak_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
