use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::cipher::PAGE;
use crate::error::Result;

const HEADER: u64 = 32;
const FRAME_HEADER: u64 = 24;
const FRAME: u64 = FRAME_HEADER + PAGE as u64;

/// The log beside a database: where the last committed content of a page lies.
///
/// SQLite stops at the first frame whose checksum is wrong. Here the frames behind it are read as well: each proves
/// itself, and what was committed after a damaged frame is as good as before.
#[derive(Default)]
pub(super) struct Log {
    file: Option<File>,
    /// By page: where its newest content begins in the file.
    newest: HashMap<u32, u64>,
    /// How many pages the database had after the last commit.
    pub(super) pages: Option<u32>,
}

impl Log {
    pub(super) fn open(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut log = Self::default();
        let (mut header, mut written) = ([0; FRAME_HEADER as usize], HashMap::new());
        let mut generation: Option<[u8; 8]> = None;
        let mut at = HEADER;
        while at + FRAME <= length {
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(&mut header)?;
            let (number, commit, its) = frame(&header);
            // The log is written over from its start again and again: what lies behind the frames of this time is old,
            // and the first frame tells which time this is even where the log's own header does not.
            if *generation.get_or_insert(its) == its {
                written.insert(number, at + FRAME_HEADER);
                if commit != 0 {
                    log.newest.extend(written.drain());
                    log.pages = Some(commit);
                }
            }
            at += FRAME;
        }
        log.file = Some(file);
        Ok(log)
    }

    /// The newest bytes of this page; none where the log has none.
    pub(super) fn page(&mut self, number: u32) -> Result<Option<Vec<u8>>> {
        let (Some(file), Some(at)) = (self.file.as_mut(), self.newest.get(&number)) else {
            return Ok(None);
        };
        let mut page = vec![0; PAGE];
        file.seek(SeekFrom::Start(*at))?;
        file.read_exact(&mut page)?;
        Ok(Some(page))
    }
}

/// The page of a frame, how many pages there are if a commit ends with it (else 0), and which time the log was begun.
fn frame(header: &[u8; FRAME_HEADER as usize]) -> (u32, u32, [u8; 8]) {
    let [a, b, c, d, e, f, g, h, salts @ ..] = *header;
    let [s, t, u, v, w, x, y, z, ..] = salts;
    (
        u32::from_be_bytes([a, b, c, d]),
        u32::from_be_bytes([e, f, g, h]),
        [s, t, u, v, w, x, y, z],
    )
}
