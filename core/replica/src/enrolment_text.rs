use saddlebag_records::id::CountyId;
use serde::{Deserialize, Serialize};

use crate::server_key::ServerKey;

/// What the QR of an enrolment says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct EnrolmentText {
    /// Where the county's server is.
    pub address: String,
    /// The code that was given to the person.
    pub code: String,
    /// The county.
    pub county: Option<CountyId>,
    /// The key that the server must show; none where its certificate is to be believed.
    pub server_key: Option<ServerKey>,
}

const SCHEME: &str = "saddlebag:";

/// Reads `saddlebag:ADDRESS#COUNTY#CODE` or `saddlebag:ADDRESS#COUNTY#CODE#KEY`, as the QR holds it. None for anything
/// else; the county may be left out, where the server serves one alone.
pub fn read_enrolment(text: &str) -> Option<EnrolmentText> {
    let text = text.trim();
    let (scheme, rest) = text.split_at_checked(SCHEME.len())?;
    // A QR that somebody made in capitals is packed more tightly, and means the same.
    if !scheme.eq_ignore_ascii_case(SCHEME) {
        return None;
    }
    let mut parts = rest.split('#');
    let (address, county, code) = (parts.next()?, parts.next()?, parts.next()?);
    let county = match county {
        "" => None,
        id => Some(id.parse().ok()?),
    };
    let server_key = match parts.next() {
        None => None,
        Some(key) => Some(key.parse().ok()?),
    };
    if address.is_empty() || code.is_empty() || parts.next().is_some() {
        return None;
    }
    Some(EnrolmentText {
        address: address.to_owned(),
        code: code.to_owned(),
        county,
        server_key,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COUNTY: &str = "000102030405060708090a0b0c0d0e0f";

    #[test]
    fn the_text_that_the_county_writes_is_read() {
        let said = EnrolmentText {
            address: "https://sync.example:8470".to_owned(),
            code: "7K3M-9QXT-2BVA".to_owned(),
            county: COUNTY.parse().ok(),
            server_key: None,
        };
        assert!(said.county.is_some());
        let text = format!("saddlebag:https://sync.example:8470#{COUNTY}#7K3M-9QXT-2BVA");
        assert_eq!(read_enrolment(&text), Some(said.clone()));
        assert_eq!(read_enrolment(&format!(" {text}\n")), Some(said.clone()));
        let capitals = text
            .replace("saddlebag", "SADDLEBAG")
            .replace(COUNTY, &COUNTY.to_uppercase());
        assert_eq!(read_enrolment(&capitals), Some(said.clone()));
        let none = read_enrolment("saddlebag:https://sync.example:8470##7K3M-9QXT-2BVA");
        let without = EnrolmentText {
            county: None,
            ..said.clone()
        };
        assert_eq!(none, Some(without));
        let key = "0f".repeat(32);
        let with_key = read_enrolment(&format!("{text}#{}", key.to_uppercase())).unwrap();
        assert_eq!(with_key.server_key.unwrap().to_string(), key);
        assert_eq!(
            EnrolmentText {
                server_key: None,
                ..with_key
            },
            said
        );
    }

    #[test]
    fn anything_else_is_not() {
        let county = COUNTY;
        for text in [
            "".to_owned(),
            "saddlebag:".to_owned(),
            "https://sync.example".to_owned(),
            "YT8812345678901".to_owned(),
            "saddlebag:https://sync.example#7K3M".to_owned(),
            format!("saddlebag:#{county}#7K3M"),
            format!("saddlebag:https://sync.example#{county}#"),
            format!("saddlebag:https://sync.example#{county}#7K3M#more"),
            "saddlebag:https://sync.example#abc#7K3M".to_owned(),
            format!("saddlebag:https://sync.example#{county}#7K3M#"),
            format!("saddlebag:https://sync.example#{county}#7K3M#{}", "0f".repeat(31)),
            format!("saddlebag:https://sync.example#{county}#7K3M#{}", "0g".repeat(32)),
            format!(
                "saddlebag:https://sync.example#{county}#7K3M#{}#",
                "0f".repeat(32)
            ),
        ] {
            assert_eq!(read_enrolment(&text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(text in "(saddlebag:)?\\PC{0,60}") {
            let _ = read_enrolment(&text);
        }
    }
}
