//! This device: its start, its lock, whose it is.

use saddlebag_records::id::RecordId;
use saddlebag_replica::{EnrolmentText, Person, Salvaged, Settings, ThisDevice, Unlock, Wiped};
use serde::Serialize;

use super::Shared;
use crate::app::APP;
use crate::error::{Answer, Refusal};
use crate::shell::blocking;
use crate::store_key::KeyPlace;

/// How the app stands when its window opens.
#[derive(Clone, Debug, Serialize, specta::Type)]
pub(crate) struct Started {
    /// Whose device it is; none before enrolment, and none while it is locked.
    person: Option<Person>,
    /// What a scan is recorded for while it is locked; none while it is open, and before enrolment.
    locked_for: Option<LockedFor>,
    /// What the person set; the defaults where the store could not be opened.
    settings: Settings,
    /// Whether there is a PIN.
    has_pin: bool,
    /// Whether a PIN is asked for before anything else.
    is_locked: bool,
    /// Where the key of the store is kept; none where the store could not be opened.
    key_place: Option<KeyPlace>,
    /// Why the store could not be opened. It may be tried again.
    store_error: Option<Refusal>,
    /// That what was here was destroyed by the county's word, until somebody enrols this device again.
    wiped: Option<Wiped>,
    /// What time it is, UTC milliseconds, for all that this phone knows; none where the store could not be opened.
    now_ms: Option<i64>,
}

/// Whose device it is, without a name: as much as a scan needs.
#[derive(Clone, Debug, Serialize, specta::Type)]
pub(crate) struct LockedFor {
    /// The role's name.
    role: String,
    /// The person's station.
    station: Option<RecordId>,
}

impl From<Person> for LockedFor {
    fn from(person: Person) -> Self {
        Self {
            role: person.role,
            station: person.station,
        }
    }
}

/// Opens the store and says how the app stands. The first command, and again after unlocking.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start(shell: Shared<'_>) -> Answer<Started> {
    let shell = shell.inner().clone();
    blocking(move || {
        let (replica, key_place) = match shell.open() {
            Ok(opened) => opened,
            Err(error) => return Ok(Started::failed(error)),
        };
        let is_locked = shell.lock().is_closed();
        let person = replica.identity()?.map(|identity| identity.person);
        let (open_for, locked_for) = if is_locked { (None, person) } else { (person, None) };
        Ok(Started {
            person: open_for,
            locked_for: locked_for.map(LockedFor::from),
            settings: replica.settings()?,
            has_pin: shell.lock().has_pin(),
            is_locked,
            key_place: Some(key_place),
            store_error: None,
            wiped: shell.wiped()?,
            now_ms: Some(replica.now_ms()?),
        })
    })
    .await
}

impl Started {
    fn failed(error: Refusal) -> Self {
        Self {
            person: None,
            locked_for: None,
            settings: Settings::default(),
            has_pin: false,
            is_locked: false,
            key_place: None,
            store_error: Some(error),
            wiped: None,
            now_ms: None,
        }
    }
}

/// Makes this device a person's, with the code that they were given, as it was read or typed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn enrol(shell: Shared<'_>, said: EnrolmentText) -> Answer<Person> {
    Ok(shell.replica()?.enrol(&said, APP).await?)
}

/// Saves what can be read of a damaged store into a new one; `start` opens it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn salvage(shell: Shared<'_>) -> Answer<Salvaged> {
    let shell = shell.inner().clone();
    blocking(move || shell.salvage()).await
}

/// The person has seen what was saved of a damaged store.
#[tauri::command]
#[specta::specta]
pub(crate) async fn salvaged_seen(shell: Shared<'_>) -> Answer<()> {
    shell.ask(move |replica| replica.salvaged_seen()).await
}

/// Keeps what the person set. While the app is locked, the language alone: who cannot read the screen must be able to
/// change it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_settings(shell: Shared<'_>, settings: Settings) -> Answer<()> {
    let shell = shell.inner().clone();
    blocking(move || shell.save_settings(settings)).await
}

/// Sets the PIN, or takes it away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_pin(shell: Shared<'_>, pin: Option<String>) -> Answer<()> {
    let shell = shell.inner().clone();
    blocking(move || shell.set_pin(pin.as_deref())).await
}

/// Opens the lock, if this is the PIN.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock(shell: Shared<'_>, pin: String) -> Answer<Unlock> {
    let shell = shell.inner().clone();
    blocking(move || shell.unlock(&pin)).await
}

/// Locks, where there is a PIN.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock(shell: Shared<'_>) -> Answer<()> {
    shell.lock().close();
    Ok(())
}

/// Somebody is using the app: its lock stays open. Answers with the time, UTC milliseconds, for all that this phone
/// knows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn in_use(shell: Shared<'_>) -> Answer<i64> {
    let shell = shell.inner().clone();
    blocking(move || shell.used()).await
}

/// All that there is to say of this device.
#[tauri::command]
#[specta::specta]
pub(crate) async fn this_device(shell: Shared<'_>) -> Answer<ThisDevice> {
    shell.ask(move |replica| replica.this_device()).await
}

/// The texts of all codes in a picture.
#[tauri::command]
#[specta::specta]
pub(crate) async fn read_picture(shell: Shared<'_>, bytes: Vec<u8>) -> Answer<Vec<String>> {
    let _turn = shell.next_picture().await;
    blocking(move || Ok(saddlebag_replica::read_picture(&bytes)?)).await
}

/// What the code of an enrolment says; none where the text is of something else.
#[tauri::command]
#[specta::specta]
pub(crate) fn read_enrolment(text: String) -> Option<EnrolmentText> {
    saddlebag_replica::read_enrolment(&text)
}
