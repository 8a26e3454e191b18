//! The stops of the day.

use saddlebag_replica::Route;

use super::Shared;
use crate::error::Answer;

/// What this person has to do, in its order.
#[tauri::command]
#[specta::specta]
pub(crate) async fn today(shell: Shared<'_>) -> Answer<Route> {
    shell.ask(move |replica| replica.today()).await
}
