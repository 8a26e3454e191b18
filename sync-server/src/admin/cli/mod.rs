//! The words of the command line: what `saddlebag-sync-server admin` takes.
//!
//! A verb is parsed here, with the files that it names already read, and carried out wherever the folder is open.

mod backups;
mod cases;
mod county;
mod forgetting;
mod ordered;
mod records;
mod run;
mod told;
mod turn;

use std::path::PathBuf;

use saddlebag_records::id::CountyId;
use serde::{Deserialize, Serialize};

pub use backups::{BackupVerb, RestoreVerb};
pub use cases::{AppealVerb, CaseVerb, TipVerb};
pub use county::{CountyVerb, DeviceVerb, ExportVerb, HeldVerb, PeopleVerb, TlsVerb};
pub use forgetting::ForgetVerb;
pub use records::{CountVerb, DeliveryImport, DiscrepancyVerb, ImportVerb, PlanVerb, SheetVerb, TermsVerb};
pub use run::{run, tell_failure};
pub(super) use turn::Turn;

use super::sheet::CsvFile;

/// The operator's verbs. They speak to the server that has the folder, and open the folder where none has.
#[derive(Debug, clap::Args)]
pub struct Admin {
    /// Where and as whom.
    #[command(flatten)]
    pub how: How,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// Where a verb is carried out, as whom, and how its answer is written.
#[derive(Clone, Debug, clap::Args)]
pub struct How {
    /// The server's folder.
    #[arg(long, global = true, env = "SADDLEBAG_DATA", default_value = "saddlebag-data")]
    pub data: PathBuf,
    /// The county, where the folder has several.
    #[arg(long, global = true, env = "SADDLEBAG_COUNTY")]
    pub county: Option<CountyId>,
    /// Who does it: a person's id or key.
    #[arg(long = "as", global = true, env = "SADDLEBAG_AS", value_name = "PERSON")]
    pub by: Option<String>,
    /// Why: for what shows or exports personal data, kept in the auditor's log.
    #[arg(long, global = true, value_name = "TEXT")]
    pub why: Option<String>,
    /// The second person that an export of personal data needs.
    #[arg(long, global = true, value_name = "PERSON")]
    pub second: Option<String>,
    /// Where a second copy of every journal is kept: as of `serve`.
    #[arg(long, global = true, env = "SADDLEBAG_JOURNAL_COPY", value_name = "DIR")]
    pub journal_copy: Option<PathBuf>,
    /// Where backups go: as of `serve`.
    #[arg(long, global = true, env = "SADDLEBAG_BACKUP_DIR", value_name = "DIR")]
    pub backup_dir: Option<PathBuf>,
    /// One line of JSON instead of text.
    #[arg(long, global = true)]
    pub json: bool,
    /// For simulations, where no server runs: as of `serve`.
    #[arg(
        long,
        global = true,
        hide = true,
        env = "SADDLEBAG_CLOCK_OFFSET_FILE",
        value_name = "FILE"
    )]
    pub clock_offset_file: Option<PathBuf>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Counties.
    #[command(subcommand)]
    County(CountyVerb),
    /// The keys of a server without a public name. Of the whole folder.
    #[command(subcommand)]
    Tls(TlsVerb),
    /// Who works for the county.
    #[command(subcommand)]
    People(PeopleVerb),
    /// Stations, drop points, rest stations, transfer grounds.
    #[command(subcommand)]
    Places(SheetVerb),
    /// Carriers and their terms.
    #[command(subcommand)]
    Carriers(TermsVerb),
    /// Households.
    #[command(subcommand)]
    Households(SheetVerb),
    /// Where households stay in which season.
    #[command(subcommand)]
    Camps(SheetVerb),
    /// Parcels from a carrier's list.
    #[command(subcommand)]
    Import(ImportVerb),
    /// A code with which a person's phone becomes a device, good once and for 15 minutes.
    Code {
        /// Whose phone.
        person: String,
        /// The server's address as the phone reaches it, such as `https://sync.example:8470`: draws a QR code too.
        #[arg(long, env = "SADDLEBAG_ADDRESS", value_name = "URL")]
        address: Option<String>,
    },
    /// Gives deliveries, pickups and errands that are nobody's yet to a person.
    Assign {
        /// Waybill numbers or ids.
        #[arg(required = true)]
        records: Vec<String>,
        /// To whom.
        person: String,
    },
    /// The same, whoever they were given to before.
    Reassign {
        /// Waybill numbers or ids.
        #[arg(required = true)]
        records: Vec<String>,
        /// To whom.
        person: String,
    },
    /// Cancels deliveries, pickups and errands.
    Cancel {
        /// Waybill numbers or ids.
        #[arg(required = true)]
        records: Vec<String>,
        /// A word for whoever carries it, at most 200 characters.
        #[arg(long)]
        note: Option<String>,
    },
    /// What ought to happen to a record.
    #[command(subcommand)]
    Plan(PlanVerb),
    /// A record: its status, its plan and its facts. Wants `--as` and `--why`.
    Show {
        /// A waybill number or an id.
        record: String,
    },
    /// What couriers reported, for triage.
    #[command(subcommand)]
    Tip(TipVerb),
    /// Public problems, as triage released them.
    #[command(subcommand)]
    Case(CaseVerb),
    /// Couriers' own matters, for the liaison.
    #[command(subcommand)]
    Appeal(AppealVerb),
    /// Facts that do not fit together.
    #[command(subcommand)]
    Discrepancy(DiscrepancyVerb),
    /// Cash that stations counted.
    #[command(subcommand)]
    Count(CountVerb),
    /// Every device, and what it last said that it holds.
    Devices {
        /// What to do with them.
        #[command(subcommand)]
        verb: DevicesVerb,
    },
    /// One device.
    #[command(subcommand)]
    Device(DeviceVerb),
    /// What is kept and shown to nobody.
    #[command(subcommand)]
    Held(HeldVerb),
    /// Forgets what is due, or who asks for it. What is due goes every night by itself.
    #[command(subcommand)]
    Forget(ForgetVerb),
    /// Lists and statistics, as CSV.
    #[command(subcommand)]
    Export(ExportVerb),
    /// Takes a backup, beside a server that runs; or looks at one.
    Backup(BackupVerb),
    /// Looks at every row of the county, beside a server that runs, whether it is as it was written.
    Scrub,
    /// Restores a county from a backup, where no server runs, and begins a new epoch of it.
    Restore(RestoreVerb),
    /// Who saw and exported what. For auditors.
    Audit {
        /// What to do with it.
        #[command(subcommand)]
        verb: AuditVerb,
    },
}

impl Verb {
    /// Its first word: what a log says of it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::County(_) => "county",
            Self::Tls(_) => "tls",
            Self::People(_) => "people",
            Self::Places(_) => "places",
            Self::Carriers(_) => "carriers",
            Self::Households(_) => "households",
            Self::Camps(_) => "camps",
            Self::Import(_) => "import",
            Self::Code { .. } => "code",
            Self::Assign { .. } => "assign",
            Self::Reassign { .. } => "reassign",
            Self::Cancel { .. } => "cancel",
            Self::Plan(_) => "plan",
            Self::Show { .. } => "show",
            Self::Tip(_) => "tip",
            Self::Case(_) => "case",
            Self::Appeal(_) => "appeal",
            Self::Discrepancy(_) => "discrepancy",
            Self::Count(_) => "count",
            Self::Devices { .. } => "devices",
            Self::Device(_) => "device",
            Self::Held(_) => "held",
            Self::Forget(_) => "forget",
            Self::Export(_) => "export",
            Self::Backup(_) => "backup",
            Self::Scrub => "scrub",
            Self::Restore(_) => "restore",
            Self::Audit { .. } => "audit",
        }
    }
}

/// What to do with every device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum DevicesVerb {
    /// Lists them.
    List,
    /// Lets devices that wait for it be served, after a county was restored without its journal.
    Confirm {
        /// Their numbers.
        #[arg(required = true)]
        devices: Vec<u64>,
    },
}

/// What to do with the auditor's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum AuditVerb {
    /// Lists it, oldest first.
    List {
        /// The number of an entry, after which to begin.
        #[arg(long, default_value_t = 0)]
        after: u64,
        /// The most entries.
        #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
}

/// A file of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Args)]
pub struct Import {
    /// A CSV file; `docs/operations.md` lists its columns.
    #[arg(value_parser = open)]
    pub file: CsvFile,
    /// Lists the id of every row too.
    #[arg(long)]
    pub ids: bool,
}

fn open(path: &str) -> Result<CsvFile, String> {
    CsvFile::open(path).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
