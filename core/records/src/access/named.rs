use std::collections::{BTreeMap, BTreeSet};

use super::visibility::days_after;
use super::{Audience, Cause, Grant, Role, Until, visible_until};
use crate::codes::consent_scope;
use crate::fact::{Fact, FieldType, schema_of};
use crate::id::RecordId;
use crate::kind::RecordKind;
use crate::plan::{PlanValue, PlanView};

/// A record that names another.
#[derive(Clone, Copy, Debug)]
pub struct Namer<'a> {
    /// Its kind: deliveries, pickups and errands open what they name, others do not.
    pub kind: RecordKind,
    /// When it ended, as in [`super::RecordForAccess`].
    pub ended_ms: Option<i64>,
    /// Who sees it.
    pub grants: &'a [Grant],
}

/// The records that a record names, sorted: in its plan, wherever two wrote it apart in both ways, and in the
/// facts that count. The county stores them, so that it finds the namers of a record.
pub fn references<'a>(
    record: RecordId,
    plan: Option<&PlanView>,
    facts: impl IntoIterator<Item = &'a Fact>,
) -> Vec<RecordId> {
    let mut named = BTreeSet::new();
    if let Some(plan) = plan {
        let apart = plan
            .conflicts
            .iter()
            .flat_map(|conflict| &conflict.values)
            .map(|written| &written.value);
        plan.fields
            .values()
            .chain(apart)
            .for_each(|value| in_value(value, &mut named));
    }
    facts.into_iter().for_each(|fact| named.extend(in_fact(fact)));
    named.remove(&record);
    named.into_iter().collect()
}

fn in_value(value: &PlanValue, named: &mut BTreeSet<RecordId>) {
    match value {
        PlanValue::Record(record) => {
            named.insert(*record);
        }
        PlanValue::List(values) => values.iter().for_each(|value| in_value(value, named)),
        PlanValue::Map(values) => values.values().for_each(|value| in_value(value, named)),
        PlanValue::Items(items) => {
            items
                .iter()
                .flat_map(|item| item.values.values())
                .for_each(|value| in_value(value, named));
        }
        _ => {}
    }
}

fn in_fact(fact: &Fact) -> impl Iterator<Item = RecordId> {
    let fields = schema_of(fact.kind).into_iter().flat_map(|schema| &schema.fields);
    let records = fields.filter(|(field, _)| field.holds == FieldType::Record);
    records.filter_map(|(field, _)| fact.body.record(field.key))
}

/// The household that brings a camp or a consent along: who sees the household because a record names it sees
/// these too, so the county passes the household's namers to [`named_grants`] with their own.
///
/// A consent to help with errands comes with the errand that names it alone: that somebody needs help is for
/// their courier and station (PRODUCT.md, privacy rule 6). So does one to something newer than this version.
pub fn brought_by(plan: &PlanView) -> Option<RecordId> {
    let covers = plan.uint("to").and_then(|scope| u16::try_from(scope).ok());
    match (plan.kind, covers) {
        (RecordKind::Camp, _) => plan.record("household"),
        (RecordKind::Consent, Some(consent_scope::PROXY | consent_scope::DROP_POINT)) => {
            plan.record("household")
        }
        _ => None,
    }
}

/// Who sees a record because others name it, sorted, each audience once. `season_ends_ms`: when a camp's
/// validity ends, UTC milliseconds; none for other kinds.
pub fn named_grants(kind: RecordKind, season_ends_ms: Option<i64>, namers: &[Namer<'_>]) -> Vec<Grant> {
    let mut openings = Openings::default();
    namers.iter().for_each(|namer| openings.add(namer));
    openings.grants(kind, season_ends_ms)
}

/// What the namers of a record open together, added up: one of them changes without the others being looked at again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Openings(BTreeMap<Audience, Opening>);

/// What grants open to one audience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Opening {
    grants: u64,
    /// How many of them have no end.
    endless: u64,
    /// How many are of a record that is open.
    open: u64,
    /// The latest end of those that have one, UTC milliseconds.
    last_ms: Option<i64>,
}

impl Openings {
    /// One more names it.
    pub fn add(&mut self, namer: &Namer<'_>) {
        for (audience, until_ms) in opened_by(namer) {
            let opening = self.0.entry(audience).or_default();
            opening.grants += 1;
            opening.endless += u64::from(until_ms.is_none());
            opening.open += u64::from(namer.ended_ms.is_none());
            opening.last_ms = opening.last_ms.max(until_ms);
        }
    }

    /// One that was added, as it was then, names it no more. False where what is left cannot be told from what was
    /// added up: then all must be added anew.
    #[must_use]
    pub fn take(&mut self, namer: &Namer<'_>) -> bool {
        let mut can_tell = true;
        for (audience, until_ms) in opened_by(namer) {
            let Some(opening) = self.0.get_mut(&audience) else {
                return false;
            };
            let less = |count: u64, by: bool| count.checked_sub(u64::from(by));
            let counts = (
                less(opening.grants, true),
                less(opening.endless, until_ms.is_none()),
                less(opening.open, namer.ended_ms.is_none()),
            );
            let (Some(grants), Some(endless), Some(open)) = counts else {
                return false;
            };
            if grants == 0 {
                self.0.remove(&audience);
                continue;
            }
            can_tell &= until_ms.is_none() || until_ms < opening.last_ms;
            *opening = Opening {
                grants,
                endless,
                open,
                last_ms: opening.last_ms,
            };
        }
        can_tell
    }

    /// What these and others open together.
    pub fn and(&self, others: &Self) -> Self {
        let mut both = self.clone();
        for (audience, other) in &others.0 {
            let opening = both.0.entry(*audience).or_default();
            *opening = Opening {
                grants: opening.grants + other.grants,
                endless: opening.endless + other.endless,
                open: opening.open + other.open,
                last_ms: opening.last_ms.max(other.last_ms),
            };
        }
        both
    }

    /// Who sees a record of this kind by them: as [`named_grants`].
    pub fn grants(&self, kind: RecordKind, season_ends_ms: Option<i64>) -> Vec<Grant> {
        let seen = self.0.iter().filter(|(audience, _)| sees_named(**audience, kind));
        let grant = |(audience, opening): (&Audience, &Opening)| Grant {
            audience: *audience,
            cause: Cause::Named,
            until_ms: earlier(opening.until_ms(), season_ends_ms),
            open: opening.open > 0,
        };
        seen.map(grant).collect()
    }
}

impl Namer<'_> {
    /// Whether what is named is seen by the same, as long, whichever of the two names it.
    pub fn opens_as(&self, other: &Self) -> bool {
        let seen = |namer: &Self| -> BTreeMap<Audience, (Option<i64>, bool)> {
            let mut openings = Openings::default();
            openings.add(namer);
            let seen = |opening: Opening| (opening.until_ms(), opening.open > 0);
            openings
                .0
                .into_iter()
                .map(|(audience, opening)| (audience, seen(opening)))
                .collect()
        };
        seen(self) == seen(other)
    }
}

impl Opening {
    fn until_ms(&self) -> Option<i64> {
        self.last_ms.filter(|_| self.endless == 0)
    }
}

/// To whom a namer opens what it names, and until when, once for each of its grants.
fn opened_by(namer: &Namer<'_>) -> impl Iterator<Item = (Audience, Option<i64>)> {
    let opens = opens_what_it_names(namer.kind);
    let ends = namer.ended_ms.map(|end| days_after(end, 7));
    let to_some = |audience| RecordKind::ALL.iter().any(|kind| sees_named(audience, *kind));
    let grants = namer
        .grants
        .iter()
        .filter(move |grant| opens && to_some(grant.audience));
    grants.map(move |grant| (grant.audience, earlier(grant.until_ms, ends)))
}

fn opens_what_it_names(kind: RecordKind) -> bool {
    matches!(
        kind,
        RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand
    )
}

/// Whether the table grants this audience what a record that it sees names.
fn sees_named(audience: Audience, kind: RecordKind) -> bool {
    let role = match audience {
        Audience::Person(_) => Role::Courier,
        Audience::Station(_) => Role::Clerk,
        Audience::Role(role) => role,
        Audience::Everyone => return false,
    };
    visible_until(role, kind, Cause::Named) == Until::LastNamedAnd7Days
}

/// The earlier of two ends, where none is later than all.
fn earlier(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
