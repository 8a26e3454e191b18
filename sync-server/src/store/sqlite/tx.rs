//! One transaction: typed values to and from columns.

use std::cell::{Cell, RefCell};

use rusqlite::{Connection, Params, Row, ToSql};
use saddlebag_records::access::Audience;
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, PersonId, RecordId};

use super::tally::Tallies;
use crate::store::{Moment, Recall, Recalled, Seq, StoreError};

/// A transaction: `Tx<()>` reads, `Tx<Moment>` also writes.
pub(super) struct Tx<'c, M> {
    conn: &'c Connection,
    pub(super) moment: M,
    /// The newest row of the log, once this transaction has looked.
    pub(super) head: Cell<Option<i64>>,
    /// What earlier jobs left in memory.
    pub(super) left: Option<Recalled>,
    /// Whether this job took it, or left something in its place.
    pub(super) took: bool,
    /// Where the writer counts the rows that it adds.
    pub(super) tallies: Option<&'c Tallies>,
    /// How the disk or the database last failed.
    fault: RefCell<Option<StoreError>>,
    has_seen_damage: Cell<bool>,
}

impl<'c, M> Tx<'c, M> {
    pub(super) fn new(conn: &'c Connection, moment: M) -> Self {
        Self {
            conn,
            moment,
            head: Cell::new(None),
            left: None,
            took: false,
            tallies: None,
            fault: RefCell::new(None),
            has_seen_damage: Cell::new(false),
        }
    }

    /// How the disk or the database failed, if it did.
    pub(super) fn fault(&self) -> Option<StoreError> {
        self.fault.borrow().clone()
    }

    /// Whether something was read that is not as it was written.
    pub(super) fn has_seen_damage(&self) -> bool {
        self.has_seen_damage.get()
    }

    fn noting<T>(&self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error @ (StoreError::Full | StoreError::Failed(_))) = &outcome {
            self.fault.replace(Some(error.clone()));
        }
        if let Err(StoreError::Damaged(_)) = &outcome {
            self.has_seen_damage.set(true);
        }
        outcome
    }

    /// The first row, if there is one.
    pub(super) fn one<T>(
        &self,
        sql: &'static str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.noting((|| {
            let mut statement = self.conn.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            rows.next()?.map(read).transpose()
        })())
    }

    /// All rows.
    pub(super) fn all<T>(
        &self,
        sql: &'static str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.noting((|| {
            let mut statement = self.conn.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(read(row)?);
            }
            Ok(all)
        })())
    }

    /// The first so many rows of those that are sound. The others raise the alarm and are passed over.
    pub(super) fn sound<T>(
        &self,
        sql: &'static str,
        params: impl Params,
        limit: usize,
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.noting((|| {
            let mut statement = self.conn.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            let mut sound = Vec::new();
            while sound.len() < limit
                && let Some(row) = rows.next()?
            {
                match self.noting(read(row)) {
                    Err(StoreError::Damaged(_)) => {}
                    read => sound.push(read?),
                }
            }
            Ok(sound)
        })())
    }

    /// Whether there is a row.
    pub(super) fn exists(&self, sql: &'static str, params: impl Params) -> Result<bool, StoreError> {
        self.noting((|| Ok(self.conn.prepare_cached(sql)?.exists(params)?))())
    }
}

impl Tx<'_, Moment> {
    /// Does it and says how many rows it changed.
    ///
    /// What touches one row says `OR FAIL`, for the sake of the triggers that count it: it changes nothing where it fails,
    /// just as without.
    pub(super) fn run(&self, sql: &'static str, params: impl Params) -> Result<u64, StoreError> {
        self.noting((|| Ok(self.conn.prepare_cached(sql)?.execute(params)? as u64))())
    }

    /// Notes a row that was added to a table without a trigger: its part, and the columns that are counted.
    pub(super) fn count(
        &self,
        table: &'static str,
        part_and_columns: &[&dyn ToSql],
    ) -> Result<(), StoreError> {
        let tallies = self.tallies.ok_or(StoreError::Conflict("tallies"))?;
        self.noting(tallies.added(self.conn, table, part_and_columns))
    }

    /// Changes a row, or adds it where it is not there yet. Both take the same values.
    pub(super) fn update_or_insert(
        &self,
        update: &'static str,
        insert: &'static str,
        params: &[&dyn ToSql],
    ) -> Result<(), StoreError> {
        if self.run(update, params)? == 0 {
            self.run(insert, params)?;
        }
        Ok(())
    }

    /// Does it to one row, which must be there.
    pub(super) fn run_one(
        &self,
        sql: &'static str,
        params: impl Params,
        missing: &'static str,
    ) -> Result<(), StoreError> {
        match self.run(sql, params)? {
            0 => Err(StoreError::Conflict(missing)),
            _ => Ok(()),
        }
    }

    /// The key of the row that was added last.
    pub(super) fn last_key(&self) -> i64 {
        self.conn.last_insert_rowid()
    }
}

impl Recall for Tx<'_, Moment> {
    fn recall(&mut self) -> Option<Recalled> {
        self.took = true;
        self.left.take()
    }

    fn leave(&mut self, what: Recalled) {
        self.took = true;
        self.left = Some(what);
    }
}

/// A device number as it is stored: the same 64 bits.
pub(super) fn number(number: DeviceNumber) -> i64 {
    number.0.cast_signed()
}

/// A count or position as it is stored. None is that large; a query for one that is finds nothing.
pub(super) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A limit on rows.
pub(super) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Columns of a row.
pub(super) trait Columns {
    fn uint(&self, at: usize) -> Result<u64, StoreError>;
    fn number(&self, at: usize) -> Result<DeviceNumber, StoreError>;
    fn record(&self, at: usize) -> Result<RecordId, StoreError>;
    fn person(&self, at: usize) -> Result<PersonId, StoreError>;
    fn actor(&self, at: usize) -> Result<ActorId, StoreError>;
    fn audience(&self, at: usize) -> Result<Audience, StoreError>;

    fn seq(&self, at: usize) -> Result<Seq, StoreError> {
        self.uint(at).map(Seq)
    }

    /// The author and n of a fact in two columns.
    fn fact_id(&self, at: usize) -> Result<FactId, StoreError> {
        Ok(FactId::new(self.number(at)?, self.uint(at + 1)?))
    }
}

impl Columns for Row<'_> {
    fn uint(&self, at: usize) -> Result<u64, StoreError> {
        u64::try_from(self.get::<_, i64>(at)?).map_err(|_| StoreError::Damaged("row"))
    }

    fn number(&self, at: usize) -> Result<DeviceNumber, StoreError> {
        Ok(DeviceNumber(self.get::<_, i64>(at)?.cast_unsigned()))
    }

    fn record(&self, at: usize) -> Result<RecordId, StoreError> {
        Ok(RecordId(self.get(at)?))
    }

    fn person(&self, at: usize) -> Result<PersonId, StoreError> {
        Ok(PersonId(self.get(at)?))
    }

    fn actor(&self, at: usize) -> Result<ActorId, StoreError> {
        Ok(ActorId(self.get(at)?))
    }

    fn audience(&self, at: usize) -> Result<Audience, StoreError> {
        let bytes: Vec<u8> = self.get(at)?;
        Audience::from_bytes(&bytes).map_err(|_| StoreError::Damaged("audience"))
    }
}
