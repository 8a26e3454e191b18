//! What a record is: facts, plans, status, discrepancies, who may see and write.
//!
//! Everything here is pure: no I/O, no clock, no randomness of its own.

pub mod access;
pub mod ascii_form;
pub mod cash;
pub mod cbor;
pub mod clock;
pub mod codes;
pub mod discrepancy;
pub mod fact;
pub mod fold;
pub mod gcj02;
pub mod id;
pub mod kind;
mod leb128;
pub mod mask;
pub mod order;
pub mod pickup_code;
pub mod pin;
pub mod plan;
pub mod position;
pub mod retention;
pub mod route_order;
pub mod standing_consent;
pub mod status;
pub mod stop_order;
pub mod tip_text;
pub mod two_lists;
pub mod waybill;
