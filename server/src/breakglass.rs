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
use kernel::{Clock, Db};
use ledger::{Act, Guard, Ledger, Told};
use model::{Severity, Time};
use notify::{Keys, Kind};
use outage::{Outage, Standing};
use sqlx::postgres::PgPoolOptions;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// With [`outage::GONE_AFTER_MS`] and all waits together a page goes out within a minute.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A database that has not answered by then has not answered.
const PATIENCE: Duration = Duration::from_secs(4);
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
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = look.tick() => {}
            }
            let is_there: bool = self.is_there().await;
            // What is being told is told to its end.
            self.look(is_there).await;
        }
        self.db.pool().close().await;
    }

    /// Whether the database answers, and the house can write to it: a full disk answers questions.
    async fn is_there(&self) -> bool {
        let written_at: Option<Time> = self.writes.get().and_then(Pulse::written_at);
        if written_at.is_some_and(|at| self.clock.now().since(at) > UNWRITTEN_MS) {
            return false;
        }
        matches!(tokio::time::timeout(PATIENCE, self.db.is_writable()).await, Ok(Ok(())))
    }

    /// Takes notice of a look, and tells what there is to tell.
    async fn look(&mut self, is_there: bool) {
        let now: Time = self.clock.now();
        if is_there {
            self.read_contacts(now).await;
        }
        match self.outage.look(is_there, self.spread_ms, now) {
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
        let taken: References = voice::say_to_somebody(&voices, &saying, &told.references).await;
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
