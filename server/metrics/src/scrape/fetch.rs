//! One request to one target.

use std::path::Path;
use std::time::{Duration, Instant};

use axum::http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::outbound::{Answer, Client, OutboundError, Request, Settings, Tls};

use super::config::{Credentials, JobConfig, SecretSource, TlsConfig};
use super::error::ScrapeError;
use super::target::Target;
use super::{Ways, redirect};
use crate::exposition::Format;

/// What we can read, the best first, in the words of Prometheus 3.
const FORMATS: &str = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,\
    application/openmetrics-text;version=0.0.1;q=0.4,\
    text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,\
    text/plain;version=0.0.4;q=0.2,*/*;q=0.1";
/// Tells an exporter that asks others how long it has.
const TIMEOUT: &str = "x-prometheus-scrape-timeout-seconds";
/// Redirects that are followed.
const REDIRECTS: usize = 5;

/// The ways to a job's targets, with its certificates.
#[derive(Debug)]
pub(super) struct Clients {
    /// To the host that is named.
    target: Client,
    /// To another one, when the target sends us on.
    elsewhere: Client,
}

/// The clients of a job. Redirects are followed here and not by them, because where they lead decides which of them goes.
pub(super) async fn clients(ways: &Ways, job: &JobConfig) -> Result<Clients, ScrapeError> {
    let settings = Settings { tls: tls(&job.tls).await?, redirects: 0 };
    Ok(Clients { target: ways.targets.client(&settings)?, elsewhere: ways.redirects.client(&settings)? })
}

async fn tls(config: &TlsConfig) -> Result<Tls, ScrapeError> {
    let authorities: Option<Vec<u8>> = match &config.ca_file {
        Some(path) => Some(read(path).await?),
        None => None,
    };
    let identity: Option<Vec<u8>> = match &config.identity {
        Some((certificate, key)) => {
            let mut pem: Vec<u8> = read(certificate).await?;
            pem.push(b'\n');
            pem.extend(read(key).await?);
            Some(pem)
        }
        None => None,
    };
    Ok(Tls { authorities, identity, accept_invalid: config.insecure_skip_verify })
}

async fn read(path: &Path) -> Result<Vec<u8>, ScrapeError> {
    let unreadable = |source: std::io::Error| ScrapeError::File { path: path.display().to_string(), source };
    tokio::fs::read(path).await.map_err(unreadable)
}

/// Asks a target for an answer of at most `max_bytes`, also after decompression; the text it answers, and how to read it.
pub(super) async fn fetch(
    clients: &Clients,
    job: &JobConfig,
    target: &Target,
    max_bytes: usize,
    timeout: Duration,
) -> Result<(String, Format), ScrapeError> {
    let answer: Answer = follow(clients, job, &target.url, max_bytes, timeout).await?;
    if answer.status != StatusCode::OK {
        return Err(ScrapeError::Status(answer.status));
    }
    let content_type: &str = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let format: Format = Format::of(content_type, job.fallback)?;
    let text: String = String::from_utf8(answer.body).map_err(|_| ScrapeError::NotUtf8)?;
    Ok((text, format))
}

/// The answer at the end of the redirects. Who we are is told only where the target is: scheme, host and port.
async fn follow(
    clients: &Clients,
    job: &JobConfig,
    first: &str,
    max_bytes: usize,
    timeout: Duration,
) -> Result<Answer, ScrapeError> {
    let began: Instant = Instant::now();
    let mut url: String = first.to_owned();
    for _ in 0..=REDIRECTS {
        let left: Duration = timeout.saturating_sub(began.elapsed());
        let credentials: Option<&Credentials> = job.credentials.as_ref().filter(|_| redirect::is_same_origin(first, &url));
        let headers: HeaderMap = headers(job, credentials, timeout).await?;
        let client: &Client = if redirect::is_same_host(first, &url) { &clients.target } else { &clients.elsewhere };
        let request = Request { method: Method::GET, url: url.clone(), headers, body: Vec::new(), timeout: left, max_bytes };
        let answer: Answer = client.send(request).await?;
        match redirect::next(&url, answer.status, &answer.headers).filter(|_| job.follow_redirects) {
            Some(next) => url = next,
            None => return Ok(answer),
        }
    }
    Err(ScrapeError::Outbound(OutboundError::Redirects { most: REDIRECTS }))
}

async fn headers(job: &JobConfig, credentials: Option<&Credentials>, timeout: Duration) -> Result<HeaderMap, ScrapeError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(FORMATS));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(if job.compression { "gzip" } else { "identity" }));
    let seconds: String = timeout.as_secs_f64().to_string();
    headers.insert(TIMEOUT, HeaderValue::from_str(&seconds).map_err(|_| ScrapeError::Credentials)?);
    if let Some(credentials) = credentials {
        headers.insert(AUTHORIZATION, authorization(credentials).await?);
    }
    Ok(headers)
}

async fn authorization(credentials: &Credentials) -> Result<HeaderValue, ScrapeError> {
    let text: String = match credentials {
        Credentials::Basic { username, password } => {
            let password: String = match password {
                Some(source) => secret(source).await?,
                None => String::new(),
            };
            format!("Basic {}", STANDARD.encode(format!("{username}:{password}")))
        }
        Credentials::Bearer { scheme, token } => format!("{scheme} {}", secret(token).await?),
    };
    let mut value: HeaderValue = HeaderValue::from_str(&text).map_err(|_| ScrapeError::Credentials)?;
    value.set_sensitive(true);
    Ok(value)
}

async fn secret(source: &SecretSource) -> Result<String, ScrapeError> {
    match source {
        SecretSource::Inline(secret) => Ok(secret.0.clone()),
        SecretSource::File(path) => {
            let text: String = String::from_utf8(read(path).await?).map_err(|_| ScrapeError::Credentials)?;
            Ok(text.trim().to_owned())
        }
    }
}
