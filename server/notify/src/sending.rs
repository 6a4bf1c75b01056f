//! One attempt: from a claimed delivery to what its provider said, outside of any transaction.

mod personal;

use crate::bulletins::{self, BulletinWords};
use crate::channels::{self, Channel, SendError, Sent};
use crate::conversation::{Conversation, Spoken};
use crate::deliveries::Outcome;
use crate::error::Error;
use crate::needs::{AcknowledgeLinks, Make, Personal, Pictures};
use crate::orders::AlertWords;
use crate::page::{Kind, Page, PagedAlert, Png};
use crate::personal::is_personal;
use crate::saved::{self, Saved};
use crate::sealed::Keys;
use crate::store;
use crate::store::claims::Claimed;
use chrono_tz::Tz;
use futures::FutureExt;
use kernel::Db;
use model::ids::AlertId;
use model::{Severity, Time, links};
use serde_json::Value;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// Channels that were made, by name, each with the version of its settings.
type Made = BTreeMap<String, (i64, Arc<dyn Channel>)>;

/// No request is waited for longer: the rest of a lease is for writing down how it ended.
const LONGEST_PATIENCE: Duration = Duration::from_secs(25);
/// A page goes without its graph rather than wait for it longer. To hand it over may take as long again.
const PICTURE_PATIENCE: Duration = Duration::from_secs(1);
/// What a provider said is kept up to here.
const MOST_DETAIL: usize = 1_000;

/// Sends.
pub(crate) struct Sender {
    pub(crate) db: Db,
    pub(crate) keys: Keys,
    pub(crate) make: Arc<dyn Make>,
    pub(crate) links: Arc<dyn AcknowledgeLinks>,
    /// Without a slash at its end.
    pub(crate) public_url: String,
    /// Who hears what becomes of pages to people, once it is known.
    pub(crate) personal: OnceLock<Arc<dyn Personal>>,
    /// Who draws alerts, once it is known.
    pub(crate) pictures: OnceLock<Arc<dyn Pictures>>,
    /// Channels that were made, with the version of their settings: each holds connections that are worth keeping.
    pub(crate) made: Mutex<Made>,
}

/// Why nothing was sent. Ends up in the log.
enum Unsent {
    /// As its outcome.
    Said(Outcome),
    /// We could not ask the database.
    Database(Error),
}

impl Sender {
    /// Sends a page once, and says how that went. Never fails: what goes wrong here is an outcome too.
    pub(crate) async fn attempt(&self, claimed: &Claimed, now: Time) -> Outcome {
        let outcome: Outcome = match self.prepare(claimed, now).await {
            Ok((channel, page)) => self.send(channel, page).await,
            Err(Unsent::Said(outcome)) => outcome,
            Err(Unsent::Database(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, delivery = %claimed.id, "a delivery could not be prepared");
                Outcome::Retry { reason: "the settings of the channel could not be read".to_owned(), after: None }
            }
        };
        short(outcome)
    }

    async fn prepare(&self, claimed: &Claimed, now: Time) -> Result<(Arc<dyn Channel>, Page), Unsent> {
        if is_personal(&claimed.channel) {
            return self.prepare_personal(claimed, now).await;
        }
        let saved: Option<Saved> = saved::one(&self.db, &claimed.channel).await.map_err(Unsent::Database)?;
        let Some(saved) = saved else {
            return Err(refused(format!("there is no channel named {:?}", claimed.channel)));
        };
        if !saved.row.enabled && claimed.kind != Kind::Test {
            return Err(refused("the channel is switched off".to_owned()));
        }
        let channel: Arc<dyn Channel> = self.channel(&saved)?;
        let spoken: Vec<Spoken> = store::conversation::spoken(&self.db, claimed).await.map_err(Unsent::Database)?;
        Ok((channel, self.page(claimed, &saved, &spoken, now).await))
    }

    /// The channel with these settings, kept from the last time when they are the same.
    fn channel(&self, saved: &Saved) -> Result<Arc<dyn Channel>, Unsent> {
        if let Some((version, channel)) = self.kept().get(&saved.row.name)
            && *version == saved.row.version
        {
            return Ok(Arc::clone(channel));
        }
        let whole: Value = saved.whole(&self.keys).map_err(|error| refused(with_cause(&error)))?;
        let made = self.make.make(&saved.row.kind, &whole);
        let channel: Arc<dyn Channel> = Arc::from(made.map_err(|error| refused(error.to_string()))?);
        self.kept().insert(saved.row.name.clone(), (saved.row.version, Arc::clone(&channel)));
        Ok(channel)
    }

    fn kept(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn page(&self, claimed: &Claimed, saved: &Saved, spoken: &[Spoken], now: Time) -> Page {
        let alerts: Vec<AlertId> = still_wanted(claimed);
        let acknowledge_url: Option<String> =
            if claimed.kind.calls() && !alerts.is_empty() { self.links.acknowledge_url(claimed.id, &alerts).await } else { None };
        let told: Vec<PagedAlert> = told(claimed, saved);
        let before: Conversation = Conversation::of(spoken, claimed.kind, worst(&told));
        let zone: Tz = saved.row.zone.parse::<Tz>().unwrap_or(Tz::UTC);
        let bulletin: Option<BulletinWords> = bulletins::said(claimed, now);
        let url: String = bulletin.as_ref().map_or_else(|| self.url(&alerts), |words| self.at(&words.path));
        let page = Page {
            key: claimed.key.clone(),
            kind: claimed.kind,
            alerts: told,
            bulletin: bulletin.map(|words| words.told(saved.row.locale)),
            unlisted: unlisted(claimed),
            locale: saved.row.locale,
            zone,
            url,
            acknowledge_url,
            settings_url: Some(self.settings_url(claimed)),
            previous: before.previous,
            later: before.later,
            is_raised: before.is_raised,
            at: now,
            picture: None,
        };
        let picture: Option<Png> = self.picture(&saved.row.kind, &page).await;
        Page { picture, ..page }
    }

    /// The graph of what a page is about, for a channel that shows it, if it comes soon.
    async fn picture(&self, kind: &str, page: &Page) -> Option<Png> {
        let pictures: &Arc<dyn Pictures> = self.pictures.get()?;
        let alert: &PagedAlert = page.first().filter(|_| channels::shows_pictures(kind))?;
        let drawing = pictures.picture(alert.id, page.at, page.locale, page.zone);
        tokio::time::timeout(PICTURE_PATIENCE, drawing).await.ok().flatten()
    }

    fn url(&self, alerts: &[AlertId]) -> String {
        let path: String = match alerts {
            [] => links::NOW.to_owned(),
            [alert] => links::alert(*alert),
            _ => links::ALERTS.to_owned(),
        };
        self.at(&path)
    }

    /// Where such messages are switched off: a person's own contacts, else the channel.
    fn settings_url(&self, claimed: &Claimed) -> String {
        if is_personal(&claimed.channel) {
            return self.at(&format!("{}#contacts", links::ACCOUNT));
        }
        self.at(&links::channel(&claimed.channel))
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    async fn send(&self, channel: Arc<dyn Channel>, page: Page) -> Outcome {
        let patience: Duration = self.make.patience(channel.kind()).min(LONGEST_PATIENCE);
        let sending = AssertUnwindSafe(channel.send(&page)).catch_unwind();
        match tokio::time::timeout(patience, sending).await {
            Ok(Ok(Ok(Sent { reference, detail }))) => Outcome::Sent { reference, detail },
            Ok(Ok(Err(SendError::Retry { reason, after }))) => Outcome::Retry { reason, after },
            Ok(Ok(Err(SendError::Refused { reason }))) => Outcome::Refused { reason },
            Ok(Err(_panic)) => Outcome::Unknown { reason: "the channel panicked".to_owned() },
            Err(_elapsed) => Outcome::Unknown { reason: format!("no answer within {} s", patience.as_secs()) },
        }
    }
}

/// The alerts that somebody still needs to hear of.
fn still_wanted(claimed: &Claimed) -> Vec<AlertId> {
    let wanted = claimed.alerts.iter().filter(|alert| !claimed.withdrawn.contains(alert));
    wanted.map(|alert| AlertId(*alert)).collect()
}

/// How many alerts it is about whose words were not kept.
fn unlisted(claimed: &Claimed) -> usize {
    let n_words: usize = claimed.words.as_array().map_or(0, Vec::len);
    claimed.alerts.len().saturating_sub(n_words)
}

/// What is said of them. A page goes out whatever has become of its words: then it says nothing but where to look.
fn told(claimed: &Claimed, saved: &Saved) -> Vec<PagedAlert> {
    if claimed.kind.is_bulletin() {
        return Vec::new();
    }
    let words: Vec<AlertWords> = serde_json::from_value(claimed.words.clone()).unwrap_or_else(|error| {
        tracing::error!(%error, delivery = %claimed.id, "the words of a page can't be read");
        Vec::new()
    });
    let wanted = words.into_iter().filter(|alert| !claimed.withdrawn.contains(&alert.id.0));
    wanted.map(|alert| alert.told(saved.row.locale)).collect()
}

/// The worst of what nobody has and is not over.
fn worst(told: &[PagedAlert]) -> Option<Severity> {
    let open = told.iter().filter(|alert| alert.holder.is_none() && alert.resolved_at.is_none());
    open.map(|alert| alert.severity).min()
}

fn refused(reason: String) -> Unsent {
    Unsent::Said(Outcome::Refused { reason })
}

fn with_cause(error: &Error) -> String {
    match error {
        Error::Sealed(cause) => format!("{error}: {cause}"),
        other => other.to_string(),
    }
}

/// As much as the log keeps.
fn short(outcome: Outcome) -> Outcome {
    let cut = |text: String| text.chars().filter(|c| *c != '\0').take(MOST_DETAIL).collect::<String>();
    match outcome {
        Outcome::Sent { reference, detail } => {
            Outcome::Sent { reference: reference.filter(|text| !text.contains('\0')), detail: cut(detail) }
        }
        Outcome::Retry { reason, after } => Outcome::Retry { reason: cut(reason), after },
        Outcome::Unknown { reason } => Outcome::Unknown { reason: cut(reason) },
        Outcome::Refused { reason } => Outcome::Refused { reason: cut(reason) },
    }
}
