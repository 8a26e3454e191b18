//! A county in one SQLite file.

mod changes;
mod check;
mod checkpoint;
mod connection;
mod copy;
mod county;
mod devices;
mod error;
mod facts;
mod grants;
mod held;
mod log;
mod mark;
mod migrations;
mod people;
mod readers;
mod records;
mod set_aside;
mod sides;
mod sum;
mod tally;
#[cfg(test)]
mod tests;
mod turns;
mod tx;
mod writer;

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use self::mark::Mark;
use self::readers::Readers;
use self::tally::Tallies;
use self::tx::Tx;
use self::writer::{Counters, Work};
use super::job::Job;
use super::{Backend, Checked, Moment, ReadTx, Store, StoreError, Whose, WriterCounts};

impl Store {
    /// Opens a county's file and brings it up to this version. The caller holds the data folder's lock.
    ///
    /// # Errors
    /// [`StoreError::Misplaced`] where there is none; [`StoreError::NotACounty`] and
    /// [`StoreError::FromTheFuture`], which leave the file untouched.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        connection::look_at(file)?;
        Sqlite::start(file, connection::writer(file)?).map(Self::new)
    }

    /// Makes a new file, which its owner alone can read, and opens it.
    ///
    /// # Errors
    /// [`StoreError::Misplaced`] where there already is one, or no folder for it.
    pub fn create(file: &Path) -> Result<Self, StoreError> {
        let new = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file);
        new.map_err(|_| StoreError::Misplaced)?;
        Self::open(file)
    }

    /// Looks at every row of a county's file that nobody writes to.
    ///
    /// # Errors
    /// As of [`Store::open`]. Rows that do not match their sums are counted.
    pub fn check(file: &Path) -> Result<Checked, StoreError> {
        check::check(file)
    }
}

struct Sqlite {
    file: PathBuf,
    jobs: Option<Sender<Work>>,
    /// Held by who reads for long.
    quiet: Arc<Mutex<()>>,
    /// Held by who checkpoints.
    alone: Arc<Mutex<()>>,
    readers: Readers,
    counters: Arc<Counters>,
    damage_seen: Arc<AtomicBool>,
    lacks_commits: bool,
    threads: Vec<JoinHandle<()>>,
}

impl Sqlite {
    fn start(file: &Path, writer: Connection) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel();
        let (hints, hinted) = mpsc::sync_channel(1);
        let counters = Arc::<Counters>::default();
        let checkpointer = connection::checkpointer(file)?;
        let counted = Arc::clone(&counters);
        let quiet = Arc::<Mutex<()>>::default();
        let kept_quiet = Arc::clone(&quiet);
        let alone = Arc::<Mutex<()>>::default();
        let kept_alone = Arc::clone(&alone);
        let tallies = Tallies::watch(&writer, Mark::beside(file))?;
        let lacks_commits = tallies.lacks_commits;
        let damage_seen = Arc::clone(&tallies.damage_seen);
        let threads = vec![
            spawn("county writer", move || {
                writer::run(&writer, &tallies, &queue, &counted, &hints)
            })?,
            spawn("county checkpoint", move || {
                checkpoint::run(&checkpointer, &hinted, &kept_quiet, &kept_alone)
            })?,
        ];
        Ok(Self {
            file: file.to_owned(),
            jobs: Some(jobs),
            quiet,
            alone,
            readers: Readers::new(file.to_owned()),
            counters,
            damage_seen,
            lacks_commits,
            threads,
        })
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    thread.map_err(|error| StoreError::Failed(error.to_string().into()))
}

impl Backend for Sqlite {
    fn submit(&self, whose: Whose, moment: Moment, job: Box<dyn Job>) {
        let Some(jobs) = &self.jobs else {
            return job.answer(Err(StoreError::Closed));
        };
        if let Err(back) = jobs.send(Work { whose, moment, job }) {
            back.0.job.answer(Err(StoreError::Closed));
        }
    }

    fn look(&self, look: &mut dyn FnMut(&dyn ReadTx)) -> Result<(), StoreError> {
        let reading = self.readers.begin()?;
        let tx = Tx::new(&reading, ());
        look(&tx);
        if tx.has_seen_damage() {
            self.damage_seen.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    fn copy_to(&self, to: &Path) -> Result<(), StoreError> {
        copy::copy(&self.file, to, &self.quiet)
    }

    fn empty_log(&self) -> Result<bool, StoreError> {
        checkpoint::empty(&self.file, &self.quiet, &self.alone)
    }

    fn check(&self) -> Result<Checked, StoreError> {
        let _quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        check::check(&self.file)
    }

    fn damage_seen(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.damage_seen)
    }

    fn lacks_commits(&self) -> bool {
        self.lacks_commits
    }

    fn counts(&self) -> WriterCounts {
        self.counters.now()
    }
}

impl Drop for Sqlite {
    /// Does the jobs that were handed over, then closes the file.
    fn drop(&mut self) {
        // Before the writer: only who may write takes the log into the file when it closes last.
        self.readers.close();
        self.jobs = None;
        for thread in self.threads.drain(..) {
            // A job may hold the last handle: its own thread cannot wait for itself.
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}
