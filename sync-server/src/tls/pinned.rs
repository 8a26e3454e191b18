//! The keys of a server without a public name: the one that it has now, and the one that it will have next. Phones know
//! both, so that they find the server again after it changed.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use saddlebag_protocol::ServerKeys;
use serde::{Deserialize, Serialize};

use super::{TlsError, unfit};

/// The layout of `tls/keys.json`, which its owner alone can read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedKeys {
    /// UTC seconds; grows with every change.
    since_s: u64,
    now: Shown,
    next: Shown,
}

/// A key, and the certificate that it is shown in. Both in PEM.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    certificate: String,
    key: String,
}

impl PinnedKeys {
    /// Where they are in a data folder.
    pub fn file(data: &Path) -> PathBuf {
        data.join("tls").join("keys.json")
    }

    /// Those of this data folder; none where it has none.
    pub fn load(data: &Path) -> Result<Option<Self>, TlsError> {
        let file = Self::file(data);
        match std::fs::read(&file) {
            Ok(text) => {
                let keys: Result<Self, _> = serde_json::from_slice(&text);
                Ok(Some(keys.map_err(|error| unfit(&file, &error))?))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(TlsError::Disk(file, error)),
        }
    }

    /// Makes two keys, for a data folder that has none.
    pub fn create(data: &Path, now_ms: i64) -> Result<Self, TlsError> {
        if Self::load(data)?.is_some() {
            return Err(TlsError::KeysThere);
        }
        let keys = Self {
            since_s: seconds(now_ms),
            now: Shown::draw(data)?,
            next: Shown::draw(data)?,
        };
        keys.keep(data)?;
        Ok(keys)
    }

    /// Makes the next key the one of now, and a new one the next.
    pub fn rotate(data: &Path, now_ms: i64) -> Result<Self, TlsError> {
        let was = Self::load(data)?.ok_or(TlsError::NoKeys)?;
        let keys = Self {
            since_s: seconds(now_ms).max(was.since_s + 1),
            now: was.next,
            next: Shown::draw(data)?,
        };
        keys.keep(data)?;
        Ok(keys)
    }

    /// Since when they are so, UTC milliseconds.
    pub fn since_ms(&self) -> i64 {
        i64::try_from(self.since_s)
            .unwrap_or(i64::MAX)
            .saturating_mul(1000)
    }

    /// What phones are told of them.
    pub fn server_keys(&self) -> Result<ServerKeys, TlsError> {
        Ok(ServerKeys {
            since_s: self.since_s,
            keys: vec![self.now.hash()?.into(), self.next.hash()?.into()],
        })
    }

    /// What the server shows now.
    pub(super) fn now(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TlsError> {
        let file = Path::new("tls/keys.json");
        let certificate = CertificateDer::from_pem_slice(self.now.certificate.as_bytes());
        let key = PrivateKeyDer::from_pem_slice(self.now.key.as_bytes());
        Ok((
            vec![certificate.map_err(|error| unfit(file, &error))?],
            key.map_err(|error| unfit(file, &error))?,
        ))
    }

    /// Puts them in the place of what was there, whole and durable, or not at all.
    fn keep(&self, data: &Path) -> Result<(), TlsError> {
        let file = Self::file(data);
        let failed = |error: std::io::Error| TlsError::Disk(file.clone(), error);
        let folder = data.join("tls");
        crate::county::make_private(data).map_err(failed)?;
        crate::county::make_private(&folder).map_err(failed)?;
        let text = serde_json::to_vec_pretty(self).map_err(|error| unfit(&file, &error))?;
        let draft = folder.join("keys.json.new");
        let _ = std::fs::remove_file(&draft);
        let mut out = OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(&draft)
            .map_err(failed)?;
        out.write_all(&text).map_err(failed)?;
        out.sync_all().map_err(failed)?;
        std::fs::rename(&draft, &file).map_err(failed)?;
        std::fs::File::open(&folder)
            .and_then(|folder| folder.sync_all())
            .map_err(failed)
    }
}

impl Shown {
    /// A new P-256 key in a certificate by itself. Nobody looks at its name and its dates.
    fn draw(data: &Path) -> Result<Self, TlsError> {
        let failed = |error: rcgen::Error| unfit(&PinnedKeys::file(data), &error);
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).map_err(failed)?;
        let mut about = CertificateParams::default();
        about.distinguished_name = DistinguishedName::new();
        about.distinguished_name.push(DnType::CommonName, "saddlebag");
        let certificate = about.self_signed(&key).map_err(failed)?;
        Ok(Self {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        })
    }

    /// BLAKE3 of its SubjectPublicKeyInfo.
    fn hash(&self) -> Result<[u8; 32], TlsError> {
        use rcgen::PublicKeyData;
        let key = KeyPair::from_pem(&self.key);
        let key = key.map_err(|error| unfit(Path::new("tls/keys.json"), &error))?;
        Ok(*blake3::hash(&key.subject_public_key_info()).as_bytes())
    }
}

fn seconds(ms: i64) -> u64 {
    u64::try_from(ms / 1000).unwrap_or(0)
}
