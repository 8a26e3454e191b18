//! What this installation counts: one row, read and written by every transaction that writes a fact.

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_records::clock::{Clock, Observed};
use saddlebag_records::fact::Chain;

use super::column::{count, uncount};
use crate::error::{Error, Result};

/// The counters, the chain and the clock.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    /// The counter of the next fact under the device's number.
    pub(crate) next_n: u64,
    /// The counter of the next fact that waits for a one-time number.
    pub(crate) next_waiting: u64,
    /// Below this, every fact under the device's number is at the county.
    pub(crate) first_unsent: u64,
    /// Over all facts under the device's number.
    pub(crate) chain: Chain,
    pub(crate) clock: Clock,
    /// The observation that was written last under the device's number.
    pub(crate) observed: Option<Observed>,
    /// The number of the next hand-in.
    pub(crate) next_hand_in: u32,
    /// Why the county is to be asked for another device number, if it is.
    pub(crate) asks_for_number: Option<AskFor>,
}

/// Why a device asks for another number. The number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum AskFor {
    /// A fact of its own is lost that the county may not have: those after it cannot follow.
    FactLost = 1,
    /// An edit met another one under its name: there is a copy of this device.
    EditMetAnother = 2,
}

impl AskFor {
    fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => None,
            1 => Some(Self::FactLost),
            _ => Some(Self::EditMetAnother),
        }
    }
}

impl Own {
    fn new(built_ms: i64) -> Self {
        Self {
            next_n: 1,
            next_waiting: 1,
            first_unsent: 1,
            chain: Chain::START,
            clock: Clock::new(built_ms),
            observed: None,
            next_hand_in: 1,
            asks_for_number: None,
        }
    }

    /// The row, or that of an installation which has written nothing. `built_ms`: when this app was built.
    pub(crate) fn load(connection: &Connection, built_ms: i64) -> Result<Self> {
        let mut statement = connection.prepare_cached(
            "SELECT next_n, next_waiting, first_unsent, chain, clock, observed, next_hand_in, asks_for_number
             FROM own",
        )?;
        let row = statement.query_row([], |row| {
            Ok((
                Self {
                    next_n: uncount(row.get(0)?),
                    next_waiting: uncount(row.get(1)?),
                    first_unsent: uncount(row.get(2)?),
                    chain: Chain::from_bytes(row.get(3)?),
                    clock: Clock::new(built_ms),
                    observed: None,
                    next_hand_in: row.get(6)?,
                    asks_for_number: AskFor::from_number(row.get(7)?),
                },
                row.get::<_, String>(4)?,
                row.get::<_, String>(5)?,
            ))
        });
        let Some((mut own, clock, observed)) = row.optional()? else {
            return Ok(Self::new(built_ms));
        };
        let unreadable = |_| Error::Damaged("the clock's state");
        own.clock = serde_json::from_str(&clock).map_err(unreadable)?;
        own.clock.built_at(built_ms);
        if !observed.is_empty() {
            own.observed = serde_json::from_str(&observed).map_err(unreadable)?;
        }
        Ok(own)
    }

    /// Begins anew under another device number: its counter, its chain and its observations are its own.
    pub(crate) fn under_a_new_number(&mut self) {
        self.next_n = 1;
        self.first_unsent = 1;
        self.chain = Chain::START;
        self.observed = None;
        self.asks_for_number = None;
    }

    pub(crate) fn save(&self, connection: &Connection) -> Result<()> {
        let json = |value: serde_json::Result<String>| value.map_err(|_| Error::Damaged("the clock's state"));
        let observed = match &self.observed {
            Some(observed) => json(serde_json::to_string(observed))?,
            None => String::new(),
        };
        let mut statement = connection.prepare_cached(
            "INSERT INTO own (one, next_n, next_waiting, first_unsent, chain, clock, observed, next_hand_in,
                asks_for_number)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT DO UPDATE SET next_n = ?1, next_waiting = ?2, first_unsent = ?3, chain = ?4, clock = ?5,
                observed = ?6, next_hand_in = ?7, asks_for_number = ?8",
        )?;
        statement.execute(params![
            count(self.next_n),
            count(self.next_waiting),
            count(self.first_unsent),
            self.chain.to_bytes(),
            json(serde_json::to_string(&self.clock))?,
            observed,
            self.next_hand_in,
            self.asks_for_number.map_or(0, |why| why as u8),
        ])?;
        Ok(())
    }
}
