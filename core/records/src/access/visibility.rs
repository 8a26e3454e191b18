use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::table::{PerRole, rows};
use super::{Audience, Cause, ColleagueTies, RecordForAccess, Role, Until, Who};
use crate::id::{PersonId, RecordId};
use crate::kind::RecordKind;

const DAY_MS: i64 = 86_400_000;

/// That an audience sees a record, why, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// Who sees it.
    pub audience: Audience,
    /// Why.
    pub cause: Cause,
    /// When that ends: UTC milliseconds; none while nothing has set an end.
    pub until_ms: Option<i64>,
    /// Whether the record, or for [`Cause::Named`] one that names it, is still open: what only the holder of a
    /// current task may see hangs on it ([`super::may_see_side`]).
    pub open: bool,
}

impl Grant {
    /// Whether it holds at this time, UTC milliseconds.
    pub fn holds_at(&self, now_ms: i64) -> bool {
        self.until_ms.is_none_or(|until| now_ms < until)
    }
}

#[derive(Deserialize)]
struct Row {
    record: RecordKind,
    cause: Cause,
    #[serde(flatten)]
    until: PerRole<Until>,
}

static VISIBILITY: LazyLock<Vec<Row>> = LazyLock::new(|| rows(include_str!("../../rules/visibility.csv")));

/// The same by what is asked for: it is asked for every namer of every record that is brought.
static UNTIL: LazyLock<HashMap<(RecordKind, Cause), PerRole<Until>>> = LazyLock::new(|| {
    let row = |row: &Row| ((row.record, row.cause), row.until);
    VISIBILITY.iter().map(row).collect()
});

/// Until when this role sees a record of this kind by this cause: the cell of `rules/visibility.csv`, which is
/// [`Until::Never`] where the table has no row.
pub fn visible_until(role: Role, kind: RecordKind, cause: Cause) -> Until {
    let row = UNTIL.get(&(kind, cause));
    row.map_or(Until::Never, |until| until.get(role))
}

/// Who sees the record by its own facts and plan, sorted, each audience and cause once. What other records do
/// for it is [`super::named_grants`].
pub fn grants(record: &RecordForAccess) -> Vec<Grant> {
    let seen = Seen::of(record);
    let mut grants = BTreeSet::new();
    for row in VISIBILITY.iter().filter(|row| row.record == record.kind) {
        for role in Role::ALL {
            let Some(until_ms) = seen.until(row.until.get(role)) else {
                continue;
            };
            let audiences = seen.audiences(role, row.cause).into_iter();
            let open = record.ended_ms.is_none();
            grants.extend(audiences.map(|audience| Grant {
                audience,
                cause: row.cause,
                until_ms,
                open,
            }));
        }
    }
    grants.into_iter().collect()
}

/// The time so many days after another.
pub(super) fn days_after(ms: i64, days: i64) -> i64 {
    ms.saturating_add(days * DAY_MS)
}

/// A record being judged.
struct Seen<'a> {
    record: &'a RecordForAccess,
    trusted: BTreeSet<PersonId>,
}

impl<'a> Seen<'a> {
    fn of(record: &'a RecordForAccess) -> Self {
        Self {
            record,
            trusted: record.trusted(),
        }
    }

    /// The end that a cell stands for; none where the cell grants nothing here.
    fn until(&self, cell: Until) -> Option<Option<i64>> {
        match cell {
            Until::Never | Until::LastNamedAnd7Days => None,
            Until::Kept | Until::Cause | Until::Settlement => Some(None),
            Until::EndAnd30Days => Some(self.record.ended_ms.map(|end| days_after(end, 30))),
            Until::CreatedAnd30Days => self
                .record
                .created
                .map(|created| Some(days_after(created.at_ms, 30))),
        }
    }

    fn audiences(&self, role: Role, cause: Cause) -> Vec<Audience> {
        let is_liaison = || {
            self.record
                .colleague
                .as_ref()
                .is_some_and(|c| c.role == Role::Liaison)
        };
        match (cause, role) {
            (Cause::Everyone, _) => vec![Audience::Everyone],
            (Cause::Liaison, _) if is_liaison() => vec![Audience::Everyone],
            (Cause::Office, _) => vec![Audience::Role(role)],
            (_, Role::Courier) => {
                let people = self.people(cause).into_iter();
                people
                    .filter(|who| who.role == role)
                    .map(|who| Audience::Person(who.person))
                    .collect()
            }
            (_, Role::Clerk) => self.stations(cause).into_iter().map(Audience::Station).collect(),
            _ => vec![],
        }
    }

    fn people(&self, cause: Cause) -> Vec<Who> {
        let record = self.record;
        let colleague = record.colleague.as_ref();
        let given = |people: &[Who]| people.iter().copied().filter(|who| self.was_given(who)).collect();
        match cause {
            Cause::Assigned => record.assignee.into_iter().collect(),
            Cause::Held => given(&record.holders),
            Cause::Handed => {
                let standing = record.handings.iter().filter(|handing| handing.stands);
                let from_holder = standing.filter(|handing| self.trusted.contains(&handing.by));
                from_holder.map(|handing| handing.to).collect()
            }
            Cause::Scanned => record.good_scans().collect(),
            Cause::Confirmed => record.still_confirmed().collect(),
            Cause::EndedBy => given(&record.ended_by),
            Cause::Created => record.created.map(|created| created.by).into_iter().collect(),
            Cause::Unsettled => given(&record.unsettled),
            Cause::NextThere => record.next_there.clone(),
            Cause::OwnCash => record.cash_of.clone(),
            Cause::Matched if record.matched => record.cash_of.clone(),
            Cause::Own => {
                let own = |c: &ColleagueTies| Who {
                    person: record.id.into(),
                    role: c.role,
                    station: c.station,
                };
                colleague.map(own).into_iter().collect()
            }
            Cause::SameStation => colleague.map(|c| c.station_people.clone()).unwrap_or_default(),
            Cause::Mentor => colleague.map(|c| c.mentees.clone()).unwrap_or_default(),
            _ => vec![],
        }
    }

    fn stations(&self, cause: Cause) -> Vec<RecordId> {
        let record = self.record;
        match cause {
            Cause::Station => record.stations.clone(),
            Cause::Matched if record.matched => record.stations.clone(),
            // The county's own people belong to some station too: what they bring in is no more that one's than
            // another's.
            Cause::Created => {
                let by = record
                    .created
                    .map(|created| created.by)
                    .filter(|by| matches!(by.role, Role::Courier | Role::Clerk) && self.was_given(by));
                by.and_then(|by| by.station).into_iter().collect()
            }
            Cause::SameStation => record
                .colleague
                .as_ref()
                .and_then(|c| c.station)
                .into_iter()
                .collect(),
            _ => vec![],
        }
    }

    /// Whether what this person did in the record may open it. Only a delivery's id can be made by somebody who
    /// was never shown it, and only couriers come to one by its waybill alone.
    fn was_given(&self, who: &Who) -> bool {
        self.record.kind != RecordKind::Delivery
            || who.role != Role::Courier
            || self.trusted.contains(&who.person)
    }
}
