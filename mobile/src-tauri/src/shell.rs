use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use saddlebag_replica::surroundings::Surroundings;
use saddlebag_replica::{Error, Replica, ScanFor, Unlock};
use tokio_util::sync::CancellationToken;

use crate::error::{Answer, Refusal};
use crate::idle_lock::IdleLock;
use crate::store_key::{self, KeyPlace};

/// The replica's folder within the app's own.
const STORE: &str = "store";

/// What the commands share: the one replica, and whether the PIN stands before it.
#[derive(Clone)]
pub struct Shell {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    surroundings: Surroundings,
    open: Mutex<Option<Open>>,
    lock: IdleLock,
    syncing: Mutex<CancellationToken>,
    opened: Box<dyn Fn(&Replica) + Send + Sync>,
}

struct Open {
    replica: Replica,
    key_place: KeyPlace,
}

impl Shell {
    /// A shell over the data in this folder, which is not opened yet. `opened` is called once, when it is.
    pub fn new(
        dir: impl AsRef<Path>,
        surroundings: Surroundings,
        opened: impl Fn(&Replica) + Send + Sync + 'static,
    ) -> Self {
        let inner = Inner {
            dir: dir.as_ref().to_owned(),
            lock: IdleLock::new(surroundings.clock.clone()),
            surroundings,
            open: Mutex::new(None),
            syncing: Mutex::default(),
            opened: Box::new(opened),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Opens the store, or makes it, and keeps it open. Blocks, perhaps until somebody has unlocked the system's key
    /// store. Another call waits for the first.
    ///
    /// # Errors
    ///
    /// Those of the key and of [`Replica::open`]. It may be tried again.
    pub fn open(&self) -> Answer<(Replica, KeyPlace)> {
        let mut open = held(&self.inner.open);
        if let Some(Open { replica, key_place }) = open.as_ref() {
            return Ok((replica.clone(), *key_place));
        }
        let store = self.inner.dir.join(STORE);
        let (key, key_place) = store_key::load_or_draw(&self.inner.dir, &store)?;
        let replica = Replica::open(&store, key, self.inner.surroundings.clone())?;
        self.inner.lock.set_pin(replica.has_pin()?);
        self.inner.lock.close();
        (self.inner.opened)(&replica);
        *open = Some(Open {
            replica: replica.clone(),
            key_place,
        });
        Ok((replica, key_place))
    }

    /// Does this with the replica on a thread that may block, unless the app is locked. Counts as use.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&Replica) -> Result<T, Error> + Send + 'static,
    ) -> Answer<T> {
        let replica = self.replica()?;
        blocking(move || Ok(verb(&replica)?)).await
    }

    /// The replica, unless the app is locked. Counts as use.
    pub(crate) fn replica(&self) -> Answer<Replica> {
        if self.inner.lock.used() {
            self.even_locked()
        } else {
            Err(Refusal::LOCKED)
        }
    }

    /// The replica, for the little that may be done while the app is locked.
    pub(crate) fn even_locked(&self) -> Answer<Replica> {
        let open = held(&self.inner.open);
        let replica = open.as_ref().map(|open| open.replica.clone());
        replica.ok_or(Refusal::NOT_STARTED)
    }

    /// The replica, for a scan. What a parcel in the hand is scanned for is recorded even while the app is locked:
    /// somebody with both hands full types no PIN.
    pub(crate) fn replica_to_scan(&self, purpose: ScanFor) -> Answer<Replica> {
        match purpose {
            ScanFor::LoadingOut { .. } | ScanFor::ScanningIn { .. } => self.even_locked(),
            _ => self.replica(),
        }
    }

    /// Sets the PIN, or takes it away.
    pub(crate) fn set_pin(&self, pin: Option<&str>) -> Answer<()> {
        self.replica()?.set_pin(pin)?;
        self.inner.lock.set_pin(pin.is_some());
        Ok(())
    }

    /// Opens the lock, if this is the PIN.
    pub(crate) fn unlock(&self, pin: &str) -> Answer<Unlock> {
        let unlock = self.even_locked()?.unlock(pin)?;
        if unlock == Unlock::Open {
            self.inner.lock.open();
        }
        Ok(unlock)
    }

    pub(crate) fn lock(&self) -> &IdleLock {
        &self.inner.lock
    }

    /// Ends the syncing before, and answers with what ends the one that begins.
    pub(crate) fn next_syncing(&self) -> CancellationToken {
        let next = CancellationToken::new();
        std::mem::replace(&mut *held(&self.inner.syncing), next.clone()).cancel();
        next
    }
}

/// Does what blocks on a thread where it may.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Answer<T> + Send + 'static,
) -> Answer<T> {
    tauri::async_runtime::spawn_blocking(work)
        .await
        .unwrap_or(Err(Refusal::INTERNAL))
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What it holds is whole after every statement: a panic elsewhere spoilt nothing.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use saddlebag_records::id::{PersonId, RecordId};
    use saddlebag_replica::surroundings::{BUILT_MS, HandClock, Surroundings};
    use saddlebag_replica::{ScanFor, Unlock};
    use tempfile::TempDir;

    use super::Shell;
    use crate::error::Refusal;
    use crate::idle_lock::IDLE_MS;

    const PIN: &str = "250117";

    /// Its key is in a file already, so that no test touches the key store of who runs it.
    fn a_folder() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("store.key"), "07".repeat(32)).unwrap();
        folder
    }

    fn a_shell(folder: &TempDir) -> (Arc<HandClock>, Shell) {
        let clock = Arc::new(HandClock::at_wall(BUILT_MS));
        let surroundings = Surroundings {
            clock: clock.clone(),
            ..Surroundings::of_this_machine()
        };
        (clock, Shell::new(folder.path(), surroundings, |_| {}))
    }

    #[test]
    fn nothing_is_answered_before_the_store_is_open() {
        let folder = a_folder();
        let (_clock, shell) = a_shell(&folder);
        assert_eq!(shell.replica().unwrap_err(), Refusal::NOT_STARTED);
        shell.open().unwrap();
        assert!(shell.replica().is_ok());
    }

    #[test]
    fn it_locks_when_nobody_used_it_and_opens_with_the_pin_alone() {
        let folder = a_folder();
        let (clock, shell) = a_shell(&folder);
        shell.open().unwrap();
        shell.set_pin(Some(PIN)).unwrap();
        clock.pass(IDLE_MS);
        assert_eq!(shell.replica().unwrap_err(), Refusal::LOCKED);
        assert_eq!(
            shell.set_pin(None).unwrap_err(),
            Refusal::LOCKED,
            "the PIN is not taken away by who does not know it"
        );
        assert!(shell.even_locked().is_ok());
        assert!(matches!(shell.unlock("000000").unwrap(), Unlock::Wrong { .. }));
        assert_eq!(shell.replica().unwrap_err(), Refusal::LOCKED);
        clock.pass(24 * 60 * 60 * 1000);
        assert_eq!(shell.unlock(PIN).unwrap(), Unlock::Open);
        assert!(shell.replica().is_ok());
    }

    #[test]
    fn locked_it_takes_a_parcel_in_the_hand_and_tells_nothing_of_any_other() {
        let folder = a_folder();
        let (_clock, shell) = a_shell(&folder);
        shell.open().unwrap();
        shell.set_pin(Some(PIN)).unwrap();
        shell.lock().close();
        let (place, person) = (RecordId([1; 16]), PersonId([2; 16]));
        for purpose in [ScanFor::LoadingOut { place: None }, ScanFor::ScanningIn { place }] {
            assert!(shell.replica_to_scan(purpose).is_ok(), "{purpose:?}");
        }
        for purpose in [
            ScanFor::Looking,
            ScanFor::Returning { place, reason: None },
            ScanFor::HandingOver { to: person },
            ScanFor::TakingOver { from: person },
        ] {
            let refused = shell.replica_to_scan(purpose).unwrap_err();
            assert_eq!(refused, Refusal::LOCKED, "{purpose:?}");
        }
    }

    #[test]
    fn it_is_locked_when_it_starts_again() {
        let folder = a_folder();
        let (_clock, shell) = a_shell(&folder);
        shell.open().unwrap();
        shell.set_pin(Some(PIN)).unwrap();
        drop(shell);
        let (_clock, again) = a_shell(&folder);
        again.open().unwrap();
        assert_eq!(again.replica().unwrap_err(), Refusal::LOCKED);
    }
}
