//! The ids of what the script speaks of.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result};
use saddlebag_records::cbor::Value as Cbor;
use saddlebag_records::fact::Body;
use saddlebag_records::id::{FactId, PersonId, RecordId};
use saddlebag_records::plan::{ItemId, PlanEdit, PlanValue};
use saddlebag_records::waybill::{Waybill, count_id, delivery_id, hand_in_id};

use super::ledger::Named;
use super::phone_store::PhoneStore;
use super::script::{Item, Planned, StepId, Value};
use super::world::{Who, World};

/// Ids by what stands for them in the script.
#[derive(Clone, Default)]
pub(crate) struct Names {
    records: HashMap<Item, RecordId>,
    people: HashMap<Who, PersonId>,
    /// What each step's fact is called now, and which it was when it was written.
    facts: HashMap<StepId, (FactId, Named)>,
    /// The codes that givers of cash showed.
    codes: HashMap<Item, String>,
}

impl Names {
    /// The ids of everything whose id follows from the county's key.
    pub(crate) fn derive(&mut self, world: &World, id_key: &[u8; 32]) -> Result<()> {
        for (index, parcel) in world.parcels.iter().enumerate() {
            let delivery = world
                .county
                .deliveries
                .get(parcel.index)
                .context("a parcel of the county")?;
            let id = delivery_id(id_key, &Waybill::parse(&delivery.waybill)?, 0);
            self.records.insert(Item::Parcel(index), id);
        }
        for courier in 0..world.couriers.len() {
            let person = self.person(Who::Courier(courier))?;
            self.records
                .insert(Item::HandIn(courier, 1), hand_in_id(id_key, person, 1));
            self.records
                .insert(Item::Count(courier, 1), count_id(id_key, person, 1));
        }
        Ok(())
    }

    pub(crate) fn is(&mut self, item: Item, record: RecordId) {
        self.records.insert(item, record);
    }

    pub(crate) fn is_person(&mut self, who: Who, person: PersonId) {
        self.people.insert(who, person);
    }

    pub(crate) fn wrote(&mut self, step: StepId, fact: Named) {
        self.facts.insert(step, (fact.0, fact));
    }

    /// Follows facts that a phone wrote again under another number.
    pub(crate) fn follow(&mut self, store: &PhoneStore) -> Result<()> {
        let own = store.facts_beyond(&BTreeMap::new())?;
        let again: HashMap<Named, FactId> = own
            .into_iter()
            .filter_map(|held| Some((held.fact.was?, held.fact.id)))
            .map(|(was, now)| ((was.id, was.hash), now))
            .collect();
        for (now, first) in self.facts.values_mut() {
            *now = again.get(first).copied().unwrap_or(*now);
        }
        Ok(())
    }

    pub(crate) fn shows_code(&mut self, pass: Item, code: String) {
        self.codes.insert(pass, code);
    }

    pub(crate) fn record(&self, item: Item) -> Result<RecordId> {
        self.records
            .get(&item)
            .copied()
            .with_context(|| format!("{item:?} has no id yet"))
    }

    pub(crate) fn person(&self, who: Who) -> Result<PersonId> {
        self.people
            .get(&who)
            .copied()
            .with_context(|| format!("{who:?} has no id"))
    }

    pub(crate) fn fact(&self, step: StepId) -> Result<FactId> {
        self.facts
            .get(&step)
            .map(|(now, _)| *now)
            .with_context(|| format!("{step:?} wrote no fact"))
    }

    pub(crate) fn code(&self, pass: Item) -> Result<&str> {
        self.codes
            .get(&pass)
            .map(String::as_str)
            .with_context(|| format!("{pass:?} shows no code"))
    }

    /// The item that a record is in the script, the person that it is.
    pub(crate) fn items(&self) -> HashMap<RecordId, Item> {
        self.records
            .iter()
            .map(|(item, record)| (*record, *item))
            .collect()
    }

    /// Everybody, by id.
    pub(crate) fn whos(&self) -> HashMap<PersonId, Who> {
        self.people.iter().map(|(who, person)| (*person, *who)).collect()
    }

    /// A fact's fields.
    pub(crate) fn body(&self, fields: &[(u64, Value)]) -> Result<Body> {
        fields.iter().try_fold(Body::new(), |body, (key, value)| {
            let value: Cbor = match value {
                Value::Uint(n) => (*n).into(),
                Value::Int(n) => (*n).into(),
                Value::Bool(b) => (*b).into(),
                Value::Text(text) => text.as_str().into(),
                Value::Bytes(bytes) => bytes.clone().into(),
                Value::Is(item) => self.record(*item)?.into(),
                Value::Person(who) => self.person(*who)?.into(),
            };
            Ok(body.with(*key, value))
        })
    }

    /// Edits of a plan.
    pub(crate) fn edits(&self, fields: &[(&'static str, Planned)]) -> Result<Vec<PlanEdit>> {
        let mut edits = Vec::new();
        for (field, planned) in fields {
            match planned {
                Planned::Text(text) => edits.push(PlanEdit::set(field, text.as_str())),
                Planned::Int(n) => edits.push(PlanEdit::set(field, *n)),
                Planned::Note(text) => edits.push(PlanEdit::note(field, text)),
                Planned::Is(item) => edits.push(PlanEdit::set(field, self.record(*item)?)),
                Planned::Shopping(items) => {
                    edits.extend(items.iter().map(|(name, text)| PlanEdit::AddItem {
                        field: (*field).to_owned(),
                        item: ItemId(*name),
                        values: [("text".to_owned(), PlanValue::from(text.as_str()))].into(),
                    }))
                }
            }
        }
        Ok(edits)
    }
}
