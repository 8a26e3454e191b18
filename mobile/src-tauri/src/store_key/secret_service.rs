//! The key in the Secret Service of a Linux desktop: GNOME Keyring, KWallet, KeePassXC.

use std::sync::Arc;

use dbus_secret_service::{Collection, EncryptionType, SecretService};
use dbus_secret_service_keyring_store::Store;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use saddlebag_replica::StoreKey;

use super::from_text;
use crate::error::{Answer, Refusal};

const SERVICE: &str = "Saddlebag";
/// How long somebody may take to type the password of their key store, in seconds.
const TO_UNLOCK_S: u64 = 120;

pub(super) enum Found {
    Key(StoreKey),
    /// It answers, and it has no such key.
    Nothing,
}

/// The key of this name. Where the key store is locked, its owner is asked to unlock it.
pub(super) fn load(name: &str) -> Answer<Found> {
    if !is_open(TO_UNLOCK_S) {
        return Err(Refusal::KEY_STORE_LOCKED);
    }
    let entry = entry(name).map_err(|_| Refusal::KEY_STORE_LOCKED)?;
    match entry.get_password() {
        Ok(text) => from_text(&text).map(Found::Key),
        Err(Error::NoEntry) => Ok(Found::Nothing),
        Err(Error::BadEncoding(_)) => Err(Refusal::KEY_UNREADABLE),
        Err(_) => Err(Refusal::KEY_STORE_LOCKED),
    }
}

/// Keeps a new key, if a key store is open now: nobody is asked to set one up. Answers whether it is kept, which it
/// is only when it can be read again.
pub(super) fn keep(name: &str, key: &StoreKey) -> bool {
    let text = hex::encode(key.0);
    is_open(0)
        && entry(name)
            .and_then(|entry| {
                entry.set_password(&text)?;
                entry.get_password()
            })
            .is_ok_and(|kept| kept == text)
}

/// Destroys the key of this name.
pub(super) fn forget(name: &str) -> Answer<()> {
    if !is_open(TO_UNLOCK_S) {
        return Err(Refusal::KEY_STORE_LOCKED);
    }
    match entry(name).and_then(|entry| entry.delete_credential()) {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(_) => Err(Refusal::KEY_STORE_LOCKED),
    }
}

/// Whether a key store runs, lasts and is unlocked. Where it is locked, its owner has so many seconds to unlock it;
/// with none they are not asked.
fn is_open(seconds: u64) -> bool {
    let Ok(service) = SecretService::connect_with_max_prompt_timeout(EncryptionType::Dh, seconds) else {
        return false;
    };
    // What is kept for the session alone is gone with it.
    let lasts = |collection: &Collection<'_>| !collection.path.ends_with("/session");
    let collection = service.get_default_collection().ok().filter(lasts);
    collection.is_some_and(|collection| collection.ensure_unlocked().is_ok())
}

fn entry(name: &str) -> Result<Entry, Error> {
    let store: Arc<Store> = Store::new()?;
    store.build(SERVICE, name, None)
}
