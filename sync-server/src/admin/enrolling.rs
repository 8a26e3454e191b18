//! A code with which somebody's phone becomes a device.

use saddlebag_protocol::limits::ENROL_SECONDS;
use saddlebag_records::id::{CountyId, PersonId};
use serde::Serialize;

use super::AdminError;
use crate::county::County;
use crate::enrol::issue_code;

/// A code, once: it is kept nowhere.
#[derive(Clone, Serialize)]
pub struct Issued {
    /// Whose phone it is for.
    pub person: PersonId,
    /// The code.
    pub code: String,
    /// The county that it is for.
    pub county: CountyId,
    /// How long it lives, in seconds.
    pub seconds: u64,
    /// What the QR code says (`docs/sync-protocol.md`, "Enrolment"), where the server's address is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Draws a code for a person of the county, who must be active.
///
/// `server_key`: what the server shows, where its phones go by that. Over `https:` it is a part of the link.
pub fn issue(
    county: &County,
    person: PersonId,
    address: Option<&str>,
    server_key: Option<&str>,
) -> Result<Issued, AdminError> {
    let code = issue_code(county, person)?.to_string();
    let link = address.map(|address| {
        let address = address.trim_end_matches('/');
        let mut link = format!("saddlebag:{address}#{}#{code}", hex::encode(county.id().0));
        if let Some(key) = server_key.filter(|_| address.starts_with("https:")) {
            link.push('#');
            link.push_str(key);
        }
        link
    });
    Ok(Issued {
        person,
        code,
        county: county.id(),
        seconds: ENROL_SECONDS,
        link,
    })
}
