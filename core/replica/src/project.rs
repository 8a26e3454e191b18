//! What screens read of a record, made of its facts, its plan and its side values.

mod done;
mod route;
pub(crate) mod spot;
mod words;

use std::collections::{BTreeSet, HashMap, VecDeque};

use rusqlite::Connection;
use saddlebag_records::fact::{Fact, FactKind, SideName, SideValue, field, kinds, schema_of};
use saddlebag_records::id::{DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanView;
use saddlebag_records::status::{About, Authors, Counted, Handing, Holder, Status, status};
use serde::Serialize;

use crate::error::Result;
use crate::replica::Replica;
use crate::store::facts::StoredFact;
use crate::store::identity::Author;
use crate::store::links::{self, FamilyFacts};
use crate::store::records::{self, Numbered, OnRoute, Row};
use crate::store::{authors, identity, plans, search, side_values};

/// Whom the phone belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader {
    pub(crate) person: PersonId,
    pub(crate) station: Option<RecordId>,
    /// The number that it writes under now.
    pub(crate) device: DeviceNumber,
}

impl Reader {
    pub(crate) fn of(author: &Author) -> Self {
        Self {
            person: author.person,
            station: author.station,
            device: author.device,
        }
    }
}

/// Facts that were read, or written, in the same transaction, of records that are linked to no other.
pub(crate) type InHand = HashMap<RecordId, FamilyFacts>;

const PHONE_NO_LONGER_RIGHT: FactKind = kinds::household::PHONE_NO_LONGER_RIGHT;

/// A phone number and the fact that it came with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Phone {
    /// The fact, by which it can be said to be wrong.
    pub fact: FactId,
    /// The number.
    pub number: String,
}

/// A record with everything that this phone knows of it.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) record: RecordId,
    pub(crate) kind: RecordKind,
    /// The record's own facts.
    pub(crate) stored: Vec<StoredFact>,
    /// These, and those of the records that it is linked to.
    pub(crate) facts: Vec<Fact>,
    /// The records that it is linked to.
    pub(crate) others: Vec<RecordId>,
    pub(crate) authors: Authors,
    pub(crate) plan: Option<PlanView>,
    pub(crate) side: Vec<SideValue>,
    pub(crate) status: Status,
}

impl Known {
    /// Everything known of a record that is here.
    pub(crate) fn load(
        connection: &Connection,
        reader: &Reader,
        record: RecordId,
        kind: RecordKind,
    ) -> Result<Self> {
        Self::with(
            connection,
            reader,
            record,
            kind,
            links::family_facts(connection, record)?,
        )
    }

    /// Everything known of a record with these facts.
    fn with(
        connection: &Connection,
        reader: &Reader,
        record: RecordId,
        kind: RecordKind,
        family: FamilyFacts,
    ) -> Result<Self> {
        let FamilyFacts {
            own: stored,
            all: facts,
            others,
        } = family;
        let authors = authors::of(connection, reader, &facts)?;
        let plan = plans::view(connection, record)?;
        let about = About {
            record,
            kind,
            plan: plan.as_ref(),
            authors: &authors,
        };
        let status = status(&about, &facts);
        let side = side_values::of_record(connection, record)?;
        Ok(Self {
            record,
            kind,
            stored,
            facts,
            others,
            authors,
            plan,
            side,
            status,
        })
    }

    /// Whether this person has it with them.
    pub(crate) fn is_held_by(&self, person: PersonId) -> bool {
        let is_theirs = |device: &DeviceNumber| self.authors.person(*device) == Some(person);
        self.status
            .holders
            .iter()
            .any(|holder| matches!(holder, Holder::Device(device) if is_theirs(device)))
    }

    /// Whether it was handed to this person and has not moved since.
    pub(crate) fn is_handed_to(&self, person: PersonId) -> bool {
        self.status
            .handings
            .iter()
            .any(|handing| handing.stands && handing.to == person)
    }

    /// Whether it is in somebody's bag, and certainly at no place.
    pub(crate) fn is_in_a_bag(&self) -> bool {
        !self.status.holders.is_empty() && self.status.holders.iter().all(Holder::is_somebody)
    }

    /// To whom this person handed it, as long as it has not moved since.
    pub(crate) fn handed_on_by(&self, person: PersonId) -> Option<PersonId> {
        let is_theirs = |handing: &&Handing| self.authors.person(handing.fact.device) == Some(person);
        let mut handings = self.status.handings.iter().filter(|handing| handing.stands);
        handings.find(is_theirs).map(|handing| handing.to)
    }

    /// The facts that count.
    pub(crate) fn counted(&self) -> Counted<'_> {
        Counted::of(&self.facts)
    }

    /// The phone numbers that are not known to be wrong, the one that was given last coming last.
    pub(crate) fn phones(&self) -> Vec<Phone> {
        phones(&self.facts, &self.side)
    }

    /// Where it lies: at this station, if that is in question.
    fn lies_at(&self, station: Option<RecordId>) -> Option<RecordId> {
        let places = self.status.holders.iter().filter_map(|holder| match holder {
            Holder::Place(place) => Some(*place),
            Holder::Device(_) => None,
        });
        places.min_by_key(|place| (Some(*place) != station, *place))
    }
}

/// The phone numbers that these facts came with and none of them says to be wrong, the one that was given last coming
/// last. Of which device a fact is says nothing of its time.
pub(crate) fn phones(facts: &[Fact], side: &[SideValue]) -> Vec<Phone> {
    let given_at: HashMap<FactId, (i64, u16)> = facts
        .iter()
        .map(|fact| (fact.id, (fact.stamp.hlc_ms, fact.stamp.hlc_count)))
        .collect();
    let wrong: BTreeSet<FactId> = facts
        .iter()
        .filter(|fact| fact.kind == PHONE_NO_LONGER_RIGHT)
        .filter_map(|fact| fact.body.fact(field::FACT))
        .collect();
    let numbers = side
        .iter()
        .filter(|side| side.name == SideName::Phone && !wrong.contains(&side.fact));
    let mut phones: Vec<Phone> = numbers
        .filter_map(|side| {
            Some(Phone {
                fact: side.fact,
                number: String::from_utf8(side.value.clone()).ok()?,
            })
        })
        .collect();
    phones.sort_by_key(|phone| (given_at.get(&phone.fact).copied(), phone.fact));
    phones
}

impl Replica {
    /// Makes the rows anew that an earlier version of the app made, or that were salvaged. Whose they are must be known.
    pub(crate) fn make_old_rows_anew(&self) -> Result<()> {
        let are_there = self.read(|connection| {
            Ok(identity::identity(connection)?.is_some() && !records::made_before(connection)?.is_empty())
        })?;
        if !are_there {
            return Ok(());
        }
        self.write(|transaction| {
            let old = records::made_before(transaction)?;
            let reader = Reader::of(&identity::author(transaction)?);
            anew(transaction, &reader, &old, BTreeSet::new(), InHand::new())?;
            records::all_made_anew(transaction)
        })
    }
}

/// Makes the rows of these records anew, and of all whose rows show something of them. Those that are here, sorted.
/// `renamed`: those that left, and whose names nothing may show any more.
pub(crate) fn anew(
    connection: &Connection,
    reader: &Reader,
    touched: &BTreeSet<RecordId>,
    renamed: BTreeSet<RecordId>,
    in_hand: InHand,
) -> Result<Vec<RecordId>> {
    let mut making = Making {
        connection,
        reader,
        renamed,
        in_hand,
    };
    let (mut here, mut seen) = (BTreeSet::new(), BTreeSet::new());
    // Those that lend their names to others come first, so that each row is made once.
    let mut waiting = VecDeque::new();
    for record in touched {
        let is_first =
            touched.len() > 1 && records::kind_of(connection, *record)?.is_some_and(lends_its_name);
        if is_first {
            waiting.push_front(*record);
        } else {
            waiting.push_back(*record);
        }
    }
    while let Some(record) = waiting.pop_front() {
        if !seen.insert(record) {
            continue;
        }
        if let Some(also) = making.one(record)? {
            here.insert(record);
            waiting.extend(also);
        }
    }
    Ok(here.into_iter().collect())
}

fn lends_its_name(kind: RecordKind) -> bool {
    matches!(kind, RecordKind::Household | RecordKind::Place | RecordKind::Camp)
}

fn moves_cash(fact: &Fact) -> bool {
    schema_of(fact.kind).is_some_and(|schema| schema.moves_money())
}

/// The rows that are being made.
struct Making<'a> {
    connection: &'a Connection,
    reader: &'a Reader,
    /// Those whose names other rows show, and which were made anew.
    renamed: BTreeSet<RecordId>,
    in_hand: InHand,
}

impl Making<'_> {
    /// Makes one row anew. Gives the records whose rows show something of it; none where the record is not here.
    fn one(&mut self, record: RecordId) -> Result<Option<Vec<RecordId>>> {
        let connection = self.connection;
        let Some(Numbered { id, row: old }) = records::load(connection, record)? else {
            return Ok(None);
        };
        let known = match self.in_hand.remove(&record) {
            Some(family) => Known::with(connection, self.reader, record, old.kind, family)?,
            None => Known::load(connection, self.reader, record, old.kind)?,
        };
        let new = self.row(&known, &old)?;
        if new.searched != old.searched {
            search::index(connection, id, &words::of(&known, &new))?;
        }
        records::update(connection, id, &old, &new)?;

        let mut also = known.others;
        // Parcels of the household that it was a camp of before.
        if new.kind == RecordKind::Camp
            && let Some(household) = old.household.filter(|_| old.household != new.household)
        {
            self.renamed.insert(household);
            also.extend(records::on_route_of(connection, household)?);
        }
        if lends_its_name(new.kind) {
            self.renamed.insert(record);
            also.extend(records::that_show(connection, record)?);
        }
        match (new.kind, new.household) {
            (RecordKind::Camp, Some(household)) => {
                self.renamed.insert(household);
                also.extend(records::on_route_of(connection, household)?);
            }
            (RecordKind::Place, _) => also.extend(spot::on_route_with(connection, record)?),
            _ => {}
        }
        Ok(Some(also))
    }

    fn row(&self, known: &Known, old: &Row) -> Result<Row> {
        let mut row = Row::new(known.kind, old.granted);
        let (connection, status) = (self.connection, &known.status);
        row.status = words::state_name(status);
        row.phase = status.phase;
        row.discrepancies = u32::try_from(status.discrepancies.len()).unwrap_or(u32::MAX);
        row.in_my_bag = known.is_held_by(self.reader.person);
        row.touched_ms = known
            .stored
            .iter()
            .map(|stored| stored.fact.stamp.hlc_ms)
            .max()
            .unwrap_or(0);
        row.moves_cash = known.stored.iter().any(|stored| moves_cash(&stored.fact));
        let unsent = known
            .stored
            .iter()
            .filter(|stored| stored.state.is_only_here())
            .count();
        row.unsent = u32::try_from(unsent).unwrap_or(u32::MAX);
        if let Some(plan) = &known.plan {
            row.unsent = row
                .unsent
                .saturating_add(plans::unsent_of(connection, known.record)?);
            words::from_plan(&mut row, plan);
        }
        // Of a parcel that was only scanned the county may take no plan from this phone: its number stays here.
        if row.waybill.is_empty() && !old.granted {
            row.waybill.clone_from(&old.waybill);
        }
        words::from_facts(&mut row, known);
        route::place(connection, self.reader, known, &mut row)?;
        self.whereto(&mut row, old)?;
        row.done_by_me_ms = done::by_me_ms(self.reader, known);
        row.lies_at = known.lies_at(self.reader.station);
        row.lies_since_ms = done::brought_ms(known, row.lies_at);
        row.household_name = self.name(row.household, old.household, &old.household_name, words::name)?;
        row.place_names = self.name(row.place, old.place, &old.place_names, words::names_in_json)?;
        row.searched = search::hash_of(&words::of(known, &row));
        Ok(row)
    }

    /// Where it is to be brought, and in which language one speaks there: looked for only while it is on the route, and
    /// only where it may have changed.
    fn whereto(&self, row: &mut Row, old: &Row) -> Result<()> {
        if row.on_route == OnRoute::No {
            return Ok(());
        }
        let is_stale = |of: Option<RecordId>| of.is_some_and(|record| self.renamed.contains(&record));
        let is_moved = || {
            let spots = spot::from_bytes(&old.found_at);
            spots.iter().any(|spot| self.renamed.contains(&spot.record()))
        };
        let is_as_it_was = old.on_route != OnRoute::No
            && old.household_to_go_to() == row.household_to_go_to()
            && old.place == row.place
            && !old.found_at.is_empty()
            && (self.renamed.is_empty() || !(is_stale(row.household) || is_stale(row.place) || is_moved()));
        if is_as_it_was {
            row.language.clone_from(&old.language);
            row.found_at.clone_from(&old.found_at);
            return Ok(());
        }
        let spots = spot::spots(self.connection, row.household_to_go_to(), row.place)?;
        row.found_at = spot::to_bytes(&spots);
        let household = row
            .household
            .map(|household| plans::view(self.connection, household))
            .transpose()?
            .flatten();
        let language = household.as_ref().and_then(|plan| plan.text("language"));
        row.language = language.unwrap_or_default().to_owned();
        Ok(())
    }

    /// The name that a row shows of another record: read again only where it may have changed.
    fn name(
        &self,
        of: Option<RecordId>,
        was_of: Option<RecordId>,
        was: &str,
        read: impl Fn(&PlanView) -> String,
    ) -> Result<String> {
        let Some(record) = of else {
            return Ok(String::new());
        };
        if of == was_of && !was.is_empty() && !self.renamed.contains(&record) {
            return Ok(was.to_owned());
        }
        Ok(plans::view(self.connection, record)?
            .map(|plan| read(&plan))
            .unwrap_or_default())
    }
}
