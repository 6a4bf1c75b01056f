//! What people do about alerts.

use super::{House, START, TICK_MS, cpu, responder};
use crate::alerts::{AlertRow, Filter, Place, SeverityTally, Show};
use crate::error::Error;
use crate::history;
use crate::state::ResolveReason;
use kernel::{Grant, authorize};
use model::access::AnswerAlert;
use model::actor::Who;
use model::alert::AlertState;
use model::ids::{AlertId, PersonId};
use model::labels::Labels;
use model::{Actor, Role, Severity, Time};
use sqlx::PgPool;
use uuid::Uuid;

async fn burning(pool: PgPool) -> (House, AlertId) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(1).await;
    let id = house.only().await.id;
    (house, id)
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn acknowledging_twice_is_fine_and_says_who_has_it(pool: PgPool) {
    let (house, id) = burning(pool).await;
    let first = house.alerting.acknowledge(&responder("佐藤 健"), id, Some(" 見ています ".to_owned())).await.unwrap();
    assert!(!first.already);
    let second = house.alerting.acknowledge(&responder("鈴木 葵"), id, Some("me too".to_owned())).await.unwrap();
    assert!(second.already);
    assert_eq!((second.held.by.as_str(), second.held.comment.as_deref()), ("佐藤 健", Some("見ています")));
    assert_eq!(house.only().await.held, Some(second.held));
    assert_eq!(house.only().await.state, AlertState::Firing, "an overlay, never a state");
    assert_eq!(house.story(id).await, [history::FIRED, history::ACKNOWLEDGED, history::COMMENTED]);
    let detail = house.alerting.alert(id).await.unwrap().unwrap();
    assert_eq!((detail.history[2].by.as_str(), detail.history[2].comment.as_deref()), ("鈴木 葵", Some("me too")));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_given_back_needs_somebody_again(pool: PgPool) {
    let (house, id) = burning(pool).await;
    let grant = responder("佐藤 健");
    assert!(!house.alerting.unacknowledge(&grant, id).await.unwrap());
    house.alerting.acknowledge(&grant, id, None).await.unwrap();
    assert_eq!((house.shown(Show::Held).await.len(), house.shown(Show::Unanswered).await.len()), (1, 0));
    assert!(house.alerting.unacknowledge(&grant, id).await.unwrap());
    assert_eq!((house.shown(Show::Held).await.len(), house.shown(Show::Unanswered).await.len()), (0, 1));
    assert_eq!(house.story(id).await, [history::FIRED, history::ACKNOWLEDGED, history::UNACKNOWLEDGED]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn only_ones_own_answer_is_taken_back(pool: PgPool) {
    let (house, id) = burning(pool).await;
    let mine = responder("佐藤 健");
    let who = Who::Person { id: PersonId(Uuid::from_u128(7)), name: "鈴木 葵".to_owned() };
    let theirs: Grant<AnswerAlert> = authorize(&Actor { who, role: Role::Responder, team_roles: vec![] }, None).unwrap();
    let machine: Grant<AnswerAlert> = authorize(&Actor::worker("runbook"), None).unwrap();
    assert!(!house.alerting.unacknowledge_own(&mine, id).await.unwrap(), "nobody had it");
    house.alerting.acknowledge(&mine, id, None).await.unwrap();
    assert!(!house.alerting.unacknowledge_own(&theirs, id).await.unwrap());
    assert!(!house.alerting.unacknowledge_own(&machine, id).await.unwrap());
    assert!(house.only().await.held.is_some());
    assert!(house.alerting.unacknowledge_own(&mine, id).await.unwrap());
    house.alerting.acknowledge(&machine, id, None).await.unwrap();
    assert!(!house.alerting.unacknowledge_own(&machine, id).await.unwrap(), "two machines can't be told apart");
    let expected = [history::FIRED, history::ACKNOWLEDGED, history::UNACKNOWLEDGED, history::ACKNOWLEDGED];
    assert_eq!(house.story(id).await, expected);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_needs_somebody_most_comes_first(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    for measured in
        [&[("first", 83.0)][..], &[("first", 83.0), ("second", 83.0)], &[("first", 83.0), ("second", 83.0), ("third", 83.0)]]
    {
        house.world.set(measured);
        house.ticks(1).await;
    }
    let hosts = |rows: Vec<AlertRow>| rows.iter().map(|row| row.labels.get("host").to_owned()).collect::<Vec<String>>();
    let open = house.shown(Show::Open).await;
    let first = open[0].id;
    assert_eq!(hosts(open), ["first", "second", "third"]);
    house.alerting.acknowledge(&responder("佐藤 健"), first, None).await.unwrap();
    assert_eq!(hosts(house.shown(Show::Open).await), ["second", "third", "first"]);
    assert_eq!(hosts(house.shown(Show::Unanswered).await), ["second", "third"]);
    assert_eq!(hosts(house.shown(Show::All).await), ["third", "second", "first"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn alerts_that_touch_a_span_are_found(pool: PgPool) {
    let (house, id) = burning(pool).await;
    let ended = START.plus_ms(TICK_MS);
    let touching = |from: Time, to: Time| {
        let (alerting, filter) =
            (house.alerting.clone(), Filter { show: Show::All, touching: Some((from, to)), ..Filter::default() });
        async move { alerting.alerts(&filter).await.unwrap().len() }
    };
    let (before, after) = (START.plus_ms(-1), ended.plus_ms(1));
    assert_eq!(touching(after, after).await, 1, "it still fires");
    assert!(house.alerting.resolve(&responder("佐藤 健"), id, None).await.unwrap());
    assert_eq!((touching(before, before).await, touching(before, START).await), (0, 1));
    assert_eq!((touching(ended, after).await, touching(after, after).await), (1, 0));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn resolved_by_hand_it_stays_resolved_until_it_was_clear_once(pool: PgPool) {
    let (house, id) = burning(pool).await;
    let grant = responder("佐藤 健");
    assert!(house.alerting.resolve(&grant, id, Some("known load test".to_owned())).await.unwrap());
    assert!(!house.alerting.resolve(&grant, id, None).await.unwrap());
    house.ticks(5).await;
    let resolved = house.only().await;
    assert_eq!((resolved.resolved_reason, resolved.value), (Some(ResolveReason::ByHand), Some(83.0)));
    assert_eq!(resolved.resolved_at, Some(START.plus_ms(TICK_MS)));

    house.world.set(&[("app-01", 20.0)]);
    house.ticks(1).await;
    assert_eq!(house.story(id).await, [history::FIRED, history::RESOLVED, history::RECOVERED]);
    house.world.set(&[("app-01", 84.0)]);
    house.ticks(1).await;
    let open = house.shown(Show::Open).await;
    assert_eq!(open.len(), 1);
    assert!(open[0].id > id);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn only_what_fires_can_be_answered(pool: PgPool) {
    let house = House::new(pool, &cpu("5m")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(1).await;
    let id = house.only().await.id;
    let grant = responder("佐藤 健");
    let refused = house.alerting.acknowledge(&grant, id, None).await;
    assert!(matches!(refused, Err(Error::NotFiring { state: AlertState::Pending, .. })));
    assert!(matches!(house.alerting.resolve(&grant, id, None).await, Err(Error::NotFiring { .. })));
    assert!(matches!(house.alerting.acknowledge(&grant, AlertId(999), None).await, Err(Error::NotFound(AlertId(999)))));
    assert!(matches!(house.alerting.comment(&grant, id, "  ".to_owned()).await, Err(Error::EmptyComment)));
    let long = "あ".repeat(4_001);
    assert!(matches!(house.alerting.comment(&grant, id, long).await, Err(Error::LongComment { n: 4_001 })));
    assert_eq!(house.alerting.alert(AlertId(999)).await.unwrap(), None);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn lists_are_filtered_searched_and_counted(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 83.0), ("app-02", 84.0), ("db-01", 85.0)]);
    house.ticks(1).await;
    let found = |filter: Filter| {
        let alerting = house.alerting.clone();
        async move {
            let rows = alerting.alerts(&filter).await.unwrap();
            rows.iter().map(|row| row.labels.get("host").to_owned()).collect::<Vec<String>>()
        }
    };
    let any = Filter::default();
    assert_eq!(found(any.clone()).await, ["app-01", "app-02", "db-01"]);
    assert_eq!(found(Filter { search: Some("APP".to_owned()), ..any.clone() }).await, ["app-01", "app-02"]);
    assert_eq!(found(Filter { search: Some("%".to_owned()), limit: 1, ..any.clone() }).await, ["app-01"]);
    assert_eq!(found(Filter { host: Some("app".to_owned()), ..any.clone() }).await, Vec::<String>::new());
    assert_eq!(found(Filter { host: Some("app-02".to_owned()), ..any.clone() }).await, ["app-02"]);
    assert_eq!(found(Filter { severity: Some(Severity::P0), ..any.clone() }).await, Vec::<String>::new());
    let newest = house.shown(Show::All).await[0].id;
    let paged = Filter { show: Show::All, before: Some(newest), limit: 1, ..any.clone() };
    assert_eq!(found(paged.clone()).await, ["app-02"]);
    assert_eq!(found(Filter { show: Show::Open, ..paged }).await, ["app-01"], "a list by urgency goes on after a place");
    let exactly = |labels: Labels| Filter { labels: Some(labels), ..any.clone() };
    assert_eq!(found(exactly(Labels::new([("host", "db-01")]))).await, ["db-01"]);
    assert_eq!(found(exactly(Labels::default())).await, Vec::<String>::new());

    house.alerting.acknowledge(&responder("佐藤 健"), newest, None).await.unwrap();
    let tally = house.alerting.tally().await.unwrap();
    let severities: Vec<Severity> = tally.by_severity.iter().map(|one| one.severity).collect();
    assert_eq!(severities, Severity::ALL);
    assert_eq!(tally.by_severity[2], SeverityTally { severity: Severity::P2, unanswered: 2, held: 1, silenced: 0 });
    assert_eq!((tally.pending, tally.muted), (0, 0));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_list_by_urgency_goes_on_behind_its_last_alert_even_when_that_was_taken(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 83.0), ("app-02", 84.0), ("db-01", 85.0)]);
    house.ticks(1).await;
    let screenful = |after: Option<Place>| {
        let (alerting, filter) = (house.alerting.clone(), Filter { after, limit: 2, ..Filter::default() });
        async move { alerting.alerts_counted(&filter).await.unwrap() }
    };
    let (first, n_all) = screenful(None).await;
    assert_eq!((first.len(), n_all), (2, 3));
    let place = Place::of(&first[1]);
    house.alerting.acknowledge(&responder("佐藤 健"), place.id, None).await.unwrap();
    let (rest, n_rest) = screenful(Some(place)).await;
    let hosts: Vec<&str> = rest.iter().map(|row| row.labels.get("host")).collect();
    assert_eq!((hosts, n_rest), (vec!["db-01", "app-02"], 2), "what was taken meanwhile stands behind what nobody has");
}
