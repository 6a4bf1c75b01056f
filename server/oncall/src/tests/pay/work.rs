//! Worked time: noted once, corrected beside what was noted.

use super::{HOUR, Office, at, hana, month, refusal, rule, span};
use crate::pay::refused::Refused;
use crate::pay::work::{NewCorrection, WorkRow};
use crate::tests::{actor, grant, person};
use kernel::Grant;
use model::access::{CorrectWork, ReadPay};
use model::pay::Stacking;
use sqlx::PgPool;

const SEPTEMBER: &str = "2026-09";

async fn office(pool: PgPool) -> Office {
    Office::new(pool, rule(Stacking::Max, None)).await
}

fn own(n: u128) -> Grant<CorrectWork> {
    grant(&actor(n))
}

async fn work(office: &Office) -> Vec<WorkRow> {
    let reading: Grant<ReadPay> = grant(&actor(2));
    office.pay.person_month(&reading, month(SEPTEMBER), hana()).await.unwrap().work
}

fn left_out() -> NewCorrection {
    NewCorrection { span: None, is_left_out: true, reason: "a test".to_owned() }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_answer_is_noted_once_and_its_end_when_it_comes(pool: PgPool) {
    let office: Office = office(pool).await;
    office.answered(2, 12, "2026-09-17T18:00", None).await;
    office.pay.note_work().await.unwrap();
    assert_eq!(work(&office).await.len(), 1);
    assert_eq!(office.sheet(2, SEPTEMBER).await.worked.ms(), 0, "what goes on is paid when it has ended");
    office.is_over(12, "2026-09-17T20:00").await;
    assert_eq!(office.sheet(2, SEPTEMBER).await.worked.ms(), 2 * HOUR);
    office.is_over(12, "2026-09-17T23:00").await;
    assert_eq!(work(&office).await[0].ended_at, Some(at("2026-09-17T20:00")), "only people move an end");
    office.answered(2, 13, "2026-09-17T18:00", Some("2026-09-17T18:00")).await;
    assert_eq!(work(&office).await.len(), 1, "what was over at once was no work");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_correction_counts_and_what_was_noted_stays(pool: PgPool) {
    let office: Office = office(pool).await;
    office.answered(2, 12, "2026-09-17T18:00", Some("2026-09-17T23:00")).await;
    let id = work(&office).await[0].id;
    let real = span("2026-09-17T18:30", "2026-09-17T19:30");
    let new = NewCorrection { span: Some(real), is_left_out: false, reason: " had dinner ".to_owned() };
    office.pay.correct_work(&own(2), id, &new).await.unwrap();
    let row: WorkRow = work(&office).await.remove(0);
    assert_eq!((row.started_at, row.ended_at, row.counted()), (at("2026-09-17T18:00"), Some(at("2026-09-17T23:00")), Some(real)));
    assert_eq!((row.corrections[0].reason.as_str(), row.corrections[0].by.as_str()), ("had dinner", "person 2"));
    assert_eq!(office.sheet(2, SEPTEMBER).await.worked.yen, 3_000);
    office.pay.correct_work(&own(2), id, &left_out()).await.unwrap();
    assert_eq!((office.sheet(2, SEPTEMBER).await.worked.yen, work(&office).await[0].corrections.len()), (0, 2));
    let edited = sqlx::query("delete from oncall_work_correction").execute(office.db.pool()).await;
    assert!(edited.unwrap_err().to_string().contains("stays as it is"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_can_not_be_is_refused_and_so_are_others(pool: PgPool) {
    let office: Office = office(pool).await;
    office.answered(2, 12, "2026-09-17T18:00", None).await;
    let id = work(&office).await[0].id;
    let correct = |n: u128, new: NewCorrection| {
        let pay = office.pay.clone();
        async move { refusal(pay.correct_work(&own(n), id, &new).await) }
    };
    assert_eq!(correct(3, left_out()).await, Refused::NotYours);
    assert_eq!(correct(2, NewCorrection { reason: " ".to_owned(), ..left_out() }).await, Refused::Reason);
    assert_eq!(correct(2, NewCorrection { is_left_out: false, ..left_out() }).await, Refused::NoEnd);
    let ahead = NewCorrection { span: Some(span("2026-10-02T11:00", "2026-10-02T13:00")), is_left_out: false, ..left_out() };
    assert_eq!(correct(2, ahead).await, Refused::Future);
    let add = office.pay.add_work(&own(2), person(3), "A-9", span("2026-09-17T18:00", "2026-09-17T19:00"), "x").await;
    assert_eq!(refusal(add), Refused::NotYours);
    office.pay.correct_work(&own(2), id, &left_out()).await.unwrap();
    assert!(!work(&office).await[0].is_unfinished());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn work_nobody_was_called_for_is_added_with_its_reason(pool: PgPool) {
    let office: Office = office(pool).await;
    let when = span("2026-09-17T18:00", "2026-09-17T19:00");
    office.pay.add_work(&own(2), hana(), "disk of db-1", when, "seen on the way home").await.unwrap();
    let row: WorkRow = work(&office).await.remove(0);
    assert_eq!((row.is_by_hand, row.label.as_str(), row.counted()), (true, "disk of db-1", Some(when)));
    assert_eq!(row.corrections[0].reason, "seen on the way home");
    assert_eq!(office.sheet(2, SEPTEMBER).await.segments()[0].sources, ["disk of db-1"]);
}
