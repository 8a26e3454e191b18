use saddlebag_records::id::{ActorId, RecordId};

use super::{GIVEN_TWICE, State};
use crate::store::{
    ChangeHead, ChangePush, ChangeRow, ChangesTaken, ReadChanges, StoreError, What, WriteChanges,
};

impl ReadChanges for State {
    fn changes(&self, record: RecordId) -> Result<Vec<ChangeRow>, StoreError> {
        Ok(self
            .changes
            .values()
            .filter(|change| change.record == record)
            .cloned()
            .collect())
    }

    fn change_heads(&self, record: RecordId) -> Result<Vec<ChangeHead>, StoreError> {
        let changes = self.changes.values().filter(|change| change.record == record);
        Ok(changes.map(|change| change.head).collect())
    }

    fn change(
        &self,
        record: RecordId,
        actor: ActorId,
        actor_seq: u64,
    ) -> Result<Option<ChangeRow>, StoreError> {
        let wanted = |change: &&ChangeRow| {
            change.record == record && change.head.actor == actor && change.head.actor_seq == actor_seq
        };
        Ok(self.changes.values().find(wanted).cloned())
    }
}

impl WriteChanges for State {
    fn append_changes(&mut self, push: &ChangePush) -> Result<ChangesTaken, StoreError> {
        let plan = self.plans.get(&push.record);
        let (count, bytes) = plan.map_or((0, 0), |plan| (plan.change_count, plan.change_bytes));
        if count != push.tried_at {
            return Ok(ChangesTaken::Stale);
        }
        let mut seqs = Vec::new();
        for (head, chunk) in &push.changes {
            if self.change(push.record, head.actor, head.actor_seq)?.is_some() {
                return Err(GIVEN_TWICE);
            }
            let seq = self.log_item(push.record, What::Change)?;
            seqs.push(seq);
            let row = ChangeRow {
                seq,
                record: push.record,
                head: *head,
                by: push.by,
                received_ms: self.moment.ms,
                bytes: chunk.clone(),
            };
            self.changes.insert(seq, row);
        }
        self.plans.insert(push.record, push.plan_after(count, bytes));
        Ok(ChangesTaken::Appended(seqs))
    }
}
