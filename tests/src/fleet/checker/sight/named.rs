//! What open records name: households, and what belongs to them.

use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::fact::schema_of;
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanValue;

use super::{Sight, Sights};

/// Code of `consent_scope`: it comes with the errand that names it alone.
const FOR_ERRANDS: u64 = 3;

impl Sights<'_> {
    /// What open records of theirs name: households, consents and camps; and a household's camps and consents with it.
    pub(super) fn add_named(&self, sight: &mut Sight) {
        let county = self.evidence.county;
        let mut named: BTreeMap<RecordId, bool> = BTreeMap::new();
        for (record, open) in &sight.records {
            let opens = matches!(
                county.records.get(record),
                Some(RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand)
            );
            if opens {
                for other in self.named_by(*record) {
                    *named.entry(other).or_default() |= open;
                }
            }
        }
        for (record, plan) in &county.plans {
            let brought = match county.records.get(record) {
                Some(RecordKind::Camp) => true,
                Some(RecordKind::Consent) => plan.uint("to") != Some(FOR_ERRANDS),
                _ => false,
            };
            if let Some(open) = plan
                .record("household")
                .filter(|_| brought)
                .and_then(|home| named.get(&home).copied())
            {
                *named.entry(*record).or_default() |= open;
            }
        }
        for (record, open) in named {
            let kind = county.records.get(&record);
            let past = kind == Some(&RecordKind::Camp) && self.is_past(record);
            if matches!(
                kind,
                Some(RecordKind::Household | RecordKind::Consent | RecordKind::Camp)
            ) && !past
            {
                *sight.records.entry(record).or_default() |= open;
            }
        }
    }

    /// A camp of a season past.
    fn is_past(&self, camp: RecordId) -> bool {
        let until = self
            .evidence
            .county
            .plans
            .get(&camp)
            .and_then(|plan| plan.int("valid_until_ms"));
        until.is_some_and(|until| until <= self.evidence.now_ms)
    }

    fn named_by(&self, record: RecordId) -> BTreeSet<RecordId> {
        let mut named = BTreeSet::new();
        if let Some(plan) = self.evidence.county.plans.get(&record) {
            let apart = plan
                .conflicts
                .iter()
                .flat_map(|conflict| &conflict.values)
                .map(|written| &written.value);
            named.extend(plan.fields.values().chain(apart).filter_map(|value| match value {
                PlanValue::Record(record) => Some(*record),
                _ => None,
            }));
        }
        for fact in self.by_record.get(&record).into_iter().flatten() {
            let fields = schema_of(fact.kind).into_iter().flat_map(|schema| &schema.fields);
            named.extend(fields.filter_map(|(field, _)| fact.body.record(field.key)));
        }
        named
    }
}
