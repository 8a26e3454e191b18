use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::county::absolute;

/// Takes a backup, or looks at every row of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Args)]
pub struct BackupVerb {
    /// Takes none, but opens this one and looks at every row of it. Wants `--key`.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub verify: Option<PathBuf>,
    /// The file with the operator's key: `COUNTY-backup.key`, as the county's creation wrote it.
    #[arg(long, value_name = "FILE", requires = "verify")]
    pub key: Option<PathBuf>,
    /// Where it goes, once; else where the server puts its own.
    #[arg(long, value_name = "DIR", value_parser = absolute, conflicts_with = "verify")]
    pub to: Option<PathBuf>,
}

/// Restores a county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Args)]
pub struct RestoreVerb {
    /// The backup.
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,
    /// The file with the operator's key.
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// The journal is lost, and every copy of it: devices may push alone until they are confirmed.
    #[arg(long)]
    pub without_journal: bool,
}
