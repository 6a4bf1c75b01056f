//! What this room requires of the world; the binary's wiring supplies it.

use crate::contacts::{ContactId, ContactKind};
use async_trait::async_trait;
use chrono::NaiveDate;
use chrono_tz::Tz;
use figures::Locale;
use kernel::Tx;
use model::Time;
use model::ids::{AlertId, PersonId};
use serde_json::Value;
use std::sync::Arc;

/// Something that could not be found out or done. The transaction is rolled back, and tried again soon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct WorldError {
    pub reason: String,
}

/// Everything, in one place.
#[derive(Clone)]
pub struct Needs {
    pub staff: Arc<dyn Staff>,
    pub who: Arc<dyn WhoIsOnCall>,
    pub messenger: Arc<dyn Messenger>,
    pub holidays: Arc<dyn Holidays>,
    pub vault: Arc<dyn Vault>,
}

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staffer {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    /// The account is switched on, and they have joined.
    pub may_come_in: bool,
    /// May answer alerts.
    pub is_responder: bool,
    pub is_admin: bool,
    /// The names of their teams.
    pub teams: Vec<String>,
}

/// Knows the people.
#[async_trait]
pub trait Staff: Send + Sync {
    /// Everybody, those too who may not come in any more.
    ///
    /// # Errors
    /// When they can't be asked now.
    async fn everybody(&self) -> Result<Vec<Staffer>, WorldError>;
}

/// Knows who is on call.
#[async_trait]
pub trait WhoIsOnCall: Send + Sync {
    /// Whoever has this duty (`primary`, `secondary` …) in that schedule at `at`; nobody in a gap, and of a schedule that does not exist.
    ///
    /// # Errors
    /// When that can't be found out now.
    async fn people(&self, tx: &mut Tx, schedule: &str, role: &str, at: Time) -> Result<Vec<PersonId>, WorldError>;
}

/// For a house without schedules: nobody is on call.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSchedules;

#[async_trait]
impl WhoIsOnCall for NoSchedules {
    async fn people(&self, _tx: &mut Tx, _schedule: &str, _role: &str, _at: Time) -> Result<Vec<PersonId>, WorldError> {
        Ok(Vec::new())
    }
}

/// Knows public holidays and the team's own.
pub trait Holidays: Send + Sync {
    /// Whether nobody works that day, beyond weekends.
    fn is_holiday(&self, day: NaiveDate) -> bool;
}

/// Fetches calendars that are kept elsewhere. Their addresses are secrets: who knows one reads the calendar.
#[async_trait]
pub trait Calendars: Send + Sync {
    /// Seals an address for `place`.
    ///
    /// # Errors
    /// When it can't be sealed.
    fn seal(&self, place: &str, address: &str) -> Result<Vec<u8>, WorldError>;

    /// What is there now: by the guarded client, at most [`model::ical::reading::MAX_BYTES`] of it
    /// ([`crate::schedules::incoming::fetch`] does that).
    ///
    /// # Errors
    /// When it can't be opened, or nobody answers with a calendar.
    async fn fetch(&self, place: &str, sealed: &[u8]) -> Result<String, WorldError>;
}

/// For a house that fetches none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCalendars;

#[async_trait]
impl Calendars for NoCalendars {
    fn seal(&self, _place: &str, _address: &str) -> Result<Vec<u8>, WorldError> {
        Err(WorldError { reason: "this house fetches no calendars".to_owned() })
    }

    async fn fetch(&self, _place: &str, _sealed: &[u8]) -> Result<String, WorldError> {
        Err(WorldError { reason: "this house fetches no calendars".to_owned() })
    }
}

/// Keeps secrets under a key that the database does not have.
pub trait Vault: Send + Sync {
    /// Seals `plain` for `place`; whoever sends opens it there.
    ///
    /// # Errors
    /// When it can't be sealed.
    fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, WorldError>;

    /// A keyed hash: the same for the same text, and nothing can be told from it without the key.
    fn mark(&self, text: &str) -> Vec<u8>;
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub person: PersonId,
    pub contact: ContactId,
    pub kind: ContactKind,
    /// What `sealed` was sealed for.
    pub place: String,
    /// The telephone number, the mail address …
    pub sealed: Vec<u8>,
    pub locale: Locale,
    pub zone: Tz,
}

/// What a message is for whoever gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// They are needed, for something they were not called for before.
    Call,
    /// They are still needed.
    Again,
    /// Somebody else has it.
    Acknowledged,
    /// It is over.
    Resolved,
    /// They try their contact.
    Test,
}

/// One message to one contact.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonalPage {
    /// The idempotency key: the same key is sent once, whoever asks how often.
    pub key: String,
    /// The conversation it belongs to.
    pub group: String,
    pub purpose: Purpose,
    pub to: Address,
    /// What there is to say, as the orders brought it: one entry a story. What is not about `alerts` is left out.
    pub words: Vec<Value>,
    pub alerts: Vec<AlertId>,
    /// Why, for the log of deliveries.
    pub why: String,
    pub at: Time,
}

/// A message to channels, as a step may want, or to the last resort.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelPage {
    pub key: String,
    pub group: String,
    /// Empty means the channel of last resort, else all there are.
    pub channels: Vec<String>,
    pub words: Value,
    pub alerts: Vec<AlertId>,
    pub why: String,
    pub at: Time,
}

/// How loudly people are told of something that is no alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// What is new, for those who wait: nobody's telephone rings.
    Quiet,
    /// Something must be done soon: once, by the first way that works.
    Warning,
    /// They are needed: by one way after the other, until somebody answers.
    Call,
}

impl Tone {
    /// Every tone, the loudest last.
    pub const ALL: [Self; 3] = [Self::Quiet, Self::Warning, Self::Call];

    /// The word in the database and in Facts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Warning => "warning",
            Self::Call => "call",
        }
    }

    /// What that word means, if anything.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tone| tone.as_str() == word)
    }
}

/// Words that are about no alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Bulletin {
    /// The idempotency key: the same key is sent once, whoever asks how often.
    pub key: String,
    /// The conversation it belongs to.
    pub group: String,
    pub tone: Tone,
    /// None: the channel of last resort, else all there are.
    pub to: Option<Address>,
    /// What there is to say, as whoever asked for the telling wrote it.
    pub words: Value,
    /// Why, for the log of deliveries.
    pub why: String,
    pub at: Time,
}

/// A code that proves that a contact is somebody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeMessage {
    pub key: String,
    pub to: Address,
    /// Digits.
    pub code: String,
    pub minutes: i64,
    pub at: Time,
}

/// Why a message that was not sent yet is not needed any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needless {
    Acknowledged,
    Resolved,
    Silenced,
    /// A newer escalation says the same and more, or they passed it on.
    Newer,
}

impl Needless {
    /// The word in the database and in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Silenced => "silenced",
            Self::Newer => "newer",
        }
    }
}

/// Takes messages, and takes them back, in the transaction that made it necessary.
#[async_trait]
pub trait Messenger: Send + Sync {
    /// Writes messages down, so that they are sent after the commit. The same key a second time does nothing. What becomes of a
    /// [`Purpose::Call`] or [`Purpose::Again`] is told to [`crate::Oncall::outcomes`].
    ///
    /// # Errors
    /// When they can't be written.
    async fn send(&self, tx: &mut Tx, pages: Vec<PersonalPage>) -> Result<(), WorldError>;

    /// The same for channels. `false`: there is none that could be told.
    ///
    /// # Errors
    /// When it can't be written.
    async fn tell_channels(&self, tx: &mut Tx, page: ChannelPage) -> Result<bool, WorldError>;

    /// The same for words that are about no alert. What becomes of those to a contact is told to [`crate::Oncall::outcomes`].
    ///
    /// # Errors
    /// When it can't be written.
    async fn tell(&self, tx: &mut Tx, bulletin: Bulletin) -> Result<(), WorldError>;

    /// Takes these alerts back from the messages with these keys: they say nothing of them any more, and those that have none left are not
    /// sent. Only a request that is under way may still land.
    ///
    /// # Errors
    /// When that can't be written.
    async fn withdraw(&self, tx: &mut Tx, keys: &[String], alerts: &[AlertId], why: Needless) -> Result<(), WorldError>;

    /// Sends a code.
    ///
    /// # Errors
    /// When it can't be written.
    async fn send_code(&self, tx: &mut Tx, message: CodeMessage) -> Result<(), WorldError>;
}
