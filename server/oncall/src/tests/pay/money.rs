//! Case C12 of the reference with exactly its numbers, through the database; and who may see them.

use super::{HOUR, Office, admin, at, hana, month, refusal, rule};
use crate::pay::month::text;
use crate::pay::reckoning::{Sheet, Warning};
use crate::pay::refused::Refused;
use crate::tests::{actor, grant, person};
use chrono::Weekday;
use kernel::Grant;
use model::access::{ManagePay, ReadPay};
use model::pay::{PayRule, Stacking};
use sqlx::PgPool;

const SEPTEMBER: &str = "2026-09";

/// Worked from Wednesday 21:30, 秋分の日, to Thursday 01:15.
async fn c12(pool: PgPool) -> Office {
    let office = Office::new(pool, rule(Stacking::Max, Some(Weekday::Wed))).await;
    office.answered(2, 12, "2026-09-23T21:30", Some("2026-09-24T01:15")).await;
    office
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn c12_worked_through_the_database(pool: PgPool) {
    let office: Office = c12(pool).await;
    let sheet: Sheet = office.sheet(2, SEPTEMBER).await;
    let minutes: Vec<i64> = sheet.segments().iter().map(|segment| segment.ms() / 60_000).collect();
    assert_eq!(minutes, [30, 120, 75]);
    assert_eq!(sheet.worked.yen, 11_250);
    assert_eq!(sheet.warnings, [Warning::BelowFloor { ms: 2 * HOUR }], "`max` is below 60 % for two hours");
    let mut version: i64 = 1;
    for (stacking, weekday, yen) in [
        (Stacking::Sum, Some(Weekday::Wed), 13_250),
        (Stacking::Statutory, Some(Weekday::Wed), 11_500),
        (Stacking::Statutory, None, 11_000),
    ] {
        version = office.rule(rule(stacking, weekday), "2026-01-01", version).await;
        assert_eq!(office.sheet(2, SEPTEMBER).await.worked.yen, yen, "{stacking:?} {weekday:?}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn c12_standby_of_two_schedules_is_168_hours_through_the_database(pool: PgPool) {
    let office = Office::new(pool, rule(Stacking::Max, None)).await;
    for name in ["web", "db"] {
        let schedule = office.schedule(name, at("2026-10-01T00:00")).await;
        // As the schedules write it down: a week in pieces.
        office.stood_by(schedule, 2, "2026-09-21T10:00", "2026-09-24T10:00").await;
        office.stood_by(schedule, 2, "2026-09-24T10:00", "2026-09-28T10:00").await;
    }
    let sheet: Sheet = office.sheet(2, SEPTEMBER).await;
    assert_eq!(sheet.standby.category_ms.map(|ms| ms / HOUR), [19, 20, 19, 80, 30]);
    assert_eq!((sheet.standby.ms(), sheet.standby.yen), (168 * HOUR, 149 * 750));
    assert!(sheet.segments().iter().all(|segment| segment.sources == ["db (primary)", "web (primary)"]));
    let twice = PayRule { dedup: false, ..rule(Stacking::Max, None) };
    office.rule(twice, "2026-01-01", 1).await;
    assert_eq!(office.sheet(2, SEPTEMBER).await.standby.ms(), 2 * 168 * HOUR);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn other_overtime_decides_when_the_sixtieth_hour_ends(pool: PgPool) {
    let office = Office::new(pool, rule(Stacking::Statutory, None)).await;
    office.answered(2, 1, "2026-09-17T18:00", Some("2026-09-17T21:00")).await;
    assert_eq!(office.sheet(2, SEPTEMBER).await.worked.yen, 3 * 2_500);
    let managing: Grant<ManagePay> = grant(&admin());
    office.pay.set_other_overtime(&managing, month(SEPTEMBER), hana(), 58 * 60).await.unwrap();
    let sheet: Sheet = office.sheet(2, SEPTEMBER).await;
    assert_eq!((sheet.worked.yen, sheet.other_overtime_min), (2 * 2_500 + 3_000, 58 * 60));
    let much = office.pay.set_other_overtime(&managing, month(SEPTEMBER), hana(), 44_641).await;
    assert_eq!(refusal(much), Refused::OtherOvertime);
    let stranger = office.pay.set_other_overtime(&managing, month(SEPTEMBER), person(9), 1).await;
    assert_eq!(refusal(stranger), Refused::NoPerson);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn people_see_their_own_pay_and_administrators_everybodys(pool: PgPool) {
    let office: Office = c12(pool).await;
    office.answered(3, 13, "2026-09-22T10:00", Some("2026-09-22T11:00")).await;
    let (own, all): (Grant<ReadPay>, Grant<ReadPay>) = (grant(&actor(2)), grant(&admin()));
    let names =
        |people: Vec<crate::pay::months::PersonMonth>| -> Vec<String> { people.into_iter().map(|one| one.sheet.name).collect() };
    assert_eq!(names(office.pay.month(&own, month(SEPTEMBER)).await.unwrap().people), ["person 2"]);
    assert_eq!(names(office.pay.month(&all, month(SEPTEMBER)).await.unwrap().people), ["person 2", "person 3"]);
    let other = office.pay.person_month(&own, month(SEPTEMBER), person(3)).await;
    assert_eq!(refusal(other), Refused::NotYours);
    assert_eq!(office.pay.person_month(&all, month(SEPTEMBER), person(3)).await.unwrap().month.people.len(), 1);
    assert_eq!(refusal(office.pay.person_month(&all, month(SEPTEMBER), person(9)).await), Refused::NoPerson);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn rules_are_versions_and_whoever_looked_at_an_older_one_is_told(pool: PgPool) {
    let office = Office::new(pool, rule(Stacking::Max, None)).await;
    let managing: Grant<ManagePay> = grant(&admin());
    let day = "2026-01-01".parse().unwrap();
    let stale = office.pay.save_rule(&managing, "everybody", day, &rule(Stacking::Sum, None), 0).await;
    assert_eq!(refusal(stale), Refused::Stale { expected: 0, found: 1 });
    let dear = PayRule { worked_yen_per_hour: 1_000_001, ..PayRule::default() };
    assert!(matches!(refusal(office.pay.save_rule(&managing, "primary", day, &dear, 0).await), Refused::Rule(_)));
    assert_eq!(refusal(office.pay.save_rule(&managing, " ", day, &PayRule::default(), 0).await), Refused::Role);
    assert_eq!(office.rule(rule(Stacking::Sum, None), "2026-02-01", 1).await, 2);
    let versions: Vec<i64> = office.pay.rules().await.unwrap().iter().map(|rule| rule.version).collect();
    assert_eq!(versions, [2, 1]);
    let edited = sqlx::query("update oncall_pay_rule set version = 3").execute(office.db.pool()).await;
    assert!(edited.unwrap_err().to_string().contains("stays as it is"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn business_time_is_the_weeks_of_the_day(pool: PgPool) {
    let office = Office::new(pool, rule(Stacking::Max, None)).await;
    assert_eq!(text(office.pay.this_month().await.unwrap()), "2026-10");
    let managing: Grant<ManagePay> = grant(&admin());
    let mut week = office.pay.weeks().await.unwrap().remove(0);
    assert_eq!(week.version, 0);
    week.zone = "America/New_York".to_owned();
    week.effective_from = "2026-10-01".parse().unwrap();
    assert_eq!(office.pay.save_week(&managing, &week, 0).await.unwrap(), 1);
    assert_eq!(office.pay.business_calendar().await.unwrap().zone().zone, "America/New_York");
    assert_eq!(refusal(office.pay.save_week(&managing, &week, 0).await), Refused::Stale { expected: 0, found: 1 });
    week.zone = "Asia/Edo".to_owned();
    assert_eq!(refusal(office.pay.save_week(&managing, &week, 1).await), Refused::Zone("Asia/Edo".to_owned()));
    (week.zone, week.calendar) = ("UTC".to_owned(), "lunar".to_owned());
    assert_eq!(refusal(office.pay.save_week(&managing, &week, 1).await), Refused::NoCalendar("lunar".to_owned()));
}
