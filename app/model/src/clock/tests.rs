//! Clocks against case C11 of the reference, and the laws of raises.

use super::*;
use crate::business_time::Week;
use crate::business_time::tests::{at, office, tokyo};
use crate::holidays::HolidayCalendar;
use crate::scheme::{Level, Scheme};
use proptest::prelude::*;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

fn september(day: u32, clock: &str) -> Time {
    at(&format!("2026-09-{day:02}T{clock}:00+09:00"))
}

fn target(code: &str) -> Target {
    let scheme: Scheme = Scheme::default();
    let level: &Level = scheme.level(code).unwrap();
    level.answer
}

fn declared() -> Time {
    september(18, "17:30")
}

fn ack(code: &str) -> Clock {
    Clock::start(ClockKind::Ack, declared(), target(code), &office())
}

#[test]
fn c11_p3_before_a_long_weekend() {
    let clock: Clock = ack("P3");
    assert_eq!((clock.at_risk_at, clock.due_at), (september(24, "15:42"), september(24, "17:30")));
    assert_eq!(ack("P0").due_at, september(18, "17:45"));
    assert_eq!(ack("P1").due_at, september(18, "18:30"));
    assert_eq!(ack("P2").due_at, september(18, "21:30"));
}

#[test]
fn c11_an_update_of_p0_is_nudged_after_25_minutes_and_breached_once_after_30() {
    let clock: Clock = Clock::start(ClockKind::Update, declared(), Target::elapsed(30 * MINUTE_MS), &office());
    let minutes = |n: i64| declared().plus_ms(n * MINUTE_MS);
    assert_eq!(clock.due_now(minutes(25).plus_ms(-1)), None);
    assert_eq!((clock.due_now(minutes(25)), clock.wakes_at()), (Some(Due::Warn), Some(minutes(25))));
    let clock: Clock = clock.told(Due::Warn, minutes(25));
    assert_eq!((clock.due_now(minutes(29)), clock.wakes_at()), (None, Some(minutes(30))));
    assert_eq!(clock.due_now(minutes(30)), Some(Due::Breach));
    let clock: Clock = clock.told(Due::Breach, minutes(30));
    assert_eq!((clock.due_now(minutes(60)), clock.wakes_at()), (None, None));
}

#[test]
fn it_says_how_it_stands() {
    let clock: Clock = ack("P3");
    let due_at: Time = clock.due_at;
    let weekend = Standing::Paused { until: september(24, "09:00"), due_at, is_at_risk: false };
    for (now, expected) in [
        (declared(), Standing::OnTime { due_at, left_ms: 9 * HOUR_MS }),
        (september(18, "18:00"), weekend),
        (september(22, "12:00"), weekend),
        (september(24, "09:00"), Standing::OnTime { due_at, left_ms: 510 * MINUTE_MS }),
        (september(24, "15:42"), Standing::AtRisk { due_at, left_ms: 108 * MINUTE_MS }),
        (september(24, "17:30"), Standing::Breached { due_at, ago_ms: 0 }),
        (september(24, "17:33"), Standing::Breached { due_at, ago_ms: 3 * MINUTE_MS }),
    ] {
        assert_eq!(clock.standing(now, &office()), expected, "{now:?}");
    }
    let late: Clock = clock.met(september(24, "17:40")).met(september(25, "09:00"));
    let met = Standing::Met { at: september(24, "17:40"), late_ms: 10 * MINUTE_MS };
    assert_eq!(late.standing(september(25, "10:00"), &office()), met);
    assert_eq!((late.due_now(september(25, "10:00")), late.wakes_at()), (None, None));
}

#[test]
fn a_raise_counts_from_the_declaration_and_may_breach_at_once() {
    let now: Time = september(18, "18:10");
    let raised: Clock = ack("P3").raised(target("P0"), &office());
    assert_eq!(raised.due_at, september(18, "17:45"));
    assert_eq!(raised.due_now(now), Some(Due::Breach));
    // Level 3 has 24 hours; on a Monday morning P3's nine business hours end sooner, and stay.
    let monday: Time = september(14, "09:00");
    let p3: Clock = Clock::start(ClockKind::Ack, monday, target("P3"), &office());
    assert_eq!(p3.raised(Target::elapsed(24 * HOUR_MS), &office()), p3);
    assert_eq!(raised.lowered(target("P2"), &office()).due_at, september(18, "21:30"));
}

#[test]
fn a_change_of_holidays_moves_open_clocks_only() {
    let clock: Clock = ack("P3");
    let off: NaiveDate = NaiveDate::from_ymd_opt(2026, 9, 24).unwrap();
    let changed: BusinessCalendar = office().with_holidays(HolidayCalendar::japan().with_company_day(off, "臨時休業", "Closed"));
    assert_eq!(clock.under(&changed).due_at, september(25, "17:30"));
    let met: Clock = clock.met(september(18, "17:50"));
    assert_eq!(met.under(&changed), met);
    let breached: Clock = clock.told(Due::Breach, september(24, "17:30"));
    assert_eq!(breached.under(&changed), breached);
    let warned: Clock = clock.told(Due::Warn, september(24, "15:42"));
    assert_eq!(warned.under(&changed).warned_at, warned.warned_at);
}

#[test]
fn a_follow_up_is_due_at_the_end_of_its_day() {
    let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
    let friday: Clock = Clock::follow_up(declared(), day("2026-09-25"), &office());
    assert_eq!(friday.due_at, september(25, "18:00"));
    assert!(friday.at_risk_at > declared() && friday.at_risk_at < friday.due_at);
    assert_eq!(Clock::follow_up(declared(), day("2026-09-20"), &office()).due_at, at("2026-09-21T00:00:00+09:00"));
    assert_eq!(Clock::follow_up(declared(), day("2026-09-01"), &office()).due_at, declared());
    assert_eq!(business_days_after(declared(), 1, &office()), Some(day("2026-09-24")));
    assert_eq!(business_days_after(declared(), 3, &office()), Some(day("2026-09-28")));
    assert_eq!(business_days_after(declared(), 0, &office()), Some(day("2026-09-18")));
}

#[test]
fn a_clock_of_a_calendar_that_never_opens_is_not_lost() {
    let never: BusinessCalendar = BusinessCalendar::new(tokyo(), Week::default(), HolidayCalendar::none()).unwrap();
    let clock: Clock = Clock::start(ClockKind::Ack, declared(), target("P3"), &never);
    assert_eq!(clock.due_at, NEVER);
    assert_eq!(clock.standing(declared(), &never), Standing::OnTime { due_at: NEVER, left_ms: 0 });
    assert_eq!(business_days_after(declared(), 1, &never), None);
}

#[test]
fn words_go_there_and_back() {
    for kind in ClockKind::ALL {
        assert_eq!(ClockKind::from_word(kind.as_str()), Some(kind));
    }
}

fn some_target() -> impl Strategy<Value = Target> {
    (1i64..5_000, any::<bool>()).prop_map(|(minutes, is_business)| {
        if is_business { Target::business(minutes * MINUTE_MS) } else { Target::elapsed(minutes * MINUTE_MS) }
    })
}

proptest! {
    #[test]
    fn a_raise_is_never_later(start in 29_454_000i64..30_500_000, one in some_target(), other in some_target()) {
        let clock: Clock = Clock::start(ClockKind::Ack, Time(start * MINUTE_MS), one, &office());
        let raised: Clock = clock.raised(other, &office());
        prop_assert!(raised.due_at <= clock.due_at);
        prop_assert_eq!(raised.raised(other, &office()), raised);
        prop_assert!(raised.at_risk_at <= raised.due_at && raised.started_at <= raised.at_risk_at);
    }

    /// Looked at often enough, a clock warns once and breaches once, in this order.
    #[test]
    fn a_clock_tells_everything_once(start in 29_454_000i64..30_500_000, target in some_target()) {
        let mut clock: Clock = Clock::start(ClockKind::Ack, Time(start * MINUTE_MS), target, &office());
        let mut told: Vec<Due> = Vec::new();
        while let Some(now) = clock.wakes_at() {
            let due: Due = clock.due_now(now).unwrap();
            told.push(due);
            clock = clock.told(due, now);
        }
        prop_assert!(told == [Due::Warn, Due::Breach] || told == [Due::Breach]);
    }
}
