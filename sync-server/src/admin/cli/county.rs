use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Import;

/// What to do with counties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum CountyVerb {
    /// Makes a county: its keys, its folder, its first admin.
    Create {
        /// What its people call it.
        #[arg(long)]
        name: String,
        /// Where the private keys go that must not stay on the server: outside its folder, once.
        #[arg(long, value_name = "DIR", value_parser = absolute)]
        keys_out: PathBuf,
        /// The first admin's name.
        #[arg(long, value_name = "NAME")]
        admin: String,
        /// What stands for the first admin in files and arguments.
        #[arg(long, value_name = "KEY")]
        admin_key: Option<String>,
    },
    /// Lists them.
    List,
}

/// What to do with the keys that phones know this server by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum TlsVerb {
    /// Makes a key for now and one for next, for `serve --tls-pinned`.
    Create,
    /// Tells what phones know the server by.
    Show,
    /// Makes the next key the one of now, and a new one the next. Phones that have not synced since the last time do not
    /// know the next one: it is refused while there are any.
    Rotate {
        /// Does it all the same: those phones must be enrolled again.
        #[arg(long)]
        leave_behind: bool,
    },
}

/// What to do with people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum PeopleVerb {
    /// Adds somebody.
    Add {
        /// Their name.
        #[arg(long)]
        name: String,
        /// What they do: courier, clerk, dispatcher, liaison, auditor, admin.
        #[arg(long)]
        role: String,
        /// Their station: an id or a key.
        #[arg(long)]
        station: Option<String>,
        /// Their work phone.
        #[arg(long)]
        phone: Option<String>,
        /// Who teaches them: an id or a key.
        #[arg(long, value_name = "PERSON")]
        mentor: Option<String>,
        /// What stands for them in files and arguments.
        #[arg(long)]
        key: Option<String>,
    },
    /// Adds those of a file.
    Import(Import),
    /// Lists them, names masked.
    List {
        /// With whole names and phones. Wants `--as` and `--why`.
        #[arg(long)]
        whole: bool,
    },
    /// Lets somebody leave: their devices get nothing any more, but may bring what they still hold.
    Revoke {
        /// Who.
        person: String,
    },
}

/// What to do with one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum DeviceVerb {
    /// It may do nothing any more.
    Revoke {
        /// Its number.
        device: u64,
    },
    /// It leaves: once a backup covers all that it wrote, it destroys what it holds.
    Retire {
        /// Its number.
        device: u64,
    },
    /// It was lost: what it still brings is kept apart, it gets nothing, and it destroys what it holds once a backup
    /// covers that.
    Lost {
        /// Its number.
        device: u64,
    },
}

/// What to do with what is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum HeldVerb {
    /// Lists it, without what it says.
    List {
        /// Only what is `waiting`, `quarantined` or `late`.
        #[arg(long)]
        state: Option<String>,
        /// The number after which to begin.
        #[arg(long, default_value_t = 0)]
        after: u64,
        /// The most entries.
        #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
    /// Shows what it says. Wants `--as` and `--why`, and starts the 90 days after which it goes.
    Show {
        /// Its number.
        held: u64,
    },
    /// Lets it count after all, if the rules let it.
    Release {
        /// Its number.
        held: u64,
    },
    /// Drops it for good.
    Drop {
        /// Its number.
        held: u64,
    },
}

/// What to export. Statistics show counts of people, households, errands and appeals in cells of at least 5 alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum ExportVerb {
    /// Every place, with the columns of its import.
    Places,
    /// Every carrier.
    Carriers,
    /// Counts by kind and month.
    Counts,
    /// Everybody who works for the county. Wants `--as`, `--why` and `--second`.
    People,
    /// Every household. Wants `--as`, `--why` and `--second`.
    Households,
    /// Every delivery. Wants `--as`, `--why` and `--second`.
    Deliveries,
}

pub(super) fn absolute(path: &str) -> std::io::Result<PathBuf> {
    std::path::absolute(path)
}
