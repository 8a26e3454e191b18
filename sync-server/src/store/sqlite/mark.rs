use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

/// How many commits a county's file has had, in a file beside it: so that one notices when the log of the newest is gone,
/// without which SQLite opens what was before. It is not waited for to be on the disk, and after a power cut may say less
/// than there is; it never says more.
#[derive(Debug)]
pub(super) struct Mark {
    /// None where it cannot be opened: then nothing is noticed, and the county works.
    file: Option<File>,
    /// What it said when it was opened; 0 where it said nothing.
    pub(super) commits: u64,
}

impl Mark {
    pub(super) fn beside(database: &Path) -> Self {
        Self::open(database).unwrap_or(Self {
            file: None,
            commits: 0,
        })
    }

    fn open(database: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(database.with_extension("mark"))?;
        let mut said = Vec::new();
        Read::by_ref(&mut file).take(LENGTH).read_to_end(&mut said)?;
        let commits = said.first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
        let commits = if said == bytes(commits) { commits } else { 0 };
        Ok(Self {
            file: Some(file),
            commits,
        })
    }

    /// There are so many now. Where it cannot be written it says less.
    pub(super) fn note(&self, commits: u64) {
        if let Some(file) = &self.file {
            let _ = file.write_all_at(&bytes(commits), 0);
        }
    }
}

const LENGTH: u64 = 16;

/// The number, and the first 8 bytes of its BLAKE3.
fn bytes(commits: u64) -> [u8; LENGTH as usize] {
    let number = commits.to_be_bytes();
    let mut bytes = [0; LENGTH as usize];
    let (said, check) = bytes.split_at_mut(8);
    said.copy_from_slice(&number);
    blake3::Hasher::new().update(&number).finalize_xof().fill(check);
    bytes
}
