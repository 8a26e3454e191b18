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
    let mut by_audience: BTreeMap<Audience, Grant> = BTreeMap::new();
    for namer in namers.iter().filter(|namer| opens_what_it_names(namer.kind)) {
        let ends = namer.ended_ms.map(|end| days_after(end, 7));
        for grant in namer
            .grants
            .iter()
            .filter(|grant| sees_named(grant.audience, kind))
        {
            let until_ms = earlier(earlier(grant.until_ms, ends), season_ends_ms);
            let open = namer.ended_ms.is_none();
            let new = Grant {
                audience: grant.audience,
                cause: Cause::Named,
                until_ms,
                open,
            };
            let kept = by_audience.entry(grant.audience).or_insert(new);
            kept.until_ms = kept.until_ms.zip(until_ms).map(|(a, b)| a.max(b));
            kept.open |= open;
        }
    }
    by_audience.into_values().collect()
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
