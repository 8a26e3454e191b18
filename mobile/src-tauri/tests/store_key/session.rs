//! A desktop session as far as the key store goes: a bus of its own, and GNOME Keyring on it or nothing.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Tells the app's start where its data is.
pub(crate) const DATA: &str = "SADDLEBAG_TEST_DATA";

const PASSWORD: &str = "a password";

/// A bus that starts no program by itself.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Its programs end with it.
pub(crate) struct Session {
    home: PathBuf,
    bus_address: String,
    programs: Vec<Child>,
}

impl Session {
    pub(crate) fn without_a_bus(home: &Path) -> Self {
        Self {
            home: home.to_owned(),
            bus_address: format!("unix:path={}", home.join("no bus").display()),
            programs: Vec::new(),
        }
    }

    pub(crate) fn without_a_key_store(home: &Path) -> Self {
        let mut session = Self::without_a_bus(home);
        let config = home.join("bus.conf");
        fs::write(&config, BUS).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg("--config-file")
            .arg(config)
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Debian's package dbus is installed");
        let mut address = String::new();
        let out = bus.stdout.take().expect("it is piped");
        BufReader::new(out).read_line(&mut address).unwrap();
        session.bus_address = address.trim().to_owned();
        session.programs.push(bus);
        session
    }

    pub(crate) fn with_a_key_store(home: &Path) -> Self {
        let mut session = Self::without_a_key_store(home);
        let mut keyring = session.keyring(&["--unlock"]);
        let mut password = keyring.stdin.take().expect("it is piped");
        password.write_all(PASSWORD.as_bytes()).unwrap();
        drop(password);
        session.programs.push(keyring);
        session.await_the_key_store();
        session
    }

    pub(crate) fn with_a_locked_key_store(home: &Path) -> Self {
        let mut session = Self::without_a_key_store(home);
        let keyring = session.keyring(&[]);
        session.programs.push(keyring);
        session.await_the_key_store();
        session
    }

    /// What the app's start answers in this session.
    pub(crate) fn start(&self, data: &Path) -> String {
        let out = self
            .command(std::env::current_exe().unwrap())
            .args(["start", "--exact", "--ignored", "--nocapture"])
            .env(DATA, data)
            .output()
            .unwrap();
        let text = String::from_utf8(out.stdout).unwrap();
        let answer = text.lines().find_map(|line| line.strip_prefix("answer: "));
        let errors = String::from_utf8_lossy(&out.stderr);
        answer
            .unwrap_or_else(|| panic!("no answer in {text}\n{errors}"))
            .to_owned()
    }

    fn keyring(&self, arguments: &[&str]) -> Child {
        self.command("gnome-keyring-daemon")
            .args(["--foreground", "--components=secrets"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Debian's package gnome-keyring is installed")
    }

    fn await_the_key_store(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        let has_owner = || {
            let answer = self
                .command("dbus-send")
                .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"])
                .args([
                    "org.freedesktop.DBus.NameHasOwner",
                    "string:org.freedesktop.secrets",
                ])
                .output()
                .unwrap();
            String::from_utf8_lossy(&answer.stdout).contains("boolean true")
        };
        while !has_owner() {
            assert!(Instant::now() < deadline, "the key store does not come");
            std::thread::yield_now();
        }
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env("HOME", &self.home)
            .env("XDG_DATA_HOME", self.home.join("share"))
            .env("XDG_RUNTIME_DIR", &self.home)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY");
        command
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for program in self.programs.iter_mut().rev() {
            // One that has ended already is as well.
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

/// As if the owner had deleted their keyring.
pub(crate) fn forget_all_keys(home: &Path) {
    fs::remove_dir_all(home.join("share/keyrings")).unwrap();
}
