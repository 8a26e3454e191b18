use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use saddlebag_records::id::CountyId;

use super::{County, CountyError, DataFolder, create_county};
use crate::outside::Outside;

/// The counties that one server serves, by their ids. A county that is created while it runs is served at once.
pub struct Counties {
    open: RwLock<BTreeMap<CountyId, County>>,
    folder: DataFolder,
}

impl Counties {
    /// Opens every county of a data folder.
    pub fn open(folder: DataFolder, outside: &Arc<dyn Outside>) -> Result<Self, CountyError> {
        let mut open = BTreeMap::new();
        for id in folder.counties()? {
            let county = County::open(&folder.county(id), Arc::clone(outside));
            let county = county.map_err(|error| CountyError::Of {
                id,
                error: Box::new(error),
            })?;
            open.insert(id, county);
        }
        Ok(Self {
            open: RwLock::new(open),
            folder,
        })
    }

    /// Creates one more, as [`create_county`] does.
    pub fn create(
        &self,
        name: &str,
        keys_out: &Path,
        outside: Arc<dyn Outside>,
    ) -> Result<County, CountyError> {
        let county = create_county(&self.folder, name, keys_out, outside)?;
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
