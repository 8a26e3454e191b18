//! Whose job is next: those who wrote little lately need not wait behind those who write without pause.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use super::writer::Work;
use crate::store::Whose;

/// Jobs that wait. Start-time fair queueing: a job is due when its device's last one was done, by a clock that shows when
/// the job that is being done was due, and never before it came. So who comes once goes first, and who never pauses has
/// a turn once all others had one.
#[derive(Default)]
pub(super) struct Turns {
    waiting: BTreeMap<Whose, VecDeque<Waiting>>,
    /// When the last job of a device was done by that clock, of those for whom that is still to come.
    done: BTreeMap<Whose, Duration>,
    now: Duration,
    came: u64,
}

struct Waiting {
    came: u64,
    came_at: Duration,
    work: Work,
}

impl Turns {
    /// Waits until there is a job; false once nobody can hand one over any more.
    pub(super) fn wait(&mut self, jobs: &Receiver<Work>) -> bool {
        if self.waiting.is_empty() {
            match jobs.recv() {
                Ok(work) => self.add(work),
                Err(_) => return false,
            }
        }
        true
    }

    /// The next job of all that came.
    pub(super) fn next(&mut self, jobs: &Receiver<Work>) -> Option<Work> {
        while let Ok(work) = jobs.try_recv() {
            self.add(work);
        }
        let place = |(whose, jobs): (&Whose, &VecDeque<Waiting>)| {
            let first = jobs.front()?;
            let due = self.done.get(whose).copied().unwrap_or_default();
            Some((due.max(first.came_at), first.came, *whose))
        };
        let (due, _, whose) = self.waiting.iter().filter_map(place).min()?;
        let jobs = self.waiting.get_mut(&whose)?;
        let next = jobs.pop_front()?;
        if jobs.is_empty() {
            self.waiting.remove(&whose);
        }
        self.now = due;
        self.done.insert(whose, due);
        Some(next.work)
    }

    /// The job of this device that was given last took so long.
    pub(super) fn took(&mut self, whose: Whose, time: Duration) {
        *self.done.entry(whose).or_insert(self.now) += time;
        let (now, waiting) = (self.now, &self.waiting);
        self.done
            .retain(|whose, done| *done > now || waiting.contains_key(whose));
    }

    fn add(&mut self, work: Work) {
        self.came += 1;
        self.waiting.entry(work.whose).or_default().push_back(Waiting {
            came: self.came,
            came_at: self.now,
            work,
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use saddlebag_records::id::DeviceNumber;

    use super::*;
    use crate::store::job::Job;
    use crate::store::{Moment, StoreError, WriteTx};

    struct Nothing;

    impl Job for Nothing {
        fn run(&mut self, _: &mut dyn WriteTx) -> bool {
            true
        }

        fn answer(self: Box<Self>, _: Result<(), StoreError>) {}
    }

    fn work(whose: u64, nth: i64) -> Work {
        Work {
            whose: Some(DeviceNumber(whose)),
            moment: Moment {
                ms: nth,
                nonce: [0; 8],
            },
            job: Box::new(Nothing),
        }
    }

    /// The jobs in their turn, each by its device and its number; each takes about a millisecond.
    fn turns(turns: &mut Turns, jobs: &Receiver<Work>, most: usize) -> Vec<(u64, i64)> {
        let mut order = Vec::new();
        while order.len() < most
            && let Some(work) = turns.next(jobs)
        {
            let whose = work.whose.unwrap().0;
            turns.took(work.whose, Duration::from_micros(1_000 + whose));
            order.push((whose, work.moment.ms));
        }
        order
    }

    #[test]
    fn jobs_of_one_device_keep_their_order() {
        let (sender, jobs) = channel();
        (0..5).for_each(|nth| sender.send(work(1, nth)).unwrap());
        let order = turns(&mut Turns::default(), &jobs, 9);
        assert_eq!(order, [(1, 0), (1, 1), (1, 2), (1, 3), (1, 4)]);
    }

    #[test]
    fn who_comes_once_waits_for_nobody_who_writes_without_pause() {
        let (sender, jobs) = channel();
        let mut waiting = Turns::default();
        for nth in 0..3 {
            (1..=4).for_each(|who| sender.send(work(who, nth)).unwrap());
        }
        assert_eq!(turns(&mut waiting, &jobs, 6).len(), 6);
        sender.send(work(9, 0)).unwrap();
        assert_eq!(turns(&mut waiting, &jobs, 1), [(9, 0)]);
        // And they all go on, in turns.
        let rest = turns(&mut waiting, &jobs, 9);
        assert_eq!(rest, [(3, 1), (4, 1), (1, 2), (2, 2), (3, 2), (4, 2)]);
    }

    #[test]
    fn who_is_always_there_has_a_turn_once_all_others_had_one() {
        let (sender, jobs) = channel();
        let mut waiting = Turns::default();
        (0..2).for_each(|nth| sender.send(work(1, nth)).unwrap());
        assert_eq!(turns(&mut waiting, &jobs, 1), [(1, 0)]);
        let mut order = Vec::new();
        for who in [10, 11, 12, 10, 11] {
            sender.send(work(who, 0)).unwrap();
            order.extend(turns(&mut waiting, &jobs, 1));
        }
        assert_eq!(order, [(10, 0), (11, 0), (12, 0), (1, 1), (10, 0)]);
    }
}
