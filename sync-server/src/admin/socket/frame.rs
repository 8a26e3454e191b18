use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The largest frame: a file of 32 MB whose every byte JSON writes as two.
const MAX_FRAME: u32 = 64 * 1024 * 1024 + 4096;

/// Writes a message as one frame.
///
/// # Errors
/// Those of the socket; [`io::ErrorKind::FileTooLarge`] for a message that is larger than a frame may be, of which
/// nothing is written.
pub(super) fn write(to: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_vec(message)?;
    let length = u32::try_from(json.len())
        .ok()
        .filter(|length| *length <= MAX_FRAME);
    let length = length.ok_or(io::ErrorKind::FileTooLarge)?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(&json)?;
    to.flush()
}

/// Reads one frame.
///
/// # Errors
/// Those of the socket; [`io::ErrorKind::InvalidData`] for what is no such message.
pub(super) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > MAX_FRAME {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // Grows as bytes come: the length alone takes no memory.
    let mut json = Vec::new();
    from.take(length.into()).read_to_end(&mut json)?;
    if json.len() != length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    serde_json::from_slice(&json).map_err(|_| io::ErrorKind::InvalidData.into())
}
