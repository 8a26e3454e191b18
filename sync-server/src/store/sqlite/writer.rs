//! The one thread that writes: many jobs, one commit.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::Instant;

use rusqlite::Connection;

use super::checkpoint::ROWS;
use super::tally::Tallies;
use super::turns::Turns;
use super::tx::Tx;
use crate::store::job::Job;
use crate::store::{Moment, Recalled, StoreError, Whose, WriterCounts};

/// The most jobs that wait for one commit.
const MOST_JOBS: usize = 512;
/// After how many rows no more jobs are added to a commit: whoever's was done first waits for all of them. So many take
/// some 30 ms, to commit them a few.
const MOST_ROWS: u64 = 3_000;

/// A job on its way.
pub(super) struct Work {
    pub(super) whose: Whose,
    pub(super) moment: Moment,
    pub(super) job: Box<dyn Job>,
}

#[derive(Default)]
pub(super) struct Counters {
    jobs: AtomicU64,
    failed_jobs: AtomicU64,
    commits: AtomicU64,
    failed_commits: AtomicU64,
}

impl Counters {
    pub(super) fn now(&self) -> WriterCounts {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        WriterCounts {
            jobs: load(&self.jobs),
            failed_jobs: load(&self.failed_jobs),
            commits: load(&self.commits),
            failed_commits: load(&self.failed_commits),
        }
    }

    fn count(&self, batch: &Batch, committed: bool) {
        let all = batch.jobs.len() as u64;
        let kept = if committed { batch.kept } else { 0 };
        self.jobs.fetch_add(kept, Ordering::Relaxed);
        self.failed_jobs.fetch_add(all - kept, Ordering::Relaxed);
        let commits = if committed {
            &self.commits
        } else {
            &self.failed_commits
        };
        commits.fetch_add(1, Ordering::Relaxed);
    }
}

/// The jobs of one commit.
#[derive(Default)]
struct Batch {
    jobs: Vec<Box<dyn Job>>,
    kept: u64,
}

/// Does jobs until nobody can hand one over any more.
pub(super) fn run(
    conn: &Connection,
    tallies: &Tallies,
    jobs: &Receiver<Work>,
    counters: &Counters,
    hints: &SyncSender<()>,
) {
    let mut checkpointed = conn.total_changes();
    let (mut left, mut turns) = (None, Turns::default());
    while turns.wait(jobs) {
        let mut batch = Batch::default();
        let committed = commit_together(conn, tallies, &mut turns, jobs, &mut left, &mut batch);
        if committed.is_ok() {
            tallies.committed(conn);
        }
        if let Err(error) = &committed {
            left = None;
            tracing::error!(code = error.code(), jobs = batch.jobs.len(), "commit failed");
            if !conn.is_autocommit() {
                // Where even this fails, the next BEGIN says so, and the next, until it does not.
                let _ = conn.execute_batch("ROLLBACK");
            }
        }
        counters.count(&batch, committed.is_ok());
        for job in batch.jobs {
            job.answer(committed.clone());
        }
        if conn.total_changes() - checkpointed >= ROWS {
            checkpointed = conn.total_changes();
            // A hint that finds another one waiting is as good as given.
            let _ = hints.try_send(());
        }
    }
}

/// Does the jobs that came, and those that come meanwhile, up to a limit, and commits. Every job taken is in the batch
/// afterwards.
fn commit_together(
    conn: &Connection,
    tallies: &Tallies,
    turns: &mut Turns,
    jobs: &Receiver<Work>,
    left: &mut Option<Recalled>,
    batch: &mut Batch,
) -> Result<(), StoreError> {
    let before = conn.total_changes();
    let mut begun = false;
    while batch.jobs.len() < MOST_JOBS && conn.total_changes() - before < MOST_ROWS {
        let Some(Work {
            whose,
            moment,
            mut job,
        }) = turns.next(jobs)
        else {
            break;
        };
        let since = Instant::now();
        let done =
            begin_once(conn, &mut begun).and_then(|()| do_one(conn, tallies, moment, left, job.as_mut()));
        turns.took(whose, since.elapsed());
        batch.jobs.push(job);
        batch.kept += u64::from(done?);
    }
    tallies.settle(conn)?;
    statement(conn, "COMMIT")
}

fn begin_once(conn: &Connection, begun: &mut bool) -> Result<(), StoreError> {
    if !std::mem::replace(begun, true) {
        statement(conn, "BEGIN IMMEDIATE")?;
    }
    Ok(())
}

/// Does a job in a savepoint of its own, and says whether it was kept.
fn do_one(
    conn: &Connection,
    tallies: &Tallies,
    moment: Moment,
    left: &mut Option<Recalled>,
    job: &mut dyn Job,
) -> Result<bool, StoreError> {
    statement(conn, "SAVEPOINT job")?;
    let mut tx = Tx::new(conn, moment);
    tx.tallies = Some(tallies);
    tx.left = left.take();
    let keep = job.run(&mut tx);
    if tx.has_seen_damage() {
        tallies.damage_seen.store(true, Ordering::Relaxed);
    }
    if conn.is_autocommit() {
        // SQLite itself took the whole transaction back: the disk is full, or failed.
        return Err(tx.fault().unwrap_or(StoreError::Full));
    }
    if !keep {
        statement(conn, "ROLLBACK TO job")?;
    }
    // What a job took and worked on holds only if the job does.
    *left = tx.left.take().filter(|_| keep || !tx.took);
    statement(conn, "RELEASE job")?;
    Ok(keep)
}

fn statement(conn: &Connection, sql: &'static str) -> Result<(), StoreError> {
    conn.prepare_cached(sql)?.execute([])?;
    Ok(())
}
