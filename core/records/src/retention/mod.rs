//! How long everything is kept (PRODUCT.md, privacy rule 9): the table of `rules/retention.csv`, and when a record may
//! be forgotten by it.
//!
//! Times are UTC milliseconds and come in from outside; that one has passed is for the caller to say.

mod due;
mod table;

pub use due::{Due, Hold, Lived, Money, Named, Reason, due};
pub use table::{KeptFor, Moment, Row, What, of_record, of_side, of_table, rows};
