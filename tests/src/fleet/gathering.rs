//! Everybody syncs at once, through their own bad links, while the server is killed and comes back.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, ensure};
use saddlebag_protocol::ErrorCode;
use saddlebag_replica::Replica;
use saddlebag_replica::sync::{Patience, Progress, SyncError, SyncOptions, Synced};

use super::dice::Dice;
use super::world::Who;

/// Tries of one phone in one gathering, after which something is wrong with more than the link.
const MOST_SESSIONS: usize = 400;
/// Without a word from any phone for so long, something hangs.
const SILENCE: Duration = Duration::from_secs(180);

/// Whether the server can be reached: what phones wait for.
#[derive(Clone, Default)]
pub(crate) struct Door(Arc<(Mutex<bool>, Condvar)>);

impl Door {
    /// Opens or shuts it.
    pub(crate) fn set(&self, open: bool) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = open;
        self.0.1.notify_all();
    }

    fn wait(&self) {
        let open = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.0.1.wait_while(open, |open| !*open));
    }
}

/// What syncing came to, all phones together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Synchronised {
    /// Sessions.
    pub(crate) syncs: u64,
    /// Requests, answered or not.
    pub(crate) requests: u64,
}

/// A phone on its way to the county.
pub(crate) struct Traveller {
    pub(crate) who: Who,
    pub(crate) replica: Replica,
    pub(crate) address: String,
}

enum Event {
    /// A phone has an answer, and shows as safe what it sent, if it sent anything.
    Answered { confirmed: bool },
    /// A phone has exchanged everything, or cannot.
    Arrived(Who, Result<Synchronised>),
}

/// When the server is killed next: right after a phone showed something as safe, while the others are in the middle of
/// their exchanges; or, where little is sent, after some answers.
struct Aim {
    confirmed: usize,
    answered: usize,
}

impl Aim {
    /// Drawn so that all kills fall before everybody has arrived, however few exchanges there are.
    fn draw(travellers: usize, kills: usize, dice: &mut Dice) -> Self {
        let share = (travellers / kills.max(1)).max(1);
        Self {
            confirmed: 1 + dice.below(share),
            answered: 1 + share / 2 + dice.below(share.div_ceil(2)),
        }
    }

    /// Whether this event is the one.
    fn is_hit_by(&mut self, event: &Event) -> bool {
        let Event::Answered { confirmed } = event else {
            return false;
        };
        self.answered = self.answered.saturating_sub(1);
        self.confirmed = self.confirmed.saturating_sub(usize::from(*confirmed));
        self.confirmed == 0 || self.answered == 0
    }
}

/// Lets all of them sync until each has exchanged everything. `strike` is called at `kills` moments drawn from the
/// seed; it kills the server, and the door must be open again when it returns.
pub(crate) fn gather(
    travellers: Vec<Traveller>,
    door: &Door,
    kills: usize,
    mut dice: Dice,
    mut strike: impl FnMut() -> Result<()>,
) -> Result<Synchronised> {
    let count = travellers.len();
    let (events, heard) = mpsc::channel();
    let aims = (0..kills).map(|_| Aim::draw(count, kills, &mut dice)).collect();
    std::thread::scope(|scope| {
        for traveller in travellers {
            let (events, door) = (events.clone(), door.clone());
            scope.spawn(move || travel(&traveller, &door, &events));
        }
        drop(events);
        let done = listen(&heard, count, aims, &mut strike);
        // Whoever still waits at the door ends by themselves.
        door.set(true);
        done
    })
}

fn listen(
    heard: &Receiver<Event>,
    count: usize,
    mut aims: Vec<Aim>,
    strike: &mut impl FnMut() -> Result<()>,
) -> Result<Synchronised> {
    let mut sum = Synchronised::default();
    let mut arrived = |event: Event| -> Result<usize> {
        let Event::Arrived(who, result) = event else {
            return Ok(0);
        };
        let one = result.with_context(|| format!("{who:?} syncs"))?;
        sum.syncs += one.syncs;
        sum.requests += one.requests;
        Ok(1)
    };
    let mut left = count;
    while left > 0 {
        let event = heard
            .recv_timeout(SILENCE)
            .context("no phone has said anything for minutes")?;
        let hit = aims.last_mut().is_some_and(|aim| aim.is_hit_by(&event));
        left -= arrived(event)?;
        if hit {
            aims.pop();
            strike()?;
            // What was said before the server was gone is no reason to kill it again.
            for event in heard.try_iter() {
                left -= arrived(event)?;
            }
        }
    }
    Ok(sum)
}

fn travel(traveller: &Traveller, door: &Door, events: &Sender<Event>) {
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| sync(traveller, door, events)));
    let result = result.unwrap_or_else(|_| Err(anyhow!("a panic")));
    let _ = events.send(Event::Arrived(traveller.who, result));
}

fn sync(traveller: &Traveller, door: &Door, events: &Sender<Event>) -> Result<Synchronised> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut sum = Synchronised::default();
    loop {
        door.wait();
        sum.syncs += 1;
        ensure!(
            sum.syncs < MOST_SESSIONS as u64,
            "{MOST_SESSIONS} sessions were not enough"
        );
        let last = Arc::new(Mutex::new(Progress::default()));
        let (told, events) = (last.clone(), events.clone());
        let options = SyncOptions {
            address: Some(traveller.address.clone()),
            // Simulated days do not wait for real seconds.
            patience: Patience {
                first: Duration::ZERO,
                longest: Duration::ZERO,
                failures: 6,
            },
            progress: Some(Arc::new(move |progress| {
                let mut last = told.lock().unwrap_or_else(PoisonError::into_inner);
                let before = std::mem::replace(&mut *last, progress);
                if progress.bytes_down > before.bytes_down {
                    let _ = events.send(Event::Answered {
                        confirmed: progress.sent > before.sent,
                    });
                }
            })),
            ..SyncOptions::default()
        };
        let done = runtime.block_on(traveller.replica.sync(options));
        sum.requests += last.lock().unwrap_or_else(PoisonError::into_inner).requests;
        match done {
            Ok(Synced::Wiped { .. }) => return Ok(sum),
            Ok(Synced::Done(_)) if nothing_waits(&traveller.replica)? => return Ok(sum),
            // What the county answered "later" to goes with the next session.
            Ok(_) => {}
            Err(SyncError::Link(error)) if error.is_passing() => {}
            Err(SyncError::Refused(ErrorCode::Busy | ErrorCode::Timeout)) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn nothing_waits(replica: &Replica) -> Result<bool> {
    let only = replica.only_here()?;
    Ok(only.facts == 0 && only.edits == 0)
}
