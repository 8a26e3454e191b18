//! What is done with a parcel at a stop.

use saddlebag_records::id::{FactId, PersonId, RecordId};
use saddlebag_replica::{ScanFor, ScanOutcome};

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

/// Scans a parcel. Loading out goes on while the app is locked: somebody with both hands full types no PIN.
#[tauri::command]
#[specta::specta]
pub(crate) async fn scan(shell: Shared<'_>, waybill: String, purpose: ScanFor) -> Answer<ScanOutcome> {
    let replica = match purpose {
        ScanFor::LoadingOut { .. } => shell.even_locked()?,
        _ => shell.replica()?,
    };
    blocking(move || Ok(replica.scan(&waybill, purpose)?)).await
}
