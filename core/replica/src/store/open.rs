use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::damaged::{PAGE, Pages};
use super::making;
use crate::error::{Error, NOT_A_DATABASE, Result};

/// How long a write waits for another process. A page of a sync is the longest transaction there is.
const BUSY: Duration = Duration::from_secs(10);

/// Statements kept ready: more than there are different ones.
const STATEMENTS: usize = 160;

/// The key of the store's databases: 32 random bytes that the phone's key store keeps.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreKey(pub [u8; 32]);

impl std::fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreKey(…)")
    }
}

/// The numbered steps that lead to a database's latest version: step n brings `user_version` n.
pub(crate) type Ladder = &'static [&'static str];

/// Opens a database and brings it to its latest version; makes it where there is none. A wrong key and a database of a
/// newer app leave the file as it was.
pub(crate) fn open(file: &Path, key: &StoreKey, ladder: Ladder) -> Result<Connection> {
    if !file.exists() {
        let salt = salt_of(file, key);
        making::make(file, |file| fill(file, key, &salt, ladder))?;
    }
    // A database has its pages before it has its name: an empty one lost them.
    if file.metadata()?.len() == 0 {
        return Err(Error::Damaged("a database of 0 bytes"));
    }
    making::close_to_others(file)?;
    match open_with(file, key, ladder, Index::Shared) {
        // To read a log one needs an index beside it, even where nothing is to be written. Where the disk has no room
        // for that file the index is kept in memory, and nobody else has the database meanwhile.
        Err(error) if is_for_want_of_an_index(&error) => open_with(file, key, ladder, Index::InMemory),
        opened => opened,
    }
}

fn is_for_want_of_an_index(error: &Error) -> bool {
    let code = match error {
        Error::Store(error) => error.sqlite_error().map(|error| error.extended_code),
        _ => None,
    };
    matches!(error, Error::DiskFull) || code == Some(rusqlite::ffi::SQLITE_IOERR_SHMOPEN)
}

/// Where the index of the log is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Index {
    Shared,
    InMemory,
}

fn open_with(file: &Path, key: &StoreKey, ladder: Ladder, index: Index) -> Result<Connection> {
    let mut connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    // A log that an earlier process left behind would be moved into the file when this connection closes,
    // right key or not: not before it is known to be ours.
    let log_left = log_of(file).metadata().is_ok_and(|log| log.len() > 0);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, log_left)?;
    unlock(&connection, &hex::encode(key.0))?;
    connection.busy_timeout(BUSY)?;
    if index == Index::InMemory {
        connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE")?;
    }
    let found = version(&connection).map_err(|error| at_first_sight(error, file, key))?;
    check_version(found, ladder)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;

    // FULL: what a screen calls saved survives a power cut; NORMAL lost it in 57 of 80.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;",
    )?;
    // Else a statement whose bound value could make a partial index fit is prepared anew with every new value: a sixth
    // of the time that recording a fact took.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    climb(&mut connection, ladder)?;
    Ok(connection)
}

/// Fills a file that has not its name yet. It needs no journal: what fails is thrown away whole.
fn fill(file: &Path, key: &StoreKey, salt: &Salt, ladder: Ladder) -> Result<()> {
    filling(file, key, salt, ladder)?
        .close()
        .map_err(|(_, error)| error.into())
}

/// A database that is being made in a file without its name, and has its tables.
pub(crate) fn filling(file: &Path, key: &StoreKey, salt: &Salt, ladder: Ladder) -> Result<Connection> {
    let mut connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    unlock(&connection, &key_and_salt(key, salt))?;
    connection.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;",
    )?;
    climb(&mut connection, ladder)?;
    Ok(connection)
}

fn unlock(connection: &Connection, raw: &str) -> Result<()> {
    // What goes wrong comes back as an error; SQLCipher would tell it to stderr as well.
    connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
    Ok(connection.execute_batch(&format!("PRAGMA key = \"x'{raw}'\""))?)
}

/// What is wrong with a database whose first page cannot be read: its key, unless that opens other pages.
fn at_first_sight(error: Error, file: &Path, key: &StoreKey) -> Error {
    // No key makes a file that ends within a page.
    let is_whole = file.metadata().is_ok_and(|file| file.len() % PAGE as u64 == 0);
    let is_its_key = || Pages::open(file, key).and_then(|mut pages| pages.are_of_its_key());
    match error {
        Error::Damaged(NOT_A_DATABASE) if is_whole && !is_its_key().unwrap_or(false) => Error::WrongKey,
        other => other,
    }
}

/// What SQLCipher derives the key of its proofs with: the file begins with it.
pub(crate) type Salt = [u8; 16];

/// The salt of a database that is made now. It follows from the key and the file's name, so that a file whose start is
/// destroyed can still be read; what is derived with it is as secret as the key.
pub(crate) fn salt_of(file: &Path, key: &StoreKey) -> Salt {
    let mut hasher = blake3::Hasher::new_keyed(&key.0);
    hasher.update(b"saddlebag store salt v1");
    hasher.update(file.file_name().unwrap_or_default().as_encoded_bytes());
    let mut salt = Salt::default();
    hasher.finalize_xof().fill(&mut salt);
    salt
}

/// A raw key, from which nothing is derived at opening, and the salt.
fn key_and_salt(key: &StoreKey, salt: &Salt) -> String {
    hex::encode(key.0) + &hex::encode(salt)
}

pub(crate) fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

fn version(connection: &Connection) -> Result<u32> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn check_version(found: u32, ladder: Ladder) -> Result<()> {
    let known = u32::try_from(ladder.len()).unwrap_or(u32::MAX);
    if found > known {
        Err(Error::FutureDatabase { found, known })
    } else {
        Ok(())
    }
}

/// Takes the steps that are still above the database, each in a transaction of its own. Another process may be
/// climbing too: the version is read again under the write lock.
fn climb(connection: &mut Connection, ladder: Ladder) -> Result<()> {
    if version(connection)? as usize == ladder.len() {
        return Ok(());
    }
    for (step, number) in ladder.iter().zip(1u32..) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found = version(&transaction)?;
        check_version(found, ladder)?;
        if found < number {
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "user_version", number)?;
        }
        transaction.commit()?;
    }
    Ok(())
}
