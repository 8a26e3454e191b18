//! Which server is believed to be the county's.
//!
//! No date of the phone's clock decides: a phone with a dead clock must sync, and one whose clock was set must not
//! believe what another would not.

mod pinned;
mod public;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;
use rustls::{CertificateError, ClientConfig};

use super::transport::TransportError;
use crate::identity::Identity;
use crate::surroundings::TrustedRoots;
use pinned::Pinned;
use public::Public;

/// BLAKE3 of a server's public key (SubjectPublicKeyInfo in DER).
pub type KeyHash = [u8; 32];

/// What a server must show before anything is sent to it.
#[derive(Clone, Debug)]
pub enum Trust {
    /// One of these keys, whatever its certificate says.
    Keys(Vec<KeyHash>),
    /// A certificate for its name by one of these authorities, which had not expired at this time (UTC milliseconds):
    /// the earliest that it can be.
    Certificate(TrustedRoots, i64),
}

impl Trust {
    /// What a device that was enrolled goes by.
    pub(crate) fn of(identity: &Identity, roots: &TrustedRoots, earliest_ms: i64) -> Self {
        if identity.server_keys.is_empty() {
            Self::Certificate(roots.clone(), earliest_ms)
        } else {
            Self::Keys(identity.server_keys.clone())
        }
    }

    /// TLS 1.3 with this trust.
    pub(super) fn config(&self) -> Result<ClientConfig, TransportError> {
        let (verifier, at_ms): (Arc<dyn ServerCertVerifier>, i64) = match self {
            Self::Keys(keys) => (Arc::new(Pinned::new(keys.clone(), PROVIDER.clone())), 0),
            Self::Certificate(roots, earliest_ms) => {
                let public = Public::new(roots.store(), *earliest_ms, PROVIDER.clone());
                (Arc::new(public.ok_or(TransportError::Untrusted)?), *earliest_ms)
            }
        };
        let config = ClientConfig::builder_with_details(PROVIDER.clone(), Arc::new(StandsStill(time(at_ms))))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(|_| TransportError::Untrusted)?;
        let mut config = config
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    /// What a failed handshake means.
    pub(super) fn failure(&self, error: &rustls::Error) -> TransportError {
        use CertificateError::{Expired, ExpiredContext};
        match (error, self) {
            (rustls::Error::InvalidCertificate(_), Self::Keys(_)) => TransportError::WrongKey,
            (rustls::Error::InvalidCertificate(Expired | ExpiredContext { .. }), _) => {
                TransportError::Expired
            }
            (rustls::Error::InvalidCertificate(_), _) => TransportError::Untrusted,
            // Another service, or somebody between who answers in the county's place.
            _ => TransportError::Foreign,
        }
    }
}

/// Of the groups to agree on a key with, the one that is shortest on the wire comes first and the hybrid ones with
/// ML-KEM are left out: they are 1.2 KB in each direction for every connection, on links that carry 5 KB a second.
static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| {
    use aws_lc_rs::kx_group::{SECP256R1, SECP384R1, X25519};
    Arc::new(CryptoProvider {
        kx_groups: vec![X25519, SECP256R1, SECP384R1],
        ..aws_lc_rs::default_provider()
    })
});

fn time(ms: i64) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_millis(u64::try_from(ms).unwrap_or(0)))
}

/// Rustls would ask the phone's clock, which may be before 1970.
#[derive(Debug)]
struct StandsStill(UnixTime);

impl TimeProvider for StandsStill {
    fn current_time(&self) -> Option<UnixTime> {
        Some(self.0)
    }
}
