//! The phone's copy, as the app uses it: real files in real folders.

mod a_phone;
mod any_day;
mod county;
mod custody;
mod damage;
mod exchanging;
mod finding;
mod lists;
mod opening;
mod recording;
mod several_handles;
mod timing;
