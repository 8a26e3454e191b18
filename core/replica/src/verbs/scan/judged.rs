//! Whether a parcel that is scanned is theirs to do this with.

use saddlebag_records::id::PersonId;
use saddlebag_records::status::{Holder, Phase};

use super::{ScanFor, ScanOutcome};
use crate::project::Known;
use crate::store::records::Row;

/// A parcel, and who scans it.
pub(super) struct Standing<'a> {
    pub(super) known: &'a Known,
    pub(super) row: &'a Row,
    pub(super) me: PersonId,
}

impl Standing<'_> {
    /// What the scan comes to where nothing is recorded; none where what it was for is to be recorded.
    pub(super) fn left(&self, purpose: ScanFor) -> Option<ScanOutcome> {
        let record = self.known.record;
        if purpose == ScanFor::Looking {
            return Some(ScanOutcome::Known { record });
        }
        if self.row.phase == Phase::Ended {
            return Some(ScanOutcome::Ended { record });
        }
        if self.is_so_already(purpose) {
            return Some(ScanOutcome::Twice { record });
        }
        match purpose {
            ScanFor::LoadingOut { .. } if self.is_mine() => None,
            ScanFor::LoadingOut { .. } => self.with_a_colleague().or_else(|| self.planned_for_another(&[])),
            ScanFor::Returning { .. } if self.is_mine() => None,
            ScanFor::Returning { .. } => self.with_another().or_else(|| self.planned_for_another(&[])),
            ScanFor::HandingOver { .. } if self.is_mine() => None,
            ScanFor::HandingOver { to } => self.with_another().or_else(|| self.planned_for_another(&[to])),
            ScanFor::TakingOver { from } if self.is_mine() || self.may_be_with(from) => None,
            ScanFor::TakingOver { .. } => self.with_another(),
            ScanFor::ScanningIn { .. } | ScanFor::Looking => None,
        }
    }

    fn is_so_already(&self, purpose: ScanFor) -> bool {
        let handed_on = self.known.handed_on_by(self.me);
        match purpose {
            // What a colleague did not take after all comes back into the bag.
            ScanFor::LoadingOut { .. } | ScanFor::TakingOver { .. } => {
                handed_on.is_none() && self.known.is_held_by(self.me)
            }
            ScanFor::ScanningIn { place } | ScanFor::Returning { place, .. } => {
                self.known.status.holders == [Holder::Place(place)]
            }
            ScanFor::HandingOver { to } => handed_on == Some(to) || self.known.is_held_by(to),
            ScanFor::Looking => false,
        }
    }

    /// Whether they have it, or it was handed to them.
    fn is_mine(&self) -> bool {
        self.known.is_held_by(self.me) || self.known.is_handed_to(self.me)
    }

    /// Whether this person has it, or somebody of whom this phone does not know who they are.
    fn may_be_with(&self, person: PersonId) -> bool {
        self.holding_persons()
            .any(|holder| holder.is_none_or(|holder| holder == person))
    }

    /// As of [`Self::with_another`], where this phone knows whom it is to be taken over from. Of an unknown device's
    /// parcel nobody could be named, so that is recorded as it is seen.
    fn with_a_colleague(&self) -> Option<ScanOutcome> {
        let holder = self.holding_persons().flatten().next();
        holder.and_then(|_| self.with_another())
    }

    fn with_another(&self) -> Option<ScanOutcome> {
        self.known.is_in_a_bag().then(|| ScanOutcome::WithAnother {
            record: self.known.record,
            holder: self.holding_persons().flatten().next(),
        })
    }

    fn planned_for_another(&self, or: &[PersonId]) -> Option<ScanOutcome> {
        let assignee = self.row.assignee?;
        let is_another = assignee != self.me && !or.contains(&assignee);
        is_another.then_some(ScanOutcome::NotMine {
            record: self.known.record,
            assignee,
        })
    }

    /// Who has it with them; none for a device of which this phone does not know whose it is.
    fn holding_persons(&self) -> impl Iterator<Item = Option<PersonId>> {
        let devices = self
            .known
            .status
            .holders
            .iter()
            .filter_map(|holder| match holder {
                Holder::Device(device) => Some(*device),
                Holder::Place(_) => None,
            });
        devices.map(|device| self.known.authors.person(device))
    }
}
