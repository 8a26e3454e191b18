//! What the screens are told without having asked.

use saddlebag_records::id::RecordId;
use saddlebag_replica::Replica;
use saddlebag_replica::sync::Progress;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, async_runtime};
use tauri_specta::Event;
use tokio::sync::broadcast::error::RecvError;

use crate::shell::Shell;

/// These records changed: screens that show them read again.
#[derive(Clone, Debug, Serialize, Deserialize, specta::Type, Event)]
pub(crate) struct Changed {
    /// The records, each once; none where so many changed that everything is to be read again.
    pub records: Vec<RecordId>,
}

/// How a syncing goes, after each exchange.
#[derive(Clone, Debug, Serialize, specta::Type, Event)]
pub(crate) struct SyncProgress(pub Progress);

/// An exchange failed, and another is tried after a while.
#[derive(Clone, Debug, Serialize, Deserialize, specta::Type, Event)]
pub(crate) struct SyncWaiting {
    /// Why it failed.
    pub code: String,
    /// How long it is until the next try, milliseconds.
    pub wait_ms: u64,
}

/// The app locked, since nobody used it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, specta::Type, Event)]
pub(crate) struct Locked;

/// Tells the screens of every change from now on.
pub(crate) fn tell_of_changes(app: AppHandle, replica: &Replica) {
    let mut changes = replica.subscribe();
    async_runtime::spawn(async move {
        loop {
            let records = match changes.recv().await {
                Ok(changed) => changed.records,
                Err(RecvError::Lagged(_)) => Vec::new(),
                Err(RecvError::Closed) => return,
            };
            // A window that is closing hears nothing, and needs to hear nothing.
            let _ = Changed { records }.emit(&app);
        }
    });
}

/// Tells the screens when the lock closes.
pub(crate) fn tell_of_the_lock(app: AppHandle, shell: Shell) {
    async_runtime::spawn(async move {
        loop {
            shell.lock().until_open().await;
            shell.lock().until_closed().await;
            let _ = Locked.emit(&app);
        }
    });
}
