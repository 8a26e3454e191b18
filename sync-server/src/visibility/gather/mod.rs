//! What decides who sees a record, read from the store.

mod contents;
mod delivery;
mod drop_point;
mod money;
mod people;
mod story;

use std::collections::BTreeSet;

use saddlebag_records::access::{Creation, Handing, RecordForAccess, Role, Who, brought_by, references};
use saddlebag_records::codes::place_kind;
use saddlebag_records::fact::{Fact, field, schema_of};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::{Holder, Status};

use contents::Contents;
use drop_point::Passing;
pub(super) use drop_point::overdue;
pub(super) use money::{Ledgers, note, parties};
pub(super) use people::People;
pub(super) use story::Story;

use super::named::Named;
use crate::store::{ReadTx, RecordRow, StoreError};

/// What decides who sees a record.
pub(super) struct Gathered {
    pub(super) about: RecordForAccess,
    /// Of a camp: when its validity ends, UTC milliseconds.
    pub(super) season_ends_ms: Option<i64>,
    /// The household that brings it along.
    pub(super) brought_by: Option<RecordId>,
    /// The records whose facts count with its own.
    pub(super) joined: BTreeSet<RecordId>,
}

/// What is known of a county without reading it again. All but the first three is kept from one job to the next, and
/// told of whatever changes.
pub(super) struct Known {
    pub(super) now_ms: i64,
    pub(super) passing: Passing,
    pub(super) people: People,
    pub(super) contents: Contents,
    pub(super) ledgers: Ledgers,
    pub(super) named: Named,
}

impl Known {
    /// Nothing yet, at this time, UTC milliseconds.
    pub(super) fn at(now_ms: i64) -> Self {
        Self {
            now_ms,
            passing: Passing::new(),
            people: People::default(),
            contents: Contents::default(),
            ledgers: Ledgers::default(),
            named: Named::default(),
        }
    }

    /// The same at another time, in another job.
    pub(super) fn later(self, now_ms: i64) -> Self {
        Self {
            now_ms,
            passing: Passing::new(),
            people: People::default(),
            ..self
        }
    }
}

/// The records that a record names.
pub(super) struct References {
    /// Sorted. Also those whom money in it comes from or goes to, and of a colleague their mentor.
    pub(super) names: Vec<RecordId>,
    /// The couriers whose money is in it.
    pub(super) couriers: BTreeSet<PersonId>,
}

pub(super) fn references_of(
    tx: &dyn ReadTx,
    known: &mut Known,
    row: &RecordRow,
) -> Result<References, StoreError> {
    let plan = known.contents.plan(tx, row.id)?;
    let facts = known.contents.facts(tx, row.id)?;
    let couriers = money::parties(tx, &mut known.people, facts.iter().map(|told| &told.fact))?;
    let named = references(row.id, plan.as_deref(), facts.iter().map(|told| &told.fact));
    let mut names: BTreeSet<_> = named.into_iter().collect();
    names.extend(couriers.iter().map(|person| RecordId::from(*person)));
    if row.kind == RecordKind::Colleague {
        names.extend(
            plan.as_ref()
                .and_then(|plan| plan.person("mentor"))
                .map(RecordId::from),
        );
    }
    Ok(References {
        names: names.into_iter().collect(),
        couriers,
    })
}

/// Gathers it. The references of every record that was touched must be in the store.
pub(super) fn gather(tx: &dyn ReadTx, known: &mut Known, row: &RecordRow) -> Result<Gathered, StoreError> {
    let plan = known.contents.plan(tx, row.id)?;
    let plan = plan.as_deref();
    let story = Story::of(tx, known, row)?;
    let status = story.status(plan);
    let mut about = RecordForAccess::new(row.id, row.kind);
    about.created = creator(tx, known, row)?.map(|by| Creation {
        by,
        at_ms: row.created_ms,
    });
    about.ended_ms = story.ended_ms(&status);
    about.assignee = match plan.and_then(|plan| plan.person("assignee")) {
        Some(person) => known.people.who(tx, person)?,
        None => None,
    };
    holding(tx, known, &story, &status, &mut about)?;
    if row.kind == RecordKind::Delivery {
        delivery::claims(tx, known, &story, plan, &mut about)?;
        drop_point::next_there(tx, known, &status, &mut about)?;
    }
    let own = story.facts().filter(|fact| fact.record == row.id);
    let parties = money::parties(tx, &mut known.people, own)?;
    for courier in &parties {
        if known.ledgers.unsettled(tx, *courier)?.contains(&row.id) {
            about.unsettled.extend(known.people.who(tx, *courier)?);
        }
    }
    if row.kind == RecordKind::CashPass {
        for courier in parties {
            about.cash_of.extend(known.people.who(tx, courier)?);
        }
    }
    if matches!(row.kind, RecordKind::HandIn | RecordKind::Count) {
        money::settlement(tx, known, row, &story, plan, &mut about)?;
    }
    stations(
        tx,
        known,
        plan.and_then(|plan| plan.record("place")),
        &story,
        &mut about,
    )?;
    given(tx, known, &story, &mut about)?;

    if row.kind == RecordKind::Colleague {
        about.colleague = people::ties(tx, row.id.into())?;
    }
    Ok(Gathered {
        about,
        season_ends_ms: plan.and_then(|plan| plan.int("valid_until_ms")),
        brought_by: plan.and_then(brought_by),
        joined: story.joined().clone(),
    })
}

fn creator(tx: &dyn ReadTx, known: &mut Known, row: &RecordRow) -> Result<Option<Who>, StoreError> {
    let person = match row.creator_person {
        Some(person) => Some(person),
        None => known.people.behind(tx, row.creator)?,
    };
    person.map_or(Ok(None), |person| known.people.who(tx, person))
}

/// Who has it, had it, and gave it to whom.
fn holding(
    tx: &dyn ReadTx,
    known: &mut Known,
    story: &Story,
    status: &Status,
    about: &mut RecordForAccess,
) -> Result<(), StoreError> {
    for holder in &status.holders {
        if let Holder::Device(device) = holder
            && let Some(person) = known.people.of(tx, *device)?
        {
            about.holders.extend(known.people.who(tx, person)?);
        }
    }
    for handing in &status.handings {
        let by = story.writer(tx, &mut known.people, handing.fact)?;
        let to = known.people.who(tx, handing.to)?;
        about.handings.extend(by.zip(to).map(|(by, to)| Handing {
            by,
            to,
            stands: handing.stands,
        }));
    }
    for fact in &status.ended_by {
        if let Some(person) = story.writer(tx, &mut known.people, *fact)? {
            about.ended_by.extend(known.people.who(tx, person)?);
        }
    }
    Ok(())
}

/// The stations that it is bound for, at, or from.
fn stations(
    tx: &dyn ReadTx,
    known: &mut Known,
    bound_for: Option<RecordId>,
    story: &Story,
    about: &mut RecordForAccess,
) -> Result<(), StoreError> {
    let carried = matches!(
        about.kind,
        RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand
    );
    if !carried {
        return Ok(());
    }
    let was_at = story.facts().filter_map(|fact| fact.body.record(field::PLACE));
    for place in was_at.chain(bound_for).collect::<BTreeSet<_>>() {
        about
            .stations
            .extend(known.people.station_of(tx, &mut known.contents, place)?);
    }
    about
        .stations
        .extend(about.assignee.and_then(|assignee| assignee.station));
    about.stations.sort();
    about.stations.dedup();
    Ok(())
}

/// To whom it was ever shown, of those whom it matters for: who wrote in it.
fn given(
    tx: &dyn ReadTx,
    known: &mut Known,
    story: &Story,
    about: &mut RecordForAccess,
) -> Result<(), StoreError> {
    let mut writers = BTreeSet::new();
    for fact in story.facts() {
        writers.extend(story.writer(tx, &mut known.people, fact.id)?);
    }
    let others = about
        .holders
        .iter()
        .chain(&about.ended_by)
        .chain(&about.unsettled);
    writers.extend(others.map(|who| who.person));
    for person in writers {
        let Some(who) = known.people.who(tx, person)? else {
            continue;
        };
        let works_inside = matches!(who.role, Role::Clerk | Role::Dispatcher);
        if works_inside || tx.ever_saw(&[saddlebag_records::access::Audience::Person(person)], about.id)? {
            about.given.push(person);
        }
    }
    Ok(())
}

/// Whether a fact says from whom to whom money went.
pub(super) fn moves_money(fact: &Fact) -> bool {
    schema_of(fact.kind).is_some_and(|schema| schema.moves_money())
}

/// Whether a place is a station.
fn is_station(kind: Option<u64>) -> bool {
    kind == Some(place_kind::STATION.into())
}
