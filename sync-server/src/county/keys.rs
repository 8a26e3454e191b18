use std::path::Path;

use ed25519_dalek::{Signer, SigningKey};
use minicbor::bytes::ByteVec;
use saddlebag_protocol::{
    Key, KeyList, KeyPurpose, Order, ServerKeys, SignedKeyList, SignedOrder, SignedServerKeys,
};
use saddlebag_records::id::CountyId;
use serde::{Deserialize, Serialize};
use x25519_dalek::{PublicKey, StaticSecret};

use super::CountyError;
use super::folder::{make_private, write_new};
use crate::outside::Outside;
use crate::sealing::{self, OperatorKey};

const FILE: &str = "keys.json";
/// What the operator's key is for.
const BACKUP: &str = "backup";

/// The keys that a county works with. Those that only its people may use are here by their public halves.
#[derive(Clone)]
pub struct CountyKeys {
    signing_id: u32,
    signing: SigningKey,
    id_key: [u8; 32],
    operator: OperatorKey,
    list: KeyList,
}

/// What is handed out once, on files outside the data folder, when a county is created.
pub(super) struct HandedOut {
    /// What the key is for: the middle of its file's name.
    pub(super) purpose: &'static str,
    pub(super) text: String,
}

/// The layout of `keys/keys.json`. Keys are in hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Grows with every change of the list that devices get.
    version: u32,
    /// Ids of deliveries, hand-ins and counts are derived with it.
    id_key: String,
    signing: KeyPair,
    next_signing: KeyPair,
    recovery: PublicHalf,
    liaison: PublicHalf,
    /// X25519: backups, and what the county's people wrote into the journal, are sealed to it.
    backup: PublicHalf,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyPair {
    id: u32,
    secret: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PublicHalf {
    id: u32,
    public: String,
}

impl CountyKeys {
    /// Draws a county's keys, writes them into its folder, and gives back the halves that must leave it.
    pub(super) fn create(
        folder: &Path,
        county: CountyId,
        outside: &dyn Outside,
    ) -> Result<(Self, Vec<HandedOut>), CountyError> {
        let pair = |id| KeyPair {
            id,
            secret: hex::encode(outside.random::<32>()),
        };
        let mut handed_out = Vec::new();
        let mut given_away = |id, purpose: &'static str| {
            let secret = StaticSecret::from(outside.random::<32>());
            let mut text = format!(
                "saddlebag {purpose} key, X25519\ncounty {county}\nkey {id}\nsecret {}\n",
                hex::encode(secret.to_bytes())
            );
            if purpose == BACKUP {
                text = for_age(&text, &secret);
            }
            handed_out.push(HandedOut { purpose, text });
            PublicHalf {
                id,
                public: hex::encode(PublicKey::from(&secret).to_bytes()),
            }
        };
        let file = File {
            version: 1,
            id_key: hex::encode(outside.random::<32>()),
            signing: pair(1),
            next_signing: pair(2),
            recovery: given_away(3, "recovery"),
            liaison: given_away(4, "liaison"),
            backup: given_away(5, BACKUP),
        };
        make_private(folder)?;
        let text = serde_json::to_vec_pretty(&file).map_err(|_| CountyError::Damaged("keys"))?;
        write_new(&folder.join(FILE), &text)?;
        Ok((Self::from_file(&file)?, handed_out))
    }

    pub(crate) fn open(folder: &Path) -> Result<Self, CountyError> {
        let text = std::fs::read(folder.join(FILE))?;
        let file = serde_json::from_slice(&text).map_err(|_| CountyError::Damaged("keys"))?;
        Self::from_file(&file)
    }

    fn from_file(file: &File) -> Result<Self, CountyError> {
        let signing = SigningKey::from_bytes(&unhex(&file.signing.secret)?);
        let next = SigningKey::from_bytes(&unhex(&file.next_signing.secret)?);
        let keys = vec![
            Key {
                id: file.signing.id,
                purpose: KeyPurpose::Signing,
                key: signing.verifying_key().to_bytes(),
            },
            Key {
                id: file.next_signing.id,
                purpose: KeyPurpose::NextSigning,
                key: next.verifying_key().to_bytes(),
            },
            Key {
                id: file.recovery.id,
                purpose: KeyPurpose::Recovery,
                key: unhex(&file.recovery.public)?,
            },
            Key {
                id: file.liaison.id,
                purpose: KeyPurpose::Liaison,
                key: unhex(&file.liaison.public)?,
            },
        ];
        Ok(Self {
            signing_id: file.signing.id,
            signing,
            id_key: unhex(&file.id_key)?,
            operator: OperatorKey::from_public(&unhex(&file.backup.public)?)
                .ok_or(CountyError::Damaged("keys"))?,
            list: KeyList {
                version: file.version,
                keys,
            },
        })
    }

    /// The key from which ids of deliveries, hand-ins and counts are derived.
    pub fn id_key(&self) -> &[u8; 32] {
        &self.id_key
    }

    /// The operator's key: backups, and what the county's people wrote into the journal, are sealed to it.
    pub(crate) fn operator(&self) -> &OperatorKey {
        &self.operator
    }

    /// The keys that devices get.
    pub fn list(&self) -> &KeyList {
        &self.list
    }

    /// The list as devices get it.
    pub fn signed_list(&self, county: CountyId) -> SignedKeyList {
        let list = encoded(&self.list);
        let signature = self.signing.sign(&SignedKeyList::to_sign(&county.0, &list));
        SignedKeyList {
            list: ByteVec::from(list),
            signed_by: self.signing_id,
            signature: signature.to_bytes(),
        }
    }

    /// An order to one device.
    pub fn signed_order(&self, county: CountyId, order: &Order) -> SignedOrder {
        let order = encoded(order);
        let signature = self.signing.sign(&SignedOrder::to_sign(&county.0, &order));
        SignedOrder {
            order: ByteVec::from(order),
            signed_by: self.signing_id,
            signature: signature.to_bytes(),
        }
    }

    /// What devices are told of the server's keys.
    pub fn signed_server_keys(&self, county: CountyId, keys: &ServerKeys) -> SignedServerKeys {
        let keys = encoded(keys);
        let signature = self.signing.sign(&SignedServerKeys::to_sign(&county.0, &keys));
        SignedServerKeys {
            keys: ByteVec::from(keys),
            signed_by: self.signing_id,
            signature: signature.to_bytes(),
        }
    }
}

fn encoded(value: &impl minicbor::Encode<()>) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a Vec cannot fail: its error type has no value.
    let _ = minicbor::encode(value, &mut bytes);
    bytes
}

/// The file of the backup key is one that `age -i` takes too.
fn for_age(text: &str, secret: &StaticSecret) -> String {
    let remarks: String = text.lines().map(|line| format!("# {line}\n")).collect();
    let line = sealing::line_of(&secret.to_bytes()).unwrap_or_default();
    format!("{remarks}{line}\n")
}

fn unhex(text: &str) -> Result<[u8; 32], CountyError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| CountyError::Damaged("keys"))?;
    Ok(bytes)
}
