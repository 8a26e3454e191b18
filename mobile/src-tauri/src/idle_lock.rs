use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use saddlebag_replica::surroundings::Clock;
use tokio::sync::Notify;

/// Without use for this long the app locks, in milliseconds.
pub(crate) const IDLE_MS: u64 = 5 * 60 * 1000;

/// What waits for the lock to close looks at least this often: a phone that slept kept its timers asleep.
const LOOK_MS: u64 = 30 * 1000;

/// Whether the PIN stands before the screens. Without a PIN it never does.
pub(crate) struct IdleLock {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Clone, Copy, Default)]
struct State {
    has_pin: bool,
    is_closed: bool,
    used_ms: u64,
}

impl IdleLock {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Waits until it is open.
    pub(crate) async fn until_open(&self) {
        loop {
            let changed = self.changed.notified();
            if !self.is_closed() {
                return;
            }
            changed.await;
        }
    }

    /// Waits until it is closed. Without a PIN nothing wakes the phone for that.
    pub(crate) async fn until_closed(&self) {
        loop {
            let changed = self.changed.notified();
            match self.closes_in_ms() {
                Some(0) => return,
                Some(ms) => {
                    let look = Duration::from_millis(ms.min(LOOK_MS));
                    let _ = tokio::time::timeout(look, changed).await;
                }
                None => changed.await,
            }
        }
    }

    /// In how long it closes without use, in milliseconds; 0 where it is closed, none where there is no PIN.
    fn closes_in_ms(&self) -> Option<u64> {
        if self.is_closed() {
            return Some(0);
        }
        let now = self.clock.read().mono_ms;
        let state = self.state();
        let idle = now.saturating_sub(state.used_ms);
        state.has_pin.then(|| IDLE_MS.saturating_sub(idle).max(1))
    }

    /// There is a PIN from now on, or none any more.
    pub(crate) fn set_pin(&self, has_pin: bool) {
        let mut state = self.state();
        *state = State {
            has_pin,
            is_closed: has_pin && state.is_closed,
            used_ms: self.clock.read().mono_ms,
        };
        drop(state);
        self.changed.notify_waiters();
    }

    /// Whether there is a PIN.
    pub(crate) fn has_pin(&self) -> bool {
        self.state().has_pin
    }

    /// Closes at once, where there is a PIN.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.is_closed = state.has_pin;
        drop(state);
        self.changed.notify_waiters();
    }

    /// The right PIN was typed.
    pub(crate) fn open(&self) {
        let mut state = self.state();
        state.is_closed = false;
        state.used_ms = self.clock.read().mono_ms;
        drop(state);
        self.changed.notify_waiters();
    }

    /// Whether it is closed, by now.
    pub(crate) fn is_closed(&self) -> bool {
        let now = self.clock.read().mono_ms;
        let mut state = self.state();
        state.is_closed |= state.has_pin && now.saturating_sub(state.used_ms) >= IDLE_MS;
        state.is_closed
    }

    /// The app is in use. Answers whether it was open for that.
    pub(crate) fn used(&self) -> bool {
        let is_open = !self.is_closed();
        if is_open {
            self.state().used_ms = self.clock.read().mono_ms;
        }
        is_open
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use saddlebag_replica::surroundings::{BUILT_MS, HandClock};

    use super::{IDLE_MS, IdleLock};

    fn a_lock() -> (Arc<HandClock>, IdleLock) {
        let clock = Arc::new(HandClock::at_wall(BUILT_MS));
        (clock.clone(), IdleLock::new(clock))
    }

    #[test]
    fn it_closes_after_five_minutes_without_use() {
        let (clock, lock) = a_lock();
        lock.set_pin(true);
        clock.pass(IDLE_MS - 1);
        assert!(lock.used());
        clock.pass(IDLE_MS - 1);
        assert!(!lock.is_closed());
        clock.pass(1);
        assert!(lock.is_closed());
        assert!(!lock.used(), "use does not open it again");
        lock.open();
        assert!(lock.used());
    }

    #[test]
    fn without_a_pin_it_never_closes() {
        let (clock, lock) = a_lock();
        lock.close();
        clock.pass(10 * IDLE_MS);
        assert!(!lock.is_closed());
        assert_eq!(lock.closes_in_ms(), None, "and nobody wakes for it");
    }

    #[test]
    fn who_waits_for_it_sleeps_until_it_may_close() {
        let (clock, lock) = a_lock();
        lock.set_pin(true);
        assert_eq!(lock.closes_in_ms(), Some(IDLE_MS));
        clock.pass(IDLE_MS - 5);
        assert_eq!(lock.closes_in_ms(), Some(5));
        clock.pass(5);
        assert_eq!(lock.closes_in_ms(), Some(0));
        lock.open();
        assert_eq!(lock.closes_in_ms(), Some(IDLE_MS));
    }

    #[test]
    fn who_waits_for_it_hears_that_it_was_closed_and_opened() {
        let (_clock, lock) = a_lock();
        lock.set_pin(true);
        tauri::async_runtime::block_on(async {
            lock.until_open().await;
            tokio::join!(lock.until_closed(), async { lock.close() });
            tokio::join!(lock.until_open(), async { lock.open() });
        });
        assert!(!lock.is_closed());
    }

    #[test]
    fn taking_the_pin_away_opens_it() {
        let (_clock, lock) = a_lock();
        lock.set_pin(true);
        lock.close();
        assert!(lock.is_closed());
        lock.set_pin(false);
        assert!(!lock.is_closed());
    }
}
