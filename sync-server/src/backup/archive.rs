use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use saddlebag_records::id::CountyId;
use serde::{Deserialize, Serialize};

use super::BackupError;
use crate::county::make_private;
use crate::sealing::{OperatorKey, OperatorSecret};

/// Of the archive's layout: one that is higher is left alone.
const FORMAT: u32 = 1;
/// zstd's level: a county packs to a fifth, and hardly better with more work.
const LEVEL: i32 = 3;
const MANIFEST: &str = "manifest.json";
/// A manifest is a few lines.
const LONGEST_MANIFEST: u64 = 64 * 1024;
/// The copy of the database.
pub(super) const DATABASE: &str = "county.db";
/// What else is in every backup, as it lies in the county's folder.
const FILES: [&str; 2] = ["county.json", "keys/keys.json"];

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    pub(super) county: CountyId,
    /// Which program wrote it.
    pub(super) program: String,
    /// When, UTC milliseconds.
    pub(super) taken_ms: i64,
    /// The county's epoch, in hexadecimal.
    #[serde(with = "hex")]
    pub(super) epoch: [u8; 8],
    /// The newest row of the log in it.
    pub(super) covers: u64,
    /// The journal's segment when it was begun: all that is in earlier ones is in it.
    pub(super) segment: u32,
    /// BLAKE3 of the database, in hexadecimal.
    #[serde(with = "hex")]
    pub(super) database: [u8; 32],
    pub(super) records: u64,
    pub(super) facts: u64,
    pub(super) plan_changes: u64,
}

impl Manifest {
    pub(super) fn new(county: CountyId) -> Self {
        Self {
            format: FORMAT,
            county,
            program: concat!("saddlebag-sync-server ", env!("CARGO_PKG_VERSION")).to_owned(),
            taken_ms: 0,
            epoch: [0; 8],
            covers: 0,
            segment: 0,
            database: [0; 32],
            records: 0,
            facts: 0,
            plan_changes: 0,
        }
    }
}

/// Writes an archive of a county's folder and this copy of its database, sealed. Streamed: a few megabytes of memory
/// are enough for any county.
pub(super) fn write<W: Write>(
    to: W,
    key: &OperatorKey,
    manifest: &Manifest,
    folder: &Path,
    database: &Path,
) -> io::Result<W> {
    let mut archive = tar::Builder::new(zstd::Encoder::new(key.seal(to)?, LEVEL)?);
    archive.mode(tar::HeaderMode::Deterministic);
    let json = serde_json::to_vec_pretty(manifest)?;
    let mut header = tar::Header::new_gnu();
    header.set_size(json.len() as u64);
    header.set_mode(0o600);
    header.set_cksum();
    archive.append_data(&mut header, MANIFEST, &*json)?;
    for name in FILES {
        archive.append_path_with_name(folder.join(name), name)?;
    }
    archive.append_path_with_name(database, DATABASE)?;
    archive.into_inner()?.finish()?.finish()
}

/// Unpacks a backup into a new folder, which its owner alone can look into, and shows that it is whole.
pub(super) fn unpack(file: &Path, key: &OperatorSecret, into: &Path) -> Result<Manifest, BackupError> {
    make_private(&into.join("keys")).map_err(|error| BackupError::Disk(into.to_owned(), error))?;
    let sealed = File::open(file).map_err(|error| BackupError::Disk(file.to_owned(), error))?;
    let opened = key.open(sealed).map_err(|error| unreadable(file, error))?;
    let packed = zstd::Decoder::new(opened).map_err(|error| unreadable(file, error))?;
    Unpacking {
        file,
        into,
        manifest: None,
        seen: Vec::new(),
        database: None,
    }
    .all(packed)
}

struct Unpacking<'a> {
    file: &'a Path,
    into: &'a Path,
    manifest: Option<Manifest>,
    seen: Vec<String>,
    database: Option<blake3::Hash>,
}

impl Unpacking<'_> {
    fn all(mut self, packed: impl Read) -> Result<Manifest, BackupError> {
        let file = self.file;
        let mut archive = tar::Archive::new(packed);
        for entry in archive.entries().map_err(|error| unreadable(file, error))? {
            self.one(entry.map_err(|error| unreadable(file, error))?)?;
        }
        // What was sealed says at its very end that it is whole.
        io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(|error| unreadable(file, error))?;
        let manifest = self
            .manifest
            .take()
            .ok_or_else(|| self.damaged_at("no manifest"))?;
        let is_whole = FILES.iter().all(|name| self.seen.iter().any(|seen| seen == name));
        if !is_whole || self.database.map(|hash| *hash.as_bytes()) != Some(manifest.database) {
            return Err(BackupError::Damaged(file.to_owned(), "not as it was written"));
        }
        Ok(manifest)
    }

    fn one(&mut self, entry: tar::Entry<'_, impl Read>) -> Result<(), BackupError> {
        let name = entry
            .path()
            .ok()
            .and_then(|path| path.to_str().map(str::to_owned))
            .filter(|_| entry.header().entry_type().is_file())
            .ok_or_else(|| self.damaged_at("a name"))?;
        if self.seen.contains(&name) {
            return Err(self.damaged_at("a file twice"));
        }
        match &*name {
            MANIFEST => {
                let manifest = serde_json::from_reader(entry.take(LONGEST_MANIFEST));
                let manifest: Manifest = manifest.map_err(|_| self.damaged_at("its manifest"))?;
                if manifest.format > FORMAT {
                    return Err(BackupError::FromTheFuture(self.file.to_owned()));
                }
                self.manifest = Some(manifest);
            }
            DATABASE => self.database = Some(self.write(&name, entry)?),
            known if FILES.contains(&known) => drop(self.write(&name, entry)?),
            // Of a later version of the same format.
            _ => {}
        }
        self.seen.push(name);
        Ok(())
    }

    fn write(&self, name: &str, from: impl Read) -> Result<blake3::Hash, BackupError> {
        let path = self.into.join(name);
        let on_disk = |error| BackupError::Disk(path.clone(), error);
        let mut to = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(on_disk)?;
        let (mut from, mut hasher) = (BufReader::with_capacity(1 << 16, from), blake3::Hasher::new());
        let mut buffer = vec![0; 1 << 16];
        loop {
            let read = from
                .read(&mut buffer)
                .map_err(|error| unreadable(self.file, error))?;
            let Some(some) = buffer.get(..read).filter(|some| !some.is_empty()) else {
                break;
            };
            hasher.update(some);
            to.write_all(some).map_err(on_disk)?;
        }
        to.sync_all().map_err(on_disk)?;
        Ok(hasher.finalize())
    }

    fn damaged_at(&self, what: &'static str) -> BackupError {
        BackupError::Damaged(self.file.to_owned(), what)
    }
}

/// Bytes that do not open are damage, whatever it is that does not open them.
fn unreadable(file: &Path, error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::PermissionDenied => BackupError::OtherKey(file.to_owned()),
        _ => BackupError::Damaged(file.to_owned(), "not as it was written"),
    }
}
