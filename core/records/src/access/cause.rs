use serde::{Deserialize, Serialize};

/// Why somebody sees a record: the rows of `rules/visibility.csv`. The numbers are frozen: the county stores
/// them with each grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Cause {
    /// Couriers, clerks and dispatchers all see it.
    Everyone = 1,
    /// Whoever has the role sees it.
    Office = 2,
    /// The plan names them as assignee.
    Assigned = 3,
    /// They have it in their bag, or accepted the errand.
    Held = 4,
    /// It was handed over to them by somebody who had it, and has not moved since.
    Handed = 5,
    /// It lay unassigned at their station when they scanned it.
    Scanned = 6,
    /// They reached it by its waybill alone and a clerk or dispatcher confirmed it.
    Confirmed = 7,
    /// They wrote the fact that ended it.
    EndedBy = 8,
    /// They created it; for a clerk: somebody of the station did.
    Created = 9,
    /// It holds money of theirs whose settlement is open.
    Unsettled = 10,
    /// It waits overdue at a drop point that they pass next.
    NextThere = 11,
    /// It is their own hand-in, or cash that they passed on or took.
    OwnCash = 12,
    /// Hand-in and count of one number are both there, so neither can be fitted to the other.
    Matched = 13,
    /// It is their own entry among the colleagues.
    Own = 14,
    /// A colleague of their station.
    SameStation = 15,
    /// Their mentor.
    Mentor = 16,
    /// A liaison: everyone may call one.
    Liaison = 17,
    /// It is bound for, at, or from the station.
    Station = 18,
    /// An open delivery, pickup or errand that they see names it.
    Named = 19,
}

impl Cause {
    /// Every cause, in the order of its number.
    pub const ALL: [Self; 19] = [
        Self::Everyone,
        Self::Office,
        Self::Assigned,
        Self::Held,
        Self::Handed,
        Self::Scanned,
        Self::Confirmed,
        Self::EndedBy,
        Self::Created,
        Self::Unsettled,
        Self::NextThere,
        Self::OwnCash,
        Self::Matched,
        Self::Own,
        Self::SameStation,
        Self::Mentor,
        Self::Liaison,
        Self::Station,
        Self::Named,
    ];

    /// The cause with this number, if this version knows it.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| *cause as u8 == number)
    }

    /// Whether such a grant rests on a waybill that a phone scanned or typed, and so stands in the auditor's log.
    pub fn is_by_waybill(self) -> bool {
        matches!(self, Self::Scanned | Self::Confirmed)
    }
}

/// Until when a cause holds: the cells of `rules/visibility.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Until {
    /// The role does not see the record by this cause.
    #[serde(rename = "-")]
    Never,
    /// As long as the county keeps the record.
    #[serde(rename = "kept")]
    Kept,
    /// As long as the cause itself is there.
    #[serde(rename = "cause")]
    Cause,
    /// Until the settlement of the money closes, which ends the cause.
    #[serde(rename = "settlement")]
    Settlement,
    /// 30 days after the record's end.
    #[serde(rename = "end+30d")]
    EndAnd30Days,
    /// 7 days after the end of the last record that names it.
    #[serde(rename = "last_named+7d")]
    LastNamedAnd7Days,
    /// 30 days after its creation.
    #[serde(rename = "created+30d")]
    CreatedAnd30Days,
}
