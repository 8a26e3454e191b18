use rusqlite::Connection;
use saddlebag_protocol::{Again, Cursor, Report, limits};
use saddlebag_records::id::ActorId;

use super::again;
use super::fork::number_asked_for;
use super::numbering::{Taken, write_anew};
use crate::error::Result;
use crate::replica::Replica;
use crate::store::own::Own;
use crate::store::{exchange, facts, identity};

/// A report is sent when it changed by this much: a clock that is some milliseconds off tells nothing.
const CLOCK_STEP_MS: i64 = 60_000;
/// Likewise free space, in bytes.
const SPACE_STEP: u64 = 64 * 1024 * 1024;

/// What a request says besides what it pushes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asking {
    /// How far this device has read; none before the first answer.
    pub cursor: Option<Cursor>,
    /// Actors that the county does not know yet.
    pub actors: Vec<ActorId>,
    /// One-time numbers that are left, when fewer than there should be.
    pub one_time_left: Option<u32>,
    /// The version of the key list that is here.
    pub key_list_version: u32,
    /// When the server's keys that are here were made, UTC seconds; none where it is known by its certificate.
    pub server_keys_since_s: Option<u64>,
    /// How this device is, when that changed.
    pub report: Option<Report>,
    /// What this version understands beyond protocol 1, when that changed.
    pub capabilities: Option<Vec<String>>,
    /// Whether to ask for another device number: nothing is pushed then.
    pub for_another_number: bool,
    /// What is damaged here and the county had.
    pub again: Option<Again>,
}

/// What a request told the county, to be remembered once it is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The announced actors.
    pub actors: Vec<ActorId>,
    /// The report.
    pub report: Option<Report>,
    /// The capabilities.
    pub capabilities: Option<Vec<String>>,
}

impl From<&Asking> for Told {
    fn from(asking: &Asking) -> Self {
        Self {
            actors: asking.actors.clone(),
            report: asking.report.clone(),
            capabilities: asking.capabilities.clone(),
        }
    }
}

impl Told {
    pub(super) fn remember(&self, connection: &Connection) -> Result<()> {
        identity::announced(connection, &self.actors)?;
        let report = self.report.as_ref().map(encoded);
        let capabilities = self.capabilities.as_ref().map(|names| names.join("\n"));
        exchange::set_told(connection, report.as_deref(), capabilities.as_deref())
    }
}

impl Replica {
    /// What the next request says besides what it pushes. `app`: name and version, at most 40 characters.
    ///
    /// # Errors
    ///
    /// [`NotEnrolled`](crate::Error::NotEnrolled).
    pub fn asking(&self, app: &str, free_bytes: Option<u64>, capabilities: &[String]) -> Result<Asking> {
        let reading = self.surroundings().clock.read();
        let only = self.only_here()?;
        self.read(|connection| {
            identity::author(connection)?;
            let own = Own::load(connection, self.surroundings().built_ms)?;
            let (now_ms, source) = own.clock.now(&reading);
            let clock_error_ms = source.is_sure().then(|| reading.wall_ms.saturating_sub(now_ms));
            let report = Report {
                app: app.chars().take(40).collect(),
                clock_error_ms: clock_error_ms.map(|ms| ms.div_euclid(CLOCK_STEP_MS) * CLOCK_STEP_MS),
                free_bytes: free_bytes.map(|bytes| bytes / SPACE_STEP * SPACE_STEP),
                unsent_facts: only.facts,
                unsent_photos: only.photos,
                unsent_photo_bytes: only.photo_bytes,
            };
            let (told_report, told_capabilities) = exchange::told(connection)?;
            let left = identity::one_time_left(connection)?;
            let for_another_number = number_asked_for(connection, &own)?.is_some();
            Ok(Asking {
                cursor: exchange::checkpoints(connection)?.into_iter().next(),
                actors: identity::actors(connection, true)?
                    .into_iter()
                    .take(limits::MAX_ACTORS)
                    .collect(),
                one_time_left: (usize::try_from(left).unwrap_or(0) < limits::ONE_TIME_NUMBERS)
                    .then_some(left),
                key_list_version: identity::key_list_version(connection)?,
                server_keys_since_s: identity::server_keys_since_s(connection)?,
                report: (encoded(&report) != told_report).then_some(report),
                capabilities: (capabilities.join("\n") != told_capabilities).then(|| capabilities.to_vec()),
                for_another_number,
                again: again::wanted(connection)?,
            })
        })
    }

    /// The epoch in which the county counts what this device holds; none before enrolment.
    pub(crate) fn epoch(&self) -> Result<Option<[u8; 8]>> {
        Ok(self.read(exchange::log)?.map(|log| log.epoch))
    }

    /// Older cursors, newest first: for a county that does not know the one that it was asked with.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn checkpoints(&self) -> Result<Vec<Cursor>> {
        self.read(|connection| {
            let all = exchange::checkpoints(connection)?;
            Ok(all.into_iter().skip(1).take(limits::MAX_CHECKPOINTS).collect())
        })
    }

    /// How many facts are damaged here and wait for a sound copy.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn damaged(&self) -> Result<u64> {
        self.read(facts::damaged)
    }

    /// Goes back to an older cursor, or to before the first, as after a county was restored: what this device wrote and
    /// the county confirmed above it is to be offered again. So is what it refused there: the counter has no gaps.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn go_back_to(&self, cursor: Option<&Cursor>) -> Result<()> {
        self.write(|transaction| {
            exchange::go_back(transaction, cursor)?;
            let above = crate::store::column::count(cursor.map_or(0, |cursor| cursor.seq));
            for table in ["facts", "plan_changes"] {
                let sql = format!(
                    "UPDATE {table} SET state = 0, position = 0 WHERE state IN (2, 3, 4) AND position > ?1"
                );
                transaction.execute(&sql, [above])?;
            }
            let mut own = Own::load(transaction, self.surroundings().built_ms)?;
            own.first_unsent = 1;
            let now = identity::identity(transaction)?.map(|identity| identity.device);
            for number in identity::device_numbers(transaction)? {
                if Some(number) != now {
                    write_anew(transaction, &mut own, number, &Taken::default())?;
                }
            }
            own.save(transaction)
        })
    }
}

fn encoded(report: &Report) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = minicbor::encode(report, &mut bytes);
    bytes
}
