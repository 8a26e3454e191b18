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
    /// A phone had an answer, or a cut.
    Exchange,
    /// A phone has exchanged everything, or cannot.
    Arrived(Who, Result<Synchronised>),
}

/// Lets all of them sync until each has exchanged everything. `strike` is called at `kills` moments drawn from the
/// seed, each after so many exchanges, while the others are in the middle of theirs; it kills the server, and the
/// door must be open again when it returns.
pub(crate) fn gather(
    travellers: Vec<Traveller>,
    door: &Door,
    kills: usize,
    mut dice: Dice,
    mut strike: impl FnMut() -> Result<()>,
) -> Result<Synchronised> {
    let count = travellers.len();
    let (events, heard) = mpsc::channel();
    let mut strikes: Vec<usize> = (0..kills)
        .map(|turn| turn * count / kills + 1 + dice.below((count / kills).max(1)))
        .rev()
        .collect();
    std::thread::scope(|scope| {
        for traveller in travellers {
            let (events, door) = (events.clone(), door.clone());
            scope.spawn(move || travel(&traveller, &door, &events));
        }
        drop(events);
        let done = listen(&heard, count, &mut strikes, &mut strike);
        // Whoever still waits at the door ends by themselves.
        door.set(true);
        done
    })
}

fn listen(
    heard: &Receiver<Event>,
    count: usize,
    strikes: &mut Vec<usize>,
    strike: &mut impl FnMut() -> Result<()>,
) -> Result<Synchronised> {
    let mut sum = Synchronised::default();
    let (mut exchanges, mut arrived) = (0, 0);
    while arrived < count {
        match heard
            .recv_timeout(SILENCE)
            .context("no phone has said anything for minutes")?
        {
            Event::Exchange => exchanges += 1,
            Event::Arrived(who, result) => {
                let one = result.with_context(|| format!("{who:?} syncs"))?;
                sum.syncs += one.syncs;
                sum.requests += one.requests;
                arrived += 1;
            }
        }
        if strikes.last().is_some_and(|at| exchanges >= *at) {
            strikes.pop();
            strike()?;
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
                *told.lock().unwrap_or_else(PoisonError::into_inner) = progress;
                let _ = events.send(Event::Exchange);
            })),
            ..SyncOptions::default()
        };
        let done = runtime.block_on(traveller.replica.sync(options));
        sum.requests += last.lock().unwrap_or_else(PoisonError::into_inner).requests;
        match done {
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
