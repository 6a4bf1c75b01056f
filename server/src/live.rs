//! The live stream: one `text/event-stream` per tab, many topics, resumable.
//!
//! A hub reads Facts in their safe order and keeps the newest ones; every stream replays from its `Last-Event-ID` (or `since=`) and
//! then follows. NOTIFY only wakes the hub; a poll each second is the truth. Board ticks carry no id: a board refetches after a gap.

use crate::context::Visitor;
use crate::wiring::House;
use api::live::{ALERT, AlertChanged, BOARD, HOUSE, RESET};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, Stream, StreamExt};
use kernel::Db;
use kernel::facts::{self, Cursor, Recorded};
use model::ids::AlertId;
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;
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
/// Facts after which somebody may no longer be let in. They end every stream: whoever still may see comes back at once.
const RECHECK: [&str; 7] =
    ["SignedOut", "SessionRevoked", "OtherSessionsRevoked", "SessionsEnded", "PersonDisabled", "RoleChanged", "PasswordChanged"];

/// The hub. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    db: Db,
    facts: broadcast::Sender<Arc<Recorded>>,
    open: Arc<AtomicUsize>,
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
        Self { db, facts: broadcast::channel(BACKLOG).0, open: Arc::new(AtomicUsize::new(0)) }
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
pub async fn stream(
    State(house): State<House>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let resume = headers.get("last-event-id").and_then(|id| id.to_str().ok()).unwrap_or(&asked.since).to_owned();
    let recheck = CancellationToken::new();
    let following = follow(&house.live, recheck.clone());
    let replayed = replay(&house.live.db, &resume).await;
    let facts = replayed.chain(following).boxed();
    let boards = boards(&house, &asked.topics, &visitor);
    let counted = Counted::new(&house.live.open);
    let stop = house.shutdown.clone();
    let events = stream::select(facts, boards).map(move |event| {
        let _held = &counted;
        Ok(event)
    });
    let ending = async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = recheck.cancelled() => {}
            () = tokio::time::sleep(LIFETIME) => {}
        }
    };
    Sse::new(events.take_until(Box::pin(ending))).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
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

fn follow(live: &Live, recheck: CancellationToken) -> impl Stream<Item = Event> + Send + 'static {
    BroadcastStream::new(live.facts.subscribe()).filter_map(move |fact| {
        let recheck = recheck.clone();
        async move {
            match fact {
                Ok(fact) if RECHECK.contains(&fact.kind.as_str()) => {
                    recheck.cancel();
                    None
                }
                Ok(fact) => event_of(&fact),
                Err(BroadcastStreamRecvError::Lagged(_)) => Some(reset()),
            }
        }
    })
}

fn reset() -> Event {
    Event::default().event(RESET).data("{}")
}

/// The event a Fact becomes, if a screen cares.
fn event_of(fact: &Recorded) -> Option<Event> {
    let id = format!("{}.{}", fact.cursor.xact, fact.cursor.id);
    let event = Event::default().id(id);
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

/// Ticks of the boards among the topics: the newest points of every panel, each time samples have been committed.
fn boards(house: &House, topics: &str, visitor: &Visitor) -> stream::BoxStream<'static, Event> {
    let may = visitor.actor.as_ref().is_some_and(|actor| kernel::authorize::<model::access::ReadConsole>(actor, None).is_ok());
    let host = topics.split(',').find_map(|topic| topic.strip_prefix("board:")).filter(|_| may).map(str::to_owned);
    let Some(host) = host else { return stream::empty().boxed() };
    let newest = tokio_stream::wrappers::WatchStream::from_changes(house.metrics.newest());
    let house = house.clone();
    newest
        .filter_map(move |at| {
            let (house, host) = (house.clone(), host.clone());
            async move {
                let tick = crate::apis::board::tick(&house, &host, at).await?;
                Event::default().event(BOARD).json_data(&tick).ok()
            }
        })
        .boxed()
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

    #[test]
    fn a_cursor_survives_the_id_and_nonsense_does_not() {
        assert_eq!(parse_cursor("12.34"), Some(Cursor { xact: 12, id: 34 }));
        for nonsense in ["", "12", "a.b", "1.2.3", "99999999999999999999.1"] {
            assert_eq!(parse_cursor(nonsense), None, "{nonsense}");
        }
    }
}
