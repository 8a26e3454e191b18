//! Plans: what ought to happen, as Automerge documents. The one module that touches Automerge.
//!
//! A plan is kept as three things: its changes (plain chunks, a row each, never altered), a snapshot of the document
//! (opened only to edit or merge), and a [`PlanView`] (what screens and rules read). Nothing that is given back
//! hangs on a clock or a random number, and nothing is kept between calls.
//!
//! - To write: [`edit`] gives the change, the snapshot and the view, to be stored in one transaction.
//! - To take what others wrote: [`guard::judge`] judges a change by its bytes and a few rows; [`fields_touched`]
//!   says which fields it writes, to be checked against who may; [`trial`](fn@trial) applies it to a copy and gives
//!   the next snapshot and view, with a [`Verdict`] for each change. A trial guards by itself, so a caller that has the
//!   snapshot at hand may skip the guard.
//! - To send: [`wire`] packs the changes of many records.
//!
//! Every document begins with the [golden start](start()) of its kind; the fields are those of [`schema`].

mod between;
mod change;
mod chunk;
mod claimed;
mod document;
mod edit;
pub mod guard;
mod op;
mod quiet;
mod refusal;
pub mod schema;
mod start;
mod touched;
pub mod trial;
mod value;
mod view;
pub mod wire;

pub use between::edits_between;
pub use change::ChangeHeader;
pub use chunk::{ChangeHash, MAX_CHANGE_BYTES, MAX_DEPENDENCIES};
pub use claimed::claimed;
pub use document::DamagedPlan;
pub use edit::{EditError, Edited, PlanEdit, edit};
pub use op::MAX_OPS;
pub use quiet::panics_are_expected;
pub use refusal::GuardRefusal;
pub use start::{Golden, start, starts};
pub use touched::{FieldsTouched, fields_touched};
pub use trial::{TrialOutcome, Verdict, trial};
pub use value::{Item, ItemId, PlanValue};
pub use view::{BadView, Conflict, ConflictPlace, Opaque, PlanView, Written};
