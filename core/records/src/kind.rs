//! The kinds of records and facts.
