//! Who may see and who may write (PRODUCT.md, "Who sees and who writes").
//!
//! The rules are the three tables of `rules/`: `visibility.csv`, `side_values.csv`, `writes.csv`. What is here
//! reads them and applies them to plain values: it knows neither the county's store nor its clock, so an end is
//! a time and never "expired".

mod audience;
mod cause;
mod named;
mod record;
mod role;
mod side_values;
mod table;
mod visibility;
mod writes;

pub use audience::{Audience, BadAudience, audiences_of};
pub use cause::{Cause, Until};
pub use named::{Namer, Openings, brought_by, named_grants, references};
pub use record::{ColleagueTies, Creation, Handing, RecordForAccess, Scan, Who};
pub use role::Role;
pub use side_values::{SideUntil, Sight, may_see_side, side_until};
pub use visibility::{Grant, grants, visible_until};
pub use writes::{Refusal, Relation, Verdict, is_party, may_create, may_edit_plan, may_write_fact};
