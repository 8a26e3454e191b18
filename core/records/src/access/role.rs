use serde::{Deserialize, Serialize};

use crate::codes;

/// What somebody does for the county (PRODUCT.md, "People"). A device has one role: that of its enrolment. The
/// numbers are those of the code list `role`; they stand in stored audiences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Role {
    /// Carries, records, errands, tips.
    Courier = codes::role::COURIER as u8,
    /// Scans in, hands out, counts, at one station.
    Clerk = codes::role::CLERK as u8,
    /// Assigns, triages, settles, at the county.
    Dispatcher = codes::role::DISPATCHER as u8,
    /// Answers appeals, and nothing else.
    Liaison = codes::role::LIAISON as u8,
    /// Reads the log of who viewed and exported personal data; no record.
    Auditor = codes::role::AUDITOR as u8,
    /// People, places, carriers, devices.
    Admin = codes::role::ADMIN as u8,
}

impl Role {
    /// Every role, in the order of its number.
    pub const ALL: [Self; 6] = [
        Self::Courier,
        Self::Clerk,
        Self::Dispatcher,
        Self::Liaison,
        Self::Auditor,
        Self::Admin,
    ];

    /// Its number in the code list `role`.
    pub fn number(self) -> u16 {
        self as u16
    }

    /// The role with this number, if this version knows it.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.number() == number)
    }

    /// The name in code, tables and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Courier => "courier",
            Self::Clerk => "clerk",
            Self::Dispatcher => "dispatcher",
            Self::Liaison => "liaison",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}
