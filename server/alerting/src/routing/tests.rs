//! What people see and change of routing, on a real Postgres.

use super::changing::Longer;
use super::looking::{Telling, Way};
use super::{Applied, Routing, SilenceRow};
use crate::error::Error;
use crate::grouping::{GroupId, Mute};
use crate::needs::{Needless, PageOrder, Pager, PagerError};
use crate::notifier::Notifier;
use crate::routes::file::Definition;
use crate::routes::{edit, printer};
use crate::rules::RuleFile;
use crate::silences::{Kind, NewSilence, Refused, SilenceId};
use async_trait::async_trait;
use kernel::{Clock, Db, Grant, TestClock, Tx, authorize};
use model::access::{AnswerAlert, ApplyRules};
use model::ids::AlertId;
use model::labels::Labels;
use model::{Actor, Time};
use sqlx::PgPool;
use std::sync::Arc;

const START: Time = Time(1_760_000_010_000);
const S: i64 = 1_000;
const MINUTE: i64 = 60 * S;

const ROUTES: &str = "\
routes:
  name: all
  channels: [ops]
  group_by: [cluster]
  routes:
    - name: urgent
      match: [severity=P0]
      channels: [pager]
      group_wait: 0
inhibitions:
  - name: silent-host
    source: [alertname=host-silent]
    target: [alertname!=host-silent]
    equal: [host]
";

/// Takes every order and does nothing with it.
struct Deaf;

#[async_trait]
impl Pager for Deaf {
    async fn page(&self, _: &mut Tx, _: Vec<PageOrder>) -> Result<(), PagerError> {
        Ok(())
    }

    async fn withdraw(&self, _: &mut Tx, _: &[AlertId], _: Needless) -> Result<(), PagerError> {
        Ok(())
    }
}

struct House {
    pool: PgPool,
    clock: Arc<TestClock>,
    routing: Routing,
    notifier: Notifier,
}

impl House {
    async fn new(pool: PgPool) -> Self {
        let db = Db::from_pool(pool.clone());
        let clock = Arc::new(TestClock::new(START));
        let routing = Routing::new(db.clone(), clock.clone());
        let notifier = Notifier::new(db, clock.clone(), Arc::new(Deaf));
        routing.apply(&editor(), &read(ROUTES)).await.unwrap();
        Self { pool, clock, routing, notifier }
    }

    async fn fire(&self, rule: &str, host: &str, severity: &str) -> AlertId {
        let id = sqlx::query_scalar::<_, i64>(
            "insert into alert (rule_id, labels, name_ja, name_en, summary_ja, summary_en, severity, direction, threshold, unit, \
             for_ms, state, value, value_at, pending_since, fired_at) \
             values ($1, jsonb_build_object('host', $2::text, 'cluster', 'tokyo'), '', '', '', '', $3, 'above', 80, 'percent', \
             0, 'firing', 83, $4, $4, $4) returning id",
        )
        .bind(rule)
        .bind(host)
        .bind(severity)
        .bind(self.clock.now().to_utc())
        .fetch_one(&self.pool)
        .await
        .unwrap();
        AlertId(id)
    }

    /// Moves on, and lets the notifier look.
    async fn after(&self, ms: i64) {
        self.clock.advance_ms(ms);
        self.notifier.pass().await.unwrap();
    }

    async fn silence(&self, matcher: &str, for_ms: i64) -> SilenceId {
        let now = self.clock.now();
        let wanted = NewSilence {
            kind: Kind::Silence,
            matchers: vec![matcher.parse().unwrap()],
            from: now,
            until: now.plus_ms(for_ms),
            calendar: None,
            comment: "deploy".to_owned(),
        };
        self.routing.create_silence(&responder(), wanted).await.unwrap()
    }

    async fn telling(&self, alert: AlertId) -> Telling {
        let mut all = self.routing.tellings(alert).await.unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    async fn first_told(&self, severity: &str) -> Option<i64> {
        let labels = Labels::new([("alertname", "cpu"), ("severity", severity), ("host", "app-01"), ("cluster", "tokyo")]);
        let way: Way = self.routing.way(&labels).await.unwrap();
        assert_eq!(way.told.len(), 1);
        way.told[0].at.map(|at| at.since(START))
    }
}

fn read(text: &str) -> Definition {
    Routing::check(&[RuleFile { name: "routes.yaml".to_owned(), text: text.to_owned() }]).unwrap()
}

fn editor() -> Grant<ApplyRules> {
    authorize::<ApplyRules>(&Actor::worker("編集者"), None).unwrap()
}

fn responder() -> Grant<AnswerAlert> {
    authorize::<AnswerAlert>(&Actor::worker("test"), None).unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_in_force_says_who_applied_it_and_when(pool: PgPool) {
    let house = House::new(pool).await;
    let first = house.routing.in_force().await.unwrap();
    assert_eq!((first.definition, first.history.len()), (read(ROUTES), 1));
    house.clock.advance_ms(MINUTE);
    let other = ROUTES.replace("[ops]", "[web]");
    let done = house.routing.apply_over(&editor(), &read(&other), first.revision).await.unwrap();
    let second = house.routing.in_force().await.unwrap();
    assert_eq!(done.map(|applied| applied.revision), Some(second.revision));
    let newest = &second.history[0];
    assert_eq!((newest.number, newest.at, newest.by.as_str()), (second.revision, START.plus_ms(MINUTE), "編集者"));
    assert_eq!(second.history.len(), 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_looked_at_an_older_revision_puts_nothing_in_force(pool: PgPool) {
    let house = House::new(pool).await;
    let looked_at = house.routing.in_force().await.unwrap().revision;
    let theirs = read(&ROUTES.replace("[ops]", "[web]"));
    house.routing.apply(&editor(), &theirs).await.unwrap();
    let mine = read(&ROUTES.replace("[ops]", "[db]"));
    assert_eq!(house.routing.apply_over(&editor(), &mine, looked_at).await.unwrap(), None);
    assert_eq!(house.routing.definition().await.unwrap(), theirs);
    let now = house.routing.in_force().await.unwrap().revision;
    let again: Option<Applied> = house.routing.apply_over(&editor(), &theirs, now).await.unwrap();
    assert!(again.is_some_and(|applied| applied.is_same && applied.revision == now));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_route_that_is_edited_and_printed_is_put_in_force_as_it_was_meant(pool: PgPool) {
    let house = House::new(pool).await;
    let alert = house.fire("cpu", "app-01", "P0").await;
    let before = house.routing.in_force().await.unwrap();
    let root = before.definition.routes.clone().unwrap();
    let tree = edit::changed(&root, "all/urgent", &edit::Change::Remove).unwrap();
    let wanted = read(&printer::print(&Definition { routes: Some(tree), ..before.definition }));
    let moved = house.routing.would_move(&wanted).await.unwrap();
    let told: Vec<(AlertId, &str, &str)> =
        moved.iter().map(|one| (one.alert, one.before[0].path.as_str(), one.after[0].path.as_str())).collect();
    assert_eq!(told, [(alert, "all/urgent", "all")]);
    house.routing.apply_over(&editor(), &wanted, before.revision).await.unwrap().unwrap();
    assert!(house.routing.would_move(&wanted).await.unwrap().is_empty());
    assert_eq!(house.routing.tree().await.unwrap().nodes().len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_silence_says_how_many_alerts_it_holds(pool: PgPool) {
    let house = House::new(pool).await;
    house.fire("cpu", "app-01", "P2").await;
    house.fire("memory", "app-01", "P2").await;
    house.fire("cpu", "app-02", "P2").await;
    let wide = house.silence("host=~app-.*", MINUTE).await;
    let narrow = house.silence("host=app-01", MINUTE).await;
    let idle = house.silence("host=db-01", MINUTE).await;
    let coverage = house.routing.coverage().await.unwrap();
    let held = |id: SilenceId| coverage.held.get(&id).copied();
    assert_eq!((held(wide), held(narrow), held(idle), coverage.is_cut), (Some(3), Some(2), None, false));
    house.clock.advance_ms(2 * MINUTE);
    assert!(house.routing.coverage().await.unwrap().held.is_empty(), "they are over");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_silence_is_made_longer_and_never_shorter(pool: PgPool) {
    let house = House::new(pool).await;
    let id = house.silence("host=app-01", 30 * MINUTE).await;
    let longer = house.routing.extend_silence(&responder(), id, Longer::ByMs(30 * MINUTE)).await.unwrap();
    let alive: Vec<SilenceRow> = house.routing.silences().await.unwrap();
    assert_eq!(alive.len(), 1, "the shorter one is over");
    assert_eq!((alive[0].silence.id, alive[0].silence.wanted.until), (longer, START.plus_ms(60 * MINUTE)));
    let shorter = house.routing.extend_silence(&responder(), longer, Longer::Until(START.plus_ms(MINUTE))).await;
    assert!(matches!(shorter, Err(Error::Silence(Refused::Over))));
    let gone = house.routing.extend_silence(&responder(), id, Longer::ByMs(MINUTE)).await;
    assert!(matches!(gone, Err(Error::Silence(Refused::Over))));
    let nothing = house.routing.extend_silence(&responder(), SilenceId(99), Longer::ByMs(MINUTE)).await;
    assert!(matches!(nothing, Err(Error::Silence(Refused::NotFound(_)))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_first_moment_that_anybody_hears_of_it_is_told(pool: PgPool) {
    let house = House::new(pool).await;
    assert_eq!((house.first_told("P0").await, house.first_told("P2").await), (Some(0), Some(30 * S)));
    house.silence("host=app-01", 10 * MINUTE).await;
    assert_eq!(house.first_told("P2").await, Some(10 * MINUTE));
    house.fire("host-silent", "app-01", "P2").await;
    assert_eq!(house.first_told("P2").await, None, "as long as the host is silent");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_alert_says_whom_it_was_told_to_and_what_comes_next(pool: PgPool) {
    let house = House::new(pool).await;
    let alert = house.fire("cpu", "app-01", "P2").await;
    assert!(house.routing.tellings(alert).await.unwrap().is_empty(), "nobody has looked at it");
    house.after(0).await;
    let waiting = house.telling(alert).await;
    assert_eq!(
        (waiting.is_told, waiting.next_at, waiting.channels),
        (false, Some(START.plus_ms(30 * S)), vec!["ops".to_owned()])
    );
    house.after(30 * S).await;
    let told = house.telling(alert).await;
    let paged_at = START.plus_ms(30 * S);
    assert_eq!((told.is_told, told.paged_at, told.route.as_str()), (true, Some(paged_at), "all"));
    assert_eq!(told.next_at, Some(paged_at.plus_ms(4 * 60 * MINUTE)));
    let sql = "update alert set acknowledged_by = '佐藤 健', acknowledged_at = $1";
    sqlx::query(sql).bind(house.clock.now().to_utc()).execute(&house.pool).await.unwrap();
    assert_eq!(house.telling(alert).await.next_at, None, "somebody has it");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_alert_says_what_holds_it_back_and_until_when(pool: PgPool) {
    let house = House::new(pool).await;
    let silenced = house.fire("cpu", "app-01", "P2").await;
    let explained = house.fire("cpu", "app-02", "P2").await;
    let cause = house.fire("host-silent", "app-02", "P2").await;
    let silence = house.silence("host=app-01", 10 * MINUTE).await;
    house.after(0).await;
    let one = house.telling(silenced).await;
    let muted = one.muted.unwrap();
    assert_eq!((muted.mute, muted.until, one.next_at), (Mute::Silence(silence), Some(START.plus_ms(10 * MINUTE)), None));
    let muted = house.telling(explained).await.muted.unwrap();
    let expected = Mute::Inhibition { by: cause, rule: "silent-host".to_owned() };
    assert_eq!((muted.mute, muted.until), (expected, None));
    assert_eq!(house.telling(cause).await.muted, None);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_group_says_which_alerts_it_tells_together(pool: PgPool) {
    let house = House::new(pool).await;
    let first: AlertId = house.fire("cpu", "app-01", "P1").await;
    let second: AlertId = house.fire("memory", "app-02", "P2").await;
    let urgent: AlertId = house.fire("cpu", "app-03", "P0").await;
    house.after(0).await;
    let mut members: Vec<Vec<AlertId>> = Vec::new();
    for group in house.routing.groups().await.unwrap() {
        members.push(house.routing.members(group.id).await.unwrap());
    }
    members.sort();
    assert_eq!(members, [vec![first, second], vec![urgent]], "P0 goes elsewhere");
    assert!(house.routing.members(GroupId(9_999)).await.unwrap().is_empty());
}
