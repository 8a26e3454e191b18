//! The kinds of records and facts.

use serde::{Deserialize, Serialize};

/// The kinds of records (PRODUCT.md, "Records"). The number is frozen: it stands in stored facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum RecordKind {
    /// 派件: something carried to an addressee.
    Delivery = 1,
    /// 揽收: something collected from a sender.
    Pickup = 2,
    /// 代办: shopping or a service for somebody.
    Errand = 3,
    /// 随手拍: a public problem, as its reporter saw it.
    Tip = 4,
    /// 办理: a public problem, as triage released it.
    Case = 5,
    /// 诉求: a courier's own matter, for the liaison alone.
    Appeal = 6,
    /// 牧户: a household.
    Household = 7,
    /// 同意: what somebody agreed to.
    Consent = 8,
    /// 转场点: where a household stays in a season.
    Camp = 9,
    /// A station, drop point, rest station or transfer ground.
    Place = 10,
    /// 同事: somebody who works for the county.
    Colleague = 11,
    /// 承运人: a carrier.
    Carrier = 12,
    /// 转款: cash passed from one courier to another.
    CashPass = 13,
    /// 交款: cash handed in at a station.
    HandIn = 14,
    /// 点款: cash counted by a station.
    Count = 15,
    /// 共性问题: a common issue that cases link to, with the measure taken.
    CommonIssue = 16,
}

impl RecordKind {
    /// Every kind, in the order of its number.
    pub const ALL: [Self; 16] = [
        Self::Delivery,
        Self::Pickup,
        Self::Errand,
        Self::Tip,
        Self::Case,
        Self::Appeal,
        Self::Household,
        Self::Consent,
        Self::Camp,
        Self::Place,
        Self::Colleague,
        Self::Carrier,
        Self::CashPass,
        Self::HandIn,
        Self::Count,
        Self::CommonIssue,
    ];

    /// The kind with this number, if this version knows it.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }

    /// The name in code, tables and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Pickup => "pickup",
            Self::Errand => "errand",
            Self::Tip => "tip",
            Self::Case => "case",
            Self::Appeal => "appeal",
            Self::Household => "household",
            Self::Consent => "consent",
            Self::Camp => "camp",
            Self::Place => "place",
            Self::Colleague => "colleague",
            Self::Carrier => "carrier",
            Self::CashPass => "cash_pass",
            Self::HandIn => "hand_in",
            Self::Count => "count",
            Self::CommonIssue => "common_issue",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
