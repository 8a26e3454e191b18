//! A server on a socket, and devices that speak to it.

mod device;
mod dice;
mod server;
mod wire;

pub(crate) use device::{Device, Written, written};
pub(crate) use dice::Dice;
pub(crate) use server::Server;
pub(crate) use wire::{Reply, send, send_and_cut};
