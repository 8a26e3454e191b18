use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::TempDir;

use super::county;
use crate::county::County;
use crate::fleet::clocks::Timeline;
use crate::fleet::county_side::CountySide;
use crate::fleet::names::Names;
use crate::fleet::server::{Launch, ServerProcess};

/// A founded county of one station with its places, people and parcels, of which each fleet gets a copy.
pub struct Template {
    server: PathBuf,
    fault: Option<String>,
    county: County,
    names: Names,
    folder: TempDir,
}

impl Template {
    /// Founds it with this server's own command line. `fault`: a planted one, which all its fleets' servers have.
    ///
    /// # Errors
    /// Where it cannot be founded.
    pub fn found(server: &Path, fault: Option<&str>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("saddlebag-county-").tempdir()?;
        let county = county::small()?;
        let world = county::world(&county, 0);
        let data = folder.path().join("data");
        std::fs::create_dir_all(&data)?;
        let clock_offset = folder.path().join("clock-offset");
        let _timeline = Timeline::begin(world.day_ms(0), clock_offset.clone())?;
        let side = CountySide::new(server, &data, folder.path(), &world)?;
        side.draw_server_keys()?;
        let running = ServerProcess::start(Launch {
            binary: server.to_owned(),
            data: data.clone(),
            clock_offset,
            log: folder.path().join("server.log"),
            fault: None,
            over_tls: true,
            other_disk: None,
        })?;
        side.found()?;
        let mut names = Names::default();
        side.import(&world, &mut names)?;
        drop(running);
        Ok(Self {
            server: server.to_owned(),
            fault: fault.map(str::to_owned),
            county,
            names,
            folder,
        })
    }

    pub(super) fn server(&self) -> &Path {
        &self.server
    }

    pub(super) fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    pub(super) fn county(&self) -> &County {
        &self.county
    }

    pub(super) fn names(&self) -> Names {
        self.names.clone()
    }

    /// The private keys that were handed out when it was founded.
    pub(super) fn keys(&self) -> PathBuf {
        self.folder.path().join("county/keys")
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}
