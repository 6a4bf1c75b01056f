//! Break-glass: what happens when the database is gone, and with it rules, routes and the outbox.
//!
//! Every process keeps in memory whom to reach then (each minute anew, and sealed on disk, so that one which starts without a database has
//! them too), and looks after the database by a connection of its own. When it is gone for half a minute the channels are spoken to
//! directly: once, again every quarter of an hour, and once more when it is back.
//!
//! *Once* holds between processes that share a data directory: a file says what was told, and whoever tells holds a lock. Processes on
//! different machines can't know of each other without the database; each waits a few seconds of its own, and the key is that of the minute in
//! which the outage began, so that a provider which knows keys makes one of them.
//!
//! *Within a minute.* The promise is 60 s from the moment the database goes to the request to a channel that works, whatever else hangs. In
//! the worst case it goes right after a look that was good:
//!
//! | | by then |
//! |---|---|
//! | the first look that fails begins, `LOOK_EVERY` later | 5 s |
//! | it is gone for [`outage::GONE_AFTER_MS`], and this process is as unsure as any (`MOST_SPREAD_MS`) | 40 s |
//! | the next look begins, if that was not quite enough for the one before (`LOOK_EVERY`) | 45 s |
//! | it ends, with a network that swallows everything (`PATIENCE`) | 47 s |
//! | the last resort has not answered, and the others are told too ([`voice::HESITATION`]) | 57 s |
//!
//! A database that answers but takes no writes is found out after `UNWRITTEN_MS` by the first look then; the outage counts from the last
//! write, so that it is gone by the same 47 s. The tests count this with a clock that is moved.
//!
//! *What was under way.* A page whose request has begun goes out to its end, whatever becomes of the database: it has all it needs, and
//! nobody else may send it while its lease lasts. What has not begun stays where it is, also what was claimed: without the database nobody
//! knows whether it was acknowledged meanwhile, and its channel's settings are read only then. It goes out when the database is back; that
//! alerts wait there is what this page says.
//!
//! In files: `outage.rs` (is it gone, pure), `ledger.rs` (what was told, on disk), `contacts.rs` (whom to reach), `words.rs`.

mod contacts;
pub(crate) mod ledger;
mod outage;
mod words;

/// Whether the database has no tables yet.
fn is_unbuilt(error: &notify::Error) -> bool {
    /// `undefined_table`, of PostgreSQL's error codes.
    const NO_TABLE: &str = "42P01";
    matches!(error, notify::Error::Database(sqlx::Error::Database(said)) if said.code().as_deref() == Some(NO_TABLE))
}

#[cfg(test)]
mod tests;

use crate::config::Config;
use crate::house_error::chain;
use crate::keys;
use crate::watch::condition::UNWRITTEN_MS;
use crate::watch::pulse::Pulse;
use crate::watch::voice::{self, References, Saying, Voice};
use crate::wiring::Failure;
use contacts::Contacts;
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use kernel::{Clock, Db, Ticks};
use ledger::{Act, Guard, Ledger, Told};
use model::{Severity, Time};
use notify::{Keys, Kind};
use outage::{Outage, Standing};
use sqlx::postgres::PgPoolOptions;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A database that has not answered by then has not answered. Shorter than the distance of two looks, so that none is late.
const PATIENCE: Duration = Duration::from_secs(2);
/// A database that takes no writes is noticed later than one that is gone: the outage began up to so much before the first look that saw it.
const MOST_HINDSIGHT_MS: i64 = UNWRITTEN_MS + 10_000;
/// How often the contacts are read.
const CONTACTS_EVERY_MS: i64 = 60_000;
/// A process is surer of an outage by up to so much later than others.
const MOST_SPREAD_MS: i64 = 5_000;
/// Between two tries to tell what nobody took.
const TRY_EVERY_MS: i64 = 15_000;

/// Looks after the database. One per process, from before there is a house.
pub struct Glass {
    db: Db,
    clock: Arc<dyn Clock>,
    keys: Keys,
    outbound: Outbound,
    contacts: Contacts,
    ledger: Ledger,
    outage: Outage,
    place: Place,
    spread_ms: i64,
    read_at: Option<Time>,
    tried_at: Option<Time>,
    writes: Writes,
}

/// The pulse of the house, once there is one: whether it can write.
pub type Writes = Arc<OnceLock<Pulse>>;

/// Where we are, for what is said.
#[derive(Clone, Debug)]
struct Place {
    host: String,
    public_url: String,
    zone: chrono_tz::Tz,
}

impl Glass {
    /// Over the database of `db`, by a connection of its own: that the pool is busy is no outage. Once there is a house, `writes` has its
    /// pulse.
    ///
    /// # Errors
    /// When there is no master key.
    pub fn new(config: &Config, db: &Db, clock: Arc<dyn Clock>, writes: Writes) -> Result<Self, Failure> {
        let keys: Keys = keys::keys(&config.secrets)?;
        let options = (*db.pool().connect_options()).clone();
        let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_lazy_with(options);
        let reach = Reach { listed: config.channels_allow.clone(), ..Reach::default() };
        let place = Place { host: config.host_name.clone(), public_url: config.public_url.clone(), zone: config.zone };
        let glass = Self::over(Db::from_pool(pool), clock, keys, Outbound::new(reach), &config.data_dir, place);
        Ok(Self { writes, ..glass })
    }

    fn over(db: Db, clock: Arc<dyn Clock>, keys: Keys, outbound: Outbound, dir: &Path, place: Place) -> Self {
        Self {
            db,
            clock,
            contacts: Contacts::read(dir, keys.clone()),
            keys,
            outbound,
            ledger: Ledger::new(dir),
            outage: Outage::default(),
            place,
            spread_ms: spread_ms(),
            read_at: None,
            tried_at: None,
            writes: Writes::default(),
        }
    }

    /// Looks until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut ticks = Ticks::every(LOOK_EVERY, stop);
        while ticks.next().await {
            let away_since: Option<Time> = self.away_since().await;
            // What is being told is told to its end.
            self.look(away_since).await;
        }
        self.db.pool().close().await;
    }

    /// `None` when the database answers and the house can write to it: a full disk answers questions. Else since when not, at the latest.
    async fn away_since(&self) -> Option<Time> {
        let began: Time = self.clock.now();
        let written_at: Option<Time> = self.writes.get().and_then(Pulse::written_at);
        if let Some(at) = written_at.filter(|at| began.since(*at) > UNWRITTEN_MS) {
            // A clock that was set must not make a long outage of it.
            return Some(at.max(began.plus_ms(-MOST_HINDSIGHT_MS)));
        }
        match tokio::time::timeout(PATIENCE, self.db.is_writable()).await {
            Ok(Ok(())) => None,
            _ => Some(began),
        }
    }

    /// Takes notice of a look, and tells what there is to tell.
    async fn look(&mut self, away_since: Option<Time>) {
        let now: Time = self.clock.now();
        if away_since.is_none() {
            self.read_contacts(now).await;
        }
        match self.outage.look(away_since, self.spread_ms, now) {
            Standing::Doubtful => {}
            standing => self.act(standing, now).await,
        }
    }

    async fn read_contacts(&mut self, now: Time) {
        if self.read_at.is_some_and(|at| (0..CONTACTS_EVERY_MS).contains(&now.since(at))) {
            return;
        }
        self.read_at = Some(now);
        match tokio::time::timeout(PATIENCE, notify::emergency::contacts(&self.db, &self.keys)).await {
            Ok(Ok(contacts)) => self.contacts.keep(contacts),
            // The first start of all: nobody is set up, and soon the tables are there.
            Ok(Err(error)) if is_unbuilt(&error) => self.read_at = None,
            Ok(Err(error)) => tracing::warn!(error = chain(&error), "whom to reach without the database could not be read"),
            Err(_elapsed) => {}
        }
    }

    async fn act(&mut self, standing: Standing, now: Time) {
        // Another process of this directory tells it.
        let Some(guard) = self.ledger.lock() else { return };
        let told: Option<Told> = self.ledger.told();
        match (ledger::decide(told.as_ref(), standing, now), standing, told) {
            (Act::Tell, Standing::Gone { since }, told) => self.tell(told, since, now).await,
            (Act::End, _, Some(told)) => self.end(told, now).await,
            (Act::Forget, ..) => self.ledger.clear(),
            _ => {}
        }
        drop::<Guard>(guard);
    }

    /// Whether it is time to try again what nobody took.
    fn may_try(&mut self, now: Time) -> bool {
        let may: bool = self.tried_at.is_none_or(|at| now.since(at).abs() >= TRY_EVERY_MS);
        if may {
            self.tried_at = Some(now);
        }
        may
    }

    async fn tell(&mut self, told: Option<Told>, since: Time, now: Time) {
        if !self.may_try(now) {
            return;
        }
        let mut told: Told = told.unwrap_or(Told { since, at: now, n: 0, references: References::new() });
        let (since, zone): (Time, chrono_tz::Tz) = (told.since, self.place.zone);
        let kind: Kind = if told.n == 0 { Kind::Fired } else { Kind::Again };
        let key: String = format!("breakglass-{}-{}", minute(since), told.n);
        let saying: Saying = self.saying(key, kind, words::gone(since, zone, &self.place.host), since, now);
        tracing::error!(n_contacts = self.contacts.held().len(), "the database is gone: break-glass");
        let voices: Vec<Voice> = voice::voices(self.contacts.held(), &self.outbound);
        let taken: References = voice::say_to_somebody(&voices, &saying, &told.references, voice::HESITATION).await;
        if taken.is_empty() {
            tracing::error!("the database is gone, and nobody could be told");
            return;
        }
        for (channel, reference) in taken {
            // What follows belongs to the first message.
            let first: &mut Option<String> = told.references.entry(channel).or_default();
            *first = first.take().or(reference);
        }
        (told.at, told.n) = (now, told.n.saturating_add(1));
        self.ledger.keep(told);
        self.tried_at = None;
    }

    async fn end(&mut self, mut told: Told, now: Time) {
        if !self.may_try(now) {
            return;
        }
        let (since, zone): (Time, chrono_tz::Tz) = (told.since, self.place.zone);
        let key: String = format!("breakglass-{}-over", minute(since));
        let mut saying: Saying = self.saying(key, Kind::Resolved, words::back(since, now, zone, &self.place.host), since, now);
        saying.over_at = Some(now);
        let voices: Vec<Voice> = voice::voices(self.contacts.held(), &self.outbound);
        let heard: Vec<&Voice> = voices.iter().filter(|voice| told.references.contains_key(&voice.name)).collect();
        let taken: References = voice::say(&heard, &saying, &told.references).await;
        told.references.retain(|channel, _| !taken.contains_key(channel) && heard.iter().any(|voice| voice.name == *channel));
        if told.references.is_empty() {
            self.ledger.clear();
            self.tried_at = None;
        } else {
            self.ledger.keep(told);
        }
    }

    fn saying(&self, key: String, kind: Kind, summary: notify::Words, since: Time, now: Time) -> Saying {
        let (name, url): (notify::Words, String) = (words::name(), self.place.public_url.clone());
        Saying { key, kind, severity: Severity::P0, name, summary, since, over_at: None, url, at: now }
    }
}

/// The minute in which an outage began, the same in every process that saw it begin then.
fn minute(since: Time) -> i64 {
    since.0.div_euclid(60_000)
}

/// This process' own few seconds.
fn spread_ms() -> i64 {
    let [first, second, ..] = kernel::secrets::random_256();
    i64::from(u16::from_be_bytes([first, second])) * MOST_SPREAD_MS / i64::from(u16::MAX)
}
