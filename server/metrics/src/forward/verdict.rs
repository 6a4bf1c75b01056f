//! What a destination's answer means. Pure.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use kernel::outbound::later;
use model::Time;

/// The first wait after a failure; doubled by each further one.
const FIRST_MS: i64 = 1_000;
/// The longest wait of our own.
const LONGEST_MS: i64 = 60_000;
/// The longest wait that a destination may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(600);

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It has the samples.
    Taken,
    /// It may take them later; in so many milliseconds, if it said when.
    Later(Option<i64>),
    /// It will never take them.
    Refused,
}

/// Judges an answer that came at `now`.
///
/// Remote write 1.0 asks that 5xx is tried again, that 429 may be, and 4xx is not. Those of them that are about who we are and where we
/// ask, not about the samples, are tried again all the same: a wrong token must not throw samples away.
pub(crate) fn judge(status: StatusCode, headers: &HeaderMap, now: Time) -> Verdict {
    match status.as_u16() {
        200..=299 => Verdict::Taken,
        401 | 402 | 403 | 404 | 405 | 407 | 408 | 421 | 425 | 429 => Verdict::Later(asked_ms(headers, now)),
        400..=499 => Verdict::Refused,
        _ => Verdict::Later(asked_ms(headers, now)),
    }
}

/// In milliseconds.
fn asked_ms(headers: &HeaderMap, now: Time) -> Option<i64> {
    i64::try_from(later::retry_after(headers, now, LONGEST_ASKED)?.as_millis()).ok()
}

/// How long to wait after so many failures in a row, the first being 1; what was asked for counts when it is longer.
pub(crate) fn wait_ms(failures: u32, asked_ms: Option<i64>) -> i64 {
    let doublings: u32 = failures.saturating_sub(1).min(16);
    (FIRST_MS << doublings).min(LONGEST_MS).max(asked_ms.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use axum::http::header::RETRY_AFTER;

    fn judged(status: u16, after: &str) -> Verdict {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(after).unwrap());
        judge(StatusCode::from_u16(status).unwrap(), &headers, Time(1_795_348_800_000))
    }

    #[test]
    fn what_can_help_later_is_tried_later() {
        for (status, after, expected) in [
            (204, "5", Verdict::Taken),
            (503, "5", Verdict::Later(Some(5_000))),
            (429, "Sun, 22 Nov 2026 12:00:30 GMT", Verdict::Later(Some(30_000))),
            (500, "soon", Verdict::Later(None)),
            (503, "999999", Verdict::Later(Some(600_000))),
            (503, "Sun, 22 Nov 2026 11:00:00 GMT", Verdict::Later(Some(0))),
            (401, "", Verdict::Later(None)),
            (302, "", Verdict::Later(None)),
            (400, "5", Verdict::Refused),
            (413, "", Verdict::Refused),
            (422, "", Verdict::Refused),
        ] {
            assert_eq!(judged(status, after), expected, "{status} {after}");
        }
    }

    #[test]
    fn waits_grow_to_a_minute_and_to_what_was_asked_for() {
        let waits: Vec<i64> = [1, 2, 3, 6, 7, u32::MAX].into_iter().map(|failures| wait_ms(failures, None)).collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
        assert_eq!((wait_ms(1, Some(90_000)), wait_ms(7, Some(5))), (90_000, 60_000));
    }
}
