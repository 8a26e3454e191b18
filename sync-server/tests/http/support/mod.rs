//! A server on a socket, and devices that speak to it.

mod device;
mod dice;
mod running;
mod server;
mod wire;

pub(crate) use device::{Device, Written, written};
pub(crate) use dice::Dice;
pub(crate) use running::{Running, admin};
pub(crate) use server::{Outsider, Server};
pub(crate) use wire::{Reply, send, send_and_cut};
