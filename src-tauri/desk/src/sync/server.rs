//! The server that this desk knows: its address, its key, the authority of its certificate. How it is told from everybody else, at the
//! enrolment and when its certificate does not hold any more, stands here; how it is spoken to, in `client`.

use super::client::{Wire, certificate_not_good, not_the_server};
use crate::desk::Inner;
use crate::fault::OrBroken;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use shared::command::Enrol;
use shared::crypto::PublicKey;
use shared::fault;
use shared::fault::{Code, Fault};
use shared::wire::{EnrolCode, Fingerprint, Hello, HelloAsk};
use std::net::IpAddr;

/// Clocks that differ by so many seconds are why a certificate does not hold.
const OTHER_DAY: i64 = 24 * 3600;

/// Whose certificate is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// That of every authority that this computer knows.
    Everywhere,
    /// That of the server's own authority, DER.
    Authority(Vec<u8>),
    /// Anybody's. For a hello alone, which is believed by its signature.
    Anybody,
}

impl Trust {
    fn of(authority: Option<Vec<u8>>) -> Self {
        authority.map_or(Self::Everywhere, Self::Authority)
    }
}

/// A server that is told from every other.
#[derive(Clone, Debug)]
pub(super) struct KnownServer {
    pub(super) address: String,
    pub(super) key: PublicKey,
    pub(super) trust: Trust,
}

/// An address as typed: TLS unless somebody says otherwise, and plain to this machine alone.
pub(super) fn address(typed: &str) -> Result<String, Fault> {
    let typed = typed.trim();
    let typed = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let bad = || fault!(Code::BadInput, sync::BAD_ADDRESS);
    let url = reqwest::Url::parse(&typed).map_err(|_| bad())?;
    let host = url.host_str().filter(|_| url.path() == "/" && url.query().is_none() && url.username().is_empty()).ok_or_else(bad)?;
    let address = typed.trim_end_matches('/').to_owned();
    match url.scheme() {
        "https" => Ok(address),
        "http" if is_this_machine(host) => Ok(address),
        "http" => Err(fault!(Code::BadInput, sync::PLAIN_ADDRESS)),
        _ => Err(bad()),
    }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

impl Inner {
    /// Enrols this desk at a server by a one-time code, once the server has shown that it is the one that gave the code out.
    pub(crate) fn enrol(&self, ask: &Enrol) -> Result<(), Fault> {
        let code: EnrolCode = ask.code.parse().map_err(|_| fault!(Code::BadInput, enrolment::CODE_NOT_WHOLE))?;
        let address = address(&ask.server)?;
        let wire = self.connection.wire(&self.clock)?;
        let (hello, key) = self.hello(wire, &address)?;
        if Fingerprint::of(self.crypto.as_ref(), &key) != code.server {
            return Err(fault!(Code::Refused, enrolment::ANOTHER_SERVER));
        }
        let authority = authority(&hello)?;
        let server = KnownServer { address: address.clone(), key, trust: Trust::of(authority.clone()) };
        self.enrol_by(&address, &ask.code, &ask.device_name, |wanted| {
            wire.run(async { wire.to(self.crypto.as_ref(), server)?.enrol(wanted).await })
        })?;
        self.change_facts(|facts| facts.authority = authority)
    }

    /// The server that this desk is enrolled at.
    pub(super) fn server(&self) -> Result<KnownServer, Fault> {
        let facts = self.facts();
        if facts.enrolled.is_none() {
            return Err(Fault::not_enrolled());
        }
        let key = facts.server_key().ok_or_else(|| fault!(Code::NotEnrolled, enrolment::WITHOUT_A_SERVER))?;
        Ok(KnownServer { address: address(&facts.settings.server)?, key, trust: Trust::of(facts.authority) })
    }

    /// What whoever answers at an address says of itself, and the key by which it says so.
    fn hello(&self, wire: &Wire, address: &str) -> Result<(Hello, PublicKey), Fault> {
        let mut nonce = [0; 16];
        self.crypto.random(&mut nonce);
        let ask = HelloAsk { nonce: hex::encode(nonce) };
        let signed = wire.run(wire.hello(address, &ask))?;
        signed.open(self.crypto.as_ref(), &ask).ok_or_else(not_the_server)
    }

    /// The certificate that was shown does not hold: asks who answers there. Where it is the server, under a new authority, the desk knows
    /// that one from now on.
    ///
    /// # Errors
    /// Why the server can't be spoken to, in words.
    pub(super) fn look_who_answers(&self, wire: &Wire) -> Result<(), Fault> {
        let known = self.server()?;
        let (hello, key) = self.hello(wire, &known.address)?;
        if key != known.key {
            return Err(not_the_server());
        }
        let authority = authority(&hello)?;
        if Trust::of(authority.clone()) != known.trust {
            tracing::warn!("the server has a new authority, by its own word");
            return self.change_facts(|facts| facts.authority = authority);
        }
        // What it says of the time is signed as well.
        let here = self.clock.timestamp().as_second();
        if (here - hello.at).abs() < OTHER_DAY {
            return Err(certificate_not_good());
        }
        let china = TimeZone::fixed(Offset::constant(8));
        let date = |at: i64| Timestamp::from_second(at).map(|at| at.to_zoned(china.clone()).date().to_string());
        let (here, there) = date(here).and_then(|here| Ok((here, date(hello.at)?))).or_broken()?;
        Err(fault!(Code::Offline, sync::wrong_clock(&here, &there)))
    }
}

fn authority(hello: &Hello) -> Result<Option<Vec<u8>>, Fault> {
    hello.authority.as_deref().map(hex::decode).transpose().map_err(|_| not_the_server())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_goes_to_this_machine_alone() {
        for (typed, expect) in [
            ("https://canteen.example.cn/", "https://canteen.example.cn"),
            (" canteen.example.cn:8630 ", "https://canteen.example.cn:8630"),
            ("10.1.2.3:8630", "https://10.1.2.3:8630"),
            ("[2001:db8::7]:8630", "https://[2001:db8::7]:8630"),
            ("http://127.0.0.1:8630", "http://127.0.0.1:8630"),
            ("http://[::1]:8630", "http://[::1]:8630"),
            ("http://localhost:8630", "http://localhost:8630"),
        ] {
            assert_eq!(address(typed).as_deref(), Ok(expect), "{typed}");
        }
        for typed in ["http://10.1.2.3:8630", "http://127.0.0.1.example.cn", "http://localhost.example.cn", "http://0.0.0.0:1"] {
            assert_eq!(address(typed), Err(fault!(Code::BadInput, sync::PLAIN_ADDRESS)), "{typed}");
        }
        for typed in ["", "https://", "ftp://10.1.2.3", "https://user@10.1.2.3", "10.1.2.3/path", "银龄"] {
            let told = address(typed);
            assert!(told == Err(fault!(Code::BadInput, sync::BAD_ADDRESS)) || told.as_deref() == Ok("https://银龄"), "{typed}: {told:?}");
        }
    }
}
