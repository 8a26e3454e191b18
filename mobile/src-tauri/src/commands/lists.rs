//! What is looked up.

use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::position::Position;
use saddlebag_replica::{ColleagueEntry, Item, PlaceEntry, WhomToAsk};

use super::Shared;
use crate::error::Answer;

/// Whom this person can ask.
#[tauri::command]
#[specta::specta]
pub(crate) async fn whom_to_ask(shell: Shared<'_>) -> Answer<WhomToAsk> {
    shell.ask(move |replica| replica.whom_to_ask()).await
}

/// What goes by these letters, digits or initials, of one kind of record or of all.
#[tauri::command]
#[specta::specta]
pub(crate) async fn search(
    shell: Shared<'_>,
    typed: String,
    kind: Option<RecordKind>,
    limit: u32,
) -> Answer<Vec<Item>> {
    shell
        .ask(move |replica| replica.search(&typed, kind, limit))
        .await
}

/// The households here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn households(shell: Shared<'_>) -> Answer<Vec<Item>> {
    shell.ask(move |replica| replica.households()).await
}

/// The carriers of the county.
#[tauri::command]
#[specta::specta]
pub(crate) async fn carriers(shell: Shared<'_>) -> Answer<Vec<Item>> {
    shell.ask(move |replica| replica.list(RecordKind::Carrier)).await
}

/// Drop points, rest stations and stations, the nearest first where it is known from where.
#[tauri::command]
#[specta::specta]
pub(crate) async fn places(shell: Shared<'_>, from: Option<Position>) -> Answer<Vec<PlaceEntry>> {
    shell.ask(move |replica| replica.places(from)).await
}

/// Who works for the county.
#[tauri::command]
#[specta::specta]
pub(crate) async fn colleagues(shell: Shared<'_>) -> Answer<Vec<ColleagueEntry>> {
    shell.ask(move |replica| replica.colleagues()).await
}

/// The rows of these records, as far as they are here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn items(shell: Shared<'_>, records: Vec<RecordId>) -> Answer<Vec<Item>> {
    shell.ask(move |replica| replica.items(&records)).await
}
