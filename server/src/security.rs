//! Browser rules: who may send what from where (CSRF), and the headers on every answer.

use crate::address::name_of;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::net::IpAddr;
use std::sync::Arc;

/// What the rules need to know of the installation.
#[derive(Clone, Debug)]
pub struct Rules {
    /// `https://watch.example.jp`, without a slash at the end.
    pub public_url: Arc<str>,
}

impl Rules {
    /// Of an installation that is reached at `public_url`.
    #[must_use]
    pub fn of(public_url: &str) -> Self {
        Self { public_url: public_url.into() }
    }

    /// Whether people reach us by https: decides Secure cookies and HSTS.
    #[must_use]
    pub fn https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// The nonce of this answer's scripts.
#[derive(Clone, Debug)]
pub struct ScriptNonce(pub Arc<str>);

/// A year, with subdomains (ASVS 3.4.1).
const HSTS: &str = "max-age=31536000; includeSubDomains";

/// Whether an unsafe request comes from our own screens.
///
/// 1. `Sec-Fetch-Site` present: only `same-origin`. 2. Absent: `Origin`, else the origin of `Referer`, must be ours. A plain-http
///    install (browsers send it no `Sec-Fetch-Site`) is also reached by the addresses of its machine: there the origin may name the very
///    host that was asked, when that is an IP address or localhost. A name could be somebody else's, resolved to us. 3. Neither: no.
#[must_use]
pub fn same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(from) = text("origin").or_else(|| text("referer")).map(origin_of) else { return false };
    let host = text("host").unwrap_or_default();
    from == public_url || (!public_url.starts_with("https://") && is_of_this_machine(host) && from == format!("http://{host}"))
}

fn is_of_this_machine(host: &str) -> bool {
    let name = name_of(host);
    name == "localhost" || name.parse::<IpAddr>().is_ok()
}

fn origin_of(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let end = url[after_scheme..].find('/').map_or(url.len(), |at| after_scheme + at);
    &url[..end]
}

/// Refuses unsafe requests that do not come from our own screens. Requests that carry a Bearer token are exempt: a browser never adds
/// one by itself, and cookies are ignored beside it.
pub async fn refuse_forgeries(State(rules): State<Rules>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || has_bearer(request.headers()) || same_origin(request.headers(), &rules.public_url) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "this request did not come from Mimamori's own screens, so nothing was changed\n").into_response()
}

/// Whether the request names a Bearer token.
#[must_use]
pub fn has_bearer(headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.is_some_and(|value| value.len() > 7 && value[..7].eq_ignore_ascii_case("bearer "))
}

/// Puts a fresh nonce into the request and the headers of the house on the answer, errors included.
pub async fn headers(State(rules): State<Rules>, mut request: Request, next: Next) -> Response {
    let nonce: Arc<str> = URL_SAFE_NO_PAD.encode(&kernel::secrets::random_256()[..18]).into();
    request.extensions_mut().insert(ScriptNonce(nonce.clone()));
    let mut response = next.run(request).await;
    let csp = policy(&nonce, response.extensions().get::<NoScript>().is_some());
    let has_own: bool = response.extensions().get::<OwnPolicy>().is_some();
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    if !has_own {
        put("content-security-policy", &csp);
    }
    put("x-content-type-options", "nosniff");
    put("referrer-policy", "same-origin");
    put("x-frame-options", "DENY");
    put("cross-origin-opener-policy", "same-origin");
    put("permissions-policy", "camera=(), geolocation=(), microphone=()");
    put("vary", "Sec-Fetch-Site, Origin, Cookie, Accept-Language, Accept-Encoding");
    if rules.https() {
        put("strict-transport-security", HSTS);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Marks an answer that carries no script at all, so that its policy allows none.
#[derive(Clone, Copy, Debug)]
pub struct NoScript;

/// Marks an answer that has a stricter policy of its own: a file that somebody sent, and in which a browser runs nothing.
#[derive(Clone, Copy, Debug)]
pub struct OwnPolicy;

fn policy(nonce: &str, no_script: bool) -> String {
    let script = if no_script { "'none'".to_owned() } else { format!("'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'") };
    format!(
        "default-src 'self'; script-src {script}; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self'; \
         worker-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect::<HeaderMap>()
    }

    #[test]
    fn only_our_own_origin_may_change_something() {
        let ours = "https://watch.example.jp";
        for (headers, allowed) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("sec-fetch-site", "none")], false),
            (vec![("sec-fetch-site", "cross-site"), ("origin", ours)], false),
            (vec![("origin", ours)], true),
            (vec![("origin", "null")], false),
            (vec![("origin", "https://watch.example.jp.evil.example")], false),
            (vec![("referer", "https://watch.example.jp/alerts/A-1")], true),
            (vec![("origin", "http://10.0.0.5:3000"), ("host", "10.0.0.5:3000")], false),
            (vec![], false),
        ] {
            assert_eq!(same_origin(&request(&headers), ours), allowed, "{headers:?}");
        }
    }

    #[test]
    fn a_plain_http_install_is_reached_by_any_of_its_addresses() {
        let headers = request(&[("origin", "http://10.0.0.5:3000"), ("host", "10.0.0.5:3000")]);
        assert!(same_origin(&headers, "http://127.0.0.1:3000"));
        let rebound = request(&[("origin", "http://evil.example"), ("host", "10.0.0.5:3000")]);
        assert!(!same_origin(&rebound, "http://127.0.0.1:3000"));
        let named = request(&[("origin", "http://evil.example"), ("host", "evil.example")]);
        assert!(!same_origin(&named, "http://127.0.0.1:3000"));
        let v6 = request(&[("origin", "http://[fd00::5]:3000"), ("host", "[fd00::5]:3000")]);
        assert!(same_origin(&v6, "http://127.0.0.1:3000"));
    }

    #[test]
    fn an_answer_without_script_allows_none() {
        assert!(policy("N", true).contains("script-src 'none'"));
        assert!(policy("N", false).contains("'nonce-N' 'strict-dynamic'"));
        assert!(!policy("N", false).contains(" 'unsafe-eval'") && !policy("N", false).contains("unsafe-inline"));
    }
}
