//! What can go wrong, how often, and what is done then.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use saddlebag_protocol::ErrorCode;
use saddlebag_replica::sync::{Patience, SyncError, SyncOptions};

use super::Fleet;
use crate::fleet::clocks::HOUR_MS;
use crate::fleet::courier::Phone;
use crate::fleet::dice::Dice;
use crate::fleet::script::{CountyAct, Script};
use crate::fleet::strike;
use crate::fleet::world::{Who, World};
use crate::link::Weather;

/// Something that goes wrong between two acts. Cuts, lost answers, duplicates and the server's death in the middle of a
/// request come with every gathering besides.
///
/// One more is a variant here, a row of [`Trouble::ALL`] and an arm of `Fleet::befalls`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A phone is killed and opened again from what its disk holds.
    PhoneKilled,
    /// A phone is switched off and on.
    PhoneRestarted,
    /// A phone has a bar of signal for a moment, and syncs as far as it gets.
    MomentOfSignal,
    /// A phone is killed while it syncs: an answer has come and is not taken in.
    KilledWhileSyncing,
    /// The server is killed while nobody speaks to it.
    ServerKilled,
    /// The county is backed up.
    BackedUp,
    /// The county's disk dies, and it is restored from the last backup.
    DiskLost,
    /// A phone writes, syncs and is put back to a copy of before; then it writes on.
    PhonePutBack,
    /// A phone's folder is copied to another phone, and both write on.
    PhoneCopied,
}

impl Trouble {
    /// Each with its weight and its name.
    pub const ALL: [(Self, usize, &'static str); 9] = [
        (Self::PhoneKilled, 3, "phones killed"),
        (Self::PhoneRestarted, 2, "phones restarted"),
        (Self::MomentOfSignal, 4, "moments of signal"),
        (Self::KilledWhileSyncing, 3, "phones killed while syncing"),
        (Self::ServerKilled, 1, "servers killed at rest"),
        (Self::BackedUp, 2, "backups"),
        (Self::DiskLost, 1, "disks lost"),
        (Self::PhonePutBack, 2, "phones put back"),
        (Self::PhoneCopied, 2, "phones copied"),
    ];

    fn drawn(dice: &mut Dice) -> Self {
        let mut at = dice.below(Self::ALL.iter().map(|(_, weight, _)| weight).sum());
        for (trouble, weight, _) in Self::ALL {
            if at < weight {
                return trouble;
            }
            at -= weight;
        }
        Self::PhoneKilled
    }

    /// What it is called in the count.
    pub fn name(self) -> &'static str {
        let row = Self::ALL.iter().find(|(trouble, ..)| *trouble == self);
        row.map_or("", |(_, _, name)| name)
    }
}

/// A trouble, when, and whose.
#[derive(Clone, Copy, Debug)]
pub(super) struct Happens {
    pub(super) at_ms: i64,
    pub(super) who: Who,
    pub(super) trouble: Trouble,
}

/// The most troubles of one fleet.
const MOST: i64 = 8;

/// The troubles of a seed: some while everybody is out, some when they are back.
pub(super) fn draw(world: &World, script: &Script) -> Vec<Happens> {
    let mut dice = Dice::new(world.seed, "troubles");
    let phones = world.phones();
    let first = world.day_ms(0) + 6 * 60_000;
    let last = script.gatherings.iter().map(|gathering| gathering.at_ms).max();
    let last = last.unwrap_or(first) - HOUR_MS;
    (0..dice.between(1, MOST))
        .map(|_| Happens {
            at_ms: dice.between(first, last.max(first)),
            who: *dice.pick(&phones),
            trouble: Trouble::drawn(&mut dice),
        })
        .map(|happens| before_everybody_comes(happens, script))
        .collect()
}

/// A disk dies just before everybody syncs: until then no dispatcher could go on with what it took with it.
fn before_everybody_comes(happens: Happens, script: &Script) -> Happens {
    let mut everybody = script.gatherings.iter().filter(|gathering| gathering.everybody);
    let next = everybody.find(|gathering| gathering.at_ms > happens.at_ms);
    match (happens.trouble, next) {
        (Trouble::DiskLost, Some(next)) => Happens {
            at_ms: next.at_ms - 1,
            ..happens
        },
        _ => happens,
    }
}

/// Puts the list with the late parcels at some moment of the day or the next: before they are found, after they were
/// brought, after the county heard of that. Nobody assigns them then: what has ended cannot be.
pub(super) fn late_list(world: &World, script: &mut Script) {
    let mut dice = Dice::new(world.seed, "late list");
    script
        .county
        .retain(|step| !matches!(step.act, CountyAct::Assign { .. }));
    let first = world.day_ms(0) + HOUR_MS;
    for step in &mut script.county {
        if matches!(step.act, CountyAct::ImportLate) {
            step.at_ms = dice.between(first, world.day_ms(1) + 2 * HOUR_MS);
        }
    }
}

/// How good a link is this time.
pub(super) fn weather(dice: &mut Dice) -> Weather {
    let bad = Weather {
        delay_ms: 0..1,
        bytes_a_second: None,
        ..Weather::bad()
    };
    match dice.below(6) {
        0 => Weather::clear(),
        1 => Weather {
            cut: 700,
            cut_at: 0..6_000,
            ..bad
        },
        2 => Weather {
            lose_answer: 500,
            ..bad
        },
        3 => Weather {
            duplicate: 600,
            ..bad
        },
        _ => bad,
    }
}

/// Up to ten milliseconds: within them the server has read a request, judged it, committed and answered.
pub(super) fn a_moment(dice: &mut Dice) -> Duration {
    Duration::from_micros(dice.below(10_000) as u64)
}

impl Fleet {
    pub(super) fn trouble(&mut self, at: usize) -> Result<()> {
        let happens = *self.troubles.get(at).context("a trouble")?;
        *self.happened.entry(happens.trouble.name()).or_default() += 1;
        let dice = Dice::new(self.world.seed, &format!("trouble {at}"));
        self.befalls(happens, at, dice)
            .with_context(|| format!("{happens:?}"))
    }

    fn befalls(&mut self, happens: Happens, at: usize, mut dice: Dice) -> Result<()> {
        let Happens { who, at_ms, trouble } = happens;
        match trouble {
            Trouble::BackedUp => return self.back_up(),
            Trouble::DiskLost => return self.lose_the_disk(),
            Trouble::PhonePutBack => return self.put_back(who, at_ms, at),
            Trouble::PhoneCopied => return self.copy(who, at_ms, at),
            _ => {}
        }
        let Self {
            world,
            links,
            door,
            server,
            ledger,
            phones,
            found,
            folder,
            timeline,
            ..
        } = self;
        if trouble == Trouble::ServerKilled {
            return strike(server, links, door, ledger, phones, found, folder);
        }
        let phone = phones.iter_mut().find(|phone| phone.who == who);
        let phone = phone.context("a phone")?;
        phone.clock.pass_to(at_ms);
        let disks = folder.join("phones");
        match trouble {
            Trouble::PhoneKilled => phone.is_killed(world, &disks, at)?,
            Trouble::PhoneRestarted => phone.clock.reboot(),
            Trouble::MomentOfSignal | Trouble::KilledWhileSyncing => {
                timeline.bring_server_along()?;
                links.change_weather_of(who, &weather(&mut dice));
                let killed = trouble == Trouble::KilledWhileSyncing;
                let answers = if killed {
                    dice.between(1, 4).unsigned_abs()
                } else {
                    u64::MAX
                };
                let tries = u32::try_from(dice.between(1, 4)).unwrap_or(1);
                if a_while(phone, links.url(who)?, tries, answers)? {
                    phone.clock.told();
                }
                if killed {
                    phone.is_killed(world, &disks, at)?;
                }
            }
            Trouble::ServerKilled
            | Trouble::BackedUp
            | Trouble::DiskLost
            | Trouble::PhonePutBack
            | Trouble::PhoneCopied => {}
        }
        self.follow_names()
    }

    pub(super) fn back_up(&mut self) -> Result<()> {
        self.timeline.bring_server_along()?;
        self.backup = Some(self.county.backup()?);
        Ok(())
    }

    /// Where there is no backup yet, the disk lives until one was taken.
    fn lose_the_disk(&mut self) -> Result<()> {
        if self.backup.is_none() {
            self.back_up()?;
        }
        let backup = self.backup.as_ref().context("a backup")?;
        self.server.kill()?;
        self.county.lose_the_disk_and_restore(backup)?;
        self.links.lead_to(self.server.start_again()?);
        self.ledger.county_lacks = true;
        Ok(())
    }
}

/// Syncs with so many tries in a row, and no further than the answer of this number. Whether the county's time came.
fn a_while(phone: &Phone, address: String, tries: u32, answers: u64) -> Result<bool> {
    let options = SyncOptions {
        address: Some(address),
        patience: Patience {
            first: Duration::ZERO,
            longest: Duration::ZERO,
            failures: tries,
        },
        ..SyncOptions::default()
    };
    let (come, cancel) = (Arc::new(AtomicU64::new(0)), options.cancel.clone());
    let counted = come.clone();
    let bytes = AtomicU64::new(0);
    let options = SyncOptions {
        progress: Some(Arc::new(move |progress| {
            if bytes.swap(progress.bytes_down, Ordering::Relaxed) < progress.bytes_down
                && counted.fetch_add(1, Ordering::Relaxed) + 1 >= answers
            {
                cancel.cancel();
            }
        })),
        ..options
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match runtime.block_on(phone.replica.sync(options)) {
        Ok(_) | Err(SyncError::Cancelled | SyncError::Refused(ErrorCode::Busy | ErrorCode::Timeout)) => {}
        Err(SyncError::Link(error)) if error.is_passing() => {}
        Err(error) => return Err(error.into()),
    }
    // The answer that it was killed at may have been taken in or not.
    Ok(come.load(Ordering::Relaxed) > u64::from(answers != u64::MAX))
}
