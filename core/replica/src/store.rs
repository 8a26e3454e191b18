//! The phone's databases. Nothing outside this crate touches them, and each file of this folder owns the tables that
//! it is named after.
//!
//! Functions take the connection that a transaction lends them; who calls decides what is one transaction.

pub(crate) mod answer_keys;
pub(crate) mod authors;
pub(crate) mod column;
pub(crate) mod damaged;
pub(crate) mod exchange;
pub(crate) mod facts;
pub(crate) mod forks;
pub(crate) mod granted_before;
pub(crate) mod identity;
pub(crate) mod last_sync;
pub(crate) mod leaving;
pub(crate) mod links;
pub(crate) mod making;
pub(crate) mod open;
pub(crate) mod own;
pub(crate) mod own_order;
pub(crate) mod photos;
pub(crate) mod pin;
pub(crate) mod plans;
pub(crate) mod records;
pub(crate) mod refused_edits;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod side_values;
pub(crate) mod state;
pub(crate) mod tombstones;
pub(crate) mod wrong_codes;

/// The steps of `records.db`.
pub(crate) const RECORDS: open::Ladder = &[
    include_str!("../migrations/records/0001_facts_plans_and_what_screens_read.sql"),
    include_str!("../migrations/records/0002_the_whole_route_settings_and_the_lock.sql"),
    include_str!("../migrations/records/0003_who_has_it_and_what_is_due.sql"),
    include_str!("../migrations/records/0004_since_when_the_servers_keys.sql"),
    include_str!("../migrations/records/0005_that_it_is_to_leave.sql"),
    include_str!("../migrations/records/0006_what_a_restored_county_may_not_know.sql"),
    include_str!("../migrations/records/0007_forks.sql"),
    include_str!("../migrations/records/0008_what_must_be_given_again.sql"),
];

/// The steps of `photos.db`.
pub(crate) const PHOTOS: open::Ladder = &[include_str!("../migrations/photos/0001_photos.sql")];
