use std::collections::HashSet;

use saddlebag_protocol::Again;

use crate::exchange::{Given, Name};

/// What the county asked for again in this session. What was given once is not given again in it: a county that takes
/// nothing of it would ask for ever.
#[derive(Clone, Debug, Default)]
pub(super) struct AskedAgain {
    waiting: Vec<Name>,
    given: HashSet<Name>,
}

impl AskedAgain {
    /// Notes what an answer asks for.
    pub(super) fn note(&mut self, again: Option<&Again>) {
        let facts = again.iter().flat_map(|again| &again.facts);
        let changes = again.iter().flat_map(|again| &again.changes);
        let names = facts
            .map(|name| Name::Fact(*name))
            .chain(changes.map(|name| Name::Change(*name)));
        for name in names {
            if !self.given.contains(&name) && !self.waiting.contains(&name) {
                self.waiting.push(name);
            }
        }
    }

    /// What is to be given, in this order.
    pub(super) fn waiting(&self) -> &[Name] {
        &self.waiting
    }

    /// The county got this.
    pub(super) fn arrived(&mut self, given: &Given) {
        self.waiting.retain(|name| !given.names.contains(name));
        self.given.extend(&given.names);
    }
}
