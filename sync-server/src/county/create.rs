use std::path::Path;
use std::sync::Arc;

use saddlebag_records::id::{ActorId, CountyId};

use super::folder::{DataFolder, make_private, sync_folder_of, write_new};
use super::journal::{Entry, Journal};
use super::{About, County, CountyError, CountyKeys};
use crate::outside::Outside;
use crate::store::{Moment, Store, StoreError};

/// Creates a county in a data folder and opens it. Its recovery, liaison and backup private keys go into
/// `keys_out`, once: `COUNTY-recovery.key`, `COUNTY-liaison.key` and `COUNTY-backup.key`, which must not exist and
/// must lie outside the data folder.
pub fn create_county(
    data: &DataFolder,
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
    make_private(&folder)?;
    let (_, handed_out) = CountyKeys::create(&folder.join("keys"), id, &*outside)?;
    for key in handed_out {
        write_new(
            &keys_out.join(format!("{id}-{}.key", key.purpose)),
            key.text.as_bytes(),
        )?;
    }
    let about = About {
        id,
        name: name.to_owned(),
    };
    let about = serde_json::to_vec_pretty(&about).map_err(|_| CountyError::Damaged("county.json"))?;
    write_new(&folder.join("county.json"), &about)?;
    found(&folder, id, &*outside)?;
    // From here on it is a county; before, it was a folder that nobody opens.
    let home = data.county(id);
    std::fs::rename(&folder, &home)?;
    sync_folder_of(&home)?;
    County::open(&home, outside)
}

/// The store's first row and the journal's first lines: the first epoch, in which the county's own people write
/// under the first number.
fn found(folder: &Path, id: CountyId, outside: &dyn Outside) -> Result<(), CountyError> {
    let (mut journal, _) = Journal::open(&folder.join("journal"))?;
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
