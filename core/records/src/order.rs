//! The order of a record's facts: what their `after` says, and nothing else. Clocks order nothing.

use std::collections::{BTreeSet, HashMap};

use crate::id::FactId;

/// Which facts of one record came before which.
///
/// An `after` that names a fact which is not here orders nothing until it comes, and edges inside a cycle are
/// ignored. One bit for each pair of facts: 2,000 facts take half a megabyte.
#[derive(Clone, Debug)]
pub struct Order {
    at: HashMap<FactId, usize>,
    /// A row of bits for each fact: those before it.
    before: Vec<Vec<u64>>,
}

const BITS: usize = u64::BITS as usize;

impl Order {
    /// The order among facts of which each is given with the facts that its writer saw as latest. The sequence
    /// of the facts means nothing.
    pub fn of(facts: impl IntoIterator<Item = (FactId, Vec<FactId>)>) -> Self {
        let (ids, after): (Vec<_>, Vec<_>) = facts.into_iter().unzip();
        let at: HashMap<_, _> = ids.iter().enumerate().map(|(index, id)| (*id, index)).collect();
        let after: Vec<Vec<usize>> = after
            .iter()
            .map(|ids| ids.iter().filter_map(|id| at.get(id).copied()).collect())
            .collect();
        let (sequence, cycle) = cycles(&after);
        let words = ids.len().div_ceil(BITS);
        let mut before = vec![vec![0u64; words]; ids.len()];
        for fact in sequence {
            let mut row = vec![0u64; words];
            for &earlier in after.get(fact).into_iter().flatten() {
                if cycle.get(earlier) == cycle.get(fact) {
                    continue;
                }
                add(&mut row, before.get(earlier).into_iter().flatten());
                if let Some(word) = row.get_mut(earlier / BITS) {
                    *word |= 1 << (earlier % BITS);
                }
            }
            if let Some(place) = before.get_mut(fact) {
                *place = row;
            }
        }
        Self { at, before }
    }

    /// Whether `a` came before `b`. False where one of them is not here.
    pub fn is_before(&self, a: FactId, b: FactId) -> bool {
        let (Some(a), Some(row)) = (self.at.get(&a), self.row(b)) else {
            return false;
        };
        row.get(a / BITS).is_some_and(|word| word >> (a % BITS) & 1 == 1)
    }

    /// Whether they are two facts of which neither came before the other.
    pub fn concurrent(&self, a: FactId, b: FactId) -> bool {
        a != b
            && self.at.contains_key(&a)
            && self.at.contains_key(&b)
            && !self.is_before(a, b)
            && !self.is_before(b, a)
    }

    /// Those of these facts that came before none of the others, sorted.
    pub fn heads(&self, among: impl IntoIterator<Item = FactId>) -> Vec<FactId> {
        let among: BTreeSet<FactId> = among.into_iter().collect();
        let mut overtaken = vec![0u64; self.before.len().div_ceil(BITS)];
        for row in among.iter().filter_map(|id| self.row(*id)) {
            add(&mut overtaken, row.iter());
        }
        let is_head = |id: &FactId| {
            self.at.get(id).is_some_and(|at| {
                overtaken
                    .get(at / BITS)
                    .is_some_and(|word| word >> (at % BITS) & 1 == 0)
            })
        };
        among.into_iter().filter(is_head).collect()
    }

    /// The length of the longest chain of these facts in which each came before the next.
    pub fn longest_chain(&self, among: &[FactId]) -> usize {
        let mut rest: BTreeSet<FactId> = among
            .iter()
            .copied()
            .filter(|id| self.at.contains_key(id))
            .collect();
        let mut length = 0;
        while !rest.is_empty() {
            for head in self.heads(rest.iter().copied()) {
                rest.remove(&head);
            }
            length += 1;
        }
        length
    }

    fn row(&self, id: FactId) -> Option<&Vec<u64>> {
        self.before.get(*self.at.get(&id)?)
    }
}

fn add<'a>(to: &mut [u64], row: impl Iterator<Item = &'a u64>) {
    to.iter_mut().zip(row).for_each(|(to, word)| *to |= word);
}

/// Every node in a sequence in which what it names comes first, and the number of its strongly connected
/// component (Kosaraju's algorithm). Without recursion: a hostile chain may be as long as it likes.
fn cycles(after: &[Vec<usize>]) -> (Vec<usize>, Vec<usize>) {
    let mut followers = vec![Vec::new(); after.len()];
    for (node, earlier) in after.iter().enumerate() {
        for &earlier in earlier {
            if let Some(list) = followers.get_mut(earlier) {
                list.push(node);
            }
        }
    }
    let mut seen = vec![false; after.len()];
    let mut finished = Vec::with_capacity(after.len());
    for root in 0..after.len() {
        finished.extend(walk(&followers, root, &mut seen));
    }
    let mut seen = vec![false; after.len()];
    let mut component = vec![0; after.len()];
    let mut sequence = Vec::with_capacity(after.len());
    for root in finished.into_iter().rev() {
        for node in walk(after, root, &mut seen) {
            if let Some(place) = component.get_mut(node) {
                *place = root;
            }
            sequence.push(node);
        }
    }
    (sequence, component)
}

/// What can be reached from `root` and was not seen yet, each node after all that it leads to.
fn walk(edges: &[Vec<usize>], root: usize, seen: &mut [bool]) -> Vec<usize> {
    let mut see = |node: usize| {
        seen.get_mut(node)
            .is_some_and(|seen| !std::mem::replace(seen, true))
    };
    let mut finished = Vec::new();
    let mut path = Vec::new();
    if see(root) {
        path.push((root, 0));
    }
    while let Some((node, next)) = path.last_mut() {
        match edges.get(*node).and_then(|list| list.get(*next)) {
            Some(&neighbour) => {
                *next += 1;
                if see(neighbour) {
                    path.push((neighbour, 0));
                }
            }
            None => {
                finished.push(*node);
                path.pop();
            }
        }
    }
    finished
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::id::DeviceNumber;

    fn id(n: u64) -> FactId {
        FactId::new(DeviceNumber(1 + n % 3), n)
    }

    fn order(edges: &[(u64, &[u64])]) -> Order {
        Order::of(
            edges
                .iter()
                .map(|(n, after)| (id(*n), after.iter().map(|n| id(*n)).collect())),
        )
    }

    #[test]
    fn order_is_transitive_and_clockless() {
        let order = order(&[(3, &[2]), (1, &[]), (2, &[1]), (4, &[1])]);
        assert!(order.is_before(id(1), id(3)));
        assert!(!order.is_before(id(3), id(1)));
        assert!(order.concurrent(id(3), id(4)));
        assert!(!order.concurrent(id(3), id(3)));
        assert_eq!(order.heads([id(1), id(2), id(3), id(4)]), {
            let mut heads = vec![id(3), id(4)];
            heads.sort();
            heads
        });
        assert_eq!(order.heads([id(1), id(2)]), [id(2)]);
        assert_eq!(order.longest_chain(&[id(1), id(3), id(4)]), 2);
    }

    #[test]
    fn what_is_missing_orders_nothing() {
        let order = order(&[(1, &[]), (2, &[9]), (3, &[9, 1])]);
        assert!(order.concurrent(id(1), id(2)));
        assert!(order.is_before(id(1), id(3)));
        assert!(!order.is_before(id(9), id(2)));
        assert!(!order.concurrent(id(9), id(2)));
        assert_eq!(order.heads([id(9)]), []);
    }

    #[test]
    fn edges_inside_a_cycle_are_ignored_and_those_around_it_stand() {
        // 1 before a cycle of 2, 3 and 4, of which 3 came before 5.
        let order = order(&[(1, &[]), (2, &[1, 4]), (3, &[2]), (4, &[3]), (5, &[3])]);
        for (a, b) in [(2, 3), (3, 4), (2, 4)] {
            assert!(order.concurrent(id(a), id(b)), "{a} and {b}");
        }
        assert!(order.is_before(id(1), id(2)));
        assert!(order.is_before(id(3), id(5)));
        assert!(
            order.concurrent(id(1), id(3)),
            "the way from 1 to 3 leads through the cycle"
        );
    }

    #[test]
    fn two_thousand_facts_in_one_chain() {
        let chain: Vec<_> = (1..=2000).map(|n| (id(n), vec![id(n - 1)])).collect();
        let order = Order::of(chain.into_iter().rev());
        assert!(order.is_before(id(1), id(2000)));
        assert_eq!(order.heads((1..=2000).map(id)), [id(2000)]);
    }

    fn reach(from: usize, edges: &[(usize, usize)]) -> BTreeSet<usize> {
        let mut seen = BTreeSet::from([from]);
        while let Some((_, to)) = edges.iter().find(|(x, y)| seen.contains(x) && !seen.contains(y)) {
            seen.insert(*to);
        }
        seen
    }

    const NODES: usize = 70;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// By the definition: a path of edges none of which lies inside a cycle. Two words a row are crossed.
        #[test]
        fn it_is_what_the_definition_says(edges in proptest::collection::vec((0..NODES, 0..NODES), 0..110), turn in 0..NODES) {
            let mut nodes: Vec<_> = (0..NODES).map(|n| {
                let after = edges.iter().filter(|(_, to)| *to == n).map(|(from, _)| id(*from as u64)).collect();
                (id(n as u64), after)
            }).collect();
            let order = Order::of(nodes.clone());
            nodes.rotate_left(turn);
            let turned = Order::of(nodes);
            let kept: Vec<_> = edges.iter().copied().filter(|(x, y)| !reach(*y, &edges).contains(x)).collect();
            for a in 0..NODES {
                let after_a = reach(a, &kept);
                for b in 0..NODES {
                    let (x, y) = (id(a as u64), id(b as u64));
                    prop_assert_eq!(order.is_before(x, y), a != b && after_a.contains(&b));
                    prop_assert_eq!(order.is_before(x, y), turned.is_before(x, y));
                }
            }
        }
    }
}
