use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Role;
use super::table::{PerRole, rows};
use crate::fact::{Body, FactKind, field, kinds, schema_of};
use crate::id::PersonId;
use crate::kind::RecordKind;

/// The version of every kind of fact that this program knows.
const FACT_VERSION: u8 = 1;

/// How a person stands to a record, at the moment of judging what their device wrote. Being given a record is
/// the person's: it outlives a device of theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// The record was ever granted to them, in any way.
    pub ever_given: bool,
    /// They created it: the county had nothing of it before, or has it from them.
    pub created: bool,
    /// It is granted to them now.
    pub given_now: bool,
    /// The plan assigns it to them now.
    pub assigned_now: bool,
    /// The plan assigns it to somebody else now.
    pub assigned_to_another: bool,
    /// Of a correction: the fact that it voids is their own. Its id names the author, so that it need not be there.
    pub wrote_the_voided: bool,
    /// Of a fact that moves money: it is theirs to tell ([`is_party`]).
    pub is_party: bool,
}

/// Why something is refused. The codes are frozen: they stand in receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// The role never writes this.
    RoleMayNot,
    /// They were never given the record and did not create it.
    NotGiven,
    /// It voids what somebody else wrote.
    NotTheirFact,
    /// It moves money that is neither from nor to them.
    NotAParty,
    /// A kind, a version or a field that this program does not know, where nothing unknown is kept.
    Unknown,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: [Self; 5] = [
        Self::RoleMayNot,
        Self::NotGiven,
        Self::NotTheirFact,
        Self::NotAParty,
        Self::Unknown,
    ];

    /// The code in receipts and in the API, and the key of its translation.
    pub fn code(self) -> &'static str {
        match self {
            Self::RoleMayNot => "role_may_not",
            Self::NotGiven => "not_given",
            Self::NotTheirFact => "not_their_fact",
            Self::NotAParty => "not_a_party",
            Self::Unknown => "unknown_kind",
        }
    }
}

/// What the rules say to something written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is theirs to write.
    Admit,
    /// This program does not know it: kept, and served to nobody, until one that does judges it.
    Hold,
    /// A plan edit that is not theirs to make, or no longer.
    Superseded,
    /// Not kept.
    Refuse(Refusal),
}

/// Whether this role may create such records.
pub fn may_create(role: Role, kind: RecordKind) -> bool {
    WRITES
        .create
        .get(&kind)
        .is_some_and(|words| words.get(role) == Word::Yes)
}

/// Whether a fact is theirs to write. That the record was assigned to somebody else meanwhile is never a reason
/// to refuse it: what happened has happened.
pub fn may_write_fact(role: Role, kind: FactKind, version: u8, relation: Relation) -> Verdict {
    let words = match (WRITES.facts.get(&kind), version) {
        (Some(words), FACT_VERSION) => words,
        _ => return unknown(role, kind.record()),
    };
    let may = match words.get(role) {
        Word::Yes => Ok(()),
        Word::Own => (relation.ever_given || relation.created)
            .then_some(())
            .ok_or(Refusal::NotGiven),
        Word::Mine => relation
            .wrote_the_voided
            .then_some(())
            .ok_or(Refusal::NotTheirFact),
        _ => Err(Refusal::RoleMayNot),
    };
    let moves_money = || schema_of(kind).is_some_and(|schema| schema.moves_money());
    match may {
        Err(refusal) => Verdict::Refuse(refusal),
        Ok(()) if role == Role::Courier && !relation.is_party && moves_money() => {
            Verdict::Refuse(Refusal::NotAParty)
        }
        Ok(()) => Verdict::Admit,
    }
}

/// Whether a plan change that touches these root fields, by name, is theirs to make; of several verdicts the
/// hardest. A field that this program does not know is named by its key.
pub fn may_edit_plan(role: Role, kind: RecordKind, fields: &[&str], relation: Relation) -> Verdict {
    let verdicts = fields
        .iter()
        .map(|field| may_edit_field(role, kind, field, relation));
    verdicts
        .max_by_key(|verdict| verdict.hardness())
        .unwrap_or(Verdict::Admit)
}

fn may_edit_field(role: Role, kind: RecordKind, field: &str, relation: Relation) -> Verdict {
    let Some(words) = WRITES.fields.get(&kind).and_then(|fields| fields.get(field)) else {
        return unknown(role, Some(kind));
    };
    let theirs = relation.created && !relation.assigned_to_another;
    let may = match words.get(role) {
        Word::Yes => true,
        Word::Given => theirs || relation.given_now,
        Word::Assigned => theirs || relation.assigned_now,
        Word::Created => theirs,
        _ => return Verdict::Refuse(Refusal::RoleMayNot),
    };
    // Two devices that never met make the same delivery of one waybill, so nobody's first edit of one is foul play.
    let was_theirs = relation.ever_given || relation.created || kind == RecordKind::Delivery;
    match (may, was_theirs) {
        (true, _) => Verdict::Admit,
        (false, true) => Verdict::Superseded,
        (false, false) => Verdict::Refuse(Refusal::NotGiven),
    }
}

/// What is said to something that a newer version may know: it is kept, but never where a report could carry
/// what the privacy rules forbid, nor from a role that writes nothing there.
fn unknown(role: Role, record: Option<RecordKind>) -> Verdict {
    match record {
        Some(RecordKind::Tip | RecordKind::Case | RecordKind::Appeal) => Verdict::Refuse(Refusal::Unknown),
        Some(record) if !writes_anything(role, record) => Verdict::Refuse(Refusal::RoleMayNot),
        None if role == Role::Auditor => Verdict::Refuse(Refusal::RoleMayNot),
        _ => Verdict::Hold,
    }
}

fn writes_anything(role: Role, record: RecordKind) -> bool {
    let facts = WRITES
        .facts
        .iter()
        .filter(|(kind, _)| kind.record() == Some(record))
        .map(|(_, words)| words);
    let fields = WRITES.fields.get(&record).into_iter().flat_map(BTreeMap::values);
    facts.chain(fields).any(|words| words.get(role) != Word::No)
}

impl Verdict {
    fn hardness(self) -> u8 {
        match self {
            Self::Admit => 0,
            Self::Hold => 1,
            Self::Superseded => 2,
            Self::Refuse(_) => 3,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Create,
    Fact,
    Plan,
}

/// The words of `rules/writes.csv`, which says what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Yes,
    No,
    Own,
    Mine,
    Given,
    Assigned,
    Created,
}

#[derive(Deserialize)]
struct Row {
    record: RecordKind,
    what: What,
    name: String,
    #[serde(flatten)]
    words: PerRole<Word>,
}

#[derive(Default)]
struct Writes {
    create: BTreeMap<RecordKind, PerRole<Word>>,
    facts: BTreeMap<FactKind, PerRole<Word>>,
    fields: BTreeMap<RecordKind, BTreeMap<String, PerRole<Word>>>,
}

static WRITES: LazyLock<Writes> = LazyLock::new(|| {
    let mut writes = Writes::default();
    for row in rows::<Row>(include_str!("../../rules/writes.csv")) {
        match row.what {
            What::Create => drop(writes.create.insert(row.record, row.words)),
            What::Fact => {
                if let Some(kind) = FactKind::from_name(row.record, &row.name) {
                    writes.facts.insert(kind, row.words);
                }
            }
            What::Plan => drop(
                writes
                    .fields
                    .entry(row.record)
                    .or_default()
                    .insert(row.name, row.words),
            ),
        }
    }
    writes
});

/// Whether this person may be the one to say that this money moved: its giver or its taker. Cash that passes between
/// couriers, or is handed in, needs the word of each for their own side: the giver says that it was passed, the taker
/// that it was taken, or somebody with two phones could pass a debt on alone.
pub fn is_party(kind: FactKind, body: &Body, person: PersonId) -> bool {
    let is = |key| body.person(key) == Some(person);
    match kind {
        kinds::cash_pass::PASSED | kinds::hand_in::HANDED_IN => is(field::FROM),
        kinds::cash_pass::TAKEN => is(field::TO),
        _ => is(field::FROM) || is(field::TO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cash_that_passes_needs_the_word_of_each_for_their_own_side() {
        let (giver, taker) = (PersonId([1; 16]), PersonId([2; 16]));
        let body = Body::new()
            .with(field::FROM, giver)
            .with(field::TO, taker)
            .with(field::FEN, 5u64);
        for (kind, of_giver, of_taker) in [
            (kinds::cash_pass::PASSED, true, false),
            (kinds::cash_pass::TAKEN, false, true),
            (kinds::hand_in::HANDED_IN, true, false),
            (kinds::errand::ADVANCE_GIVEN, true, true),
        ] {
            assert_eq!(is_party(kind, &body, giver), of_giver, "{kind}");
            assert_eq!(is_party(kind, &body, taker), of_taker, "{kind}");
            assert!(!is_party(kind, &body, PersonId([3; 16])), "{kind}");
        }
    }
}
