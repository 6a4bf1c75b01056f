//! What a webhook hears of a rule that fires, over samples that were really stored, a clock that is moved, and a server on this machine.

mod escalating;

use super::{next, targets};
use crate::config;
use crate::wiring::{self, House};
use alerting::notifier::Notifier;
use alerting::routing::Routing;
use alerting::{AlertRow, Filter, Place, RuleFile, Show};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use figures::Locale;
use kernel::{Clock, Db, TestClock};
use metrics::Sample;
use model::actor::Who;
use model::ids::{AlertId, PersonId};
use model::labels::Labels;
use model::{Actor, Role, Time};
use notify::{ChannelDraft, ChannelRow};
use serde_json::{Map, Value, json};
use sqlx::PgPool;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Noon of 2026-11-22, UTC.
const START: Time = Time(1_795_348_800_000);
const TICK_MS: i64 = 15_000;
/// Alerts that are acknowledged while their pages go out.
const RACES: usize = 1_000;
/// After an acknowledgement was confirmed no page may begin later than this.
const LATEST: Duration = Duration::from_secs(1);

const RULES: &str = "\
groups:
  - name: machines
    interval: 15s
    rules:
      - id: load
        name: {ja: 負荷, en: Load}
        summary: {ja: \"{{host}} の負荷は {{value}}\", en: \"{{host}} has a load of {{value}}\"}
        expr: load
        condition: \">= 5\"
        unit: none
        for: 0s
        severity: P1
        runbook: {ja: 再起動する, en: Restart it}
";

const ROUTES: &str = "\
routes:
  name: default
  group_by: [host]
  group_wait: 0
  group_interval: 0
";

/// What the webhook was told, and when.
type Heard = Arc<Mutex<Vec<(Instant, Value)>>>;

/// A house, its notifier, and a webhook that writes down what it is told.
pub(crate) struct Watch {
    pub(crate) house: House,
    pub(crate) clock: Arc<TestClock>,
    notifier: Notifier,
    heard: Heard,
}

impl Watch {
    /// With the webhook `hook`.
    pub(crate) async fn new(pool: PgPool) -> Self {
        let heard: Heard = Arc::default();
        let watch = Self::deaf(pool, heard).await;
        watch.listen().await;
        watch
    }

    /// The webhook is there from now on.
    async fn listen(&self) {
        let url: String = sink(Arc::clone(&self.heard)).await;
        let url: Value = json!({ "url": url, "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" });
        let draft = ChannelDraft {
            name: "hook".to_owned(),
            kind: "webhook".to_owned(),
            version: None,
            settings: url.as_object().cloned().unwrap(),
            enabled: true,
            last_resort: false,
            locale: Locale::En,
            zone: "Asia/Tokyo".to_owned(),
        };
        let admin = kernel::authorize(&Actor::worker("test"), None).unwrap();
        self.house.notify.save_channel(&admin, draft).await.unwrap();
    }

    /// Without any channel.
    async fn deaf(pool: PgPool, heard: Heard) -> Self {
        let clock = Arc::new(TestClock::new(START));
        let env = |name: &str| match name {
            "MIMAMORI_SECRET_KEY" => Some("5".repeat(64)),
            "MIMAMORI_CHANNELS_ALLOW" => Some("127.0.0.0/8".to_owned()),
            _ => None,
        };
        let config = config::check(&config::gather(None, &env).unwrap(), false).unwrap();
        let house = wiring::build_at(config, Db::from_pool(pool), clock.clone(), CancellationToken::new()).await.unwrap();
        let editor = kernel::authorize(&Actor::worker("test"), None).unwrap();
        let file = |name: &str, text: &str| RuleFile { name: name.to_owned(), text: text.to_owned() };
        house.alerting.apply(&editor, vec![file("rules.yaml", RULES)]).await.unwrap();
        let routes = Routing::check(&[file("routes.yaml", ROUTES)]).unwrap();
        house.routing.apply(&editor, &routes).await.unwrap();
        let notifier: Notifier = house.notifier();
        Self { house, clock, notifier, heard }
    }

    /// Every host has this load, and the rule is evaluated.
    pub(crate) async fn measure(&self, hosts: usize, load: f64) {
        let now: Time = self.clock.now();
        let sample = |n: usize| {
            let labels = Labels::new([("__name__".to_owned(), "load".to_owned()), ("host".to_owned(), format!("web-{n}"))]);
            Sample { labels, at: now, value: load }
        };
        let grant = kernel::authorize(&Actor::worker("test"), None).unwrap();
        self.house.metrics.write(&grant, (0..hosts).map(sample).collect()).await.unwrap();
        self.house.alerting.tick(now).await.unwrap();
    }

    /// Somebody is told, twice decided and twice sent: the second time nothing is left to do.
    pub(crate) async fn tell(&self) {
        for _ in 0..2 {
            self.notifier.pass().await.unwrap();
            self.house.notify.tick().await.unwrap();
        }
        self.clock.advance_ms(TICK_MS);
    }

    pub(crate) async fn open(&self) -> Vec<AlertRow> {
        let mut open: Vec<AlertRow> = Vec::new();
        loop {
            let after: Option<Place> = open.last().map(Place::of);
            let filter = Filter { show: Show::Open, after, limit: alerting::alerts::MOST, ..Filter::default() };
            let more: Vec<AlertRow> = self.house.alerting.alerts(&filter).await.unwrap();
            if more.is_empty() {
                return open;
            }
            open.extend(more);
        }
    }

    /// What the webhook was told so far.
    pub(crate) fn heard(&self) -> Vec<Value> {
        self.heard.lock().unwrap().iter().map(|(_, said)| said.clone()).collect()
    }

    fn kinds(&self) -> Vec<String> {
        self.heard().iter().map(|said| said["type"].as_str().unwrap().to_owned()).collect()
    }

    async fn acknowledge(&self, id: AlertId) {
        let grant = kernel::authorize(&person(), None).unwrap();
        self.house.alerting.acknowledge(&grant, id, None).await.unwrap();
    }
}

fn person() -> Actor {
    let who = Who::Person { id: PersonId(kernel::ids::new_uuid()), name: "佐藤 健".to_owned() };
    Actor { who, role: Role::Responder, team_roles: Vec::new() }
}

/// A server on this machine that takes everything; its address.
async fn sink(heard: Heard) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: String = format!("http://{}/in", listener.local_addr().unwrap());
    let router: Router = Router::new().route("/in", post(hear)).with_state(heard);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

async fn hear(State(heard): State<Heard>, body: Bytes) -> &'static str {
    let said: Value = serde_json::from_slice(&body).unwrap();
    heard.lock().unwrap().push((Instant::now(), said));
    "ok"
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_webhook_hears_once_that_it_burns_that_somebody_has_it_and_that_it_is_over(pool: PgPool) {
    let watch = Watch::new(pool).await;
    watch.measure(1, 9.0).await;
    watch.tell().await;
    assert_eq!(watch.kinds(), ["alert.fired"]);
    let alert: Value = watch.heard()[0]["data"]["alerts"][0].clone();
    let (value, condition, host) = (&alert["value"], &alert["condition"], &alert["labels"]["host"]);
    assert_eq!((value, condition, host), (&json!("9"), &json!("≥ 5"), &json!("web-0")));
    assert_eq!(alert["dashboard_url"], json!("http://127.0.0.1:3000/hosts/web-0"));
    assert_eq!(alert["runbook_url"], json!("http://127.0.0.1:3000/rules/load"));

    let id: AlertId = watch.open().await[0].id;
    watch.acknowledge(id).await;
    watch.measure(1, 9.0).await;
    watch.tell().await;
    assert_eq!(watch.kinds(), ["alert.fired", "alert.acknowledged"]);
    assert_eq!(watch.heard()[1]["data"]["alerts"][0]["holder"], json!("佐藤 健"));

    watch.measure(1, 1.0).await;
    watch.tell().await;
    watch.measure(1, 1.0).await;
    watch.tell().await;
    assert_eq!(watch.kinds(), ["alert.fired", "alert.acknowledged", "alert.resolved"]);
    let groups: Vec<Value> = watch.heard().iter().map(|said| said["data"]["group"].clone()).collect();
    assert!(groups.iter().all(|group| *group == groups[0]), "one conversation: {groups:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn acknowledged_before_the_page_went_out_nobody_is_called(pool: PgPool) {
    let watch = Watch::new(pool).await;
    watch.measure(1, 9.0).await;
    watch.notifier.pass().await.unwrap();
    let id: AlertId = watch.open().await[0].id;
    watch.acknowledge(id).await;
    watch.tell().await;
    assert!(watch.kinds().is_empty(), "{:?}", watch.kinds());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn resolved_by_hand_before_the_page_went_out_nobody_is_called(pool: PgPool) {
    let watch = Watch::new(pool).await;
    watch.measure(1, 9.0).await;
    watch.notifier.pass().await.unwrap();
    let id: AlertId = watch.open().await[0].id;
    let grant = kernel::authorize(&person(), None).unwrap();
    assert!(watch.house.alerting.resolve(&grant, id, None).await.unwrap());
    watch.tell().await;
    assert!(watch.kinds().is_empty(), "{:?}", watch.kinds());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_a_channel_the_history_of_the_alert_says_that_nobody_could_be_told(pool: PgPool) {
    let watch = Watch::deaf(pool, Arc::default()).await;
    assert!(!watch.house.somebody_can_be_told().await.unwrap());
    watch.measure(1, 9.0).await;
    watch.tell().await;
    let id: AlertId = watch.open().await[0].id;
    let history = watch.house.alerting.alert(id).await.unwrap().unwrap().history;
    let said: Vec<_> = history.iter().filter(|entry| entry.fact == "PageUndelivered").collect();
    assert_eq!(said.iter().map(|entry| entry.reason.as_deref()).collect::<Vec<_>>(), [Some("no channel")]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_first_channel_hears_of_what_fired_before_it_was_there(pool: PgPool) {
    let watch = Watch::deaf(pool, Arc::default()).await;
    watch.measure(1, 9.0).await;
    watch.tell().await;
    watch.tell().await;
    assert!(watch.kinds().is_empty());
    watch.listen().await;
    watch.tell().await;
    assert_eq!(watch.kinds(), ["alert.fired"]);
}

/// The races of the acceptance list: whatever is acknowledged while pages are decided, claimed and sent, no page about it begins later
/// than a second after the acknowledgement was confirmed.
#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn after_an_acknowledgement_no_page_begins(pool: PgPool) {
    let watch = Arc::new(Watch::new(pool).await);
    watch.measure(RACES, 9.0).await;
    let ids: Vec<AlertId> = watch.open().await.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), RACES);
    let stop = CancellationToken::new();
    let telling = tokio::spawn(tell_on(Arc::clone(&watch), stop.clone()));
    let mut confirmed: HashMap<String, Instant> = HashMap::new();
    for id in ids {
        watch.acknowledge(id).await;
        confirmed.insert(id.to_string(), Instant::now());
    }
    stop.cancel();
    telling.await.unwrap();
    watch.tell().await;
    let mut n_paged: usize = 0;
    for (at, said) in watch.heard.lock().unwrap().iter().filter(|(_, said)| said["type"] == "alert.fired") {
        n_paged += 1;
        for alert in said["data"]["alerts"].as_array().unwrap() {
            let id: &str = alert["id"].as_str().unwrap();
            let late: Duration = at.saturating_duration_since(confirmed[id]);
            assert!(late <= LATEST, "{id} was paged {late:?} after it was acknowledged");
        }
    }
    assert!(n_paged <= RACES, "{n_paged}");
}

/// Decides and sends without a pause.
async fn tell_on(watch: Arc<Watch>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        watch.notifier.pass().await.unwrap();
        watch.house.notify.tick().await.unwrap();
    }
}

fn channel(name: &str, last_resort: bool) -> ChannelRow {
    ChannelRow {
        name: name.to_owned(),
        kind: "webhook".to_owned(),
        version: 1,
        settings: Map::new(),
        secrets: Vec::new(),
        enabled: true,
        last_resort,
        locale: Locale::Ja,
        zone: "Asia/Tokyo".to_owned(),
        changed_by: String::new(),
        changed_at: START,
    }
}

#[test]
fn whom_an_order_goes_to() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let two: [ChannelRow; 2] = [channel("chat", false), channel("mail", false)];
    let resort: [ChannelRow; 2] = [channel("chat", false), channel("admins", true)];
    for (named, enabled, expected) in [
        (&["ops", "chat", "ops"][..], &two[..], &["ops", "chat"][..]),
        (&[], &two, &["chat", "mail"]),
        (&[], &resort, &["admins"]),
        (&[], &[], &[]),
    ] {
        assert_eq!(targets(&names(named), enabled), names(expected), "{named:?}");
    }
    let all: Vec<String> = names(&["a", "b", "c"]);
    assert_eq!((next("a", &all), next("c", &all)), (names(&["b", "c"]), names(&["a", "b"])));
    assert!(next("a", &names(&["a"])).is_empty());
}
