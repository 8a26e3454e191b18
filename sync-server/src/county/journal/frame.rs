use std::io::{self, Read};

use super::super::CountyError;

/// What stands before a frame's bytes: their length in 4 bytes, big-endian, and the first 8 bytes of their BLAKE3.
const HEAD: usize = 12;

/// A frame around these bytes.
pub(super) fn of(sealed: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(sealed.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
    Ok([&length.to_be_bytes()[..], &hash(sealed), sealed].concat())
}

/// Gives the bytes of whole frames, one at a time, and says where those end. A last frame that is cut short or does not
/// match its hash was never acted upon; anywhere else it is damage.
pub(super) fn read(
    mut from: impl Read,
    mut each: impl FnMut(&[u8]) -> Result<(), CountyError>,
) -> Result<u64, CountyError> {
    let (mut whole, mut sealed) = (0, Vec::new());
    loop {
        let mut head = Vec::with_capacity(HEAD);
        Read::by_ref(&mut from).take(HEAD as u64).read_to_end(&mut head)?;
        let Some((length, written)) = head.split_first_chunk::<4>() else {
            return Ok(whole);
        };
        let length = u64::from(u32::from_be_bytes(*length));
        sealed.clear();
        Read::by_ref(&mut from).take(length).read_to_end(&mut sealed)?;
        if sealed.len() as u64 != length || written != hash(&sealed) {
            let is_last = io::copy(&mut from, &mut io::sink())? == 0;
            return is_last.then_some(whole).ok_or(CountyError::Damaged("journal"));
        }
        each(&sealed)?;
        whole += HEAD as u64 + length;
    }
}

fn hash(sealed: &[u8]) -> [u8; 8] {
    let mut hash = [0; 8];
    blake3::Hasher::new()
        .update(sealed)
        .finalize_xof()
        .fill(&mut hash);
    hash
}
