//! What must outlive every backup, and names nobody.
//!
//! `journal/000001.log`, `000002.log`, … are segments, each opened by a backup. A segment is only ever appended to,
//! and every entry is on the disk before what it says is done. An entry is one line of UTF-8:
//!
//! ```text
//! <first 8 bytes of BLAKE3 of the JSON, in hexadecimal> <JSON>
//! ```
//!
//! A last line that is cut short or does not match its hash was never acted upon, and is cut off when the journal
//! is opened; anywhere else it means that the file was damaged.
//!
//! What the county's own people wrote is beside its segment, in `NNNNNN.sealed`: frames of their length (4 bytes,
//! big-endian), the first 8 bytes of their BLAKE3, and what [`Written`] says, sealed to the operator's key. It names
//! people, so the server that writes it cannot read it, and it goes once two backups cover it; the lines stay for good.
//!
//! With a copy (`--journal-copy`) every file is written and made durable in both folders before anything is said to
//! be done. When the journal is opened, whichever of the two is whole for longer mends the other.

mod file;
mod frame;
mod line;
#[cfg(test)]
mod tests;
mod written;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use saddlebag_records::id::{DeviceNumber, RecordId};
use serde::{Deserialize, Serialize};

use self::file::{Appended, Holds, reconcile};
pub(crate) use self::written::{Item, Side, Written};
use super::CountyError;
use super::folder::make_private;
use crate::sealing::{OperatorKey, OperatorSecret};
use crate::store::DeviceState;

/// How many backups must cover what is sealed before it goes.
const COVERED_TWICE: u32 = 2;

/// What stands in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Entry {
    /// An epoch of the log began.
    Epoch {
        /// Its name, in hexadecimal.
        #[serde(with = "hex")]
        epoch: [u8; 8],
        /// When, UTC milliseconds.
        at_ms: i64,
    },
    /// A device number was given out: it is never given out again, whatever a backup says.
    DeviceNumber {
        /// The number.
        device: DeviceNumber,
    },
    /// A device's token is no longer good.
    Revoked {
        /// The device.
        device: DeviceNumber,
    },
    /// A device was lost: what it still brings goes into quarantine.
    Lost {
        /// The device.
        device: DeviceNumber,
    },
    /// A device forked: it writes on under another number.
    Forked {
        /// The number that it had.
        device: DeviceNumber,
    },
    /// A device is to leave: it is told to destroy what it holds, once a backup covers all that it wrote.
    Retiring {
        /// The device.
        device: DeviceNumber,
    },
    /// A device was ordered to destroy what it holds.
    Retired {
        /// The device.
        device: DeviceNumber,
    },
    /// A record was forgotten.
    Tombstone {
        /// The record.
        record: RecordId,
        /// Why.
        reason: TombstoneReason,
    },
}

/// Why a record was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TombstoneReason {
    /// Its time was over.
    Retention,
    /// It was about a person, or somebody asked for it.
    Person,
}

impl Entry {
    /// The device that this ends, and what it is from then on.
    pub(crate) fn ends(&self) -> Option<(DeviceNumber, DeviceState)> {
        match self {
            Self::Revoked { device } => Some((*device, DeviceState::Revoked)),
            Self::Lost { device } => Some((*device, DeviceState::Lost)),
            Self::Forked { device } => Some((*device, DeviceState::Forked)),
            Self::Retiring { device } => Some((*device, DeviceState::Retiring)),
            Self::Retired { device } => Some((*device, DeviceState::Retired)),
            Self::Epoch { .. } | Self::DeviceNumber { .. } | Self::Tombstone { .. } => None,
        }
    }
}

/// A county's journal, open for appending.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    copy: Option<PathBuf>,
    segment: u32,
    lines: Appended,
    frames: Appended,
}

impl Journal {
    /// Begins the journal of a new county, in a folder that is made, with its copy where one is wanted.
    pub fn create(folder: &Path, copy: Option<&Path>) -> Result<Self, CountyError> {
        make_private(folder)?;
        if let Some(copy) = copy {
            make_private(copy)?;
        }
        Self::at(folder, copy, 1)
    }

    /// Opens the journal in this folder and reads its lines from the beginning. A copy that lacks something is mended,
    /// and made where there is none.
    ///
    /// # Errors
    /// [`CountyError::JournalMissing`] where there is no journal, or a segment of it is not there.
    pub fn open(folder: &Path, copy: Option<&Path>) -> Result<(Self, Vec<Entry>), CountyError> {
        let missing = || CountyError::JournalMissing(folder.to_owned());
        if Holds::Lines.segments(folder)?.is_empty() {
            return Err(missing());
        }
        if let Some(copy) = copy {
            make_private(copy)?;
            mend(folder, copy)?;
        }
        let segments = Holds::Lines.segments(folder)?;
        if segments.iter().copied().ne((1..).take(segments.len())) {
            return Err(missing());
        }
        let last = segments.last().copied().ok_or_else(missing)?;
        let mut entries = Vec::new();
        for segment in segments {
            let path = Holds::Lines.path(folder, segment);
            let whole = line::read(BufReader::new(File::open(&path)?), |entry| entries.push(entry))?;
            if segment != last && whole != path.metadata()?.len() {
                return Err(CountyError::Damaged("journal"));
            }
        }
        Ok((Self::at(folder, copy, last)?, entries))
    }

    /// Whether there is a journal, or a part of one, in this folder.
    pub(crate) fn is_in(folder: &Path) -> bool {
        Holds::Lines
            .segments(folder)
            .is_ok_and(|segments| !segments.is_empty())
    }

    fn at(folder: &Path, copy: Option<&Path>, segment: u32) -> Result<Self, CountyError> {
        let folders = || std::iter::once(folder).chain(copy);
        Ok(Self {
            folder: folder.to_owned(),
            copy: copy.map(Path::to_owned),
            segment,
            lines: Appended::open(Holds::Lines, segment, folders())?,
            frames: Appended::open(Holds::Frames, segment, folders())?,
        })
    }

    /// The segment that is appended to.
    pub(crate) fn segment(&self) -> u32 {
        self.segment
    }

    /// Appends entries; they are on the disk when this returns.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), CountyError> {
        let lines: Result<Vec<_>, _> = entries.iter().map(line::of).collect();
        Ok(self.lines.append(&lines?.concat())?)
    }

    /// Appends what the county's own people wrote, sealed; it is on the disk when this returns.
    pub(crate) fn seal(&mut self, key: &OperatorKey, written: &Written) -> Result<(), CountyError> {
        let sealed = key.seal_bytes(&written.to_bytes())?;
        Ok(self.frames.append(&frame::of(&sealed)?)?)
    }

    /// Opens the next segment, after a backup is durable, and drops what two backups cover: what is in a segment is in
    /// every backup that was begun in a later one.
    pub(crate) fn next_segment(&mut self) -> Result<(), CountyError> {
        self.lines.cut()?;
        self.frames.cut()?;
        let next = Self::at(&self.folder, self.copy.as_deref(), self.segment + 1)?;
        *self = next;
        for folder in std::iter::once(&self.folder).chain(&self.copy) {
            drop_covered(folder, self.segment)?;
        }
        Ok(())
    }
}

/// Gives what the county's own people wrote, as the journal in this folder has it from a segment on, in its order.
/// Whether none of it is missing.
pub(crate) fn read_sealed(
    folder: &Path,
    key: &OperatorSecret,
    from: u32,
    mut each: impl FnMut(Written) -> Result<(), CountyError>,
) -> Result<bool, CountyError> {
    let is_there = Holds::Frames.segments(folder)?;
    let is_whole = Holds::Lines
        .segments(folder)?
        .iter()
        .filter(|segment| **segment >= from)
        .all(|segment| is_there.contains(segment));
    for segment in is_there {
        let file = BufReader::new(File::open(Holds::Frames.path(folder, segment))?);
        frame::read(file, |sealed| {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut key.open(sealed)?, &mut bytes)?;
            each(Written::from_bytes(&bytes).ok_or(CountyError::Damaged("journal"))?)
        })?;
    }
    Ok(is_whole)
}

fn mend(folder: &Path, copy: &Path) -> Result<(), CountyError> {
    for holds in Holds::ALL {
        let mut segments = holds.segments(folder)?;
        segments.extend(holds.segments(copy)?);
        segments.sort_unstable();
        segments.dedup();
        for segment in segments {
            reconcile(holds, &holds.path(folder, segment), &holds.path(copy, segment))?;
        }
    }
    Ok(())
}

fn drop_covered(folder: &Path, current: u32) -> Result<(), CountyError> {
    for segment in Holds::Frames.segments(folder)? {
        // The backup that opened segment n + 1 was begun in segment n.
        if segment + COVERED_TWICE < current {
            std::fs::remove_file(Holds::Frames.path(folder, segment))?;
        }
    }
    Ok(())
}
