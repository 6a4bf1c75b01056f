//! Other spans of the same dashboard: the one before, the one after, a wider one.

use super::address::Address;
use dashboard::Shown;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;
/// Ten years, as much as a dashboard shows.
const LONGEST_MS: i64 = 315_576_000_000;

/// The words of the address, shortest first, and how long each is.
pub const RANGES: [(&str, i64); 6] = [
    ("15m", 15 * MINUTE_MS),
    ("1h", HOUR_MS),
    ("6h", 6 * HOUR_MS),
    ("24h", 24 * HOUR_MS),
    ("7d", 168 * HOUR_MS),
    ("30d", 720 * HOUR_MS),
];

/// The span that ends where this one begins; none before 1970.
pub fn before(address: &Address, shown: &Shown) -> Option<Address> {
    let from_ms: i64 = shown.from_ms - length(shown);
    (from_ms >= 0).then(|| address.with_span(from_ms, shown.from_ms))
}

/// The span that begins where this one ends. What would end after now, or shortly before, goes on with it: whoever steps back and forth has
/// spent some seconds. Nothing comes after now.
pub fn after(address: &Address, shown: &Shown, now_ms: i64) -> Option<Address> {
    if shown.is_now {
        return None;
    }
    let length_ms: i64 = length(shown);
    if shown.to_ms + length_ms < now_ms - length_ms / 10 {
        return Some(address.with_span(shown.to_ms, shown.to_ms + length_ms));
    }
    Some(address.with_range(&word(length_ms)))
}

/// About twice as much: of a span that ends now the next one to choose, of another as much more on both sides, not beyond now.
pub fn wider(address: &Address, shown: &Shown, now_ms: i64) -> Option<Address> {
    let length_ms: i64 = length(shown);
    if length_ms.saturating_mul(2) > LONGEST_MS {
        return None;
    }
    if shown.is_now {
        let next = RANGES.iter().find(|(_, longer_ms)| *longer_ms > length_ms);
        return Some(address.with_range(&next.map_or_else(|| word(length_ms * 2), |(word, _)| (*word).to_owned())));
    }
    let from_ms: i64 = (shown.from_ms - length_ms / 2).max(0);
    let to_ms: i64 = (shown.to_ms + length_ms / 2).min(now_ms.max(shown.to_ms));
    Some(address.with_span(from_ms, to_ms))
}

fn length(shown: &Shown) -> i64 {
    (shown.to_ms - shown.from_ms).max(1_000)
}

/// How long it is, as an address says it: to the nearest minute, to the second where it is shorter.
fn word(length_ms: i64) -> String {
    if length_ms < MINUTE_MS {
        return format!("{}s", length_ms / 1_000);
    }
    let minutes: i64 = (length_ms + MINUTE_MS / 2) / MINUTE_MS;
    match RANGES.iter().find(|(_, known_ms)| *known_ms == minutes * MINUTE_MS) {
        Some((word, _)) => (*word).to_owned(),
        None => format!("{minutes}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(from_ms: i64, to_ms: i64, is_now: bool) -> Shown {
        Shown { from_ms, to_ms, is_now, ..Shown::default() }
    }

    fn query(address: Option<Address>) -> String {
        address.map(|address| address.query()).unwrap_or_default()
    }

    #[test]
    fn one_steps_back_and_forth_by_the_length_of_the_span() {
        let at = Address::read("http".to_owned(), "range=1h&var-job=a");
        let (now_ms, past) = (10 * HOUR_MS, shown(2 * HOUR_MS, 3 * HOUR_MS, false));
        assert_eq!(query(before(&at, &past)), "var-job=a&from=3600000&to=7200000");
        assert_eq!(query(after(&at, &past, now_ms)), "var-job=a&from=10800000&to=14400000");
        assert_eq!(query(after(&at, &shown(8 * HOUR_MS, 9 * HOUR_MS, false), now_ms)), "var-job=a&range=1h");
        let shortly_before: Shown = shown(8 * HOUR_MS - 7_000, 9 * HOUR_MS - 7_000, false);
        assert_eq!(query(after(&at, &shortly_before, now_ms)), "var-job=a&range=1h", "some seconds passed while one looked");
        assert_eq!(query(after(&at, &shown(9 * HOUR_MS + 1, 10 * HOUR_MS - 7_000, false), now_ms)), "var-job=a&range=1h");
        assert_eq!(query(after(&at, &shown(9 * HOUR_MS, 10 * HOUR_MS - 90_000, false), now_ms)), "var-job=a&range=59m");
        assert_eq!(after(&at, &shown(9 * HOUR_MS, 10 * HOUR_MS, true), now_ms), None);
        assert_eq!(before(&at, &shown(1_000, HOUR_MS, false)), None);
    }

    #[test]
    fn zooming_out_stays_live_where_it_was_and_ends_at_now_and_at_ten_years() {
        let (at, now_ms) = (Address::read("http".to_owned(), ""), 100_000 * HOUR_MS);
        assert_eq!(query(wider(&at, &shown(now_ms - HOUR_MS, now_ms, true), now_ms)), "range=6h");
        assert_eq!(query(wider(&at, &shown(now_ms - 720 * HOUR_MS, now_ms, true), now_ms)), "range=86400m");
        let past = shown(now_ms - 3 * HOUR_MS, now_ms - HOUR_MS / 2, false);
        assert_eq!(wider(&at, &past, now_ms), Some(at.with_span(past.from_ms - 4_500_000, now_ms)));
        assert_eq!(wider(&at, &shown(0, LONGEST_MS / 2 + 1, false), LONGEST_MS), None);
    }
}
