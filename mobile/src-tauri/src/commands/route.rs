//! The stops of the day, and the way to each.

use saddlebag_records::id::RecordId;
use saddlebag_records::position::Position;
use saddlebag_replica::{Item, MoveStop, Moved, Route, RouteItem, StopPage, Way};
use tauri::AppHandle;

use super::Shared;
use crate::error::Answer;
use crate::opening;

/// What this person has to do, in its order.
#[tauri::command]
#[specta::specta]
pub(crate) async fn today(shell: Shared<'_>) -> Answer<Route> {
    shell.ask(move |replica| replica.today()).await
}

/// The parcels that this person has with them, whenever they are due.
#[tauri::command]
#[specta::specta]
pub(crate) async fn carried(shell: Shared<'_>) -> Answer<Vec<RouteItem>> {
    shell.ask(move |replica| replica.carried()).await
}

/// What this person ended today, the latest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn done_today(shell: Shared<'_>) -> Answer<Vec<Item>> {
    shell.ask(move |replica| replica.done_today()).await
}

/// Orders the stops, urgent and cold chain first, then by the shortest way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn order_stops(shell: Shared<'_>, from: Option<Position>) -> Answer<Moved> {
    shell.ask(move |replica| replica.order_stops(from)).await
}

/// Moves a stop among the others.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_stop(shell: Shared<'_>, key: String, to: MoveStop) -> Answer<Moved> {
    shell.ask(move |replica| replica.move_stop(&key, to)).await
}

/// All that is to be known and done at a stop; none where nothing is left to do there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop(shell: Shared<'_>, key: String, from: Option<Position>) -> Answer<Option<StopPage>> {
    shell.ask(move |replica| replica.stop(&key, from)).await
}

/// The way to a record; none where no position is known.
#[tauri::command]
#[specta::specta]
pub(crate) async fn way_to(
    shell: Shared<'_>,
    record: RecordId,
    from: Option<Position>,
) -> Answer<Option<Way>> {
    shell.ask(move |replica| replica.way_to(record, from)).await
}

/// Opens the phone's dialler; false where no number is known.
#[tauri::command]
#[specta::specta]
pub(crate) async fn call(app: AppHandle, shell: Shared<'_>, record: RecordId) -> Answer<bool> {
    let number = shell.ask(move |replica| replica.number_to_call(record)).await?;
    number.map_or(Ok(false), |number| opening::dial(&app, &number))
}

/// Opens a text message that is ready to be sent; false where no number is known.
#[tauri::command]
#[specta::specta]
pub(crate) async fn message(
    app: AppHandle,
    shell: Shared<'_>,
    record: RecordId,
    text: String,
) -> Answer<bool> {
    let number = shell.ask(move |replica| replica.number_to_call(record)).await?;
    number.map_or(Ok(false), |number| opening::write_to(&app, &number, &text))
}

/// Opens one of a way's links in another map app.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_map(app: AppHandle, shell: Shared<'_>, link: String) -> Answer<()> {
    shell.replica()?;
    opening::show_on_map(&app, &link)
}
