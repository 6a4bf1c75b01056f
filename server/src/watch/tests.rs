//! Two replicas over one Postgres, a webhook on this machine, and a clock that is moved.

use super::condition::LATE_MS;
use super::*;
use crate::config;
use crate::wiring;
use ::figures::Locale;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::routing::{get, post};
use kernel::{Clock, Db, TestClock};
use model::Actor;
use model::ids::AlertId;
use notify::{ChannelDraft, Kind, NewDelivery};
use oncall::{Order, OrderKind, OrderedAlert};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::{Notify, OwnedRwLockWriteGuard, RwLock};
use tower::ServiceExt;

/// Noon of 2026-11-22, UTC.
pub(crate) const START: Time = Time(1_795_348_800_000);
const LOOK_MS: i64 = 5_000;

/// A webhook that writes down what it is told, and takes it or not.
#[derive(Clone)]
pub(crate) struct Sink {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<Value>>>,
    refuses: Arc<AtomicBool>,
    gate: Arc<RwLock<()>>,
    told: Arc<Notify>,
}

impl Sink {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: String = format!("http://{}/hook", listener.local_addr().unwrap());
        let (gate, told) = (Arc::default(), Arc::default());
        let sink = Self { url, heard: Arc::default(), refuses: Arc::default(), gate, told };
        let router: Router = Router::new().route("/hook", post(hear)).with_state(sink.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        sink
    }

    pub(crate) fn heard(&self) -> Vec<Value> {
        self.heard.lock().unwrap().clone()
    }

    /// What it was told: the kind, and of what.
    pub(crate) fn story(&self) -> Vec<String> {
        let line = |said: &Value| {
            let name: &str = said["data"]["alerts"][0]["name"].as_str().unwrap_or_default();
            format!("{}: {name}", said["type"].as_str().unwrap_or_default())
        };
        self.heard().iter().map(line).collect()
    }

    /// Until the guard goes nothing is answered.
    pub(crate) async fn hold(&self) -> OwnedRwLockWriteGuard<()> {
        Arc::clone(&self.gate).write_owned().await
    }

    /// Waits until it was told something.
    pub(crate) async fn told(&self) {
        self.told.notified().await;
    }

    /// From now on everything is answered with 500, or taken again.
    pub(crate) fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
    }
}

async fn hear(State(sink): State<Sink>, body: Bytes) -> StatusCode {
    sink.heard.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
    sink.told.notify_one();
    let _may_answer = sink.gate.read().await;
    if sink.refuses.load(Ordering::SeqCst) { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK }
}

/// A replica on a machine of that name.
pub(crate) async fn house(pool: PgPool, clock: &Arc<TestClock>, host: &str) -> House {
    let env = |name: &str| match name {
        "MIMAMORI_SECRET_KEY" => Some("5".repeat(64)),
        "MIMAMORI_CHANNELS_ALLOW" => Some("127.0.0.0/8".to_owned()),
        "MIMAMORI_HOST_NAME" => Some(host.to_owned()),
        _ => None,
    };
    let config = config::check(&config::gather(None, &env).unwrap(), false).unwrap();
    let clock: Arc<dyn Clock> = clock.clone();
    wiring::build_at(config, Db::from_pool(pool), clock, CancellationToken::new()).await.unwrap()
}

/// The settings of a webhook at that address.
pub(crate) fn webhook(url: &str) -> Value {
    json!({ "url": url, "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" })
}

/// Sets a webhook up.
pub(crate) async fn channel(house: &House, name: &str, url: &str) {
    let draft = ChannelDraft {
        name: name.to_owned(),
        kind: "webhook".to_owned(),
        version: None,
        settings: webhook(url).as_object().cloned().unwrap(),
        enabled: true,
        last_resort: false,
        locale: Locale::En,
        zone: "Asia/Tokyo".to_owned(),
    };
    let admin = kernel::authorize(&Actor::worker("test"), None).unwrap();
    house.notify.save_channel(&admin, draft).await.unwrap();
}

/// Two replicas and whom they page.
struct Pair {
    clock: Arc<TestClock>,
    sink: Sink,
    a: Watch,
    b: Watch,
}

impl Pair {
    async fn new(pool: PgPool) -> Self {
        let (clock, sink) = (Arc::new(TestClock::new(START)), Sink::open().await);
        let (a, b) = (house(pool.clone(), &clock, "a").await, house(pool, &clock, "b").await);
        channel(&a, "hook", &sink.url).await;
        Self { clock, sink, a: Watch::new(a), b: Watch::new(b) }
    }

    /// `n` looks of `a`, whose workers do their work; `b` looks too where it lives.
    async fn go(&mut self, n: usize, b_lives: bool) {
        for _ in 0..n {
            self.clock.advance_ms(LOOK_MS);
            work(&mut self.a, &self.clock).await;
            if b_lives {
                work(&mut self.b, &self.clock).await;
            }
        }
    }
}

async fn work(watch: &mut Watch, clock: &TestClock) {
    watch.house.pulse.passed(clock.now());
    watch.look().await.unwrap();
    watch.house.notify.tick().await.unwrap();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_replica_that_dies_is_told_of_once_and_so_is_its_return(pool: PgPool) {
    let mut pair = Pair::new(pool).await;
    pair.go(20, true).await;
    assert!(pair.sink.story().is_empty(), "{:?}", pair.sink.story());
    pair.go(12, false).await;
    assert!(pair.sink.story().is_empty(), "it is silent for a minute, and no longer");
    pair.go(30, false).await;
    assert_eq!(pair.sink.story(), ["alert.fired: Mimamori's replica b is silent"]);
    pair.go(2, true).await;
    pair.go(2, true).await;
    assert_eq!(pair.sink.story()[1..], ["alert.resolved: Mimamori's replica b is silent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_replica_that_says_goodbye_is_not_missed(pool: PgPool) {
    let mut pair = Pair::new(pool).await;
    pair.go(20, true).await;
    pair.b.house.notify.leave().await.unwrap();
    pair.go(40, false).await;
    assert!(pair.sink.story().is_empty(), "{:?}", pair.sink.story());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_replicas_that_find_the_same_tell_it_once(pool: PgPool) {
    let mut pair = Pair::new(pool.clone()).await;
    let mut third = Watch::new(house(pool, &pair.clock, "c").await);
    third.look().await.unwrap();
    pair.go(40, true).await;
    assert_eq!(pair.sink.story(), ["alert.fired: Mimamori's replica c is silent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_notifier_that_stands_still_is_told_by_who_has_it(pool: PgPool) {
    let mut pair = Pair::new(pool).await;
    pair.go(20, true).await;
    for _ in 0..20 {
        pair.clock.advance_ms(LOOK_MS);
        // Its notifier decides nothing any more; everything else goes on.
        pair.a.look().await.unwrap();
        pair.a.house.notify.tick().await.unwrap();
        work(&mut pair.b, &pair.clock).await;
    }
    assert_eq!(pair.sink.story(), ["alert.fired: Mimamori does not decide who is to be told"]);
    pair.go(3, true).await;
    assert_eq!(pair.sink.story().len(), 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_due_and_sent_by_nobody_is_found(pool: PgPool) {
    let mut pair = Pair::new(pool).await;
    pair.go(20, true).await;
    let admin = kernel::authorize(&Actor::worker("test"), None).unwrap();
    pair.a.house.notify.test_channel(&admin, "hook").await.unwrap();
    pair.clock.advance_ms(LOOK_MS);
    pair.a.look().await.unwrap();
    pair.clock.advance_ms(LATE_MS + 1);
    let due = pair.a.house.notify.oldest_due().await.unwrap();
    assert!(due.is_some_and(|at| pair.clock.now().since(at) > LATE_MS));
    assert!(pair.a.condition(pair.clock.now()).await.unwrap().ailments(pair.clock.now()).contains(&Ailment::DeliveriesLate));
}

/// Asks for a page by one channel and no other.
async fn page(pair: &Pair, channel: &str) {
    let order = NewDelivery {
        key: format!("page-by-{channel}"),
        group: format!("group-of-{channel}"),
        kind: Kind::Fired,
        channel: channel.to_owned(),
        next: Vec::new(),
        alerts: Vec::new(),
        why: "first page".to_owned(),
        at: pair.clock.now(),
    };
    let mut tx = pair.a.house.db.begin().await.unwrap();
    pair.a.house.notify.enqueue(&mut tx, &[order]).await.unwrap();
    tx.commit().await.unwrap();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_channel_that_takes_no_page_is_told_of_by_the_others_and_the_last_one_by_who_stands_outside(pool: PgPool) {
    let (mut pair, fails) = (Pair::new(pool).await, Sink::open().await);
    channel(&pair.a.house, "fails", &fails.url).await;
    fails.refuse(true);
    pair.go(20, true).await;
    page(&pair, "fails").await;
    pair.go(12, true).await;
    assert!(pair.sink.story().is_empty(), "a bad minute is nothing to be told of: {:?}", pair.sink.story());
    pair.go(6, true).await;
    assert_eq!(pair.sink.story(), ["alert.fired: Pages don't get through the channel fails"]);
    let condition: Condition = pair.a.condition(pair.clock.now()).await.unwrap();
    assert_eq!((condition.n_failing_channels, condition.unheard_since), (1, None), "the other one still works");

    pair.sink.refuse(true);
    page(&pair, "hook").await;
    pair.go(20, true).await;
    let now: Time = pair.clock.now();
    assert_eq!(pair.a.condition(now).await.unwrap().ailments(now), [Ailment::Unheard]);

    pair.sink.refuse(false);
    fails.refuse(false);
    pair.go(80, true).await;
    crate::drill::look(&pair.a.house).await.unwrap();
    assert!(pair.a.house.notify.troubles().await.unwrap().is_empty(), "what gets through again is no trouble");
    assert!(pair.a.condition(pair.clock.now()).await.unwrap().unheard_since.is_none());
}

/// Orders something of an escalation by a policy that nobody wrote.
async fn order(pair: &Pair, kind: OrderKind) {
    let order = Order {
        key: format!("1/{kind:?}"),
        story: "1".to_owned(),
        policy: Some("unwritten".to_owned()),
        route: "all".to_owned(),
        kind,
        severity: Severity::P1,
        alerts: vec![OrderedAlert { id: AlertId(1), is_settled: kind == OrderKind::Resolved }],
        words: Value::Null,
        why: "first page".to_owned(),
    };
    let mut tx = pair.a.house.db.begin().await.unwrap();
    pair.a.house.oncall.order(&mut tx, &order).await.unwrap();
    tx.commit().await.unwrap();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_escalation_that_does_not_go_on_is_told_past_it_and_so_is_its_end(pool: PgPool) {
    let mut pair = Pair::new(pool).await;
    pair.go(20, true).await;
    // Nobody looks for steps here.
    order(&pair, OrderKind::Calls).await;
    pair.go(12, true).await;
    assert!(pair.sink.story().is_empty(), "{:?}", pair.sink.story());
    pair.go(3, true).await;
    assert_eq!(pair.sink.story(), ["alert.fired: Mimamori's escalations do not go on"]);
    let now: Time = pair.clock.now();
    assert_eq!(pair.a.condition(now).await.unwrap().ailments(now), [Ailment::EscalationsLate]);
    order(&pair, OrderKind::Resolved).await;
    pair.go(30, true).await;
    assert_eq!(pair.sink.story()[1..], ["alert.resolved: Mimamori's escalations do not go on"]);
    let now: Time = pair.clock.now();
    assert!(pair.a.condition(now).await.unwrap().ailments(now).is_empty());
}

/// It is asked every five seconds by every process, for as long as the product runs.
#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn which_step_has_waited_longest_is_read_by_an_index(pool: PgPool) {
    let mut tx = pool.begin().await.unwrap();
    // Of an empty table everything would be read.
    sqlx::query("set local enable_seqscan = off").execute(&mut *tx).await.unwrap();
    let asked: &str = "explain select due_at from oncall_run where due_at is not null order by due_at limit 1";
    let plan: Vec<String> = sqlx::query_scalar::<_, String>(asked).fetch_all(&mut *tx).await.unwrap();
    assert!(plan.iter().any(|line| line.contains("oncall_run_due")), "{plan:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_program_is_told_how_the_pager_does_and_can_believe_it(pool: PgPool) {
    let clock = Arc::new(TestClock::new(START));
    let mut watch = Watch::new(house(pool, &clock, "a").await);
    let router: Router = Router::new().route(answer::PATH, get(answer::health)).with_state(watch.house.clone());
    let ask = |nonce: &str| {
        let uri: String = format!("{}?nonce={nonce}", answer::PATH);
        let request = Request::builder().uri(uri).header("authorization", "Bearer t-1").body(Body::empty()).unwrap();
        router.clone().oneshot(request)
    };
    let said = body(ask("n").await.unwrap()).await;
    assert_eq!(serde_json::from_str::<Value>(&said.1).unwrap()["healthy"], false, "nobody has looked yet");
    work(&mut watch, &clock).await;
    let (signature, said): (String, String) = body(ask("n").await.unwrap()).await;
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["healthy"], true, "{said}");
    assert!(answer::is_signed("t-1", "n", &said, &signature));
    assert!(!answer::is_signed("t-1", "m", &said, &signature));
    assert_eq!(ask(&"n".repeat(200)).await.unwrap().status(), StatusCode::BAD_REQUEST);
}

/// The signature and the body of an answer.
async fn body(answer: axum::response::Response) -> (String, String) {
    let signature: String = answer.headers()[answer::SIGNATURE].to_str().unwrap().to_owned();
    let bytes = to_bytes(answer.into_body(), 10_000).await.unwrap();
    (signature, String::from_utf8(bytes.to_vec()).unwrap())
}
