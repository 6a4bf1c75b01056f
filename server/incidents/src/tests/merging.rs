//! What turns out to be one becomes one, what turns out to be two becomes two, and both can be undone or followed back.

use super::{House, MINUTE, START, actor, declares, person, works};
use crate::error::Error;
use crate::timeline::{Entry, EntryId, EntryKind};
use crate::{Declaration, Incident, NewFollowUp, NewTask, Seen, SplitOrder};
use chrono::NaiveDate;
use model::Actor;
use model::clock::ClockKind;
use model::ids::{AlertId, IncidentId};
use model::incident::roles::IncidentRole;
use model::incident::{IncidentStatus, Move, Refusal};
use serde_json::json;
use sqlx::PgPool;

async fn about(house: &House, alerts: &[i64], code: &str) -> Incident {
    let alerts: Vec<AlertId> = alerts.iter().map(|alert| AlertId(*alert)).collect();
    let wanted = Declaration { code: Some(code.to_owned()), ..Declaration::default() };
    house.incidents.declare_from_alerts(&declares(1), &alerts, &wanted).await.unwrap()
}

/// The alerts that belong to an incident now.
async fn alerts(house: &House, id: IncidentId) -> Vec<i64> {
    let linked = house.detail(id).await.alerts;
    linked.into_iter().filter(|link| link.incident == id).map(|link| link.alert.0).collect()
}

/// Lines that stand in this timeline now and were written in that one.
async fn carried(house: &House, id: IncidentId, origin: IncidentId) -> usize {
    let lines: Vec<Entry> = house.lines(id).await;
    lines.iter().filter(|line| line.incident == id && line.origin == origin).count()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_merge_moves_everything_keeps_a_pointer_and_takes_the_worse_level(pool: PgPool) {
    let house = House::new(pool).await;
    let whole: Incident = about(&house, &[2], "P2").await;
    let part: Incident = about(&house, &[3], "P0").await;
    house.incidents.assign(&works(1), Seen::any(part.id), IncidentRole::Commander, person(4)).await.unwrap();
    house.incidents.note(&works(1), part.id, "こちらも同じ原因", None).await.unwrap();
    house.incidents.add_task(&works(1), part.id, &NewTask { title: "調べる".to_owned(), ..NewTask::default() }).await.unwrap();
    house.clock.advance_ms(5 * MINUTE);
    let merged: Incident = house.incidents.merge(&works(1), Seen::any(part.id), whole.id).await.unwrap();
    assert_eq!((merged.id, &*merged.level.code, merged.roles.responders.clone()), (whole.id, "P0", vec![person(4)]));
    let gone: Incident = house.incident(part.id).await;
    assert_eq!((gone.status, gone.merged_into), (IncidentStatus::Merged, Some(whole.id)));
    assert_eq!((alerts(&house, whole.id).await, alerts(&house, part.id).await), (vec![2, 3], vec![]));
    assert!(carried(&house, whole.id, part.id).await >= 4, "declared, linked, commander, note, merged");
    let detail = house.detail(whole.id).await;
    assert_eq!((detail.merged.clone(), detail.tasks.len()), (vec![part.id], 1));
    let kept: Vec<Entry> = house.lines(part.id).await;
    assert!(kept.iter().any(|line| line.kind == EntryKind::Note && line.incident == whole.id), "the original still shows it");
    let running = house.detail(part.id).await.clocks.into_iter().filter(|view| view.row.is_open()).count();
    assert_eq!(running, 0, "its promises are the other's now");
    let ack = detail.clocks.iter().find(|view| view.row.clock.kind == ClockKind::Ack).unwrap();
    assert_eq!(ack.row.clock.due_at, START.plus_ms(15 * MINUTE), "raised from its own declaration");
    house.fact("AlertResolved", 3, &Actor::worker("evaluator"), json!({})).await;
    house.read().await;
    assert_eq!(house.lines(whole.id).await.last().unwrap().body["fact"], "AlertResolved");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_merge_can_be_undone_also_when_the_whole_moved_on(pool: PgPool) {
    let house = House::new(pool).await;
    let part: Incident = about(&house, &[1], "P1").await;
    let whole: Incident = about(&house, &[2], "P1").await;
    let other: Incident = about(&house, &[3], "P1").await;
    let follow_up =
        NewFollowUp { title: "直す".to_owned(), due_on: NaiveDate::from_ymd_opt(2026, 10, 1), ..NewFollowUp::default() };
    house.incidents.add_follow_up(&works(1), part.id, &follow_up).await.unwrap();
    house.incidents.merge(&works(1), Seen::any(part.id), whole.id).await.unwrap();
    house.incidents.merge(&works(1), Seen::any(whole.id), other.id).await.unwrap();
    assert_eq!(alerts(&house, other.id).await, [1, 2, 3]);
    let clock_of = |detail: crate::Detail| detail.clocks.into_iter().filter(|view| view.row.follow_up.is_some()).count();
    assert_eq!(clock_of(house.detail(other.id).await), 1, "the clock of a follow-up goes with it");
    let back: Incident = house.incidents.unmerge(&works(1), Seen::any(part.id)).await.unwrap();
    assert_eq!((back.status, back.merged_into), (IncidentStatus::Declared, None));
    assert_eq!((alerts(&house, part.id).await, alerts(&house, other.id).await), (vec![1], vec![2, 3]));
    assert_eq!((carried(&house, other.id, part.id).await, clock_of(house.detail(part.id).await)), (0, 1));
    let running: Vec<ClockKind> = house
        .detail(part.id)
        .await
        .clocks
        .into_iter()
        .filter(|view| view.row.is_open())
        .map(|view| view.row.clock.kind)
        .collect();
    assert!(running.contains(&ClockKind::Ack) && running.contains(&ClockKind::Update));
    let again = house.incidents.unmerge(&works(1), Seen::any(part.id)).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::NotFrom { .. }))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nothing_is_merged_into_itself_or_into_what_is_gone(pool: PgPool) {
    let house = House::new(pool).await;
    let (one, two): (Incident, Incident) = (house.declare("P2").await, house.declare("P2").await);
    let itself = house.incidents.merge(&works(1), Seen::any(one.id), one.id).await;
    assert!(matches!(itself, Err(Error::Refused(Refusal::IntoItself))));
    house.incidents.act(&works(1), Seen::any(two.id), Move::Dismiss, "誤報").await.unwrap();
    let gone = house.incidents.merge(&works(1), Seen::any(one.id), two.id).await;
    assert!(matches!(gone, Err(Error::Refused(Refusal::TargetOver(IncidentStatus::Dismissed)))));
    let nowhere = house.incidents.merge(&works(1), Seen::any(one.id), IncidentId(999)).await;
    assert!(matches!(nowhere, Err(Error::NotFound(IncidentId(999)))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_who_merge_each_into_the_other_do_not_wait_in_a_circle(pool: PgPool) {
    let house = House::new(pool).await;
    let (one, two): (Incident, Incident) = (house.declare("P2").await, house.declare("P2").await);
    let (first, second) = (works(1), works(2));
    let (there, back) = tokio::join!(
        house.incidents.merge(&first, Seen::any(one.id), two.id),
        house.incidents.merge(&second, Seen::any(two.id), one.id),
    );
    assert_eq!([there.is_ok(), back.is_ok()].into_iter().filter(|is_ok| *is_ok).count(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_split_takes_alerts_with_their_lines_and_further_lines(pool: PgPool) {
    let house = House::new(pool).await;
    house.fact("AlertFired", 2, &Actor::worker("evaluator"), json!({})).await;
    let whole: Incident = about(&house, &[2, 3], "P1").await;
    let note: EntryId = house.incidents.note(&works(1), whole.id, "別件", None).await.unwrap();
    let order =
        SplitOrder {
            title: "検索が遅い".to_owned(), code: Some("P3".to_owned()), alerts: vec![AlertId(2)], entries: vec![note]
        };
    let fresh: Incident = house.incidents.split(&works(1), Seen::of(&house.incident(whole.id).await), &order).await.unwrap();
    assert_eq!((fresh.split_from, &*fresh.level.code, fresh.status), (Some(whole.id), "P3", IncidentStatus::Declared));
    assert_eq!((alerts(&house, fresh.id).await, alerts(&house, whole.id).await), (vec![2], vec![3]));
    assert_eq!(carried(&house, fresh.id, whole.id).await, 3, "linked, fired, note");
    assert_eq!(house.detail(whole.id).await.split_off, [fresh.id]);
    let shown = house.lines(whole.id).await.into_iter().find(|line| line.id == note).unwrap();
    assert_eq!((shown.incident, shown.origin), (fresh.id, whole.id), "the original says where it went");
    let nothing = SplitOrder { alerts: vec![AlertId(77)], ..order.clone() };
    assert!(matches!(house.incidents.split(&works(1), Seen::any(whole.id), &nothing).await, Err(Error::NoAlerts)));
    let n: usize = house.incidents.list(&actor(1), &crate::Filter { limit: 50, ..Default::default() }).await.unwrap().len();
    assert_eq!(n, 2, "what was refused left nothing behind");
}
