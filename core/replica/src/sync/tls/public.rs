use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::time;

/// Certificates of one chain that may each begin later than what was tried before.
const MOST_BEGINNINGS: usize = 8;

/// Believes a certificate for the server's name by an authority, by the usual rules but for the time: it is refused if
/// it had expired at the earliest time that it can be. One that begins later than that is not: it tells that it is later
/// than this phone knows of.
#[derive(Debug)]
pub(super) struct Public {
    usual: Arc<WebPkiServerVerifier>,
    earliest: UnixTime,
}

impl Public {
    pub(super) fn new(
        roots: Arc<RootCertStore>,
        earliest_ms: i64,
        provider: Arc<CryptoProvider>,
    ) -> Option<Self> {
        let usual = WebPkiServerVerifier::builder_with_provider(roots, provider).build();
        Some(Self {
            usual: usual.ok()?,
            earliest: time(earliest_ms),
        })
    }
}

impl ServerCertVerifier for Public {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let mut at = self.earliest;
        for _ in 0..MOST_BEGINNINGS {
            let verified =
                self.usual
                    .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, at);
            match verified {
                Err(Error::InvalidCertificate(CertificateError::NotValidYetContext {
                    not_before, ..
                })) if not_before > at => {
                    at = not_before;
                }
                verified => return verified,
            }
        }
        Err(CertificateError::NotValidYet.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}
