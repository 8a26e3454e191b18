//! Plans: what ought to happen, as Automerge documents. The one module that touches Automerge.

mod change;
mod chunk;
mod document;
mod edit;
pub mod guard;
mod leb128;
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

pub use change::ChangeHeader;
pub use chunk::{ChangeHash, MAX_CHANGE_BYTES, MAX_DEPENDENCIES};
pub use document::DamagedPlan;
pub use edit::{EditError, Edited, PlanEdit, edit};
pub use op::MAX_OPS;
pub use quiet::panics_are_expected;
pub use refusal::GuardRefusal;
pub use start::{Golden, start, starts};
pub use touched::{FieldsTouched, fields_touched};
pub use trial::{TrialOutcome, Verdict, trial};
pub use value::{Item, ItemId, PlanValue, Position};
pub use view::{BadView, Conflict, ConflictPlace, Opaque, PlanView, Written};
