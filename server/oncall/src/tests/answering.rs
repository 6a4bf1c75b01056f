//! Who answers, and what is sent after that: nothing.

use super::{House, MINUTE, S, START, Said, actor, calls, grant, person};
use crate::contacts::ContactKind;
use crate::needs::Needless;
use crate::orders::{Order, OrderKind, OrderedAlert};
use crate::outcomes::Outcome;
use crate::runs::{PageState, State};
use crate::{Error, RunFilter};
use kernel::Tx;
use model::ids::AlertId;
use model::{Actor, Severity};
use sqlx::PgPool;
use std::ops::RangeInclusive;

const TWO: &str = "\
policies:
  - name: p
    passes: forever
    steps:
      - {wait: 5m, notify: [{person: person-2@example.jp}]}
      - {wait: 5m, notify: [{person: person-3@example.jp}]}
";

/// A house in which these people have these contacts, and somebody was just paged for this.
async fn paged(pool: PgPool, policies: &str, contacts: &[(u128, ContactKind)], order: &Order) -> House {
    let house = House::new(pool, policies).await;
    for (n, kind) in contacts {
        house.reach(*n, *kind).await;
    }
    house.order(order).await;
    house.look().await;
    house
}

/// One page for alert 1.
fn one(severity: Severity) -> Order {
    calls("g1-e1", severity, &[1])
}

const SMS: [(u128, ContactKind); 2] = [(2, ContactKind::Sms), (3, ContactKind::Sms)];

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_answer_ends_it_and_takes_back_what_was_not_sent(pool: PgPool) {
    let house = paged(pool, TWO, &SMS, &one(Severity::P1)).await;
    house.acknowledge(1, &actor(3), true).await;
    let withdrawn: Vec<Needless> = house
        .world
        .said
        .lock()
        .unwrap()
        .iter()
        .filter_map(|said| match said {
            Said::Withdrawn { keys, why, .. } if !keys.is_empty() => Some(*why),
            _ => None,
        })
        .collect();
    assert_eq!(withdrawn, [Needless::Acknowledged]);
    house.pass(20 * MINUTE).await;
    assert_eq!(house.calls(), [(0, person(2))]);
    let run = house.newest().await;
    assert_eq!((run.state, run.next_step), (State::Acknowledged, None));
    assert_eq!(run.answer.and_then(|answer| answer.person), Some(person(3)));
}

/// The reference's race: an answer a tenth of a second before the second step, at the same time as the look that fires it.
#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_answer_that_races_a_step_leaves_no_page_behind_it(pool: PgPool) {
    const RACES: i64 = 100;
    let house = House::new(pool, TWO).await;
    house.reach(2, ContactKind::Sms).await;
    house.reach(3, ContactKind::Sms).await;
    for story in 0..RACES {
        house.order(&calls(&format!("g{story}-e1"), Severity::P0, &[story])).await;
    }
    house.look().await;
    house.forget();
    house.clock.advance_ms(5 * MINUTE);
    let looking = house.oncall.clone();
    let look = tokio::spawn(async move {
        for _ in 0..50 {
            looking.tick().await.unwrap();
        }
    });
    for alert in 0..RACES {
        house.acknowledge(alert, &actor(3), true).await;
    }
    look.await.unwrap();
    let said: Vec<Said> = house.world.said.lock().unwrap().clone();
    for run in house.oncall.runs(&RunFilter { limit: RACES, ..RunFilter::default() }).await.unwrap() {
        assert_eq!((run.state, run.ended_at.is_some()), (State::Acknowledged, true));
        let pages = house.oncall.explain(run.id).await.unwrap().unwrap().pages;
        assert!(pages.iter().all(|page| !matches!(page.state, PageState::Waiting | PageState::Held | PageState::Asked)));
        // Whatever went out was taken back after it was written.
        for (at, page) in said.iter().enumerate() {
            let Said::Page { key, alerts, .. } = page else { continue };
            if alerts.iter().any(|alert| run.alerts.contains(&AlertId(*alert))) {
                let after = &said[at + 1..];
                let is_taken_back = |one: &Said| matches!(one, Said::Withdrawn { keys, .. } if keys.contains(key));
                assert!(after.iter().any(is_taken_back), "{key} was left");
            }
        }
    }
}

/// Their browsers, then their telephones.
fn both(people: RangeInclusive<u128>) -> Vec<(u128, ContactKind)> {
    people.flat_map(|n| [(n, ContactKind::Push), (n, ContactKind::Sms)]).collect()
}

const ALL: &str = "\
policies:
  - name: p
    steps:
      - {wait: 5m, ack: all, notify: [{person: person-2@example.jp}, {person: person-3@example.jp}]}
      - {wait: 5m, notify: [{person: person-4@example.jp}]}
";

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_has_not_answered_a_step_that_wants_all_is_paged_on(pool: PgPool) {
    let house = paged(pool, ALL, &both(2..=4), &one(Severity::P1)).await;
    house.acknowledge(1, &actor(2), true).await;
    house.pass(10 * MINUTE).await;
    assert_eq!(house.calls(), [(0, person(2)), (0, person(3)), (120, person(3))], "the other by their second rule, nobody else");
    assert!(house.newest().await.ended_at.is_none());
    house.acknowledge(1, &actor(3), false).await;
    assert!(house.newest().await.ended_at.is_some());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_end_of_it_stops_also_those_who_have_not_answered(pool: PgPool) {
    let house = paged(pool, ALL, &both(2..=3), &one(Severity::P1)).await;
    house.acknowledge(1, &actor(2), true).await;
    house.withdraw(&[1], Needless::Resolved).await;
    house.pass(10 * MINUTE).await;
    assert_eq!(house.calls().len(), 2);
    assert!(house.newest().await.ended_at.is_some());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_several_alerts_the_others_still_call(pool: PgPool) {
    let house = paged(pool, TWO, &SMS, &calls("g1-e1", Severity::P1, &[1, 2])).await;
    house.acknowledge(1, &actor(2), true).await;
    house.pass(6 * MINUTE).await;
    let said: Vec<Said> = house.world.said.lock().unwrap().clone();
    assert!(matches!(said.last(), Some(Said::Page { alerts, .. }) if *alerts == [2]), "{said:?}");
    house.withdraw(&[2], Needless::Silenced).await;
    assert_eq!(house.newest().await.state, State::Over);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_cannot_passes_it_on_and_the_next_step_fires_at_once(pool: PgPool) {
    let contacts = [(2, ContactKind::Push), (2, ContactKind::Sms), (3, ContactKind::Sms)];
    let house = paged(pool, TWO, &contacts, &one(Severity::P1)).await;
    house.clock.advance_ms(S);
    house.oncall.pass_on(&grant(&actor(2)), AlertId(1), "on a train").await.unwrap();
    house.look().await;
    assert_eq!(house.calls(), [(0, person(2)), (1, person(3))]);
    house.clock.advance_ms(S);
    house.oncall.pass_on(&grant(&actor(2)), AlertId(1), "still").await.unwrap();
    house.look().await;
    assert_eq!(house.calls().len(), 2, "it is another's turn");
    house.pass(4 * MINUTE).await;
    assert_eq!(house.calls().len(), 2, "and their own second rule is off");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nothing_can_be_passed_on_that_nobody_is_paged_for(pool: PgPool) {
    let house = House::new(pool, TWO).await;
    let refused = house.oncall.pass_on(&grant(&actor(2)), AlertId(1), "").await.unwrap_err();
    assert!(matches!(refused, Error::NotEscalating(AlertId(1))));
    let long = house.oncall.pass_on(&grant(&actor(2)), AlertId(1), &"x".repeat(501)).await.unwrap_err();
    assert!(matches!(long, Error::LongReason { n: 501, .. }));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn given_back_it_begins_anew(pool: PgPool) {
    let house = paged(pool, TWO, &SMS[..1], &one(Severity::P0)).await;
    house.acknowledge(1, &actor(2), true).await;
    house.clock.advance_ms(MINUTE);
    house.order(&one(Severity::P0)).await;
    house.look().await;
    assert_eq!(house.calls(), [(0, person(2)), (60, person(2))]);
    let runs = house.oncall.runs_of_alert(AlertId(1)).await.unwrap();
    assert_eq!(runs.iter().map(|run| run.state).collect::<Vec<State>>(), [State::Running, State::Acknowledged]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_same_story_while_it_runs_begins_nothing(pool: PgPool) {
    let house = paged(pool, TWO, &SMS[..1], &one(Severity::P2)).await;
    house.order(&calls("g1-e1", Severity::P0, &[1, 2])).await;
    house.look().await;
    assert_eq!(house.calls().len(), 1);
    let run = house.newest().await;
    assert_eq!((run.severity, run.alerts), (Severity::P0, vec![AlertId(1), AlertId(2)]));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_was_paged_by_mail_hears_that_it_is_over_and_a_telephone_stays_quiet(pool: PgPool) {
    let contacts = [(2, ContactKind::Email), (3, ContactKind::Sms)];
    let house = paged(pool, TWO, &contacts, &one(Severity::P1)).await;
    house.became(Outcome::Accepted).await;
    house.pass(6 * MINUTE).await;
    house.became(Outcome::Accepted).await;
    house.look().await;
    house.forget();
    let over = OrderedAlert { id: AlertId(1), is_settled: true };
    let order = Order { kind: OrderKind::Resolved, policy: None, alerts: vec![over], ..one(Severity::P1) };
    house.order(&order).await;
    let told: Vec<_> = house
        .world
        .said
        .lock()
        .unwrap()
        .iter()
        .filter_map(|said| match said {
            Said::Page { person, purpose, .. } => Some((*person, *purpose)),
            _ => None,
        })
        .collect();
    assert_eq!(told, [(person(2), "resolved")]);
    assert_eq!(house.newest().await.state, State::Over);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_order_that_is_rolled_back_never_was(pool: PgPool) {
    let house = House::new(pool, TWO).await;
    house.reach(2, ContactKind::Sms).await;
    let mut tx: Tx = house.db.begin().await.unwrap();
    house.oncall.order(&mut tx, &calls("g1-e1", Severity::P1, &[1])).await.unwrap();
    tx.rollback().await.unwrap();
    house.look().await;
    assert!(house.calls().is_empty());
    assert_eq!(house.oncall.oldest_due().await.unwrap(), None);
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    assert_eq!(house.oncall.oldest_due().await.unwrap(), Some(START));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_token_answers_too_and_nobody_in_particular_has_it(pool: PgPool) {
    let house = paged(pool, TWO, &SMS[..1], &one(Severity::P1)).await;
    house.acknowledge(1, &Actor::worker("a link"), true).await;
    let answer = house.newest().await.answer.unwrap();
    assert_eq!((answer.by.as_str(), answer.person), ("a link", None));
}
