//! The phone's copy, as the app uses it: real files in real folders.

mod a_phone;
mod county;
mod exchanging;
mod opening;
mod recording;
mod timing;
