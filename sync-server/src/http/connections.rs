//! Who is connected. Their number is bounded: where there is no room, those who only wait make it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use saddlebag_records::id::{CountyId, DeviceNumber};
use tokio_util::sync::CancellationToken;

use crate::origin::Origin;

/// Open connections, where the process may have so many files open: 13 for each of 310 phones.
const MOST: usize = 4096;
/// Those of them over which no device has shown its token. Each may hold the beginning of a request or of a handshake.
const STRANGERS: usize = MOST / 2;
/// Connections of one device: the app, its background worker, and what a link that cuts has left behind.
const OF_ONE_DEVICE: usize = 4;
/// Fewer would keep honest phones out; they fail one by one where even so few files may not be open.
const LEAST: usize = 64;
/// What is open besides: databases, journals, logs.
const OTHER_FILES: usize = 512;

/// A device of a county.
pub(super) type DeviceKey = (CountyId, DeviceNumber);

/// Every open connection.
#[derive(Debug)]
pub(super) struct Connections {
    table: Mutex<Table>,
    most: usize,
    strangers: usize,
}

#[derive(Debug, Default)]
struct Table {
    /// Rises with each connection and each request: what is lower has waited for longer.
    clock: u64,
    open: HashMap<u64, Open>,
    /// How many of them no device has shown its token over.
    strangers: usize,
}

#[derive(Debug)]
struct Open {
    origin: Origin,
    device: Option<DeviceKey>,
    is_worked_on: bool,
    since: u64,
    end: CancellationToken,
}

impl Connections {
    /// As many as there may be where the process may have so many files open; none: any number.
    pub(super) fn within(files: Option<u64>) -> Self {
        let files = files
            .and_then(|files| usize::try_from(files).ok())
            .unwrap_or(usize::MAX);
        let most = files.saturating_sub(OTHER_FILES).clamp(LEAST, MOST);
        Self::bounded(most, most * STRANGERS / MOST)
    }

    fn bounded(most: usize, strangers: usize) -> Self {
        Self {
            table: Mutex::default(),
            most,
            strangers,
        }
    }

    /// One more, for which others may have to go.
    pub(super) fn open(self: &Arc<Self>, peer: SocketAddr) -> Connected {
        let (mut table, end) = (self.table(), CancellationToken::new());
        if table.strangers >= self.strangers || table.open.len() >= self.most {
            // Many at once: to look through all of them for each would be what a flood is after.
            table.make_room(self.strangers.div_ceil(32));
        }
        let id = table.now();
        let open = Open {
            origin: Origin::of(peer),
            device: None,
            is_worked_on: false,
            since: id,
            end: end.clone(),
        };
        table.open.insert(id, open);
        table.strangers += 1;
        Connected(Arc::new(Entry {
            connections: Arc::clone(self),
            id,
            origin: Origin::of(peer),
            end,
        }))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many are open.
    pub(super) fn count(&self) -> usize {
        self.table().open.len()
    }
}

impl Table {
    fn now(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    fn end(&mut self, id: u64) {
        if let Some(open) = self.open.remove(&id) {
            self.strangers -= usize::from(open.device.is_none());
            open.end.cancel();
        }
    }

    /// Ends so many of those that are not being worked on: strangers first, of them those of the address that has most,
    /// of these the one that has waited longest. So whoever opens thousands loses their own.
    fn make_room(&mut self, count: usize) {
        let mut waiting: Vec<_> = self.open.iter().filter(|(_, open)| !open.is_worked_on).collect();
        waiting.sort_unstable_by_key(|(_, open)| Reverse(open.since));
        let mut newer = HashMap::<Origin, usize>::new();
        let mut ranked: Vec<_> = waiting
            .into_iter()
            .map(|(id, open)| {
                let of_origin = newer.entry(open.origin).or_default();
                *of_origin += usize::from(open.device.is_none());
                (open.device.is_some(), Reverse(*of_origin), open.since, *id)
            })
            .collect();
        ranked.sort_unstable();
        for (.., id) in ranked.into_iter().take(count) {
            self.end(id);
        }
    }
}

/// A connection, until it ends. A handle: clones are the same connection.
#[derive(Clone, Debug)]
pub(super) struct Connected(Arc<Entry>);

#[derive(Debug)]
struct Entry {
    connections: Arc<Connections>,
    id: u64,
    origin: Origin,
    end: CancellationToken,
}

/// Whether a device has room for another request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// It has.
    There,
    /// All its connections are being worked on.
    None,
}

impl Connected {
    /// From where.
    pub(super) fn origin(&self) -> Origin {
        self.0.origin
    }

    /// Ends when others need the room.
    pub(super) async fn is_to_end(&self) {
        self.0.end.cancelled().await;
    }

    /// A device has shown its token over it. Where that device has too many others, the one that it has left alone for
    /// longest ends: a phone whose link was cut does not wait until the server notices.
    pub(super) fn is_of(&self, device: DeviceKey) -> Room {
        let mut table = self.0.connections.table();
        let since = table.now();
        let others = table
            .open
            .iter()
            .filter(|(id, open)| **id != self.0.id && open.device == Some(device));
        let mut others: Vec<_> = others
            .map(|(id, open)| (open.is_worked_on, open.since, *id))
            .collect();
        others.sort_unstable();
        let over = (others.len() + 1).saturating_sub(OF_ONE_DEVICE);
        for (is_worked_on, _, id) in others.into_iter().take(over) {
            if is_worked_on {
                return Room::None;
            }
            table.end(id);
        }
        let table = &mut *table;
        if let Some(open) = table.open.get_mut(&self.0.id) {
            table.strangers -= usize::from(open.device.is_none());
            (open.device, open.since) = (Some(device), since);
        }
        Room::There
    }

    /// Whether a device has shown its token over it.
    pub(super) fn is_known(&self) -> bool {
        let table = self.0.connections.table();
        table
            .open
            .get(&self.0.id)
            .is_some_and(|open| open.device.is_some())
    }

    /// It does not make room for others until what this gives is dropped.
    pub(super) fn is_worked_on(&self) -> WorkedOn {
        self.work(true);
        WorkedOn(self.clone())
    }

    fn work(&self, is_worked_on: bool) {
        let mut table = self.0.connections.table();
        let since = table.now();
        if let Some(open) = table.open.get_mut(&self.0.id) {
            (open.is_worked_on, open.since) = (is_worked_on, since);
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.connections.table().end(self.id);
    }
}

/// A connection over which a request came that is being worked on.
#[derive(Debug)]
pub(super) struct WorkedOn(Connected);

impl Drop for WorkedOn {
    fn drop(&mut self) {
        self.0.work(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(host: u8) -> SocketAddr {
        SocketAddr::from(([10, 0, 0, host], 1))
    }

    fn device(number: u64) -> DeviceKey {
        (CountyId([1; 16]), DeviceNumber(number))
    }

    fn is_open(connected: &Connected) -> bool {
        !connected.0.end.is_cancelled()
    }

    #[test]
    fn who_opens_too_many_loses_their_own() {
        let connections = Arc::new(Connections::bounded(64, 32));
        let phone = connections.open(from(1));
        let others: Vec<_> = (0..1000).map(|_| connections.open(from(2))).collect();
        assert!(is_open(&phone));
        assert!(connections.count() <= 32);
        assert!(
            !is_open(&others[0]) && is_open(&others[999]),
            "the oldest go first"
        );
    }

    #[test]
    fn a_known_device_and_what_is_being_worked_on_stay() {
        let connections = Arc::new(Connections::bounded(64, 32));
        let (phone, enrolling) = (connections.open(from(1)), connections.open(from(2)));
        assert_eq!(phone.is_of(device(1)), Room::There);
        let work = enrolling.is_worked_on();
        let _others: Vec<_> = (0..1000)
            .map(|n| connections.open(from((n % 250) as u8)))
            .collect();
        assert!(is_open(&phone) && is_open(&enrolling));
        drop(work);
        let _others: Vec<_> = (0..1000)
            .map(|n| connections.open(from((n % 250) as u8)))
            .collect();
        assert!(is_open(&phone) && !is_open(&enrolling));
    }

    #[test]
    fn all_is_bounded_also_where_every_device_is_known() {
        let connections = Arc::new(Connections::bounded(64, 32));
        let all: Vec<_> = (0..1000)
            .map(|n| {
                let connected = connections.open(from(1));
                assert_eq!(connected.is_of(device(n)), Room::There);
                assert!(connections.count() <= 64);
                connected
            })
            .collect();
        assert!(!is_open(&all[0]) && is_open(&all[999]));
    }

    #[test]
    fn a_device_ends_what_it_left_behind_and_waits_for_what_is_worked_on() {
        let connections = Arc::new(Connections::bounded(64, 32));
        let open = || {
            let connected = connections.open(from(1));
            (connected.is_of(device(1)), connected)
        };
        let left: Vec<_> = (0..=OF_ONE_DEVICE).map(|_| open().1).collect();
        assert_eq!(left.iter().filter(|one| is_open(one)).count(), OF_ONE_DEVICE);
        assert!(!is_open(&left[0]));
        let _work: Vec<_> = left.iter().map(Connected::is_worked_on).collect();
        assert_eq!(open().0, Room::None);
        assert_eq!(connections.open(from(1)).is_of(device(2)), Room::There);
    }

    #[test]
    fn what_ended_leaves_nothing_behind() {
        let connections = Arc::new(Connections::bounded(64, 32));
        for _ in 0..10 {
            let connected = connections.open(from(1));
            let _ = connected.is_of(device(1));
            let _work = connected.is_worked_on();
        }
        let table = connections.table();
        assert_eq!((table.open.len(), table.strangers), (0, 0));
    }
}
