//! What one job leaves in memory for the next.

use std::any::Any;

/// Something that jobs work out and may go on from, so that each need not begin anew.
///
/// It is as good as what it was worked out from: a backend drops it with the job that took it and was not kept, and with
/// a commit that failed, and [`forget_record`](super::WriteRecords::forget_record) drops it. Whatever else takes facts, plan changes or
/// references away must drop it too, by taking it and leaving nothing. It may be gone at any time: a store that was just
/// opened has none, and one in memory never has.
pub type Recalled = Box<dyn Any + Send>;

/// Leaving something for later jobs, and finding it.
pub trait Recall {
    /// Takes what an earlier job left.
    fn recall(&mut self) -> Option<Recalled>;
    /// Leaves it for the next one.
    fn leave(&mut self, what: Recalled);
}
