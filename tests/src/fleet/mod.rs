//! A simulated fleet: real replicas against the real server, through bad links, from a seed.

mod clocks;
mod courier;
mod dice;
mod ledger;
mod names;
mod phone_store;
mod script;
mod server;
mod world;
