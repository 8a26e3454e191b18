//! The peer: Automerge's own sync protocol, one document a record that holds plan and facts.
//!
//! Its best case: keys of one or two letters, authors told by the actor alone, no time and no message in a change, and
//! both sides remember across sessions what they shared.

use std::collections::BTreeMap;

use anyhow::Result;
use automerge::sync::{Message, State, SyncDoc};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ObjId, ObjType, ROOT, ScalarValue};
use saddlebag_records::cbor::Value;
use saddlebag_records::fact::{Fact, SideValue};
use saddlebag_records::id::RecordId;
use saddlebag_replica::Pending;
use saddlebag_tests::county::Delivery;

/// What a syncing of all documents came to. Bytes are those of encoded messages, without any frame around them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// Bytes from device to county.
    pub(crate) bytes_up: u64,
    /// Bytes from county to device.
    pub(crate) bytes_down: u64,
    /// Messages, both ways.
    pub(crate) messages: u64,
}

/// Syncs a device that holds these records with the county, once both had all of them and the device then wrote these
/// facts.
pub(crate) fn sync(records: &[(RecordId, Delivery)], wrote: &Pending) -> Result<Sums> {
    let mut facts: BTreeMap<RecordId, Vec<&Fact>> = BTreeMap::new();
    for fact in &wrote.facts {
        facts.entry(fact.record).or_default().push(fact);
    }
    let mut sums = Sums::default();
    for (record, delivery) in records {
        let mut pair = Pair::of(record, delivery)?;
        for fact in facts.remove(record).into_iter().flatten() {
            pair.write(fact, &wrote.side)?;
        }
        pair.exchange(&mut sums)?;
    }
    anyhow::ensure!(facts.is_empty(), "facts about records that have no document");
    Ok(sums)
}

/// One record's document at the device and at the county, and what each knows of the other.
struct Pair {
    device: (AutoCommit, State),
    county: (AutoCommit, State),
    facts: ObjId,
}

impl Pair {
    /// Both hold the plan and have synced it before.
    fn of(record: &RecordId, delivery: &Delivery) -> Result<Self> {
        let mut county = AutoCommit::new().with_actor(ActorId::from([1; 16]));
        let facts = county.put_object(ROOT, "x", ObjType::Map)?;
        county.put(ROOT, "_", record.0.to_vec())?;
        county.put(ROOT, "w", delivery.waybill.as_str())?;
        county.put(ROOT, "h", delivery.household.as_str())?;
        county.put(ROOT, "m", delivery.name.as_str())?;
        county.put(ROOT, "d", delivery.address.as_str())?;
        county.put(ROOT, "p", delivery.place.as_str())?;
        county.put(ROOT, "f", delivery.due_from_ms)?;
        county.put(ROOT, "u", delivery.due_until_ms)?;
        county.put(ROOT, "q", delivery.cash_fen)?;
        commit(&mut county);
        let device = county.fork().with_actor(ActorId::from([2; 16]));
        let mut pair = Self {
            device: (device, State::new()),
            county: (county, State::new()),
            facts,
        };
        pair.exchange(&mut Sums::default())?;
        for (_, state) in [&mut pair.device, &mut pair.county] {
            // What is kept from one session to the next.
            *state = State::decode(&state.encode())?;
        }
        Ok(pair)
    }

    /// The device writes a fact: a map of its own, in a change of its own.
    fn write(&mut self, fact: &Fact, sides: &[SideValue]) -> Result<()> {
        let (doc, _) = &mut self.device;
        let its = doc.put_object(&self.facts, fact.id.n.to_string(), ObjType::Map)?;
        doc.put(&its, "k", u64::from(fact.kind.0))?;
        doc.put(&its, "t", fact.stamp.hlc_ms)?;
        if let Some(after) = fact.after.first() {
            doc.put(&its, "a", after.n)?;
        }
        for (key, value) in fact.body.iter() {
            doc.put(&its, key.to_string(), scalar(value))?;
        }
        for side in sides.iter().filter(|side| side.fact == fact.id) {
            doc.put(&its, format!("s{}", side.name as u8), side.value.clone())?;
        }
        commit(doc);
        Ok(())
    }

    /// Message for message, until neither has anything to say.
    fn exchange(&mut self, sums: &mut Sums) -> Result<()> {
        loop {
            let up = pass(&mut self.device, &mut self.county)?;
            let down = pass(&mut self.county, &mut self.device)?;
            sums.bytes_up += up.unwrap_or_default();
            sums.bytes_down += down.unwrap_or_default();
            sums.messages += [up, down].iter().flatten().count() as u64;
            if up.is_none() && down.is_none() {
                break;
            }
        }
        let (device, county) = (self.device.0.get_heads(), self.county.0.get_heads());
        anyhow::ensure!(device == county, "the two are not the same");
        Ok(())
    }
}

/// Passes a message on, if there is one. Its bytes.
fn pass(from: &mut (AutoCommit, State), to: &mut (AutoCommit, State)) -> Result<Option<u64>> {
    let Some(message) = from.0.sync().generate_sync_message(&mut from.1) else {
        return Ok(None);
    };
    let bytes = message.encode();
    to.0.sync()
        .receive_sync_message(&mut to.1, Message::decode(&bytes)?)?;
    Ok(Some(bytes.len() as u64))
}

fn commit(doc: &mut AutoCommit) {
    doc.commit_with(CommitOptions::default().with_time(0));
}

fn scalar(value: &Value) -> ScalarValue {
    match value {
        Value::Int(number) => ScalarValue::Int(*number),
        Value::Bool(flag) => ScalarValue::Boolean(*flag),
        Value::Text(text) => text.as_str().into(),
        Value::Bytes(bytes) => bytes.clone().into(),
        other => other.encode().into(),
    }
}
