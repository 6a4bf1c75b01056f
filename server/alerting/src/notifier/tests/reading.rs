//! What a pass reads: what changed and what is due, at once; and what nobody was told of, within a minute.

use super::muting::wanted;
use super::{House, MINUTE, ROUTES, S, heard, responder};
use crate::grouping::Mute;
use crate::notifier::Passed;
use crate::notifier::picture::EVERY;
use crate::silences::{NewSilence, SilenceId};
use model::ids::AlertId;
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

/// Each rule is a group by itself.
fn by_rule() -> String {
    ROUTES.replace("[cluster]", "[alertname]")
}

/// A route that is quiet when the test begins, at 17:53 there, and for about an hour.
const EVENING: &str = "\
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

impl House {
    /// Passes at this moment until nothing is left to do, and no group of these tests has its turn within the next hundred.
    async fn settle(&self) {
        for _ in 0..10 {
            self.pass().await;
        }
    }

    /// A minute of passes at this moment.
    async fn minute(&self) -> Vec<Passed> {
        let mut all: Vec<Passed> = Vec::new();
        for _ in 0..EVERY {
            all.push(self.pass().await);
        }
        all
    }

    async fn notes(&self) -> i64 {
        sqlx::query_scalar::<_, i64>("select count(*) from alert_change").fetch_one(&self.pool).await.unwrap()
    }

    /// As if the database had not noted what changed.
    async fn lose_notes(&self) {
        sqlx::query("delete from alert_change").execute(&self.pool).await.unwrap();
    }

    /// What keeps alerts quiet, as it is noted with them.
    async fn quiet(&self) -> BTreeMap<i64, Mute> {
        let groups = self.routing.groups().await.unwrap();
        groups.into_iter().flat_map(|group| group.muted).map(|(alert, mute)| (alert.0, mute)).collect()
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_group_without_change_is_read_once_a_minute_and_by_no_other_pass(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    for host in ["app-01", "app-02", "app-03"] {
        house.fire("cpu", host, "P2").await;
    }
    assert_eq!(house.pass().await, Passed { routed: 3, pages: 0, members: 3, is_behind: false });
    for _ in 0..3 {
        let minute: Vec<Passed> = house.minute().await;
        let read: Vec<usize> = minute.iter().map(|passed| passed.members).filter(|n| *n > 0).collect();
        assert_eq!(read, [3]);
    }
    house.fire("disk", "app-04", "P0").await;
    assert_eq!(house.pass().await, Passed { routed: 1, pages: 1, members: 1, is_behind: false }, "and nothing of the others");
    house.fire("cpu", "app-05", "P2").await;
    // The group that was told a moment ago is looked at once more.
    assert_eq!(house.pass().await.members, 4 + 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whatever_changes_of_an_alert_is_seen_by_the_next_pass(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let alert = house.fire("cpu", "app-01", "P2").await;
    house.settle().await;
    assert_eq!(house.after(29 * S).await.members, 0);
    assert_eq!(house.after(S).await.pages, 1, "it was due, and nothing changed");
    house.settle().await;
    house.take(alert).await;
    assert_eq!(house.pass().await.pages, 1);
    house.settle().await;
    house.give_back(alert).await;
    assert_eq!(house.pass().await.pages, 1);
    house.settle().await;
    sqlx::query("update alert set severity = 'P0' where id = $1").bind(alert).execute(&house.pool).await.unwrap();
    assert_eq!(house.pass().await.pages, 1);
    house.settle().await;
    house.end(alert).await;
    assert_eq!(house.pass().await.pages, 0, "it waits for the interval");
    assert_eq!(house.after(5 * MINUTE).await.pages, 2);
    assert!(house.pass().await.members == 0 && house.routing.groups().await.unwrap().is_empty());
    let kinds: Vec<String> = house.heard().await.into_iter().map(|(_, kind, _)| kind).collect();
    assert_eq!(kinds, ["fired", "acknowledged", "again", "fired", "resolved", "resolved"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn only_what_pages_depend_on_is_noted(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let alert = house.fire("cpu", "app-01", "P2").await;
    assert_eq!(house.notes().await, 1);
    house.pass().await;
    assert_eq!(house.notes().await, 0);
    let tick = "update alert set value = 84, value_at = now(), summary_en = 'x', clear_since = now(), severity = severity";
    sqlx::query(tick).execute(&house.pool).await.unwrap();
    assert_eq!(house.notes().await, 0, "another value calls nobody");
    let pending = "insert into alert (rule_id, labels, name_ja, name_en, summary_ja, summary_en, severity, direction, threshold, unit, \
                   for_ms, state, pending_since) values ('x', '{}', '', '', '', '', 'P2', 'above', 80, 'percent', 0, 'pending', now())";
    sqlx::query(pending).execute(&house.pool).await.unwrap();
    sqlx::query("update alert set severity = 'P1' where state = 'pending'").execute(&house.pool).await.unwrap();
    assert_eq!(house.notes().await, 0, "what waits calls nobody");
    sqlx::query("update alert set state = 'firing', fired_at = now() where state = 'pending'")
        .execute(&house.pool)
        .await
        .unwrap();
    house.take(alert).await;
    house.take(alert).await;
    house.end(alert).await;
    assert_eq!(house.notes().await, 3, "it fires; somebody has it, once; it is over");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_note_is_neither_lost_with_a_pass_that_fails_nor_seen_before_its_change_is_committed(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let alert = house.fire("cpu", "app-01", "P0").await;
    house.pass().await;
    house.settle().await;

    let mut open = house.pool.begin().await.unwrap();
    sqlx::query("update alert set acknowledged_by = 'a', acknowledged_at = now()").execute(&mut *open).await.unwrap();
    // Another one that begins later and is done sooner.
    let second = house.fire("disk", "app-02", "P0").await;
    assert_eq!(house.after(5 * MINUTE).await.pages, 1);
    house.settle().await;
    open.commit().await.unwrap();
    house.sink.fails.store(true, Ordering::SeqCst);
    assert!(house.notifier.pass().await.is_err());
    assert_eq!(house.notes().await, 1);
    house.sink.fails.store(false, Ordering::SeqCst);
    let passed: Passed = house.pass().await;
    assert_eq!((passed.pages, passed.members), (1, 2), "after a pass that failed everything is read");
    let last = house.heard().await.pop().unwrap();
    assert_eq!(last, heard("pager", "acknowledged", &[alert, second]));
    assert_eq!(house.notes().await, 0);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_silence_that_is_made_changed_or_expired_acts_at_the_next_pass(pool: PgPool) {
    let house = House::new(pool, &by_rule()).await;
    let (cpu, disk) = (house.fire("cpu", "app-01", "P2").await, house.fire("disk", "app-02", "P2").await);
    house.fire("memory", "app-03", "P2").await;
    house.settle().await;
    let id: SilenceId = house.routing.create_silence(&responder(), wanted(&house, "host=app-01", 60 * MINUTE)).await.unwrap();
    assert_eq!(house.pass().await.members, 1, "the one it covers");
    assert_eq!(house.quiet().await, BTreeMap::from([(cpu, Mute::Silence(id))]));
    let other = wanted(&house, "host=app-02", 60 * MINUTE);
    let id: SilenceId = house.routing.change_silence(&responder(), id, other).await.unwrap();
    house.pass().await;
    assert_eq!(house.quiet().await, BTreeMap::from([(disk, Mute::Silence(id))]));
    assert!(house.routing.expire_silence(&responder(), id).await.unwrap());
    house.pass().await;
    assert!(house.quiet().await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_silence_that_begins_and_ends_by_the_clock_acts_then(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let alert = house.fire("cpu", "app-01", "P0").await;
    house.settle().await;
    let later = wanted(&house, "host=app-01", 10 * MINUTE);
    let later = NewSilence { from: later.from.plus_ms(5 * MINUTE), ..later };
    let id: SilenceId = house.routing.create_silence(&responder(), later).await.unwrap();
    house.settle().await;
    assert!(house.quiet().await.is_empty());
    house.after(5 * MINUTE).await;
    assert_eq!(house.quiet().await, BTreeMap::from([(alert, Mute::Silence(id))]));
    assert_eq!(house.after(5 * MINUTE).await.pages, 1, "at once when it ends");
    assert_eq!(house.heard().await, [heard("pager", "fired", &[alert]), heard("pager", "again", &[alert])]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_quiet_time_of_a_route_ends_at_once(pool: PgPool) {
    let house = House::new(pool, EVENING).await;
    let alert = house.fire("cpu", "app-01", "P2").await;
    house.settle().await;
    assert_eq!(house.quiet().await, BTreeMap::from([(alert, Mute::Calendar("evening".to_owned()))]));
    assert_eq!(house.after(60 * MINUTE).await.pages, 0);
    assert_eq!(house.after(7 * MINUTE).await.pages, 1);
    assert_eq!(house.heard().await, [heard("ops", "fired", &[alert])]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_explains_alerts_of_other_groups_is_noticed_there_when_it_comes_and_when_it_goes(pool: PgPool) {
    let house = House::new(pool, &by_rule()).await;
    let (cpu, disk) = (house.fire("cpu", "app-01", "P2").await, house.fire("disk", "app-01", "P2").await);
    house.fire("cpu", "app-02", "P2").await;
    house.fire("memory", "app-03", "P2").await;
    house.settle().await;
    let cause = house.fire("host-silent", "app-01", "P2").await;
    assert_eq!(house.pass().await.members, 1 + 2 + 1, "its own group, and the two that it explains something of");
    let by = Mute::Inhibition { by: AlertId(cause), rule: "silent-host".to_owned() };
    assert_eq!(house.quiet().await, BTreeMap::from([(cpu, by.clone()), (disk, by)]));
    house.settle().await;
    house.end(cause).await;
    house.pass().await;
    assert!(house.quiet().await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_nobody_noted_is_found_within_a_minute(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let first = house.fire("cpu", "app-01", "P2").await;
    house.settle().await;
    house.end(first).await;
    house.fire("disk", "app-02", "P0").await;
    house.lose_notes().await;
    let minute: Vec<Passed> = house.minute().await;
    assert_eq!(minute.iter().map(|passed| passed.routed).sum::<usize>(), 1);
    assert_eq!(minute.iter().map(|passed| passed.pages).sum::<usize>(), 1);
    let groups = house.routing.groups().await.unwrap();
    assert_eq!(groups.iter().map(|group| group.route.as_str()).collect::<Vec<&str>>(), ["all/urgent"], "what is over has left");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_takes_over_knows_nothing_and_who_comes_back_believes_nothing(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let alert = house.fire("cpu", "app-01", "P2").await;
    house.settle().await;
    let other = house.another();
    house.clock.advance_ms(16 * S);
    assert_eq!(other.pass().await.unwrap().members, 1);
    house.take(alert).await;
    house.clock.advance_ms(15 * S);
    assert_eq!(other.pass().await.unwrap().pages, 0, "somebody has it before anybody was told");
    house.give_back(alert).await;
    house.lose_notes().await;
    house.clock.advance_ms(16 * S);
    let passed: Passed = house.pass().await;
    assert_eq!((passed.members, passed.pages), (1, 1), "what was noted while another led is read from the alert itself");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_clock_that_is_put_back_and_forward_tells_what_it_would_have_told(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let alert = house.fire("cpu", "app-01", "P2").await;
    house.after(10 * S).await;
    assert_eq!(house.after(-600 * S).await.pages, 0);
    let urgent = house.fire("disk", "app-02", "P0").await;
    assert_eq!(house.pass().await.pages, 1);
    assert_eq!(house.after(620 * S).await.pages, 1);
    assert_eq!(house.heard().await, [heard("pager", "fired", &[urgent]), heard("ops", "fired", &[alert])]);
}
