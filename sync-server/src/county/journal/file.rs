use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::super::CountyError;
use super::super::folder::sync_folder_of;
use super::{frame, line};

/// What a file of the journal holds, by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holds {
    /// Lines that stay for good.
    Lines,
    /// Sealed frames.
    Frames,
}

impl Holds {
    pub(super) const ALL: [Self; 2] = [Self::Lines, Self::Frames];

    fn extension(self) -> &'static str {
        match self {
            Self::Lines => "log",
            Self::Frames => "sealed",
        }
    }

    pub(super) fn path(self, folder: &Path, segment: u32) -> PathBuf {
        folder.join(format!("{segment:06}.{}", self.extension()))
    }

    /// The segments of which the folder has such a file, in their order. None where there is no such folder.
    pub(super) fn segments(self, folder: &Path) -> io::Result<Vec<u32>> {
        let entries = match std::fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut segments = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(self.extension()));
            segments.extend(
                number
                    .and_then(|number| number.strip_suffix('.'))
                    .filter(|number| number.len() == 6)
                    .and_then(|number| number.parse::<u32>().ok()),
            );
        }
        segments.sort_unstable();
        Ok(segments)
    }

    /// Where what is whole ends, in bytes; 0 where there is no file.
    pub(super) fn whole(self, path: &Path) -> Result<u64, CountyError> {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            file => BufReader::new(file?),
        };
        match self {
            Self::Lines => line::read(file, |_| {}),
            Self::Frames => frame::read(file, |_| Ok(())),
        }
    }
}

/// One file of a segment, and its copy where one is kept: only ever appended to.
#[derive(Debug)]
pub(super) struct Appended {
    files: Vec<File>,
    whole: u64,
}

impl Appended {
    /// Opens, or makes, the file in each of these folders: in all of them it is the same up to where it is whole.
    pub(super) fn open<'a>(
        holds: Holds,
        segment: u32,
        folders: impl Iterator<Item = &'a Path>,
    ) -> Result<Self, CountyError> {
        let mut appended = Self {
            files: Vec::new(),
            whole: 0,
        };
        for folder in folders {
            let path = holds.path(folder, segment);
            appended.whole = holds.whole(&path)?;
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .read(true)
                .write(true)
                .mode(0o600)
                .open(&path)?;
            file.sync_all()?;
            sync_folder_of(&path)?;
            appended.files.push(file);
        }
        Ok(appended)
    }

    /// Appends; it is on the disk, and on that of the copy, when this returns.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        for file in &self.files {
            // What an append that failed left behind must not stand between what is whole.
            file.set_len(self.whole)?;
            file.write_all_at(bytes, self.whole)?;
            file.sync_data()?;
        }
        self.whole += bytes.len() as u64;
        Ok(())
    }
}

impl Appended {
    /// Cuts off what an append that failed left behind, before nothing is appended any more.
    pub(super) fn cut(&self) -> io::Result<()> {
        for file in &self.files {
            file.set_len(self.whole)?;
            file.sync_all()?;
        }
        Ok(())
    }
}

/// Makes a file and its copy the same: the one that is whole for longer goes on where the other ends.
pub(super) fn reconcile(holds: Holds, one: &Path, other: &Path) -> Result<(), CountyError> {
    let (ends, others) = (holds.whole(one)?, holds.whole(other)?);
    let both = ends.min(others);
    if both > 0 && !is_same(one, other, both)? {
        return Err(CountyError::Damaged("journal's copy"));
    }
    if ends == others {
        return Ok(());
    }
    let (from, to) = if ends > others { (one, other) } else { (other, one) };
    let mut rest = Vec::new();
    let from = File::open(from)?;
    from.take(ends.max(others)).read_to_end(&mut rest)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(to)?;
    file.set_len(both)?;
    let rest = rest.get(usize::try_from(both).unwrap_or(usize::MAX)..);
    file.write_all_at(rest.unwrap_or_default(), both)?;
    file.sync_all()?;
    sync_folder_of(to)?;
    Ok(())
}

/// Whether two files begin with the same so many bytes.
fn is_same(one: &Path, other: &Path, bytes: u64) -> io::Result<bool> {
    let hash = |path: &Path| {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(path)?.take(bytes))?;
        io::Result::Ok(hasher.finalize())
    };
    Ok(hash(one)? == hash(other)?)
}
