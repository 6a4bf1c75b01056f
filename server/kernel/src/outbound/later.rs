//! When the other side wants to be asked again. Pure.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use model::Time;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// How long to wait by `Retry-After`, at most `longest`: seconds, also with a fraction (Discord), or a date (RFC 9110, section 10.2.3). A
/// date that has passed is no wait; what is neither is `None`.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: Time, longest: Duration) -> Option<Duration> {
    let written: &str = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = written.parse::<f64>() {
        return wait(seconds, longest);
    }
    let until: DateTime<FixedOffset> = DateTime::parse_from_rfc2822(written).ok()?;
    let ms: u64 = u64::try_from(until.timestamp_millis().saturating_sub(now.0)).unwrap_or(0);
    Some(Duration::from_millis(ms).min(longest))
}

/// So many seconds, if that is a time to wait, at most `longest`.
#[must_use]
pub fn wait(seconds: f64, longest: Duration) -> Option<Duration> {
    let can_be_waited: bool = seconds.is_finite() && seconds >= 0.0;
    can_be_waited.then(|| Duration::from_secs_f64(seconds.min(longest.as_secs_f64())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn a_wait_is_read_in_every_form_and_has_an_end() {
        // 2015-10-21T07:28:00Z.
        let now = Time(1_445_412_480_000);
        for (written, expected_ms) in [
            ("30", Some(30_000)),
            ("0.65", Some(650)),
            ("Wed, 21 Oct 2015 07:28:10 GMT", Some(10_000)),
            ("Wed, 21 Oct 2015 07:00:00 GMT", Some(0)),
            ("Fri, 21 Oct 2044 07:00:00 GMT", Some(60_000)),
            ("999999999999", Some(60_000)),
            ("-1", None),
            ("NaN", None),
            ("inf", None),
            ("soon", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(written).unwrap());
            let expected: Option<Duration> = expected_ms.map(Duration::from_millis);
            assert_eq!(retry_after(&headers, now, Duration::from_secs(60)), expected, "{written}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now, Duration::from_secs(60)), None);
    }
}
