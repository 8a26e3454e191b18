use minicbor::bytes::ByteArray;
use saddlebag_protocol::{EnrolAnswer, EnrolRequest, KeyList};

use super::drive::SyncError;
use super::tls::Trust;
use super::transport::{Transport, TransportError};
use crate::enrolment_text::EnrolmentText;
use crate::identity::{Enrolment, Person};
use crate::replica::Replica;
use crate::signed::is_key_list_signed_by;

impl Replica {
    /// Belongs to a person of a county from now on, with the code that they were given. `app` is its name and version.
    /// A device that belongs to the county already keeps its store and gets a new number.
    ///
    /// Where the code came with the server's key, the server must show that key; else a certificate for its name. What
    /// the county once said the time is does not count then: it may have been wrong, and somebody stands by.
    ///
    /// # Errors
    ///
    /// [`SyncError::Refused`] with `bad_code` or `code_spent`; otherwise as of [`Replica::sync`]. Nothing is kept then.
    pub async fn enrol(&self, said: &EnrolmentText, app: &str) -> Result<Person, SyncError> {
        let keys = self.draw_enrolment_keys();
        let request = EnrolRequest {
            code: as_it_was_meant(&said.code),
            county: said.county.map(|county| ByteArray::from(county.0)),
            public_key: keys.public_key(),
            actor: keys.actor.0,
            app: app.to_owned(),
            capabilities: None,
        };
        let trust = match said.server_key {
            Some(key) => Trust::Keys(vec![key.0]),
            None => Trust::Certificate(self.surroundings().roots.clone(), self.surroundings().built_ms),
        };
        let mut answer = Transport::new(&said.address, trust)?.enrol(&request).await?;
        // The first list is taken on trust, since it comes with the code; but it must be whole. One that follows must be
        // signed by a key that is here, which is looked at where it is kept.
        if !is_signed_by_itself(&answer) {
            return Err(TransportError::Foreign.into());
        }
        match said.server_key.map(|key| ByteArray::from(key.0)) {
            // A server that says nothing of keys, behind one that has this.
            Some(key) if answer.server_keys.is_empty() => answer.server_keys = vec![key],
            Some(key) if !answer.server_keys.contains(&key) => return Err(TransportError::WrongKey.into()),
            _ => {}
        }
        let person = Person::from(&answer.person);
        let enrolment = Enrolment {
            server: said.address.clone(),
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
    list.is_some_and(|list| is_key_list_signed_by(&answer.keys, &list, &answer.county))
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
