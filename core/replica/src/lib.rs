//! The courier's copy: encrypted store, projections, search and syncing, behind one handle.

mod act;
mod enrolment_text;
mod error;
mod exchange;
mod identity;
mod leaving;
mod lists;
mod lock_pin;
mod open_lock;
mod pictures;
mod project;
mod replica;
mod salvage;
mod server_key;
mod settings;
mod signed;
mod store;
pub mod surroundings;
pub mod sync;
mod sync_lock;
mod verbs;
mod wiping;

pub use act::NewFact;
pub use enrolment_text::{EnrolmentText, read_enrolment};
pub use error::{Error, Result};
pub use exchange::{Answer, Applied, Asking, AuthorOf, PageContent, Pending, PendingChange, Told};
pub use identity::{Enrolment, EnrolmentKeys, Identity, Person};
pub use leaving::Leaving;
pub use lists::{
    AboutHousehold, Callable, CampEntry, CashInHand, ConsentEntry, Contact, FactLine, FieldValue, HandedOver,
    HeldAbout, HouseholdPage, Item, MapLinks, NameOf, Named, NotDirect, OnlyHere, OpenCash,
    RecordDiscrepancies, RecordPage, Refused, RefusedFact, RefusedWhich, Route, RouteItem, Stop, StopPage,
    Way, WayFrom, Whereabouts, WhomToAsk, Why,
};
pub use lists::{
    CashBook, CashLine, CashOffered, ColleagueEntry, PlaceEntry, Safety, StationParcel, ThisDevice,
};
pub use lock_pin::Unlock;
pub use pictures::{UnreadablePicture, read_picture};
pub use project::Phone;
pub use replica::{Changed, Replica};
pub use salvage::Salvaged;
pub use server_key::{NotAServerKey, ServerKey};
pub use settings::{Language, Settings, Theme};
pub use store::forks::{ForkNotice, WhyForked};
pub use store::last_sync::LastSync;
pub use store::open::StoreKey;
pub use store::photos::Lane;
pub use store::refused_edits::RefusedEdit;
pub use store::state::State;
pub use sync::{SyncError, SyncOptions, Synced};
pub use sync_lock::{SyncLock, SyncLocked};
pub use verbs::appeals::AppealOutcome;
pub use verbs::cash::{CashCode, HandedIn, NotACashCode, PassedCash, TakenCash};
pub use verbs::consents::{NewConsent, Scope};
pub use verbs::deliver::{CashFor, DeliverOutcome, DeliverTo, Delivering, DeliveryProof};
pub use verbs::draft::{DraftValue, FactDraft, body_by_name};
pub use verbs::fail::{FailOutcome, Failing};
pub use verbs::households::{NewCamp, NewHousehold};
pub use verbs::noting::{ErrandOutcome, NewErrand, NewPickup, ShoppingItem};
pub use verbs::ordering::{MoveStop, Moved};
pub use verbs::pickup_code::CodeCheck;
pub use verbs::scan::{ScanFor, ScanOutcome};
pub use verbs::tips::{Fix, NewTip, TipOutcome};
pub use wiping::Wiped;
