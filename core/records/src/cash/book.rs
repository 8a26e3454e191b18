//! A courier's cash book: what came to them and what went from them, line by line.

use serde::{Deserialize, Serialize};

use crate::cash::{CashError, Movements, fen};
use crate::fact::{Fact, FactKind, field, kinds};
use crate::id::{FactId, PersonId, RecordId};

/// Why cash moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum BookKind {
    /// Given for an errand beforehand.
    Advance,
    /// Collected on a delivery.
    Collected,
    /// Paid for something bought.
    Spent,
    /// What was left of an advance.
    Change,
    /// What an advance had not covered.
    Reimbursed,
    /// Paid out to a sender.
    PaidOut,
    /// Passed on to a colleague.
    Passed,
    /// Taken from a colleague.
    Taken,
    /// Handed in at a station.
    HandedIn,
}

/// One movement of cash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct BookLine {
    /// When, UTC milliseconds, as well as its writer's phone knew.
    pub at_ms: i64,
    /// Whether that was the county's or a satellite's time.
    pub time_is_sure: bool,
    /// The record that it counts for.
    pub record: RecordId,
    /// The fact that says so.
    pub fact: FactId,
    /// Why.
    pub kind: BookKind,
    /// In fen; negative where it went from them.
    pub fen: i64,
    /// From whom, or to whom.
    pub with: RecordId,
    /// Whether it counts already; else it waits for what the other side says.
    pub counts: bool,
}

/// What a courier's cash comes to. What they owe is what was advanced, collected and taken, less what was spent, passed
/// on and handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Book {
    /// What they owe, in fen; negative where they are owed it.
    pub owed_fen: i64,
    /// Given for errands beforehand, less change, in fen.
    pub advance_fen: i64,
    /// Collected on deliveries, and reimbursed, in fen.
    pub collected_fen: i64,
    /// Spent on errands, and paid out to senders, in fen.
    pub spent_fen: i64,
    /// Passed on to colleagues, in fen.
    pub passed_fen: i64,
    /// Taken from colleagues, in fen.
    pub taken_fen: i64,
    /// Handed in, in fen.
    pub handed_in_fen: i64,
    /// The movements, the latest first.
    pub lines: Vec<BookLine>,
}

/// The cash book of a person, of these facts in any sequence and with any repeats.
///
/// # Errors
///
/// [`CashError::Overflow`].
pub fn book<'a>(facts: impl IntoIterator<Item = &'a Fact>, person: PersonId) -> Result<Book, CashError> {
    let movements = Movements::of(facts);
    let mut book = Book::default();
    for (record, fact) in &movements.counting {
        book.lines.extend(line(*record, fact, person, true));
    }
    for pass in &movements.open_passes {
        // One line for each sum that somebody says, however many say it.
        let mut said: Vec<BookLine> = Vec::new();
        for line in pass
            .words
            .iter()
            .filter_map(|fact| line(pass.record, fact, person, false))
        {
            if !said.iter().any(|other| other.fen == line.fen) {
                said.push(line);
            }
        }
        book.lines.extend(said);
    }
    let open = movements
        .settlements
        .iter()
        .filter(|(settlement, _)| !settlement.closed);
    for fact in open.filter_map(|(_, fact)| *fact) {
        book.lines.extend(line(fact.record, fact, person, false));
    }
    book.lines
        .sort_by_key(|line| (std::cmp::Reverse(line.at_ms), line.fact));
    book.add_up()?;
    Ok(book)
}

impl Book {
    fn add_up(&mut self) -> Result<(), CashError> {
        for line in self.lines.iter().filter(|line| line.counts) {
            let (sum, sign) = match line.kind {
                BookKind::Advance | BookKind::Change => (&mut self.advance_fen, 1),
                BookKind::Collected | BookKind::Reimbursed => (&mut self.collected_fen, 1),
                BookKind::Taken => (&mut self.taken_fen, 1),
                BookKind::Spent | BookKind::PaidOut => (&mut self.spent_fen, -1),
                BookKind::Passed => (&mut self.passed_fen, -1),
                BookKind::HandedIn => (&mut self.handed_in_fen, -1),
            };
            *sum = sum.checked_add(sign * line.fen).ok_or(CashError::Overflow)?;
            self.owed_fen = self.owed_fen.checked_add(line.fen).ok_or(CashError::Overflow)?;
        }
        Ok(())
    }
}

/// What a fact moved to or from a person; none where it moved nothing of theirs.
fn line(record: RecordId, fact: &Fact, person: PersonId, counts: bool) -> Option<BookLine> {
    let (from, to) = (fact.body.record(field::FROM)?, fact.body.record(field::TO)?);
    let me = RecordId::from(person);
    let (sign, with) = match (from == me, to == me) {
        (true, false) => (-1, to),
        (false, true) => (1, from),
        _ => return None,
    };
    Some(BookLine {
        at_ms: fact.stamp.hlc_ms,
        time_is_sure: fact.stamp.source.is_sure(),
        record,
        fact: fact.id,
        kind: kind_of(fact.kind, sign)?,
        fen: sign * fen(fact)?,
        with,
        counts,
    })
}

fn kind_of(kind: FactKind, sign: i64) -> Option<BookKind> {
    Some(match kind {
        kinds::delivery::CASH_COLLECTED => BookKind::Collected,
        kinds::pickup::PAID_OUT => BookKind::PaidOut,
        kinds::errand::ADVANCE_GIVEN => BookKind::Advance,
        kinds::errand::BOUGHT => BookKind::Spent,
        kinds::errand::CHANGE_GIVEN => BookKind::Change,
        kinds::errand::REIMBURSED => BookKind::Reimbursed,
        kinds::cash_pass::PASSED | kinds::cash_pass::TAKEN if sign < 0 => BookKind::Passed,
        kinds::cash_pass::PASSED | kinds::cash_pass::TAKEN => BookKind::Taken,
        kinds::hand_in::HANDED_IN | kinds::count::COUNTED => BookKind::HandedIn,
        _ => return None,
    })
}
