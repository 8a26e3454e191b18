//! What a person does on the phone.

pub(crate) mod appeals;
pub(crate) mod cash;
pub(crate) mod consents;
pub(crate) mod handover;
pub(crate) mod households;
mod photos;
mod record;
pub(crate) mod scan;
pub(crate) mod tips;
