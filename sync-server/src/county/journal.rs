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
//! is opened; anywhere else it means that the file was damaged. What the county's own people wrote will go, sealed
//! to the operator's key, into `NNNNNN.sealed` beside its segment, since that goes again once two backups cover it
//! and these lines stay for good.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use saddlebag_records::id::{DeviceNumber, RecordId};
use serde::{Deserialize, Serialize};

use super::CountyError;
use super::folder::{make_private, sync_folder_of};

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

/// A county's journal, open for appending.
#[derive(Debug)]
pub struct Journal {
    segment: File,
    /// Where the whole lines end, in bytes.
    whole: u64,
}

impl Journal {
    /// Opens the journal in this folder, which is made where there is none, and reads it from its beginning.
    pub fn open(folder: &Path) -> Result<(Self, Vec<Entry>), CountyError> {
        make_private(folder)?;
        let mut segments = segments(folder)?;
        if segments.is_empty() {
            segments.push(folder.join("000001.log"));
        }
        let mut entries = Vec::new();
        let (last, earlier) = segments.split_last().ok_or(CountyError::Damaged("journal"))?;
        for path in earlier {
            let text = std::fs::read(path)?;
            if read_lines(&text, &mut entries)? != text.len() {
                return Err(CountyError::Damaged("journal"));
            }
        }
        let segment = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(last)?;
        let whole = read_lines(&std::fs::read(last)?, &mut entries)? as u64;
        segment.sync_all()?;
        sync_folder_of(last)?;
        Ok((Self { segment, whole }, entries))
    }

    /// Appends entries; they are on the disk when this returns.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), CountyError> {
        let mut lines = Vec::new();
        for entry in entries {
            let json = serde_json::to_vec(entry).map_err(|_| CountyError::Damaged("journal"))?;
            lines.extend_from_slice(hash(&json).as_bytes());
            lines.push(b' ');
            lines.extend_from_slice(&json);
            lines.push(b'\n');
        }
        // What an append that failed left behind must not stand between whole lines.
        self.segment.set_len(self.whole)?;
        self.segment.write_all_at(&lines, self.whole)?;
        self.segment.sync_data()?;
        self.whole += lines.len() as u64;
        Ok(())
    }
}

fn segments(folder: &Path) -> Result<Vec<PathBuf>, CountyError> {
    let mut segments = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "log") {
            segments.push(path);
        }
    }
    segments.sort();
    Ok(segments)
}

/// Adds the entries of whole lines and says where those end.
fn read_lines(text: &[u8], entries: &mut Vec<Entry>) -> Result<usize, CountyError> {
    let mut whole = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let end = whole + line.len();
        match read_line(line) {
            Some(entry) => entries.push(entry),
            None if end == text.len() => break,
            None => return Err(CountyError::Damaged("journal")),
        }
        whole = end;
    }
    Ok(whole)
}

fn read_line(line: &[u8]) -> Option<Entry> {
    let (written, json) = line.strip_suffix(b"\n")?.split_at_checked(17)?;
    let matches = written.strip_suffix(b" ")? == hash(json).as_bytes();
    matches.then(|| serde_json::from_slice(json).ok()).flatten()
}

fn hash(json: &[u8]) -> String {
    blake3::hash(json).to_hex().chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRIES: [Entry; 5] = [
        Entry::Epoch {
            epoch: *b"epoch001",
            at_ms: 1_790_000_000_000,
        },
        Entry::DeviceNumber {
            device: DeviceNumber(7),
        },
        Entry::Revoked {
            device: DeviceNumber(7),
        },
        Entry::Lost {
            device: DeviceNumber(7),
        },
        Entry::Tombstone {
            record: RecordId([9; 16]),
            reason: TombstoneReason::Person,
        },
    ];

    fn written(folder: &Path) {
        let (mut journal, before) = Journal::open(folder).unwrap();
        assert_eq!(before, []);
        journal.append(&ENTRIES[..2]).unwrap();
        journal.append(&ENTRIES[2..]).unwrap();
    }

    /// Frozen: a restore reads journals of every version that ever wrote one.
    #[test]
    fn lines_are_as_they_always_were() {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path());
        let text = std::fs::read_to_string(folder.path().join("000001.log")).unwrap();
        let json: Vec<_> = text.lines().map(|line| &line[17..]).collect();
        assert_eq!(
            json,
            [
                r#"{"epoch":{"epoch":"65706f6368303031","at_ms":1790000000000}}"#,
                r#"{"device_number":{"device":7}}"#,
                r#"{"revoked":{"device":7}}"#,
                r#"{"lost":{"device":7}}"#,
                r#"{"tombstone":{"record":"09090909-0909-0909-0909-090909090909","reason":"person"}}"#,
            ]
        );
        assert_eq!(&text[..16], hash(json[0].as_bytes()));
    }

    #[test]
    fn a_torn_last_line_is_cut_off_and_written_over() {
        for torn in [
            "0",
            "0123456789abcdef ",
            "0123456789abcdef {\"device_number\":{\"device\":8}}\n",
        ] {
            let folder = tempfile::tempdir().unwrap();
            written(folder.path());
            let path = folder.path().join("000001.log");
            let mut text = std::fs::read(&path).unwrap();
            text.extend_from_slice(torn.as_bytes());
            std::fs::write(&path, text).unwrap();
            let (mut journal, entries) = Journal::open(folder.path()).unwrap();
            assert_eq!(entries, ENTRIES);
            journal.append(&ENTRIES[..1]).unwrap();
            assert_eq!(Journal::open(folder.path()).unwrap().1.len(), 6);
        }
    }

    #[test]
    fn damage_before_the_last_line_is_told() {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path());
        let path = folder.path().join("000001.log");
        let text = std::fs::read_to_string(&path).unwrap().replace(":7}", ":8}");
        std::fs::write(&path, text).unwrap();
        assert!(matches!(
            Journal::open(folder.path()),
            Err(CountyError::Damaged("journal"))
        ));
    }
}
