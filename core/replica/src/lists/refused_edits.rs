use crate::error::Result;
use crate::replica::Replica;
use crate::store::refused_edits::{self, RefusedEdit};

impl Replica {
    /// The person's edits that the county did not take, and that they have not seen yet; oldest first.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn refused_edits(&self) -> Result<Vec<RefusedEdit>> {
        self.read(refused_edits::unseen)
    }

    /// Marks a refused edit as seen.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn refused_edit_seen(&self, id: i64) -> Result<()> {
        self.write(|transaction| refused_edits::seen(transaction, id))
    }
}
