//! What the benchmarks share: interleaved runs, a table that names what was measured beside what, phones and a county
//! to measure on.

mod county_server;
mod courier_day;
mod enrolled_phone;
mod narrow_link;
mod phone;
mod raw_device;
mod table;

pub use county_server::CountyServer;
pub use courier_day::{Consents, Job, Rider, Step, draw as draw_day};
pub use enrolled_phone::{EnrolledPhone, Exchanged};
pub use narrow_link::{Narrow, NarrowLink};
pub use phone::{Bare, FilledPhone, KEY};
pub use raw_device::{RawDevice, RawLink};
pub use table::{Numbers, Row, Sample, Table, interleaved};
