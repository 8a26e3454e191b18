use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use minicbor::bytes::ByteArray;
use saddlebag_protocol::{EnrolAnswer, EnrolRequest, KeyList, KeyPurpose, SignedKeyList};

use super::drive::SyncError;
use super::transport::{Transport, TransportError};
use crate::identity::{Enrolment, Person};
use crate::replica::Replica;

impl Replica {
    /// Belongs to a person of a county from now on, with the code that they were given. `app` is its name and version.
    /// A device that belongs to the county already keeps its store and gets a new number.
    ///
    /// # Errors
    ///
    /// [`SyncError::Refused`] with `bad_code` or `code_spent`; otherwise as of [`Replica::sync`]. Nothing is kept then.
    pub async fn enrol(
        &self,
        address: &str,
        code: &str,
        county: Option<[u8; 16]>,
        app: &str,
    ) -> Result<Person, SyncError> {
        let keys = self.draw_enrolment_keys();
        let request = EnrolRequest {
            code: as_it_was_meant(code),
            county: county.map(ByteArray::from),
            public_key: keys.public_key(),
            actor: keys.actor.0,
            app: app.to_owned(),
            capabilities: None,
        };
        let answer = Transport::new(address)?.enrol(&request).await?;
        // The first list is taken on trust, since it comes with the code; but it must be whole.
        if !is_signed_by_itself(&answer) {
            return Err(TransportError::Foreign.into());
        }
        let person = Person::from(&answer.person);
        let enrolment = Enrolment {
            server: address.to_owned(),
            keys,
            answer,
        };
        let replica = self.clone();
        super::drive::blocking(move || replica.keep_enrolment(&enrolment)).await?;
        Ok(person)
    }
}

/// Upper case, without dashes and spaces, and with the digits that Crockford's base 32 has in the place of letters.
fn as_it_was_meant(code: &str) -> String {
    let meant =
        code.chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            });
    meant.collect()
}

fn is_signed_by_itself(answer: &EnrolAnswer) -> bool {
    let list: Option<KeyList> = minicbor::decode(&answer.keys.list).ok();
    list.is_some_and(|list| is_signed_by(&answer.keys, &list, &answer.county))
}

/// Whether a signing key of `trusted` signed this list for this county.
pub(super) fn is_signed_by(signed: &SignedKeyList, trusted: &KeyList, county: &[u8; 16]) -> bool {
    let signing = trusted
        .keys
        .iter()
        .filter(|key| matches!(key.purpose, KeyPurpose::Signing | KeyPurpose::NextSigning));
    let key = signing
        .filter(|key| key.id == signed.signed_by)
        .find_map(|key| VerifyingKey::from_bytes(&key.key).ok());
    let bytes = SignedKeyList::to_sign(county, &signed.list);
    key.is_some_and(|key| {
        key.verify(&bytes, &Signature::from_bytes(&signed.signature))
            .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::as_it_was_meant;

    #[test]
    fn a_code_may_be_typed_as_people_type() {
        assert_eq!(as_it_was_meant(" 7k3m-9qxt 2bva"), "7K3M9QXT2BVA");
        assert_eq!(as_it_was_meant("OIL0-1111-2222"), "011011112222");
    }
}
