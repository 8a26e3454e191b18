//! Checks at the end what must be so, by what was written down outside every replica and every server.

mod agreement;
mod aliases;
mod canaries;
mod county_file;
mod custody;
mod leaks;
mod losses;
mod money;
mod sight;
mod stamps;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

pub(crate) use canaries::{Canaries, Heard};
pub(crate) use county_file::CountyFile;
use losses::When;

use super::courier::Phone;
use super::ledger::Ledger;
use super::names::Names;
use super::script::Script;
use super::world::World;

/// What is wrong, one line each.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) lost: Vec<String>,
    pub(crate) duplicated: Vec<String>,
    pub(crate) disagreements: Vec<String>,
    pub(crate) leaked: Vec<String>,
    /// What should have arrived and still waits.
    pub(crate) waiting: Vec<String>,
    /// Stamps that no wrong clock excuses.
    pub(crate) misdated: Vec<String>,
}

impl Findings {
    /// What is lost is found again at each kill, and counts once.
    fn lost(&mut self, what: String) {
        if !self.lost.contains(&what) {
            self.lost.push(what);
        }
    }

    fn duplicated(&mut self, what: String) {
        self.duplicated.push(what);
    }

    fn disagrees(&mut self, what: String) {
        self.disagreements.push(what);
    }

    fn leaked(&mut self, what: String) {
        self.leaked.push(what);
    }

    fn waiting(&mut self, what: String) {
        self.waiting.push(what);
    }

    fn misdated(&mut self, what: String) {
        self.misdated.push(what);
    }

    /// Says beside each record's id what the script calls it.
    pub(crate) fn name_records(&mut self, names: &Names) {
        let items = names.items();
        let named = |word: &str| {
            let item = word
                .trim_matches(|c: char| !c.is_ascii_hexdigit())
                .parse()
                .ok()
                .and_then(|id| items.get(&id));
            item.map_or(word.to_owned(), |item| format!("{word} [{item:?}]"))
        };
        let all = [
            &mut self.lost,
            &mut self.duplicated,
            &mut self.disagreements,
            &mut self.leaked,
            &mut self.waiting,
            &mut self.misdated,
        ];
        for finding in all.into_iter().flatten() {
            *finding = finding.split(' ').map(named).collect::<Vec<_>>().join(" ");
        }
    }

    /// Writes all of it to a file.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let lines = self
            .all()
            .into_iter()
            .flat_map(|(kind, findings)| findings.iter().map(move |finding| format!("{kind}: {finding}\n")));
        Ok(std::fs::write(path, lines.collect::<String>())?)
    }

    /// Every kind of finding, with its name.
    pub(crate) fn all(&self) -> BTreeMap<&'static str, &[String]> {
        [
            ("lost", &self.lost[..]),
            ("duplicated", &self.duplicated),
            ("disagreements", &self.disagreements),
            ("leaked", &self.leaked),
            ("waiting", &self.waiting),
            ("misdated", &self.misdated),
        ]
        .into()
    }
}

/// All that the checker goes by.
pub(crate) struct Evidence<'a> {
    pub(crate) world: &'a World,
    pub(crate) script: &'a Script,
    pub(crate) names: &'a Names,
    pub(crate) ledger: &'a Ledger,
    pub(crate) phones: &'a [Phone],
    pub(crate) county: &'a CountyFile,
    pub(crate) now_ms: i64,
}

/// While phones are still syncing and the server is dead: whatever it has confirmed must be there.
pub(crate) fn check_after_kill(
    ledger: &Ledger,
    county: &CountyFile,
    phones: &[Phone],
    found: &mut Findings,
) -> Result<()> {
    let when = if ledger.county_lacks {
        When::SyncingAfterRestore
    } else {
        When::Syncing
    };
    losses::check(ledger, county, phones, when, found)
}

/// No act is at the county twice, and none that nobody did.
pub(crate) fn check_doubles(ledger: &Ledger, county: &CountyFile, found: &mut Findings) {
    losses::check_doubles(ledger, county, found);
}

/// At the end, after everybody has synced in peace.
pub(crate) fn check_at_rest(evidence: &Evidence<'_>, found: &mut Findings) -> Result<()> {
    losses::check(
        evidence.ledger,
        evidence.county,
        evidence.phones,
        When::AtRest,
        found,
    )?;
    losses::check_doubles(evidence.ledger, evidence.county, found);
    money::check(evidence, found)?;
    stamps::check(evidence, found);
    let sights = sight::Sights::new(evidence)?;
    agreement::check(evidence, &sights, found)?;
    leaks::check(evidence, &sights, found)?;
    aliases::check(evidence, found)
}
