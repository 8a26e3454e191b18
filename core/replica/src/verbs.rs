//! What a person does on the phone.

pub(crate) mod appeals;
pub(crate) mod cash;
pub(crate) mod consents;
pub(crate) mod deliver;
pub(crate) mod draft;
pub(crate) mod fail;
pub(crate) mod handover;
pub(crate) mod households;
pub(crate) mod noting;
pub(crate) mod ordering;
mod photos;
pub(crate) mod pickup_code;
mod record;
pub(crate) mod scan;
mod short_name;
pub(crate) mod tips;
mod undo;
