use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;

/// The authorities whose certificates are believed: those that Mozilla's programme lists, in the app itself. What the
/// phone's system believes is not asked: old phones know few that are in use, and anybody can add to it.
#[derive(Clone, Debug)]
pub struct TrustedRoots(Arc<RootCertStore>);

impl TrustedRoots {
    /// Those that come with the app.
    pub fn bundled() -> Self {
        let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
        Self(Arc::new(roots.collect()))
    }

    /// These alone, in DER: for tests. What is no certificate is passed over.
    pub fn of_der<'a>(certificates: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(certificates.into_iter().map(CertificateDer::from));
        Self(Arc::new(roots))
    }

    pub(crate) fn store(&self) -> Arc<RootCertStore> {
        self.0.clone()
    }
}
