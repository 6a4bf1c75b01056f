//! Where a Postgres is and with which password, as a URL; and a URL without its password.

use crate::DATABASE;
use std::fmt;
use std::path::PathBuf;

/// Names the socket file. No TCP port is opened.
pub(crate) const PORT: u16 = 5432;

/// What a client of the embedded Postgres needs to connect.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) socket_dir: PathBuf,
    pub(crate) password: String,
}

impl Address {
    /// A URL that sqlx and libpq both take. Port and sslmode stand in it so that `PGPORT` and `PGSSLMODE` in the environment cannot
    /// lead elsewhere.
    pub(crate) fn url(&self) -> String {
        let password = encoded(&self.password);
        let host = encoded(&self.socket_dir.to_string_lossy());
        format!("postgres://{DATABASE}:{password}@localhost:{PORT}/{DATABASE}?host={host}&sslmode=disable")
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("socket_dir", &self.socket_dir).finish_non_exhaustive()
    }
}

/// A URL in two parts, as arguments of a process are public and its environment is not: without the password, and the password.
/// Both places are known: `user:password@` and `?password=`.
pub(crate) fn apart(url: &str) -> (String, Option<String>) {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (base, of_user) = without_user_password(base);
    let of_query = query.split('&').find_map(|pair| pair.strip_prefix("password="));
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("password=")).collect();
    let bare = if rest.is_empty() { base } else { format!("{base}?{}", rest.join("&")) };
    (bare, of_query.or(of_user).map(decoded))
}

fn without_user_password(base: &str) -> (String, Option<&str>) {
    let Some((scheme, rest)) = base.split_once("://") else { return (base.to_owned(), None) };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let Some((user_info, host)) = authority.rsplit_once('@') else { return (base.to_owned(), None) };
    let Some((user, password)) = user_info.split_once(':') else { return (base.to_owned(), None) };
    (format!("{scheme}://{user}@{host}{path}"), Some(password))
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The reverse of [`encoded`]; what is no valid escape stays as it is.
fn decoded(text: &str) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest: &[u8] = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped: Option<u8> = (first == b'%').then(|| after.get(..2)).flatten().and_then(hex_byte);
        out.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digits: &str = std::str::from_utf8(digits).ok().filter(|digits| digits.chars().all(|digit| digit.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_carries_the_socket_directory_encoded() {
        let address = Address { socket_dir: PathBuf::from("/var/lib/見/socket"), password: "a/b".to_owned() };
        assert_eq!(
            address.url(),
            "postgres://mimamori:a%2Fb@localhost:5432/mimamori?host=%2Fvar%2Flib%2F%E8%A6%8B%2Fsocket&sslmode=disable"
        );
    }

    #[test]
    fn the_password_is_never_printed() {
        let address = Address { socket_dir: PathBuf::from("/s"), password: "hunter2".to_owned() };
        assert!(!format!("{address:?}").contains("hunter2"));
    }

    #[test]
    fn a_url_and_its_password_come_apart() {
        let cases = [
            ("postgres://m:a%2Fb%@h:1/d?sslmode=require", "postgres://m@h:1/d?sslmode=require", Some("a/b%")),
            ("postgres://m:p@h", "postgres://m@h", Some("p")),
            ("postgres://m@h/d", "postgres://m@h/d", None),
            ("postgres://h/d?password=p&host=%2Fs", "postgres://h/d?host=%2Fs", Some("p")),
            ("postgres:///d", "postgres:///d", None),
        ];
        for (url, bare, password) in cases {
            assert_eq!(apart(url), (bare.to_owned(), password.map(str::to_owned)), "{url}");
        }
    }
}
