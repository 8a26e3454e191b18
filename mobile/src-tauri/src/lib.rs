//! The app's shell: a window, and every command of its screens as one call of the replica.

mod app;
mod bindings;
mod commands;
mod error;
mod events;
mod idle_lock;
mod opening;
mod shell;
pub mod store_key;

pub use app::run;
pub use bindings::bindings;
pub use error::{Answer, Refusal};
pub use shell::Shell;
