use saddlebag_records::id::CountyId;
use serde::{Deserialize, Serialize};

use super::AdminError;
use super::cli::{How, Verb};

/// A verb, and as whom it is to be carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The county; none where the folder has one alone.
    pub county: Option<CountyId>,
    /// Who does it: a person's id or key.
    pub by: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// The second person of an export.
    pub second: Option<String>,
    /// What to do.
    pub verb: Verb,
}

impl Request {
    /// What was asked for on the command line.
    pub fn new(how: &How, verb: Verb) -> Self {
        Self {
            county: how.county,
            by: how.by.clone(),
            why: how.why.clone(),
            second: how.second.clone(),
            verb,
        }
    }
}

/// What a verb did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// What there is to tell of it, as JSON.
    pub told: String,
    /// Whether a part of what was asked was refused, such as rows of a file.
    pub in_part: bool,
}

/// What became of a request.
pub type Answer = Result<Done, AdminError>;

impl Done {
    /// All of it was done.
    pub fn whole(told: impl Serialize) -> Answer {
        Self::told(told, false)
    }

    /// It was done, in part perhaps.
    pub fn told(told: impl Serialize, in_part: bool) -> Answer {
        let told = serde_json::to_string(&told);
        let told = told.map_err(|error| AdminError::new(super::code::INTERNAL, error))?;
        Ok(Self { told, in_part })
    }
}
