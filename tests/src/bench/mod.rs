//! What the benchmarks share: interleaved runs, and a table that names what was measured beside what.

mod phone;
mod table;

pub use phone::{Bare, FilledPhone, KEY};
pub use table::{Row, Sample, Table, interleaved};
