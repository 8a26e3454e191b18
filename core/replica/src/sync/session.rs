use std::time::Duration;

use saddlebag_protocol::{SyncAnswer, from_frame};
use serde::Serialize;

use super::backoff::Patience;
use super::budget::Budget;
use super::request::{Composed, Outgoing, Signatory};
use super::transport::TransportError;
use crate::exchange::Pending;

/// What a session came to so far. Bytes are those of bodies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct Progress {
    /// Facts and plan changes that the county has answered for.
    pub sent: u64,
    /// Facts and plan changes that still wait.
    pub waiting: u64,
    /// Bytes sent, those of requests without an answer included.
    pub bytes_up: u64,
    /// Bytes received.
    pub bytes_down: u64,
    /// Requests, answered or not.
    pub requests: u64,
    /// Exchanges that the link cut.
    pub cuts: u64,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask again, after this long.
    Again(Duration),
    /// Leave it for another time.
    GiveUp,
}

/// The course of one syncing, with no I/O inside: it is told what is pending and what came back, and says what to
/// send, how much of it, and when.
#[derive(Clone, Debug)]
pub struct Session {
    patience: Patience,
    budget: Budget,
    nonce: [u8; 8],
    failures: u32,
    progress: Progress,
}

impl Session {
    /// A session that begins with this budget, in bytes; `nonce` is random.
    pub fn new(patience: Patience, budget: usize, nonce: [u8; 8]) -> Self {
        Self {
            patience,
            budget: Budget::from_bytes(budget),
            nonce,
            failures: 0,
            progress: Progress::default(),
        }
    }

    /// What it came to so far.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// The budget to begin the next session with, in bytes.
    pub fn budget(&self) -> usize {
        self.budget.bytes()
    }

    /// The next request. The same nonce goes out until an answer comes back, so that what the county does once for
    /// a request it does once.
    pub fn request(&mut self, outgoing: &Outgoing, signatory: &Signatory) -> Composed {
        let composed = outgoing.compose(signatory, self.nonce, self.budget.bytes());
        self.progress.waiting = items(&outgoing.pending);
        self.progress.requests += 1;
        self.progress.bytes_up += composed.frame.len() as u64;
        composed
    }

    /// An answer came back; `nonce` is a new one for the next request.
    ///
    /// # Errors
    ///
    /// [`TransportError::Foreign`] where the bytes are no answer: then nothing is known of what was sent.
    pub fn answered(
        &mut self,
        sent: &Composed,
        frame: &[u8],
        nonce: [u8; 8],
    ) -> Result<SyncAnswer, TransportError> {
        self.progress.bytes_down += frame.len() as u64;
        let answer = from_frame(frame).map_err(|_| TransportError::Foreign)?;
        self.nonce = nonce;
        self.failures = 0;
        self.budget.succeeded();
        let items = items(&sent.pushed);
        self.progress.sent += items;
        self.progress.waiting = self.progress.waiting.saturating_sub(items);
        Ok(answer)
    }

    /// No answer came; `jitter` is random.
    pub fn failed(&mut self, error: &TransportError, sent: &Composed, jitter: u8) -> Next {
        self.failures += 1;
        if *error == TransportError::Cut {
            self.progress.cuts += 1;
            self.budget.cut(sent.frame.len());
        }
        if !error.is_passing() || self.failures >= self.patience.failures {
            return Next::GiveUp;
        }
        let wait = self.patience.wait(self.failures, jitter);
        let asked = match error {
            TransportError::Refused(_, Some(seconds)) => Duration::from_secs(u64::from(*seconds)),
            _ => Duration::ZERO,
        };
        Next::Again(wait.max(asked.min(self.patience.longest)))
    }
}

fn items(pending: &Pending) -> u64 {
    (pending.facts.len() + pending.changes.len()) as u64
}
