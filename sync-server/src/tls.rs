//! The server's TLS: the certificate it shows, made by its own authority or read from files, and replaced while it serves.
//! Who is let in stands in `listen`.

mod authority;

use crate::{Parts, Server};
use authority::{Authority, AuthorityError};
use base64::Engine as _;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::kinds::AuditEvent;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

/// Where the certificate comes from.
#[derive(Clone, Debug)]
pub enum Certificate {
    /// From the server's own authority, for these names and addresses (browsers ask for them; desks go by the authority).
    Own(Vec<String>),
    /// From an authority that every computer knows: the chain and its key, PEM.
    Files {
        /// The certificate and those above it.
        chain: PathBuf,
        /// Its key.
        key: PathBuf,
    },
}

/// What is shown to who connects, for as long as it is good.
#[derive(Debug, Default)]
pub(crate) struct Tls(RwLock<Option<Shown>>);

#[derive(Clone, Debug)]
struct Shown {
    key: Arc<CertifiedKey>,
    /// Of the own authority: its certificate.
    authority: Option<Vec<u8>>,
    since: Since,
}

/// Tells when another one is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Since {
    Made(i64),
    Changed([SystemTime; 2]),
}

impl Tls {
    fn shown(&self) -> Option<Shown> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The authority that desks have to know, DER; none for a certificate that they check by themselves, or none at all.
    pub fn authority(&self) -> Option<Vec<u8>> {
        self.shown()?.authority
    }
}

/// Why there is no certificate to show.
#[derive(Debug, thiserror::Error)]
enum TlsError {
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    #[error(transparent)]
    Rustls(#[from] rustls::Error),
    #[error("{0}: {1}")]
    File(PathBuf, String),
}

impl Parts {
    /// Shows another certificate where one is due. Gives whether it did.
    fn renew(&self, from: &Certificate) -> Result<bool, TlsError> {
        let shown = self.tls.shown();
        let provider = aws_lc_rs::default_provider();
        let renewed = match from {
            Certificate::Own(names) => {
                let now = self.clock.seconds();
                if matches!(shown, Some(Shown { since: Since::Made(at), .. }) if (at..at + authority::RENEWED_AFTER).contains(&now)) {
                    return Ok(false);
                }
                let authority = Authority::open(self)?;
                let (certificate, key) = authority.sign(names, now)?;
                let key = certified(&provider, vec![certificate], key)?;
                Shown { key, authority: Some(authority.certificate().to_vec()), since: Since::Made(now) }
            }
            Certificate::Files { chain, key } => {
                let since = Since::Changed([changed(chain)?, changed(key)?]);
                if shown.is_some_and(|shown| shown.since == since) {
                    return Ok(false);
                }
                let wrong = |path: &Path, error: rustls::pki_types::pem::Error| TlsError::File(path.to_owned(), error.to_string());
                let all: Result<Vec<_>, _> = CertificateDer::pem_file_iter(chain).and_then(Iterator::collect);
                let all = all.map_err(|error| wrong(chain, error))?;
                let key = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, error))?;
                Shown { key: certified(&provider, all, key)?, authority: None, since }
            }
        };
        *self.tls.0.write().unwrap_or_else(PoisonError::into_inner) = Some(renewed);
        Ok(true)
    }
}

/// A chain with its key, where they belong together.
fn certified(
    provider: &CryptoProvider,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<CertifiedKey>, rustls::Error> {
    CertifiedKey::from_der(chain, key, provider).map(Arc::new)
}

fn changed(file: &Path) -> Result<SystemTime, TlsError> {
    let changed = std::fs::metadata(file).and_then(|known| known.modified());
    changed.map_err(|error| TlsError::File(file.to_owned(), error.to_string()))
}

/// What a listener does TLS with.
#[derive(Clone)]
pub struct Line {
    server: Server,
    from: Certificate,
    config: Arc<ServerConfig>,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Server {
    /// Gets the certificate ready.
    ///
    /// # Errors
    /// A [`Fault`] when there is none to show.
    pub fn tls(&self, from: Certificate) -> Result<Line, Fault> {
        self.0.renew(&from).map_err(|error| fault!(Code::Broken, program::no_certificate(&error.to_string())))?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.map_err(|_| Fault::broken())?.with_no_client_auth();
        let mut config = builder.with_cert_resolver(Arc::new(Resolver(self.clone())));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Line { server: self.clone(), from, config: Arc::new(config) })
    }

    /// The authority's certificate, PEM, for browsers to import; made where there is none yet.
    ///
    /// # Errors
    /// A [`Fault`] when it can't be made or read.
    pub fn authority(&self) -> Result<String, Fault> {
        let authority = Authority::open(&self.0).map_err(|error| fault!(Code::Broken, program::no_certificate(&error.to_string())))?;
        self.0.commanded(AuditEvent::AuthorityShown, |_, _| Ok(()))?;
        Ok(pem(authority.certificate()))
    }
}

/// A certificate as text (RFC 7468).
fn pem(certificate: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(certificate);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", lines.join("\n"))
}

/// Shows what the server shows now.
#[derive(Debug)]
struct Resolver(Server);

impl ResolvesServerCert for Resolver {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.0.tls.shown().map(|shown| shown.key)
    }
}

impl Line {
    /// The configuration of rustls.
    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// Shows a newer certificate where there is one: files were replaced, or the own one is thirty days old. One that can't be read
    /// is told in the log, and what was shown is shown on.
    pub fn look_again(&self) {
        match self.server.0.renew(&self.from) {
            Ok(true) => tracing::info!("another certificate is shown from now on"),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the new certificate can't be used; the old one is shown on"),
        }
    }

    /// Looks again every minute, for as long as the server serves.
    pub(crate) async fn keep_on(self) {
        loop {
            tokio::time::sleep(Duration::from_secs(60)).await;
            let line = self.clone();
            if let Err(error) = tokio::task::spawn_blocking(move || line.look_again()).await {
                tracing::error!(%error, "looking for a new certificate failed");
            }
        }
    }
}
