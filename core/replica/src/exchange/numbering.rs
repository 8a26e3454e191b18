use std::collections::HashMap;

use saddlebag_records::fact::Fact;
use saddlebag_records::id::FactId;

use super::answer::Applying;
use crate::error::Result;
use crate::store::facts::WAITING;
use crate::store::{facts, identity};

impl Applying<'_> {
    /// Takes new one-time numbers, and gives them to the tips and appeals that waited for one.
    pub(super) fn numbers(&mut self, numbers: &[u64]) -> Result<()> {
        identity::add_one_time(self.connection, numbers)?;
        let mut names: HashMap<FactId, FactId> = HashMap::new();
        for waiting in facts::of_author(self.connection, WAITING)? {
            let Some((number, n)) = identity::take_one_time(self.connection, waiting.record)? else {
                break;
            };
            let name = FactId::new(number, n);
            names.insert(waiting.id, name);
            let fact = renamed(waiting.clone(), name, &names);
            facts::rename(self.connection, waiting.id, &fact)?;
            self.touch(fact.record);
        }
        Ok(())
    }
}

/// The fact under its new name, hung on the new names of what it follows. Facts come in the order in which they were
/// written, so that those have theirs already.
fn renamed(fact: Fact, name: FactId, names: &HashMap<FactId, FactId>) -> Fact {
    let mut after: Vec<FactId> = fact
        .after
        .iter()
        .map(|id| names.get(id).copied().unwrap_or(*id))
        .collect();
    after.sort_unstable();
    Fact {
        id: name,
        after,
        ..fact
    }
}
