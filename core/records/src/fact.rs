//! Facts: what happened, written once.
