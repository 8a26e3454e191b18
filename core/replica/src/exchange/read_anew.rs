use saddlebag_protocol::ForgetReason;

use super::answer::{Answer, Applying};
use crate::error::Result;
use crate::replica::Replica;
use crate::store::{exchange, granted_before, side_values};

impl Replica {
    /// Lets go of what was not given again, where this device read the log from the start and has read and sent all: it is
    /// not this person's to see any more. Where it may be what this device brought itself meanwhile, all is to be read
    /// once more first: then this is true.
    ///
    /// # Errors
    ///
    /// As of the store. The next exchange does it.
    pub(crate) fn let_go_of_what_did_not_come_again(&self) -> Result<bool> {
        if self.read(granted_before::not_given_again)?.is_empty() {
            return Ok(false);
        }
        if self.read(granted_before::may_be_brought)? {
            self.read_once_more()?;
            return Ok(true);
        }
        let applied = self.write(|transaction| {
            let log = exchange::log(transaction)?;
            let answer = Answer {
                watermark: log.map_or(0, |log| log.watermark),
                ..Answer::default()
            };
            let mut applying = Applying::begin(transaction, self.surroundings(), &answer)?;
            for record in granted_before::not_given_again(transaction)? {
                applying.forget(record, ForgetReason::NoLongerVisible)?;
            }
            granted_before::clear(transaction)?;
            applying.finish(false)
        })?;
        for record in &applied.left {
            self.forget_photos_of(*record, false)?;
        }
        self.note_leftovers();
        self.announce(applied.changed);
        Ok(false)
    }

    fn read_once_more(&self) -> Result<()> {
        let applied = self.write(|transaction| {
            let mut applying = Applying::begin(transaction, self.surroundings(), &Answer::default())?;
            exchange::go_back(transaction, None)?;
            // What may still be seen of others' comes again.
            applying.touched.extend(side_values::drop_above(transaction, 0)?);
            applying.finish(false)
        })?;
        self.announce(applied.changed);
        Ok(())
    }
}
