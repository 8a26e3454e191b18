use std::fmt::Write;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::Phone;

const PROGRAM: &str = env!("CARGO_BIN_EXE_saddlebag-sync-server");

/// A data folder, and beside it whatever a test needs.
pub(crate) struct Folder(TempDir);

/// What a verb did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) told: Value,
}

impl Ran {
    /// The stable code of a verb that was not carried out.
    pub(crate) fn code(&self) -> &str {
        assert_eq!(self.exit, 1, "{self:?}");
        self.told["error"]["code"].as_str().unwrap()
    }

    /// What it told, which was all of what it was asked for.
    pub(crate) fn done(self) -> Value {
        assert_eq!(self.exit, 0, "{self:?}");
        self.told
    }
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With a county whose first admin is M01, a station in each of two townships, a drop point, two carriers, and
    /// somebody of each role.
    pub(crate) fn with_county() -> Self {
        let folder = Self::new();
        folder.create().done();
        let places = "key,kind,name,latitude,longitude,station,host,keeping_days,phone\n\
            S001,station,一站,48.0584100,86.4162900,S001,,,12430581818\n\
            S002,station,二站,48.7707478,87.1619819,S002,,,\n\
            P01,drop_point,寄存点,48.1000000,86.5000000,S001,shop,7,\n";
        folder.import("M01", "places", places).done();
        folder
            .import(
                "M01",
                "carriers",
                "kuaidi100,kind,name\nyouzhengguonei,post,邮政\nzhongtong,express,中通\n",
            )
            .done();
        let people = "key,role,name,station,phone,mentor\n\
            C01,courier,江沙棘,S001,12427182801,\n\
            C02,courier,白云马褡,S001,12427182802,C01\n\
            C03,courier,石鞍灯,S002,,\n\
            K01,clerk,柳木桶,S001,,\n\
            D01,dispatcher,河石桥,,,\n\
            D02,dispatcher,雪山杨,,,\n\
            L01,liaison,月亮湖,,12427182803,\n\
            A01,auditor,青草坡,,,\n";
        folder.import("M01", "people", people).done();
        folder
    }

    pub(crate) fn create(&self) -> Ran {
        let keys = self.path("keys");
        let words = [
            "county",
            "create",
            "--name",
            "生成县",
            "--admin",
            "管理",
            "--admin-key",
            "M01",
            "--keys-out",
        ];
        self.admin(&[&words[..], &[keys.to_str().unwrap()]].concat())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Runs a verb.
    pub(crate) fn admin(&self, words: &[&str]) -> Ran {
        let output = self.program(&[&["admin", "--json"], words].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        let told = serde_json::from_str(&text).unwrap_or_else(|_| {
            panic!(
                "{words:?} told {text:?} {}",
                String::from_utf8_lossy(&output.stderr)
            )
        });
        assert_eq!(text.matches('\n').count(), 1, "one line: {text}");
        Ran {
            exit: output.status.code().unwrap(),
            told,
        }
    }

    /// Runs a verb as somebody.
    pub(crate) fn by(&self, person: &str, words: &[&str]) -> Ran {
        self.admin(&[&["--as", person], words].concat())
    }

    /// Runs a verb that looks at personal data.
    pub(crate) fn look(&self, person: &str, words: &[&str]) -> Ran {
        self.by(person, &[&["--why", "检查"], words].concat())
    }

    /// The same as text, for a person.
    pub(crate) fn text(&self, words: &[&str]) -> String {
        let output = self.program(&[&["admin"], words].concat());
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn program(&self, words: &[&str]) -> Output {
        self.command().args(words).output().unwrap()
    }

    /// Runs a verb beside whatever comes next.
    pub(crate) fn start(&self, words: &[&str]) -> Child {
        let mut command = self.command();
        command.args(["admin", "--json"]).args(words);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(PROGRAM);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SADDLEBAG_")) {
            command.env_remove(name);
        }
        command.env("SADDLEBAG_DATA", self.data());
        command
    }

    /// Imports rows: `what` is the verb, or `deliveries`.
    pub(crate) fn import(&self, person: &str, what: &str, csv: &str) -> Ran {
        self.import_bytes(person, what, csv.as_bytes())
    }

    pub(crate) fn import_bytes(&self, person: &str, what: &str, csv: &[u8]) -> Ran {
        let file = self.path("rows.csv");
        std::fs::write(&file, csv).unwrap();
        let words = if what == "deliveries" {
            ["import", "deliveries"]
        } else {
            [what, "import"]
        };
        self.by(person, &[&words[..], &[file.to_str().unwrap(), "--ids"]].concat())
    }

    /// Parcels for the addressees of a test: `SBZT0000000001`, …, for 一站.
    pub(crate) fn parcels(&self, count: usize) -> Vec<String> {
        let mut csv = String::from("waybill,carrier,name,phone,address,place,cash_fen,pickup_code\n");
        let numbers: Vec<String> = (1..=count).map(|n| format!("SBZT{n:010}")).collect();
        for number in &numbers {
            writeln!(csv, "{number},zhongtong,收件人,12400000001,河西路一号,S001,1200,").unwrap();
        }
        self.import("D01", "deliveries", &csv).done();
        numbers
    }

    /// The id that an import gave to a key.
    pub(crate) fn id(&self, told: &Value, key: &str) -> String {
        let row = told["ids"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["key"] == key)
            .unwrap();
        row["id"].as_str().unwrap().to_owned()
    }

    /// Starts a server and waits until it says where it listens.
    pub(crate) fn serve(&self) -> Serving {
        self.serve_with(&[])
    }

    pub(crate) fn serve_with(&self, words: &[&str]) -> Serving {
        let log = std::fs::File::create(self.path("log")).unwrap();
        let mut child = self
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(words)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .unwrap_or_else(|| panic!("{line}"));
        Serving {
            child,
            address: address.parse().unwrap(),
        }
    }

    /// Starts a server whose clock is this many days ahead, and goes on from there.
    pub(crate) fn serve_later(&self, days: i64) -> Serving {
        self.later(days);
        let offset = self.path("offset");
        self.serve_with(&[
            "--backup-at",
            "off",
            "--clock-offset-file",
            offset.to_str().unwrap(),
        ])
    }

    /// Puts the clock of such a server this many days ahead of the true time.
    pub(crate) fn later(&self, days: i64) {
        let ms = days * 86_400_000;
        let next = self.path("offset.next");
        std::fs::write(&next, ms.to_string()).unwrap();
        std::fs::rename(next, self.path("offset")).unwrap();
    }

    /// Every file in the data folder, but for what is encrypted, and the log: name and bytes.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut folders = vec![self.data()];
        let mut files = vec![self.path("log")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true if path.ends_with("backups") => {}
                    true => folders.push(path),
                    false => files.push(path),
                }
            }
        }
        let is_file = |path: &PathBuf| path.is_file();
        let files = files.into_iter().filter(is_file);
        files
            .map(|path| (path.clone(), std::fs::read(path).unwrap()))
            .collect()
    }

    /// The files in which these bytes stand.
    pub(crate) fn holding(&self, canary: &[u8]) -> Vec<PathBuf> {
        let files = self.files().into_iter();
        let holds = |bytes: &[u8]| bytes.windows(canary.len()).any(|part| part == canary);
        files
            .filter(|(_, bytes)| holds(bytes))
            .map(|(path, _)| path)
            .collect()
    }

    /// What the server logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap()
    }

    /// A phone of this person.
    pub(crate) fn phone(&self, serving: &Serving, person: &str) -> Phone {
        let issued = self.by("M01", &["code", person]).done();
        Phone::enrol(serving.address, issued["code"].as_str().unwrap())
    }

    /// The auditor's log, as `what` alone.
    pub(crate) fn audited(&self) -> Vec<String> {
        let entries = self.by("A01", &["audit", "list"]).done();
        entries
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["what"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// A server, until it is dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Serving {
    /// The value of a metric of its only county.
    pub(crate) fn metric(&self, name: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let request = "GET /metrics HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).unwrap();
        let line = page.lines().find(|line| line.starts_with(name)).unwrap();
        line.rsplit(' ').next().unwrap().to_owned()
    }

    /// As a power cut would end it.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As an operator would stop it.
    pub(crate) fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
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

/// A file of the sample county.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../assets/sample-county")
        .join(name)
}
