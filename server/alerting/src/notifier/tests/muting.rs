//! What keeps alerts quiet, and what is told when that ends.

use super::{House, MINUTE, ROUTES, S, editor, heard, responder};
use crate::alerts::{AlertRow, Filter, SeverityTally, Show, Tally};
use crate::error::Error;
use crate::grouping::Mute;
use crate::needs::Needless;
use crate::routes::explain::{Outcome, Step};
use crate::routing::muted::{Hushed, Quiet};
use crate::routing::{Applied, Routing};
use crate::rules::RuleFile;
use crate::silences::{Kind, NewSilence, Phase, Refused, SilenceId};
use crate::store;
use kernel::Clock;
use model::ids::AlertId;
use model::labels::Labels;
use model::{Severity, Time};
use sqlx::PgPool;

pub(super) fn wanted(house: &House, matcher: &str, ms: i64) -> NewSilence {
    let from: Time = house.clock.now();
    NewSilence {
        kind: Kind::Silence,
        matchers: vec![matcher.parse().unwrap()],
        from,
        until: from.plus_ms(ms),
        calendar: None,
        comment: "deploy".to_owned(),
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_silence_that_begins_later_stops_further_pages_and_its_end_tells_what_still_fires(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let before = house.fire("cpu", "app-01", "P2").await;
    house.after(30 * S).await;
    let id = house.routing.create_silence(&responder(), wanted(&house, "host=~\"app-.*\"", 600 * MINUTE)).await.unwrap();
    let inside = house.fire("cpu", "app-02", "P2").await;
    let loud = house.fire("cpu", "db-01", "P2").await;
    assert_eq!(house.after(MINUTE).await.pages, 0, "what is loud waits for the interval");
    assert_eq!(*house.sink.withdrawn.lock().unwrap(), [(Needless::Silenced, vec![AlertId(before)])]);
    let groups = house.routing.groups().await.unwrap();
    let silenced = |alert: i64| (AlertId(alert), Mute::Silence(id));
    assert_eq!((groups.len(), groups[0].muted.clone()), (1, vec![silenced(before), silenced(inside)]));
    assert_eq!(house.after(5 * MINUTE).await.pages, 1);
    house.take(loud).await;
    house.after(S).await;
    assert_eq!(house.after(590 * MINUTE).await.pages, 0, "nothing while it holds");
    assert_eq!(house.after(4 * MINUTE).await.pages, 1, "at once when it ends");
    let expected = [
        heard("ops", "fired", &[before]),
        heard("ops", "fired", &[loud]),
        heard("ops", "acknowledged", &[before, loud]),
        heard("ops", "fired", &[before, inside, loud]),
    ];
    assert_eq!(house.heard().await, expected);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn expiring_a_silence_tells_at_once_and_twice_is_fine(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let id = house.routing.create_silence(&responder(), wanted(&house, "host=app-01", 600 * MINUTE)).await.unwrap();
    let alert = house.fire("cpu", "app-01", "P0").await;
    assert_eq!(house.after(MINUTE).await.pages, 0);
    assert!(house.routing.expire_silence(&responder(), id).await.unwrap());
    assert!(!house.routing.expire_silence(&responder(), id).await.unwrap());
    assert_eq!(house.after(S).await.pages, 1);
    assert_eq!(house.heard().await, [heard("pager", "fired", &[alert])]);
    let past = house.routing.past_silences(None).await.unwrap();
    assert_eq!((past.len(), past[0].phase, past[0].silence.expired_by.as_deref()), (1, Phase::Over, Some("test")));
    assert!(house.routing.silences().await.unwrap().is_empty());
    let absent = house.routing.expire_silence(&responder(), SilenceId(999)).await;
    assert!(matches!(absent, Err(Error::Silence(Refused::NotFound(SilenceId(999))))));
    let everything = house.routing.create_silence(&responder(), wanted(&house, "host=~\".*\"", MINUTE)).await;
    assert!(matches!(everything, Err(Error::Silence(Refused::Everything))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_another_alert_explains_is_quiet_until_that_is_over(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let cause = house.fire("host-silent", "app-01", "P2").await;
    let explained = house.fire("cpu", "app-01", "P2").await;
    let other = house.fire("cpu", "app-02", "P2").await;
    house.after(30 * S).await;
    house.end(cause).await;
    assert_eq!(house.after(S).await.pages, 0);
    assert_eq!(house.after(5 * MINUTE).await.pages, 1);
    let expected = [heard("ops", "fired", &[cause, other]), heard("ops", "fired", &[cause, explained, other])];
    assert_eq!(house.heard().await, expected);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_preview_and_an_explanation_say_what_would_happen_now(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let cause = house.fire("host-silent", "app-01", "P2").await;
    let urgent = house.fire("cpu", "app-02", "P0").await;
    let preview = house.routing.preview(&["host=~\"app-.*\"".parse().unwrap()]).await.unwrap();
    let shown: Vec<i64> = preview.shown.iter().map(|alert| alert.id.0).collect();
    assert_eq!((preview.n, shown), (2, vec![urgent, cause]));
    let id = house.routing.create_silence(&responder(), wanted(&house, "alertname=cpu", MINUTE)).await.unwrap();
    let labels = Labels::new([("host", "app-01"), ("alertname", "cpu"), ("severity", "P0")]);
    let steps = house.routing.where_would_it_go(&labels).await.unwrap();
    assert!(matches!(&steps[0], Step::Route { path, outcome: Outcome::HandedDown, .. } if path == "all"));
    assert!(matches!(&steps[1], Step::Route { path, outcome: Outcome::Taken { .. }, .. } if path == "all/urgent"));
    assert!(matches!(&steps[2], Step::Silenced { silence, .. } if *silence == id));
    assert_eq!(steps[3], Step::Inhibited { rule: "silent-host".to_owned(), by: AlertId(cause) });
    assert_eq!(steps.len(), 4);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn silences_of_files_come_and_go_with_them_and_those_of_people_stay(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let by_hand = house.routing.create_silence(&responder(), wanted(&house, "host=x", 600 * MINUTE)).await.unwrap();
    let file = |host: &str| {
        let text = format!(
            "silences:\n  - name: backup\n    kind: maintenance\n    match: [host={host}]\n    from: 2025-10-01T00:00:00+09:00\n    \
             until: 2026-06-01T00:00:00+09:00\n    comment: nightly\n"
        );
        Routing::check(&[RuleFile { name: "silences.yaml".to_owned(), text }]).unwrap()
    };
    let applied = house.routing.apply(&editor(), &file("a")).await.unwrap();
    assert_eq!(applied, Applied { revision: applied.revision, is_same: false, silences_made: 1, silences_ended: 0 });
    assert!(house.routing.apply(&editor(), &file("a")).await.unwrap().is_same);
    let changed = house.routing.apply(&editor(), &file("b")).await.unwrap();
    assert_eq!((changed.silences_made, changed.silences_ended), (1, 1));
    let alive = house.routing.silences().await.unwrap();
    assert_eq!(alive.len(), 2);
    assert_eq!((alive[0].silence.wanted.kind, alive[0].silence.name.as_deref()), (Kind::Maintenance, Some("backup")));
    let gone = house.routing.apply(&editor(), &Routing::check(&[]).unwrap()).await.unwrap();
    assert_eq!(gone.silences_ended, 1);
    let alive = house.routing.silences().await.unwrap();
    assert_eq!(alive.iter().map(|row| row.silence.id).collect::<Vec<SilenceId>>(), [by_hand]);
}

/// The numbers of a list, and whether each calls nobody.
async fn listed(house: &House, show: Show) -> Vec<(i64, bool)> {
    let rows: Vec<AlertRow> = store::alerts::list(&house.db, &Filter { show, ..Filter::default() }).await.unwrap();
    rows.iter().map(|row| (row.id.0, row.is_muted)).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn lists_and_tallies_say_what_calls_nobody_as_the_notifier_has_decided_it(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let quiet = house.fire("cpu", "app-01", "P2").await;
    let loud = house.fire("cpu", "db-01", "P2").await;
    let id = house.routing.create_silence(&responder(), wanted(&house, "host=app-01", 60 * MINUTE)).await.unwrap();
    assert!(listed(&house, Show::Silenced).await.is_empty(), "nobody has decided it yet");
    house.after(S).await;
    assert_eq!(listed(&house, Show::Silenced).await, [(quiet, true)]);
    assert_eq!(listed(&house, Show::Unanswered).await, [(loud, false)]);
    assert_eq!(listed(&house, Show::Open).await, [(loud, false), (quiet, true)], "what needs nobody stands behind");

    let tally: Tally = store::alerts::tally(&house.db).await.unwrap();
    let expected = SeverityTally { severity: Severity::P2, unanswered: 1, held: 0, silenced: 1 };
    assert_eq!((tally.by_severity[2], tally.muted), (expected, 1));
    house.take(quiet).await;
    let tally: Tally = store::alerts::tally(&house.db).await.unwrap();
    assert_eq!((tally.by_severity[2].held, tally.by_severity[2].silenced, tally.muted), (1, 0, 1), "each is counted once");

    assert!(house.routing.expire_silence(&responder(), id).await.unwrap());
    house.after(S).await;
    assert!(listed(&house, Show::Silenced).await.is_empty());
    house.end(quiet).await;
    house.after(S).await;
    assert_eq!(listed(&house, Show::Resolved).await, [(quiet, false)]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_keeps_an_alert_quiet_is_named_with_its_end(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let cause = house.fire("host-silent", "app-01", "P2").await;
    let explained = house.fire("cpu", "app-01", "P2").await;
    let planned = house.fire("cpu", "app-02", "P2").await;
    let maintenance = NewSilence { kind: Kind::Maintenance, ..wanted(&house, "host=app-02", 60 * MINUTE) };
    let until: Time = maintenance.until;
    let id = house.routing.create_silence(&responder(), maintenance).await.unwrap();
    house.after(S).await;
    let all = house.routing.hushed(&[AlertId(cause), AlertId(explained), AlertId(planned)]).await.unwrap();
    assert_eq!(all.len(), 2);
    let why = Quiet::Inhibition { by: AlertId(cause), rule: "silent-host".to_owned() };
    assert_eq!(all[&AlertId(explained)], Hushed { why, until: None });
    let why = Quiet::Silence { id, kind: Kind::Maintenance, comment: "deploy".to_owned() };
    assert_eq!(all[&AlertId(planned)], Hushed { why, until: Some(until) });
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_that_still_calls_somebody_on_another_route_is_not_quiet(pool: PgPool) {
    // The test begins at 17:53 there.
    let quiet = "\
calendars:
  - name: evening
    zone: Asia/Tokyo
    windows: [{times: [\"17:00-19:00\"]}]
routes:
  name: all
  channels: [ops]
  routes:
    - name: quiet
      match: [severity=P2]
      mute_during: [evening]
";
    let loud = format!("{quiet}      continue: true\n    - name: loud\n      match: [severity=P2]\n");
    let house = House::new(pool, &loud).await;
    let alert = house.fire("cpu", "app-01", "P2").await;
    house.after(MINUTE).await;
    assert_eq!(listed(&house, Show::Unanswered).await, [(alert, false)]);
    assert!(house.routing.hushed(&[AlertId(alert)]).await.unwrap().is_empty());
    house.apply(quiet).await;
    house.after(S).await;
    assert_eq!(listed(&house, Show::Silenced).await, [(alert, true)]);
    let why = house.routing.hushed(&[AlertId(alert)]).await.unwrap().remove(&AlertId(alert)).unwrap();
    assert_eq!(why, Hushed { why: Quiet::Calendar("evening".to_owned()), until: Some(Time(1_760_004_000_000)) });
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_carries_what_its_sender_says_beside_the_sentence(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let alert = house.fire("cpu", "app-01", "P2").await;
    let annotations = "{\"description\": {\"ja\": \"長い説明\", \"en\": \"at length\"}, \"runbook\": {\"ja\": \"https://wiki/a\", \
                       \"en\": \"https://wiki/a\"}, \"runbook_url\": {\"ja\": \"ask 佐藤\", \"en\": \"ask 佐藤\"}, \"dashboardURL\": \
                       {\"ja\": \"javascript:alert(1)\", \"en\": \"javascript:alert(1)\"}}";
    let sql = "update alert set annotations = $2::jsonb, matches = true, source_url = 'https://tool/1' where id = $1";
    sqlx::query(sql).bind(alert).bind(annotations).execute(&house.pool).await.unwrap();
    let told = house.routing.alerts(&[AlertId(alert)]).await.unwrap().remove(0);
    assert_eq!(told.description.map(|text| (text.ja, text.en)), Some(("長い説明".to_owned(), "at length".to_owned())));
    assert_eq!((told.runbook_url.as_deref(), told.dashboard_url), (Some("https://wiki/a"), None), "only the web is linked to");
    assert_eq!((told.source_url.as_deref(), told.matches, told.is_foreign), (Some("https://tool/1"), true, false));
}
