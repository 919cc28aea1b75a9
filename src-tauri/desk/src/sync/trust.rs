//! Whose certificate is taken, and by which clock it is judged: this computer's, which may be wrong.

use super::server::Trust;
use crate::clock::Clock;
use crate::fault::OrBroken;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use shared::fault::Fault;
use std::sync::Arc;
use std::time::Duration;

/// What a connection is made with.
pub(super) fn config(trust: &Trust, clock: &Clock) -> Result<ClientConfig, Fault> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Everywhere => Arc::new(rustls_platform_verifier::Verifier::new(Arc::clone(&provider)).or_broken()?),
        Trust::Authority(certificate) => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from(certificate.clone())).map_err(|_| super::client::not_the_server())?;
            Arc::new(OneServer { roots: Some(roots), provider: Arc::clone(&provider) })
        }
        Trust::Anybody => Arc::new(OneServer { roots: None, provider: Arc::clone(&provider) }),
    };
    let builder = ClientConfig::builder_with_details(provider, Arc::new(ByClock(clock.clone()))).with_safe_default_protocol_versions();
    Ok(builder.or_broken()?.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

/// The desk's clock, for rustls.
#[derive(Debug)]
struct ByClock(Clock);

impl TimeProvider for ByClock {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.timestamp().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// Takes what an authority has signed that signs for one server alone: by which name it was reached says no more. Without an authority
/// it takes everything, for a hello, which is believed by its own signature.
#[derive(Debug)]
struct OneServer {
    roots: Option<RootCertStore>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for OneServer {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        above: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(roots) = &self.roots {
            let parsed = ParsedCertificate::try_from(certificate)?;
            verify_server_cert_signed_by_trust_anchor(&parsed, roots, above, now, self.provider.signature_verification_algorithms.all)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
