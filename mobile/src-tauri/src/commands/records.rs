//! Records of their own: households, camps, consents, tips, appeals.

use saddlebag_records::id::{FactId, RecordId};
use saddlebag_replica::{
    AboutHousehold, AppealOutcome, HouseholdPage, Item, NewCamp, NewConsent, NewHousehold, NewTip,
    RecordPage, TipOutcome,
};

use super::Shared;
use crate::error::Answer;

/// Everything about one record.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show(shell: Shared<'_>, record: RecordId) -> Answer<RecordPage> {
    shell.ask(move |replica| replica.show(record)).await
}

/// What this phone holds about a household.
#[tauri::command]
#[specta::specta]
pub(crate) async fn my_data_about(shell: Shared<'_>, household: RecordId) -> Answer<AboutHousehold> {
    shell.ask(move |replica| replica.my_data_about(household)).await
}

/// Registers a household.
#[tauri::command]
#[specta::specta]
pub(crate) async fn register_household(shell: Shared<'_>, household: NewHousehold) -> Answer<RecordId> {
    shell
        .ask(move |replica| replica.register_household(&household))
        .await
}

/// A household gave a phone number.
#[tauri::command]
#[specta::specta]
pub(crate) async fn phone_given(shell: Shared<'_>, household: RecordId, phone: String) -> Answer<FactId> {
    shell
        .ask(move |replica| replica.phone_given(household, &phone))
        .await
}

/// A phone number, which came with this fact, is not theirs any more.
#[tauri::command]
#[specta::specta]
pub(crate) async fn phone_no_longer_right(
    shell: Shared<'_>,
    household: RecordId,
    given: FactId,
) -> Answer<FactId> {
    shell
        .ask(move |replica| replica.phone_no_longer_right(household, given))
        .await
}

/// A household wants to be forgotten.
#[tauri::command]
#[specta::specta]
pub(crate) async fn asked_to_be_forgotten(shell: Shared<'_>, household: RecordId) -> Answer<FactId> {
    shell
        .ask(move |replica| replica.asked_to_be_forgotten(household))
        .await
}

/// Notes where a household stays in a season.
#[tauri::command]
#[specta::specta]
pub(crate) async fn note_camp(shell: Shared<'_>, camp: NewCamp) -> Answer<RecordId> {
    shell.ask(move |replica| replica.note_camp(&camp)).await
}

/// Writes down what somebody agreed to.
#[tauri::command]
#[specta::specta]
pub(crate) async fn give_consent(shell: Shared<'_>, consent: NewConsent) -> Answer<RecordId> {
    shell.ask(move |replica| replica.give_consent(&consent)).await
}

/// A consent is withdrawn.
#[tauri::command]
#[specta::specta]
pub(crate) async fn withdraw_consent(shell: Shared<'_>, consent: RecordId) -> Answer<FactId> {
    shell.ask(move |replica| replica.withdraw_consent(consent)).await
}

/// Reports a public problem.
#[tauri::command]
#[specta::specta]
pub(crate) async fn report(shell: Shared<'_>, tip: NewTip) -> Answer<TipOutcome> {
    shell.ask(move |replica| replica.report(&tip)).await
}

/// One's own tips, the latest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn tips(shell: Shared<'_>) -> Answer<Vec<Item>> {
    shell.ask(move |replica| replica.tips()).await
}

/// Says that the answer to one's own tip does not settle it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reopen_tip(
    shell: Shared<'_>,
    record: RecordId,
    text: Option<String>,
) -> Answer<TipOutcome> {
    shell
        .ask(move |replica| replica.reopen_tip(record, text.as_deref()))
        .await
}

/// One's own appeals, the latest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn appeals(shell: Shared<'_>) -> Answer<Vec<Item>> {
    shell.ask(move |replica| replica.appeals()).await
}

/// All that is known of a household.
#[tauri::command]
#[specta::specta]
pub(crate) async fn household(shell: Shared<'_>, record: RecordId) -> Answer<HouseholdPage> {
    shell.ask(move |replica| replica.household(record)).await
}

/// Raises a matter of this person's own, sealed to the liaison.
#[tauri::command]
#[specta::specta]
pub(crate) async fn raise_appeal(shell: Shared<'_>, kind: u16, words: String) -> Answer<AppealOutcome> {
    shell.ask(move |replica| replica.raise_appeal(kind, &words)).await
}
