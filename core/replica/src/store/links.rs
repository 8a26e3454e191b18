//! Records whose facts count together, because a fact joins or parts them.

use std::collections::BTreeSet;

use rusqlite::Connection;
use saddlebag_records::fact::{Fact, field, kinds};
use saddlebag_records::id::RecordId;

use super::facts::{self, StoredFact};
use crate::error::Result;

/// The facts of a record and of all that it is linked to.
#[derive(Clone, Debug, Default)]
pub(crate) struct FamilyFacts {
    /// The record's own.
    pub(crate) own: Vec<StoredFact>,
    /// All of them.
    pub(crate) all: Vec<Fact>,
    /// The records that it is linked to.
    pub(crate) others: Vec<RecordId>,
}

/// The facts of a record and of all that it is linked to.
pub(crate) fn family_facts(connection: &Connection, record: RecordId) -> Result<FamilyFacts> {
    let mut family = FamilyFacts::default();
    for member in self::family(connection, record)? {
        let facts = facts::of_record(connection, member)?;
        family
            .all
            .extend(facts.sound.iter().map(|stored| stored.fact.clone()));
        if member == record {
            family.own = facts.sound;
        } else {
            family.others.push(member);
        }
    }
    Ok(family)
}

/// The other record that this fact links its own to.
pub(crate) fn linked_by(fact: &Fact) -> Option<RecordId> {
    let links = [
        kinds::delivery::SAME_AS,
        kinds::delivery::BELONGS_TO,
        kinds::household::SAME_AS,
    ];
    let other = links
        .contains(&fact.kind)
        .then(|| fact.body.record(field::RECORD))
        .flatten();
    other.filter(|other| *other != fact.record)
}

/// Remembers the link that this fact makes, if it makes one.
pub(crate) fn remember(connection: &Connection, fact: &Fact) -> Result<()> {
    if let Some(other) = linked_by(fact) {
        let mut statement = connection.prepare_cached(
            "INSERT INTO links (record, other) VALUES (?1, ?2), (?2, ?1) ON CONFLICT DO NOTHING",
        )?;
        statement.execute([fact.record.0, other.0])?;
    }
    Ok(())
}

/// The record and all that it is linked to, however far, in the order of their ids.
pub(crate) fn family(connection: &Connection, record: RecordId) -> Result<BTreeSet<RecordId>> {
    let mut statement = connection.prepare_cached("SELECT other FROM links WHERE record = ?1")?;
    let (mut family, mut unread) = (BTreeSet::from([record]), vec![record]);
    while let Some(next) = unread.pop() {
        let mut others = statement.query([next.0])?;
        while let Some(row) = others.next()? {
            let other = RecordId(row.get(0)?);
            if family.insert(other) {
                unread.push(other);
            }
        }
    }
    Ok(family)
}
