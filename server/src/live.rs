//! The live stream: one `text/event-stream` per tab, many topics, resumable.
//!
//! A hub reads Facts in their safe order and keeps the newest ones; every stream replays from its `Last-Event-ID` (or `since=`) and
//! then follows. NOTIFY only wakes the hub; a poll each second is the truth. Board ticks carry no id: a board refetches after a gap.
//! Neither does the server's time, which every stream says now and then, so that ages are right where the browser's clock is wrong.

mod ticks;

use crate::context::Visitor;
use crate::wiring::House;
use api::ApiError;
use api::live::{ALERT, AlertChanged, BOARD, BOARD_TOPIC, BoardTick, CLOCK, DASHBOARD_TOPIC, EXPLORE_TOPIC, HOUSE, RESET};
use api::wire::packed_text;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream, StreamExt};
use kernel::Db;
use kernel::facts::{self, Cursor, Recorded};
use model::access::{ReadConsole, ReadMetrics};
use model::ids::AlertId;
use model::{Time, links};
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;
use ticks::Ticks;
use tokio::sync::broadcast;
use tokio::time::MissedTickBehavior;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;
use tokio_stream::wrappers::{BroadcastStream, IntervalStream};
use tokio_util::sync::CancellationToken;

/// How long a hint may be lost before a change is seen all the same.
const POLL: Duration = Duration::from_secs(1);
/// Facts a slow stream may lag behind before it is told to fetch everything again.
const BACKLOG: usize = 1024;
/// Facts read at once, and the most a returning tab gets replayed.
const REPLAY: i64 = 500;
/// Under the 30 s after which many proxies close a silent connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A stream ends after this long, so that an expired session does not watch forever; the browser reconnects at once.
const LIFETIME: Duration = Duration::from_secs(300);
/// Event name: the stream ends on purpose; come back at once with the last id.
const BYE: &str = "bye";
/// Facts about a person after which they may no longer be let in. They end that person's streams: whoever still may see comes back.
const RECHECK: [&str; 7] =
    ["SignedOut", "SessionRevoked", "OtherSessionsRevoked", "SessionsEnded", "PersonDisabled", "RoleChanged", "PasswordChanged"];

/// The hub. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    db: Db,
    facts: broadcast::Sender<Arc<Recorded>>,
    open: Arc<AtomicUsize>,
    ticks: Ticks,
}

/// `?topics=alerts,board:app-02&since=12.34`
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    topics: String,
    #[serde(default)]
    since: String,
}

impl Live {
    /// A hub over the Facts of `db`.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db, facts: broadcast::channel(BACKLOG).0, open: Arc::new(AtomicUsize::new(0)), ticks: Ticks::default() }
    }

    /// Facts from now on, in their safe order. Who lags far behind is told that some are missing.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Recorded>> {
        self.facts.subscribe()
    }

    /// How many streams are open.
    #[must_use]
    pub fn open_streams(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Reads Facts as they come and hands them to the streams, until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut wake = Wake::new(&self.db).await;
        let mut at: Option<Cursor> = None;
        while !shutdown.is_cancelled() {
            match self.step(&mut at).await {
                Ok(more) if more => continue,
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the live stream can't read facts"),
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = wake.next(&self.db) => {}
            }
        }
    }

    /// One reading; says whether there may be more at once.
    async fn step(&self, at: &mut Option<Cursor>) -> Result<bool, sqlx::Error> {
        let Some(cursor) = *at else {
            *at = Some(facts::newest(&self.db).await?);
            return Ok(false);
        };
        let read = facts::read_after(&self.db, cursor, REPLAY).await?;
        let full = i64::try_from(read.len()).is_ok_and(|n| n == REPLAY);
        for fact in read {
            *at = Some(fact.cursor);
            // No receiver means that nobody looks, which is fine.
            let _ = self.facts.send(Arc::new(fact));
        }
        Ok(full)
    }
}

/// Wakes the hub: by NOTIFY when the listener works, in any case by the poll.
struct Wake(Option<sqlx::postgres::PgListener>);

impl Wake {
    async fn new(db: &Db) -> Self {
        let Ok(mut listener) = sqlx::postgres::PgListener::connect_with(db.pool()).await else { return Self(None) };
        let listens = listener.listen(facts::CHANNEL).await.is_ok();
        Self(listens.then_some(listener))
    }

    async fn next(&mut self, db: &Db) {
        let Some(listener) = &mut self.0 else {
            tokio::time::sleep(POLL).await;
            *self = Self::new(db).await;
            return;
        };
        let heard = tokio::time::timeout(POLL, listener.try_recv()).await;
        if matches!(heard, Ok(Err(_) | Ok(None))) {
            self.0 = None;
        }
    }
}

/// `GET /live`
pub async fn stream(State(house): State<House>, visitor: Visitor, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    if let Err((status, refused)) = admit(&visitor) {
        return (status, axum::Json(refused)).into_response();
    }
    let resume = headers.get("last-event-id").and_then(|id| id.to_str().ok()).unwrap_or(&asked.since).to_owned();
    let recheck = CancellationToken::new();
    let following = follow(&house.live, Ends::of(&visitor), recheck.clone());
    let replayed = replay(&house.live.db, &resume).await;
    let facts = replayed.chain(following).boxed();
    let boards = boards(&house, &asked.topics, may_ask(&visitor));
    let counted = Counted::new(&house.live.open);
    let stop = house.shutdown.clone();
    let events = stream::select(stream::select(facts, boards), clock(&house));
    let ending = async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = recheck.cancelled() => {}
            () = tokio::time::sleep(LIFETIME) => {}
        }
    };
    let bye = stream::once(async { Event::default().event(BYE).data("{}") });
    let events = events.take_until(Box::pin(ending)).chain(bye).map(move |event| {
        let _held = &counted;
        Ok::<Event, Infallible>(event)
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

fn admit(visitor: &Visitor) -> Result<(), (StatusCode, ApiError)> {
    let actor = visitor.actor.as_ref().ok_or((StatusCode::UNAUTHORIZED, ApiError::SignedOut))?;
    match kernel::authorize::<ReadConsole>(actor, None) {
        Ok(_) => Ok(()),
        Err(denied) => Err((StatusCode::FORBIDDEN, crate::apis::denied(denied))),
    }
}

/// Whether somebody may have expressions of their own evaluated: a board's are its author's.
fn may_ask(visitor: &Visitor) -> bool {
    visitor.actor.as_ref().is_some_and(|actor| kernel::authorize::<ReadMetrics>(actor, None).is_ok())
}

/// Which Facts end a stream.
struct Ends {
    /// `person/…`; `None` for a token, which anybody's change may concern: its owner's name does not travel with it.
    subject: Option<String>,
}

impl Ends {
    fn of(visitor: &Visitor) -> Self {
        let person = visitor.actor.as_ref().and_then(model::Actor::person_id);
        Self { subject: person.map(|person| format!("person/{person}")) }
    }

    fn at(&self, fact: &Recorded) -> bool {
        RECHECK.contains(&fact.kind.as_str()) && self.subject.as_ref().is_none_or(|subject| *subject == fact.subject)
    }
}

/// Where a reader stands who has seen everything up to `cursor`: the id of its event.
#[must_use]
pub fn cursor_text(cursor: Cursor) -> String {
    format!("{}.{}", cursor.xact, cursor.id)
}

/// What a returning tab missed. An id that is unreadable or too far back gets a reset.
async fn replay(db: &Db, resume: &str) -> stream::Iter<std::vec::IntoIter<Event>> {
    let mut events = vec![Event::default().retry(Duration::from_secs(2)).comment("mimamori")];
    if !resume.is_empty() {
        match parse_cursor(resume) {
            Some(cursor) => match facts::read_after(db, cursor, REPLAY).await {
                Ok(missed) if missed.len() < usize::try_from(REPLAY).unwrap_or(usize::MAX) => {
                    events.extend(missed.iter().filter_map(event_of));
                }
                Ok(_) | Err(_) => events.push(reset()),
            },
            None => events.push(reset()),
        }
    }
    stream::iter(events)
}

fn follow(live: &Live, ends: Ends, recheck: CancellationToken) -> impl Stream<Item = Event> + Send + 'static {
    BroadcastStream::new(live.facts.subscribe()).filter_map(move |fact| {
        let event = match fact {
            Ok(fact) if ends.at(&fact) => {
                recheck.cancel();
                None
            }
            Ok(fact) => event_of(&fact),
            // What was missed may have been about this very person: they come back, and are replayed what they missed.
            Err(BroadcastStreamRecvError::Lagged(_)) => {
                recheck.cancel();
                None
            }
        };
        std::future::ready(event)
    })
}

fn reset() -> Event {
    Event::default().event(RESET).data("{}")
}

/// The event a Fact becomes, if a screen cares.
fn event_of(fact: &Recorded) -> Option<Event> {
    let event = Event::default().id(cursor_text(fact.cursor));
    if let Some(number) = fact.subject.strip_prefix("alert/") {
        let changed = AlertChanged { id: AlertId(number.parse().ok()?), fact: fact.kind.clone() };
        return event.event(ALERT).json_data(&changed).ok();
    }
    event.event(HOUSE).json_data(&fact.kind).ok()
}

fn parse_cursor(text: &str) -> Option<Cursor> {
    let (xact, id) = text.split_once('.')?;
    Some(Cursor { xact: xact.parse().ok()?, id: id.parse().ok()? })
}

/// Ticks of the board, the dashboard or the question of Explore among the topics: the newest points of every panel, each time samples have
/// been committed.
fn boards(house: &House, topics: &str, may_ask: bool) -> stream::BoxStream<'static, Event> {
    let is_board = |topic: &&str| {
        let is_asked = may_ask && topic.starts_with(EXPLORE_TOPIC);
        is_asked || topic.starts_with(BOARD_TOPIC) || topic.starts_with(DASHBOARD_TOPIC)
    };
    let Some(topic) = topics.split(',').find(is_board).map(str::to_owned) else { return stream::empty().boxed() };
    let newest = tokio_stream::wrappers::WatchStream::from_changes(house.metrics.newest());
    let house = house.clone();
    let sent = Arc::new(AtomicI64::new(i64::MIN));
    newest
        .filter_map(move |at| {
            let (house, topic, sent) = (house.clone(), topic.clone(), sent.clone());
            async move {
                let evaluate = |at| newest_points(&house, &topic, at);
                let tick = house.live.ticks.of(&topic, at, tokio::time::sleep, evaluate).await?;
                let is_new = sent.swap(tick.at.0, Ordering::Relaxed) < tick.at.0;
                is_new.then(|| Event::default().event(BOARD).data(packed_text(tick.as_ref())))
            }
        })
        .boxed()
}

/// What a topic's panels say at a moment; nothing where there is no such board.
async fn newest_points(house: &House, topic: &str, at: Time) -> Option<BoardTick> {
    match topic.strip_prefix(BOARD_TOPIC) {
        Some(host) => crate::apis::board::tick(house, &links::decode(host), at).await,
        None if topic.starts_with(EXPLORE_TOPIC) => crate::apis::explore::tick::tick(house, topic, at).await,
        None => crate::apis::dashboards::tick::tick(house, topic, at).await,
    }
}

/// The server's time: at once, and then before a proxy or the browser could take the silence for the end.
fn clock(house: &House) -> stream::BoxStream<'static, Event> {
    let clock = house.clock.clone();
    let mut ticks = tokio::time::interval(KEEP_ALIVE);
    // After a stop the time is said once, not once for every tick that was missed.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    IntervalStream::new(ticks).map(move |_| Event::default().event(CLOCK).data(clock.now().0.to_string())).boxed()
}

/// Counts a stream for as long as it lives.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(open: &Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::Relaxed);
        Self(open.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(kind: &str, subject: &str) -> Recorded {
        Recorded {
            cursor: Cursor { xact: 12, id: 34 },
            kind: kind.to_owned(),
            actor: serde_json::Value::Null,
            subject: subject.to_owned(),
            body: serde_json::Value::Null,
            at: model::Time(0),
        }
    }

    #[test]
    fn a_stream_ends_only_by_what_concerns_its_own_person() {
        let hana = Ends { subject: Some("person/hana".to_owned()) };
        assert!(hana.at(&fact("RoleChanged", "person/hana")));
        assert!(!hana.at(&fact("RoleChanged", "person/jiro")));
        assert!(!hana.at(&fact("PersonRenamed", "person/hana")));
        assert!(Ends { subject: None }.at(&fact("PersonDisabled", "person/jiro")));
    }

    #[test]
    fn a_cursor_survives_the_id_and_nonsense_does_not() {
        assert_eq!(parse_cursor(&cursor_text(Cursor { xact: 12, id: 34 })), Some(Cursor { xact: 12, id: 34 }));
        assert_eq!(parse_cursor("12.34"), Some(Cursor { xact: 12, id: 34 }));
        for nonsense in ["", "12", "a.b", "1.2.3", "99999999999999999999.1"] {
            assert_eq!(parse_cursor(nonsense), None, "{nonsense}");
        }
    }
}
