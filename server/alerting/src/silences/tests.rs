//! What a silence covers, and when.

use super::*;
use crate::calendar::Zone;
use proptest::prelude::*;

const HOUR_MS: i64 = 3_600_000;

fn matchers(texts: &[&str]) -> Vec<Matcher> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn wanted(texts: &[&str]) -> NewSilence {
    NewSilence {
        kind: Kind::Silence,
        matchers: matchers(texts),
        from: Time(0),
        until: Time(HOUR_MS),
        calendar: None,
        comment: " deploy ".to_owned(),
    }
}

fn silence(wanted: NewSilence) -> Silence {
    Silence {
        id: SilenceId(1),
        wanted,
        by: "佐藤 健".to_owned(),
        person: None,
        made_at: Time(0),
        expired_at: None,
        expired_by: None,
        name: None,
    }
}

fn nightly() -> Calendar {
    Calendar {
        zone: Zone::try_from("Asia/Tokyo".to_owned()).unwrap(),
        windows: serde_yaml_ng::from_str("[{times: [\"02:00-03:00\"]}]").unwrap(),
    }
}

#[test]
fn a_silence_holds_from_its_beginning_to_its_end_and_not_at_it() {
    let one = silence(wanted(&["host=a"]));
    let labels = Labels::new([("host", "a")]);
    let covered = |at: i64| one.covers(&labels, Time(at)).is_some();
    assert_eq!([covered(-1), covered(0), covered(HOUR_MS - 1), covered(HOUR_MS)], [false, true, true, false]);
    assert!(one.covers(&Labels::new([("host", "b")]), Time(0)).is_none());
    let expired = Silence { expired_at: Some(Time(5)), ..one.clone() };
    assert_eq!((expired.phase(Time(4)), expired.phase(Time(5))), (Phase::Holds { until: Time(5) }, Phase::Over));
    assert_eq!((one.next(Time(-5)), one.next(Time(0)), expired.next(Time(-5))), (Some(Time(0)), None, Some(Time(0))));
}

#[test]
fn with_a_calendar_it_holds_in_the_windows_only() {
    // 2:00 in Tokyo is 17:00 UTC.
    let two_days = NewSilence { until: Time(48 * HOUR_MS), calendar: Some(nightly()), ..wanted(&["host=a"]) };
    let one = silence(two_days.checked(Time(0)).unwrap());
    let table = [
        (16 * HOUR_MS, Phase::Between),
        (17 * HOUR_MS, Phase::Holds { until: Time(18 * HOUR_MS) }),
        (18 * HOUR_MS, Phase::Between),
        (41 * HOUR_MS, Phase::Holds { until: Time(42 * HOUR_MS) }),
        (48 * HOUR_MS, Phase::Over),
    ];
    for (at, phase) in table {
        assert_eq!(one.phase(Time(at)), phase, "{at}");
    }
    assert_eq!(one.next(Time(17 * HOUR_MS)), Some(Time(41 * HOUR_MS)));
    assert_eq!(one.next(Time(41 * HOUR_MS)), None, "the next night is behind its end");
}

#[test]
fn what_nobody_can_mean_is_refused() {
    let now = Time(10);
    let refused = |change: &dyn Fn(&mut NewSilence)| {
        let mut odd = wanted(&["host=a"]);
        change(&mut odd);
        odd.checked(now).unwrap_err()
    };
    assert_eq!(refused(&|odd| odd.matchers.clear()), Refused::Matchers { n: 0 });
    assert_eq!(refused(&|odd| odd.matchers = matchers(&["host=~\".*\"", "team!=web"])), Refused::Everything);
    assert_eq!(refused(&|odd| odd.comment = "  ".to_owned()), Refused::NoComment);
    assert_eq!(refused(&|odd| odd.comment = "あ".repeat(4_001)), Refused::LongComment { n: 4_001 });
    assert_eq!(refused(&|odd| odd.until = odd.from), Refused::Over);
    assert_eq!(refused(&|odd| odd.until = Time(10)), Refused::Over);
    assert_eq!(refused(&|odd| odd.until = Time(i64::MAX)), Refused::Over);
    assert_eq!(refused(&|odd| odd.until = Time(367 * 24 * HOUR_MS)), Refused::Long);
    assert_eq!(refused(&|odd| odd.calendar = Some(nightly())), Refused::Never);
    assert_eq!(wanted(&["host=a"]).checked(now).map(|taken| taken.comment), Ok("deploy".to_owned()));
}

#[test]
fn a_silence_of_a_file_says_what_it_lacks() {
    let file = FileSilence {
        name: "backup".to_owned(),
        kind: Kind::Maintenance,
        matchers: matchers(&["host=db-01"]),
        from: "2026-01-01T00:00:00+09:00".to_owned(),
        until: "2026-12-31T00:00:00+09:00".to_owned(),
        during: Some("nightly".to_owned()),
        comment: "full backup".to_owned(),
    };
    assert_eq!(file.check(&Calendars::new()), Err(Refused::NoCalendar("nightly".to_owned())));
    let calendars: Calendars = [("nightly".to_owned(), nightly())].into();
    assert_eq!(file.check(&calendars), Ok(()));
    let odd = FileSilence { from: "yesterday".to_owned(), ..file };
    assert_eq!(odd.check(&calendars), Err(Refused::Time("yesterday".to_owned())));
}

proptest! {
    #[test]
    fn it_holds_exactly_inside_its_span_and_its_calendar(from_h in 0_i64..100, length_h in 1_i64..200, at_h in -10_i64..400) {
        let (from, at) = (Time(from_h * HOUR_MS), Time(at_h * HOUR_MS));
        let until = from.plus_ms(length_h * HOUR_MS);
        let one = silence(NewSilence { from, until, calendar: Some(nightly()), ..wanted(&["host=a"]) });
        let inside = from <= at && at < until && nightly().covers(at);
        match one.phase(at) {
            Phase::Holds { until: end } => prop_assert!(inside && end > at && end <= until),
            _ => prop_assert!(!inside),
        }
        if let Some(next) = one.next(at) {
            let holds = matches!(one.phase(next), Phase::Holds { .. });
            prop_assert!(next > at && holds);
        }
    }
}
