use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use saddlebag_records::fact::SideName;
use saddlebag_replica::surroundings::{HandClock, SeededRandomness, Surroundings, TrustedRoots};
use saddlebag_replica::sync::{Patience, Progress};
use saddlebag_replica::{EnrolmentText, Lane, Replica, SyncOptions, Synced};
use tokio::runtime::Runtime;

use super::KEY;
use super::county_server::CountyServer;
use super::courier_day::Step;
use crate::county::DAY_MS;
use crate::fleet::copying::copy_files;
use crate::link::{Counted, Link, Weather};

/// A real replica that was enrolled at a [`CountyServer`], and its clock.
pub struct EnrolledPhone {
    /// The replica.
    pub replica: Replica,
    clock: Arc<HandClock>,
    folder: PathBuf,
    built_ms: i64,
}

/// What a syncing came to.
#[derive(Clone, Copy, Debug)]
pub struct Exchanged {
    /// As the replica counts: bytes are those of bodies.
    pub progress: Progress,
    /// As the link counts: with headers and all that a cut wasted.
    pub counted: Counted,
}

impl EnrolledPhone {
    /// A phone with an empty store in this folder, enrolled with a code for this person.
    pub fn enrol(
        runtime: &Runtime,
        server: &CountyServer,
        person: &str,
        folder: &Path,
        seed: u64,
    ) -> Result<Self> {
        let clock = Arc::new(HandClock::at_wall(server.now_ms()));
        let phone = Self::open(folder, clock, server.now_ms() - 40 * DAY_MS, seed)?;
        let said = EnrolmentText {
            address: format!("http://{}", server.address()),
            code: server.code_for(person)?,
            county: None,
            server_key: None,
        };
        runtime.block_on(phone.replica.enrol(&said, "saddlebag bench"))?;
        Ok(phone)
    }

    fn open(folder: &Path, clock: Arc<HandClock>, built_ms: i64, seed: u64) -> Result<Self> {
        let surroundings = Surroundings {
            clock: clock.clone(),
            randomness: Arc::new(SeededRandomness::new(seed)),
            built_ms,
            roots: TrustedRoots::bundled(),
        };
        Ok(Self {
            replica: Replica::open(folder, KEY, surroundings)?,
            clock,
            folder: folder.to_owned(),
            built_ms,
        })
    }

    /// The same phone once more, as it is now.
    pub fn copy(&self, folder: &Path, seed: u64) -> Result<Self> {
        copy_files(&self.folder, folder)?;
        Self::open(folder, self.clock.clone(), self.built_ms, seed)
    }

    /// Records what a courier does. How long it took, in milliseconds.
    pub fn live(&self, day: Vec<Step>) -> Result<u64> {
        let mut passed = 0;
        for Step { wait_ms, fact, photo } in day {
            self.clock.pass(wait_ms);
            passed += wait_ms;
            let fact = match photo {
                Some(bytes) => {
                    let name = self.replica.keep_photo(Lane::Photo, &bytes)?;
                    fact.with_side(SideName::Photo, name)
                }
                None => fact,
            };
            self.replica.record(fact)?;
        }
        Ok(passed)
    }

    /// Lets this much time pass on its clock, in milliseconds.
    pub fn pass(&self, ms: u64) {
        self.clock.pass(ms);
    }

    /// Syncs over a link of its own with this weather.
    pub fn sync(
        &self,
        runtime: &Runtime,
        server: &CountyServer,
        weather: Weather,
        seed: u64,
    ) -> Result<Exchanged> {
        runtime.block_on(async {
            let link = Link::open(server.address(), weather, seed).await?;
            let options = SyncOptions {
                address: Some(link.url()),
                // Bytes are measured: waiting would only take time.
                patience: Patience {
                    first: Duration::from_millis(1),
                    longest: Duration::from_millis(2),
                    ..Patience::default()
                },
                ..SyncOptions::default()
            };
            Ok(Exchanged {
                progress: self.exchange(options).await?,
                counted: link.counted(),
            })
        })
    }

    /// Syncs with whoever is at this address.
    pub fn sync_at(&self, runtime: &Runtime, address: SocketAddr) -> Result<Progress> {
        let options = SyncOptions {
            address: Some(format!("http://{address}")),
            ..SyncOptions::default()
        };
        runtime.block_on(self.exchange(options))
    }

    async fn exchange(&self, options: SyncOptions) -> Result<Progress> {
        match self.replica.sync(options).await? {
            Synced::Done(progress) => Ok(progress),
            _ => bail!("another handle is syncing"),
        }
    }
}
