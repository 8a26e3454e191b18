use super::*;

/// What a verb waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::admin) enum Turn {
    /// Nothing: it only reads, or reads and writes in one job of the writer.
    None,
    /// Other verbs that read before they write.
    Verb,
    /// Other imports.
    Import,
}

impl Verb {
    /// What it waits for.
    pub(in crate::admin) fn turn(&self) -> Turn {
        match self {
            Self::Places(_)
            | Self::Carriers(_)
            | Self::Households(_)
            | Self::Camps(_)
            | Self::Import(_)
            | Self::People(PeopleVerb::Import(_)) => Turn::Import,
            Self::County(_)
            | Self::Tls(_)
            | Self::People(PeopleVerb::List { .. })
            | Self::Code { .. }
            | Self::Show { .. }
            | Self::Tip(TipVerb::List { .. })
            | Self::Case(CaseVerb::List { .. })
            | Self::Appeal(AppealVerb::List)
            | Self::Discrepancy(DiscrepancyVerb::List)
            | Self::Count(CountVerb::List)
            | Self::Devices { .. }
            | Self::Device(_)
            | Self::Held(HeldVerb::List { .. } | HeldVerb::Show { .. })
            | Self::Forget(ForgetVerb::Run)
            | Self::Export(_)
            | Self::Backup(_)
            | Self::Scrub
            | Self::Restore(_)
            | Self::Audit { .. } => Turn::None,
            Self::People(_)
            | Self::Assign { .. }
            | Self::Reassign { .. }
            | Self::Cancel { .. }
            | Self::Plan(_)
            | Self::Tip(_)
            | Self::Case(_)
            | Self::Discrepancy(_)
            | Self::Count(_)
            | Self::Held(_)
            | Self::Forget(ForgetVerb::Household { .. }) => Turn::Verb,
        }
    }
}
