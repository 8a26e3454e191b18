//! One act of the person: some facts and edits, stamped, stored and shown in one transaction.

use std::collections::BTreeSet;

use rusqlite::Connection;
use saddlebag_records::access::{
    Refusal, Relation, Role, Verdict, is_party, may_create, may_edit_plan, may_write_fact,
};
use saddlebag_records::clock::{Observed, observation_to_write};
use saddlebag_records::fact::{
    Body, Fact, FactHash, FactKind, MAX_FACT_BYTES, SideName, SideValue, field, schema_of,
};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, edit};
use saddlebag_records::status::latest;
use saddlebag_records::tip_text;
use uuid::Builder;

use crate::error::{Error, Result};
use crate::project::{self, InHand, Reader};
use crate::replica::Replica;
use crate::store::facts::{self, NewRow, StoredFact, WAITING};
use crate::store::identity::{self, Author};
use crate::store::own::Own;
use crate::store::state::State;
use crate::store::{links, photos, plans, records, side_values, tombstones};
use crate::surroundings::Surroundings;
use crate::verbs::tips::Fix;

/// A fact to be recorded. What it follows, its times and its name are the replica's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFact {
    /// The record that it is about.
    pub record: RecordId,
    /// What happened.
    pub kind: FactKind,
    /// The kind's fields.
    pub body: Body,
    /// Its side values, each name once.
    pub side: Vec<(SideName, Vec<u8>)>,
}

impl NewFact {
    /// A fact without side values.
    pub fn new(record: RecordId, kind: FactKind, body: Body) -> Self {
        Self {
            record,
            kind,
            body,
            side: Vec::new(),
        }
    }

    /// With a side value more.
    #[must_use]
    pub fn with_side(mut self, name: SideName, value: impl Into<Vec<u8>>) -> Self {
        self.side.push((name, value.into()));
        self
    }

    /// With where it happened, if that is known.
    #[must_use]
    pub fn at(self, fix: Option<Fix>) -> Self {
        match fix {
            Some(fix) => self.with_side(SideName::Position, fix.to_side_value()),
            None => self,
        }
    }
}

/// What one transaction of writing has in hand.
pub(crate) struct Act<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) author: Author,
    pub(crate) own: Own,
    surroundings: &'a Surroundings,
    reading: Observed,
    touched: BTreeSet<RecordId>,
    /// The facts of the records that it wrote in, so that they are read once.
    in_hand: InHand,
    /// Photos that its facts name.
    photos: Vec<([u8; 32], RecordId, FactId)>,
}

impl Replica {
    /// Does something in one transaction, makes anew what screens read of it, and tells them.
    pub(crate) fn act<T>(&self, work: impl FnOnce(&mut Act<'_>) -> Result<T>) -> Result<T> {
        let (done, changed, photos) = self.write(|transaction| {
            let mut act = Act::begin(transaction, self.surroundings())?;
            let done = work(&mut act)?;
            let photos = std::mem::take(&mut act.photos);
            Ok((done, act.finish()?, photos))
        })?;
        for (hash, record, fact) in photos {
            self.photos(|connection| photos::belongs_to(connection, &hash, record, fact))?;
        }
        self.announce(changed);
        Ok(done)
    }
}

impl<'a> Act<'a> {
    fn begin(connection: &'a Connection, surroundings: &'a Surroundings) -> Result<Self> {
        Ok(Self {
            author: identity::author(connection)?,
            own: Own::load(connection, surroundings.built_ms)?,
            reading: surroundings.clock.read(),
            touched: BTreeSet::new(),
            in_hand: InHand::new(),
            photos: Vec::new(),
            connection,
            surroundings,
        })
    }

    /// The best guess at the time, UTC milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        self.own.clock.now(&self.reading).0
    }

    /// The moment that lies so many days ahead, UTC milliseconds. Whatever ends is reckoned from here: the phone's own
    /// clock may be wrong by years.
    pub(crate) fn in_days(&self, days: u16) -> i64 {
        self.now_ms().saturating_add(i64::from(days) * DAY_MS)
    }

    /// So many random bytes.
    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        self.surroundings.random()
    }

    /// An id that nobody else can draw: UUIDv7 of the time and randomness.
    pub(crate) fn new_id(&self) -> RecordId {
        let ms = u64::try_from(self.now_ms()).unwrap_or(0);
        let random = self.surroundings.random::<10>();
        RecordId(
            Builder::from_unix_timestamp_millis(ms, &random)
                .into_uuid()
                .into_bytes(),
        )
    }

    /// Fills the bytes with random ones.
    pub(crate) fn fill_random(&self, bytes: &mut [u8]) {
        self.surroundings.randomness.fill(bytes);
    }

    /// Makes a record that is not there yet. One that had left this phone comes back as what this phone wrote in it.
    pub(crate) fn create(&mut self, record: RecordId, kind: RecordKind) -> Result<()> {
        if self.author.role.is_some_and(|role| !may_create(role, kind)) {
            return Err(Error::NotTheirs(Refusal::RoleMayNot.code()));
        }
        records::begin(self.connection, record, kind, false)?;
        tombstones::lift(self.connection, record)?;
        self.touched.insert(record);
        Ok(())
    }

    /// Something that screens show of it changed beside its facts and its plan.
    pub(crate) fn touch(&mut self, record: RecordId) {
        self.touched.insert(record);
    }

    /// Writes a fact about a record that is here.
    pub(crate) fn fact(&mut self, new: NewFact) -> Result<FactId> {
        let kind = records::kind_of(self.connection, new.record)?.ok_or(Error::UnknownRecord(new.record))?;
        let schema = schema_of(new.kind)
            .filter(|_| new.kind.record() == Some(kind))
            .ok_or(Error::UnknownKind)?;
        schema.check(&new.body)?;
        check_side(&new.side)?;
        self.check_fact(&new)?;

        let mut family = match self.in_hand.remove(&new.record) {
            Some(family) => family,
            None => links::family_facts(self.connection, new.record)?,
        };
        let after = latest(&family.all);
        let name = self.name_for(new.record, kind)?;
        let fact = Fact {
            id: name.id,
            record: new.record,
            kind: new.kind,
            version: 1,
            after,
            stamp: self.own.clock.stamp(&self.reading),
            observed: name.observed,
            was: None,
            body: new.body,
        };
        let bytes = fact.encode();
        if bytes.len() > MAX_FACT_BYTES {
            return Err(Error::TooLong);
        }
        let hash = FactHash::of(&bytes);
        let below = self.own.chain.running_hash();
        let chain_below = if name.chained { &below[..] } else { &[] };
        let row = NewRow {
            fact: &fact,
            bytes: &bytes,
            hash: &hash,
            chain_below,
            state: State::Local,
        };
        facts::insert(self.connection, &row)?;
        if name.chained {
            self.own.chain = self.own.chain.then(&hash);
        }
        for (name, value) in new.side {
            if name == SideName::Photo {
                let names = saddlebag_records::fact::photos::names(&value).unwrap_or_default();
                self.photos
                    .extend(names.iter().map(|hash| (*hash, fact.record, fact.id)));
            }
            let side = SideValue {
                record: fact.record,
                fact: fact.id,
                name,
                value,
            };
            side_values::insert(self.connection, &side)?;
        }
        links::remember(self.connection, &fact)?;
        let (record, id) = (fact.record, fact.id);
        self.touched.insert(record);
        if family.others.is_empty() && links::linked_by(&fact).is_none() {
            family.all.push(fact.clone());
            family.own.push(StoredFact {
                fact,
                hash,
                state: State::Local,
            });
            self.in_hand.insert(record, family);
        }
        Ok(id)
    }

    /// The name of the next fact. Tips and appeals go under one-time numbers and tell nothing of this phone's clocks:
    /// a boot's id in two of them would give away what the number hides.
    fn name_for(&mut self, record: RecordId, kind: RecordKind) -> Result<Name> {
        if matches!(kind, RecordKind::Tip | RecordKind::Appeal) {
            let id = match identity::take_one_time(self.connection, record)? {
                Some((number, n)) => FactId::new(number, n),
                None => {
                    self.own.next_waiting += 1;
                    FactId::new(WAITING, self.own.next_waiting - 1)
                }
            };
            return Ok(Name {
                id,
                observed: None,
                chained: false,
            });
        }
        let observed = observation_to_write(self.own.observed.as_ref(), &self.reading);
        if observed.is_some() {
            self.own.observed = observed;
        }
        self.own.next_n += 1;
        Ok(Name {
            id: FactId::new(self.author.device, self.own.next_n - 1),
            observed,
            chained: true,
        })
    }

    /// Edits a record's plan: all of it in one change, under this installation's own actor.
    pub(crate) fn edit(&mut self, record: RecordId, edits: &[PlanEdit]) -> Result<()> {
        let kind = records::kind_of(self.connection, record)?.ok_or(Error::UnknownRecord(record))?;
        let snapshot = plans::snapshot(self.connection, record)?;
        let actor = identity::actor(self.connection)?;
        let Some(edited) = edit(kind, snapshot.as_deref(), actor, edits)? else {
            return Ok(());
        };
        let fields: Vec<&str> = edited.fields.iter().map(String::as_str).collect();
        self.check(|role| may_edit_plan(role, kind, &fields, AT_BEST))?;
        plans::insert_change(
            self.connection,
            record,
            kind,
            &edited.header,
            &edited.change,
            State::Local,
        )?;
        plans::save(self.connection, record, &edited.snapshot, &edited.view)?;
        self.touched.insert(record);
        Ok(())
    }

    /// What the county will refuse for good is refused here at once. What it judges by its own, newer knowledge, such as
    /// who has the record by now, is left to it.
    fn check_fact(&self, new: &NewFact) -> Result<()> {
        let wrote_the_voided = match new.body.fact(field::FACT).filter(|_| new.kind.is_correction()) {
            Some(voided) => identity::is_own(self.connection, voided.device)?,
            None => true,
        };
        let relation = Relation {
            wrote_the_voided,
            is_party: is_party(new.kind, &new.body, self.author.person),
            ..AT_BEST
        };
        self.check(|role| may_write_fact(role, new.kind, 1, relation))?;
        Ok(tip_text::check_words(new.kind, &new.body)?)
    }

    fn check(&self, verdict: impl Fn(Role) -> Verdict) -> Result<()> {
        match self.author.role.map(verdict) {
            Some(Verdict::Refuse(refusal)) => Err(Error::NotTheirs(refusal.code())),
            _ => Ok(()),
        }
    }

    /// Makes anew what screens read of the records that were touched, and stores the counters.
    fn finish(self) -> Result<Vec<RecordId>> {
        self.own.save(self.connection)?;
        let reader = Reader::of(&self.author);
        project::anew(
            self.connection,
            &reader,
            &self.touched,
            BTreeSet::new(),
            self.in_hand,
        )
    }
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// As near as a person can stand to a record.
const AT_BEST: Relation = Relation {
    ever_given: true,
    created: true,
    given_now: true,
    assigned_now: true,
    assigned_to_another: false,
    wrote_the_voided: true,
    is_party: true,
};

/// What a new fact is called.
struct Name {
    id: FactId,
    observed: Option<Observed>,
    /// Whether it goes under the device's own number, and so into its chain.
    chained: bool,
}

fn check_side(side: &[(SideName, Vec<u8>)]) -> Result<()> {
    let names: BTreeSet<SideName> = side.iter().map(|(name, _)| *name).collect();
    let fits = side.iter().all(|(name, value)| name.fits(value));
    if fits && names.len() == side.len() {
        Ok(())
    } else {
        Err(Error::UnfitSideValue)
    }
}
