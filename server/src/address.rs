//! Where a request comes from, behind however many proxies.

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Headers by which a proxy says that it passes something on.
const FORWARDING: [&str; 5] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/// Who opened the connection; unspecified when there is none (tests).
#[must_use]
pub fn peer(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// The client's address: the peer, or behind trusted proxies the right-most entry of `X-Forwarded-For` that is not one of them. An
/// entry that can't be read makes the chain worthless, as whatever stands left of it may be invented: the peer then.
#[must_use]
pub fn client(request: &Request, trusted: &[IpNet]) -> IpAddr {
    let peer = peer(request);
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(&peer) {
        return peer;
    }
    let lines = request.headers().get_all("x-forwarded-for").iter();
    let joined = lines.map(|line| line.to_str().unwrap_or("?")).collect::<Vec<_>>().join(",");
    for entry in joined.rsplit(',') {
        match address_of(entry.trim()) {
            Some(address) if is_trusted(&address) => {}
            Some(address) => return address,
            None => return peer,
        }
    }
    peer
}

/// `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:443`.
fn address_of(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let address = bare.parse::<IpAddr>().ok();
    let address = address.or_else(|| entry.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()));
    address.map(|address| address.to_canonical())
}

/// Whether a program on this machine asks us directly and by a name of this machine: no proxy in between, and no browser that a
/// foreign name was resolved to us for.
#[must_use]
pub fn is_local(request: &Request) -> bool {
    let headers: &HeaderMap = request.headers();
    let host = headers.get("host").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_direct = FORWARDING.iter().all(|name| !headers.contains_key(*name));
    peer(request).is_loopback() && is_direct && is_loopback_name(name_of(host))
}

/// A `Host` header without its port and brackets.
#[must_use]
pub fn name_of(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    host.split(':').next().unwrap_or_default()
}

fn is_loopback_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn from(peer: &str, headers: &[(&str, &str)]) -> Request {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        request
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy_and_up_to_the_first_stranger() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "2001:db8:a::/48".parse().unwrap()];
        for (peer, lines, expected) in [
            ("203.0.113.9", vec!["198.51.100.1"], "203.0.113.9"),
            ("10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["6.6.6.6, 198.51.100.1, 10.2.2.2"], "198.51.100.1"),
            ("10.0.0.1", vec!["6.6.6.6", "198.51.100.1", "10.2.2.2"], "198.51.100.1"),
            ("10.0.0.1", vec!["6.6.6.6, nonsense"], "10.0.0.1"),
            ("10.0.0.1", vec!["6.6.6.6, unknown, 10.2.2.2"], "10.0.0.1"),
            ("10.0.0.1", vec!["198.51.100.1:5123"], "198.51.100.1"),
            ("10.0.0.1", vec!["[2001:db8::7]:5123"], "2001:db8::7"),
            ("10.0.0.1", vec!["[2001:db8::7]"], "2001:db8::7"),
            ("10.0.0.1", vec!["2001:db8::7, 2001:db8:a::1"], "2001:db8::7"),
            ("::ffff:10.0.0.1", vec!["::ffff:198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["10.2.2.2"], "10.0.0.1"),
            ("10.0.0.1", vec![], "10.0.0.1"),
        ] {
            let headers: Vec<(&str, &str)> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
            assert_eq!(client(&from(peer, &headers), &trusted).to_string(), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn local_is_who_asks_this_machine_directly_by_its_own_name() {
        for (peer, headers, expected) in [
            ("127.0.0.1", vec![("host", "127.0.0.1:3000")], true),
            ("::1", vec![("host", "[::1]:3000")], true),
            ("127.0.0.1", vec![("host", "localhost")], true),
            ("127.0.0.1", vec![("host", "evil.example:3000")], false),
            ("127.0.0.1", vec![("host", "localhost"), ("x-real-ip", "1.2.3.4")], false),
            ("127.0.0.1", vec![("host", "localhost"), ("forwarded", "for=1.2.3.4")], false),
            ("127.0.0.1", vec![], false),
            ("10.0.0.1", vec![("host", "localhost")], false),
        ] {
            assert_eq!(is_local(&from(peer, &headers)), expected, "{peer} {headers:?}");
        }
    }
}
