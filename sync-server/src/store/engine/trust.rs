//! PostgreSQL: whose certificate is good enough for the connection, by rustls. Nothing is decided here about when it is asked.

use super::connection::PgConnectionError;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Who may have signed the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Authority {
    /// Those that the system trusts.
    System,
    /// Those in a file.
    Named(PathBuf),
}

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// Another authority signed it, or nobody.
    Issuer,
    /// It bears other names.
    Name,
    /// It has expired, or is not valid yet.
    Time,
    /// It is not made as the certificate of a server.
    Form,
}

impl Distrust {
    pub(super) fn of(found: &CertificateError) -> Self {
        use CertificateError as E;
        match found {
            E::UnknownIssuer | E::BadSignature | E::Revoked | E::ApplicationVerificationFailure => Self::Issuer,
            E::NotValidForName | E::NotValidForNameContext { .. } => Self::Name,
            E::Expired | E::ExpiredContext { .. } | E::NotValidYet | E::NotValidYetContext { .. } => Self::Time,
            _ => Self::Form,
        }
    }
}

/// Any certificate; where an authority is named, one that it signed.
pub(super) fn whoever(authority: Option<Authority>) -> Result<ClientConfig, PgConnectionError> {
    match authority {
        Some(Authority::Named(file)) => lenient(Some(checked_by(roots_in(&file)?)?)),
        Some(Authority::System) | None => lenient(None),
    }
}

/// One that the named authority signed, whatever name it bears.
pub(super) fn signed_by(authority: Option<Authority>) -> Result<ClientConfig, PgConnectionError> {
    match authority {
        Some(Authority::Named(file)) => lenient(Some(checked_by(roots_in(&file)?)?)),
        Some(Authority::System) | None => Err(PgConnectionError::NoAuthority),
    }
}

/// One that the authority signed for the name of the host.
pub(super) fn named_by(authority: Option<Authority>) -> Result<ClientConfig, PgConnectionError> {
    let roots = match authority {
        Some(Authority::Named(file)) => roots_in(&file)?,
        Some(Authority::System) | None => roots_of_the_system()?,
    };
    config(checked_by(roots)?)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn config(verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig, PgConnectionError> {
    let handshake = |error: rustls::Error| PgConnectionError::Handshake(error.to_string());
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().map_err(handshake)?;
    let mut config = builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(config)
}

fn lenient(chain: Option<Arc<WebPkiServerVerifier>>) -> Result<ClientConfig, PgConnectionError> {
    config(Arc::new(Lenient { provider: provider(), chain }))
}

fn checked_by(roots: RootCertStore) -> Result<Arc<WebPkiServerVerifier>, PgConnectionError> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build().map_err(|_| PgConnectionError::NoAuthority)
}

fn roots_in(file: &Path) -> Result<RootCertStore, PgConnectionError> {
    let unread = |error: &dyn std::fmt::Display| PgConnectionError::Authority(file.to_owned(), error.to_string());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unread(&error))? {
        roots.add(certificate.map_err(|error| unread(&error))?).map_err(|error| unread(&error))?;
    }
    if roots.is_empty() { Err(unread(&"it holds none")) } else { Ok(roots) }
}

fn roots_of_the_system() -> Result<RootCertStore, PgConnectionError> {
    let found = rustls_native_certs::load_native_certs();
    for error in found.errors {
        tracing::warn!(%error, "certificates of the system can't be read");
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() { Err(PgConnectionError::NoAuthority) } else { Ok(roots) }
}

/// Does not ask for the name, and for the signature of an authority only where there is one to ask for.
#[derive(Debug)]
struct Lenient {
    provider: Arc<CryptoProvider>,
    chain: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        status: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(certificate, between, name, status, now) {
            // The name is looked at last: all else is good.
            Err(rustls::Error::InvalidCertificate(found)) if Distrust::of(&found) == Distrust::Name => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;
    use std::time::Duration;

    fn openssl(folder: &Path, line: &str) {
        let output = Command::new("openssl").args(line.split(' ')).current_dir(folder).output().expect("the program openssl is needed");
        assert!(output.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn distrust(verifier: &dyn ServerCertVerifier, certificate: &Path, name: &str, now: UnixTime) -> Option<Distrust> {
        let certificate = CertificateDer::from_pem_file(certificate).unwrap();
        match verifier.verify_server_cert(&certificate, &[], &ServerName::try_from(name.to_owned()).unwrap(), &[], now) {
            Ok(_) => None,
            Err(rustls::Error::InvalidCertificate(found)) => Some(Distrust::of(&found)),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_is_wrong_with_a_certificate_is_known_apart() {
        let folder = tempfile::tempdir().unwrap();
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
        for name in ["right", "other"] {
            openssl(folder.path(), &format!("req -x509 {key} -keyout {name}.key -out {name}.crt -subj /CN={name}"));
        }
        let signed = "-CA right.crt -CAkey right.key -addext subjectAltName=DNS:db.test -addext basicConstraints=critical,CA:FALSE";
        openssl(folder.path(), &format!("req -x509 {key} {signed} -keyout server.key -out server.crt -subj /CN=server"));
        let [right, other, server] = ["right.crt", "other.crt", "server.crt"].map(|name| folder.path().join(name));
        let by = |authority: &Path| checked_by(roots_in(authority).unwrap()).unwrap();
        let (now, later) = (UnixTime::now(), UnixTime::since_unix_epoch(Duration::from_secs(10_000_000_000)));
        let nameless = Lenient { provider: provider(), chain: Some(by(&right)) };
        let (full, foreign, anybody) = (by(&right), by(&other), Lenient { provider: provider(), chain: None });
        let full: &dyn ServerCertVerifier = full.as_ref();
        for (what, verifier, certificate, name, at, due) in [
            ("as it should be", full, &server, "db.test", now, None),
            ("another name", full, &server, "other.test", now, Some(Distrust::Name)),
            ("another name that nobody asks for", &nameless, &server, "other.test", now, None),
            ("expired", full, &server, "db.test", later, Some(Distrust::Time)),
            ("expired, whatever the name", &nameless, &server, "other.test", later, Some(Distrust::Time)),
            ("another authority", foreign.as_ref(), &server, "db.test", now, Some(Distrust::Issuer)),
            ("an authority as a server", full, &right, "db.test", now, Some(Distrust::Form)),
            ("an authority as a server, whatever the name", &nameless, &right, "db.test", now, Some(Distrust::Form)),
            ("nobody asked", &anybody, &right, "db.test", later, None),
        ] {
            assert_eq!(distrust(verifier, certificate, name, at), due, "{what}");
        }
        std::fs::write(&server, "nothing").unwrap();
        assert!(matches!(roots_in(&server), Err(PgConnectionError::Authority(file, _)) if file == server));
    }
}
