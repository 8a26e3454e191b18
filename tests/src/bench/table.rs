use std::fmt;
use std::time::{Duration, Instant};

/// Times of one thing, from interleaved runs.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<Duration>);

impl Sample {
    /// Takes the time of one run.
    pub fn time<T>(&mut self, run: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = run();
        self.0.push(begun.elapsed());
        done
    }

    /// How many runs there were.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Takes the times of another sample, too.
    pub fn take(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The time that this share of the runs, in hundredths, stayed within.
    pub fn percentile(&self, hundredths: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted
            .get(rank(sorted.len(), hundredths))
            .copied()
            .unwrap_or_default()
    }

    /// How many times of the other's it takes, at this percentile.
    pub fn against(&self, other: &Self, hundredths: usize) -> f64 {
        self.percentile(hundredths).as_secs_f64() / other.percentile(hundredths).as_secs_f64().max(1e-9)
    }
}

/// Counts of one thing, from several runs.
#[derive(Clone, Debug, Default)]
pub struct Numbers(Vec<u64>);

impl FromIterator<u64> for Numbers {
    fn from_iter<I: IntoIterator<Item = u64>>(numbers: I) -> Self {
        let mut numbers: Vec<u64> = numbers.into_iter().collect();
        numbers.sort_unstable();
        Self(numbers)
    }
}

impl Numbers {
    /// The number that this share of the runs, in hundredths, stayed within.
    pub fn percentile(&self, hundredths: usize) -> u64 {
        self.0
            .get(rank(self.0.len(), hundredths))
            .copied()
            .unwrap_or_default()
    }

    /// The greatest.
    pub fn most(&self) -> u64 {
        self.percentile(100)
    }
}

/// Median and p90, or one number where they are the same.
impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (median, p90) = (self.percentile(50), self.percentile(90));
        write!(f, "{median}")?;
        if p90 == median {
            Ok(())
        } else {
            write!(f, " / {p90}")
        }
    }
}

/// The place, among so many in order, of the one that this share stays within.
fn rank(count: usize, hundredths: usize) -> usize {
    (count * hundredths).div_ceil(100).saturating_sub(1)
}

/// Runs each of the two in turn, so that what else the machine does falls on both alike. A tenth goes first, unmeasured.
pub fn interleaved(
    runs: usize,
    mut ours: impl FnMut(&mut Sample),
    mut peer: impl FnMut(&mut Sample),
) -> [Sample; 2] {
    let mut unmeasured = Sample::default();
    for _ in 0..runs.div_ceil(10) {
        ours(&mut unmeasured);
        peer(&mut unmeasured);
    }
    let mut samples = [Sample::default(), Sample::default()];
    let [mine, its] = &mut samples;
    for _ in 0..runs {
        ours(mine);
        peer(its);
    }
    samples
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What it came to.
    pub came_to: String,
    /// What stands beside it, measured in the same run.
    pub beside: String,
    /// The most that it may be.
    pub at_most: String,
    /// Whether it is within that.
    pub is_within: bool,
}

/// The lines measured so far.
#[derive(Clone, Debug, Default)]
pub struct Table(Vec<Row>);

impl Table {
    /// Adds a line.
    pub fn add(&mut self, row: Row) {
        self.0.push(row);
    }

    /// Adds a line for a ratio of times at the median and at p90.
    pub fn add_times(
        &mut self,
        what: &str,
        ours: &Sample,
        peer: &Sample,
        peer_is: &str,
        most: [Option<f64>; 2],
    ) {
        let ratios = [ours.against(peer, 50), ours.against(peer, 90)];
        let is_within = ratios
            .iter()
            .zip(most)
            .all(|(ratio, most)| most.is_none_or(|most| *ratio <= most));
        let limit = |most: Option<f64>, at: &str| most.map(|most| format!("{most} × at {at}"));
        let limits = [limit(most[0], "the median"), limit(most[1], "p90")];
        self.add(Row {
            what: what.to_owned(),
            came_to: format!(
                "{:.2} × / {:.2} × ({:.3} / {:.3} ms)",
                ratios[0],
                ratios[1],
                ours.percentile(50).as_secs_f64() * 1e3,
                ours.percentile(90).as_secs_f64() * 1e3,
            ),
            beside: format!(
                "{peer_is}: {:.3} / {:.3} ms",
                peer.percentile(50).as_secs_f64() * 1e3,
                peer.percentile(90).as_secs_f64() * 1e3,
            ),
            at_most: limits.into_iter().flatten().collect::<Vec<_>>().join(", "),
            is_within,
        });
    }

    /// Prints it as Markdown; times are median / p90.
    pub fn print(&self) {
        println!("| what | came to | beside it | at most | within |\n|---|---|---|---|---|");
        for Row {
            what,
            came_to,
            beside,
            at_most,
            is_within,
        } in &self.0
        {
            println!(
                "| {what} | {came_to} | {beside} | {at_most} | {} |",
                if *is_within { "yes" } else { "**no**" }
            );
        }
    }
}
