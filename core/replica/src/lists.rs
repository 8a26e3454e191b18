//! What screens show.

mod about_household;
mod camps;
mod cash;
mod discrepancies;
mod item;
mod lookup;
mod only_here;
mod page;
mod refused_edits;
mod search;
mod today;
mod whom_to_ask;

pub use about_household::{AboutHousehold, HeldAbout};
pub use camps::CampEntry;
pub use cash::{CashInHand, OpenCash};
pub use discrepancies::RecordDiscrepancies;
pub use item::{Item, Whereabouts};
pub use only_here::OnlyHere;
pub use page::{FactLine, FieldValue, Named, RecordPage};
pub use refused_edits::{Refused, RefusedFact};
pub use today::{Route, RouteItem, Stop, Why};
pub use whom_to_ask::{Contact, WhomToAsk};
