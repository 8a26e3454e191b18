//! A county from its backup.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use saddlebag_records::id::{ActorId, CountyId, DeviceNumber};
use serde::Serialize;

use super::BackupError;
use super::archive::{self, DATABASE, Manifest};
use super::claims::Claims;
use super::replay::{self, replay};
use super::scratch::Scratch;
use super::verify::read_key;
use crate::county::{
    About, County, CountyError, CountyKeys, DataFolder, Elsewhere, Entry, Journal, TombstoneReason, Written,
    end_devices, ended, forgotten, knows, make_private, missing, read_sealed, sync_folder_of,
};
use crate::forgetting::{forget_again, left_of_forgotten};
use crate::outside::Outside;
use crate::sealing::OperatorSecret;
use crate::store::{Answer, DeviceState, ForgetReason, Moment, Seq, Store, StoreError, WriteTx};

/// Acts that are replayed before anybody waits for them to be durable.
const AT_A_TIME: usize = 256;
/// How far device numbers jump where nobody knows which were given: more than a county gives in its life.
const JUMP: u64 = 1_000_000;
/// The actor of an epoch of which only the journal knows.
const NOBODYS: ActorId = ActorId([0; 16]);

/// What to restore, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Restoring<'a> {
    /// The backup.
    pub from: &'a Path,
    /// The file of the operator's key.
    pub key: &'a Path,
    /// The journal is lost too: every device must be confirmed before it is served.
    pub without_journal: bool,
}

/// A county that was restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// Which.
    pub county: CountyId,
    /// When the backup was taken, UTC milliseconds.
    pub taken_ms: i64,
    /// The newest row of the log in the backup.
    pub covers: u64,
    /// Its new epoch.
    pub epoch: String,
    /// Acts of the county's own people that the journal had.
    pub acts: u64,
    /// What of them could not be brought back.
    pub lacking: u64,
    /// Whether the journal reaches back to the backup. It does to the last two.
    pub journal_reaches: bool,
    /// Devices that wait to be confirmed.
    pub unconfirmed: u64,
    /// Where what was there before is now, if anything was.
    pub set_aside: Option<PathBuf>,
}

/// Restores a county into this data folder. What was there of it is set aside, its journal is kept and replayed.
///
/// # Errors
/// [`CountyError::JournalMissing`] where there is no journal, neither in the folder nor its copy elsewhere; and
/// [`BackupError::JournalThere`] where there is one and it was said to be lost.
pub fn restore(
    data: &DataFolder,
    elsewhere: &Elsewhere,
    how: Restoring<'_>,
    outside: Arc<dyn Outside>,
) -> Result<Restored, BackupError> {
    let key = read_key(how.key)?;
    let on_disk = |path: &Path, error| BackupError::Disk(path.to_owned(), error);
    // A restore that is refused leaves nothing that can be read.
    let scratch = Scratch::at(data.restoring())?;
    let place = scratch.path();
    let manifest = archive::unpack(how.from, &key, place)?;
    let damaged = |what| BackupError::Damaged(how.from.to_owned(), what);
    if About::read(place)?.id != manifest.county {
        return Err(damaged("its county"));
    }
    if !Store::check(&place.join(DATABASE))?.is_sound() {
        return Err(damaged("its database"));
    }

    let home = data.county(manifest.county);
    keep_newer_keys(&home, place).map_err(|error| on_disk(&home, error))?;
    let journal = journal_of(data, elsewhere, manifest.county)?;
    let mut restoring = Restorer {
        store: Store::open(&place.join(DATABASE))?,
        journal_folder: place.join("journal"),
        manifest: &manifest,
        outside: &*outside,
        restored: Restored {
            county: manifest.county,
            taken_ms: manifest.taken_ms,
            covers: manifest.covers,
            epoch: String::new(),
            acts: 0,
            lacking: 0,
            journal_reaches: true,
            unconfirmed: 0,
            set_aside: None,
        },
    };
    match journal {
        Some(journal) if how.without_journal => return Err(BackupError::JournalThere(journal)),
        Some(journal) => restoring.with_journal(&journal, &key)?,
        None if how.without_journal => restoring.without_journal()?,
        None => return Err(CountyError::JournalMissing(home.join("journal")).into()),
    }
    let Restorer {
        store, mut restored, ..
    } = restoring;
    // What was forgotten again stands in the file until then.
    store.empty_log()?;
    drop(store);

    let moved = swap(data, manifest.county, place, outside.now_ms());
    restored.set_aside = moved.map_err(|error| on_disk(&home, error))?;
    // Opened once as a server will: its journal's copy is mended, and what waits is judged.
    County::open(&home, elsewhere, outside)?;
    Ok(restored)
}

/// A journal that is there: in the county's folder, else its copy. Where a restore was killed between setting the folder
/// aside and putting another in its place, in what it set aside.
fn journal_of(
    data: &DataFolder,
    elsewhere: &Elsewhere,
    county: CountyId,
) -> Result<Option<PathBuf>, CountyError> {
    let (home, copy) = (data.county(county), elsewhere.journal_of(county));
    let journal = home.join("journal");
    if Journal::is_in(&journal) {
        // What its own end lacks the copy has.
        Journal::open(&journal, copy.as_deref())?;
        return Ok(Some(journal));
    }
    let aside = data.set_aside(county)?.pop().filter(|_| !home.exists());
    let places = copy.into_iter().chain(aside.map(|aside| aside.join("journal")));
    Ok(places.into_iter().find(|place| Journal::is_in(place)))
}

/// Keys that were changed since the backup stay.
fn keep_newer_keys(home: &Path, place: &Path) -> io::Result<()> {
    let version = |folder: &Path| {
        let keys = CountyKeys::open(&folder.join("keys"));
        keys.ok().map(|keys| keys.list().version)
    };
    if version(home) > version(place) {
        let file = place.join("keys/keys.json");
        std::fs::copy(home.join("keys/keys.json"), &file)?;
        File::open(&file)?.sync_all()?;
    }
    Ok(())
}

/// Puts what was put together in the county's place. Gives where what was there is.
fn swap(data: &DataFolder, county: CountyId, place: &Path, now_ms: i64) -> io::Result<Option<PathBuf>> {
    let home = data.county(county);
    File::open(place)?.sync_all()?;
    let set_aside = home.exists().then(|| data.aside(county, now_ms));
    if let Some(aside) = &set_aside {
        std::fs::rename(&home, aside)?;
    }
    std::fs::rename(place, &home)?;
    sync_folder_of(&home)?;
    Ok(set_aside)
}

struct Restorer<'a> {
    store: Store,
    journal_folder: PathBuf,
    manifest: &'a Manifest,
    outside: &'a dyn Outside,
    restored: Restored,
}

impl Restorer<'_> {
    fn moment(&self) -> Moment {
        Moment {
            ms: self.outside.now_ms(),
            nonce: self.outside.random(),
        }
    }

    fn job<T: Send + 'static>(
        &self,
        moment: Moment,
        job: impl FnOnce(&mut dyn WriteTx) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, BackupError> {
        Ok(self.store.write(moment, job).wait()?)
    }

    fn with_journal(&mut self, from: &Path, key: &OperatorSecret) -> Result<(), BackupError> {
        copy_journal(from, &self.journal_folder)
            .map_err(|error| BackupError::Disk(from.to_owned(), error))?;
        let (mut journal, entries) = Journal::open(&self.journal_folder, None)?;
        let last = self.store.read_blocking(|tx| tx.last_device())?;
        if !knows(&entries, Some(self.manifest.epoch), last) {
            return Err(CountyError::JournalBehind(from.to_owned()).into());
        }
        let given = entries.iter().filter_map(|entry| match entry {
            Entry::DeviceNumber { device } => Some(device.0),
            _ => None,
        });
        self.bring_back_epochs(&entries)?;
        self.begin_epoch(&mut journal, given.max().unwrap_or(0))?;
        // First, so that nothing which follows revives what was forgotten.
        self.forget(&entries)?;
        self.replay(key)?;
        self.strip_again()?;
        self.end_devices(&entries)
    }

    fn without_journal(&mut self) -> Result<(), BackupError> {
        let mut journal = Journal::create(&self.journal_folder, None)?;
        let last = self.store.read_blocking(|tx| tx.last_device())?;
        self.begin_epoch(&mut journal, last.0.saturating_add(JUMP))?;
        let ended = self.job(self.moment(), |tx| {
            let mut ended = Vec::new();
            for device in tx.devices()? {
                let device = (device.number, device.state);
                match device.1 {
                    // One that forked is served until it hears so.
                    DeviceState::Active | DeviceState::Retiring | DeviceState::Forked => {
                        tx.set_device_state(device.0, DeviceState::Unconfirmed)?;
                    }
                    _ => ended.push(device),
                }
                tx.void_one_time_numbers(device.0)?;
            }
            Ok(ended)
        })?;
        // The journal of before is not there to say so, if an older backup is ever restored.
        let forgotten = self.store.read_blocking(|tx| tx.tombstones())?;
        let forgotten = forgotten.into_iter().map(|(record, tombstone)| Entry::Tombstone {
            record,
            reason: match tombstone.reason {
                ForgetReason::Retention => TombstoneReason::Retention,
                ForgetReason::Person => TombstoneReason::Person,
            },
        });
        let ended = ended.into_iter().filter_map(line_of);
        journal.append(&ended.chain(forgotten).collect::<Vec<Entry>>())?;
        self.restored.unconfirmed = self.store.read_blocking(|tx| {
            let unconfirmed = |device: &crate::store::Device| device.state == DeviceState::Unconfirmed;
            Ok::<_, StoreError>(tx.devices()?.iter().filter(|device| unconfirmed(device)).count() as u64)
        })?;
        Ok(())
    }

    /// The backup counts as one of the restored county's, whose log it covers; then a new epoch begins, with a number and
    /// an actor that nobody had.
    fn begin_epoch(&mut self, journal: &mut Journal, given: u64) -> Result<(), BackupError> {
        let (covers, taken_ms) = (Seq(self.manifest.covers), self.manifest.taken_ms);
        let moment = Moment {
            ms: taken_ms,
            ..self.moment()
        };
        self.job(moment, move |tx| tx.note_backup(covers))?;
        let (epoch, actor) = (self.outside.random(), ActorId(self.outside.random()));
        let own = self.job(self.moment(), move |tx| {
            tx.skip_device_numbers(DeviceNumber(given))?;
            let own = tx.take_device_number()?;
            tx.start_epoch(epoch, own, actor)?;
            tx.drop_enrolment_codes(i64::MAX)?;
            Ok(own)
        })?;
        journal.append(&[
            Entry::Epoch {
                epoch,
                at_ms: self.outside.now_ms(),
            },
            Entry::DeviceNumber { device: own },
        ])?;
        self.restored.epoch = hex::encode(epoch);
        Ok(())
    }

    /// Epochs that began after the backup: what the county's own people wrote in them is theirs again. Of each the journal
    /// has its name and then the number; under the actor nobody writes any more, and it is not there.
    fn bring_back_epochs(&self, entries: &[Entry]) -> Result<(), BackupError> {
        for (began, number) in entries.iter().zip(entries.iter().skip(1)) {
            let (&Entry::Epoch { epoch, at_ms }, &Entry::DeviceNumber { device }) = (began, number) else {
                continue;
            };
            let moment = Moment {
                ms: at_ms,
                ..self.moment()
            };
            self.job(moment, move |tx| {
                let known = tx.epochs()?.iter().any(|known| known.name == epoch);
                if known {
                    Ok(())
                } else {
                    tx.start_epoch(epoch, device, NOBODYS)
                }
            })?;
        }
        Ok(())
    }

    fn forget(&self, entries: &[Entry]) -> Result<(), BackupError> {
        let missing = self.store.read_blocking(|tx| missing(tx, forgotten(entries)))?;
        let moment = self.moment();
        self.job(moment, move |tx| forget_again(tx, moment.ms, missing))
    }

    fn replay(&mut self, key: &OperatorSecret) -> Result<(), BackupError> {
        let (folder, from) = (self.journal_folder.clone(), self.manifest.segment);
        let mut claims = Claims::default();
        self.restored.journal_reaches = read_sealed(&folder, key, from, |written| {
            claims.note(&written);
            Ok(())
        })?;
        let audited = Arc::new(self.store.read_blocking(replay::audited)?);
        let (mut act, mut acts, mut lacks, mut open) = (0, 0, 0, Vec::new());
        read_sealed(&folder, key, from, |written| {
            if claims.was_done(act, &written) {
                open.push(self.one(written, Arc::clone(&audited)));
                acts += 1;
            }
            act += 1;
            if open.len() >= AT_A_TIME {
                lacks += lacking(&mut open)?;
            }
            Ok(())
        })?;
        lacks += lacking(&mut open)?;
        (self.restored.acts, self.restored.lacking) = (acts, lacks);
        Ok(())
    }

    /// The sealed journal has what was stripped for those who asked to be forgotten, and brought it back.
    fn strip_again(&self) -> Result<(), BackupError> {
        self.job(self.moment(), |tx| {
            for side in left_of_forgotten(tx)? {
                tx.remove_side(side)?;
            }
            Ok(())
        })
    }

    fn one(&self, written: Written, audited: Arc<replay::Audited>) -> Answer<u64, StoreError> {
        let (moment, now_ms) = (
            Moment {
                ms: written.at_ms,
                ..self.moment()
            },
            self.outside.now_ms(),
        );
        self.store
            .write(moment, move |tx| replay(tx, now_ms, written, &audited))
    }

    fn end_devices(&self, entries: &[Entry]) -> Result<(), BackupError> {
        let ended = ended(entries);
        self.job(self.moment(), move |tx| end_devices(tx, ended))
    }
}

/// Waits for what was handed over; how much could not be brought back.
fn lacking(open: &mut Vec<Answer<u64, StoreError>>) -> Result<u64, StoreError> {
    open.drain(..).map(Answer::wait).sum()
}

fn line_of((device, state): (DeviceNumber, DeviceState)) -> Option<Entry> {
    match state {
        DeviceState::Revoked => Some(Entry::Revoked { device }),
        DeviceState::Lost => Some(Entry::Lost { device }),
        DeviceState::Forked => Some(Entry::Forked { device }),
        DeviceState::Retiring => Some(Entry::Retiring { device }),
        DeviceState::Retired => Some(Entry::Retired { device }),
        _ => None,
    }
}

fn copy_journal(from: &Path, to: &Path) -> io::Result<()> {
    make_private(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let copy = to.join(entry.file_name());
        std::fs::copy(entry.path(), &copy)?;
        File::open(&copy)?.sync_all()?;
    }
    File::open(to)?.sync_all()
}
