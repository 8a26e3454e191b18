//! What a station's clerk does.

use saddlebag_records::id::{FactId, PersonId, RecordId};
use saddlebag_replica::StationParcel;

use super::Shared;
use crate::error::Answer;

/// Counts cash without knowing what was handed in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn count_cash(
    shell: Shared<'_>,
    courier: PersonId,
    number: u32,
    station: RecordId,
    fen: u64,
) -> Answer<FactId> {
    shell
        .ask(move |replica| replica.count_cash(courier, number, station, fen))
        .await
}

/// What lies at this person's station.
#[tauri::command]
#[specta::specta]
pub(crate) async fn station_parcels(shell: Shared<'_>) -> Answer<Vec<StationParcel>> {
    shell.ask(move |replica| replica.station_parcels()).await
}
