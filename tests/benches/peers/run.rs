//! A day that is synced over a link, by Saddlebag and by each peer.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use saddlebag_tests::bench::{Narrow, NarrowLink};
use serde_json::{Value, json};

use crate::day::Day;
use crate::memory::{Memory, Watched};
use crate::node::{Node, number};

/// A run that takes longer is not waited for.
pub(crate) const LONGEST: Duration = Duration::from_secs(600);

/// What a day came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Came {
    /// Until everything is acknowledged; none where that took longer than is waited for.
    pub(crate) time: Option<Duration>,
    /// Up and down, so far as it came.
    pub(crate) bytes: [u64; 2],
    /// Both ways: of a request and its answer, two. None where nobody was left to say it.
    pub(crate) messages: Option<u64>,
    pub(crate) memory: Memory,
}

/// A copy of the day, synced by a real replica with the real server.
pub(crate) fn ours(day: &mut Day, narrow: Narrow, name: &str, seed: u64) -> Result<Came> {
    let folder = day.folder.path().join(name);
    let phone = day.phone.copy(&folder.join("phone"), seed)?;
    let server = day.server.copy(&folder.join("county"))?;
    let watched = Watched::from_now(server.pid())?;
    let link = NarrowLink::open(server.address(), narrow)?;
    let begun = Instant::now();
    let progress = phone.sync_at(&day.runtime, link.address())?;
    let time = begun.elapsed();
    ensure!(phone.replica.only_here()?.facts == 0, "not all is acknowledged");
    ensure!(
        server.facts()? == day.before + day.facts,
        "not all is at the county"
    );
    Ok(Came {
        time: Some(time),
        bytes: link.bytes(),
        messages: Some(2 * progress.requests),
        memory: watched.peak()?,
    })
}

/// The same day by a peer: its server has all records in its folder and is started anew, its phone has fetched them
/// and has written the day without a network.
pub(crate) fn peer(scripts: &Path, day: &Day, narrow: Narrow, name: &str) -> Result<Came> {
    let folder = day.folder.path().join(name);
    std::fs::create_dir_all(&folder)?;
    let (file, folder) = (day.file(), folder.to_string_lossy().into_owned());
    let file = file.to_string_lossy();
    let serve = || Node::start(&scripts.join("server.mjs"), &[&file, &folder]);

    let first = serve()?;
    let port = port(&first.hear()?)?.to_string();
    let mut phone = Node::start(&scripts.join("phone.mjs"), &[&file, &folder, &port])?;
    phone.hear()?;
    first.end()?;
    let mut server = serve()?;
    let address = ([127, 0, 0, 1], self::port(&server.hear()?)?).into();

    let watched = Watched::from_now(server.pid())?;
    let link = NarrowLink::open(address, narrow)?;
    let begun = Instant::now();
    phone.tell(&json!({ "port": link.address().port() }))?;
    let said = phone.hear_within(LONGEST)?;
    let time = begun.elapsed();
    let came = Came {
        time: said.is_some().then_some(time),
        bytes: link.bytes(),
        messages: said.as_ref().map(|said| number(said, "messages")).transpose()?,
        memory: watched.peak()?,
    };
    if said.is_some() {
        server.tell(&Value::Bool(true))?;
        ensure!(
            number(&server.hear()?, "facts")? == day.facts,
            "not all is at the peer's server"
        );
    }
    Ok(came)
}

fn port(said: &Value) -> Result<u16> {
    u16::try_from(number(said, "port")?).context("a port")
}
