use std::io::Read;

use minicbor::{Decode, Encode};

use crate::limits::{MAX_MESSAGE, MAX_WINDOW_LOG};

/// A body that is not one whole zstd frame of one whole message, or larger than the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFrame {
    /// Not zstd, cut short, or with something behind it.
    #[error("not one zstd frame")]
    NotZstd,
    /// Larger than [`MAX_MESSAGE`] when decompressed.
    #[error("too large")]
    TooLarge,
    /// Not the message that was expected.
    #[error("not the expected message")]
    NotMessage,
}

/// The message as one zstd frame. `level` as in zstd, 1 to 19.
pub fn to_frame<T: Encode<()>>(message: &T, level: i32) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Neither writing to a Vec nor compressing one can fail but for want of memory.
    let _ = minicbor::encode(message, &mut bytes);
    zstd::bulk::compress(&bytes, level).unwrap_or_default()
}

/// How large the message in this frame is when unpacked, as the frame says of itself; the most that it may be where it
/// says nothing. Nothing is unpacked for it, and nothing is to rest on it but how much room is made.
pub fn unpacked_size(frame: &[u8]) -> usize {
    let said = zstd::zstd_safe::get_frame_content_size(frame).ok().flatten();
    let said = said.and_then(|size| usize::try_from(size).ok());
    said.map_or(MAX_MESSAGE, |size| size.min(MAX_MESSAGE))
}

/// The message in this frame.
pub fn from_frame<T: for<'b> Decode<'b, ()>>(frame: &[u8]) -> Result<T, BadFrame> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(frame)
        .map_err(|_| BadFrame::NotZstd)?
        .single_frame();
    decoder
        .window_log_max(MAX_WINDOW_LOG)
        .map_err(|_| BadFrame::NotZstd)?;
    let mut bytes = Vec::new();
    let limit = MAX_MESSAGE as u64 + 1;
    decoder
        .by_ref()
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|_| BadFrame::NotZstd)?;
    if bytes.len() > MAX_MESSAGE {
        return Err(BadFrame::TooLarge);
    }
    if !decoder.finish().is_empty() {
        return Err(BadFrame::NotZstd);
    }
    let mut d = minicbor::Decoder::new(&bytes);
    let message = d.decode().map_err(|_| BadFrame::NotMessage)?;
    if d.position() == bytes.len() {
        Ok(message)
    } else {
        Err(BadFrame::NotMessage)
    }
}
