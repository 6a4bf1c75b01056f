//! The one way out: an HTTP client that goes only where it may.
//!
//! Whoever can name a URL could make this server ask its own database, the cloud's metadata or a neighbour behind the firewall.
//! So every address is looked at three times: a literal one before the request, every answer of the resolver (only those that were
//! looked at are connected to), and every redirect. There is no proxy: behind one the addresses would be its, not ours.
//! Memory and time have an end: each request says how long and how large its answer may be, also after decompression.

pub mod gzip;
pub mod later;
pub mod reach;

use std::error::Error as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Certificate, ClientBuilder, Identity, Method, Response, StatusCode, Url};

use reach::Reach;

/// How we introduce ourselves.
const AGENT: &str = concat!("Mimamori/", env!("CARGO_PKG_VERSION"));
/// The name of this machine by which its doors can be named.
const HOME: &str = "localhost";
/// Connections to one host that are kept for the next request.
const IDLE_PER_HOST: usize = 2;

/// What can go wrong on the way out. Safe to show to whoever named the URL.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// It can't be read, or is not HTTP, or carries a password.
    #[error("the URL {url:?} can't be used: expected http:// or https:// with a host and without a user")]
    Url {
        /// As given.
        url: String,
    },
    /// The address is behind the guard.
    #[error("{host} is at {address}, which must not be reached unless it is listed")]
    Refused {
        /// The host of the URL.
        host: String,
        /// Where it is.
        address: IpAddr,
    },
    /// The resolver knows the name, but no address.
    #[error("{host} has no address")]
    NoAddress {
        /// The host of the URL.
        host: String,
    },
    /// The redirects don't end.
    #[error("more than {most} redirects")]
    Redirects {
        /// [`Settings::redirects`].
        most: usize,
    },
    /// A certificate or key can't be read.
    #[error("read {what}")]
    Certificate {
        /// Which.
        what: &'static str,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// A file that should hold certificates holds none.
    #[error("there is no certificate in what should hold the certificate authorities")]
    NoCertificate,
    /// A client with these settings can't be made.
    #[error("prepare a client")]
    Client(#[source] reqwest::Error),
    /// No answer, or not a whole one.
    #[error("no answer")]
    Exchange(#[source] reqwest::Error),
    /// The answer took too long.
    #[error("no answer within {after_ms} ms")]
    TimedOut {
        /// [`Request::timeout`].
        after_ms: u128,
    },
    /// The answer is larger than the request allows.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// [`Request::max_bytes`].
        limit: usize,
    },
    /// The answer is not the gzip it claims to be.
    #[error("decompress the answer")]
    Gzip(#[source] std::io::Error),
    /// The answer is compressed in a way nobody asked for.
    #[error("the answer is encoded as {0:?}, expected gzip or nothing")]
    Encoding(String),
    /// We are shutting down.
    #[error("the answer could not be read to its end")]
    Cut,
}

impl OutboundError {
    /// The message with all its causes, for people.
    #[must_use]
    pub fn describe(&self) -> String {
        let mut text: String = self.to_string();
        let mut cause: Option<&(dyn std::error::Error + 'static)> = self.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

/// How the other side proves who it is, and how we do.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// PEM: trusted instead of the public authorities.
    pub authorities: Option<Vec<u8>>,
    /// PEM: our certificate and its key.
    pub identity: Option<Vec<u8>>,
    /// Takes every certificate. For machines that sign their own; then anybody in between can read along.
    pub accept_invalid: bool,
}

/// What all requests of one client have in common.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// For https.
    pub tls: Tls,
    /// Redirects that are followed; each is looked at like the first URL. With 0 the redirect itself is the answer.
    pub redirects: usize,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    /// Such as GET.
    pub method: Method,
    /// Where to.
    pub url: String,
    /// Sent as they are. Ask for gzip here when it is wanted.
    pub headers: HeaderMap,
    /// Sent as it is.
    pub body: Vec<u8>,
    /// From the first look-up to the last byte of the answer.
    pub timeout: Duration,
    /// The answer's body, as it comes and decompressed.
    pub max_bytes: usize,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Any status, also those that mean failure.
    pub status: StatusCode,
    /// As they came.
    pub headers: HeaderMap,
    /// Decompressed.
    pub body: Vec<u8>,
}

/// Makes clients that all go only where they may. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outbound {
    reach: Arc<Reach>,
}

impl Outbound {
    /// With this reach.
    #[must_use]
    pub fn new(reach: Reach) -> Self {
        Self { reach: Arc::new(reach) }
    }

    /// What may be reached, for protocols that connect by themselves.
    #[must_use]
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// A client with a pool of connections of its own.
    ///
    /// # Errors
    /// When a certificate can't be read.
    pub fn client(&self, settings: &Settings) -> Result<Client, OutboundError> {
        let builder: ClientBuilder = reqwest::Client::builder()
            .no_proxy()
            .referer(false)
            .user_agent(AGENT)
            .pool_max_idle_per_host(IDLE_PER_HOST)
            .redirect(redirects(Arc::clone(&self.reach), settings.redirects))
            .dns_resolver(Arc::new(Guarded { reach: Arc::clone(&self.reach) }));
        let http: reqwest::Client = with_tls(builder, &settings.tls)?.build().map_err(OutboundError::Client)?;
        Ok(Client { http, reach: Arc::clone(&self.reach) })
    }
}

fn with_tls(mut builder: ClientBuilder, tls: &Tls) -> Result<ClientBuilder, OutboundError> {
    builder = builder.danger_accept_invalid_certs(tls.accept_invalid);
    if let Some(pem) = &tls.authorities {
        let unreadable = |source: reqwest::Error| OutboundError::Certificate { what: "the certificate authorities", source };
        let authorities: Vec<Certificate> = Certificate::from_pem_bundle(pem).map_err(unreadable)?;
        if authorities.is_empty() {
            return Err(OutboundError::NoCertificate);
        }
        builder = builder.tls_built_in_root_certs(false);
        for authority in authorities {
            builder = builder.add_root_certificate(authority);
        }
    }
    if let Some(pem) = &tls.identity {
        let unreadable = |source: reqwest::Error| OutboundError::Certificate { what: "our certificate and its key", source };
        builder = builder.identity(Identity::from_pem(pem).map_err(unreadable)?);
    }
    Ok(builder)
}

fn redirects(reach: Arc<Reach>, most: usize) -> Policy {
    if most == 0 {
        return Policy::none();
    }
    Policy::custom(move |attempt: Attempt<'_>| {
        // The first entry is the URL that was asked for.
        if attempt.previous().len() > most {
            return attempt.error(OutboundError::Redirects { most });
        }
        match check(&reach, attempt.url()) {
            Ok(()) => attempt.follow(),
            Err(error) => attempt.error(error),
        }
    })
}

/// For messages: without whoever it signs in as, and without its query.
fn without_secrets(url: &Url) -> String {
    let mut shown: Url = url.clone();
    // A URL that can have neither has none to lose.
    let _ = shown.set_username("").and_then(|()| shown.set_password(None));
    shown.set_query(None);
    shown.to_string()
}

/// Whether a URL may be asked, as far as can be said before its name is resolved.
fn check(reach: &Reach, url: &Url) -> Result<(), OutboundError> {
    let unusable = || OutboundError::Url { url: without_secrets(url) };
    let is_http: bool = matches!(url.scheme(), "http" | "https");
    if !is_http || !url.username().is_empty() || url.password().is_some() {
        return Err(unusable());
    }
    let host: &str = url.host_str().filter(|host| !host.is_empty()).ok_or_else(unusable)?;
    let port: u16 = url.port_or_known_default().unwrap_or(0);
    let refused = |address: IpAddr| Err(OutboundError::Refused { host: host.to_owned(), address });
    // A literal address never meets the resolver. The parser of URLs has already made 0x7f.1 into 127.0.0.1.
    match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        Ok(address) if !reach.may_at(address, port) => refused(address),
        // The resolver knows no ports, so that single doors of this machine are looked at here, and have one name.
        Err(_) if host == HOME && !reach.may_at_home(port) => refused(Ipv4Addr::LOCALHOST.into()),
        _ => Ok(()),
    }
}

/// Resolves names and hands out only addresses that may be reached; the connection goes to one of them and nowhere else.
#[derive(Debug)]
struct Guarded {
    reach: Arc<Reach>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let reach: Arc<Reach> = Arc::clone(&self.reach);
        let host: String = name.as_str().to_owned();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> = allowed(&reach, &host, &found)?;
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

/// Those of `found` that may be reached; an error when there is none.
fn allowed(reach: &Reach, host: &str, found: &[SocketAddr]) -> Result<Vec<SocketAddr>, OutboundError> {
    let may = |address: &SocketAddr| reach.may(address.ip()) || (host == HOME && reach.has_door(address.ip()));
    let allowed: Vec<SocketAddr> = found.iter().copied().filter(may).collect();
    match (allowed.is_empty(), found.first()) {
        (false, _) => Ok(allowed),
        (true, Some(address)) => Err(OutboundError::Refused { host: host.to_owned(), address: address.ip() }),
        (true, None) => Err(OutboundError::NoAddress { host: host.to_owned() }),
    }
}

/// Asks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    reach: Arc<Reach>,
}

impl Client {
    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// When the URL may not be asked, nobody answers in time, or the answer is too large. Every status is an answer, not an error.
    pub async fn send(&self, request: Request) -> Result<Answer, OutboundError> {
        let url: Url = Url::parse(&request.url).map_err(|_| OutboundError::Url { url: request.url.clone() })?;
        check(&self.reach, &url)?;
        let patience: Duration = request.timeout;
        match tokio::time::timeout(patience, self.exchange(url, request)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(OutboundError::TimedOut { after_ms: patience.as_millis() }),
        }
    }

    async fn exchange(&self, url: Url, request: Request) -> Result<Answer, OutboundError> {
        let asked = self.http.request(request.method, url).headers(request.headers).body(request.body);
        let response: Response = asked.send().await.map_err(no_answer)?;
        let (status, headers): (StatusCode, HeaderMap) = (response.status(), response.headers().clone());
        let raw: Vec<u8> = read(response, request.max_bytes).await?;
        let body: Vec<u8> = plain(&headers, raw, request.max_bytes).await?;
        Ok(Answer { status, headers, body })
    }
}

/// Without the URL: whoever is told knows it, and it may carry a secret.
fn no_answer(error: reqwest::Error) -> OutboundError {
    OutboundError::Exchange(error.without_url())
}

async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, OutboundError> {
    let mut body: Vec<u8> = Vec::new();
    while let Some(part) = response.chunk().await.map_err(no_answer)? {
        if body.len() + part.len() > limit {
            return Err(OutboundError::TooLarge { limit });
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

async fn plain(headers: &HeaderMap, raw: Vec<u8>, limit: usize) -> Result<Vec<u8>, OutboundError> {
    let encoding: &str = headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("").trim();
    match encoding.to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(raw),
        "gzip" | "x-gzip" => {
            let unpacking = tokio::task::spawn_blocking(move || gzip::gunzip(&raw, limit));
            unpacking.await.map_err(|_| OutboundError::Cut)?
        }
        other => Err(OutboundError::Encoding(other.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(reach: &Reach, url: &str) -> Result<(), OutboundError> {
        check(reach, &Url::parse(url).unwrap())
    }

    #[test]
    fn only_http_without_a_user_is_asked() {
        let reach = Reach::default();
        assert!(outcome(&reach, "https://example.com/metrics?a=b").is_ok());
        for url in ["ftp://example.com/", "file:///etc/passwd", "http://user@example.com/", "http://:secret@example.com/"] {
            assert!(matches!(outcome(&reach, url), Err(OutboundError::Url { .. })), "{url}");
        }
    }

    #[test]
    fn literal_addresses_are_looked_at_however_they_are_written() {
        let reach = Reach::default();
        for url in [
            "http://127.0.0.1/",
            "http://0x7f.1/",
            "http://2130706433/",
            "http://[::1]:9100/",
            "http://[::ffff:10.0.0.1]/",
            "http://169.254.169.254/latest/meta-data",
        ] {
            assert!(matches!(outcome(&reach, url), Err(OutboundError::Refused { .. })), "{url}");
        }
    }

    #[test]
    fn answers_of_the_resolver_are_filtered_one_by_one() {
        let addresses: Vec<SocketAddr> =
            ["10.0.0.1:0", "192.0.2.77:0", "8.8.8.8:0"].iter().map(|at| at.parse().unwrap()).collect();
        let public: Vec<SocketAddr> = allowed(&Reach::default(), "mixed.example", &addresses).unwrap();
        assert_eq!(public, addresses[2..]);
        assert!(matches!(allowed(&Reach::default(), "inside", &addresses[..1]), Err(OutboundError::Refused { .. })));
        assert!(matches!(allowed(&Reach::default(), "nowhere", &[]), Err(OutboundError::NoAddress { .. })));
    }

    #[test]
    fn a_door_of_this_machine_is_reached_by_its_port_and_by_no_other_name() {
        let reach = Reach { doors: vec!["127.0.0.1:9100".parse().unwrap()], ..Reach::default() };
        for url in
            ["http://127.0.0.1:9100/metrics", "http://localhost:9100/metrics", "http://LOCALHOST:9100/", "http://0x7f.1:9100/"]
        {
            assert!(outcome(&reach, url).is_ok(), "{url}");
        }
        for url in
            ["http://127.0.0.1/", "http://127.0.0.1:5432/", "http://localhost:5432/", "https://localhost/", "http://[::1]:9100/"]
        {
            assert!(matches!(outcome(&reach, url), Err(OutboundError::Refused { .. })), "{url}");
        }
        let home: Vec<SocketAddr> = vec!["127.0.0.1:0".parse().unwrap(), "[::1]:0".parse().unwrap()];
        assert_eq!(allowed(&reach, "localhost", &home).unwrap(), home[..1]);
        let foreign = allowed(&reach, "rebound.example", &home);
        assert!(matches!(foreign, Err(OutboundError::Refused { .. })), "nobody looked at its port");
    }

    #[test]
    fn a_client_needs_readable_certificates() {
        let outbound = Outbound::new(Reach::default());
        assert!(outbound.client(&Settings::default()).is_ok());
        let empty = Tls { authorities: Some(b"no certificate here".to_vec()), ..Tls::default() };
        assert!(outbound.client(&Settings { tls: empty, redirects: 0 }).is_err());
        let broken = Tls { identity: Some(b"no key here".to_vec()), ..Tls::default() };
        assert!(outbound.client(&Settings { tls: broken, redirects: 0 }).is_err());
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_refused_after_it_is_resolved() {
        let client: Client = Outbound::new(Reach::default()).client(&Settings::default()).unwrap();
        let request = Request {
            method: Method::GET,
            url: "http://localhost:1/".to_owned(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            timeout: Duration::from_secs(20),
            max_bytes: 10,
        };
        let error: OutboundError = client.send(request).await.unwrap_err();
        assert!(error.describe().contains("must not be reached"), "{}", error.describe());
    }
}
