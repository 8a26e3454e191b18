use serde::{Deserialize, Serialize};

/// What to forget. Wants `--as`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum ForgetVerb {
    /// All that is due by now, instead of next night.
    Run,
    /// A household that asks for it, with its camps, its consents and what it was helped with.
    Household {
        /// Its id or key.
        household: String,
    },
}
