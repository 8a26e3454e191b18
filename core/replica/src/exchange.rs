//! What the sync session asks of the store, and what it gives back: values in, values out. It knows no HTTP, and the
//! store knows no session.

mod again;
mod answer;
mod asking;
mod edits_anew;
mod enrolment;
mod forget;
mod fork;
mod leaving;
mod numbering;
mod page;
mod pending;
mod read_anew;
mod receipts;
mod server_keys;

pub(crate) use again::{Given, Name};
pub use answer::{Answer, Applied};
pub use asking::{Asking, Told};
pub use page::{AuthorOf, PageContent};
pub use pending::{Pending, PendingChange};
