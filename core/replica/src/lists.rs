//! What screens show.

mod about_household;
mod camps;
mod cash;
mod cash_book;
mod colleagues;
mod discrepancies;
mod item;
mod lookup;
mod only_here;
mod page;
mod places;
mod refused_edits;
mod safety;
mod search;
mod station_parcels;
mod this_device;
mod today;
mod whom_to_ask;

pub use about_household::{AboutHousehold, HeldAbout};
pub use camps::CampEntry;
pub use cash::{CashInHand, OpenCash};
pub use cash_book::{CashBook, CashLine};
pub use colleagues::ColleagueEntry;
pub use discrepancies::RecordDiscrepancies;
pub use item::{Item, Whereabouts};
pub use only_here::OnlyHere;
pub use page::{FactLine, FieldValue, Named, RecordPage};
pub use places::PlaceEntry;
pub use refused_edits::{Refused, RefusedFact};
pub use safety::Safety;
pub use station_parcels::StationParcel;
pub use this_device::ThisDevice;
pub use today::{Route, RouteItem, Stop, Why};
pub use whom_to_ask::{Contact, WhomToAsk};
