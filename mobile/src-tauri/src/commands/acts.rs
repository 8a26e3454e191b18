//! What is done with a parcel at a stop.

use saddlebag_records::id::{FactId, PersonId, RecordId};
use saddlebag_replica::{
    DeliverOutcome, Delivering, ErrandOutcome, FactDraft, FailOutcome, Failing, NewErrand, NewPickup,
    ScanFor, ScanOutcome,
};

use super::Shared;
use crate::error::Answer;
use crate::shell::blocking;

/// Hands parcels over to a colleague.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hand_over(
    shell: Shared<'_>,
    parcels: Vec<RecordId>,
    to: PersonId,
) -> Answer<Vec<FactId>> {
    shell.ask(move |replica| replica.hand_over(&parcels, to)).await
}

/// Takes parcels over from a colleague.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_over(
    shell: Shared<'_>,
    parcels: Vec<RecordId>,
    from: PersonId,
) -> Answer<Vec<FactId>> {
    shell.ask(move |replica| replica.take_over(&parcels, from)).await
}

/// Voids a fact that this device wrote.
#[tauri::command]
#[specta::specta]
pub(crate) async fn correct(shell: Shared<'_>, fact: FactId, note: Option<String>) -> Answer<FactId> {
    shell
        .ask(move |replica| replica.correct(fact, note.as_deref()))
        .await
}

/// Scans a parcel.
#[tauri::command]
#[specta::specta]
pub(crate) async fn scan(shell: Shared<'_>, waybill: String, purpose: ScanFor) -> Answer<ScanOutcome> {
    let replica = shell.replica_to_scan(purpose)?;
    blocking(move || Ok(replica.scan(&waybill, purpose)?)).await
}

/// Hands over all parcels of a stop, by one act with one proof.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deliver(shell: Shared<'_>, delivering: Delivering) -> Answer<DeliverOutcome> {
    shell.ask(move |replica| replica.deliver(&delivering)).await
}

/// Parcels could not be handed over, and why.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fail(shell: Shared<'_>, failing: Failing) -> Answer<FailOutcome> {
    shell.ask(move |replica| replica.fail(&failing)).await
}

/// Records what happened, by names, as one act.
#[tauri::command]
#[specta::specta]
pub(crate) async fn record(shell: Shared<'_>, drafts: Vec<FactDraft>) -> Answer<Vec<FactId>> {
    shell.ask(move |replica| replica.record_by_name(&drafts)).await
}

/// Voids the facts of the last act.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo(shell: Shared<'_>, facts: Vec<FactId>) -> Answer<Vec<FactId>> {
    shell.ask(move |replica| replica.undo(&facts)).await
}

/// Brings parcels back to a station.
#[tauri::command]
#[specta::specta]
pub(crate) async fn return_to_station(
    shell: Shared<'_>,
    records: Vec<RecordId>,
    place: RecordId,
    reason: Option<u16>,
) -> Answer<Vec<FactId>> {
    shell
        .ask(move |replica| replica.return_to_station(&records, place, reason))
        .await
}

/// Writes the notes of a record anew.
#[tauri::command]
#[specta::specta]
pub(crate) async fn edit_notes(shell: Shared<'_>, record: RecordId, text: String) -> Answer<()> {
    shell.ask(move |replica| replica.edit_notes(record, &text)).await
}

/// Notes a pickup that somebody asked for.
#[tauri::command]
#[specta::specta]
pub(crate) async fn new_pickup(shell: Shared<'_>, pickup: NewPickup) -> Answer<RecordId> {
    shell.ask(move |replica| replica.new_pickup(&pickup)).await
}

/// Notes an errand that somebody asked for.
#[tauri::command]
#[specta::specta]
pub(crate) async fn new_errand(shell: Shared<'_>, errand: NewErrand) -> Answer<ErrandOutcome> {
    shell.ask(move |replica| replica.new_errand(&errand)).await
}
