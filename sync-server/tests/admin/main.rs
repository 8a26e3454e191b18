//! The operator's verbs, driven as an operator drives them: the real program on a folder, with a server or without.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod backups;
mod cash_and_discrepancies;
mod county;
mod devices_and_held;
mod duties;
mod exports;
mod forgetting;
mod forgotten_for_good;
mod imports;
mod kept_files;
mod looking;
mod people;
mod privacy_page;
mod support;
mod tips_and_cases;
