//! The real server binary, with a courier.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use saddlebag_replica::{EnrolmentText, read_enrolment};
use serde_json::Value;
use tempfile::TempDir;

/// A data folder with a county whose admin is M01 and whose courier is C01.
pub(crate) struct County {
    pub(crate) folder: TempDir,
}

impl County {
    pub(crate) fn new() -> Self {
        let county = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let keys = county.path("keys");
        let words = "county create --name 生成县 --admin 管理 --admin-key M01 --keys-out";
        let words: Vec<&str> = words.split(' ').chain([keys.to_str().unwrap()]).collect();
        county.admin(&words).unwrap();
        county
            .admin(&[
                "people", "add", "--name", "同事", "--role", "courier", "--key", "C01",
            ])
            .unwrap();
        county
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a verb told, or the code that it was refused with.
    pub(crate) fn admin(&self, words: &[&str]) -> Result<Value, String> {
        let mut command = self.command("admin");
        command.args(["--json", "--as", "M01"]).args(words);
        let output = command.output().unwrap();
        let told: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{words:?}: {}", String::from_utf8_lossy(&output.stderr)));
        match told["error"]["code"].as_str() {
            Some(code) => Err(code.to_owned()),
            None => Ok(told),
        }
    }

    /// Lets the server's time go on, from the next look at it.
    pub(crate) fn ahead_by(&self, ms: i64) {
        let file = self.path("offset");
        std::fs::write(file.with_extension("new"), ms.to_string()).unwrap();
        std::fs::rename(file.with_extension("new"), file).unwrap();
    }

    /// The text of a QR with which C01's phone becomes a device.
    pub(crate) fn qr(&self, address: &str) -> EnrolmentText {
        let issued = self.admin(&["code", "C01", "--address", address]).unwrap();
        read_enrolment(issued["link"].as_str().unwrap()).unwrap()
    }

    /// How a server ends that cannot serve so.
    pub(crate) fn cannot_serve(&self, words: &[&str]) -> Output {
        let output = self.command("serve").args(words).output().unwrap();
        assert!(!output.status.success(), "{output:?}");
        output
    }

    pub(crate) fn serve(&self, words: &[&str]) -> Serving {
        let listen: &[&str] = if words.contains(&"--listen") {
            &[]
        } else {
            &["--listen", "127.0.0.1:0"]
        };
        let mut child = self
            .command("serve")
            .args(listen)
            .args(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told = line.trim().strip_prefix("listening on ").unwrap();
        let (scheme, address) = told.split_once("://").unwrap();
        Serving {
            child,
            scheme: scheme.to_owned(),
            address: address.parse().unwrap(),
        }
    }

    fn command(&self, what: &str) -> Command {
        // The binaries lie beside each other.
        let binary = Path::new(env!("CARGO_BIN_EXE_saddlebag-fleet")).with_file_name("saddlebag-sync-server");
        let mut command = Command::new(binary);
        command.arg(what).arg("--data").arg(self.path("data"));
        command.arg("--clock-offset-file").arg(self.path("offset"));
        command
    }
}

/// A server, until it is dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) scheme: String,
    pub(crate) address: SocketAddr,
}

impl Serving {
    /// By the name that is in certificates.
    pub(crate) fn url(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.address.port())
    }

    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(sent.success());
    }

    /// As an operator would stop it.
    pub(crate) fn stop(mut self) {
        self.signal("-TERM");
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Stopped already, or not needed any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
