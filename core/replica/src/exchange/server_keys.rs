use saddlebag_protocol::ServerKeys;

use crate::error::Result;
use crate::replica::Replica;
use crate::store::identity;

/// The key of now and the next, and room for a county that names more.
const MOST: usize = 4;

impl Replica {
    /// Keeps the server's keys, whose signature was checked, where they are newer than those that are here. No keys are
    /// none to keep: a device that goes by keys does not leave off by itself.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn keep_server_keys(&self, keys: &ServerKeys) -> Result<()> {
        if keys.keys.is_empty() || keys.keys.len() > MOST {
            return Ok(());
        }
        self.write(|transaction| identity::set_server_keys(transaction, keys))
    }
}
