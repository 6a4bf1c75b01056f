//! Where another store or engine is, and how it knows us. Set by the operator, who may name private addresses and this very machine.

use std::fmt;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::outbound::reach::Reach;
use kernel::outbound::{Client, Outbound, OutboundError, Settings, Tls};

use crate::engine::error::RemoteError;

/// An address and what goes with it.
#[derive(Clone, Default)]
pub struct Endpoint {
    /// Of an engine: what `/api/v1/query` is appended to. Of a destination: the whole URL of its remote write.
    pub url: String,
    /// Who we are.
    pub authorization: Option<Authorization>,
    /// Sent with every request, such as a tenant's `X-Scope-OrgID`.
    pub headers: Vec<(String, String)>,
    /// For https.
    pub tls: Tls,
}

/// Without what is secret.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("url", &self.url).finish_non_exhaustive()
    }
}

/// How we prove who we are.
#[derive(Clone)]
pub enum Authorization {
    /// A token.
    Bearer(String),
    /// A name and a password.
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: String,
    },
}

impl Endpoint {
    /// Only an address.
    #[must_use]
    pub fn at(url: &str) -> Self {
        Self { url: url.to_owned(), ..Self::default() }
    }

    /// A client that follows no redirects: they would carry our secrets elsewhere.
    pub(crate) fn client(&self) -> Result<Client, RemoteError> {
        let reach = Reach { private: true, loopback: true, ..Reach::default() };
        let settings = Settings { tls: self.tls.clone(), redirects: 0 };
        let unusable = |source: OutboundError| RemoteError::Address { url: self.url.clone(), source };
        Outbound::new(reach).client(&settings).map_err(unusable)
    }

    /// What every request carries.
    pub(crate) fn headers(&self) -> Result<HeaderMap, RemoteError> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let unusable = || RemoteError::Header { name: name.clone() };
            let known: HeaderName = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?;
            headers.insert(known, secret(value).ok_or_else(unusable)?);
        }
        let unusable = || RemoteError::Header { name: AUTHORIZATION.to_string() };
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, secret(&authorization.text()).ok_or_else(unusable)?);
        }
        Ok(headers)
    }
}

impl Authorization {
    fn text(&self) -> String {
        match self {
            Self::Bearer(token) => format!("Bearer {token}"),
            Self::Basic { user, password } => format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))),
        }
    }
}

fn secret(text: &str) -> Option<HeaderValue> {
    let mut value: HeaderValue = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_sent_and_not_shown() {
        let basic = Authorization::Basic { user: "u".to_owned(), password: "p".to_owned() };
        let mut endpoint = Endpoint { authorization: Some(basic), ..Endpoint::at("https://example.com/write") };
        endpoint.headers.push(("X-Scope-OrgID".to_owned(), "tenant".to_owned()));
        let headers: HeaderMap = endpoint.headers().unwrap();
        assert_eq!(headers["authorization"], "Basic dTpw");
        assert_eq!(headers["x-scope-orgid"], "tenant");
        let shown: String = format!("{endpoint:?} {headers:?}");
        assert!(!shown.contains("dTpw") && !shown.contains("tenant"), "{shown}");
    }

    #[test]
    fn headers_that_are_none_are_refused_by_name() {
        let mut endpoint = Endpoint::at("https://example.com/write");
        endpoint.headers.push(("two words".to_owned(), "x".to_owned()));
        assert!(endpoint.headers().unwrap_err().to_string().contains("two words"));
        endpoint.headers = vec![("x".to_owned(), "line\nbreak".to_owned())];
        assert!(endpoint.headers().is_err());
        assert!(endpoint.client().is_ok());
    }
}
