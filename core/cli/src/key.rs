use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use saddlebag_replica::StoreKey;

use crate::failure::Failure;

/// The key in this file; a new one is drawn and written, readable by its owner alone, where there is none.
pub(crate) fn load_or_draw(dir: &Path, file: Option<PathBuf>) -> Result<StoreKey, Failure> {
    let file = file.unwrap_or_else(|| dir.with_added_extension("key"));
    match fs::read_to_string(&file) {
        Ok(text) => {
            let mut key = [0; 32];
            hex::decode_to_slice(text.trim(), &mut key).map_err(|_| {
                Failure::Usage(format!(
                    "{} holds no key of 64 hexadecimal digits",
                    file.display()
                ))
            })?;
            Ok(StoreKey(key))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => draw(&file),
        Err(error) => Err(error.into()),
    }
}

fn draw(file: &Path) -> Result<StoreKey, Failure> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|_| Failure::Usage("this computer gives no random numbers".into()))?;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut out = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    writeln!(out, "{}", hex::encode(key))?;
    // A store whose key is lost is lost: the key must be on the disk before anything is written under it.
    out.sync_all()?;
    Ok(StoreKey(key))
}
