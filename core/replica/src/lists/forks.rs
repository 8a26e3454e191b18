use crate::error::Result;
use crate::replica::Replica;
use crate::store::forks::{self, ForkNotice};

impl Replica {
    /// That this device goes on under another number, each time until the person has seen it; oldest first.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn forks(&self) -> Result<Vec<ForkNotice>> {
        self.read(forks::unseen)
    }

    /// Marks one as seen: it is listed no more.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn fork_seen(&self, id: i64) -> Result<()> {
        self.write(|transaction| forks::seen(transaction, id))
    }
}
