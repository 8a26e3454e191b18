//! How verbs reach the server that has the folder: one question and one answer over a socket in it.
//!
//! Each is a frame: its length in four bytes, big-endian, and so many bytes of JSON. The folder is closed to other
//! users, the socket is too, and the server looks at whose process asks.

mod ask;
mod frame;
mod listen;

use std::path::{Path, PathBuf};

pub use ask::ask;
pub use listen::AdminSocket;

fn path_in(folder: &Path) -> PathBuf {
    folder.join("admin.sock")
}

#[cfg(test)]
mod tests;
