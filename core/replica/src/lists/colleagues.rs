use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::Phase;
use serde::Serialize;

use crate::error::Result;
use crate::project::{Known, Reader};
use crate::replica::Replica;
use crate::store::{identity, records};

/// Somebody who works for the county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct ColleagueEntry {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// A code of `role`.
    pub role: Option<u64>,
    /// Their station.
    pub station: Option<RecordId>,
    /// Whether a phone number of theirs is here.
    pub is_callable: bool,
    /// Whether this is their own phone.
    pub is_me: bool,
}

impl Replica {
    /// The colleagues that this phone knows, by name. Those who left are not among them.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn colleagues(&self) -> Result<Vec<ColleagueEntry>> {
        self.read(|connection| {
            let author = identity::author(connection)?;
            let reader = Reader::of(&author);
            let mut colleagues = Vec::new();
            for record in records::of_kind(connection, RecordKind::Colleague)? {
                let known = Known::load(connection, &reader, record, RecordKind::Colleague)?;
                let Some(plan) = known.plan.as_ref().filter(|_| known.status.phase != Phase::Ended) else {
                    continue;
                };
                let person = PersonId::from(record);
                colleagues.push(ColleagueEntry {
                    person,
                    name: plan.text("name").unwrap_or_default().to_owned(),
                    role: plan.uint("role"),
                    station: plan.record("station"),
                    is_callable: !known.phones().is_empty(),
                    is_me: person == author.person,
                });
            }
            colleagues.sort_by(|a, b| a.name.cmp(&b.name).then(a.person.cmp(&b.person)));
            Ok(colleagues)
        })
    }
}
