use serde::{Deserialize, Serialize};

use super::Import;

/// What to do with a kind of record that comes in files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum SheetVerb {
    /// Adds those of a file. What is there already stays as it is.
    Import(Import),
}

/// What to do with carriers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum TermsVerb {
    /// Adds those of a file. What is there already stays as it is.
    Import(Import),
    /// Adds terms of cooperation: who does the last leg where, for how much.
    Terms(Import),
}

/// What to import from a carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum ImportVerb {
    /// Announces the parcels of a file. What was announced already stays as it is.
    Deliveries(DeliveryImport),
}

/// How to import parcels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Args)]
pub struct DeliveryImport {
    /// The file.
    #[command(flatten)]
    pub import: Import,
    /// A number whose last parcel has ended stands for a new parcel.
    #[arg(long)]
    pub new_generation: bool,
}

/// What to do with a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum PlanVerb {
    /// Writes a field.
    Set {
        /// A waybill number or an id.
        record: String,
        /// The field, as `docs/records.md` names it; of a map `FIELD.KEY`.
        field: String,
        /// A text, a number, a code's name, a time (`2026-06-01T09:00+08:00`), a key or an id, `LAT,LON`.
        value: String,
    },
    /// Takes a field's value away.
    Clear {
        /// A waybill number or an id.
        record: String,
        /// The field; of a map `FIELD.KEY`.
        field: String,
    },
    /// Adds a value to a list.
    Add {
        /// A waybill number or an id.
        record: String,
        /// The field.
        field: String,
        /// The value; of a list of items `NAME=VALUE;NAME=VALUE`, the first name of which may be left out.
        value: String,
    },
    /// Takes a value out of a list.
    Remove {
        /// A waybill number or an id.
        record: String,
        /// The field.
        field: String,
        /// The value; of an item that of its first field.
        value: String,
    },
}

/// What to do with facts that do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum DiscrepancyVerb {
    /// Lists what is open.
    List,
    /// Closes what is open about a record, by a fact.
    Close {
        /// A waybill number or an id.
        record: String,
        /// The fact that stands, where one does.
        #[arg(long, value_name = "FACT")]
        stands: Option<String>,
        /// Only the discrepancy with this fact in it. Without it, all that is open.
        #[arg(long, value_name = "FACT")]
        about: Option<String>,
        /// Why, at most 200 characters.
        #[arg(long)]
        note: String,
    },
}

/// What to do with counted cash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum CountVerb {
    /// Lists hand-ins and counts that are not settled, names masked.
    List,
    /// Explains the difference between a hand-in and its count, which settles them.
    Settle {
        /// Whose cash.
        courier: String,
        /// The number of the hand-in.
        number: u32,
        /// Why they differ, at most 200 characters.
        #[arg(long)]
        note: String,
    },
}
