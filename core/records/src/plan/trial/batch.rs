//! The changes of one trial and what becomes of each.

use std::collections::{HashMap, VecDeque};

use super::past::Past;
use super::{MAX_ATTEMPTS, MAX_PLAN_CHANGES, MAX_PLAN_OPS, Plan, Verdict};
use crate::id::ActorId;
use crate::kind::RecordKind;
use crate::plan::change::{ChangeHeader, SoundChange};
use crate::plan::chunk::{ChangeHash, Chunk};
use crate::plan::document::Document;
use crate::plan::guard::{Judgement, Sender, judge_sound};
use crate::plan::refusal::GuardRefusal;

pub(super) struct Batch<'a> {
    bytes: &'a [&'a [u8]],
    sound: Vec<Option<SoundChange<'a>>>,
    hashes: Vec<Option<ChangeHash>>,
    /// Those that the guard let through, each after what it hangs on.
    fit: Vec<usize>,
    pub(super) verdicts: Vec<Verdict>,
}

/// How much the plan may still grow.
struct Room {
    changes: usize,
    ops: u64,
}

impl Room {
    fn after(headers: &[ChangeHeader]) -> Self {
        let written = headers
            .iter()
            .filter(|header| header.actor != ActorId::ZERO)
            .count();
        let ops = headers.iter().map(|header| header.ops).sum();
        Self {
            changes: MAX_PLAN_CHANGES.saturating_sub(written),
            ops: MAX_PLAN_OPS.saturating_sub(ops),
        }
    }

    fn take(&mut self, change: &ChangeHeader) -> bool {
        match (self.changes.checked_sub(1), self.ops.checked_sub(change.ops)) {
            (Some(changes), Some(ops)) => {
                *self = Self { changes, ops };
                true
            }
            _ => false,
        }
    }
}

impl<'a> Batch<'a> {
    /// Judges every change, each after those of the same call that it hangs on.
    pub(super) fn judge(
        kind: RecordKind,
        sender: Sender<'_>,
        bytes: &'a [&'a [u8]],
        headers: &[ChangeHeader],
    ) -> Self {
        let (mut sound, mut hashes, mut verdicts) = (Vec::new(), Vec::new(), Vec::new());
        for bytes in bytes {
            let change = SoundChange::read(kind, bytes);
            verdicts.push(
                change
                    .as_ref()
                    .map_or_else(|refusal| Verdict::Refused(*refusal), |_| Verdict::Later),
            );
            let sound_hash = change.as_ref().ok().map(|change| change.header.hash);
            hashes.push(sound_hash.or_else(|| Some(Chunk::read(bytes).ok()?.hash)));
            sound.push(change.ok());
        }
        let mut batch = Self {
            bytes,
            sound,
            hashes,
            fit: Vec::new(),
            verdicts,
        };
        let (mut history, mut room) = (Document::history(headers), Room::after(headers));
        let mut past = Past::new(kind, headers);
        let mut turn: VecDeque<usize> = (0..bytes.len()).collect();
        let mut waits_for: HashMap<ChangeHash, Vec<usize>> = HashMap::new();
        while let Some(n) = turn.pop_front() {
            let open = batch.verdicts.get(n).is_some_and(Verdict::is_open);
            let Some(Some(change)) = batch.sound.get(n).filter(|_| open) else {
                continue;
            };
            let verdict = match judge_sound(change, sender, &history) {
                Judgement::Known(header) => Verdict::Known(header),
                Judgement::Refused(refusal) => Verdict::Refused(refusal),
                Judgement::Waiting { header, missing } => {
                    missing
                        .iter()
                        .for_each(|dep| waits_for.entry(*dep).or_default().push(n));
                    Verdict::Waiting { header, missing }
                }
                Judgement::Fit(_) if !past.holds_what_is_named(change) => {
                    Verdict::Refused(GuardRefusal::Reference)
                }
                Judgement::Fit(header) if !room.take(&header) => Verdict::Refused(GuardRefusal::PlanTooLarge),
                Judgement::Fit(header) => {
                    history.add(&header);
                    past.add(&header);
                    batch.fit.push(n);
                    turn.extend(waits_for.remove(&header.hash).unwrap_or_default());
                    Verdict::Admitted(header)
                }
            };
            batch.set(n, verdict);
        }
        batch
    }

    /// Tries what fits, all of it at once; where that fails, halves of it, until the bad ones stand alone.
    pub(super) fn try_on(&mut self, plan: &mut Plan<'_>) {
        let mut turn = vec![self.fit.clone()];
        while let Some(mut part) = turn.pop() {
            self.orphan();
            part.retain(|n| matches!(self.verdicts.get(*n), Some(Verdict::Admitted(_))));
            if part.is_empty() {
                continue;
            }
            if plan.attempts >= MAX_ATTEMPTS {
                part.into_iter().for_each(|n| self.set(n, Verdict::Later));
                continue;
            }
            let changes: Vec<_> = part.iter().filter_map(|n| self.sound.get(*n)?.as_ref()).collect();
            let bytes: Vec<_> = part.iter().filter_map(|n| self.bytes.get(*n).copied()).collect();
            match (plan.attempt(&changes, &bytes), part.as_slice()) {
                (Ok(()), _) => {}
                (Err(refusal), [n]) => self.set(*n, Verdict::Refused(refusal)),
                (Err(_), _) => {
                    let second = part.split_off(part.len() / 2);
                    turn.extend([second, part]);
                }
            }
        }
    }

    /// Refuses what hangs on a refused change, puts off what hangs on one that was put off, and gives every copy
    /// of a change the same verdict.
    pub(super) fn orphan(&mut self) {
        loop {
            let verdicts = self.hashes.iter().zip(&self.verdicts);
            let out: HashMap<ChangeHash, Verdict> = verdicts
                .filter(|(_, verdict)| matches!(verdict, Verdict::Refused(_) | Verdict::Later))
                .filter_map(|(hash, verdict)| Some(((*hash)?, verdict.clone())))
                .collect();
            let mut settled = true;
            for verdict in &mut self.verdicts {
                let Some(header) = verdict.header() else { continue };
                let hangs_on = || header.deps.iter().find_map(|dep| out.get(dep));
                let next = match (out.get(&header.hash), hangs_on()) {
                    (Some(copy), _) => copy.clone(),
                    (None, Some(Verdict::Later)) => Verdict::Later,
                    (None, Some(_)) => Verdict::Refused(GuardRefusal::Orphaned),
                    (None, None) => continue,
                };
                *verdict = next;
                settled = false;
            }
            if settled {
                return;
            }
        }
    }

    fn set(&mut self, n: usize, verdict: Verdict) {
        if let Some(slot) = self.verdicts.get_mut(n) {
            *slot = verdict;
        }
    }
}
