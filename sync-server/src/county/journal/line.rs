use std::io::BufRead;

use super::super::CountyError;
use super::Entry;

/// The line of an entry.
pub(super) fn of(entry: &Entry) -> Result<Vec<u8>, CountyError> {
    let json = serde_json::to_vec(entry).map_err(|_| CountyError::Damaged("journal"))?;
    Ok([hash(&json).as_bytes(), b" ", &json, b"\n"].concat())
}

/// Gives the entries of whole lines and says where those end, in bytes. What follows is a last line that was never acted
/// upon; anything else that is no entry is damage.
pub(super) fn read(mut from: impl BufRead, mut each: impl FnMut(Entry)) -> Result<u64, CountyError> {
    let (mut whole, mut line) = (0, Vec::new());
    loop {
        line.clear();
        let length = from.read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(whole);
        }
        match entry(&line) {
            Some(entry) => each(entry),
            None if from.fill_buf()?.is_empty() => return Ok(whole),
            None => return Err(CountyError::Damaged("journal")),
        }
        whole += length as u64;
    }
}

fn entry(line: &[u8]) -> Option<Entry> {
    let (written, json) = line.strip_suffix(b"\n")?.split_at_checked(17)?;
    let matches = written.strip_suffix(b" ")? == hash(json).as_bytes();
    matches.then(|| serde_json::from_slice(json).ok()).flatten()
}

pub(super) fn hash(json: &[u8]) -> String {
    blake3::hash(json).to_hex().chars().take(16).collect()
}
