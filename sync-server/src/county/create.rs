use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use saddlebag_records::id::{ActorId, CountyId};

use super::folder::{DataFolder, make_private, sync_folder_of, write_new};
use super::journal::{Entry, Journal};
use super::{About, County, CountyError, CountyKeys, Elsewhere};
use crate::outside::Outside;
use crate::store::{Moment, Store, StoreError};

/// Creates a county in a data folder and opens it. Its recovery, liaison and backup private keys go into
/// `keys_out`, once: `COUNTY-recovery.key`, `COUNTY-liaison.key` and `COUNTY-backup.key`, which must not exist and
/// must lie outside the data folder.
pub fn create_county(
    data: &DataFolder,
    elsewhere: &Elsewhere,
    name: &str,
    keys_out: &Path,
    outside: Arc<dyn Outside>,
) -> Result<County, CountyError> {
    make_private(keys_out)?;
    if keys_out.canonicalize()?.starts_with(data.path()) {
        return Err(CountyError::KeysInside);
    }
    let id = CountyId(
        uuid::Builder::from_random_bytes(outside.random())
            .into_uuid()
            .into_bytes(),
    );
    let folder = data.unfinished(id);
    let mut written = Vec::new();
    let home = put_together(data, id, name, keys_out, &*outside, &mut written).inspect_err(|_| {
        // What is left would be the keys of no county. Where even this fails, it says so by being there.
        for path in &written {
            let _ = std::fs::remove_file(path);
        }
        let _ = std::fs::remove_dir_all(&folder);
    })?;
    County::open(&home, elsewhere, outside)
}

/// Puts the county's folder together and gives it its name, last of all. What it wrote outside is in `written`.
fn put_together(
    data: &DataFolder,
    id: CountyId,
    name: &str,
    keys_out: &Path,
    outside: &dyn Outside,
    written: &mut Vec<PathBuf>,
) -> Result<PathBuf, CountyError> {
    let folder = data.unfinished(id);
    make_private(&folder)?;
    let (_, handed_out) = CountyKeys::create(&folder.join("keys"), id, outside)?;
    let about = About {
        id,
        name: name.to_owned(),
    };
    let about = serde_json::to_vec_pretty(&about).map_err(|_| CountyError::Damaged("county.json"))?;
    write_new(&folder.join("county.json"), &about)?;
    found(&folder, id, outside)?;
    for key in handed_out {
        let path = keys_out.join(format!("{id}-{}.key", key.purpose));
        let done = write_new(&path, key.text.as_bytes());
        // One that was there already is not this county's to take away.
        if !matches!(&done, Err(error) if error.kind() == ErrorKind::AlreadyExists) {
            written.push(path);
        }
        done?;
    }
    // From here on it is a county; before, it was a folder that nobody opens.
    let home = data.county(id);
    std::fs::rename(&folder, &home)?;
    sync_folder_of(&home)?;
    Ok(home)
}

/// The store's first row and the journal's first lines: the first epoch, in which the county's own people write
/// under the first number.
fn found(folder: &Path, id: CountyId, outside: &dyn Outside) -> Result<(), CountyError> {
    let mut journal = Journal::create(&folder.join("journal"), None)?;
    let store = Store::create(&folder.join("county.db"))?;
    let moment = Moment {
        ms: outside.now_ms(),
        nonce: outside.random(),
    };
    let (epoch, actor) = (outside.random(), ActorId(outside.random()));
    let founded = store.write(moment, move |tx| {
        tx.found_county(id)?;
        let own = tx.take_device_number()?;
        tx.start_epoch(epoch, own, actor)?;
        Ok::<_, StoreError>(own)
    });
    let device = founded.wait()?;
    journal.append(&[
        Entry::Epoch {
            epoch,
            at_ms: moment.ms,
        },
        Entry::DeviceNumber { device },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same county each time.
    struct Fixed;

    impl Outside for Fixed {
        fn now_ms(&self) -> i64 {
            1_780_257_600_000
        }

        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_county_that_cannot_be_made_leaves_no_keys_and_takes_none_away() {
        let folder = tempfile::tempdir().unwrap();
        let create = |data: &str, keys: &Path| {
            let data = DataFolder::take(&folder.path().join(data)).unwrap();
            let county = create_county(&data, &Elsewhere::default(), "生成县", keys, Arc::new(Fixed));
            (
                county.map(|county| county.id()),
                names(&data.path().join("counties")),
            )
        };
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        let id = create("a", &first).0.unwrap();
        assert_eq!(names(&first).len(), 3);
        let last = second.join(format!("{id}-backup.key"));
        make_private(&second).unwrap();
        std::fs::write(&last, "another's").unwrap();
        let (failed, counties) = create("b", &second);
        assert!(matches!(failed, Err(CountyError::Disk(_))));
        assert!(counties.is_empty(), "{counties:?}");
        assert_eq!(names(&second), [format!("{id}-backup.key")]);
        assert_eq!(std::fs::read_to_string(&last).unwrap(), "another's");
    }
}
