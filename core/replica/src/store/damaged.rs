//! Reading a database that SQLite cannot read any more: every page that is still what was written, by itself, and the
//! rows in it. Nothing here writes.
//!
//! SQLCipher proves each page by an HMAC, so a page is either what was written or not there. What a page belongs to is
//! known by the tree that leads to it; where the tree itself is damaged, by the form of its rows.

mod cells;
mod cipher;
mod forms;
mod log;
mod pages;
mod record;
mod tables;

pub(crate) use cipher::PAGE;
pub(crate) use pages::Pages;
pub(crate) use record::Row;
pub(crate) use tables::NAMES_OF_FACTS;
