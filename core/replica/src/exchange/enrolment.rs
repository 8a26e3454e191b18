use std::collections::BTreeSet;

use saddlebag_records::id::ActorId;

use super::numbering::{Taken, write_anew};
use crate::error::{Error, Result};
use crate::identity::{Enrolment, EnrolmentKeys, Identity};
use crate::project::{self, InHand, Reader};
use crate::replica::Replica;
use crate::salvage::Mark;
use crate::store::exchange::{self, Log};
use crate::store::own::Own;
use crate::store::{facts, identity, leaving};

impl Replica {
    /// Draws what a device needs before it asks to be enrolled. Nothing is kept of it.
    pub fn draw_enrolment_keys(&self) -> EnrolmentKeys {
        let surroundings = self.surroundings();
        EnrolmentKeys {
            signing_seed: surroundings.random(),
            actor: ActorId(surroundings.random()),
        }
    }

    /// Eight random bytes, such as a push needs for its nonce.
    pub fn draw_nonce(&self) -> [u8; 8] {
        self.surroundings().random()
    }

    /// Who this device is; none before it was enrolled.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn identity(&self) -> Result<Option<Identity>> {
        self.read(identity::identity)
    }

    /// Keeps an enrolment. A store that has one already takes another only into the same county, which signs its keys
    /// with one that is here, and for the same person; it keeps all that it holds, and writes anew under its new number what the county has not confirmed.
    /// Tips, appeals and edits keep their names, which the county takes from any device of the person.
    ///
    /// # Errors
    ///
    /// [`Error::EnrolledElsewhere`](crate::Error::EnrolledElsewhere).
    pub fn keep_enrolment(&self, enrolment: &Enrolment) -> Result<()> {
        let reading = self.surroundings().clock.read();
        if !Self::holds_a_store(self.dir()) {
            return Err(Error::Wiped);
        }
        let whose = self.whose(&enrolment.answer);
        self.write(|transaction| {
            // Of a store that was salvaged without it: what it holds belongs to one person of one county.
            if identity::identity(transaction)?.is_none()
                && let Some(marked) = Mark::read(self.dir())?
                && marked.whose != whose
            {
                return Err(Error::EnrolledElsewhere);
            }
            let mut own = Own::load(transaction, self.surroundings().built_ms)?;
            let was = identity::device_numbers(transaction)?;
            identity::leave_device(transaction)?;
            leaving::note(transaction, None)?;
            identity::enrol(transaction, enrolment)?;
            own.under_a_new_number();
            own.clock.county_answered(enrolment.answer.county_time, &reading);
            let mut records = BTreeSet::new();
            for number in was {
                records.extend(write_anew(transaction, &mut own, number, &Taken::all())?);
            }
            own.save(transaction)?;
            let reader = Reader::of(&identity::author(transaction)?);
            project::anew(transaction, &reader, &records, BTreeSet::new(), InHand::new())?;
            let answered_ms = enrolment.answer.county_time;
            let log = Log {
                epoch: enrolment.answer.epoch,
                watermark: 0,
                backup_ms: 0,
                answered_ms,
            };
            exchange::set_log(transaction, &log)
        })?;
        self.make_old_rows_anew()?;
        tracing::info!("enrolled");
        self.forget_that_it_was_wiped()
    }

    /// Whether facts wait for a one-time number.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn waits_for_numbers(&self) -> Result<bool> {
        self.read(facts::any_waiting)
    }
}
