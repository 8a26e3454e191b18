use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use saddlebag_replica::surroundings::Surroundings;
use saddlebag_replica::{Error, Replica, Salvaged, ScanFor, Settings, Unlock, Wiped};
use tokio::sync::OwnedMutexGuard;
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
    /// Held while the store is being opened, perhaps for as long as the system's key store asks somebody.
    opening: Mutex<()>,
    open: Mutex<Option<Open>>,
    lock: IdleLock,
    syncing: Mutex<CancellationToken>,
    /// Held by the syncing that is under way.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// Held while a picture is looked at: one takes a core and some hundred megabytes.
    looking: Arc<tokio::sync::Mutex<()>>,
    opened: Box<dyn Fn(&Replica) + Send + Sync>,
}

#[derive(Clone)]
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
            opening: Mutex::default(),
            open: Mutex::default(),
            syncing: Mutex::default(),
            turn: Arc::default(),
            looking: Arc::default(),
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
        let _opening = held(&self.inner.opening);
        let store = self.store();
        let emptied = self.forget_the_key_of_what_was_wiped()?;
        if let Some(Open { replica, key_place }) =
            held(&self.inner.open).clone().filter(|_| emptied.is_none())
        {
            return Ok((replica, key_place));
        }
        let (key, key_place) = store_key::load_or_draw(&self.inner.dir, &store)?;
        let replica = Replica::open(&store, key, self.inner.surroundings.clone())?;
        if let Some(wiped) = emptied {
            let language = wiped.language;
            replica.save_settings(&Settings {
                language,
                ..Settings::default()
            })?;
        }
        self.inner.lock.set_pin(replica.has_pin()?);
        self.inner.lock.close();
        (self.inner.opened)(&replica);
        let open = Open {
            replica: replica.clone(),
            key_place,
        };
        *held(&self.inner.open) = Some(open);
        Ok((replica, key_place))
    }

    /// Lets go of a store that was destroyed, and destroys its key. `open` makes a new one.
    pub(crate) fn let_go_of_what_was_wiped(&self) -> Answer<()> {
        let _opening = held(&self.inner.opening);
        *held(&self.inner.open) = None;
        self.inner.lock.set_pin(false);
        self.forget_the_key_of_what_was_wiped()?;
        Ok(())
    }

    /// Saves what can be read of a damaged store into a new one, which `open` opens. What is under way ends first.
    pub(crate) fn salvage(&self) -> Answer<Salvaged> {
        let _opening = held(&self.inner.opening);
        held(&self.inner.syncing).cancel();
        *held(&self.inner.open) = None;
        let (key, _) = store_key::load_or_draw(&self.inner.dir, &self.store())?;
        Ok(Replica::salvage(self.store(), &key, &self.inner.surroundings)?)
    }

    /// That what was on this device was destroyed, and nobody has enrolled it since.
    pub(crate) fn wiped(&self) -> Answer<Option<Wiped>> {
        Ok(Replica::wiped(self.store())?)
    }

    /// Finishes what was cut, and answers with what there is to tell where nothing has taken the store's place yet.
    fn forget_the_key_of_what_was_wiped(&self) -> Answer<Option<Wiped>> {
        let store = self.store();
        let wiped = Replica::wiped(&store)?.filter(|_| !Replica::holds_a_store(&store));
        if wiped.is_some() {
            store_key::forget(&self.inner.dir)?;
        }
        Ok(wiped)
    }

    fn store(&self) -> PathBuf {
        self.inner.dir.join(STORE)
    }

    /// Does this with the replica on a thread that may block, unless the app is locked.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&Replica) -> Result<T, Error> + Send + 'static,
    ) -> Answer<T> {
        let replica = self.replica()?;
        blocking(move || Ok(verb(&replica)?)).await
    }

    /// The replica, unless the app is locked. That does not count as use: screens read by themselves whenever
    /// something changes, and a phone that syncs on the counter for an hour has to lock all the same.
    pub(crate) fn replica(&self) -> Answer<Replica> {
        if self.inner.lock.is_closed() {
            Err(Refusal::LOCKED)
        } else {
            self.even_locked()
        }
    }

    /// Somebody touched the app; answers with the time, unless it is locked.
    pub(crate) fn used(&self) -> Answer<i64> {
        let now_ms = self.replica()?.now_ms()?;
        self.inner.lock.used();
        Ok(now_ms)
    }

    /// The replica, for the little that may be done while the app is locked.
    pub(crate) fn even_locked(&self) -> Answer<Replica> {
        let open = held(&self.inner.open).clone().ok_or(Refusal::NOT_STARTED)?;
        Ok(open.replica)
    }

    /// The replica, for a scan. What a parcel in the hand is scanned for is recorded even while the app is locked:
    /// somebody with both hands full types no PIN.
    pub(crate) fn replica_to_scan(&self, purpose: ScanFor) -> Answer<Replica> {
        match purpose {
            ScanFor::LoadingOut { .. } | ScanFor::ScanningIn { .. } => self.even_locked(),
            _ => self.replica(),
        }
    }

    /// Keeps what the person set. While the app is locked, the language alone: who cannot read the screen must be able
    /// to change it.
    pub(crate) fn save_settings(&self, settings: Settings) -> Answer<()> {
        let replica = self.even_locked()?;
        let allowed = if self.inner.lock.is_closed() {
            Settings {
                language: settings.language,
                ..replica.settings()?
            }
        } else {
            settings
        };
        Ok(replica.save_settings(&allowed)?)
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

    /// Ends the syncing that is under way, waits until it has ended, and answers with what ends the one that begins
    /// and with its turn, which it holds as long as it lasts.
    pub(crate) async fn next_syncing(&self) -> (CancellationToken, OwnedMutexGuard<()>) {
        let next = CancellationToken::new();
        std::mem::replace(&mut *held(&self.inner.syncing), next.clone()).cancel();
        (next, self.inner.turn.clone().lock_owned().await)
    }

    /// Ends the syncing that is under way, unless the app is locked.
    pub(crate) fn end_syncing(&self) -> Answer<()> {
        self.replica()?;
        held(&self.inner.syncing).cancel();
        Ok(())
    }

    /// The turn of a picture to be looked at: the next one waits.
    pub(crate) async fn next_picture(&self) -> OwnedMutexGuard<()> {
        self.inner.looking.clone().lock_owned().await
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
    use saddlebag_replica::{Language, Leaving, Replica, ScanFor, Settings, Unlock};
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
    fn what_the_app_reads_by_itself_does_not_keep_it_open() {
        let folder = a_folder();
        let (clock, shell) = a_shell(&folder);
        shell.open().unwrap();
        shell.set_pin(Some(PIN)).unwrap();
        for _ in 0..4 {
            clock.pass(IDLE_MS / 5);
            assert!(shell.replica().is_ok());
        }
        shell.used().unwrap();
        clock.pass(IDLE_MS - 1);
        assert!(shell.replica().is_ok(), "a touch keeps it open");
        clock.pass(1);
        assert_eq!(shell.replica().unwrap_err(), Refusal::LOCKED);
        assert_eq!(shell.used().unwrap_err(), Refusal::LOCKED);
    }

    #[test]
    fn locked_it_keeps_the_language_alone() {
        let folder = a_folder();
        let (_clock, shell) = a_shell(&folder);
        let (replica, _) = shell.open().unwrap();
        shell.set_pin(Some(PIN)).unwrap();
        let wanted = Settings {
            language: Language::KkArab,
            sound: false,
            ..Settings::default()
        };
        shell.lock().close();
        shell.save_settings(wanted.clone()).unwrap();
        let kept = replica.settings().unwrap();
        assert_eq!((kept.language, kept.sound), (Language::KkArab, true));
        shell.unlock(PIN).unwrap();
        shell.save_settings(wanted.clone()).unwrap();
        assert_eq!(replica.settings().unwrap(), wanted);
    }

    #[test]
    fn a_syncing_begins_when_the_one_that_it_ends_has_ended() {
        let folder = a_folder();
        let (_clock, shell) = a_shell(&folder);
        tauri::async_runtime::block_on(async {
            let (first, turn) = shell.next_syncing().await;
            let second = shell.next_syncing();
            tokio::pin!(second);
            assert!(!first.is_cancelled());
            let waits = tokio::select! {
                biased;
                _ = &mut second => false,
                () = first.cancelled() => true,
            };
            assert!(waits, "the first still holds its turn");
            drop(turn);
            let (second, _turn) = second.await;
            assert!(!second.is_cancelled());
        });
    }

    #[test]
    fn who_finds_it_locked_ends_no_syncing() {
        let folder = a_folder();
        let (_clock, shell) = a_shell(&folder);
        shell.open().unwrap();
        shell.set_pin(Some(PIN)).unwrap();
        let (cancel, _turn) = tauri::async_runtime::block_on(shell.next_syncing());
        shell.lock().close();
        assert_eq!(shell.end_syncing().unwrap_err(), Refusal::LOCKED);
        assert!(!cancel.is_cancelled());
        shell.unlock(PIN).unwrap();
        shell.end_syncing().unwrap();
        assert!(cancel.is_cancelled());
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
    fn of_a_store_that_was_destroyed_the_key_goes_too() {
        let folder = a_folder();
        let (_clock, shell) = a_shell(&folder);
        let (replica, _) = shell.open().unwrap();
        shell.set_pin(Some(PIN)).unwrap();
        let wiped = r#"{"why":"lost","at_ms":5,"language":"kk-Arab"}"#;
        std::fs::write(replica.dir().join("wiping.json"), wiped).unwrap();
        shell.let_go_of_what_was_wiped().unwrap();
        assert!(!folder.path().join("store.key").exists());
        assert!(!Replica::holds_a_store(replica.dir()));
        assert_eq!(shell.replica().unwrap_err(), Refusal::NOT_STARTED);
        assert_eq!(shell.wiped().unwrap().unwrap().why, Leaving::Lost);
    }

    #[test]
    fn a_damaged_store_is_salvaged_and_opens_again() {
        let folder = a_folder();
        let (_clock, shell) = a_shell(&folder);
        let (replica, _) = shell.open().unwrap();
        let file = replica.dir().join("records.db");
        drop(replica);
        drop(shell);
        let mut bytes = std::fs::read(&file).unwrap();
        bytes[..4_096].fill(0);
        std::fs::write(&file, bytes).unwrap();
        let (_clock, shell) = a_shell(&folder);
        assert_eq!(shell.open().unwrap_err(), Refusal("damaged"));
        assert_eq!(shell.salvage().unwrap().pages_lost, 1);
        let (replica, _) = shell.open().unwrap();
        assert!(replica.salvaged().unwrap().is_some());
        drop(replica);
        assert!(shell.salvage().is_ok(), "an open store is let go of");
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
