//! What a person does on the phone.

pub mod appeals;
pub mod cash;
pub mod consents;
pub mod handover;
pub mod households;
mod record;
pub mod scan;
pub mod tips;
