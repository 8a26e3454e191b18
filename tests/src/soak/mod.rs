//! The long tests, in parts that can be run alone: `make soak`, or a sample of each in `make test`.
//!
//! Each part takes a seed and a count, draws everything from the seed, and says of whatever fails with which one
//! command it comes again.

pub mod corpora;
mod filled;
pub mod fleets;
pub mod kills;
pub mod large;
pub mod mutations;
pub mod power_cuts;
pub mod targets;
mod threads;

use std::fmt::Write as _;

/// What a part came to.
#[derive(Debug, Default)]
pub struct Report {
    /// What was done, in numbers.
    pub counted: Vec<(String, u64)>,
    /// What failed, and how it comes again.
    pub failed: Vec<Failed>,
}

/// Something that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The part of `make soak`.
    pub part: &'static str,
    /// What it was drawn from.
    pub seed: u64,
    /// What is wrong.
    pub why: String,
}

impl Failed {
    /// The one command that brings it again.
    pub fn again(&self) -> String {
        format!("make soak PART={} SEED={} COUNT=1", self.part, self.seed)
    }
}

impl Report {
    /// Adds to a number.
    pub fn count(&mut self, what: &str, many: u64) {
        match self.counted.iter_mut().find(|(name, _)| name == what) {
            Some((_, sum)) => *sum += many,
            None => self.counted.push((what.to_owned(), many)),
        }
    }

    /// A number; 0 where nothing was counted under that name.
    pub fn counted(&self, what: &str) -> u64 {
        let found = self.counted.iter().find(|(name, _)| name == what);
        found.map_or(0, |(_, sum)| *sum)
    }

    /// What another piece of the same part came to.
    pub fn add(&mut self, other: Self) {
        for (what, many) in other.counted {
            self.count(&what, many);
        }
        self.failed.extend(other.failed);
    }

    /// All of it, to be read.
    pub fn told(&self) -> String {
        let mut told = String::new();
        // Writing to a String cannot fail.
        for (what, many) in &self.counted {
            let _ = writeln!(told, "{many:>12}  {what}");
        }
        for failed in &self.failed {
            let _ = writeln!(told, "FAILED: {}\n{}", failed.again(), failed.why.trim_end());
        }
        told
    }
}

/// Seeds, how many, and how many at once.
#[derive(Clone, Copy, Debug)]
pub struct Drawn {
    /// The first.
    pub seed: u64,
    /// How many, one after the other.
    pub count: u64,
    /// Threads.
    pub threads: usize,
    /// Whether the files of what fails stay.
    pub keep: bool,
}

impl Drawn {
    /// Where the files of what failed are, if they stay.
    fn files_of_failed(self, folder: tempfile::TempDir) -> String {
        if self.keep {
            format!("see {}", folder.keep().display())
        } else {
            String::new()
        }
    }

    /// So many from this seed on, on as many threads as there are processors.
    pub fn from(seed: u64, count: u64) -> Self {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            seed,
            count,
            threads,
            keep: true,
        }
    }
}
