//! The name that a change claims.

use super::chunk::{MAGIC, TYPE_CHANGE};
use crate::id::ActorId;
use crate::leb128::Reader;

/// The actor and seq that a plan change claims, read from its frame without judging anything: a receipt must name
/// what it refuses. None where no frame of a plain change begins.
pub fn claimed(bytes: &[u8]) -> Option<(ActorId, u64)> {
    let mut from = Reader::new(bytes);
    let magic = from.array::<4>().ok()?;
    let _checksum = from.array::<4>().ok()?;
    if magic != MAGIC || from.byte().ok()? != TYPE_CHANGE {
        return None;
    }
    let _length = from.uint().ok()?;
    let dependencies = from.uint().ok()?;
    from.take(dependencies.checked_mul(32)?).ok()?;
    let actor = from.bytes_with_length().ok()?;
    Some((ActorId::from_slice(actor).ok()?, from.uint().ok()?))
}
