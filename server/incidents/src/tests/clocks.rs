//! Clocks: case C11 of the reference with moved time, raises, calendars that change, and processes that fail.

use super::{HOUR, House, MINUTE, START, actor, office, works};
use crate::clocks::ClockRow;
use crate::error::Error;
use crate::needs::ClockNews;
use crate::timeline::EntryKind;
use crate::updates::NewUpdate;
use crate::{Incident, NewFollowUp, Period, Seen};
use chrono::NaiveDate;
use model::Time;
use model::clock::{ClockKind, Standing};
use model::holidays::HolidayCalendar;
use model::ids::IncidentId;
use model::incident::Move;
use model::postmortem::ActionKind;
use sqlx::PgPool;

/// Thursday 2026-09-24 in Tokyo, the first working day after the long weekend.
fn thursday(hour: i64, minute: i64) -> Time {
    START.plus_ms(6 * 24 * HOUR - 17 * HOUR - 30 * MINUTE + hour * HOUR + minute * MINUTE)
}

async fn clock(house: &House, id: IncidentId, kind: ClockKind) -> ClockRow {
    let detail = house.detail(id).await;
    detail.clocks.into_iter().map(|view| view.row).rfind(|row| row.clock.kind == kind).expect("there is such a clock")
}

/// Minutes after the declaration, and of which clock.
fn told(news: &[ClockNews]) -> Vec<(i64, ClockKind)> {
    news.iter().map(|one| (one.at.since(START) / MINUTE, one.kind)).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn c11_p3_before_a_long_weekend_is_at_risk_and_due_on_thursday(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P3").await;
    let row: ClockRow = clock(&house, incident.id, ClockKind::Ack).await;
    assert_eq!((row.clock.at_risk_at, row.clock.due_at), (thursday(15, 42), thursday(17, 30)));
    house.clock.set(START.plus_ms(HOUR));
    house.tick().await;
    let standing = house.detail(incident.id).await.clocks.remove(0).standing;
    assert_eq!(standing, Some(Standing::Paused { until: thursday(9, 0), due_at: thursday(17, 30), is_at_risk: false }));
    for (at, n_warned, n_escalated) in [
        (thursday(15, 41), 0, 0),
        (thursday(15, 42), 1, 0),
        (thursday(17, 29), 1, 0),
        (thursday(17, 30), 1, 1),
        (thursday(19, 0), 1, 1),
    ] {
        house.clock.set(at);
        house.tick().await;
        house.tick().await;
        let told = (house.world.warned.lock().unwrap().len(), house.world.escalated.lock().unwrap().len());
        assert_eq!(told, (n_warned, n_escalated), "{at:?}");
    }
    assert!(house.kinds(incident.id).await.ends_with(&[EntryKind::Clock, EntryKind::Clock]));
    let facts: Vec<String> = house.facts(incident.id).await;
    assert_eq!(facts, ["IncidentDeclared", "IncidentClockAtRisk", "IncidentClockBreached"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn c11_p0_is_due_in_a_quarter_of_an_hour_and_its_update_is_nudged_at_25_and_breached_at_30_minutes_once(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P0").await;
    assert_eq!(clock(&house, incident.id, ClockKind::Ack).await.clock.due_at, START.plus_ms(15 * MINUTE));
    house.pass(3 * HOUR, MINUTE).await;
    let warned = house.world.warned.lock().unwrap().clone();
    let escalated = house.world.escalated.lock().unwrap().clone();
    assert_eq!(told(&warned), [(12, ClockKind::Ack), (25, ClockKind::Update)]);
    assert_eq!(told(&escalated), [(15, ClockKind::Ack), (30, ClockKind::Update)]);
    assert_eq!(escalated[1].key, format!("incident-clock-{}-breach", clock(&house, incident.id, ClockKind::Update).await.id));
    let period = Period { from: START, until: START.plus_ms(24 * HOUR), team: None, system: None };
    let breaches = house.incidents.breaches(&actor(1), &period).await.unwrap();
    let listed: Vec<(ClockKind, Time)> = breaches.iter().map(|breach| (breach.kind, breach.due_at)).collect();
    let due = |minutes: i64| START.plus_ms(minutes * MINUTE);
    assert_eq!(listed, [(ClockKind::Update, due(30)), (ClockKind::Ack, due(15))]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_update_keeps_the_promise_and_gives_the_next_one(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P0").await;
    house.clock.advance_ms(10 * MINUTE);
    let update = NewUpdate { ja: "調査中です".to_owned(), en: "We are looking into it".to_owned() };
    let update = house.incidents.post_update(&works(1), incident.id, &update).await.unwrap();
    assert_eq!(update.next_at, Some(START.plus_ms(40 * MINUTE)));
    house.incidents.act(&works(1), Seen::any(incident.id), Move::Acknowledge, "").await.unwrap();
    house.pass(29 * MINUTE, MINUTE).await;
    assert_eq!(told(&house.world.warned.lock().unwrap().clone()), [(35, ClockKind::Update)]);
    house.pass(MINUTE, MINUTE).await;
    assert_eq!(told(&house.world.escalated.lock().unwrap().clone()), [(40, ClockKind::Update)]);
    house.incidents.act(&works(1), Seen::any(incident.id), Move::Resolve, "").await.unwrap();
    house.pass(3 * HOUR, MINUTE).await;
    assert_eq!(house.world.escalated.lock().unwrap().len(), 1, "nothing is promised any more");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_answers_in_time_is_not_escalated(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P1").await;
    house.clock.advance_ms(50 * MINUTE);
    house.tick().await;
    house.incidents.act(&works(2), Seen::any(incident.id), Move::Acknowledge, "").await.unwrap();
    house.clock.advance_ms(5 * MINUTE);
    house.tick().await;
    let met = clock(&house, incident.id, ClockKind::Ack).await.clock.met_at;
    assert_eq!(met, Some(START.plus_ms(50 * MINUTE)));
    assert!(told(&house.world.escalated.lock().unwrap().clone()).iter().all(|(_, kind)| *kind != ClockKind::Ack));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_raise_counts_from_the_declaration_may_breach_at_once_and_moves_nothing_later(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P2").await;
    house.clock.advance_ms(20 * MINUTE);
    house.incidents.set_level(&works(1), Seen::of(&incident), "P0", "全停止").await.unwrap();
    let row: ClockRow = clock(&house, incident.id, ClockKind::Ack).await;
    assert_eq!(row.clock.due_at, START.plus_ms(15 * MINUTE));
    assert_eq!(clock(&house, incident.id, ClockKind::Update).await.clock.due_at, START.plus_ms(30 * MINUTE));
    house.tick().await;
    assert_eq!(told(&house.world.escalated.lock().unwrap().clone()), [(20, ClockKind::Ack)]);
    // What was broken stays so, also when it turns out less bad.
    house.incidents.set_level(&works(1), Seen::any(incident.id), "P3", "").await.unwrap();
    let row: ClockRow = clock(&house, incident.id, ClockKind::Ack).await;
    assert_eq!((row.clock.due_at, row.clock.breached_at), (START.plus_ms(15 * MINUTE), Some(START.plus_ms(20 * MINUTE))));
    let update: ClockRow = clock(&house, incident.id, ClockKind::Update).await;
    assert!(update.ended_at.is_some(), "P3 promises no updates");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_never_promised_updates_begins_to_when_it_is_raised(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P3").await;
    house.clock.advance_ms(5 * HOUR);
    house.incidents.set_level(&works(1), Seen::any(incident.id), "P1", "").await.unwrap();
    assert_eq!(clock(&house, incident.id, ClockKind::Update).await.clock.due_at, START.plus_ms(6 * HOUR));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_change_of_holidays_moves_clocks_that_run_and_no_others(pool: PgPool) {
    let house = House::new(pool).await;
    let open: Incident = house.declare("P3").await;
    let answered: Incident = house.declare("P3").await;
    house.incidents.act(&works(1), Seen::any(answered.id), Move::Acknowledge, "").await.unwrap();
    let elapsed: Incident = house.declare("P2").await;
    let thursday_off: NaiveDate = NaiveDate::from_ymd_opt(2026, 9, 24).unwrap();
    *house.world.calendar.lock().unwrap() = office(HolidayCalendar::japan().with_company_day(thursday_off, "臨時休業", "Closed"));
    assert_eq!(house.incidents.calendars_changed().await.unwrap(), 1);
    assert_eq!(house.incidents.calendars_changed().await.unwrap(), 0, "once");
    assert_eq!(clock(&house, open.id, ClockKind::Ack).await.clock.due_at, thursday(17 + 24, 30));
    assert_eq!(clock(&house, answered.id, ClockKind::Ack).await.clock.due_at, thursday(17, 30));
    assert_eq!(clock(&house, elapsed.id, ClockKind::Ack).await.clock.due_at, START.plus_ms(4 * HOUR));
    assert_eq!(house.lines(open.id).await.last().unwrap().body["what"], "reckoned");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn another_calendar_is_noticed_without_being_told(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P3").await;
    *house.world.calendar.lock().unwrap() = office(HolidayCalendar::none());
    house.clock.advance_ms(30_000);
    house.tick().await;
    // Without holidays Monday is a working day.
    let monday: Time = START.plus_ms(3 * 24 * HOUR);
    assert_eq!(clock(&house, incident.id, ClockKind::Ack).await.clock.due_at, monday);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_processes_tell_once_and_one_that_could_not_tells_later(pool: PgPool) {
    let house = House::new(pool).await;
    let other = house.another();
    let incident: Incident = house.declare("P0").await;
    house.clock.advance_ms(16 * MINUTE);
    *house.world.is_down.lock().unwrap() = true;
    house.tick().await;
    assert!(
        clock(&house, incident.id, ClockKind::Ack).await.clock.breached_at.is_none(),
        "nothing was told, so nothing is written"
    );
    *house.world.is_down.lock().unwrap() = false;
    house.tick().await;
    other.tick().await.unwrap();
    assert_eq!(house.world.escalated.lock().unwrap().len(), 1);
    // The first one dies: the other takes over when its lease has run out.
    house.clock.advance_ms(14 * MINUTE);
    other.tick().await.unwrap();
    assert_eq!(house.world.escalated.lock().unwrap().len(), 2);
    assert_eq!(house.kinds(incident.id).await.iter().filter(|kind| **kind == EntryKind::Clock).count(), 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_follow_up_has_a_clock_of_its_day_which_outlives_the_incident(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P2").await;
    let due_on: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 9, 24);
    let new = NewFollowUp { title: "再発防止".to_owned(), owner: Some(super::person(3)), due_on, ..NewFollowUp::default() };
    let id = house.incidents.add_follow_up(&works(1), incident.id, &new).await.unwrap();
    for by in [Move::Resolve, Move::Close] {
        house.incidents.act(&works(1), Seen::any(incident.id), by, "").await.unwrap();
    }
    house.clock.set(thursday(18, 0));
    house.tick().await;
    let escalated = house.world.escalated.lock().unwrap().clone();
    assert_eq!(
        (escalated.len(), escalated[0].kind, escalated[0].people.clone()),
        (1, ClockKind::FollowUp, vec![super::person(3)])
    );
    assert_eq!(escalated[0].follow_up.as_deref(), Some("再発防止"));
    let unseen = house.incidents.finish_follow_up(&works(1), incident.id, id, true).await;
    assert!(matches!(unseen, Err(Error::Empty { what: "the evidence" })), "nobody can see that it is done");
    let told = house.incidents.finish_follow_up_by(&works(1), incident.id, id, "javascript:alert(1)").await;
    assert!(matches!(told, Err(Error::BadUrl)));
    let evidence: &str = "https://git.example/pull/7";
    assert!(house.incidents.finish_follow_up_by(&works(1), incident.id, id, evidence).await.unwrap());
    let done = house.detail(incident.id).await.follow_ups;
    assert_eq!((done[0].evidence.as_deref(), done[0].kind), (Some(evidence), ActionKind::Prevent));
    assert!(clock(&house, incident.id, ClockKind::FollowUp).await.clock.met_at.is_some());
    assert!(!house.incidents.finish_follow_up(&works(1), incident.id, id, true).await.unwrap(), "it is so already");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_false_alarm_and_a_reopened_one_promise_what_they_must(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P1").await;
    house.incidents.act(&works(1), Seen::any(incident.id), Move::Dismiss, "試験").await.unwrap();
    house.pass(3 * HOUR, 30 * MINUTE).await;
    assert!(house.world.escalated.lock().unwrap().is_empty());
    let reopened = house.incidents.act(&works(1), Seen::any(incident.id), Move::Reopen, "本物でした").await.unwrap();
    assert_eq!(reopened.acknowledged_at, Some(house.now()));
    let update: ClockRow = clock(&house, incident.id, ClockKind::Update).await;
    assert_eq!((update.is_open(), update.clock.due_at), (true, house.now().plus_ms(HOUR)));
}
