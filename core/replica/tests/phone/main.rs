//! The phone's copy, as the app uses it: real files in real folders.

mod a_phone;
mod opening;
mod recording;
mod timing;
