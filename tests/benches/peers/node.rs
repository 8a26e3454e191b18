//! A peer's process in Node.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use saddlebag_tests::workspace;
use serde_json::Value;

/// How long setting up, or ending, may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Where the peers are, once they are installed.
pub(crate) fn installed() -> Option<PathBuf> {
    let folder = workspace::root().join("tests/peers");
    folder
        .join("node_modules/.package-lock.json")
        .is_file()
        .then_some(folder)
}

/// A process that hears and says one JSON value a line. It is killed when it is dropped.
pub(crate) struct Node {
    child: Child,
    hears: Option<ChildStdin>,
    says: Receiver<Value>,
}

impl Node {
    pub(crate) fn start(script: &Path, words: &[&str]) -> Result<Self> {
        let mut child = Command::new("node")
            .arg(script)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("node")?;
        let (saying, says) = channel();
        let lines = BufReader::new(child.stdout.take().context("its output")?).lines();
        thread::spawn(move || {
            lines
                .map_while(|line| serde_json::from_str(&line.ok()?).ok())
                .try_for_each(|value| saying.send(value))
        });
        let hears = child.stdin.take();
        Ok(Self { child, hears, says })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it says next, within the time of setting up.
    pub(crate) fn hear(&self) -> Result<Value> {
        self.hear_within(PATIENCE)?.context("a peer says nothing")
    }

    /// What it says next, if that is within this time.
    pub(crate) fn hear_within(&self, time: Duration) -> Result<Option<Value>> {
        match self.says.recv_timeout(time) {
            Ok(value) => Ok(Some(value)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => bail!("a peer's process ended"),
        }
    }

    pub(crate) fn tell(&mut self, value: &Value) -> Result<()> {
        let hears = self.hears.as_mut().context("its input")?;
        Ok(writeln!(hears, "{value}")?)
    }

    /// Lets it write down what it has, and end.
    pub(crate) fn end(mut self) -> Result<()> {
        self.hears.take();
        match self.says.recv_timeout(PATIENCE) {
            Err(RecvTimeoutError::Disconnected) => Ok(()),
            other => bail!("a peer does not end: {other:?}"),
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A number that a peer said.
pub(crate) fn number(said: &Value, name: &str) -> Result<u64> {
    said.get(name)
        .and_then(Value::as_u64)
        .with_context(|| format!("{name} of {said}"))
}
