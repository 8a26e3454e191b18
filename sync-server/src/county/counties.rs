use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use saddlebag_records::id::CountyId;

use super::{County, CountyError, DataFolder, create_county};
use crate::outside::Outside;

/// What lies outside the data folder, or may.
#[derive(Clone, Debug, Default)]
pub struct Elsewhere {
    /// Where a second copy of every journal is kept.
    pub journal_copy: Option<PathBuf>,
    /// Where backups go; none for `backups` in the data folder.
    pub backups: Option<PathBuf>,
}

impl Elsewhere {
    /// Where the copy of this county's journal is.
    pub(crate) fn journal_of(&self, county: CountyId) -> Option<PathBuf> {
        Some(self.journal_copy.as_ref()?.join(county.to_string()))
    }
}

/// The counties that one server serves, by their ids. A county that is created while it runs is served at once.
pub struct Counties {
    open: RwLock<BTreeMap<CountyId, County>>,
    folder: DataFolder,
    elsewhere: Elsewhere,
}

impl Counties {
    /// Opens every county of a data folder.
    pub fn open(folder: DataFolder, outside: &Arc<dyn Outside>) -> Result<Self, CountyError> {
        Self::open_with(folder, Elsewhere::default(), outside)
    }

    /// The same, with folders elsewhere.
    pub fn open_with(
        folder: DataFolder,
        elsewhere: Elsewhere,
        outside: &Arc<dyn Outside>,
    ) -> Result<Self, CountyError> {
        let mut open = BTreeMap::new();
        for id in folder.counties()? {
            let county = County::open(&folder.county(id), &elsewhere, Arc::clone(outside));
            let county = county.map_err(|error| CountyError::Of {
                id,
                error: Box::new(error),
            })?;
            open.insert(id, county);
        }
        Ok(Self {
            open: RwLock::new(open),
            folder,
            elsewhere,
        })
    }

    /// Creates one more, as [`create_county`] does.
    pub fn create(
        &self,
        name: &str,
        keys_out: &Path,
        outside: Arc<dyn Outside>,
    ) -> Result<County, CountyError> {
        let county = create_county(&self.folder, &self.elsewhere, name, keys_out, outside)?;
        self.open
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(county.id(), county.clone());
        Ok(county)
    }

    /// The folder that they are in.
    pub fn folder(&self) -> &DataFolder {
        &self.folder
    }

    /// Where their backups go.
    pub fn backups(&self) -> PathBuf {
        let elsewhere = self.elsewhere.backups.clone();
        elsewhere.unwrap_or_else(|| self.folder.path().join("backups"))
    }

    /// The county with this id.
    pub fn get(&self, id: CountyId) -> Option<County> {
        self.open
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .cloned()
    }

    /// All of them, in the order of their ids.
    pub fn all(&self) -> Vec<County> {
        self.open
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .cloned()
            .collect()
    }

    /// The only one, where there is one alone.
    pub fn only(&self) -> Option<County> {
        let all = self.all();
        (all.len() == 1).then(|| all.into_iter().next()).flatten()
    }
}
