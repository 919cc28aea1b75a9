//! The authority of a server that was given no certificate: made once, kept in the database with its key sealed under the master key.
//! It signs certificates of this server and nothing else; desks learn it under the server's own signature.

use crate::Parts;
use crate::clock::civil;
use crate::key_provider::KeyProvider;
use crate::store::StoreError;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize};

const SETTING: &str = "tls_authority";
const SEALED: &[u8] = b"yinling tls authority 1";
const DAY: i64 = 24 * 3600;
/// An authority lives for ten years; in its last one a new one takes its place.
const AUTHORITY_LIVES: i64 = 3_650 * DAY;
const AUTHORITY_ENDS_EARLY: i64 = 365 * DAY;
/// A certificate lives for ninety days; one that is thirty old is replaced.
const CERTIFICATE_LIVES: i64 = 90 * DAY;
pub(super) const RENEWED_AFTER: i64 = 30 * DAY;
/// Clocks that are a little behind are let in.
const BEFORE: i64 = 2 * DAY;

/// Why none could be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthorityError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Make(#[from] rcgen::Error),
    #[error("what the database keeps of the authority can't be read")]
    Unread,
}

/// As it lies in the database, sealed as one: whoever holds the database alone puts no other certificate beside the key.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    made_at: i64,
    /// DER, in hex.
    certificate: String,
    /// PKCS #8, in hex.
    key: String,
}

impl Kept {
    fn new(name: String, now: i64) -> Result<Self, AuthorityError> {
        let key = KeyPair::generate()?;
        let certificate = hex::encode(ca(&name, now)?.self_signed(&key)?.der());
        Ok(Self { name, made_at: now, certificate, key: hex::encode(key.serialize_der()) })
    }

    fn lives(&self, now: i64) -> bool {
        now < self.made_at + AUTHORITY_LIVES - AUTHORITY_ENDS_EARLY
    }

    fn open(parts: &Parts, sealed: &str) -> Result<Self, AuthorityError> {
        let sealed = hex::decode(sealed).map_err(|_| AuthorityError::Unread)?;
        let opened = parts.crypto.open(&parts.key_provider.sealing_key(SETTING), SEALED, &sealed);
        opened.ok().and_then(|json| serde_json::from_slice(&json).ok()).ok_or(AuthorityError::Unread)
    }

    fn seal(&self, parts: &Parts) -> Result<String, AuthorityError> {
        let json = serde_json::to_vec(self).map_err(|_| AuthorityError::Unread)?;
        Ok(hex::encode(parts.crypto.seal(&parts.key_provider.sealing_key(SETTING), SEALED, &json).map_err(StoreError::from)?))
    }
}

/// Signs certificates for this server.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: Vec<u8>,
}

impl Authority {
    /// The authority of the database; makes one where there is none, or where its time is nearly over.
    pub fn open(parts: &Parts) -> Result<Self, AuthorityError> {
        let now = parts.clock.seconds();
        let read = || -> Result<Option<Kept>, AuthorityError> {
            parts.store.read(|tx| tx.setting(SETTING))?.map(|sealed| Kept::open(parts, &sealed)).transpose()
        };
        let known = read()?;
        if !known.is_some_and(|kept| kept.lives(now)) {
            let made = Kept::new(format!("Yinling {}", parts.server_key.fingerprint()), now)?.seal(parts)?;
            parts.store.write(|tx| {
                // Of two servers that make one together, the first one's counts.
                let meanwhile = tx.setting(SETTING)?.and_then(|sealed| Kept::open(parts, &sealed).ok());
                if meanwhile.is_some_and(|kept| kept.lives(now)) { Ok(()) } else { tx.set(SETTING, &made) }
            })?;
        }
        let kept = read()?.ok_or(AuthorityError::Unread)?;
        let key = hex::decode(&kept.key).map_err(|_| AuthorityError::Unread)?;
        let key = KeyPair::try_from(&PrivateKeyDer::try_from(key).map_err(|_| AuthorityError::Unread)?)?;
        let certificate = hex::decode(&kept.certificate).map_err(|_| AuthorityError::Unread)?;
        Ok(Self { issuer: Issuer::new(ca(&kept.name, kept.made_at)?, key), certificate })
    }

    /// Its own certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// A certificate for these names and addresses, and its key.
    pub fn sign(&self, names: &[String], now: i64) -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), AuthorityError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(names.to_vec())?;
        params.distinguished_name = named("Yinling sync server");
        lasts(&mut params, now, CERTIFICATE_LIVES);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &self.issuer)?.der().clone();
        Ok((certificate, PrivateKeyDer::Pkcs8(key.serialize_der().into())))
    }
}

fn ca(name: &str, now: i64) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name = named(name);
    lasts(&mut params, now, AUTHORITY_LIVES);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn named(name: &str) -> DistinguishedName {
    let mut named = DistinguishedName::new();
    named.push(DnType::CommonName, name);
    named
}

fn lasts(params: &mut CertificateParams, now: i64, lives: i64) {
    let day = |at: i64| {
        let date = civil(at).date();
        date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    (params.not_before, params.not_after) = (day(now - BEFORE), day(now + lives));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, Server};

    #[test]
    fn it_stays_and_what_sql_puts_in_its_place_is_never_shown_to_desks() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Server::open(folder.path(), Clock::by(|| 1_795_320_000)).unwrap();
        let first = open().authority().unwrap();
        assert_eq!(open().authority().unwrap(), first);
        // The authority of a deployment of one's own, as its database holds it; and one bit of this one.
        let stranger = tempfile::tempdir().unwrap();
        let theirs = Server::open(stranger.path(), Clock::by(|| 1_795_320_000)).unwrap();
        theirs.authority().unwrap();
        let of = |server: &Server| server.0.store.read(|tx| tx.setting(SETTING)).unwrap().unwrap();
        let server = open();
        let mut bent = of(&server).into_bytes();
        bent[99] ^= 1;
        for put in [of(&theirs), String::from_utf8_lossy(&bent).into_owned(), String::new()] {
            server.0.store.write(|tx| tx.set(SETTING, &put)).unwrap();
            assert!(server.authority().is_err());
        }
    }
}
