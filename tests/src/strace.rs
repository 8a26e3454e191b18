//! What a process wrote to its files, as strace saw it.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use anyhow::{Context as _, Result, bail, ensure};

/// The calls that change files, or make what was written last.
const CALLS: &str = "trace=openat,pwrite64,pwritev,write,writev,fdatasync,fsync,ftruncate,lseek,rename,renameat,\
                     renameat2,unlink,unlinkat";
/// The longest write that is taken down whole, bytes.
const LONGEST: usize = 300_000;

/// Something that was done to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// When it began, UTC microseconds.
    pub(crate) at_us: u64,
    pub(crate) path: PathBuf,
    pub(crate) done: Done,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Write {
        offset: u64,
        bytes: Vec<u8>,
    },
    Truncate(u64),
    /// All events before the one with this number are on the disk.
    Synced(usize),
    Renamed(PathBuf),
    Removed,
}

/// A command under strace, which writes what it sees into `trace`; the program and its arguments are still to be added.
pub(crate) fn recording(trace: &Path) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "--seccomp-bpf", "-y", "-xx", "-ttt", "-s"]);
    command
        .arg(LONGEST.to_string())
        .arg("-e")
        .arg(CALLS)
        .arg("-o")
        .arg(trace);
    command
}

/// Ends the program that is recorded, and so its recorder. It is the program that must be ended: an strace that is killed
/// leaves it running.
pub(crate) fn end(mut recorder: Child) -> Result<()> {
    if recorder.try_wait()?.is_none() {
        let strace = recorder.id();
        let children = std::fs::read_to_string(format!("/proc/{strace}/task/{strace}/children"))?;
        let recorded = children.split_whitespace().next();
        let recorded = recorded.context("strace runs, and nobody knows what it records")?;
        let ended = Command::new("kill").args(["-TERM", recorded]).status()?;
        ensure!(ended.success(), "{recorded} cannot be ended");
    }
    recorder.wait()?;
    Ok(())
}

/// Reads what was done below `folder`.
pub(crate) fn read(trace: &Path, folder: &Path) -> Result<Vec<Event>> {
    let folder = folder.canonicalize()?;
    let file = File::open(trace).context("strace left no trace: is it installed, and may it trace here?")?;
    let mut reading = Reading {
        folder,
        events: Vec::new(),
        begun: HashMap::new(),
        offsets: HashMap::new(),
        lengths: HashMap::new(),
    };
    for line in BufReader::new(file).lines() {
        let line = line?;
        reading
            .line(&line)
            .with_context(|| line.chars().take(200).collect::<String>())?;
    }
    let synced = |event: &Event| matches!(event.done, Done::Synced(_));
    ensure!(
        reading.events.iter().any(synced),
        "strace saw nothing written and synced in {}: it cannot trace here",
        reading.folder.display()
    );
    Ok(reading.events)
}

struct Reading {
    folder: PathBuf,
    events: Vec<Event>,
    /// Calls that another thread interrupted in the trace: by process, what stood there and which event was next.
    begun: HashMap<String, (u64, String, usize)>,
    /// Where the next plain write to a descriptor goes; none: to the end.
    offsets: HashMap<(PathBuf, String), Option<u64>>,
    lengths: HashMap<PathBuf, u64>,
}

impl Reading {
    fn line(&mut self, line: &str) -> Result<()> {
        let (process, rest) = line.trim_start().split_once(' ').context("no process")?;
        let (time, call) = rest.trim_start().split_once(' ').context("no time")?;
        if call.starts_with("+++") || call.starts_with("---") {
            return Ok(());
        }
        let at_us = micros(time)?;
        if let Some(begun) = call.strip_suffix(" <unfinished ...>") {
            self.begun
                .insert(process.to_owned(), (at_us, begun.to_owned(), self.events.len()));
            return Ok(());
        }
        if let Some(resumed) = call.strip_prefix("<... ") {
            let (_, rest) = resumed.split_once(" resumed>").context("no end of a call")?;
            let Some((at_us, begun, since)) = self.begun.remove(process) else {
                return Ok(());
            };
            return self.call(at_us, &format!("{begun}{rest}"), since);
        }
        self.call(at_us, call, self.events.len())
    }

    fn call(&mut self, at_us: u64, call: &str, since: usize) -> Result<()> {
        let (name, rest) = call.split_once('(').context("no call")?;
        let Some((arguments, result)) = rest.rsplit_once(") = ").or_else(|| rest.rsplit_once(")  = ")) else {
            // Whatever was on its way when the process ended came to nothing.
            return Ok(());
        };
        let result = result.trim_start();
        if result.starts_with('-') || result.starts_with('?') {
            return Ok(());
        }
        match name {
            "openat" => self.opened(at_us, arguments, result),
            "pwrite64" | "write" | "pwritev" | "writev" => self.written(at_us, name, arguments, result),
            "lseek" => {
                if let Some((descriptor, path)) = self.ours(arguments)? {
                    self.offsets.insert((path, descriptor), Some(number(result)?));
                }
                Ok(())
            }
            "ftruncate" => {
                if let Some((_, path)) = self.ours(arguments)? {
                    let length = number(arguments.rsplit(", ").next().unwrap_or_default())?;
                    self.lengths.insert(path.clone(), length);
                    self.event(at_us, path, Done::Truncate(length));
                }
                Ok(())
            }
            "fdatasync" | "fsync" => {
                if let Some((_, path)) = self.ours(arguments)? {
                    self.event(at_us, path, Done::Synced(since));
                }
                Ok(())
            }
            "rename" | "renameat" | "renameat2" => {
                let [from, to] = &quoted(arguments)?[..] else {
                    bail!("no two names")
                };
                if let (Some(from), Some(to)) = (self.below(from), self.below(to)) {
                    self.event(at_us, from, Done::Renamed(to));
                }
                Ok(())
            }
            "unlink" | "unlinkat" => {
                let names = quoted(arguments)?;
                if let Some(path) = names.first().and_then(|name| self.below(name)) {
                    self.lengths.remove(&path);
                    self.event(at_us, path, Done::Removed);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn opened(&mut self, at_us: u64, arguments: &str, result: &str) -> Result<()> {
        let Some((descriptor, path)) = self.ours(result)? else {
            return Ok(());
        };
        let appends = arguments.contains("O_APPEND");
        self.offsets
            .insert((path.clone(), descriptor), if appends { None } else { Some(0) });
        if arguments.contains("O_TRUNC") {
            self.lengths.insert(path.clone(), 0);
            self.event(at_us, path, Done::Truncate(0));
        }
        Ok(())
    }

    fn written(&mut self, at_us: u64, name: &str, arguments: &str, result: &str) -> Result<()> {
        let Some((descriptor, path)) = self.ours(arguments)? else {
            return Ok(());
        };
        ensure!(!name.ends_with('v'), "a vectored write is not understood");
        ensure!(!arguments.contains("\"..."), "a write was not taken down whole");
        let mut bytes = quoted(arguments)?.into_iter().next().context("no bytes")?;
        bytes.truncate(usize::try_from(number(result)?)?);
        let length = self.length(&path);
        let key = (path.clone(), descriptor);
        let offset = if name == "pwrite64" {
            number(arguments.rsplit(", ").next().unwrap_or_default())?
        } else {
            self.offsets.get(&key).copied().flatten().unwrap_or(length)
        };
        let end = offset + bytes.len() as u64;
        if let Some(Some(next)) = self.offsets.get_mut(&key)
            && name == "write"
        {
            *next = end;
        }
        self.lengths.insert(path.clone(), length.max(end));
        self.event(at_us, path, Done::Write { offset, bytes });
        Ok(())
    }

    /// How long a file is by now: as the trace tells, or as it was before.
    fn length(&self, path: &Path) -> u64 {
        let before = || std::fs::metadata(path).map_or(0, |file| file.len());
        self.lengths.get(path).copied().unwrap_or_else(before)
    }

    fn event(&mut self, at_us: u64, path: PathBuf, done: Done) {
        self.events.push(Event { at_us, path, done });
    }

    /// The descriptor and the file that stand first, if the file is below the folder and more than SQLite's shared memory,
    /// which a power cut takes anyway.
    fn ours(&self, text: &str) -> Result<Option<(String, PathBuf)>> {
        let Some((descriptor, rest)) = text.split_once('<') else {
            return Ok(None);
        };
        let Some((path, _)) = rest.split_once('>') else {
            return Ok(None);
        };
        let path = self.below(&unescaped(path)?);
        Ok(path.map(|path| (descriptor.to_owned(), path)))
    }

    fn below(&self, path: &[u8]) -> Option<PathBuf> {
        let path = PathBuf::from(OsString::from_vec(path.to_vec()));
        let counts = path.starts_with(&self.folder) && !path.to_string_lossy().ends_with("-shm");
        counts.then_some(path)
    }
}

fn micros(time: &str) -> Result<u64> {
    let (seconds, micros) = time.split_once('.').context("no time")?;
    Ok(seconds.parse::<u64>()? * 1_000_000 + micros.parse::<u64>()?)
}

fn number(text: &str) -> Result<u64> {
    text.split([' ', '<'])
        .next()
        .unwrap_or_default()
        .parse()
        .with_context(|| text.to_owned())
}

/// What stands in quotes.
fn quoted(arguments: &str) -> Result<Vec<Vec<u8>>> {
    arguments.split('"').skip(1).step_by(2).map(unescaped).collect()
}

/// `\x2f\x74` as bytes. A descriptor that is no file, such as `socket:[17]`, is written as it is.
fn unescaped(text: &str) -> Result<Vec<u8>> {
    if !text.contains("\\x") {
        return Ok(text.as_bytes().to_vec());
    }
    Ok(hex::decode(text.replace("\\x", ""))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hexed(text: &str) -> String {
        text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
    }

    #[test]
    fn a_trace_is_read_as_strace_writes_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = hexed(
            folder
                .path()
                .canonicalize()
                .unwrap()
                .join("a.db")
                .to_str()
                .unwrap(),
        );
        let other = hexed("/elsewhere/a.db");
        let text = format!(
            "12 1796037405.100000 openat(AT_FDCWD<{other}>, \"{file}\", O_RDWR|O_CREAT, 0644) = 4<{file}>\n\
             12 1796037405.200000 pwrite64(4<{file}>, \"\\x61\\x62\", 2, 4096) = 2\n\
             12 1796037405.300000 fdatasync(4<{file}> <unfinished ...>\n\
             13 1796037405.310000 write(4<{file}>, \"\\x63\", 1) = 1\n\
             13 1796037405.320000 write(7<{other}>, \"\\x63\", 1) = 1\n\
             12 1796037405.330000 <... fdatasync resumed>) = 0\n\
             12 1796037405.400000 ftruncate(4<{file}>, 5) = 0\n\
             12 1796037405.500000 fsync(4<{file}>) = -1 EIO (Input/output error)\n\
             12 1796037405.600000 +++ exited with 0 +++\n"
        );
        let trace = folder.path().join("trace");
        std::fs::write(&trace, text).unwrap();
        let events = read(&trace, folder.path()).unwrap();
        let done: Vec<&Done> = events.iter().map(|event| &event.done).collect();
        let write = |offset, bytes: &[u8]| Done::Write {
            offset,
            bytes: bytes.to_vec(),
        };
        assert_eq!(
            done,
            [
                &write(4096, b"ab"),
                &write(0, b"c"),
                // What the other thread wrote meanwhile is not sure to be on the disk.
                &Done::Synced(1),
                &Done::Truncate(5)
            ]
        );
    }

    #[test]
    fn a_trace_that_saw_nothing_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let trace = folder.path().join("trace");
        std::fs::write(&trace, "12 1796037405.600000 +++ exited with 0 +++\n").unwrap();
        assert!(read(&trace, folder.path()).is_err());
        assert!(read(&folder.path().join("none"), folder.path()).is_err());
    }
}
