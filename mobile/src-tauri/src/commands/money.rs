//! Cash in hand, passed on and handed in.

use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_replica::{CashBook, CashInHand, CashOffered, HandedIn, PassedCash, TakenCash};

use super::Shared;
use crate::error::Answer;

/// What this person owes, and what waits for somebody else.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cash(shell: Shared<'_>) -> Answer<CashInHand> {
    shell.ask(move |replica| replica.cash()).await
}

/// Passes cash on to a colleague.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pass_cash(shell: Shared<'_>, to: PersonId, fen: u64) -> Answer<PassedCash> {
    shell.ask(move |replica| replica.pass_cash(to, fen)).await
}

/// The code of cash that this phone passed on, to be shown again; none where it did not, or took it back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cash_code(shell: Shared<'_>, record: RecordId) -> Answer<Option<PassedCash>> {
    shell.ask(move |replica| replica.cash_code(record)).await
}

/// Whose cash a code is and how much, before it is taken.
#[tauri::command]
#[specta::specta]
pub(crate) async fn read_cash_code(shell: Shared<'_>, code: String) -> Answer<CashOffered> {
    shell.ask(move |replica| replica.read_cash_code(&code)).await
}

/// Takes cash by a colleague's code.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_cash(shell: Shared<'_>, code: String) -> Answer<TakenCash> {
    shell.ask(move |replica| replica.take_cash(&code)).await
}

/// Hands cash in at a station.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hand_in(shell: Shared<'_>, station: RecordId, fen: u64) -> Answer<HandedIn> {
    shell.ask(move |replica| replica.hand_in(station, fen)).await
}

/// Every movement of this person's cash, the latest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cash_book(shell: Shared<'_>) -> Answer<CashBook> {
    shell.ask(move |replica| replica.cash_book()).await
}
