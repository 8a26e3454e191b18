use saddlebag_records::cash::{BookLine, book};
use serde::Serialize;

use super::{cash, names};
use crate::error::Result;
use crate::replica::Replica;
use crate::store::identity;

/// A person's cash, line by line. What they owe is what was advanced, collected and taken, less what was spent, passed
/// on and handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct CashBook {
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
    pub lines: Vec<CashLine>,
}

/// A movement of cash, and with whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct CashLine {
    /// The movement.
    #[serde(flatten)]
    pub line: BookLine,
    /// The name of the other side, masked where it is a household's; empty where it is not known here.
    pub with_name: String,
    /// Whether this installation wrote it: then it can be corrected.
    pub is_own: bool,
}

impl Replica {
    /// This person's cash, line by line, of all that this phone knows.
    ///
    /// # Errors
    ///
    /// [`Error::Cash`](crate::Error::Cash) where sums overflow.
    pub fn cash_book(&self) -> Result<CashBook> {
        self.read(|connection| {
            let person = identity::author(connection)?.person;
            let book = book(&cash::facts(connection)?, person)?;
            let mut lines = Vec::with_capacity(book.lines.len());
            for line in book.lines {
                let with_name = names::shown_name(connection, line.with)?;
                let is_own = identity::is_own(connection, line.fact.device)?;
                lines.push(CashLine {
                    line,
                    with_name,
                    is_own,
                });
            }
            Ok(CashBook {
                owed_fen: book.owed_fen,
                advance_fen: book.advance_fen,
                collected_fen: book.collected_fen,
                spent_fen: book.spent_fen,
                passed_fen: book.passed_fen,
                taken_fen: book.taken_fen,
                handed_in_fen: book.handed_in_fen,
                lines,
            })
        })
    }
}
