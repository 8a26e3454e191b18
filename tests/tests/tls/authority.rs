//! Certificates of our own making.

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    PublicKeyData, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// From when and until when something is good, UTC seconds.
pub(crate) type Span = (u64, u64);

/// So long that no test comes near its ends.
pub(crate) const LONG: Span = (0, 8_000_000_000);

/// An authority, and one below it that makes the servers' certificates.
pub(crate) struct Authority {
    root: CertifiedIssuer<'static, KeyPair>,
    below: CertifiedIssuer<'static, KeyPair>,
}

/// What a server shows, and what it proves it with.
pub(crate) struct Shown {
    /// Its own certificate first.
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pem: String,
    key: KeyPair,
}

impl Authority {
    /// One whose lower certificate is good for so long.
    pub(crate) fn new(below: Span) -> Self {
        let root = CertifiedIssuer::self_signed(an_authority("root", LONG), key()).unwrap();
        let below = CertifiedIssuer::signed_by(an_authority("below", below), key(), &root).unwrap();
        Self { root, below }
    }

    /// What phones are to believe.
    pub(crate) fn root(&self) -> &[u8] {
        self.root.der()
    }

    /// A server's certificate for this name.
    pub(crate) fn shown(&self, name: &str, span: Span) -> Shown {
        let key = key();
        let certificate = about(name, span).signed_by(&key, &self.below).unwrap();
        Shown {
            chain: vec![certificate.der().clone(), self.below.der().clone()],
            pem: certificate.pem() + &self.below.pem(),
            key,
        }
    }
}

impl Shown {
    /// A certificate by its own key.
    pub(crate) fn by_itself() -> Self {
        let key = key();
        let certificate = about("localhost", LONG).self_signed(&key).unwrap();
        Self {
            chain: vec![certificate.der().clone()],
            pem: certificate.pem(),
            key,
        }
    }

    /// This chain with another's key.
    pub(crate) fn with_the_key_of(self, other: Self) -> Self {
        Self {
            key: other.key,
            ..self
        }
    }

    /// The chain and the key as PEM.
    pub(crate) fn pem(&self) -> (String, String) {
        (self.pem.clone(), self.key.serialize_pem())
    }

    pub(crate) fn private_key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::try_from(self.key.serialize_der()).unwrap()
    }

    /// What a phone would know the server by.
    pub(crate) fn key_hash(&self) -> [u8; 32] {
        *blake3::hash(&self.key.subject_public_key_info()).as_bytes()
    }
}

fn key() -> KeyPair {
    KeyPair::generate().unwrap()
}

fn about(name: &str, (from, until): Span) -> CertificateParams {
    let mut about = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let at = |seconds| date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds);
    (about.not_before, about.not_after) = (at(from), at(until));
    about
}

fn an_authority(name: &str, span: Span) -> CertificateParams {
    let mut about = about(name, span);
    about.subject_alt_names.clear();
    about.distinguished_name.push(DnType::CommonName, name);
    about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    about.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    about
}
