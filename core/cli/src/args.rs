use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// A courier's copy on this computer: record, look up, sync.
///
/// Exit codes: 0 done; 1 not done, with a stable code on stderr, such as `unknown_record` or `disk_full`; 2 the command
/// line is wrong; 3 not enrolled; 4 the server was not reached or the link broke: everything stays saved; 5 the server
/// refused; 6 the store cannot be opened (wrong, missing or unreadable key, newer version, damaged).
#[derive(Debug, Parser)]
#[command(name = "saddlebag", version)]
pub(crate) struct Args {
    /// The folder of the copy.
    #[arg(long, env = "SADDLEBAG_DIR", default_value = "saddlebag-data")]
    pub(crate) dir: PathBuf,
    /// The file with the store's key, 64 hexadecimal digits; made when there is none, and no
    /// store that it belongs to. By default beside the folder, as
    /// `DIR.key`: whoever has both can read everything.
    #[arg(long, env = "SADDLEBAG_KEY_FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Answer in JSON, one value on stdout. Errors, those of the command line too, are one line of JSON on stderr:
    /// `{"error": {"code", "text"}}`; while `sync` waits for its next try it says so there, a line each:
    /// `{"waiting": {"code", "text", "next_try_s"}}`.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Belong to a person of a county, with the code that they were given.
    Enrol {
        /// The server's address, such as `https://sync.example`, or the text of the QR.
        address: String,
        /// The code, as XXXX-XXXX-XXXX; in the QR's text already.
        code: Option<String>,
        /// The county's id, where the server has several.
        #[arg(long)]
        county: Option<String>,
        /// The key that the server must show, 64 hexadecimal digits; in the QR's text already. Without it the server's
        /// certificate must be one that is generally trusted.
        #[arg(long, value_name = "KEY")]
        server_key: Option<String>,
    },
    /// Record that something happened: `record RECORD KIND FIELD=VALUE…`, such as
    /// `record SF1234567890 delivered proof=receiver_named receiver=…`.
    Record {
        /// The record: its id, or a delivery's waybill number; or `new:KIND` for a new one.
        record: String,
        /// The fact's name, as in docs/records.md.
        fact: String,
        /// Its fields.
        fields: Vec<String>,
        /// Its phone number, as a side value. Not for a new record.
        #[arg(long)]
        phone: Option<String>,
        /// Where it happened: LATITUDE,LONGITUDE in degrees and the accuracy in metres.
        #[arg(long, value_name = "LAT,LON,METRES", allow_hyphen_values = true)]
        position: Option<String>,
    },
    /// Take a waybill number as scanned.
    Scan {
        /// The number.
        waybill: String,
        /// Take it into this station, instead of loading it out.
        #[arg(long, conflicts_with = "look")]
        into: Option<String>,
        /// Only look what it is.
        #[arg(long)]
        look: bool,
    },
    /// Edit a record's plan: `plan RECORD FIELD=VALUE…`; an empty value clears a field.
    Plan {
        /// The record: its id, or a delivery's waybill number; or `new:KIND` for a new one.
        record: String,
        /// The fields.
        #[arg(required = true)]
        fields: Vec<String>,
    },
    /// Report a public problem. Reports are about places, never about people.
    Tip {
        /// A kind of `tip_kind` in docs/records.md.
        kind: String,
        /// At most 200 characters; no phone or identity numbers, no plates.
        #[arg(long)]
        text: Option<String>,
        /// The named place that it is at.
        #[arg(long)]
        place: Option<String>,
        /// Where it is: LATITUDE,LONGITUDE in degrees and the accuracy in metres.
        #[arg(long, value_name = "LAT,LON,METRES", allow_hyphen_values = true)]
        position: Option<String>,
    },
    /// List records.
    List {
        /// `today`, `unsent`, `discrepancies`, `refused`, `forks` (that this device goes on under another number), or a kind of record in the plural such as `errands`.
        #[arg(value_enum)]
        what: What,
    },
    /// Show one record: its plan, what happened, and where each fact is.
    Show {
        /// Its id, or a delivery's waybill number.
        record: String,
    },
    /// Find records by a Chinese character, pinyin initials, a phone's last digits, a part of a waybill or a name.
    Search {
        /// What is looked for.
        text: String,
        /// The most records.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// What this person owes and holds, in fen.
    Cash,
    /// Hand cash in at a station. Answers with the number of the hand-in, which the clerk types; the sum stays unsaid.
    HandIn {
        /// How much, in fen: 0 to 10,000,000.
        fen: u64,
        /// The station's id; without it one's own station.
        #[arg(long)]
        station: Option<String>,
    },
    /// Count the cash of a courier's hand-in at a station, without seeing what the courier says.
    Count {
        /// The courier's id.
        courier: String,
        /// The number of the hand-in, as the courier's phone shows it.
        number: u32,
        /// How much, in fen: 0 to 10,000,000.
        fen: u64,
        /// The station's id; without it one's own station.
        #[arg(long)]
        station: Option<String>,
    },
    /// What is on this device alone.
    OnlyHere,
    /// Exchange everything that is new with the county.
    Sync {
        /// Use this address, instead of the one from enrolment.
        #[arg(long)]
        address: Option<String>,
        /// Go on for minutes where no server answers, instead of three tries in some seconds: for scripts at stations.
        #[arg(long)]
        patient: bool,
    },
    /// Save what can be read of a damaged copy into a new one, which takes its place; the damaged files stay beside it.
    /// Nobody may have the copy open meanwhile. What the county has comes again with the next `sync`.
    Salvage,
    /// Write a table to stdout, as CSV or with --json. Tables about people come from the county alone, with a second
    /// person and a reason (docs/privacy.md, rule 11).
    Export {
        /// Which.
        #[arg(value_enum)]
        what: Export,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    Today,
    Unsent,
    Discrepancies,
    Refused,
    Forks,
    Deliveries,
    Pickups,
    Errands,
    Tips,
    Cases,
    Appeals,
    Households,
    Consents,
    Camps,
    Places,
    Colleagues,
    Carriers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Export {
    /// Places with kind, names, hours, keeping days and services.
    Places,
    /// Carriers with kind and Kuaidi100 code.
    Carriers,
    /// A courier's own counts of items, by kind and state.
    Counts,
}
