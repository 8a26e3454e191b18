use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use tokio::sync::broadcast;

use saddlebag_protocol::EnrolAnswer;
use saddlebag_records::fact::Chain;
use saddlebag_records::id::{CountyId, PersonId, RecordId};

use crate::error::{Error, Result};
use crate::open_lock::OpenLock;
use crate::salvage::{self, Mark, Marked};
use crate::store::column::{device, uncount};
use crate::store::leaving;
use crate::store::making::folder;
use crate::store::open::{StoreKey, open};
use crate::store::own::{AskFor, Own};
use crate::store::{PHOTOS, RECORDS, exchange, search, settings};
use crate::surroundings::Surroundings;
use crate::wiping::Wiped;

pub(crate) const RECORDS_FILE: &str = "records.db";
pub(crate) const PHOTOS_FILE: &str = "photos.db";

/// Events that a slow listener may fall behind by, before it is told that it missed some.
const EVENTS: usize = 256;

/// The courier's copy: everything that this phone knows of the county, and all that was recorded on it.
///
/// The one handle for every outside user: a screen's command, the FFI, the command line, the simulator. Cloning it
/// gives another handle to the same. Several processes may each open the same folder; what one writes, the others
/// read with their next verb.
///
/// Verbs block for as long as the disk takes. What a verb of writing returned is durable: it survives a power cut.
#[derive(Clone)]
pub struct Replica {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    key: StoreKey,
    surroundings: Surroundings,
    /// None once everything was destroyed.
    records: Mutex<Option<Connection>>,
    photos: Mutex<Option<Connection>>,
    /// Whether records left since leftovers were last cleared away. When it is opened nobody knows.
    leftovers: AtomicBool,
    events: broadcast::Sender<Changed>,
    mark: Mark,
    _open: OpenLock,
}

/// These records changed: screens that show them read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The records, each once.
    pub records: Vec<RecordId>,
}

impl Replica {
    /// Opens the store in this folder, and makes it where there is none.
    ///
    /// # Errors
    ///
    /// [`Error::WrongKey`], [`Error::FutureDatabase`] and [`Error::Damaged`], which leave the files as they were;
    /// [`Error::DiskFull`] where a store is to be made, or an older one brought up to this version.
    pub fn open(dir: impl AsRef<Path>, key: StoreKey, surroundings: Surroundings) -> Result<Self> {
        let dir = dir.as_ref().to_owned();
        folder(&dir)?;
        Self::wiped(&dir)?;
        if salvage::is_unfinished(&dir) {
            let _alone = OpenLock::alone(&dir)?;
            salvage::finish(&dir)?;
        }
        let mut held = OpenLock::shared(&dir)?;
        let file = dir.join(RECORDS_FILE);
        if !file.exists() && Self::holds_a_store(&dir) {
            return Err(Error::Damaged("records.db is gone"));
        }
        let mut records = open(&file, &key, RECORDS)?;
        if let Some(why) = leaving::ordered(&records)? {
            let own = Own::load(&records, surroundings.built_ms)?;
            let wiped = Wiped {
                why,
                at_ms: own.clock.now(&surroundings.clock.read()).0,
                language: settings::load(&records)?.unwrap_or_default().language,
            };
            drop(records);
            Self::finish_wiping(&dir, wiped)?;
            held = OpenLock::shared(&dir)?;
            records = open(&file, &key, RECORDS)?;
        }
        let inner = Inner {
            records: Mutex::new(Some(records)),
            photos: Mutex::new(None),
            leftovers: AtomicBool::new(true),
            events: broadcast::Sender::new(EVENTS),
            mark: Mark::default(),
            _open: held,
            dir,
            key,
            surroundings,
        };
        let replica = Self {
            inner: Arc::new(inner),
        };
        replica.notice_what_is_missing()?;
        replica.make_old_rows_anew()?;
        Ok(replica)
    }

    /// Notices that the device had counted further than its store says, as after a log went missing. Its counter does not
    /// go back; its chain is nobody's from here on, so that the county gives it another number; and what the county has
    /// of what is missing comes again.
    fn notice_what_is_missing(&self) -> Result<()> {
        let Some(marked) = Mark::read(self.dir())? else {
            return Ok(());
        };
        let here = self.read(|connection| self.counted_now(connection))?;
        let Some(here) = here.filter(|here| here.device == marked.device && here.next_n < marked.next_n)
        else {
            return Ok(());
        };
        let missing = marked.next_n - here.next_n;
        salvage::tell_of_lost(self.dir(), missing, self.now_ms()?)?;
        tracing::warn!(missing, "facts of this device are missing");
        self.write(|transaction| {
            let mut own = Own::load(transaction, self.surroundings().built_ms)?;
            own.next_n = own.next_n.max(marked.next_n);
            own.chain = Chain::from_bytes(self.surroundings().random());
            own.asks_for_number = Some(AskFor::FactLost);
            own.save(transaction)?;
            exchange::go_back(transaction, None)
        })
    }

    /// Whether this folder holds a store, sound or not: then its key must not be drawn anew.
    pub fn holds_a_store(dir: impl AsRef<Path>) -> bool {
        let there = |name| dir.as_ref().join(name).exists();
        [RECORDS_FILE, "records.db-wal", PHOTOS_FILE]
            .into_iter()
            .any(there)
    }

    /// "These records changed", from now on, for what is written through this handle and its clones. What another
    /// process wrote shows in [`Replica::stamp_of_others`].
    pub fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.inner.events.subscribe()
    }

    /// A number that changes when another process, or another handle, has written: then all lists are to be read
    /// again. Comparing it is as cheap as a verb can be.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn stamp_of_others(&self) -> Result<u64> {
        let mut connection = self.connection();
        Ok(connected(&mut connection)?
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map(i64::cast_unsigned)?)
    }

    /// The folder of this store.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    pub(crate) fn surroundings(&self) -> &Surroundings {
        &self.inner.surroundings
    }

    fn connection(&self) -> MutexGuard<'_, Option<Connection>> {
        // A panic while the lock was held rolled its transaction back: the connection is as good as before.
        self.inner.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads, all of it from one moment.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let mut connection = self.connection();
        let transaction = connected(&mut connection)?.transaction()?;
        let found = read(&transaction)?;
        // What was found damaged was set aside. Where the disk is full SQLite itself has ended the transaction.
        if !transaction.is_autocommit() {
            transaction.commit()?;
        }
        Ok(found)
    }

    /// Writes, all of it or nothing. Durable on return.
    pub(crate) fn write<T>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut connection = self.connection();
        let transaction =
            connected(&mut connection)?.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let written = write(&transaction)?;
        let marked = self.counted_now(&transaction)?;
        transaction.commit()?;
        if let Some(marked) = marked {
            self.inner.mark.set(self.dir(), marked);
        }
        Ok(written)
    }

    /// Records left: what stays behind of them is to be cleared away.
    pub(crate) fn note_leftovers(&self) {
        self.inner.leftovers.store(true, Ordering::Relaxed);
    }

    /// Clears away what stays behind of records that left: words in pages of the search index, and pages of before in
    /// the write-ahead logs. At the end of a session, since it takes as long as writing the index anew does.
    pub(crate) fn clear_leftovers(&self) -> Result<()> {
        if !self.inner.leftovers.swap(false, Ordering::Relaxed) {
            return Ok(());
        }
        let cleared = self.write(|transaction| search::forget_removed(transaction));
        cleared
            .and_then(|()| self.empty_logs())
            .inspect_err(|_| self.note_leftovers())
    }

    /// Moves the write-ahead logs into the files and empties them, unless somebody reads for long.
    pub(crate) fn empty_logs(&self) -> Result<()> {
        let empty = |connection: &Connection| {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(())
        };
        empty(connected(&mut self.connection())?)?;
        self.read_photos(empty)
    }

    fn counted_now(&self, connection: &Connection) -> Result<Option<Marked>> {
        let mut statement = connection.prepare_cached(
            "SELECT device, county, person, coalesce((SELECT next_n FROM own), 1) FROM identity",
        )?;
        let marked = statement.query_row([], |row| {
            let (county, person) = (CountyId(row.get(1)?), PersonId(row.get(2)?));
            Ok(Marked {
                device: device(row.get(0)?),
                next_n: uncount(row.get(3)?),
                whose: Marked::whose(&self.inner.key, county, person),
            })
        });
        Ok(marked.optional()?)
    }

    /// Whose this device would be.
    pub(crate) fn whose(&self, answer: &EnrolAnswer) -> [u8; 32] {
        let person = PersonId(answer.person.id);
        Marked::whose(&self.inner.key, CountyId(answer.county), person)
    }

    /// Lets go of the databases, which are about to be destroyed. Every verb after it is [`Error::Wiped`].
    pub(crate) fn close(&self) {
        drop(self.connection().take());
        let mut photos = self.inner.photos.lock().unwrap_or_else(PoisonError::into_inner);
        drop(photos.take());
    }

    /// Works on the photos' database, which is opened when it is first needed.
    pub(crate) fn photos<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let mut photos = self.inner.photos.lock().unwrap_or_else(PoisonError::into_inner);
        connected(&mut self.connection())?;
        let connection = match photos.as_mut() {
            Some(connection) => connection,
            None => photos.insert(open(&self.inner.dir.join(PHOTOS_FILE), &self.inner.key, PHOTOS)?),
        };
        work(connection)
    }

    /// Reads the photos' database; where there is none yet none is made, so that reading needs no room on the disk.
    pub(crate) fn read_photos<T: Default>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        if self.inner.dir.join(PHOTOS_FILE).exists() {
            self.photos(|connection| read(connection))
        } else {
            Ok(T::default())
        }
    }

    /// What time it is, UTC milliseconds, for all that this phone knows: its own clock may be wrong by years.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn now_ms(&self) -> Result<i64> {
        let reading = self.surroundings().clock.read();
        let own = self.read(|connection| Own::load(connection, self.surroundings().built_ms))?;
        Ok(own.clock.now(&reading).0)
    }

    /// The earliest that it can be, UTC milliseconds: no clock of the phone counts for it.
    pub(crate) fn earliest_true_ms(&self) -> Result<i64> {
        let own = self.read(|connection| Own::load(connection, self.surroundings().built_ms))?;
        Ok(own.clock.earliest_true_time())
    }

    pub(crate) fn announce(&self, records: Vec<RecordId>) {
        if !records.is_empty() {
            // Nobody listening is no error.
            let _ = self.inner.events.send(Changed { records });
        }
    }
}

fn connected(connection: &mut Option<Connection>) -> Result<&mut Connection> {
    connection.as_mut().ok_or(Error::Wiped)
}

impl std::fmt::Debug for Replica {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replica")
            .field("dir", &self.inner.dir)
            .finish_non_exhaustive()
    }
}
