//! What the server shows of itself before anybody says anything to it: a public certificate, or a key that its phones
//! were told of.

mod pinned;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use saddlebag_protocol::ServerKeys;

pub use pinned::PinnedKeys;

/// The most bytes of a file with a certificate or a key.
const MOST_BYTES: u64 = 1024 * 1024;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// There are no pinned keys in the data folder.
    #[error("the folder has no keys to be pinned")]
    NoKeys,
    /// There are some already.
    #[error("the folder has keys that phones are pinned to")]
    KeysThere,
    /// A file is no certificate, no key, or not the other's.
    #[error("{}: {}", .0.display(), .1)]
    Unfit(PathBuf, String),
    /// A file could not be read or written.
    #[error("{}: {}", .0.display(), .1)]
    Disk(PathBuf, std::io::Error),
}

impl TlsError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoKeys => "tls_no_keys",
            Self::KeysThere => "tls_keys_there",
            Self::Unfit(..) => "tls_unfit",
            Self::Disk(_, error) => match error.kind() {
                ErrorKind::NotFound => "tls_unfit",
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "folder_not_writable",
                ErrorKind::StorageFull => "store_full",
                _ => "disk_failed",
            },
        }
    }
}

/// Where the certificate comes from.
#[derive(Clone, Debug)]
pub enum TlsSource {
    /// From two PEM files: the chain, the server's own certificate first, and its private key.
    Files {
        /// The chain.
        certificate: PathBuf,
        /// The private key.
        key: PathBuf,
    },
    /// From the keys that `admin tls create` made in this data folder.
    Pinned(PathBuf),
}

impl TlsSource {
    fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::Files { certificate, key } => vec![certificate.clone(), key.clone()],
            Self::Pinned(data) => vec![PinnedKeys::file(data)],
        }
    }

    fn read(&self) -> Result<(Arc<ServerConfig>, Option<ServerKeys>), TlsError> {
        match self {
            Self::Files { certificate, key } => {
                let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(certificate)?).collect();
                let chain = chain.map_err(|error| unfit(certificate, &error))?;
                let private =
                    PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|error| unfit(key, &error))?;
                Ok((
                    config(chain, private).map_err(|error| unfit(certificate, &error))?,
                    None,
                ))
            }
            Self::Pinned(data) => {
                let keys = PinnedKeys::load(data)?.ok_or(TlsError::NoKeys)?;
                let (chain, private) = keys.now()?;
                let config = config(chain, private);
                let config = config.map_err(|error| unfit(&PinnedKeys::file(data), &error))?;
                Ok((config, Some(keys.server_keys()?)))
            }
        }
    }
}

/// The server's TLS. Files that changed are read again before the next connection; while they are not fit, what there
/// was goes on.
pub struct ServerTls {
    source: TlsSource,
    current: RwLock<Current>,
}

struct Current {
    /// The files when they were last read, whether they were fit or not.
    seen: Vec<Stamp>,
    config: Arc<ServerConfig>,
    keys: Option<ServerKeys>,
}

/// What changes when a file does. None where it is not there.
type Stamp = Option<(SystemTime, u64, u64)>;

impl ServerTls {
    /// Reads the certificate and its key.
    pub fn open(source: TlsSource) -> Result<Self, TlsError> {
        let seen = stamps(&source);
        let (config, keys) = source.read()?;
        let current = Current { seen, config, keys };
        Ok(Self {
            source,
            current: RwLock::new(current),
        })
    }

    /// What the next connection is taken with.
    pub fn config(&self) -> Arc<ServerConfig> {
        self.look_again();
        self.read_current(|current| Arc::clone(&current.config))
    }

    /// What phones are told of the server's keys; none with a public certificate.
    pub fn keys(&self) -> Option<ServerKeys> {
        self.look_again();
        self.read_current(|current| current.keys.clone())
    }

    /// Reads the files anew, whether they seem to have changed or not.
    pub fn reload(&self) {
        let seen = stamps(&self.source);
        let read = self.source.read();
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        current.seen = seen;
        match read {
            Ok((config, keys)) => {
                (current.config, current.keys) = (config, keys);
                tracing::info!("the certificate was read anew");
            }
            Err(error) => tracing::error!(code = error.code(), "the certificate was not read anew"),
        }
    }

    fn look_again(&self) {
        let seen = stamps(&self.source);
        if self.read_current(|current| current.seen != seen) {
            self.reload();
        }
    }

    fn read_current<T>(&self, read: impl FnOnce(&Current) -> T) -> T {
        read(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn stamps(source: &TlsSource) -> Vec<Stamp> {
    use std::os::unix::fs::MetadataExt;
    let stamp = |file: &PathBuf| {
        let about = std::fs::metadata(file).ok()?;
        Some((about.modified().ok()?, about.len(), about.ino()))
    };
    source.files().iter().map(stamp).collect()
}

fn read(file: &Path) -> Result<Vec<u8>, TlsError> {
    let failed = |error| TlsError::Disk(file.to_owned(), error);
    let about = std::fs::metadata(file).map_err(failed)?;
    if about.len() > MOST_BYTES {
        return Err(unfit(file, &"more than 1 MB"));
    }
    std::fs::read(file).map_err(failed)
}

fn unfit(file: &Path, why: &dyn std::fmt::Display) -> TlsError {
    TlsError::Unfit(file.to_owned(), why.to_string())
}

/// X25519 first and no hybrid with ML-KEM: those are 1.2 KB in each direction for every connection.
static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| {
    use aws_lc_rs::kx_group::{SECP256R1, SECP384R1, X25519};
    Arc::new(CryptoProvider {
        kx_groups: vec![X25519, SECP256R1, SECP384R1],
        ..aws_lc_rs::default_provider()
    })
});

/// TLS 1.3 for HTTP/1.1. A connection that follows another one is short: the ticket holds what was agreed on.
fn config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::clone(&PROVIDER))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.ticketer = aws_lc_rs::Ticketer::new()?;
    config.send_tls13_tickets = 1;
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests;
