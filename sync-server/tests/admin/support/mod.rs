//! The real program on a folder of its own, and a phone that speaks to it.

mod county_file;
mod folder;
mod phone;

pub(crate) use folder::{Folder, Ran, Serving, sample};
pub(crate) use phone::Phone;
