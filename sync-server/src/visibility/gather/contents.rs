use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use saddlebag_records::fact::Fact;
use saddlebag_records::id::RecordId;
use saddlebag_records::plan::PlanView;

use crate::plans::view_of;
use crate::store::{FactRow, ReadTx, StoreError};

/// The most records of which it is kept what they hold: places, households, and what else is looked at for others' sake.
const MOST: usize = 4_096;

/// What records hold, each read and decoded once until something of it changes.
#[derive(Default)]
pub(in crate::visibility) struct Contents {
    plans: HashMap<RecordId, Option<Arc<PlanView>>>,
    facts: HashMap<RecordId, Arc<[Arc<Told>]>>,
}

/// A fact as the county heard it.
pub(in crate::visibility) struct Told {
    pub(in crate::visibility) fact: Fact,
    /// When, UTC milliseconds.
    pub(in crate::visibility) received_ms: i64,
}

impl Contents {
    /// Something of these records changed, or will when they are asked about next.
    pub(in crate::visibility) fn drop_of(&mut self, records: &BTreeSet<RecordId>) {
        for record in records {
            self.plans.remove(record);
            self.facts.remove(record);
        }
    }

    /// What a record's plan says; none for one that nobody has touched.
    pub(in crate::visibility) fn plan(
        &mut self,
        tx: &dyn ReadTx,
        record: RecordId,
    ) -> Result<Option<Arc<PlanView>>, StoreError> {
        if let Some(known) = self.plans.get(&record) {
            return Ok(known.clone());
        }
        let plan = view_of(tx, record)?.map(Arc::new);
        if self.plans.len() >= MOST {
            self.plans.clear();
        }
        self.plans.insert(record, plan.clone());
        Ok(plan)
    }

    /// A record's admitted facts.
    pub(in crate::visibility) fn facts(
        &mut self,
        tx: &dyn ReadTx,
        record: RecordId,
    ) -> Result<Arc<[Arc<Told>]>, StoreError> {
        if let Some(known) = self.facts.get(&record) {
            return Ok(Arc::clone(known));
        }
        let facts: Arc<[Arc<Told>]> = facts_of(tx, record)?.into_iter().map(Arc::new).collect();
        if self.facts.len() >= MOST {
            self.facts.clear();
        }
        self.facts.insert(record, Arc::clone(&facts));
        Ok(facts)
    }
}

/// The same of facts, past what is kept.
pub(super) fn facts_of(tx: &dyn ReadTx, record: RecordId) -> Result<Vec<Told>, StoreError> {
    let told = |row: &FactRow| {
        let fact = Fact::decode(&row.bytes).map_err(|_| StoreError::Damaged("fact"))?;
        Ok(Told {
            fact,
            received_ms: row.received_ms,
        })
    };
    tx.facts(record)?.iter().map(told).collect()
}
