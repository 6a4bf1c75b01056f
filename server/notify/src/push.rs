//! Browsers in which people switched pages on, the one key they are reached by, and the channel that reaches them.
//!
//! A browser is somebody's: it is asked each time whether that person may still come in, so that nobody who left reads pages on. One
//! whose push service says that it is gone is forgotten at once. Addresses and keys are sealed like every other secret.

use crate::Notify;
use crate::channels::web_push::{self, Browser, GONE, KIND, VapidKey, WebPush};
use crate::channels::{BadSettings, Channel, Field, SendError, Sent};
use crate::error::Error;
use crate::history;
use crate::needs::{Make, People};
use crate::page::{Kind, Page};
use crate::sealed::{Keys, SealError};
use crate::store;
use crate::store::push::Row;
use async_trait::async_trait;
use figures::Locale;
use futures::future::join_all;
use kernel::outbound::Outbound;
use kernel::{Clock, Db, Fact, Grant, Tx, facts};
use model::access::ChangeOwnAccount;
use model::ids::PersonId;
use model::{Actor, Time};
use reqwest::Url;
use ring::digest;
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use uuid::Uuid;

/// Browsers of one person.
pub const MOST_BROWSERS: i64 = 10;
/// Browsers that one page goes to.
const MOST_REACHED: i64 = 500;
/// What a browser gives is short.
const LONGEST: usize = 2_000;
/// How a browser calls itself, as far as it is kept.
const LONGEST_AGENT: usize = 300;
/// What the key is sealed for.
const KEY_PLACE: &str = "push/key";
/// A page that asks for several browsers at once ends with the slowest of them.
const PATIENCE: Duration = Duration::from_secs(10);

/// What `PushSubscription.toJSON()` says in the browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    /// A capability: whoever has it may push.
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
}

/// A browser as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserRow {
    pub id: Uuid,
    /// How it called itself.
    pub agent: String,
    /// SHA-256 of its address in hexadecimal: by this a browser knows itself.
    pub mark: String,
    pub made_at: Time,
    /// When a push service last took a page for it.
    pub used_at: Option<Time>,
}

/// Why a browser could not be switched on or tested. All but the last are safe to show.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    #[error("only a person has browsers")]
    NotAPerson,
    #[error("the browser was not found")]
    NotFound,
    #[error("a person may have {max} browsers", max = MOST_BROWSERS)]
    TooMany,
    #[error("the subscription can't be used: {0}")]
    Subscription(BadSettings),
    #[error("{0}")]
    NotSent(SendError),
    #[error("ask the room about browsers")]
    Room(#[from] Error),
}

impl From<sqlx::Error> for PushError {
    fn from(error: sqlx::Error) -> Self {
        Self::Room(Error::Database(error))
    }
}

impl From<SealError> for PushError {
    fn from(error: SealError) -> Self {
        Self::Room(Error::Sealed(error))
    }
}

/// What pushing needs. Shared by the room and by the channels it makes.
pub(crate) struct Pusher {
    pub(crate) db: Db,
    pub(crate) keys: Keys,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) make: Arc<dyn Make>,
    /// Whom a push service may write to about us.
    pub(crate) subject: String,
    /// Who may come in, once it is known.
    pub(crate) people: OnceLock<Arc<dyn People>>,
}

impl Pusher {
    pub(crate) fn new(db: Db, keys: Keys, clock: Arc<dyn Clock>, make: Arc<dyn Make>, public_url: &str) -> Self {
        Self { db, keys, clock, make, subject: subject(public_url), people: OnceLock::new() }
    }

    /// The key of this installation, made when there is none.
    async fn key(&self) -> Result<VapidKey, Error> {
        if let Some(known) = store::push::key(&self.db).await? {
            return self.opened(known);
        }
        let made: VapidKey = web_push::new_key();
        let sealed: Vec<u8> = self.keys.seal(KEY_PLACE, made.private.as_bytes())?;
        store::push::add_key(&self.db, &made.public, &sealed, self.clock.now()).await?;
        // Another process may have been faster: then that one's is the key.
        match store::push::key(&self.db).await? {
            Some(known) => self.opened(known),
            None => Ok(made),
        }
    }

    fn opened(&self, known: store::push::Key) -> Result<VapidKey, Error> {
        let private: Vec<u8> = self.keys.open(KEY_PLACE, &known.sealed)?;
        let private: String = String::from_utf8(private).map_err(|_| Error::Sealed(SealError::Damaged))?;
        Ok(VapidKey { private, public: known.public })
    }

    /// The way to one browser.
    fn browser(&self, key: &VapidKey, subscription: &Value) -> Result<Browser, BadSettings> {
        let mut settings: Value = subscription.clone();
        settings["vapid_key"] = Value::from(key.private.as_str());
        settings["subject"] = Value::from(self.subject.as_str());
        let outbound: Outbound = self.make.outbound().ok_or(BadSettings::UnknownKind { kind: KIND.to_owned() })?;
        Browser::new(&settings, &outbound)
    }

    fn subscription(&self, row: &Row) -> Result<Value, Error> {
        let plain: Vec<u8> = self.keys.open(&place(row.id), &row.sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Error::Sealed(SealError::Damaged))
    }

    /// Pushes to one browser, and keeps what became of it.
    async fn push(&self, key: &VapidKey, row: &Row, page: &Page) -> Result<Sent, SendError> {
        let subscription: Value = self.subscription(row).map_err(|error| SendError::never(error.to_string()))?;
        let browser: Browser = self.browser(key, &subscription).map_err(|error| SendError::never(error.to_string()))?;
        let sent: Result<Sent, SendError> = browser.send(page).await;
        let noted: Result<(), Error> = match &sent {
            Ok(_) => store::push::note_use(&self.db, row.id, self.clock.now()).await.map_err(Error::from),
            Err(SendError::Refused { reason }) if reason.starts_with(GONE) => self.forget(row).await,
            Err(_) => Ok(()),
        };
        if let Err(error) = noted {
            tracing::warn!(error = &error as &dyn std::error::Error, "what became of a browser could not be written down");
        }
        sent
    }

    /// Removes a browser that is gone, with its Fact.
    async fn forget(&self, row: &Row) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        if store::push::remove(&mut tx, row.id, row.person).await? {
            let body: Value = json!({ "browser": row.id, "reason": "gone" });
            let actor: Actor = Actor::worker(history::WORKER);
            tell(&mut tx, history::BROWSER_UNSUBSCRIBED, &actor, PersonId(row.person), body, self.clock.now()).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// The maker that the room uses: the given one, and the browsers of people.
pub(crate) struct WithBrowsers(pub(crate) Arc<Pusher>);

impl Make for WithBrowsers {
    fn fields(&self, kind: &str) -> &'static [Field] {
        self.0.make.fields(kind)
    }

    fn patience(&self, kind: &str) -> Duration {
        if kind == KIND { PATIENCE } else { self.0.make.patience(kind) }
    }

    fn make(&self, kind: &str, settings: &Value) -> Result<Box<dyn Channel>, BadSettings> {
        if kind != KIND {
            return self.0.make.make(kind, settings);
        }
        let checked: WebPush = web_push::checked(settings)?;
        Ok(Box::new(Browsers { pusher: Arc::clone(&self.0), people: checked.people, person: None }))
    }

    fn person(&self, person: PersonId) -> Option<Box<dyn Channel>> {
        Some(Box::new(Browsers { pusher: Arc::clone(&self.0), people: Vec::new(), person: Some(person) }))
    }

    fn outbound(&self) -> Option<Outbound> {
        self.0.make.outbound()
    }
}

/// Pushes to the browsers of some people, or of all.
struct Browsers {
    pusher: Arc<Pusher>,
    /// E-mail addresses; empty for everybody.
    people: Vec<String>,
    /// Only theirs.
    person: Option<PersonId>,
}

impl Browsers {
    /// Those of them who may come in.
    async fn persons(&self) -> Result<Vec<Uuid>, SendError> {
        let Some(people) = self.pusher.people.get() else {
            return Err(SendError::never("nobody here knows who may come in".to_owned()));
        };
        let all: Vec<(PersonId, String)> =
            people.who_may_come_in().await.ok_or_else(|| SendError::later("who may come in could not be asked".to_owned()))?;
        let is_meant = |email: &str| self.people.is_empty() || self.people.iter().any(|one| one.eq_ignore_ascii_case(email));
        let is_one = |person: PersonId| self.person.is_none_or(|only| only == person);
        let meant = all.into_iter().filter(|(person, email)| is_one(*person) && is_meant(email));
        Ok(meant.map(|(person, _)| person.0).collect())
    }
}

#[async_trait]
impl Channel for Browsers {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn send(&self, page: &Page) -> Result<Sent, SendError> {
        let persons: Vec<Uuid> = self.persons().await?;
        let away = |error: Error| SendError::later(error.to_string());
        let rows: Vec<Row> =
            store::push::of_people(&self.pusher.db, &persons, MOST_REACHED).await.map_err(|error| away(error.into()))?;
        if rows.is_empty() {
            return Err(SendError::never("nobody has switched pages on in a browser".to_owned()));
        }
        let key: VapidKey = self.pusher.key().await.map_err(away)?;
        let mut pushes = Vec::with_capacity(rows.len());
        for row in &rows {
            pushes.push(self.pusher.push(&key, row, page));
        }
        told(page, join_all(pushes).await)
    }
}

/// One that was reached is enough. Else it is worth another try as long as one of them may be reached later.
fn told(page: &Page, sent: Vec<Result<Sent, SendError>>) -> Result<Sent, SendError> {
    let n: usize = sent.len();
    let n_reached: usize = sent.iter().filter(|one| one.is_ok()).count();
    if n_reached > 0 {
        let group: String = page.previous.clone().unwrap_or_else(|| page.key.clone());
        return Ok(Sent { reference: Some(group), detail: format!("{n_reached} of {n} browsers") });
    }
    let mut failed = sent.into_iter().filter_map(Result::err);
    let first: Option<SendError> = failed.next();
    let later: Option<SendError> = failed.find(|error| matches!(error, SendError::Retry { .. }));
    match (first, later) {
        (Some(SendError::Refused { .. }), Some(later)) => Err(later),
        (Some(first), _) => Err(first),
        (None, _) => Err(SendError::never("there is no browser".to_owned())),
    }
}

impl Notify {
    /// The same, reaching the browsers of those who may come in. Who knows them is named once.
    #[must_use]
    pub fn with_people(self, people: Arc<dyn People>) -> Self {
        // A second one is not needed: clones share the first.
        let _ = self.pusher.people.set(people);
        self
    }

    /// What a browser must know to subscribe: our public key, base64url.
    ///
    /// # Errors
    /// The database's; [`Error::Sealed`] when the key was sealed under another master key.
    pub async fn push_key(&self) -> Result<String, Error> {
        Ok(self.pusher.key().await?.public)
    }

    /// One's own browsers, the newest first.
    ///
    /// # Errors
    /// [`PushError::NotAPerson`]. The database's.
    pub async fn browsers(&self, grant: &Grant<ChangeOwnAccount>) -> Result<Vec<BrowserRow>, PushError> {
        let person: PersonId = grant.actor().person_id().ok_or(PushError::NotAPerson)?;
        let rows: Vec<Row> = store::push::of_people(&self.db, &[person.0], MOST_BROWSERS).await?;
        Ok(rows.into_iter().map(shown).collect())
    }

    /// Switches pages on in a browser. The same browser again is the same row, and belongs to whoever came last.
    ///
    /// # Errors
    /// [`PushError`].
    pub async fn add_browser(
        &self,
        grant: &Grant<ChangeOwnAccount>,
        subscription: &Subscription,
        agent: &str,
    ) -> Result<Uuid, PushError> {
        let person: PersonId = grant.actor().person_id().ok_or(PushError::NotAPerson)?;
        let written: Value = written(subscription)?;
        let key: VapidKey = self.pusher.key().await?;
        self.pusher.browser(&key, &written).map_err(PushError::Subscription)?;
        let (id, now): (Uuid, Time) = (kernel::ids::new_uuid(), self.clock.now());
        let row = Row {
            id,
            person: person.0,
            endpoint: hash(&subscription.endpoint),
            sealed: self.keys.seal(&place(id), written.to_string().as_bytes())?,
            agent: agent.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect(),
            made_at: now,
            used_at: None,
        };
        let mut tx: Tx = self.db.begin().await?;
        store::push::replace(&mut tx, &row).await?;
        if store::push::count(&mut tx, person.0).await? > MOST_BROWSERS {
            return Err(PushError::TooMany);
        }
        tell(&mut tx, history::BROWSER_SUBSCRIBED, grant.actor(), person, json!({ "browser": id }), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Switches pages off in one of one's own browsers. `false` when it was not on.
    ///
    /// # Errors
    /// [`PushError::NotAPerson`]. The database's.
    pub async fn remove_browser(&self, grant: &Grant<ChangeOwnAccount>, id: Uuid) -> Result<bool, PushError> {
        let person: PersonId = grant.actor().person_id().ok_or(PushError::NotAPerson)?;
        let mut tx: Tx = self.db.begin().await?;
        let removed: bool = store::push::remove(&mut tx, id, person.0).await?;
        if removed {
            let body: Value = json!({ "browser": id, "reason": "switched off" });
            tell(&mut tx, history::BROWSER_UNSUBSCRIBED, grant.actor(), person, body, self.clock.now()).await?;
        }
        tx.commit().await?;
        Ok(removed)
    }

    /// Pushes a test to one of one's own browsers, now.
    ///
    /// # Errors
    /// [`PushError`]; [`PushError::NotSent`] says what the push service said.
    pub async fn test_browser(
        &self,
        grant: &Grant<ChangeOwnAccount>,
        id: Uuid,
        locale: Locale,
        url: String,
    ) -> Result<Sent, PushError> {
        let person: PersonId = grant.actor().person_id().ok_or(PushError::NotAPerson)?;
        let rows: Vec<Row> = store::push::of_people(&self.db, &[person.0], MOST_BROWSERS).await?;
        let row: &Row = rows.iter().find(|row| row.id == id).ok_or(PushError::NotFound)?;
        let key: VapidKey = self.pusher.key().await?;
        let page = test_page(locale, url, self.clock.now());
        self.pusher.push(&key, row, &page).await.map_err(PushError::NotSent)
    }
}

fn test_page(locale: Locale, url: String, at: Time) -> Page {
    Page {
        key: format!("test/{}", kernel::ids::new_uuid()),
        kind: Kind::Test,
        alerts: Vec::new(),
        bulletin: None,
        locale,
        zone: chrono_tz::Tz::UTC,
        url,
        acknowledge_url: None,
        settings_url: None,
        previous: None,
        later: Vec::new(),
        is_raised: false,
        unlisted: 0,
        at,
        picture: None,
    }
}

async fn tell(
    tx: &mut Tx,
    kind: &'static str,
    actor: &Actor,
    person: PersonId,
    body: Value,
    at: Time,
) -> Result<(), sqlx::Error> {
    facts::append(tx, &Fact { kind, actor, subject: format!("person/{person}"), body, at }).await
}

/// As it is sealed. Push services are reached by https, wherever they are.
fn written(subscription: &Subscription) -> Result<Value, PushError> {
    let wrong = |field: &'static str, expected: &'static str| PushError::Subscription(BadSettings::Wrong { field, expected });
    let all: [&str; 3] = [&subscription.endpoint, &subscription.p256dh, &subscription.auth];
    if all.iter().any(|one| one.len() > LONGEST) {
        return Err(wrong("endpoint", "what a browser gives"));
    }
    if !subscription.endpoint.starts_with("https://") {
        return Err(wrong("endpoint", "an address that begins with https://"));
    }
    Ok(json!({ "endpoint": subscription.endpoint, "p256dh": subscription.p256dh, "auth": subscription.auth }))
}

fn shown(row: Row) -> BrowserRow {
    let mark: String = row.endpoint.iter().map(|byte| format!("{byte:02x}")).collect();
    BrowserRow { id: row.id, agent: row.agent, mark, made_at: row.made_at, used_at: row.used_at }
}

fn hash(endpoint: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, endpoint.as_bytes()).as_ref().to_vec()
}

/// What a subscription is sealed for.
fn place(id: Uuid) -> String {
    format!("push/{id}")
}

/// RFC 8292, section 2.1: an address of whoever runs this. Push services want https or a mailbox.
fn subject(public_url: &str) -> String {
    if public_url.starts_with("https://") {
        return public_url.to_owned();
    }
    let host: Option<String> = Url::parse(public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    format!("mailto:mimamori@{}", host.unwrap_or_else(|| "localhost".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        test_page(Locale::Ja, String::new(), Time(0))
    }

    fn taken() -> Result<Sent, SendError> {
        Ok(Sent { reference: None, detail: String::new() })
    }

    #[test]
    fn one_browser_is_enough_and_hope_is_not_given_up_for_another() {
        let (never, later) = (SendError::never("gone".to_owned()), SendError::later("503".to_owned()));
        let sent = told(&page(), vec![Err(never.clone()), taken(), Err(later.clone())]).unwrap();
        assert_eq!(sent.detail, "1 of 3 browsers");
        assert!(sent.reference.is_some());
        assert_eq!(told(&page(), vec![Err(never.clone()), Err(later.clone())]), Err(later.clone()));
        assert_eq!(told(&page(), vec![Err(later.clone()), Err(never.clone())]), Err(later));
        assert_eq!(told(&page(), vec![Err(never.clone())]), Err(never));
        assert!(matches!(told(&page(), Vec::new()), Err(SendError::Refused { .. })));
    }

    #[test]
    fn push_services_are_told_an_address_they_take() {
        for (public_url, expected) in [
            ("https://watch.example.jp", "https://watch.example.jp"),
            ("http://10.0.0.5:3000", "mailto:mimamori@10.0.0.5"),
            ("", "mailto:mimamori@localhost"),
        ] {
            assert_eq!(subject(public_url), expected);
        }
    }

    #[test]
    fn only_what_a_browser_gives_is_taken() {
        let given = |endpoint: &str| Subscription { endpoint: endpoint.to_owned(), p256dh: "k".to_owned(), auth: "a".to_owned() };
        assert!(written(&given("https://push.example/1")).is_ok());
        for endpoint in ["http://push.example/1", "", &format!("https://{}", "a".repeat(3_000))] {
            assert!(matches!(written(&given(endpoint)), Err(PushError::Subscription(_))), "{endpoint}");
        }
    }
}
