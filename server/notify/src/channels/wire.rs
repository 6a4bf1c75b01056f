//! One exchange with a provider over HTTP, and what its answer means.

use super::SendError;
use super::settings::BadSettings;
use super::text;
use kernel::outbound::later;
use kernel::outbound::{Answer, Client, Outbound, OutboundError, Request, Settings};
use model::Time;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode, Url};
use serde_json::Value;
use std::error::Error as _;
use std::time::Duration;

/// From the look-up to the last byte of the answer. Three exchanges end within what [`super::Channel::send`] promises.
pub(crate) const PATIENCE: Duration = Duration::from_secs(8);
/// Providers answer in a few hundred bytes; one that doesn't is not one.
const MOST_ANSWER: usize = 64 * 1_024;
/// How much of an answer is quoted in a reason.
const MOST_QUOTED: usize = 300;
/// No "later" is later: after a day a page is history.
const LATEST: Duration = Duration::from_secs(86_400);
/// Shorter ones would tear words apart, and nobody can guard them anyway.
const SHORTEST_SECRET: usize = 6;
/// Parts of a secret address that are this long are secrets themselves.
const SECRET_PART: usize = 12;

/// The way to one provider.
pub(crate) struct Wire {
    client: Client,
    who: &'static str,
    secrets: Vec<String>,
    quotes: bool,
}

impl Wire {
    /// To `who`; whatever is in `secrets` is never quoted.
    pub(crate) fn new(who: &'static str, outbound: &Outbound, secrets: Vec<String>) -> Result<Self, BadSettings> {
        let client: Client = outbound.client(&Settings::default())?;
        Ok(Self { client, who, secrets, quotes: true })
    }

    /// The same for an address that anybody who may sign in can name: nothing is told of what stands there but how it answered, else we would
    /// read for them what they can't reach.
    pub(crate) fn without_quotes(self) -> Self {
        Self { quotes: false, ..self }
    }

    /// Sends JSON and returns the answer, whatever its status.
    pub(crate) async fn json(
        &self,
        method: Method,
        url: &str,
        mut headers: HeaderMap,
        body: &Value,
    ) -> Result<Answer, SendError> {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        self.exchange(method, url, headers, body.to_string().into_bytes(), PATIENCE).await
    }

    /// Sends bytes and returns the answer, whatever its status.
    pub(crate) async fn exchange(
        &self,
        method: Method,
        url: &str,
        headers: HeaderMap,
        body: Vec<u8>,
        timeout: Duration,
    ) -> Result<Answer, SendError> {
        let request = Request { method, url: url.to_owned(), headers, body, timeout, max_bytes: MOST_ANSWER };
        self.client.send(request).await.map_err(|error| self.no_answer(&error))
    }

    fn no_answer(&self, error: &OutboundError) -> SendError {
        let who: &str = self.who;
        match error {
            // Its message would show the address, which may carry a secret.
            OutboundError::Url { .. } => SendError::never(format!("{who}: the address can't be used")),
            refused if is_refused(refused) && !self.quotes => SendError::never(format!("{who}: the address must not be reached")),
            refused if is_refused(refused) => SendError::never(format!("{who}: {}", redact(&refused.describe(), &self.secrets))),
            other => SendError::later(format!("{who}: {}", redact(&other.describe(), &self.secrets))),
        }
    }

    /// Nothing for success, else what the status means.
    pub(crate) fn judge(&self, answer: &Answer, at: Time) -> Result<(), SendError> {
        if answer.status.is_success() { Ok(()) } else { Err(self.failed(answer, at)) }
    }

    /// What an answer that is no success means.
    pub(crate) fn failed(&self, answer: &Answer, at: Time) -> SendError {
        let reason: String = format!("{} answered {}{}", self.who, answer.status, self.quoted(answer));
        if is_temporary(answer.status) {
            SendError::Retry { reason, after: retry_after(&answer.headers, at) }
        } else {
            SendError::Refused { reason }
        }
    }

    /// `: ` and the beginning of the body, without secrets; nothing when there is none.
    pub(crate) fn quoted(&self, answer: &Answer) -> String {
        if !self.quotes {
            return String::new();
        }
        let said: String = self.quotable(&String::from_utf8_lossy(&answer.body));
        if said.is_empty() { String::new() } else { format!(": {said}") }
    }

    /// What somebody else wrote, safe to show and short.
    pub(crate) fn quotable(&self, said: &str) -> String {
        text::cut(&text::one_line(&redact(said, &self.secrets)), MOST_QUOTED)
    }
}

/// Whether the guard did not let us out: directly, or from inside the connection, where names are resolved.
fn is_refused(error: &OutboundError) -> bool {
    if matches!(error, OutboundError::Refused { .. } | OutboundError::Redirects { .. }) {
        return true;
    }
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(inner) = cause {
        if matches!(inner.downcast_ref::<OutboundError>(), Some(OutboundError::Refused { .. })) {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// Whether the same request may be taken later (RFC 9110, RFC 6585, RFC 8470).
pub(crate) fn is_temporary(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
}

/// How long the provider wants to be left alone.
pub(crate) fn retry_after(headers: &HeaderMap, at: Time) -> Option<Duration> {
    later::retry_after(headers, at, LATEST)
}

/// So many seconds, if that is a time to wait.
pub(crate) fn wait(seconds: f64) -> Option<Duration> {
    later::wait(seconds, LATEST)
}

/// Without the secrets, however JSON may have written them.
pub(crate) fn redact(said: &str, secrets: &[String]) -> String {
    let mut out: String = said.to_owned();
    for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST_SECRET) {
        out = out.replace(secret.as_str(), "***");
        if secret.contains('/') {
            out = out.replace(&secret.replace('/', "\\/"), "***");
        }
    }
    out
}

/// What must not be shown of an address that is itself a key: the whole, its path, and every long part of it.
pub(crate) fn secrets_of(address: &str) -> Vec<String> {
    let mut secrets: Vec<String> = vec![address.to_owned()];
    if let Ok(url) = Url::parse(address) {
        secrets.push(url.path().to_owned());
        secrets.extend(url.path().split('/').filter(|part| part.len() >= SECRET_PART).map(str::to_owned));
        secrets.extend(url.query().map(str::to_owned));
    }
    secrets
}

/// A header's value that must not be shown. `None` when it has characters no header may have.
pub(crate) fn secret_value(value: &str) -> Option<HeaderValue> {
    let mut header: HeaderValue = HeaderValue::from_str(value).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// The largest of `n`, `n / 2`, …, 0 for which the JSON that `write` makes has at most `most` bytes; written with that many.
pub(crate) fn within(most: usize, n: usize, write: impl Fn(usize) -> Value) -> Value {
    let mut n: usize = n;
    loop {
        let value: Value = write(n);
        if n == 0 || value.to_string().len() <= most {
            return value;
        }
        n /= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::RETRY_AFTER;

    fn headers(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
        headers
    }

    #[test]
    fn nobody_is_waited_for_longer_than_a_day() {
        assert_eq!(retry_after(&headers("0.65"), Time(0)), Some(Duration::from_millis(650)));
        assert_eq!(retry_after(&headers("999999999999"), Time(0)), Some(LATEST));
        assert_eq!((wait(90_000.0), wait(-1.0)), (Some(LATEST), None));
    }

    #[test]
    fn statuses_are_sorted() {
        for status in [408_u16, 425, 429, 500, 502, 503, 504] {
            assert!(is_temporary(StatusCode::from_u16(status).unwrap()), "{status}");
        }
        for status in [301_u16, 400, 401, 403, 404, 410, 413, 422] {
            assert!(!is_temporary(StatusCode::from_u16(status).unwrap()), "{status}");
        }
    }

    #[test]
    fn secrets_of_an_address_are_not_quoted() {
        let secrets: Vec<String> = secrets_of("https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX");
        for said in [
            "no https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX here",
            "token XXXXXXXXXXXXXXXXXXXXXXXX is unknown",
            r#"{"path":"\/services\/T00000000\/B00000000\/XXXXXXXXXXXXXXXXXXXXXXXX"}"#,
        ] {
            let shown: String = redact(said, &secrets);
            assert!(!shown.contains("XXXXXX") && shown.contains("***"), "{shown}");
        }
        assert_eq!(redact("ab", &["ab".to_owned()]), "ab", "too short to be one");
    }

    #[test]
    fn what_does_not_fit_is_halved_until_it_does() {
        let write = |n: usize| Value::from("x".repeat(n));
        assert_eq!(within(100, 64, write), Value::from("x".repeat(64)));
        assert_eq!(within(34, 64, write), Value::from("x".repeat(32)));
        assert_eq!(within(0, 64, write), Value::from(""));
    }
}
