use saddlebag_protocol as protocol;
use serde::{Deserialize, Serialize};

/// Why this device is to leave the county. The number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Leaving {
    /// It was retired.
    Retired = 0,
    /// It was reported lost.
    Lost = 1,
}

impl Leaving {
    pub(crate) fn from_number(number: u8) -> Self {
        if number == Self::Lost as u8 {
            Self::Lost
        } else {
            Self::Retired
        }
    }
}

impl From<protocol::Leaving> for Leaving {
    fn from(leaving: protocol::Leaving) -> Self {
        match leaving {
            protocol::Leaving::Retired => Self::Retired,
            protocol::Leaving::Lost => Self::Lost,
        }
    }
}
