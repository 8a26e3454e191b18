//! The trial: what the guard passed is applied to a copy, saved and loaded again before anybody else sees it.
//!
//! Of 20,000 mutated changes that a guard and a parser had let through, 1,464 made Automerge 0.12 panic and 609
//! spoiled the save. A trial takes 0.4 ms for a usual plan.

mod batch;
mod past;

use batch::Batch;

use super::change::{ChangeHeader, SoundChange};
use super::chunk::ChangeHash;
use super::document::{DamagedPlan, Document};
use super::guard::Sender;
use super::quiet::catch;
use super::refusal::GuardRefusal;
use super::start::starts;
use super::view::PlanView;
use crate::kind::RecordKind;

/// The longest saved plan, in bytes.
pub const MAX_PLAN_BYTES: usize = 256 * 1024;
/// The most changes of a plan, its starts not counted.
pub const MAX_PLAN_CHANGES: usize = 2_000;
/// The most operations of a plan: what 256 KB can hold at a run's price would take seconds to load.
pub const MAX_PLAN_OPS: u64 = 100_000;
/// The most times that one call loads, applies, saves and loads again.
pub const MAX_ATTEMPTS: usize = 64;

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is part of the plan now.
    Admitted(ChangeHeader),
    /// It was part of the plan before.
    Known(ChangeHeader),
    /// It hangs on changes that are not here; keep it and ask for them.
    Waiting {
        /// The change.
        header: ChangeHeader,
        /// What it waits for.
        missing: Vec<ChangeHash>,
    },
    /// It is not taken.
    Refused(GuardRefusal),
    /// The call had used up its attempts before this one's turn.
    Later,
}

impl Verdict {
    /// The change's header, where it is in the plan or may still come to be.
    pub fn header(&self) -> Option<&ChangeHeader> {
        match self {
            Self::Admitted(header) | Self::Known(header) | Self::Waiting { header, .. } => Some(header),
            Self::Refused(_) | Self::Later => None,
        }
    }

    fn is_open(&self) -> bool {
        matches!(self, Self::Waiting { .. } | Self::Later)
    }
}

/// What a trial came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialOutcome {
    /// The plan with all that was admitted, to be stored.
    pub snapshot: Vec<u8>,
    /// What it says.
    pub view: PlanView,
    /// Its latest changes, sorted.
    pub heads: Vec<ChangeHash>,
    /// What became of each change, in the order of the call.
    pub verdicts: Vec<Verdict>,
}

/// Tries changes on a copy of a plan. None of them can harm another: one that Automerge fails on is found by
/// halving and refused, with those that hang on it.
///
/// `snapshot` is the stored plan, none for a record that has no plan yet. Errs on a damaged snapshot alone.
pub fn trial(
    kind: RecordKind,
    snapshot: Option<&[u8]>,
    sender: Sender<'_>,
    changes: &[&[u8]],
) -> Result<TrialOutcome, DamagedPlan> {
    let open = || {
        let document = Document::open(kind, snapshot)?;
        let headers = document.headers();
        Ok((document, headers))
    };
    let (document, headers) = catch(open).unwrap_or(Err(DamagedPlan))?;
    let mut batch = Batch::judge(kind, sender, changes, &headers);
    let mut plan = Plan {
        kind,
        given: snapshot,
        reached: None,
        loaded: Some(document),
        attempts: 0,
    };
    batch.try_on(&mut plan);
    batch.orphan();
    let state = match plan.reached {
        Some(state) => state,
        None => catch(|| State::of(Document::open(kind, snapshot).ok()?))
            .flatten()
            .ok_or(DamagedPlan)?,
    };
    let State {
        snapshot,
        view,
        heads,
    } = state;
    Ok(TrialOutcome {
        snapshot,
        view,
        heads,
        verdicts: batch.verdicts,
    })
}

/// A plan that was saved and loaded again.
struct State {
    snapshot: Vec<u8>,
    view: PlanView,
    heads: Vec<ChangeHash>,
}

impl State {
    /// Saves the plan, loads it again and reads it; none where that fails or changes it.
    fn of(document: Document) -> Option<Self> {
        let snapshot = document.save();
        let again = Document::open(document.kind, Some(&snapshot)).ok()?;
        let heads = again.heads();
        (heads == document.heads()).then(|| Self {
            snapshot,
            view: PlanView::read(&again),
            heads,
        })
    }
}

/// The plan that a trial builds up, one attempt after the other.
struct Plan<'a> {
    kind: RecordKind,
    given: Option<&'a [u8]>,
    reached: Option<State>,
    /// The given plan, already loaded for the first attempt.
    loaded: Option<Document>,
    attempts: usize,
}

impl Plan<'_> {
    /// Applies changes to a copy of the plan and keeps it if all went well.
    fn attempt(&mut self, changes: &[&SoundChange<'_>], bytes: &[&[u8]]) -> Result<(), GuardRefusal> {
        self.attempts += 1;
        let (kind, loaded) = (self.kind, self.loaded.take());
        let base = self
            .reached
            .as_ref()
            .map(|state| state.snapshot.as_slice())
            .or(self.given);
        let reach = || {
            let mut document = match loaded {
                Some(document) => document,
                None => Document::open(kind, base).ok()?,
            };
            for golden in starts(kind) {
                let named = changes
                    .iter()
                    .any(|change| change.header.deps.contains(&golden.hash));
                if named && !document.contains(&golden.hash) {
                    document.add_start(golden).ok()?;
                }
            }
            document.apply(bytes.iter().copied()).ok()?;
            State::of(document)
        };
        let state = catch(reach).flatten().ok_or(GuardRefusal::Spoils)?;
        if state.snapshot.len() > MAX_PLAN_BYTES {
            return Err(GuardRefusal::PlanTooLarge);
        }
        self.reached = Some(state);
        Ok(())
    }
}
