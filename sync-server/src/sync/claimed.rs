use saddlebag_records::id::ActorId;
use saddlebag_records::varint::Reader;

/// The actor and seq that a plan change claims, read from its frame without judging anything: a receipt must name
/// what it refuses. None where no frame of a plain change begins.
pub(super) fn claimed(bytes: &[u8]) -> Option<(ActorId, u64)> {
    const PLAIN: u8 = 1;
    let mut from = Reader::new(bytes);
    let magic = from.take(4).ok()?;
    let _checksum = from.take(4).ok()?;
    if magic != [0x85, 0x6f, 0x4a, 0x83] || from.byte().ok()? != PLAIN {
        return None;
    }
    let _length = from.uint().ok()?;
    let dependencies = usize::try_from(from.uint().ok()?).ok()?;
    from.take(dependencies.checked_mul(32)?).ok()?;
    let actor = from.bytes_with_length().ok()?;
    Some((ActorId::from_slice(actor).ok()?, from.uint().ok()?))
}
