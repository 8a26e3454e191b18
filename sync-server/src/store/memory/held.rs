use saddlebag_records::fact::{FactKind, Was};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::{State, insert_new};
use crate::store::{
    FactRow, Held, HeldId, HeldItem, HeldState, NewFact, NewHeldChange, ReadHeld, Seq, SideKey, SideRow,
    SideTaken, StoreError, What, WriteHeld,
};

impl ReadHeld for State {
    fn held(&self, id: HeldId) -> Result<Option<Held>, StoreError> {
        Ok(self.held.get(&id).cloned())
    }

    fn held_list(&self, state: HeldState, after: HeldId, limit: usize) -> Result<Vec<Held>, StoreError> {
        let wanted = |held: &&Held| held.state == state && held.id > after;
        Ok(self.held.values().filter(wanted).take(limit).cloned().collect())
    }

    fn held_of(&self, record: RecordId) -> Result<Vec<Held>, StoreError> {
        Ok(self
            .held
            .values()
            .filter(|held| held.record == record)
            .cloned()
            .collect())
    }

    fn unseen_since(&self, state: HeldState) -> Result<Option<i64>, StoreError> {
        let unseen = |held: &&Held| {
            held.state == state && held.looked_at_ms.is_none() && !matches!(held.item, HeldItem::Side(_))
        };
        let unseen = self.held.values().filter(unseen);
        Ok(unseen.map(|held| held.received_ms).min())
    }

    fn held_bytes(&self, by: DeviceNumber) -> Result<u64, StoreError> {
        Ok(self
            .held
            .values()
            .filter(|held| held.by == by)
            .map(|held| held.bytes.len() as u64)
            .sum())
    }
}

impl State {
    /// Holds an item like this one, under a name of its own.
    fn hold(&mut self, held: Held) {
        self.last_held += 1;
        let id = HeldId(self.last_held);
        self.held.insert(
            id,
            Held {
                id,
                received_ms: self.moment.ms,
                looked_at_ms: None,
                ..held
            },
        );
    }

    pub(super) fn hold_fact(
        &mut self,
        id: FactId,
        fact: &NewFact,
        by: DeviceNumber,
        state: HeldState,
        reason: &str,
    ) -> Result<(), StoreError> {
        let held = Held {
            id: HeldId(0),
            item: HeldItem::Fact {
                id,
                hash: fact.hash,
                running: fact.running,
            },
            record: fact.record,
            state,
            reason: reason.to_owned(),
            by,
            received_ms: 0,
            looked_at_ms: None,
            bytes: fact.bytes.clone(),
        };
        self.hold(held.clone());
        for side in &fact.sides {
            let key = SideKey {
                fact: id,
                name: side.name,
                ordinal: side.ordinal,
            };
            if self.held.values().any(|held| held.item == HeldItem::Side(key)) {
                return Err(super::GIVEN_TWICE);
            }
            self.hold(Held {
                item: HeldItem::Side(key),
                bytes: side.value.clone(),
                ..held.clone()
            });
        }
        Ok(())
    }

    /// Holds a side value as its fact is held, if it is.
    pub(super) fn hold_side_of(&mut self, key: SideKey, by: DeviceNumber, value: &[u8]) -> SideTaken {
        let is_fact = |held: &&Held| matches!(held.item, HeldItem::Fact { id, .. } if id == key.fact);
        let Some(fact) = self.held.values().find(is_fact).cloned() else {
            return SideTaken::NoFact;
        };
        self.hold(Held {
            item: HeldItem::Side(key),
            by,
            bytes: value.to_vec(),
            ..fact
        });
        SideTaken::Held
    }

    fn wanted_held(&self, id: HeldId) -> Result<Held, StoreError> {
        self.held.get(&id).cloned().ok_or(StoreError::Conflict("held"))
    }

    /// Takes out the side values of a held fact.
    fn take_held_sides(&mut self, fact: FactId) -> Vec<(SideKey, Held)> {
        let of_fact = |held: &Held| matches!(held.item, HeldItem::Side(key) if key.fact == fact);
        let ids: Vec<_> = self
            .held
            .values()
            .filter(|held| of_fact(held))
            .map(|held| held.id)
            .collect();
        let sides = ids.into_iter().filter_map(|id| self.held.remove(&id));
        sides
            .filter_map(|held| {
                if let HeldItem::Side(key) = held.item {
                    Some((key, held))
                } else {
                    None
                }
            })
            .collect()
    }
}

impl WriteHeld for State {
    fn hold_change(&mut self, change: &NewHeldChange) -> Result<bool, StoreError> {
        let is_it = |held: &Held| {
            matches!(held.item, HeldItem::Change(head) if held.record == change.record
                && (head.actor, head.actor_seq) == (change.head.actor, change.head.actor_seq))
        };
        if self.held.values().any(is_it) {
            return Ok(false);
        }
        self.hold(Held {
            id: HeldId(0),
            item: HeldItem::Change(change.head),
            record: change.record,
            state: change.state,
            reason: change.reason.clone(),
            by: change.by,
            received_ms: 0,
            looked_at_ms: None,
            bytes: change.bytes.clone(),
        });
        Ok(true)
    }

    fn look_at_held(&mut self, id: HeldId) -> Result<(), StoreError> {
        let now = self.moment.ms;
        let held = self.held.get_mut(&id).ok_or(StoreError::Conflict("held"))?;
        held.looked_at_ms.get_or_insert(now);
        Ok(())
    }

    fn admit_held_fact(&mut self, id: HeldId, kind: FactKind, was: Option<Was>) -> Result<Seq, StoreError> {
        let held = self.wanted_held(id)?;
        let HeldItem::Fact {
            id: name,
            hash,
            running,
        } = held.item
        else {
            return Err(StoreError::Conflict("held"));
        };
        let seq = self.log_item(held.record, What::Fact)?;
        let row = FactRow {
            seq,
            id: name,
            record: held.record,
            kind,
            hash,
            running,
            received_ms: held.received_ms,
            bytes: held.bytes,
        };
        self.insert_fact(row, was.as_ref())?;
        for (key, side) in self.take_held_sides(name) {
            insert_new(
                &mut self.sides,
                key,
                SideRow {
                    seq,
                    record: held.record,
                    key,
                    value: side.bytes,
                },
            )?;
        }
        self.held.remove(&id);
        Ok(seq)
    }

    fn take_held_change(&mut self, id: HeldId) -> Result<Held, StoreError> {
        let held = self.wanted_held(id)?;
        if !matches!(held.item, HeldItem::Change(_)) {
            return Err(StoreError::Conflict("held"));
        }
        self.held.remove(&id);
        Ok(held)
    }

    fn drop_held(&mut self, id: HeldId, code: &str) -> Result<(), StoreError> {
        let held = self.wanted_held(id)?;
        if let HeldItem::Fact {
            id: name,
            hash,
            running,
        } = held.item
        {
            self.leave_number(name, hash, running, code);
            self.take_held_sides(name);
        }
        self.held.remove(&id);
        Ok(())
    }
}
