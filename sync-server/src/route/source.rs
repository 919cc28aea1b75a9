//! Where a request comes from. A proxy on this machine speaks for whom it serves; nobody else is believed.

use super::{Input, Operation};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// What the proxy of the machine says of a request: whom it is from, and by which scheme it came.
const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// A place on the network, by which wrong tries are counted: an address, or a network of IPv6, which one person has whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source(Option<IpAddr>);

impl Source {
    /// Of the one who is connected, and what the heads say.
    pub fn of(peer: Option<SocketAddr>, headers: &HeaderMap) -> Self {
        let peer = peer.map(|peer| peer.ip().to_canonical());
        let told = peer.filter(IpAddr::is_loopback).and_then(|_| {
            // The last entry is the proxy's own, what stands before it anybody may have written.
            let told = headers.get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
            told.parse().ok().or_else(|| told.parse::<SocketAddr>().ok().map(|address| address.ip()))
        });
        Self(told.or(peer).map(|address| whole_network(address.to_canonical())))
    }
}

/// Stands on a request that came over the server's own TLS.
#[derive(Clone, Copy, Debug)]
pub struct Encrypted;

/// Whether a request came over TLS: the server's own, or that of a proxy on this machine, as the proxy says.
pub fn is_encrypted(headers: &HeaderMap, extensions: &Extensions) -> bool {
    let by_proxy = || {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
        peer.is_some_and(|peer| peer.is_loopback()) && headers.get(FORWARDED_PROTO).is_some_and(|proto| proto == "https")
    };
    extensions.get::<Encrypted>().is_some() || by_proxy()
}

/// An address, or the network of IPv6 that one person has whole.
pub fn whole_network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).into(),
        four => four,
    }
}

impl Source {
    /// The address, or the network of it, where it is known.
    pub fn address(&self) -> Option<IpAddr> {
        self.0
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |address| address.fmt(f))
    }
}

impl<S: Sync> FromRequestParts<S> for Source {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer), &parts.headers))
    }
}

/// The address of this server as the browser that asks writes it: what a page is of (RFC 6454).
#[derive(Clone, Debug)]
pub struct Origin(pub String);

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        // One that is not of the host never comes this far (`http::headers::same_site`).
        Ok(Self(text("origin").map_or_else(
            || {
                let scheme = if is_encrypted(&parts.headers, &parts.extensions) { "https" } else { "http" };
                format!("{scheme}://{}", text("host").unwrap_or_default())
            },
            str::to_owned,
        )))
    }
}

/// Nothing that is sent.
impl Input for Origin {
    fn describe(_: &mut Operation<'_>) {}
}

/// Nothing that is sent.
impl Input for Source {
    fn describe(_: &mut Operation<'_>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(peer: &str, told: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for told in told {
            headers.append(FORWARDED_FOR, told.parse().unwrap());
        }
        Source::of(Some(peer.parse().unwrap()), &headers).to_string()
    }

    #[test]
    fn only_the_last_word_of_a_proxy_on_this_machine_counts() {
        for (peer, told, expect) in [
            ("127.0.0.1:9", &[][..], "127.0.0.1"),
            ("127.0.0.1:9", &["203.0.113.9"], "203.0.113.9"),
            ("[::1]:9", &["6.6.6.6", "7.7.7.7, 203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1:9", &["203.0.113.9:4711"], "203.0.113.9"),
            ("127.0.0.1:9", &["203.0.113.9, nonsense"], "127.0.0.1"),
            ("127.0.0.1:9", &["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::"),
            ("[2001:db8:1:2::7]:9", &["203.0.113.9"], "2001:db8:1:2::"),
            ("[::ffff:198.51.100.7]:9", &["203.0.113.9"], "198.51.100.7"),
            ("198.51.100.7:9", &["203.0.113.9"], "198.51.100.7"),
        ] {
            assert_eq!(source(peer, told), expect, "{peer} {told:?}");
        }
    }
}
