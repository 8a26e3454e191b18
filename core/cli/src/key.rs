use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use saddlebag_replica::{Replica, StoreKey};

use crate::failure::Failure;

/// The key in this file. Where there is none, or an empty one that a full disk left, and no store either, a new one is
/// drawn and written, readable by its owner alone.
pub(crate) fn load_or_draw(dir: &Path, file: Option<PathBuf>) -> Result<StoreKey, Failure> {
    let file = file.unwrap_or_else(|| dir.with_added_extension("key"));
    match load(&file)? {
        Some(key) => Ok(key),
        None if Replica::holds_a_store(dir) => Err(Failure::Store(
            "key_missing",
            format!(
                "{} holds a store, and its key is not in {}: no other key opens it, bring that file back",
                dir.display(),
                file.display()
            ),
        )),
        None => draw(&file),
    }
}

/// Destroys the key of a store that was destroyed.
pub(crate) fn forget(dir: &Path, file: Option<PathBuf>) -> Result<(), Failure> {
    let file = file.unwrap_or_else(|| dir.with_added_extension("key"));
    match OpenOptions::new().write(true).open(&file) {
        // Its bytes first: a name that is gone leaves them where they were.
        Ok(mut key) => {
            key.write_all(&[b'0'; 64])?;
            key.sync_all()?;
            Ok(fs::remove_file(&file)?)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn load(file: &Path) -> Result<Option<StoreKey>, Failure> {
    let text = match fs::read_to_string(file) {
        Ok(text) if text.is_empty() => return Ok(None),
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key).map_err(|_| {
        Failure::Store(
            "key_unreadable",
            format!("{} holds no key of 64 hexadecimal digits", file.display()),
        )
    })?;
    Ok(Some(StoreKey(key)))
}

/// A store whose key is lost is lost: the key is on the disk, whole and under its name, before anything is written
/// under it. Of several processes that draw at once one writes, and the others read what it wrote.
fn draw(file: &Path) -> Result<StoreKey, Failure> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let draft = file.with_added_extension("new");
    let mut out = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&draft)?;
    out.lock()?;
    if let Some(key) = load(file)? {
        let _ = fs::remove_file(&draft);
        return Ok(key);
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key)
        .map_err(|_| Failure::Io(io::Error::other("this computer gives no random numbers")))?;
    out.set_len(0)?;
    writeln!(out, "{}", hex::encode(key))?;
    out.sync_all()?;
    fs::rename(&draft, file)?;
    File::open(folder)?.sync_all()?;
    Ok(StoreKey(key))
}
