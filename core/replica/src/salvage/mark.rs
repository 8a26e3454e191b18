use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use saddlebag_records::id::{CountyId, DeviceNumber, PersonId};

use crate::error::Result;
use crate::store::making::owned;
use crate::store::open::StoreKey;

/// Begins with the name of the database, as all that a wipe removes.
const MARK: &str = "records.db.mark";
const BYTES: usize = 8 + 8 + 32 + 8;

/// How far this device had counted, beside the database: where a log went missing, or the page that counts cannot be
/// read, no number is given twice and what is missing is noticed.
///
/// It is written after each commit and never waited for: after a power cut it may lag, and what it says is never more
/// than what was committed.
#[derive(Debug, Default)]
pub(crate) struct Mark {
    last: Mutex<(Option<File>, Option<Marked>)>,
}

/// What stands beside the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marked {
    /// The number under which the device writes.
    pub(crate) device: DeviceNumber,
    /// The counter of its next fact.
    pub(crate) next_n: u64,
    /// Whose the device is, under the store's key.
    pub(crate) whose: [u8; 32],
}

impl Marked {
    /// Tells one person of one county from all others, to nobody who has not the key.
    pub(crate) fn whose(key: &StoreKey, county: CountyId, person: PersonId) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(&key.0);
        hasher
            .update(b"saddlebag store mark v1")
            .update(&county.0)
            .update(&person.0);
        *hasher.finalize().as_bytes()
    }

    fn to_bytes(self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        let parts = [
            &self.device.0.to_le_bytes()[..],
            &self.next_n.to_le_bytes(),
            &self.whose,
        ];
        let (said, proof) = bytes.split_at_mut(BYTES - 8);
        said.copy_from_slice(&parts.concat());
        proof.copy_from_slice(blake3::hash(said).as_bytes().get(..8).unwrap_or_default());
        bytes
    }

    fn from_bytes(bytes: &[u8; BYTES]) -> Option<Self> {
        let (device, rest) = bytes.split_first_chunk::<8>()?;
        let (next_n, rest) = rest.split_first_chunk::<8>()?;
        let marked = Self {
            device: DeviceNumber(u64::from_le_bytes(*device)),
            next_n: u64::from_le_bytes(*next_n),
            whose: *rest.first_chunk()?,
        };
        (marked.to_bytes() == *bytes).then_some(marked)
    }
}

impl Mark {
    /// What is marked; none where nothing is, or what is there is not what was written.
    pub(crate) fn read(dir: &Path) -> Result<Option<Marked>> {
        let Ok(mut file) = File::open(dir.join(MARK)) else {
            return Ok(None);
        };
        let mut bytes = [0; BYTES];
        Ok(match file.read_exact(&mut bytes) {
            Ok(()) => Marked::from_bytes(&bytes),
            Err(_) => None,
        })
    }

    /// Marks how far the device has counted, if that changed.
    pub(crate) fn set(&self, dir: &Path, marked: Marked) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.1 == Some(marked) {
            return;
        }
        match write(dir, &mut last.0, marked) {
            Ok(()) => last.1 = Some(marked),
            // What was recorded is safe without it.
            Err(error) => tracing::debug!(%error, "how far the device counted could not be marked"),
        }
    }
}

fn write(dir: &Path, file: &mut Option<File>, marked: Marked) -> Result<()> {
    let file = match file {
        Some(file) => file,
        None => file.insert(owned(&dir.join(MARK))?),
    };
    file.seek(SeekFrom::Start(0))?;
    Ok(file.write_all(&marked.to_bytes())?)
}
