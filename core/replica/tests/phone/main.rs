//! The phone's copy, as the app uses it: real files in real folders.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod a_phone;
mod any_day;
mod appeals;
mod by_name;
mod cash_book;
mod cash_passes;
mod county;
mod custody;
mod damage;
mod finding;
mod forks;
mod handing_over;
mod households;
mod kept;
mod leaving;
mod lists;
mod lock_pin;
mod no_room;
mod one_parcel;
mod one_time_numbers;
mod opening;
mod photos;
mod pictures;
mod places_and_colleagues;
mod pulled;
mod receipts;
mod record_page;
mod recording;
mod records_given;
mod route;
mod safety;
mod salvage;
mod scanning;
mod settings;
mod several_handles;
mod spans;
mod starting_over;
mod stops;
mod tips;
mod upgrading;
mod wiping;
