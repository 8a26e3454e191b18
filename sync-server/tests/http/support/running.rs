use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The real program, serving a data folder until it is dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
}

impl Running {
    pub(crate) fn serve(data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_saddlebag-sync-server"))
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "warn", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .unwrap()
            .parse()
            .unwrap();
        Self { child, address }
    }

    pub(crate) fn signal(&self, signal: &str) {
        let done = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(done.success());
    }

    /// What it holds in memory now.
    pub(crate) fn memory(&self) -> Memory {
        Memory(self.status("VmRSS:"))
    }

    /// The most that it held since `forget_peak`.
    pub(crate) fn peak(&self) -> Memory {
        Memory(self.status("VmHWM:"))
    }

    pub(crate) fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    fn status(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What an admin verb told, or its code.
pub(crate) fn admin(data: &Path, words: &[&str]) -> Result<Value, String> {
    let done = Command::new(env!("CARGO_BIN_EXE_saddlebag-sync-server"))
        .args(["admin", "--json", "--data"])
        .arg(data)
        .args(words)
        .output()
        .unwrap();
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    match told["error"]["code"].as_str() {
        Some(code) => Err(code.to_owned()),
        None => Ok(told),
    }
}

/// Kilobytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Memory(u64);

impl Memory {
    /// Megabytes above another.
    pub(crate) fn over(self, other: Self) -> u64 {
        self.0.saturating_sub(other.0).div_ceil(1024)
    }
}
