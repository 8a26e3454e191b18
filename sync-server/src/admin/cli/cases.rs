use serde::{Deserialize, Serialize};

/// What to do with tips.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum TipVerb {
    /// Lists them with their texts and where they are. Wants `--as`.
    List {
        /// Answered ones too.
        #[arg(long)]
        all: bool,
    },
    /// Answers one: its reporter reads it.
    Answer {
        /// The tip's id.
        tip: String,
        /// At most 1,000 characters.
        #[arg(long, value_name = "TEXT")]
        answer: String,
        /// The case that it became.
        #[arg(long)]
        case: Option<String>,
    },
    /// Rejects one. What is about a person is destroyed everywhere, with the case that came of it.
    Reject {
        /// The tip's id.
        tip: String,
        /// Why: `about_a_person`. What is rejected for any other reason is answered.
        #[arg(long)]
        reason: String,
    },
}

/// What to do with cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum CaseVerb {
    /// Releases a tip as a case, or opens one without a tip.
    New {
        /// The tip.
        #[arg(long)]
        tip: Option<String>,
        /// What it is about; the tip's own kind where none is named.
        #[arg(long)]
        kind: Option<String>,
        /// Who decides: handled_directly, coordinated_by_township, decided_by_county.
        #[arg(long)]
        tier: String,
        /// A place's id or key; the tip's own where none is named.
        #[arg(long)]
        place: Option<String>,
        /// The text that everybody may read, at most 200 characters. The tip's own text is never taken over by itself.
        #[arg(long)]
        text: Option<String>,
        /// What its reporter is told.
        #[arg(long, value_name = "TEXT")]
        answer: Option<String>,
    },
    /// Gives a case to a body.
    Assign {
        /// The case.
        case: String,
        /// The body in charge, at most 60 characters.
        #[arg(long)]
        body: String,
        /// Until when; the tier's working days where none is named.
        #[arg(long, value_name = "TIME")]
        due: Option<String>,
    },
    /// The body has done something.
    Handled {
        /// The case.
        case: String,
        /// What, at most 1,000 characters.
        #[arg(long, value_name = "TEXT")]
        answer: String,
    },
    /// Somebody else than who handled it went there again.
    Followup {
        /// The case.
        case: String,
        /// Whether it is mended: yes or no.
        #[arg(long, value_name = "YES|NO", action = clap::ArgAction::Set, value_parser = yes_or_no)]
        satisfied: bool,
        /// What was seen, at most 200 characters.
        #[arg(long)]
        text: Option<String>,
    },
    /// Enters it in the unsatisfied register.
    Unsatisfied {
        /// The case.
        case: String,
    },
    /// Opens it again.
    Reopen {
        /// The case.
        case: String,
        /// Why, at most 200 characters.
        #[arg(long)]
        text: Option<String>,
    },
    /// Closes it.
    Close {
        /// The case.
        case: String,
    },
    /// Takes it back.
    Reject {
        /// The case.
        case: String,
        /// Why: a name of the code list `reject_reason`.
        #[arg(long)]
        reason: String,
    },
    /// Lets another case stand for it.
    Merge {
        /// The case that goes.
        case: String,
        /// The case that stands.
        into: String,
    },
    /// Lists the handling list, the unsatisfied register among it.
    List {
        /// Closed ones too.
        #[arg(long)]
        all: bool,
    },
}

/// What to do with appeals. Their words are sealed to the liaison's key, which is not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::Subcommand)]
#[serde(rename_all = "snake_case")]
pub enum AppealVerb {
    /// Lists their kinds and states, for the liaison. Wants `--as`.
    List,
}

fn yes_or_no(word: &str) -> Result<bool, &'static str> {
    match word {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("yes or no"),
    }
}
