//! A device leaves the county by the county's signed word, and by nothing else: real replicas against the real server,
//! and against servers that would have them destroy what they hold.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod county;
mod hostile;
mod lost;
mod phone;
mod retired;
mod strangers_word;
