//! The promises of the README, on a real Postgres, with a channel that does what a test says.

mod answering;
mod browsers;
mod bulletins;
mod crashing;
mod following;
mod logging;
mod passing_on;
mod setting_up;
mod stuck;
mod withdrawing;

use crate::channels::{BadSettings, Channel, Field, Said, SendError, Sent};
use crate::needs::{Make, NoLinks};
use crate::page::{Kind, Page};
use crate::{AlertWords, ChannelDraft, ChannelRow, DeliveryRow, Filter, Keys, NewDelivery, Notify, Settings, Words};
use async_trait::async_trait;
use figures::Locale;
use kernel::{Clock, Db, Grant, TestClock, Tx, authorize, facts};
use model::access::ManageChannels;
use model::ids::AlertId;
use model::labels::Labels;
use model::{Actor, Severity, Time};
use serde_json::{Map, Value, json};
use sqlx::PgPool;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify as Bell;

/// Some morning.
const START: Time = Time(1_795_305_600_000);

/// What a provider does with one request.
#[derive(Clone, Debug)]
enum Answer {
    Take,
    Later,
    LaterIn(u64),
    Refuse,
    /// Takes the page and never says so.
    Hang,
    Panic,
}

/// Every provider of a test.
#[derive(Default)]
struct World {
    /// What comes next, by channel; afterwards everything is taken.
    answers: Mutex<BTreeMap<String, VecDeque<Answer>>>,
    /// What reached a provider: the channel and the page.
    heard: Mutex<Vec<(String, Page)>>,
    /// Rung at every request.
    bell: Bell,
}

impl World {
    fn will(&self, channel: &str, answers: &[Answer]) {
        self.answers.lock().unwrap().insert(channel.to_owned(), answers.iter().cloned().collect());
    }

    fn heard(&self) -> Vec<(String, Page)> {
        self.heard.lock().unwrap().clone()
    }

    /// Channel, kind and key of everything heard, in order.
    fn story(&self) -> Vec<String> {
        let line = |(channel, page): &(String, Page)| format!("{channel} {} {}", page.kind.as_str(), page.key);
        self.heard.lock().unwrap().iter().map(line).collect()
    }
}

/// One provider, named by its setting `room`.
struct Fake {
    room: String,
    world: Arc<World>,
}

#[async_trait]
impl Channel for Fake {
    fn kind(&self) -> &'static str {
        "fake"
    }

    async fn send(&self, page: &Page) -> Result<Sent, SendError> {
        self.world.heard.lock().unwrap().push((self.room.clone(), page.clone()));
        let answer: Option<Answer> = self.world.answers.lock().unwrap().get_mut(&self.room).and_then(VecDeque::pop_front);
        self.world.bell.notify_one();
        match answer.unwrap_or(Answer::Take) {
            Answer::Take => Ok(Sent { reference: Some(format!("ref of {}", page.key)), detail: "200".to_owned() }),
            Answer::Later => Err(SendError::Retry { reason: "503".to_owned(), after: None }),
            Answer::LaterIn(s) => Err(SendError::Retry { reason: "429".to_owned(), after: Some(Duration::from_secs(s)) }),
            Answer::Refuse => Err(SendError::Refused { reason: "404 no such room".to_owned() }),
            Answer::Hang => std::future::pending().await,
            Answer::Panic => panic!("as it must"),
        }
    }
}

const SAID: Said = Said { ja: "部屋", en: "room" };

const fn field(name: &'static str, secret: bool) -> Field {
    Field { name, label: SAID, help: SAID, secret, required: false, choices: &[], default: "" }
}

const FIELDS: &[Field] = &[field("room", false), field("token", true), field("other_token", true)];

struct Fakes {
    world: Arc<World>,
    patience: Duration,
    /// The settings every channel was made with.
    given: Mutex<Vec<Value>>,
}

impl Make for Fakes {
    fn fields(&self, _kind: &str) -> &'static [Field] {
        FIELDS
    }

    fn patience(&self, _kind: &str) -> Duration {
        self.patience
    }

    fn make(&self, kind: &str, settings: &Value) -> Result<Box<dyn Channel>, BadSettings> {
        if kind != "fake" && kind != "webhook" {
            return Err(BadSettings::UnknownKind { kind: kind.to_owned() });
        }
        self.given.lock().unwrap().push(settings.clone());
        let room: &str = settings["room"].as_str().ok_or(BadSettings::Missing { field: "room" })?;
        Ok(Box::new(Fake { room: room.to_owned(), world: Arc::clone(&self.world) }))
    }
}

/// A room with one process in it.
struct House {
    db: Db,
    clock: Arc<TestClock>,
    world: Arc<World>,
    fakes: Arc<Fakes>,
    notify: Notify,
}

impl House {
    /// With the channels `chat`, `mail` and `phone`.
    async fn new(pool: PgPool) -> Self {
        Self::patient(pool, Duration::from_secs(20)).await
    }

    /// Requests may take this long.
    async fn patient(pool: PgPool, patience: Duration) -> Self {
        let db = Db::from_pool(pool);
        let clock = Arc::new(TestClock::new(START));
        let world: Arc<World> = Arc::default();
        let fakes = Arc::new(Fakes { world: Arc::clone(&world), patience, given: Mutex::default() });
        let notify: Notify = process(&db, &clock, &fakes, "first");
        let house = Self { db, clock, world, fakes, notify };
        for name in ["chat", "mail", "phone"] {
            house.notify.save_channel(&admin(), draft(name)).await.unwrap();
        }
        house
    }

    /// Another process, or this one after a restart.
    fn another(&self) -> Notify {
        process(&self.db, &self.clock, &self.fakes, "second")
    }

    async fn ask(&self, orders: &[NewDelivery]) {
        let mut tx: Tx = self.db.begin().await.unwrap();
        self.notify.enqueue(&mut tx, orders).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Moves the clock, and sends what is due then.
    async fn after_ms(&self, ms: i64) -> usize {
        self.clock.advance_ms(ms);
        self.notify.tick().await.unwrap()
    }

    /// The log, oldest first.
    async fn log(&self) -> Vec<DeliveryRow> {
        let mut rows: Vec<DeliveryRow> = self.notify.deliveries(&Filter::default()).await.unwrap();
        rows.reverse();
        rows
    }

    /// Key and state of every delivery, oldest first.
    async fn states(&self) -> Vec<String> {
        self.log().await.iter().map(|row| format!("{} {}", row.key, row.state.as_str())).collect()
    }

    /// The kinds of Fact about an alert, oldest first.
    async fn facts(&self, alert: i64) -> Vec<String> {
        let recorded = facts::about(&self.db, &format!("alert/{alert}"), 100).await.unwrap();
        recorded.into_iter().map(|fact| fact.kind).collect()
    }

    /// Begins to send, waits until a provider has heard of it, and kills the process.
    async fn killed_while_sending(&self) {
        let process: Notify = self.notify.clone();
        let sending = tokio::spawn(async move { process.tick().await });
        tokio::time::timeout(Duration::from_secs(60), self.world.bell.notified()).await.expect("a provider must hear of it");
        sending.abort();
        assert!(sending.await.unwrap_err().is_cancelled());
    }
}

fn process(db: &Db, clock: &Arc<TestClock>, fakes: &Arc<Fakes>, worker: &str) -> Notify {
    let clock: Arc<dyn Clock> = clock.clone();
    let make: Arc<dyn Make> = fakes.clone();
    let settings =
        Settings { public_url: "https://watch.example/".to_owned(), worker: worker.to_owned(), keys: Keys::new([7; 32]) };
    Notify::new(db.clone(), clock, make, Arc::new(NoLinks), settings)
}

fn admin() -> Grant<ManageChannels> {
    authorize::<ManageChannels>(&Actor::worker("test"), None).unwrap()
}

fn settings(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// A channel to a provider of the same name.
fn draft(name: &str) -> ChannelDraft {
    ChannelDraft {
        name: name.to_owned(),
        kind: "fake".to_owned(),
        version: None,
        settings: settings(json!({ "room": name, "token": "secret-of-the-room" })),
        enabled: true,
        last_resort: false,
        locale: Locale::Ja,
        zone: "Asia/Tokyo".to_owned(),
    }
}

/// The same channel once more, to be changed.
fn redraft(row: &ChannelRow) -> ChannelDraft {
    ChannelDraft { version: Some(row.version), last_resort: row.last_resort, ..draft(&row.name) }
}

fn words(alert: i64) -> AlertWords {
    AlertWords {
        id: AlertId(alert),
        severity: Severity::P1,
        name: Words { ja: "CPU使用率".to_owned(), en: "CPU usage".to_owned() },
        summary: Words { ja: "高い".to_owned(), en: "is high".to_owned() },
        description: None,
        value: Some(Words::same("83 %")),
        condition: Words::same("≥ 80 %"),
        labels: Labels::new([("host", "app-01")]),
        fired_at: START,
        resolved_at: None,
        holder: None,
        runbook_url: None,
        dashboard_url: None,
        source_url: None,
    }
}

/// As it stands when a page of this kind tells of it.
fn in_that_kind(kind: Kind, words: AlertWords) -> AlertWords {
    match kind {
        Kind::Resolved => AlertWords { resolved_at: Some(START), ..words },
        Kind::Acknowledged => AlertWords { holder: Some("佐藤 健".to_owned()), ..words },
        Kind::Fired | Kind::Again | Kind::Updated | Kind::Announced | Kind::Warned | Kind::Breached | Kind::Test => words,
    }
}

/// A delivery to `chat`, then `mail`.
fn order(key: &str, kind: Kind, alerts: &[i64]) -> NewDelivery {
    NewDelivery {
        key: key.to_owned(),
        group: "cpu#1".to_owned(),
        kind,
        channel: "chat".to_owned(),
        next: vec!["mail".to_owned()],
        alerts: alerts.iter().map(|alert| in_that_kind(kind, words(*alert))).collect(),
        why: "first page".to_owned(),
        at: START,
    }
}

fn fired(key: &str, alerts: &[i64]) -> NewDelivery {
    order(key, Kind::Fired, alerts)
}
