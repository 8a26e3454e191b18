//! Which of a record's facts shows, and which cannot hold together.

use std::collections::{BTreeMap, BTreeSet};

use super::concurrent::{Meaning, kinds_of, meaning};
use super::reading::Reading;
use super::{Notice, RecordKind};
use crate::discrepancy::{Code, Discrepancy};
use crate::fact::{Fact, FactKind};
use crate::id::FactId;

/// The most pairs that are looked at. A record with more was flooded; what was found already withholds its credit
/// and shows the flood, and a dispatcher who voids it sees what is left.
const MAX_CLASHES: usize = 4096;

/// What contends for showing in one kind of record.
pub(crate) struct Track {
    /// The kinds, from the least to the furthest on the record's way.
    pub(crate) kinds: Vec<FactKind>,
    /// Kinds that say what ought to be: they come before and after nothing.
    pub(crate) of_plan: &'static [FactKind],
    /// Kinds that say what is to come: all that happened comes after them, whenever they were written. A carrier's list is
    /// often brought in when the parcel has long been delivered.
    pub(crate) foretold: &'static [FactKind],
    /// Kinds that stay true whatever follows: each is held against every fact apart from it, not the latest alone.
    pub(crate) claims: &'static [FactKind],
    /// Those claims that end the record's way: held against each other in whatever order they came.
    pub(crate) ends: &'static [FactKind],
    /// What it is when something follows an end.
    pub(crate) after_end: Option<Code>,
    /// What two facts mean, where their kinds alone do not say it.
    pub(crate) special: fn(&Reading<'_>, &Fact, &Fact) -> Option<Meaning>,
}

impl Track {
    /// The kinds of a record that `rules/concurrent.csv` knows, but for some.
    pub(crate) fn of(record: RecordKind, but: &[FactKind]) -> Self {
        let kinds = kinds_of(record)
            .into_iter()
            .filter(|kind| !but.contains(kind))
            .collect();
        Self {
            kinds,
            of_plan: &[],
            foretold: &[],
            claims: &[],
            ends: &[],
            after_end: None,
            special: |_, _, _| None,
        }
    }

    fn rank(&self, fact: &Fact) -> Option<usize> {
        self.kinds.iter().position(|kind| *kind == fact.kind)
    }

    /// Of these facts, sorted by id, the one that shows: the furthest, and of one kind the smallest id. Any rule
    /// would do for the latter that is the same everywhere.
    fn furthest<'a>(&self, facts: impl DoubleEndedIterator<Item = &'a Fact>) -> Option<&'a Fact> {
        facts.rev().max_by_key(|fact| self.rank(fact))
    }

    /// What two facts mean.
    fn between(&self, reading: &Reading<'_>, a: &Fact, b: &Fact) -> Meaning {
        let planned = [a, b].iter().any(|fact| self.of_plan.contains(&fact.kind));
        if a.id.device == b.id.device && !planned {
            return Meaning::Agree;
        }
        (self.special)(reading, a, b).unwrap_or_else(|| meaning(a, b))
    }
}

/// How the facts of a track stand against each other.
pub(crate) struct Contest<'a> {
    /// All that contend, by their ids: not voided, and not set aside by a closing.
    pub(crate) contenders: Vec<&'a Fact>,
    /// The latest, without those that another one outdoes.
    pub(crate) standing: Vec<&'a Fact>,
    /// The one that shows.
    pub(crate) shown: Option<&'a Fact>,
    pub(crate) notices: Vec<Notice>,
    clashes: BTreeMap<(Code, [FactId; 2]), Clash>,
}

#[derive(Clone, Copy)]
struct Clash {
    /// Whether somebody is credited while it is open.
    credits: bool,
    open: bool,
}

impl<'a> Contest<'a> {
    pub(crate) fn of(reading: &Reading<'a>, track: &Track) -> Self {
        let contends = |fact: &&Fact| track.rank(fact).is_some() && !reading.closings.set_aside(fact.id);
        let contenders: Vec<&'a Fact> = reading.facts.iter().copied().filter(contends).collect();
        let mut contest = Self {
            contenders,
            standing: Vec::new(),
            shown: None,
            notices: Vec::new(),
            clashes: BTreeMap::new(),
        };
        contest.find_standing(reading, track);
        let planned = contest
            .contenders
            .iter()
            .copied()
            .filter(|fact| track.of_plan.contains(&fact.kind));
        let last: Vec<&Fact> = contest.standing.iter().copied().chain(planned).collect();
        for (a, b) in pairs(&last) {
            if contest.is_flooded() {
                break;
            }
            if let Meaning::Discrepancy(code, credits) = track.between(reading, a, b) {
                contest.add(reading, code, [a, b], credits);
            }
        }
        for (claim, other) in claims(&contest.contenders.clone(), track) {
            if contest.is_flooded() {
                break;
            }
            contest.hold_against(reading, track, claim, other);
        }
        contest
    }

    /// Matters that are open, pairs of one code that share facts together.
    pub(crate) fn discrepancies(&self) -> Vec<Discrepancy> {
        Discrepancy::grouped(self.open())
    }

    /// Whether nobody is credited: what happened is in question, was closed with nobody's fact standing, or was not
    /// looked at to its end.
    pub(crate) fn withholds_credit(&self) -> bool {
        self.is_flooded() || self.clashes.values().any(|clash| !clash.credits)
    }

    fn is_flooded(&self) -> bool {
        self.clashes.len() >= MAX_CLASHES
    }

    /// What shows, and what stands against it in an open matter.
    pub(crate) fn in_question(&self) -> impl Iterator<Item = &'a Fact> {
        let open: BTreeSet<FactId> = self.open().flat_map(|(_, facts)| facts).collect();
        let standing = self.standing.iter().copied();
        self.shown
            .into_iter()
            .chain(standing.filter(move |fact| open.contains(&fact.id)))
    }

    pub(crate) fn stands(&self, fact: &Fact) -> bool {
        self.standing.iter().any(|standing| standing.id == fact.id)
    }

    /// Adds a matter: these two cannot both hold.
    pub(crate) fn add(&mut self, reading: &Reading<'_>, code: Code, facts: [&Fact; 2], credits: bool) {
        let mut ids = facts.map(|fact| fact.id);
        ids.sort_unstable();
        if !self.is_flooded() {
            let open = !reading.closings.leave_undecided(&ids);
            self.clashes.entry((code, ids)).or_insert(Clash { credits, open });
        }
    }

    fn open(&self) -> impl Iterator<Item = (Code, [FactId; 2])> {
        self.clashes
            .iter()
            .filter(|(_, clash)| clash.open)
            .map(|(key, _)| *key)
    }

    fn find_standing(&mut self, reading: &Reading<'a>, track: &Track) {
        let (planned, mut happened): (Vec<&Fact>, Vec<&Fact>) = self
            .contenders
            .iter()
            .partition(|fact| track.of_plan.contains(&fact.kind));
        let is_foretold = |fact: &Fact| track.foretold.contains(&fact.kind);
        if !happened.iter().all(|fact| is_foretold(fact)) {
            happened.retain(|fact| !is_foretold(fact));
        }
        let latest = self.latest(reading, track, &happened);
        // Who is outdone, and by whom they are told to be.
        let mut outdone: BTreeMap<FactId, Option<FactId>> = BTreeMap::new();
        for (a, b) in pairs(&latest) {
            let (winner, loser, told) = match track.between(reading, a, b) {
                Meaning::First => (a, b, true),
                Meaning::Second => (b, a, true),
                Meaning::FirstFollows => (a, b, false),
                Meaning::SecondFollows => (b, a, false),
                Meaning::Agree | Meaning::Discrepancy(..) => continue,
            };
            let by = outdone.entry(loser.id).or_default();
            *by = by.or(told.then_some(winner.id));
        }
        let told = outdone.iter().filter_map(|(fact, by)| {
            Some(Notice::Overruled {
                fact: *fact,
                by: (*by)?,
            })
        });
        self.notices.extend(told);
        self.standing = latest
            .into_iter()
            .filter(|fact| !outdone.contains_key(&fact.id))
            .collect();
        // Only then the plan: what it says is held against what is left.
        let called_off = |plan: &Fact, fact: &Fact| track.between(reading, plan, fact) == Meaning::First;
        for plan in &planned {
            if self.standing.iter().any(|fact| !called_off(plan, fact)) {
                self.notices.push(Notice::Cancelled { fact: plan.id });
            }
        }
        let goes_on = self
            .standing
            .iter()
            .filter(|fact| !planned.iter().any(|plan| called_off(plan, fact)));
        self.shown = track
            .furthest(goes_on.copied())
            .or_else(|| track.furthest(planned.iter().copied()));
    }

    /// The latest of what happened. A fact that was set aside takes what led to it along: if not she but the station
    /// has it, then it is not in the bag of whoever says that she has.
    fn latest(&self, reading: &Reading<'a>, track: &Track, happened: &[&'a Fact]) -> Vec<&'a Fact> {
        let heads: BTreeSet<_> = reading
            .order
            .heads(happened.iter().map(|fact| fact.id))
            .into_iter()
            .collect();
        let latest: Vec<_> = happened
            .iter()
            .copied()
            .filter(|fact| heads.contains(&fact.id))
            .collect();
        let set_aside = reading.facts.iter().filter(|fact| {
            track.rank(fact).is_some()
                && !track.of_plan.contains(&fact.kind)
                && reading.closings.set_aside(fact.id)
        });
        let set_aside: Vec<_> = set_aside.collect();
        let led_to_nothing = |fact: &Fact| {
            !reading.closings.stands(fact.id)
                && set_aside
                    .iter()
                    .any(|aside| reading.order.is_before(fact.id, aside.id))
        };
        let kept: Vec<_> = latest
            .iter()
            .copied()
            .filter(|fact| !led_to_nothing(fact))
            .collect();
        let called_off = || {
            let planned = self
                .contenders
                .iter()
                .filter(|fact| track.of_plan.contains(&fact.kind));
            planned.into_iter().any(|fact| reading.closings.stands(fact.id))
        };
        if kept.is_empty() && !called_off() {
            latest
        } else {
            kept
        }
    }

    fn hold_against(&mut self, reading: &Reading<'_>, track: &Track, claim: &Fact, other: &Fact) {
        let both_end = track.ends.contains(&other.kind) && track.ends.contains(&claim.kind);
        if both_end || track.of_plan.contains(&other.kind) || reading.order.concurrent(claim.id, other.id) {
            if let Meaning::Discrepancy(code, credits) = track.between(reading, claim, other) {
                self.add(reading, code, [claim, other], credits);
            }
        } else if let Some(code) = track.after_end
            && track.ends.contains(&claim.kind)
            && !track.foretold.contains(&other.kind)
            && reading.order.is_before(claim.id, other.id)
        {
            self.add(reading, code, [claim, other], false);
        }
    }
}

/// Each claim with each other fact.
fn claims<'a, 'f>(
    facts: &'f [&'a Fact],
    track: &'f Track,
) -> impl Iterator<Item = (&'a Fact, &'a Fact)> + 'f {
    let claims = facts.iter().filter(|fact| track.claims.contains(&fact.kind));
    let others = |claim: &Fact| {
        let id = claim.id;
        facts.iter().filter(move |other| other.id != id)
    };
    claims.flat_map(move |claim| others(claim).map(move |other| (*claim, *other)))
}

fn pairs<'a, 'f>(facts: &'f [&'a Fact]) -> impl Iterator<Item = (&'a Fact, &'a Fact)> + 'f {
    facts
        .iter()
        .enumerate()
        .flat_map(|(at, a)| facts.iter().skip(at + 1).map(|b| (*a, *b)))
}
