//! What a server needs in memory, as the kernel counts its resident pages.

use std::fs;

use anyhow::{Context, Result};

/// In megabytes, 1 MB being 1,048,576 B.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    pub(crate) peak: f64,
    pub(crate) over_idle: f64,
}

/// A server that has just started, and does nothing yet.
pub(crate) struct Watched {
    pid: u32,
    idle: f64,
}

impl Watched {
    pub(crate) fn from_now(pid: u32) -> Result<Self> {
        // The peak so far was that of starting.
        fs::write(format!("/proc/{pid}/clear_refs"), "5")?;
        Ok(Self {
            pid,
            idle: megabytes(pid, "VmRSS")?,
        })
    }

    pub(crate) fn peak(&self) -> Result<Memory> {
        let peak = megabytes(self.pid, "VmHWM")?;
        Ok(Memory {
            peak,
            over_idle: peak - self.idle,
        })
    }
}

fn megabytes(pid: u32, name: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line
        .and_then(|line| line.strip_prefix(':')?.trim().strip_suffix(" kB"))
        .with_context(|| name.to_owned())?;
    Ok(kilobytes.trim().parse::<f64>()? / 1024.0)
}
