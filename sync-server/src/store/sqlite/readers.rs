//! The pool of connections that read.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::connection::reader;
use crate::store::StoreError;

/// The most that are open. Readers of one file share its cache in the kernel, and a server has few cores.
const MOST: usize = 4;

pub(super) struct Readers {
    path: PathBuf,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    open: usize,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            pool: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    /// A connection in a transaction of its own, which sees one moment. Waits while all are in use.
    pub(super) fn begin(&self) -> Result<Reading<'_>, StoreError> {
        let reading = Reading {
            conn: Some(self.take()?),
            readers: self,
        };
        // The moment is that of the first read, not of BEGIN.
        reading.execute_batch("BEGIN; SELECT 1 FROM county")?;
        Ok(reading)
    }

    /// Closes all that are idle.
    pub(super) fn close(&self) {
        let mut pool = self.pool();
        pool.open -= pool.idle.len();
        pool.idle.clear();
    }

    fn take(&self) -> Result<Connection, StoreError> {
        let mut pool = self.pool();
        loop {
            if let Some(conn) = pool.idle.pop() {
                return Ok(conn);
            }
            if pool.open < MOST {
                pool.open += 1;
                drop(pool);
                return reader(&self.path).inspect_err(|_| self.closed());
            }
            pool = self.returned.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn give_back(&self, conn: Connection) {
        // A connection that cannot end its transaction would show the same moment for ever.
        if conn.is_autocommit() || conn.execute_batch("ROLLBACK").is_ok() {
            self.pool().idle.push(conn);
            self.returned.notify_one();
        } else {
            self.closed();
        }
    }

    fn closed(&self) {
        self.pool().open -= 1;
        self.returned.notify_one();
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A read that is going on. It ends, and its connection goes back, when this is dropped.
pub(super) struct Reading<'r> {
    conn: Option<Connection>,
    readers: &'r Readers,
}

impl Deref for Reading<'_> {
    type Target = Connection;

    #[allow(clippy::expect_used)]
    fn deref(&self) -> &Connection {
        self.conn.as_ref().expect("it is there until this is dropped")
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            self.readers.give_back(conn);
        }
    }
}
