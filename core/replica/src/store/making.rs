//! How a database comes into being: under another name, whole, and then renamed. So a file that has the name of a
//! database was one, and an empty one is never taken for new.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::path::{Path, PathBuf};

use crate::error::Result;

/// Makes the folder of a store, for its owner alone; one that is there stays as it is.
pub(crate) fn folder(dir: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(dir)?)
}

/// Makes a file by what fills it, unless another process did meanwhile.
pub(super) fn make(file: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let lock = owned(&beside(file, ".lock"))?;
    lock.lock()?;
    if file.exists() {
        return Ok(());
    }
    let draft = beside(file, ".new");
    // A process that was killed may have left one.
    if draft.exists() {
        fs::remove_file(&draft)?;
    }
    drop(owned(&draft)?);
    if let Err(error) = fill(&draft) {
        // It holds nothing that anybody wrote; the next process would throw it away as well.
        let _ = fs::remove_file(&draft);
        return Err(error);
    }
    fs::rename(&draft, file)?;
    file.parent().map_or(Ok(()), sync)
}

/// Makes names in a folder durable.
pub(crate) fn sync(dir: &Path) -> Result<()> {
    #[cfg(unix)]
    File::open(dir)?.sync_all()?;
    Ok(())
}

/// Sees to it that its owner alone can read it. SQLite gives the files beside a database the same mode.
pub(super) fn close_to_others(file: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mut permissions = file.metadata()?.permissions();
        if permissions.mode() & 0o077 != 0 {
            permissions.set_mode(0o600);
            fs::set_permissions(file, permissions)?;
        }
    }
    Ok(())
}

/// Opens a file to be written, for its owner alone; makes it where there is none.
pub(crate) fn owned(file: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(file)?)
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
