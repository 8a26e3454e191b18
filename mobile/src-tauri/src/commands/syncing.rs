//! Syncing, and what came of it.

use std::sync::Arc;

use saddlebag_replica::{
    ForkNotice, Item, RecordDiscrepancies, Refused, RefusedWhich, Safety, SyncOptions, Synced,
};
use tauri::AppHandle;
use tauri_specta::Event;

use super::Shared;
use crate::app::APP;
use crate::error::Answer;
use crate::events::{SyncProgress, SyncWaiting};
use crate::shell::blocking;

/// Exchanges everything that is new with the county, or with the server at this address in its stead. One that is
/// under way is ended first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sync(app: AppHandle, shell: Shared<'_>, address: Option<String>) -> Answer<Synced> {
    let replica = shell.replica()?;
    let (told, waits) = (app.clone(), app);
    let (cancel, _turn) = shell.next_syncing().await;
    let options = SyncOptions {
        address,
        app: APP.into(),
        cancel,
        progress: Some(Arc::new(move |progress| {
            let _ = SyncProgress(progress).emit(&told);
        })),
        waiting: Some(Arc::new(move |error, wait| {
            let code = error.code().to_owned();
            let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            let _ = SyncWaiting { code, wait_ms }.emit(&waits);
        })),
        ..SyncOptions::default()
    };
    let synced = replica.sync(options).await?;
    if matches!(synced, Synced::Wiped { .. }) {
        let shell = shell.inner().clone();
        blocking(move || shell.let_go_of_what_was_wiped()).await?;
    }
    Ok(synced)
}

/// Ends the syncing that is under way. Everything stays saved.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_sync(shell: Shared<'_>) -> Answer<()> {
    shell.end_syncing()
}

/// Whether everything is safe at the county, and what waits.
#[tauri::command]
#[specta::specta]
pub(crate) async fn safety(shell: Shared<'_>) -> Answer<Safety> {
    shell.ask(move |replica| replica.safety()).await
}

/// The records that wait to be sent.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unsent(shell: Shared<'_>) -> Answer<Vec<Item>> {
    shell.ask(move |replica| replica.unsent()).await
}

/// Where what is known does not fit together.
#[tauri::command]
#[specta::specta]
pub(crate) async fn discrepancies(shell: Shared<'_>) -> Answer<Vec<RecordDiscrepancies>> {
    shell.ask(move |replica| replica.discrepancies()).await
}

/// What the county did not take.
#[tauri::command]
#[specta::specta]
pub(crate) async fn refused(shell: Shared<'_>) -> Answer<Vec<Refused>> {
    shell.ask(move |replica| replica.refused()).await
}

/// That this device goes on under another number.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forks(shell: Shared<'_>) -> Answer<Vec<ForkNotice>> {
    shell.ask(move |replica| replica.forks()).await
}

/// Marks it as seen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fork_seen(shell: Shared<'_>, id: i64) -> Answer<()> {
    shell.ask(move |replica| replica.fork_seen(id)).await
}

/// Marks what the county did not take as seen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn refused_seen(shell: Shared<'_>, which: RefusedWhich) -> Answer<()> {
    shell.ask(move |replica| replica.refused_seen(&which)).await
}
