//! The real server binary: started, killed, started again on the same data folder.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::SystemTime;

use anyhow::{Context as _, bail, ensure};

use crate::tls::any_server;

/// A running server. It is killed when it is dropped.
pub(crate) struct ServerProcess {
    how: Launch,
    child: Child,
    address: SocketAddr,
    kills: u64,
}

/// How a server is started.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    /// `saddlebag-sync-server`.
    pub(crate) binary: PathBuf,
    /// Its data folder.
    pub(crate) data: PathBuf,
    /// The file that shifts its clock.
    pub(crate) clock_offset: PathBuf,
    /// What it prints goes to the end of this file.
    pub(crate) log: PathBuf,
    /// A planted fault; only a server built with `planted-faults` takes one.
    pub(crate) fault: Option<String>,
    /// TLS with the keys in the data folder, or plain HTTP.
    pub(crate) over_tls: bool,
    /// Another disk, for the journal's copy and the backups. With one, backups are taken when somebody says so; without
    /// one each night, beside the data.
    pub(crate) other_disk: Option<OtherDisk>,
}

/// A disk that the data folder is not on.
#[derive(Clone, Debug)]
pub(crate) struct OtherDisk(pub(crate) PathBuf);

impl OtherDisk {
    /// Tells a server, or a verb of its command line, of the disk.
    pub(crate) fn tell(&self, command: &mut Command) {
        command
            .env("SADDLEBAG_JOURNAL_COPY", self.0.join("journals"))
            .env("SADDLEBAG_BACKUP_DIR", self.0.join("backups"));
    }
}

impl ServerProcess {
    /// Starts a server on a free port and waits until it says where it listens.
    pub(crate) fn start(how: Launch) -> anyhow::Result<Self> {
        let (child, address) = how.spawn()?;
        Ok(Self {
            how,
            child,
            address,
            kills: 0,
        })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where clients reach it.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.how.over_tls { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// How often it was killed.
    pub(crate) fn kills(&self) -> u64 {
        self.kills
    }

    /// Ends it as a power cut would: SIGKILL, whatever it is at. Returns once it is gone.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill().context("the server cannot be killed")?;
        self.child.wait()?;
        self.kills += 1;
        Ok(())
    }

    /// Starts it again after a kill, on the same data folder and another port.
    pub(crate) fn start_again(&mut self) -> anyhow::Result<SocketAddr> {
        (self.child, self.address) = self.how.spawn()?;
        Ok(self.address)
    }

    /// Whether it ended by itself, which a server never does.
    pub(crate) fn has_ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// The answer's body to an HTTP/1.1 request, whatever its status.
    pub(crate) fn ask(&self, head: &str, body: &[u8]) -> anyhow::Result<Vec<u8>> {
        let stream = TcpStream::connect(self.address)?;
        let mut stream: Box<dyn ReadWrite> = if self.how.over_tls {
            Box::new(any_server(stream)?)
        } else {
            Box::new(stream)
        };
        write!(
            stream,
            "{head}Host: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        )?;
        stream.write_all(body)?;
        let mut answer = Vec::new();
        // A server that gives up on a bad request may close before it has read all of it.
        let _ = stream.read_to_end(&mut answer);
        Ok(answer)
    }
}

/// A connection, through TLS or not.
trait ReadWrite: std::io::Read + std::io::Write {}
impl<T: std::io::Read + std::io::Write> ReadWrite for T {}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Launch {
    fn spawn(&self) -> anyhow::Result<(Child, SocketAddr)> {
        let log = self.open_log()?;
        let mut command = Command::new(&self.binary);
        command.arg("serve").arg("--data").arg(&self.data).args([
            "--listen",
            "127.0.0.1:0",
            "--clock-offset-file",
        ]);
        command.arg(&self.clock_offset);
        if self.over_tls {
            command.arg("--tls-pinned");
        }
        if let Some(fault) = &self.fault {
            command.args(["--fault", fault]);
        }
        if let Some(disk) = &self.other_disk {
            disk.tell(command.args(["--backup-at", "off"]));
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log.try_clone()?);
        let mut child = command
            .spawn()
            .with_context(|| self.binary.display().to_string())?;
        let stdout = child.stdout.take().context("the server's output is piped")?;
        match first_address(BufReader::new(stdout), log) {
            Ok(address) => Ok((child, address)),
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(error.context(format!("see {}", self.log.display())))
            }
        }
    }

    fn open_log(&self) -> anyhow::Result<File> {
        Ok(OpenOptions::new().create(true).append(true).open(&self.log)?)
    }
}

/// The address in the first line that has one. The rest of the output goes to the log too, on a thread that ends
/// with the server.
pub(crate) fn first_address(
    mut stdout: impl BufRead + Send + 'static,
    mut log: File,
) -> anyhow::Result<SocketAddr> {
    loop {
        let mut line = String::new();
        ensure!(
            stdout.read_line(&mut line)? > 0,
            "the server ended before it listened"
        );
        log.write_all(line.as_bytes())?;
        if let Some(address) = address_in(&line) {
            std::thread::Builder::new()
                .name("server output".into())
                .spawn(move || std::io::copy(&mut stdout, &mut log))?;
            return Ok(address);
        }
    }
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let from = line.find("127.0.0.1:")?;
    let rest = line.get(from..)?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ':')
        .unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// The server binary beside the running one, where both were built.
///
/// # Errors
/// Where it is not built.
pub fn built_beside(this: &Path) -> anyhow::Result<PathBuf> {
    program_beside(this, "saddlebag-sync-server")
}

/// The program of this name beside the running one, where both were built.
///
/// # Errors
/// Where it is not built.
pub fn program_beside(this: &Path, name: &str) -> anyhow::Result<PathBuf> {
    for folder in this.ancestors().skip(1) {
        let binary = folder.join(name);
        if binary.is_file() {
            return Ok(binary);
        }
    }
    bail!("{name} is not built: cargo build --workspace --bins")
}

/// A server that can have planted faults, which is built where it is not there yet: `target/debug/planted-faults`.
/// It is a copy, so that the server which everybody else runs stays as it is.
///
/// # Errors
/// Where it cannot be built.
pub fn built_with_faults(this: &Path) -> anyhow::Result<PathBuf> {
    let plain = built_beside(this)?;
    let folder = plain.with_file_name("planted-faults");
    std::fs::create_dir_all(&folder)?;
    let lock = File::create(folder.join("lock"))?;
    lock.lock()?;
    let faulty = folder.join("saddlebag-sync-server");
    let made = |path: &Path| std::fs::metadata(path).and_then(|about| about.modified());
    if faulty.is_file() && made(&faulty)? >= made(&plain)? {
        return Ok(faulty);
    }
    let build = |features: &[&str]| -> anyhow::Result<()> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .args([
                "build",
                "--locked",
                "--workspace",
                "--bin",
                "saddlebag-sync-server",
            ])
            .args(features);
        ensure!(
            cargo.current_dir(crate::workspace::root()).status()?.success(),
            "{cargo:?}"
        );
        Ok(())
    };
    build(&["--features", "saddlebag-sync-server/planted-faults"])?;
    // Whole into the place of the old one: what ran from that may still run.
    let fresh = folder.join("fresh");
    let copied = std::fs::copy(&plain, &fresh).and_then(|_| std::fs::rename(&fresh, &faulty));
    build(&[])?;
    copied?;
    // Newer than the plain one, so that it is taken for what it is.
    File::options()
        .append(true)
        .open(&faulty)?
        .set_modified(SystemTime::now())?;
    Ok(faulty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_whatever_stands_around_it() {
        let address: SocketAddr = "127.0.0.1:4711".parse().unwrap();
        for line in [
            "listening on 127.0.0.1:4711\n",
            "http://127.0.0.1:4711/",
            r#"{"listening":"127.0.0.1:4711"}"#,
        ] {
            assert_eq!(address_in(line), Some(address), "{line}");
        }
        assert_eq!(address_in("starting\n"), None);
    }
}
