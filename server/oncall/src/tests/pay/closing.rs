//! A closed month stays as it is; what is found out later is paid with the next one.

use super::{HOUR, Office, admin, at, hana, month, refusal, rule, span};
use crate::pay::months::{MonthSheet, PersonMonth};
use crate::pay::reckoning::{Correction, Paid};
use crate::pay::refused::Refused;
use crate::pay::work::NewCorrection;
use crate::tests::{actor, grant};
use kernel::{Grant, facts};
use model::Time;
use model::access::{ClosePay, CorrectWork, ReadPay};
use model::pay::Stacking;
use sqlx::PgPool;

const SEPTEMBER: &str = "2026-09";
const OCTOBER: &str = "2026-10";

async fn office(pool: PgPool) -> Office {
    let office = Office::new(pool, rule(Stacking::Max, None)).await;
    office.answered(2, 12, "2026-09-17T18:00", Some("2026-09-17T20:00")).await;
    office
}

fn closing() -> Grant<ClosePay> {
    grant(&admin())
}

async fn seen(office: &Office, of: &str) -> MonthSheet {
    let reading: Grant<ReadPay> = grant(&admin());
    office.pay.month(&reading, month(of)).await.unwrap()
}

async fn only(office: &Office, of: &str) -> PersonMonth {
    let mut people: Vec<PersonMonth> = seen(office, of).await.people;
    assert_eq!(people.len(), 1);
    people.remove(0)
}

/// Hana ate for an hour of it.
async fn correct(office: &Office) {
    let correcting: Grant<CorrectWork> = grant(&actor(2));
    let reading: Grant<ReadPay> = grant(&actor(2));
    let id = office.pay.person_month(&reading, month(SEPTEMBER), hana()).await.unwrap().work[0].id;
    let span = Some(span("2026-09-17T18:00", "2026-09-17T19:00"));
    let new = NewCorrection { span, is_left_out: false, reason: "dinner".to_owned() };
    office.pay.correct_work(&correcting, id, &new).await.unwrap();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_closed_month_stays_and_the_difference_is_paid_once_with_the_next(pool: PgPool) {
    let office: Office = office(pool).await;
    office.pay.close(&closing(), month(SEPTEMBER)).await.unwrap();
    assert_eq!(seen(&office, SEPTEMBER).await.closed.map(|closed| closed.by).as_deref(), Some("person 1"));
    correct(&office).await;
    office.rule(rule(Stacking::Max, None), "2026-10-01", 1).await;
    let closed: PersonMonth = only(&office, SEPTEMBER).await;
    assert_eq!((closed.sheet.worked.yen, closed.corrections.len(), closed.yen()), (6_000, 0, 6_000));
    let next: PersonMonth = only(&office, OCTOBER).await;
    let less = Paid { worked_ms: -HOUR, worked_yen: -3_000, ..Paid::default() };
    assert_eq!(next.corrections, [Correction { of: month(SEPTEMBER), paid: less }]);
    assert_eq!((next.sheet.worked.yen, next.yen()), (0, -3_000));
    office.clock.advance_ms(31 * 24 * HOUR);
    office.pay.close(&closing(), month(OCTOBER)).await.unwrap();
    assert_eq!(only(&office, OCTOBER).await.corrections.len(), 1);
    assert!(seen(&office, "2026-11").await.people.is_empty(), "nothing is paid twice");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_ends_after_the_closing_is_paid_with_the_next_month(pool: PgPool) {
    let office: Office = office(pool).await;
    office.answered(2, 13, "2026-09-30T20:00", None).await;
    office.pay.close(&closing(), month(SEPTEMBER)).await.unwrap();
    office.is_over(13, "2026-09-30T22:00").await;
    let next: PersonMonth = only(&office, OCTOBER).await;
    assert_eq!((next.corrections[0].paid.worked_ms, next.corrections[0].paid.worked_yen), (2 * HOUR, 6_000));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_rule_from_an_earlier_day_on_is_paid_after_the_fact(pool: PgPool) {
    let office: Office = office(pool).await;
    office.pay.close(&closing(), month(SEPTEMBER)).await.unwrap();
    let mut raised = rule(Stacking::Max, None);
    raised.worked_yen_per_hour = 2_200;
    office.rule(raised, "2026-09-01", 1).await;
    assert_eq!(only(&office, OCTOBER).await.yen(), 600);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn months_that_can_not_be_closed_say_why(pool: PgPool) {
    let office: Office = office(pool).await;
    assert_eq!(refusal(office.pay.close(&closing(), month(OCTOBER)).await), Refused::NotOver);
    let until: Time = at("2026-09-30T23:00");
    office.schedule("web", until).await;
    assert_eq!(refusal(office.pay.close(&closing(), month(SEPTEMBER)).await), Refused::NotWrittenDown { until });
    sqlx::query("update oncall_schedule set final_until = final_until + interval '2 hours'")
        .execute(office.db.pool())
        .await
        .unwrap();
    office.pay.close(&closing(), month(SEPTEMBER)).await.unwrap();
    assert_eq!(refusal(office.pay.close(&closing(), month(SEPTEMBER)).await), Refused::Closed);
    office.clock.advance_ms(100 * 24 * HOUR);
    let jump = office.pay.close(&closing(), month("2026-11")).await;
    assert_eq!(refusal(jump), Refused::Order { expected: "2026-10".to_owned() });
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_database_itself_refuses_to_change_what_was_paid(pool: PgPool) {
    let office: Office = office(pool).await;
    office.pay.close(&closing(), month(SEPTEMBER)).await.unwrap();
    for statement in [
        "update oncall_pay_closed set worked_yen = 0",
        "delete from oncall_pay_closed",
        "update oncall_pay_month set closed_by = 'x'",
        "delete from oncall_pay_month",
    ] {
        let refused = sqlx::query(statement).execute(office.db.pool()).await.unwrap_err();
        assert!(refused.to_string().contains("stays as it is"), "{statement}: {refused}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_fact_says_that_a_month_was_closed_and_no_yen(pool: PgPool) {
    let office: Office = office(pool).await;
    office.pay.close(&closing(), month(SEPTEMBER)).await.unwrap();
    correct(&office).await;
    let told = facts::newest_since(&office.db, Time(0), &[], 10).await.unwrap();
    let kinds: Vec<&str> = told.iter().map(|fact| fact.kind.as_str()).collect();
    assert_eq!(kinds, ["WorkedTimeCorrected", "PayMonthClosed", "PayRuleSaved"]);
    assert!(told.iter().all(|fact| !fact.body.to_string().contains("6000")), "{told:?}");
}
