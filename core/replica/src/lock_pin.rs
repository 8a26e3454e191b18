//! The PIN that the screens may ask for.

use saddlebag_records::clock::Observed;
use saddlebag_records::pin::{Pin, wait_ms};
use serde::Serialize;

use crate::error::Result;
use crate::replica::Replica;
use crate::store::pin::{self, StoredPin, Wait};

/// What typing the PIN came to. Nothing is ever wiped for a wrong one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "unlock", rename_all = "snake_case")]
pub enum Unlock {
    /// It is the right one, or none is asked for.
    Open,
    /// It is wrong.
    Wrong {
        /// How long the next one is not looked at, in milliseconds; 0 while tries are free.
        wait_ms: u64,
    },
    /// It was not looked at: wrong ones came before it.
    Wait {
        /// For how much longer, in milliseconds.
        wait_ms: u64,
    },
}

/// What is known before the PIN is looked at.
enum Before {
    Answered(Unlock),
    Counted { pin: StoredPin, wait_ms: u64 },
}

impl Replica {
    /// Whether the screens ask for a PIN.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn has_pin(&self) -> Result<bool> {
        Ok(self.read(pin::load)?.is_some())
    }

    /// Sets the PIN, or takes it away. Whether the person may is for who calls: [`Replica::unlock`] tells.
    ///
    /// # Errors
    ///
    /// [`Error::Pin`](crate::Error::Pin) for what is not six digits.
    pub fn set_pin(&self, pin: Option<&str>) -> Result<()> {
        let Some(typed) = pin else {
            return self.write(|transaction| pin::remove(transaction));
        };
        let salt = self.surroundings().random();
        let stored = StoredPin {
            salt,
            hash: Pin::parse(typed)?.hash(&salt)?,
            tries: 0,
            wait: Wait::from(&self.surroundings().clock.read(), 0),
        };
        self.write(|transaction| pin::save(transaction, &stored))
    }

    /// Looks at a PIN that was typed. A try is counted before it is looked at: a process that is killed meanwhile wins
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Pin`](crate::Error::Pin) for what is not six digits, which counts as no try.
    pub fn unlock(&self, typed: &str) -> Result<Unlock> {
        let typed = Pin::parse(typed)?;
        let now = self.surroundings().clock.read();
        let (pin, wait_ms) = match self.count_a_try(&now)? {
            Before::Answered(answer) => return Ok(answer),
            Before::Counted { pin, wait_ms } => (pin, wait_ms),
        };
        if typed.hash(&pin.salt)? != pin.hash {
            return Ok(Unlock::Wrong { wait_ms });
        }
        let fresh = StoredPin {
            tries: 0,
            wait: Wait::from(&now, 0),
            ..pin
        };
        self.write(|transaction| pin::save(transaction, &fresh))?;
        Ok(Unlock::Open)
    }

    fn count_a_try(&self, now: &Observed) -> Result<Before> {
        self.write(|transaction| {
            let Some(mut pin) = pin::load(transaction)? else {
                return Ok(Before::Answered(Unlock::Open));
            };
            let left = pin.wait.left(now);
            let (wait_ms, before) = if left > 0 {
                (left, true)
            } else {
                pin.tries = pin.tries.saturating_add(1);
                (wait_ms(pin.tries), false)
            };
            pin.wait = Wait::from(now, wait_ms);
            pin::save(transaction, &pin)?;
            Ok(if before {
                Before::Answered(Unlock::Wait { wait_ms })
            } else {
                Before::Counted { pin, wait_ms }
            })
        })
    }
}
