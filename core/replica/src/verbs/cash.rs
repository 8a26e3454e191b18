//! Cash: passed from one courier to another by a code, handed in at a station, counted there.

mod code;

pub use code::{CashCode, NotACashCode};

use rusqlite::Connection;
use saddlebag_records::access::{Role, may_create};
use saddlebag_records::fact::{Body, Fact, FactKind, field, kinds};
use saddlebag_records::id::{FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::status::Counted;
use saddlebag_records::waybill::{count_id, hand_in_id};
use serde::Serialize;

use crate::act::{Act, NewFact};
use crate::error::{Error, Result};
use crate::replica::Replica;
use crate::store::{facts, identity, plans, records};

/// Cash that was passed on, for the taker to read as a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct PassedCash {
    /// The pass.
    pub record: RecordId,
    /// What says so.
    pub fact: FactId,
    /// The taker.
    pub to: PersonId,
    /// How much, in fen.
    pub fen: u64,
    /// What the taker scans or types.
    pub code: String,
}

/// What taking cash came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "cash", rename_all = "snake_case")]
pub enum TakenCash {
    /// It is recorded.
    Taken {
        /// The pass.
        record: RecordId,
        /// What says so.
        fact: FactId,
        /// Who gave it.
        from: PersonId,
        /// How much, in fen.
        fen: u64,
    },
    /// This phone recorded it before.
    Twice {
        /// The pass.
        record: RecordId,
    },
    /// It is one's own code.
    Own,
    /// This is no such code, or it was typed wrong.
    NotACode,
}

/// A hand-in as the clerk needs it: by its number, and without the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct HandedIn {
    /// The hand-in.
    pub record: RecordId,
    /// What says so.
    pub fact: FactId,
    /// The how manyeth of this courier: the clerk types it.
    pub number: u32,
}

impl Replica {
    /// Passes cash on to a colleague. The giver owes it until the taker's phone says the same. `fen`: 0 to
    /// 10,000,000.
    ///
    /// # Errors
    ///
    /// [`Error::ToOneself`]; [`Error::TakesNoCash`] for a colleague who could never say that they took it; else as of
    /// [`Replica::record`].
    pub fn pass_cash(&self, to: PersonId, fen: u64) -> Result<PassedCash> {
        self.act(|act| {
            let from = act.author.person;
            if from == to {
                return Err(Error::ToOneself);
            }
            if !act.takes_cash(to)? {
                return Err(Error::TakesNoCash);
            }
            let record = act.new_id();
            act.create(record, RecordKind::CashPass)?;
            let body = moved(from, to, fen);
            let fact = act.fact(NewFact::new(record, kinds::cash_pass::PASSED, body))?;
            Ok(passed(record, fact, (from, to), fen))
        })
    }

    /// The code of cash that this installation passed on, to be shown again; none where it did not, or took it back.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn cash_code(&self, record: RecordId) -> Result<Option<PassedCash>> {
        self.read(|connection| {
            let all = facts::of_record(connection, record)?.facts();
            let Some(fact) = standing_own(connection, &all, kinds::cash_pass::PASSED)? else {
                return Ok(None);
            };
            let body = &fact.body;
            let (from, to) = (body.person(field::FROM), body.person(field::TO));
            let said = from.zip(to).zip(body.uint(field::FEN));
            Ok(said.map(|(sides, fen)| passed(record, fact.id, sides, fen)))
        })
    }

    /// Takes cash by the giver's code, scanned or typed.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn take_cash(&self, code: &str) -> Result<TakenCash> {
        let Ok(code) = code.parse::<CashCode>() else {
            return Ok(TakenCash::NotACode);
        };
        self.act(|act| {
            let CashCode { record, from, fen } = code;
            let to = act.author.person;
            if from == to {
                return Ok(TakenCash::Own);
            }
            if took(act.connection, record)? {
                return Ok(TakenCash::Twice { record });
            }
            act.create(record, RecordKind::CashPass)?;
            let body = moved(from, to, fen);
            let fact = act.fact(NewFact::new(record, kinds::cash_pass::TAKEN, body))?;
            Ok(TakenCash::Taken {
                record,
                fact,
                from,
                fen,
            })
        })
    }

    /// Hands cash in at a station. `fen`: 0 to 10,000,000.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn hand_in(&self, station: RecordId, fen: u64) -> Result<HandedIn> {
        self.act(|act| {
            let courier = act.author.person;
            let number = act.next_hand_in()?;
            let record = hand_in_id(&act.author.id_key, courier, number);
            act.create(record, RecordKind::HandIn)?;
            act.edit(record, &numbered(courier, number))?;
            let body = moved(courier, station, fen).with(field::NUMBER, u64::from(number));
            let fact = act.fact(NewFact::new(record, kinds::hand_in::HANDED_IN, body))?;
            Ok(HandedIn { record, fact, number })
        })
    }

    /// Counts the cash of a courier's hand-in, without seeing what the courier says. `fen`: 0 to 10,000,000.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn count_cash(&self, courier: PersonId, number: u32, station: RecordId, fen: u64) -> Result<FactId> {
        self.act(|act| {
            let record = count_id(&act.author.id_key, courier, number);
            act.create(record, RecordKind::Count)?;
            act.edit(record, &numbered(courier, number))?;
            let body = moved(courier, station, fen).with(field::NUMBER, u64::from(number));
            act.fact(NewFact::new(record, kinds::count::COUNTED, body))
        })
    }
}

fn passed(record: RecordId, fact: FactId, (from, to): (PersonId, PersonId), fen: u64) -> PassedCash {
    PassedCash {
        record,
        fact,
        to,
        fen,
        code: CashCode { record, from, fen }.to_string(),
    }
}

/// This installation's own fact of this kind among those of a record, unless it was taken back.
fn standing_own<'a>(connection: &Connection, all: &'a [Fact], kind: FactKind) -> Result<Option<&'a Fact>> {
    let counted = Counted::of(all);
    for fact in counted.facts().filter(|fact| fact.kind == kind) {
        if identity::is_own(connection, fact.id.device)? {
            return Ok(all.iter().find(|own| own.id == fact.id));
        }
    }
    Ok(None)
}

fn moved(from: impl Into<RecordId>, to: impl Into<RecordId>, fen: u64) -> Body {
    Body::new()
        .with(field::FROM, from.into())
        .with(field::TO, to.into())
        .with(field::FEN, fen)
}

fn numbered(courier: PersonId, number: u32) -> [PlanEdit; 2] {
    [
        PlanEdit::set("courier", courier),
        PlanEdit::set("number", i64::from(number)),
    ]
}

/// Whether this installation says already that it took this cash, and did not take that back.
pub(crate) fn took(connection: &Connection, record: RecordId) -> Result<bool> {
    let all = facts::of_record(connection, record)?.facts();
    Ok(standing_own(connection, &all, kinds::cash_pass::TAKEN)?.is_some())
}

impl Act<'_> {
    /// Whether this person may say that they took cash. Of one that is not known here nothing is held against it.
    fn takes_cash(&self, person: PersonId) -> Result<bool> {
        let plan = plans::view(self.connection, person.into())?;
        let number = plan.and_then(|plan| plan.uint("role"));
        let role = number
            .and_then(|number| u16::try_from(number).ok())
            .and_then(Role::from_number);
        Ok(role.is_none_or(|role| may_create(role, RecordKind::CashPass)))
    }

    /// The next number: above all that this installation used, and all hand-ins of this person that are here, which
    /// another phone of theirs may have made.
    fn next_hand_in(&mut self) -> Result<u32> {
        let mut next = self.own.next_hand_in;
        for record in records::of_kind(self.connection, RecordKind::HandIn)? {
            let plan = plans::view(self.connection, record)?;
            let own = plan.filter(|plan| plan.person("courier") == Some(self.author.person));
            let number = own
                .and_then(|plan| plan.uint("number"))
                .and_then(|number| u32::try_from(number).ok());
            next = next.max(number.map_or(1, |number| number.saturating_add(1)));
        }
        self.own.next_hand_in = next.saturating_add(1);
        Ok(next)
    }
}
