//! Where a target sends us on. Pure.

use axum::http::header::LOCATION;
use axum::http::uri::Uri;
use axum::http::{HeaderMap, StatusCode};

/// The next URL, when an answer is a redirect that says where to. Dot segments are left to whoever asks there.
///
/// Source: RFC 9110, sections 10.2.2 and 15.4; RFC 3986, section 5.2.
pub(super) fn next(from: &str, status: StatusCode, headers: &HeaderMap) -> Option<String> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    resolve(from, headers.get(LOCATION)?.to_str().ok()?.trim())
}

fn resolve(from: &str, to: &str) -> Option<String> {
    let to: &str = to.split('#').next().filter(|to| !to.is_empty())?;
    if has_scheme(to) {
        return Some(to.to_owned());
    }
    let base: Uri = from.parse().ok()?;
    let (scheme, authority): (&str, &str) = (base.scheme_str()?, base.authority()?.as_str());
    let path: &str = base.path();
    let directory: &str = path.rfind('/').map_or("/", |end| &path[..=end]);
    Some(match to.as_bytes() {
        [b'/', b'/', ..] => format!("{scheme}:{to}"),
        [b'/', ..] => format!("{scheme}://{authority}{to}"),
        [b'?', ..] => format!("{scheme}://{authority}{path}{to}"),
        _ => format!("{scheme}://{authority}{directory}{to}"),
    })
}

/// Whether a URL begins with a scheme of its own; the client refuses those that are not HTTP.
fn has_scheme(url: &str) -> bool {
    let Some((scheme, _)) = url.split_once(':') else { return false };
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(is_letter)
}

/// Whether two URLs name the same host, whatever the port. What can't be read is nowhere.
pub(super) fn is_same_host(one: &str, other: &str) -> bool {
    let host = |url: &str| -> Option<String> { Some(url.parse::<Uri>().ok()?.host()?.to_ascii_lowercase()) };
    host(one).is_some_and(|one| host(other).is_some_and(|other| one == other))
}

/// Whether two URLs have scheme, host and port in common, as they are written.
pub(super) fn is_same_origin(one: &str, other: &str) -> bool {
    let origin = |url: &str| -> Option<(String, String)> {
        let uri: Uri = url.parse().ok()?;
        Some((uri.scheme_str()?.to_ascii_lowercase(), uri.authority()?.as_str().to_ascii_lowercase()))
    };
    origin(one).is_some_and(|one| origin(other).is_some_and(|other| one == other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn led(status: u16, to: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_str(to).unwrap());
        next("http://a:1/b/c?d=e", StatusCode::from_u16(status).unwrap(), &headers)
    }

    #[test]
    fn a_redirect_leads_where_it_says() {
        for (to, expected) in [
            ("https://other/metrics", Some("https://other/metrics")),
            ("HTTP://other", Some("HTTP://other")),
            ("//other:2/x", Some("http://other:2/x")),
            ("/x?y#z", Some("http://a:1/x?y")),
            ("x/y", Some("http://a:1/b/x/y")),
            ("?q", Some("http://a:1/b/c?q")),
            ("file:///etc/passwd", Some("file:///etc/passwd")),
            ("x/y:z", Some("http://a:1/b/x/y:z")),
            ("#only", None),
            ("", None),
        ] {
            assert_eq!(led(302, to).as_deref(), expected, "{to}");
        }
        assert!([301, 303, 307, 308].into_iter().all(|status| led(status, "/x").is_some()));
        assert_eq!((led(200, "/x"), led(300, "/x"), led(304, "/x")), (None, None, None));
    }

    #[test]
    fn hosts_and_origins_are_told_apart() {
        assert!(is_same_host("http://a:1/x", "https://A:2/y") && !is_same_host("http://a/", "http://b/"));
        assert!(!is_same_host("http://a/", "not a url") && !is_same_host("", ""));
        assert!(!is_same_host("http://127.0.0.1/", "http://localhost/"));
        assert!(is_same_origin("http://a:1/x", "http://A:1/y"));
        for other in ["http://a:2/x", "https://a:1/x", "http://b:1/x", "/x", ""] {
            assert!(!is_same_origin("http://a:1/x", other), "{other}");
        }
    }
}
