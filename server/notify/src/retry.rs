//! When a delivery that did not get through is tried again. Pure.
//!
//! Whatever summons somebody is urgent for minutes and stale after a day, whichever channel it goes by: it comes back after 5, 15, 30 and
//! 60 s, then every minute, after ten minutes every five. What a plain webhook is told besides is read by a program that may be away for a
//! night: that follows the table of the Standard Webhooks specification.

use crate::page::Kind;
use model::Time;
use uuid::Uuid;

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;

/// How long a page is tried.
pub const GIVE_UP_MS: i64 = 24 * HOUR_MS;
/// A provider may ask us to wait, but not for ever.
pub const LONGEST_WAIT_MS: i64 = HOUR_MS;

/// After the first attempt began, for the next four.
const PAGE_OFFSETS_MS: [i64; 4] = [5 * SECOND_MS, 15 * SECOND_MS, 30 * SECOND_MS, MINUTE_MS];
/// Until then a page is tried every minute.
const EVERY_MINUTE_UNTIL: i64 = 10;
/// A page that fell behind its moments, because a provider asked for patience or nobody was there to send it, makes up for the first four at
/// once and for the later ones no faster than this: half of what lies between them.
const CATCH_UP_MS: i64 = 30 * SECOND_MS;

/// Between one attempt of a webhook and the next.
const WEBHOOK_GAPS_MS: [i64; 9] = [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
];

/// How patient whoever waits for it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// A human is waited for.
    Page,
    /// A program reads it.
    Webhook,
}

impl Pace {
    /// Of a message of this kind by a channel of that one.
    #[must_use]
    pub fn of(kind: Kind, channel_kind: &str) -> Self {
        if channel_kind == "webhook" && !kind.calls() { Self::Webhook } else { Self::Page }
    }
}

/// The moment of the next attempt, after attempt `attempt` (1 and up) of those that began at `first` ended at `now`; `None` when it is
/// given up. Spread by up to a fifth either way, so that what failed together does not come back together: the spread comes from the id
/// and the attempt, and a test knows it.
#[must_use]
pub fn next_try(pace: Pace, id: Uuid, attempt: i32, first: Time, now: Time) -> Option<Time> {
    let gap_ms: i64 = match pace {
        Pace::Page if now.since(first) >= GIVE_UP_MS => return None,
        Pace::Page => first.plus_ms(page_offset_ms(attempt)).since(now).max(shortest_gap_ms(attempt)),
        Pace::Webhook => webhook_gap_ms(attempt)?,
    };
    Some(now.plus_ms(gap_ms + gap_ms * spread(id, attempt) / 640))
}

/// From the beginning of the first attempt to that of the one after `attempt`.
fn page_offset_ms(attempt: i32) -> i64 {
    let attempt: i64 = i64::from(attempt.max(1));
    let early: Option<&i64> = usize::try_from(attempt - 1).ok().and_then(|at| PAGE_OFFSETS_MS.get(at));
    if let Some(offset_ms) = early {
        return *offset_ms;
    }
    let n_minutes: i64 = attempt - 3;
    if n_minutes <= EVERY_MINUTE_UNTIL {
        n_minutes * MINUTE_MS
    } else {
        (EVERY_MINUTE_UNTIL + 5 * (n_minutes - EVERY_MINUTE_UNTIL)) * MINUTE_MS
    }
}

/// However late the attempt was.
fn shortest_gap_ms(attempt: i32) -> i64 {
    let is_early: bool = usize::try_from(attempt).is_ok_and(|attempt| attempt <= PAGE_OFFSETS_MS.len());
    if is_early { SECOND_MS } else { CATCH_UP_MS }
}

fn webhook_gap_ms(attempt: i32) -> Option<i64> {
    let at: usize = usize::try_from(attempt.max(1) - 1).ok()?;
    WEBHOOK_GAPS_MS.get(at).copied()
}

/// −128 to 127.
fn spread(id: Uuid, attempt: i32) -> i64 {
    let mixed: i64 = i64::from(id.as_bytes()[15]) + i64::from(attempt) * 89;
    mixed.rem_euclid(256) - 128
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_page_comes_back_fast_and_then_every_few_minutes() {
        let seconds: Vec<i64> = (1..=16).map(|attempt| page_offset_ms(attempt) / 1_000).collect();
        assert_eq!(seconds, [5, 15, 30, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 900, 1_200, 1_500]);
        assert_eq!(page_offset_ms(0), 5_000);
    }

    #[test]
    fn a_webhook_waits_for_a_program_to_come_back_and_is_given_up_after_ten_attempts() {
        let minutes: Vec<i64> = (2..=9).map(|attempt| webhook_gap_ms(attempt).unwrap() / 60_000).collect();
        assert_eq!(minutes, [5, 30, 120, 300, 600, 840, 1_200, 1_440]);
        assert_eq!((webhook_gap_ms(1), webhook_gap_ms(10)), (Some(5_000), None));
    }

    #[test]
    fn a_page_is_given_up_after_a_day() {
        let (id, first) = (Uuid::nil(), Time(0));
        assert!(next_try(Pace::Page, id, 300, first, Time(GIVE_UP_MS - 1)).is_some());
        assert_eq!(next_try(Pace::Page, id, 300, first, Time(GIVE_UP_MS)), None);
    }

    #[test]
    fn after_a_slow_attempt_the_next_one_is_a_second_away() {
        let due: Time = next_try(Pace::Page, Uuid::from_u128(39), 1, Time(0), Time(9_000)).unwrap();
        assert_eq!(due, Time(10_000), "byte 39 and attempt 1 make a spread of 0");
    }

    #[test]
    fn who_summons_somebody_is_in_a_hurry_by_every_channel() {
        for (kind, channel, expected) in [
            (Kind::Fired, "webhook", Pace::Page),
            (Kind::Again, "webhook", Pace::Page),
            (Kind::Acknowledged, "webhook", Pace::Webhook),
            (Kind::Updated, "webhook", Pace::Webhook),
            (Kind::Resolved, "webhook", Pace::Webhook),
            (Kind::Resolved, "slack", Pace::Page),
            (Kind::Fired, "email", Pace::Page),
        ] {
            assert_eq!(Pace::of(kind, channel), expected, "{} by {channel}", kind.as_str());
        }
    }

    #[test]
    fn a_page_that_fell_behind_catches_up_without_hammering() {
        let start = Time(2 * HOUR_MS);
        let mut now: Time = start;
        let mut attempt: i32 = 2;
        while now.since(start) < 10 * MINUTE_MS {
            now = next_try(Pace::Page, Uuid::from_u128(39), attempt, Time(0), now).expect("a day is not over");
            attempt += 1;
        }
        assert!((18..=32).contains(&attempt), "{attempt} attempts");
        assert_eq!([1, 4, 5, 500].map(shortest_gap_ms), [1_000, 1_000, 30_000, 30_000]);
    }

    proptest! {
        #[test]
        fn the_next_try_is_never_early_by_more_than_a_fifth_nor_in_the_past(
            id in any::<u128>(),
            attempt in 1_i32..2_000,
            took_ms in 0_i64..100_000_000,
            is_webhook in any::<bool>(),
        ) {
            let pace: Pace = if is_webhook { Pace::Webhook } else { Pace::Page };
            let now = Time(took_ms);
            if let Some(due) = next_try(pace, Uuid::from_u128(id), attempt, Time(0), now) {
                prop_assert!(due.since(now) >= 800);
                prop_assert!(due.since(now) <= 24 * HOUR_MS * 6 / 5 + page_offset_ms(attempt) * 6 / 5);
            }
        }
    }
}
