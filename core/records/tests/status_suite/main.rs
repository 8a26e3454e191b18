//! What records are: their status, discrepancies, credits and cash.

mod cash;
mod concurrent;
mod delivery;
mod errand;
mod loops;
mod merging;
mod pickup;
mod small;
mod story;
mod two_lists;
