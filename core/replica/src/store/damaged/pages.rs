use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use super::cells::{Cell, TreePage, tree_page, u32_at};
use super::cipher::{PAGE, PageCipher, SALT, USABLE};
use super::log::Log;
use super::record::{Row, columns};
use crate::error::Result;
use crate::store::open::{StoreKey, log_of, salt_of};

/// The pages of a database and of its log, each proved before it is read.
pub(crate) struct Pages {
    file: Option<File>,
    log: Log,
    cipher: PageCipher,
    /// How many there should be, as far as that can be known.
    count: u32,
}

impl Pages {
    /// Opens what is left of a database. A file that is gone has its log left.
    pub(crate) fn open(path: &Path, key: &StoreKey) -> Result<Self> {
        let mut file = match File::open(path) {
            Ok(file) => Some(file),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        let log = Log::open(&log_of(path))?;
        let held = match &file {
            Some(file) => u32::try_from(file.metadata()?.len().div_ceil(PAGE as u64)).unwrap_or(u32::MAX),
            None => 0,
        };
        let mut pages = Self {
            cipher: PageCipher::new(key, &salt_of(path, key)),
            count: held.max(log.pages.unwrap_or(0)),
            file: None,
            log,
        };
        // The salt at the start of the file counts for all pages: one that is damaged must not take them along.
        let mut written = [0; SALT];
        if let Some(file) = file.as_mut()
            && file.read_exact(&mut written).is_ok()
        {
            pages.file = Some(file.try_clone()?);
            let as_written = PageCipher::new(key, &written);
            if pages.are_opened_by(&as_written)? {
                pages.cipher = as_written;
            }
        }
        pages.file = file;
        if let Some(first) = pages.page(1)?
            && let Some(count) = u32_at(&first, 28)
        {
            // What a torn file lacks is missing, too.
            pages.count = pages.count.max(count);
        }
        Ok(pages)
    }

    /// Whether the key opens any of the first pages: then it is theirs, whatever is wrong with the others.
    pub(crate) fn are_of_its_key(&mut self) -> Result<bool> {
        for number in 1..=self.count.min(PAGES_TO_TRY) {
            if self.page(number)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether this cipher opens any of the first pages.
    fn are_opened_by(&mut self, other: &PageCipher) -> Result<bool> {
        for number in 1..=self.count.min(PAGES_TO_TRY) {
            if let Some(page) = self.bytes(number)?
                && other.open(number, &page).is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many pages there are, or should be.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    fn bytes(&mut self, number: u32) -> Result<Option<Vec<u8>>> {
        if let Some(page) = self.log.page(number)? {
            return Ok(Some(page));
        }
        let (Some(file), Some(before)) = (self.file.as_mut(), number.checked_sub(1)) else {
            return Ok(None);
        };
        let mut page = vec![0; PAGE];
        file.seek(SeekFrom::Start(u64::from(before) * PAGE as u64))?;
        match file.read_exact(&mut page) {
            Ok(()) => Ok(Some(page)),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            // A sector that the disk cannot read is a page that is not there.
            Err(error) if error.raw_os_error() == Some(EIO) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A page, if it is what was written.
    pub(super) fn page(&mut self, number: u32) -> Result<Option<Vec<u8>>> {
        let bytes = self.bytes(number)?;
        Ok(bytes.and_then(|bytes| self.cipher.open(number, &bytes)))
    }

    /// A page of a tree; none where it is damaged, or is none.
    pub(super) fn tree_page(&mut self, number: u32) -> Result<Option<TreePage>> {
        Ok(self.page(number)?.and_then(|page| tree_page(number, &page)))
    }

    /// A row whole; none where a page on which it goes on is damaged.
    pub(super) fn row(&mut self, cell: Cell) -> Result<Option<Row>> {
        let Cell {
            rowid,
            length,
            here: mut payload,
            mut goes_on,
        } = cell;
        while payload.len() < length {
            let Some(page) = goes_on.filter(|next| *next != 0) else {
                return Ok(None);
            };
            let Some(page) = self.page(page)? else {
                return Ok(None);
            };
            goes_on = u32_at(&page, 0);
            let wanted = (length - payload.len()).min(USABLE - 4);
            payload.extend_from_slice(page.get(4..4 + wanted).unwrap_or_default());
        }
        Ok(columns(&payload).map(|values| Row { rowid, values }))
    }
}

/// A wrong key and a wrong salt open none at all.
const PAGES_TO_TRY: u32 = 64;
const EIO: i32 = 5;
