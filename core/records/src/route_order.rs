//! Places on a route as plans hold them: numbers some way apart, so that one can be put between two, and that as few as
//! can be are written anew when a stop is moved.

/// How far apart neighbours stand that are put in order for the first time.
pub const APART: u64 = 1_024;
/// A plan holds numbers up to 2^53. What stands higher than this is numbered anew, so that there is room after it.
const HIGHEST: u64 = 1 << 52;

/// The numbers that put these in order, given those that they have; as few as can be are changed. Each is larger than
/// the one before it.
pub fn renumbered(current: &[Option<u64>]) -> Vec<u64> {
    let current: Vec<Option<u64>> = current
        .iter()
        .map(|number| number.filter(|n| *n < HIGHEST))
        .collect();
    let current = &current[..];
    let kept = kept(current);
    let mut numbers = Vec::with_capacity(current.len());
    let mut last = 0;
    let mut kept = kept.into_iter().peekable();
    for (at, number) in current.iter().enumerate() {
        let next = kept.peek().copied();
        match (next, number) {
            (Some((kept_at, kept_number)), _) if kept_at == at => {
                last = kept_number;
                kept.next();
            }
            (Some((kept_at, kept_number)), _) => {
                // In even steps up to the next one that stays.
                let steps = (kept_at - at + 1) as u64;
                last += ((kept_number - last) / steps).max(1);
            }
            (None, _) => last = last.saturating_add(APART),
        }
        numbers.push(last);
    }
    numbers
}

/// The longest run of those that can keep their numbers, with room between them for the others.
fn kept(current: &[Option<u64>]) -> Vec<(usize, u64)> {
    // What is left of a number when those before it have taken one each: these must not fall.
    let with_room = |at: usize, number: u64| number.checked_sub(at as u64 + 1);
    // The best run that ends in each, as its length and the one before.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::with_capacity(current.len());
    let room = |at: usize| {
        current
            .get(at)
            .copied()
            .flatten()
            .and_then(|number| with_room(at, number))
    };
    for at in 0..current.len() {
        let run = room(at).map_or((0, None), |own| {
            let before = (0..at)
                .filter(|before| room(*before).is_some_and(|room| room <= own))
                .max_by_key(|before| (runs.get(*before).map(|run| run.0), std::cmp::Reverse(*before)));
            let length = before.and_then(|before| runs.get(before)).map_or(0, |run| run.0);
            (length + 1, before)
        });
        runs.push(run);
    }
    let longest = (0..current.len())
        .filter(|at| room(*at).is_some())
        .max_by_key(|at| (runs.get(*at).map(|run| run.0), std::cmp::Reverse(*at)));
    let mut kept = Vec::new();
    let mut at = longest;
    while let Some(here) = at {
        kept.extend(current.get(here).copied().flatten().map(|number| (here, number)));
        at = runs.get(here).and_then(|run| run.1);
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_new_stands_apart() {
        assert_eq!(renumbered(&[None, None, None]), [1_024, 2_048, 3_072]);
        assert_eq!(renumbered(&[]), Vec::<u64>::new());
        let last = Some((1 << 53) - 1);
        assert_eq!(renumbered(&[Some(1_024), last, None]), [1_024, 2_048, 3_072]);
    }

    #[test]
    fn what_is_moved_is_put_between_two() {
        let moved_up = [Some(1_024), Some(3_072), Some(2_048), Some(4_096)];
        assert_eq!(renumbered(&moved_up), [1_024, 3_072, 3_584, 4_096]);
        let to_the_front = [Some(4_096), Some(1_024), Some(2_048), Some(3_072)];
        assert_eq!(renumbered(&to_the_front), [512, 1_024, 2_048, 3_072]);
        let to_the_end = [Some(2_048), Some(3_072), Some(1_024)];
        assert_eq!(renumbered(&to_the_end), [2_048, 3_072, 4_096]);
    }

    #[test]
    fn where_there_is_no_room_neighbours_give_way() {
        assert_eq!(
            renumbered(&[Some(1), None, Some(2), Some(1_000)]),
            [1, 334, 667, 1_000]
        );
        assert_eq!(renumbered(&[None, Some(0)]), [1_024, 2_048]);
    }

    proptest! {
        #[test]
        fn the_numbers_always_rise_and_one_move_changes_one_number(
            orders in prop::collection::btree_set(0u64..1 << 40, 1..40),
            from in any::<prop::sample::Index>(),
            to in any::<prop::sample::Index>(),
        ) {
            let mut current: Vec<Option<u64>> = orders.into_iter().map(|order| Some(order * 64 + 64)).collect();
            let moved = current.remove(from.index(current.len()));
            let to = to.index(current.len() + 1);
            current.insert(to, moved);
            let numbers = renumbered(&current);
            prop_assert!(numbers.is_sorted_by(|a, b| a < b));
            let changed = numbers.iter().zip(&current).filter(|(new, old)| Some(**new) != **old).count();
            prop_assert!(changed <= 1);
        }

        #[test]
        fn any_numbers_are_put_in_order(current in prop::collection::vec(prop::option::of(0u64..1 << 52), 0..40)) {
            let numbers = renumbered(&current);
            prop_assert_eq!(numbers.len(), current.len());
            prop_assert!(numbers.is_sorted_by(|a, b| a < b));
            prop_assert!(numbers.iter().all(|number| *number >= 1));
        }
    }
}
