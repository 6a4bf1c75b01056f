//! Records to sheets: what one rule alone does is tested with `model::pay`; here are several rules, months and schedules.

use super::*;
use crate::pay::work::{WorkCorrection, WorkId};
use chrono::DateTime;
use model::holidays::HolidayCalendar;
use model::pay::Stacking;
use model::rota::offsets::Offsets;
use model::rota::spans;
use proptest::prelude::*;
use uuid::Uuid;

const SEPTEMBER: Month = Month { year: 2026, month: 9 };
const HOUR_MS: i64 = 3_600_000;

fn hana() -> PersonId {
    PersonId(Uuid::from_u128(1))
}

fn at(text: &str) -> Time {
    Time::from_utc(DateTime::parse_from_rfc3339(&format!("2026-{text}:00+09:00")).unwrap().to_utc())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn tokyo() -> Offsets {
    Offsets { zone: "Asia/Tokyo".to_owned(), first_s: 32_400, changes: Vec::new() }
}

fn week() -> Week {
    let calendar = BusinessCalendar::office(tokyo(), HolidayCalendar::japan());
    Week { version: 1, effective_from: day("2000-01-01"), calendar }
}

fn rule(role: &str, version: i64, from: &str, standby: u32, worked: u32) -> RuleVersion {
    let rule =
        PayRule { standby_yen_per_hour: standby, worked_yen_per_hour: worked, stacking: Stacking::Max, ..PayRule::default() };
    let unsaid = RuleVersion::unsaid();
    RuleVersion { role: role.to_owned(), version, effective_from: day(from), rule, ..unsaid }
}

fn standby(schedule: &str, role: &str, from: &str, until: &str) -> Standby {
    let span = Span::new(at(from), at(until));
    Standby { person: hana(), schedule: schedule.to_owned(), role: role.to_owned(), span }
}

fn work(from: &str, until: Option<&str>) -> WorkRow {
    WorkRow {
        id: WorkId(Uuid::from_u128(9)),
        person: hana(),
        source: "alert/12".to_owned(),
        label: "A-12".to_owned(),
        started_at: at(from),
        ended_at: until.map(at),
        is_by_hand: false,
        noted_at: at(from),
        corrections: Vec::new(),
    }
}

fn records() -> Records {
    Records {
        rules: vec![rule(EVERYBODY, 1, "2026-01-01", 500, 2_000)],
        weeks: vec![week()],
        names: [(hana(), "Hana".to_owned())].into_iter().collect(),
        ..Records::default()
    }
}

#[test]
fn who_has_two_duties_at_once_is_paid_once_by_the_better_rule() {
    let mut records: Records = records();
    records.rules.push(rule("primary", 1, "2026-01-01", 1_000, 0));
    records.standby =
        vec![standby("web", "secondary", "09-19T00:00", "09-19T12:00"), standby("db", "primary", "09-19T06:00", "09-19T08:00")];
    let sheet: Sheet = sheet(&records, SEPTEMBER, hana()).unwrap();
    assert_eq!((sheet.standby.ms(), sheet.standby.yen), (12 * HOUR_MS, 2 * 1_500 + 10 * 750));
    let mut roles: Vec<(&str, usize)> =
        sheet.groups.iter().map(|group| (group.rule.role.as_str(), group.segments.len())).collect();
    roles.sort_unstable();
    // The night until 5:00, an hour of the morning, and the rest of it.
    assert_eq!(roles, [("everybody", 3), ("primary", 1)]);
}

#[test]
fn a_rule_counts_from_its_day_on_and_the_newest_goes_before() {
    let mut records: Records = records();
    records.standby = vec![standby("web", "primary", "09-19T10:00", "09-20T10:00")];
    records.rules.push(rule(EVERYBODY, 2, "2026-09-20", 1_000, 2_000));
    let sheet: Sheet = sheet(&records, SEPTEMBER, hana()).unwrap();
    assert_eq!(sheet.standby.yen, 14 * 750 + 10 * 1_500);
    records.rules.push(rule(EVERYBODY, 3, "2026-01-01", 100, 2_000));
    assert_eq!(super::sheet(&records, SEPTEMBER, hana()).unwrap().standby.yen, 24 * 150);
    assert_eq!(records.rule_on("primary", day("2025-12-31")), RuleVersion::unsaid());
}

#[test]
fn a_week_counts_from_its_day_on() {
    let mut records: Records = records();
    records.work = vec![work("09-17T18:00", Some("09-17T19:00"))];
    assert_eq!(sheet(&records, SEPTEMBER, hana()).unwrap().worked.yen, 3_000);
    let long =
        BusinessCalendar::new(tokyo(), std::array::from_fn(|_| vec!["09:00-20:00".parse().unwrap()]), HolidayCalendar::japan());
    records.weeks.push(Week { version: 2, effective_from: day("2026-09-17"), calendar: long.unwrap() });
    assert_eq!(sheet(&records, SEPTEMBER, hana()).unwrap().worked.yen, 0, "it is business time now, which the salary pays");
    records.weeks[1].effective_from = day("2026-09-18");
    assert_eq!(sheet(&records, SEPTEMBER, hana()).unwrap().worked.yen, 3_000);
}

#[test]
fn overtime_is_counted_through_the_month_whatever_changes_in_it() {
    let mut records: Records = records();
    for version in &mut records.rules {
        version.rule.stacking = Stacking::Statutory;
    }
    records.overtime = vec![OtherOvertime { month: SEPTEMBER, person: hana(), minutes: 58 * 60 }];
    records.work = vec![work("09-17T18:00", Some("09-17T20:00")), work("09-24T18:00", Some("09-24T19:00"))];
    let mut later: RuleVersion = records.rules[0].clone();
    (later.version, later.effective_from) = (2, day("2026-09-20"));
    records.rules.push(later);
    let premiums: Vec<u32> =
        sheet(&records, SEPTEMBER, hana()).unwrap().segments().iter().map(|segment| segment.premium_bp).collect();
    assert_eq!(premiums, [2_500, 5_000]);
}

#[test]
fn what_goes_on_or_took_strangely_long_is_warned_of() {
    let mut records: Records = records();
    records.rules[0].rule.statutory_weekday = Some(chrono::Weekday::Sun);
    records.work = vec![work("09-17T18:00", None), work("09-18T18:00", Some("09-19T09:00"))];
    let sheet: Sheet = sheet(&records, SEPTEMBER, hana()).unwrap();
    assert_eq!(sheet.warnings, [Warning::Unfinished { n: 1 }, Warning::Long { n: 1 }]);
    assert_eq!(sheet.worked.ms(), 15 * HOUR_MS);
}

#[test]
fn what_is_found_out_later_is_paid_once() {
    let mut records: Records = records();
    records.work = vec![work("09-17T18:00", Some("09-17T20:00"))];
    let mut paid = PaidBefore::new();
    for sheet in sheets(&records, SEPTEMBER).unwrap() {
        paid.insert((SEPTEMBER, sheet.person), sheet.paid());
    }
    assert!(corrections(&records, &paid, &[SEPTEMBER]).unwrap().is_empty());
    let span = Span::new(at("09-17T18:00"), at("09-17T19:00"));
    let correction =
        WorkCorrection { span, is_left_out: false, reason: "ate".to_owned(), by: "Hana".to_owned(), at: at("10-02T00:00") };
    records.work[0].corrections.push(correction);
    let found = corrections(&records, &paid, &[SEPTEMBER]).unwrap();
    let less = Paid { worked_ms: -HOUR_MS, worked_yen: -3_000, ..Paid::default() };
    assert_eq!(found[&hana()], [Correction { of: SEPTEMBER, paid: less }]);
    let sum: Paid = paid[&(SEPTEMBER, hana())].plus(less);
    paid.insert((SEPTEMBER, hana()), sum);
    assert!(corrections(&records, &paid, &[SEPTEMBER]).unwrap().is_empty());
    // What was paid and is not there any more is taken back.
    records.work.clear();
    assert_eq!(corrections(&records, &paid, &[SEPTEMBER]).unwrap()[&hana()][0].paid.worked_yen, -3_000);
}

proptest! {
    /// However rules, roles and schedules lie over each other, each moment of standby is paid exactly once.
    #[test]
    fn standby_is_as_long_as_what_schedules_cover_together(
        spans in proptest::collection::vec((0i64..720, 1i64..200, 0usize..3), 1..8),
        changes in proptest::collection::vec((1u32..30, 0usize..2, 0u32..2_000), 0..5),
    ) {
        let mut records: Records = records();
        let begin: Time = records.span_of(SEPTEMBER).unwrap().start;
        let mut covered: Vec<Span> = Vec::new();
        for (from, length, role) in spans {
            let span = Span::new(begin.plus_ms(from * HOUR_MS), begin.plus_ms((from + length) * HOUR_MS));
            covered.push(span.and(records.span_of(SEPTEMBER).unwrap()));
            let role = ["primary", "secondary", "shadow"][role];
            records.standby.push(Standby { person: hana(), schedule: "web".to_owned(), role: role.to_owned(), span });
        }
        for (version, (from, role, yen)) in (2i64..).zip(changes) {
            records.rules.push(rule(["primary", EVERYBODY][role], version, &format!("2026-09-{from:02}"), yen, 0));
        }
        let paid: i64 = sheet(&records, SEPTEMBER, hana()).unwrap().standby.ms();
        prop_assert_eq!(paid, spans::length_ms(&spans::merged(covered)));
    }
}
