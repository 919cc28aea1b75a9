//! PostgreSQL: the connection to it. The address says, in the words of libpq, how far the connection is secured (`sslmode`) and whose
//! signature the certificate must bear (`sslrootcert`); what it leaves open is decided here, and no connection to another
//! machine is plain unless it asks for that by name. What certificates are worth stands in `trust`.

use super::trust::{self, Authority, Distrust};
use crate::store::{Database, StoreError};
use percent_encoding::percent_decode_str;
use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use std::error::Error;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Why a connection is not to be had as the address asks for it.
#[derive(Debug, thiserror::Error)]
pub enum PgConnectionError {
    /// The address asks for a mode that there is not.
    #[error("sslmode={0} is not known")]
    Mode(String),
    /// The certificates of the authority can't be read.
    #[error("no certificate of an authority in {0}: {1}")]
    Authority(PathBuf, String),
    /// Nobody is named who could vouch for the certificate.
    #[error("no authority is named")]
    NoAuthority,
    /// The database speaks no TLS.
    #[error("the database speaks no TLS")]
    Plain,
    /// Its certificate does not show that it is the one in the address.
    #[error("the certificate of the database is not good: {1}")]
    Certificate(Distrust, String),
    /// The two ends find no common TLS.
    #[error("no TLS with the database: {0}")]
    Handshake(String),
}

/// How far a connection is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Plain.
    Disable,
    /// TLS where the database offers it; to another machine, TLS.
    Prefer,
    /// TLS; the certificate is looked at where an authority is named.
    Require,
    /// TLS with a certificate that the named authority signed, whatever name it bears.
    VerifyCa,
    /// And it bears the name of the host.
    VerifyFull,
}

impl Mode {
    fn of(word: &str) -> Result<Self, PgConnectionError> {
        Ok(match word {
            "disable" => Self::Disable,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => return Err(PgConnectionError::Mode(word.to_owned())),
        })
    }
}

/// What an address says of TLS, and the rest of it, which the client understands.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    rest: String,
    mode: Option<Mode>,
    authority: Option<Authority>,
}

impl Asked {
    fn by(database: &Database<'_>) -> Result<Self, StoreError> {
        let address = database.address;
        if !["postgres://", "postgresql://"].iter().any(|scheme| address.starts_with(scheme)) {
            return Err(StoreError::Address);
        }
        let named = |path: &Path| Authority::Named(path.to_owned());
        let mut asked = Self { rest: address.to_owned(), mode: None, authority: database.authority.map(named) };
        // A question mark before the @ belongs to the password.
        let from = address.find('@').unwrap_or(0);
        let Some(at) = address[from..].find('?').map(|at| from + at) else { return Ok(asked) };
        let mut kept = Vec::new();
        for pair in address[at + 1..].split('&') {
            match pair.split_once('=') {
                Some(("sslmode", word)) => asked.mode = Some(Mode::of(word)?),
                Some(("sslrootcert", "system")) => asked.authority = Some(Authority::System),
                Some(("sslrootcert", file)) => {
                    let file = percent_decode_str(file).decode_utf8().map_err(|_| StoreError::Address)?;
                    asked.authority = Some(Authority::Named(PathBuf::from(&*file)));
                }
                _ => kept.push(pair),
            }
        }
        let mark = if kept.is_empty() { "" } else { "?" };
        asked.rest = format!("{}{mark}{}", &address[..at], kept.join("&"));
        Ok(asked)
    }
}

/// The connection to a database, to be opened again and again.
pub(super) struct PgConnection {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl PgConnection {
    /// As the address asks for it, with manners: a peer that went away without a word is noticed.
    pub(super) fn to(database: &Database<'_>) -> Result<Self, StoreError> {
        let asked = Asked::by(database)?;
        let mut config: Config = asked.rest.parse().map_err(|_| StoreError::Address)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        config.tcp_user_timeout(Duration::from_secs(30)).keepalives_idle(Duration::from_secs(30)).application_name("yinling");
        config.target_session_attrs(postgres::config::TargetSessionAttrs::ReadWrite);
        if config.get_hosts().is_empty() {
            // A certificate is held to the host's name, also where that is a number.
            for address in config.get_hostaddrs().to_vec() {
                config.host(&address.to_string());
            }
        }
        let mode = match mode_of(&config, asked.mode) {
            // Each of the system's authorities signs for everybody: without the name that says nothing.
            Mode::Prefer | Mode::Require | Mode::VerifyCa if asked.authority == Some(Authority::System) => Mode::VerifyFull,
            mode => mode,
        };
        let (mode, tls) = match mode {
            Mode::Disable => (SslMode::Disable, None),
            Mode::Prefer => (SslMode::Prefer, Some(trust::whoever(asked.authority)?)),
            Mode::Require => (SslMode::Require, Some(trust::whoever(asked.authority)?)),
            Mode::VerifyCa => (SslMode::Require, Some(trust::signed_by(asked.authority)?)),
            Mode::VerifyFull => (SslMode::Require, Some(trust::named_by(asked.authority)?)),
        };
        if tls.is_none() && !all_here(&config) {
            tracing::warn!("the connection to the database on another machine is plain, as its address asks");
        }
        config.ssl_mode(mode);
        Ok(Self { config, tls: tls.map(MakeRustlsConnect::new) })
    }

    pub(super) fn open(&self) -> Result<Client, StoreError> {
        let opened = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        opened.map_err(why)
    }
}

/// What holds for these hosts: sockets are never secured, other machines never plain by themselves.
fn mode_of(config: &Config, asked: Option<Mode>) -> Mode {
    let sockets = config.get_hostaddrs().is_empty() && config.get_hosts().iter().all(|host| !matches!(host, Host::Tcp(_)));
    match asked {
        _ if sockets => Mode::Disable,
        Some(Mode::Prefer) if !all_here(config) => Mode::Require,
        Some(asked) => asked,
        None if all_here(config) => Mode::Disable,
        None => Mode::VerifyFull,
    }
}

/// Whether all hosts are this machine, by name and by address.
fn all_here(config: &Config) -> bool {
    let here = |host: &Host| match host {
        Host::Tcp(name) => name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|address: IpAddr| address.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(here) && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

/// What a failure to connect says of the connection.
fn why(error: postgres::Error) -> StoreError {
    let Some(cause) = error.source() else { return error.into() };
    // The client gives this reason as words alone.
    if cause.to_string() == "server does not support TLS" {
        return PgConnectionError::Plain.into();
    }
    let carried = cause.downcast_ref::<std::io::Error>().and_then(|error| error.get_ref());
    match carried.and_then(|error| error.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(found)) => PgConnectionError::Certificate(Distrust::of(found), found.to_string()).into(),
        Some(other) => PgConnectionError::Handshake(other.to_string()).into(),
        None => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(address: &str) -> Result<Asked, StoreError> {
        Asked::by(&address.into())
    }

    fn mode(address: &str) -> Mode {
        let asked = asked(address).unwrap();
        mode_of(&asked.rest.parse().unwrap(), asked.mode)
    }

    #[test]
    fn what_the_address_says_of_the_line_is_taken_out_of_it() {
        let found = asked("postgres://u:p?w@h/d?sslmode=verify-ca&connect_timeout=3&sslrootcert=%2Fetc%2F%E5%B8%82/ca.crt").unwrap();
        assert_eq!(found.rest, "postgres://u:p?w@h/d?connect_timeout=3");
        assert_eq!((found.mode, found.authority), (Some(Mode::VerifyCa), Some(Authority::Named("/etc/市/ca.crt".into()))));
        let found = asked("postgresql://h/d?sslrootcert=system").unwrap();
        assert_eq!((found.rest.as_str(), found.mode, found.authority), ("postgresql://h/d", None, Some(Authority::System)));
        assert!(
            matches!(asked("postgres://h/d?sslmode=allow"), Err(StoreError::Connection(PgConnectionError::Mode(word))) if word == "allow")
        );
        assert!(matches!(asked("host=h dbname=d"), Err(StoreError::Address)));
        let both = Database { address: "postgres://h/d", authority: Some(Path::new("/etc/ca.crt")) };
        assert_eq!(Asked::by(&both).unwrap().authority, Some(Authority::Named("/etc/ca.crt".into())));
        let both = Database { address: "postgres://h/d?sslrootcert=/other.crt", ..both };
        assert_eq!(Asked::by(&both).unwrap().authority, Some(Authority::Named("/other.crt".into())), "the address is nearer");
    }

    #[test]
    fn no_line_to_another_machine_is_plain_by_itself() {
        for (address, due) in [
            ("postgres:///d?host=/run/postgresql", Mode::Disable),
            ("postgres:///d?host=/run/postgresql&sslmode=verify-full", Mode::Disable),
            ("postgres://localhost/d", Mode::Disable),
            ("postgres://127.0.0.1,[::1]/d", Mode::Disable),
            ("postgres://localhost/d?sslmode=prefer", Mode::Prefer),
            ("postgres://localhost/d?sslmode=verify-full", Mode::VerifyFull),
            ("postgres://db.city.example/d", Mode::VerifyFull),
            ("postgres://10.1.2.3/d", Mode::VerifyFull),
            ("postgres://localhost,db.city.example/d", Mode::VerifyFull),
            ("postgres://localhost/d?hostaddr=10.1.2.3", Mode::VerifyFull),
            ("postgres:///d?hostaddr=10.1.2.3", Mode::VerifyFull),
            ("postgres:///d?hostaddr=127.0.0.1", Mode::Disable),
            ("postgres://db.city.example/d?hostaddr=127.0.0.1", Mode::VerifyFull),
            ("postgres://db.city.example/d?sslmode=prefer", Mode::Require),
            ("postgres://db.city.example/d?sslmode=require", Mode::Require),
            ("postgres://db.city.example/d?sslmode=verify-ca", Mode::VerifyCa),
            ("postgres://db.city.example/d?sslmode=disable", Mode::Disable),
        ] {
            assert_eq!(mode(address), due, "{address}");
        }
    }
}
