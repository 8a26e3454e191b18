//! A bad link for each phone, on a thread of their own.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;

use anyhow::{Context as _, Result};
use tokio::sync::oneshot;

use super::dice::sub_seed;
use super::world::Who;
use crate::link::{Counted, Link, Weather};

/// The links, by whose they are. They close when this is dropped.
pub(crate) struct Links {
    links: BTreeMap<Who, Link>,
    close: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Links {
    /// Opens a link to the server for each of them.
    pub(crate) fn open(who: &[Who], seed: u64, target: SocketAddr) -> Result<Self> {
        let (close, closed) = oneshot::channel::<()>();
        let (opened, ready) = mpsc::channel();
        let who = who.to_vec();
        let thread = std::thread::Builder::new().name("links".into()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                let mut links = BTreeMap::new();
                for who in who {
                    let seed = sub_seed(seed, &format!("link {}", who.key()));
                    match Link::open(target, Weather::bad(), seed).await {
                        Ok(link) => drop(links.insert(who, link)),
                        Err(error) => return drop(opened.send(Err(error))),
                    }
                }
                let _ = opened.send(Ok(links));
                let _ = closed.await;
            });
        })?;
        let links = ready.recv().context("the links' thread ended")??;
        Ok(Self {
            links,
            close: Some(close),
            thread: Some(thread),
        })
    }

    /// Where somebody's phone connects to.
    pub(crate) fn url(&self, who: Who) -> Result<String> {
        Ok(self
            .links
            .get(&who)
            .with_context(|| format!("{who:?} has no link"))?
            .url_over_tls())
    }

    /// The server is here now.
    pub(crate) fn lead_to(&self, target: SocketAddr) {
        self.links.values().for_each(|link| link.lead_to(target));
    }

    /// From now on somebody's link is like this.
    pub(crate) fn change_weather_of(&self, who: Who, weather: &Weather) {
        if let Some(link) = self.links.get(&who) {
            link.change_weather(weather.clone());
        }
    }

    /// From now on the links are like this.
    pub(crate) fn change_weather(&self, weather: &Weather) {
        self.links
            .values()
            .for_each(|link| link.change_weather(weather.clone()));
    }

    /// What went over all of them.
    pub(crate) fn counted(&self) -> Counted {
        self.links
            .values()
            .map(Link::counted)
            .fold(Counted::default(), |sum, link| Counted {
                connections: sum.connections + link.connections,
                cuts: sum.cuts + link.cuts,
                lost_answers: sum.lost_answers + link.lost_answers,
                duplicates: sum.duplicates + link.duplicates,
                bytes_up: sum.bytes_up + link.bytes_up,
                bytes_down: sum.bytes_down + link.bytes_down,
            })
    }
}

impl Drop for Links {
    fn drop(&mut self) {
        self.links.clear();
        drop(self.close.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
