//! In which order a day's stops are best ridden.
//!
//! What is urgent or cold comes before everything else; within that, the shortest way as the crow flies, in which two
//! places with a river or a pass between them are not ridden one after the other where that can be helped. Stops are
//! put in order by their nearest neighbours and bettered by 2-opt and or-opt from many starts, which are the same for
//! the same stops.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::position::Position;

/// What riding directly between two places counts that are not directly reachable from each other, in metres: more
/// than any detour through the county.
const NOT_DIRECTLY: f64 = 1e7;
/// What is saved at least by a change that is made, in metres: less is rounding, and would go on for ever.
const LEAST_GAIN: f64 = 1e-3;
/// The longest run of stops that is moved at once.
const LONGEST_RUN: usize = 3;
/// From how many other orders the best one so far is looked for, for each stop; fewer where there are so many stops
/// that each takes long: the square of the stops times the starts is at most [`MOST_WORK`]. 60 stops take 20 ms of a
/// workstation's core, optimised.
const STARTS_PER_STOP: usize = 6;
const MOST_WORK: usize = 350_000;
/// From so many stops on, each is followed by its nearest and no more: bettering them would take minutes, and a table of
/// all ways a phone's memory.
const TOO_MANY: usize = 400;

/// A stop to be put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Where it is, or else where its village is. A stop without either is ridden last of its like.
    pub position: Option<Position>,
    /// Whether something urgent or cold is brought there, or fetched.
    pub comes_first: bool,
}

/// The order in which to ride these stops, as their indices, each once. `from` is where the ride begins.
/// `not_directly` has the pairs of stops that cannot be ridden one right after the other.
pub fn order(from: Option<Position>, stops: &[Stop], not_directly: &BTreeSet<(usize, usize)>) -> Vec<usize> {
    let placed = |first: bool| {
        let of_this_kind = stops
            .iter()
            .enumerate()
            .filter(move |(_, stop)| stop.comes_first == first);
        of_this_kind.partition::<Vec<_>, _>(|(_, stop)| stop.position.is_some())
    };
    let ((first, first_lost), (then, then_lost)) = (placed(true), placed(false));
    let ridden: Vec<usize> = first.iter().chain(&then).map(|(index, _)| *index).collect();
    let ways = Ways::between(from, stops, &ridden, not_directly);
    let mut ride = Ride::nearest(&ways, first.len());
    if ridden.len() < TOO_MANY {
        ride.shorten(&ways);
    }
    let indices = |at: &[usize]| {
        at.iter()
            .filter_map(|at| ridden.get(*at).copied())
            .collect::<Vec<_>>()
    };
    let lost = |all: &[(usize, &Stop)]| all.iter().map(|(index, _)| *index).collect::<Vec<_>>();
    let (first, then) = ride.stops.split_at(first.len());
    [indices(first), lost(&first_lost), indices(then), lost(&then_lost)].concat()
}

/// What each way counts, in metres, between the stops of a ride and from where it begins.
struct Ways<'a> {
    begin: Option<Position>,
    stops: &'a [Stop],
    ridden: Vec<usize>,
    not_directly: &'a BTreeSet<(usize, usize)>,
    count: usize,
    /// From each to each, once and for all; empty where they are too many.
    metres: Vec<f64>,
    from: Vec<f64>,
}

impl<'a> Ways<'a> {
    fn between(
        begin: Option<Position>,
        stops: &'a [Stop],
        ridden: &[usize],
        not_directly: &'a BTreeSet<(usize, usize)>,
    ) -> Self {
        let mut ways = Self {
            begin,
            stops,
            ridden: ridden.to_vec(),
            not_directly,
            count: ridden.len(),
            metres: Vec::new(),
            from: Vec::new(),
        };
        ways.from = (0..ways.count).map(|at| ways.before_the_first(at)).collect();
        if ways.count < TOO_MANY {
            let pairs = (0..ways.count).flat_map(|a| (0..ways.count).map(move |b| (a, b)));
            ways.metres = pairs.map(|(a, b)| ways.measured(a, b)).collect();
        }
        ways
    }

    fn position(&self, at: usize) -> Option<Position> {
        self.ridden
            .get(at)
            .and_then(|index| self.stops.get(*index))
            .and_then(|stop| stop.position)
    }

    fn before_the_first(&self, at: usize) -> f64 {
        let way = self.begin.zip(self.position(at));
        way.map_or(0.0, |(from, to)| from.metres_to(to))
    }

    fn measured(&self, a: usize, b: usize) -> f64 {
        let way = self.position(a).zip(self.position(b));
        let apart = way.map_or(0.0, |(a, b)| a.metres_to(b));
        let pair = self.ridden.get(a).copied().zip(self.ridden.get(b).copied());
        let is_barred = pair
            .is_some_and(|(a, b)| self.not_directly.contains(&(a, b)) || self.not_directly.contains(&(b, a)));
        if is_barred { apart + NOT_DIRECTLY } else { apart }
    }

    /// From one stop, or from the beginning, to another, or to the end, which is anywhere.
    fn metres(&self, from: Option<usize>, to: Option<usize>) -> f64 {
        match (from, to) {
            (_, None) => 0.0,
            (None, Some(to)) => self.from.get(to).copied().unwrap_or(0.0),
            (Some(from), Some(to)) => match self.metres.get(from * self.count + to) {
                Some(metres) => *metres,
                None => self.measured(from, to),
            },
        }
    }

    fn of(&self, ride: &[usize]) -> f64 {
        let before = std::iter::once(None).chain(ride.iter().map(|stop| Some(*stop)));
        before.zip(ride).map(|(a, b)| self.metres(a, Some(*b))).sum()
    }
}

/// Stops in an order, those that come first before all others.
struct Ride {
    stops: Vec<usize>,
    /// How many come first.
    first: usize,
}

impl Ride {
    /// From each stop to the nearest of those that are left.
    fn nearest(ways: &Ways<'_>, first: usize) -> Self {
        let mut left: Vec<usize> = (0..ways.count).collect();
        let mut stops: Vec<usize> = Vec::new();
        while !left.is_empty() {
            let kin = if stops.len() < first {
                0..first
            } else {
                first..ways.count
            };
            let here = stops.last().copied();
            let near = left
                .iter()
                .enumerate()
                .filter(|(_, stop)| kin.contains(stop))
                .min_by(|(_, a), (_, b)| {
                    ways.metres(here, Some(**a))
                        .total_cmp(&ways.metres(here, Some(**b)))
                });
            let Some((at, _)) = near else { break };
            stops.push(left.remove(at));
        }
        Self { stops, first }
    }

    /// Betters it until nothing betters it any more, then from other starts near the best one.
    fn shorten(&mut self, ways: &Ways<'_>) {
        self.better(ways);
        let mut best = ways.of(&self.stops);
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let count = self.stops.len().max(1);
        for _ in 0..(STARTS_PER_STOP * count).min(MOST_WORK / (count * count)) {
            let mut other = Self {
                stops: self.stops.clone(),
                first: self.first,
            };
            other.jumble(&mut dice);
            other.better(ways);
            let metres = ways.of(&other.stops);
            if metres < best {
                (best, self.stops) = (metres, other.stops);
            }
        }
    }

    /// The parts that are put in order each by itself.
    fn parts(&self) -> [Range<usize>; 2] {
        [0..self.first, self.first..self.stops.len()]
    }

    /// Swaps two neighbouring runs of stops.
    fn jumble(&mut self, dice: &mut Dice) {
        for part in self.parts() {
            let mut cuts = [0; 3].map(|_| part.start + dice.below(part.len() + 1));
            cuts.sort_unstable();
            let [a, b, c] = cuts;
            if let Some(run) = self.stops.get_mut(a..c) {
                run.rotate_left(b - a);
            }
        }
    }

    fn better(&mut self, ways: &Ways<'_>) {
        while self.turn_around(ways) || self.move_runs(ways) {}
    }

    fn at(&self, at: usize) -> Option<usize> {
        self.stops.get(at).copied()
    }

    fn before(&self, at: usize) -> Option<usize> {
        at.checked_sub(1).and_then(|at| self.at(at))
    }

    /// 2-opt: rides a run the other way round where that is shorter.
    fn turn_around(&mut self, ways: &Ways<'_>) -> bool {
        let mut shorter = false;
        for part in self.parts() {
            for from in part.clone() {
                for to in from + 1..part.end {
                    let (before, after) = (self.before(from), self.at(to + 1));
                    let (first, last) = (self.at(from), self.at(to));
                    let saved = ways.metres(before, first) + ways.metres(last, after)
                        - ways.metres(before, last)
                        - ways.metres(first, after);
                    if saved > LEAST_GAIN {
                        if let Some(run) = self.stops.get_mut(from..=to) {
                            run.reverse();
                        }
                        shorter = true;
                    }
                }
            }
        }
        shorter
    }

    /// Or-opt: rides a run of one to three stops somewhere else where that is shorter.
    fn move_runs(&mut self, ways: &Ways<'_>) -> bool {
        let mut shorter = false;
        for part in self.parts() {
            for length in 1..=LONGEST_RUN {
                for from in part.start..(part.end + 1).saturating_sub(length) {
                    shorter |= self.move_run(ways, &part, from..from + length);
                }
            }
        }
        shorter
    }

    fn move_run(&mut self, ways: &Ways<'_>, part: &Range<usize>, run: Range<usize>) -> bool {
        let (first, last) = (self.at(run.start), self.before(run.end));
        let (before, after) = (self.before(run.start), self.at(run.end));
        let saved = ways.metres(before, first) + ways.metres(last, after) - ways.metres(before, after);
        for place in (part.start..run.start).chain(run.end + 1..=part.end) {
            let (left, right) = (self.before(place), self.at(place));
            let costs =
                |first, last| ways.metres(left, first) + ways.metres(last, right) - ways.metres(left, right);
            let (straight, turned) = (costs(first, last), costs(last, first));
            if saved - straight.min(turned) > LEAST_GAIN {
                self.carry(run, place, turned < straight);
                return true;
            }
        }
        false
    }

    fn carry(&mut self, run: Range<usize>, place: usize, turned: bool) {
        let place = if place > run.start {
            place - run.len()
        } else {
            place
        };
        let mut run: Vec<usize> = self.stops.drain(run).collect();
        if turned {
            run.reverse();
        }
        self.stops.splice(place..place, run);
    }
}

/// Numbers that look random and are the same each time (xorshift64*, Vigna 2016).
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(drawn).unwrap_or(0) % count.max(1)
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    const STATION: Position = Position {
        lat_e7: 480_606_000,
        lon_e7: 864_186_000,
    };

    struct Case {
        stops: Vec<Stop>,
        not_directly: BTreeSet<(usize, usize)>,
    }

    fn case(seed: u64, count: usize) -> Case {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let stops = (0..count)
            .map(|_| Stop {
                position: Some(Position {
                    lat_e7: STATION.lat_e7 + dice.random_range(-2_000_000..2_000_000),
                    lon_e7: STATION.lon_e7 + dice.random_range(-3_000_000..3_000_000),
                }),
                comes_first: dice.random_bool(0.2),
            })
            .collect();
        let pairs = (0..count / 3).map(|_| (dice.random_range(0..count), dice.random_range(0..count)));
        let not_directly = pairs.filter(|(a, b)| a != b).collect();
        Case { stops, not_directly }
    }

    fn ways(case: &Case) -> Ways<'_> {
        let all: Vec<usize> = (0..case.stops.len()).collect();
        Ways::between(Some(STATION), &case.stops, &all, &case.not_directly)
    }

    /// What the best order there is counts, in metres: over all sets of stops and the last of each (Held and Karp).
    fn best(case: &Case, ways: &Ways<'_>) -> f64 {
        let count = case.stops.len();
        let first: usize = (0..count)
            .filter(|at| case.stops[*at].comes_first)
            .map(|at| 1 << at)
            .sum();
        let mut shortest = vec![vec![f64::INFINITY; count]; 1 << count];
        for set in 1..1usize << count {
            for last in (0..count).filter(|at| set & (1 << at) != 0) {
                let before = set & !(1 << last);
                if !case.stops[last].comes_first && before & first != first {
                    continue;
                }
                shortest[set][last] = match before {
                    0 => ways.metres(None, Some(last)),
                    _ => (0..count)
                        .map(|at| shortest[before][at] + ways.metres(Some(at), Some(last)))
                        .fold(f64::INFINITY, f64::min),
                };
            }
        }
        shortest[(1 << count) - 1]
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn more_stops_than_anybody_rides_to_are_put_in_order_all_the_same() {
        let (case, nothing) = (case(3, 2 * TOO_MANY), BTreeSet::new());
        let ordered = order(Some(STATION), &case.stops, &nothing);
        let mut all = ordered.clone();
        all.sort_unstable();
        assert_eq!(all, (0..2 * TOO_MANY).collect::<Vec<_>>());
        let as_they_came: Vec<usize> = (0..2 * TOO_MANY).collect();
        let all_ways = |ride: &[usize]| {
            let ways = Ways::between(Some(STATION), &case.stops, &as_they_came, &nothing);
            ways.of(ride)
        };
        assert!(all_ways(&ordered) < all_ways(&as_they_came) / 5.0);
    }

    #[test]
    fn nine_stops_are_within_a_twentieth_of_the_best_order() {
        for seed in 0..200 {
            let case = case(seed, 9);
            let ways = ways(&case);
            let ours = ways.of(&order(Some(STATION), &case.stops, &case.not_directly));
            let best = best(&case, &ways);
            assert!(
                ours >= best - 0.01,
                "seed {seed}: {ours} m is less than the best, {best} m"
            );
            assert!(
                ours <= 1.05 * best,
                "seed {seed}: {ours} m where {best} m are possible"
            );
        }
    }

    #[test]
    fn what_cannot_be_ridden_directly_is_not_where_there_is_another_way() {
        // Three in a row on a road; between the first and the second is a river, and the third is behind the second.
        let stops = [1, 2, 3].map(|at| Stop {
            position: Some(Position {
                lon_e7: STATION.lon_e7 + at * 100_000,
                ..STATION
            }),
            comes_first: false,
        });
        assert_eq!(order(Some(STATION), &stops, &BTreeSet::new()), [0, 1, 2]);
        assert_eq!(order(Some(STATION), &stops, &[(1, 0)].into()), [0, 2, 1]);
    }

    #[test]
    fn every_stop_is_there_once_and_what_comes_first_is_first() {
        for seed in 0..3 {
            let mut case = case(seed, 60);
            case.stops[7].position = None;
            let order = order(None, &case.stops, &case.not_directly);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..60).collect::<Vec<_>>());
            assert!(
                order.is_sorted_by_key(|at| !case.stops[*at].comes_first),
                "seed {seed}"
            );
        }
    }
}
