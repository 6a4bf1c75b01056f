//! Requests of providers that answer us: who signed them, and whether they came before.
//!
//! A door that asks for no session believes a signature instead. Whose it is, and that nobody sends the same request twice, is decided
//! here; what the request asks for is done by whoever owns that: the doors in the binary.

use crate::Notify;
use crate::channels::pagerduty::{self, heard};
use crate::channels::slack;
use crate::channels::slack::signature::{self, SKEW_MS, Tag};
use crate::channels::slack::talk::Talk;
use crate::channels::{BadSettings, SendError};
use crate::error::Error;
use crate::history;
use crate::saved::{self, Saved};
use crate::store;
use figures::Locale;
use kernel::outbound::Outbound;
use kernel::{Fact, Grant, Tx, facts};
use model::Time;
use model::access::AnswerAlert;
use model::ids::{AlertId, PersonId};
use ring::digest;
use serde_json::{Value, json};

/// A request can't be believed any more when its timestamp is as far behind as it may have been ahead.
const SLACK_REMEMBERED_MS: i64 = 3 * SKEW_MS;
/// PagerDuty tries for two days to be heard.
const PAGERDUTY_REMEMBERED_MS: i64 = 3 * 86_400_000;
/// The names of the providers in what is remembered.
const SLACK: &str = "slack";
const PAGERDUTY: &str = "pagerduty";
/// The setting that holds what a request is signed with.
const SIGNING_SECRET: &str = "signing_secret";
const WEBHOOK_SECRET: &str = "webhook_secret";

/// Why a request is not believed. All but the last are safe to show.
#[derive(Debug, thiserror::Error)]
pub enum IncomingError {
    #[error("the request is not signed as it must be: expected {expected}")]
    Malformed { expected: &'static str },
    #[error("the request was signed more than five minutes ago, or ahead of our clock")]
    Old,
    #[error("the request is signed with a secret that no channel has")]
    Forged,
    #[error("the same request came before")]
    Repeated,
    #[error("look up who may have signed a request")]
    Room(#[from] Error),
}

impl From<sqlx::Error> for IncomingError {
    fn from(error: sqlx::Error) -> Self {
        Self::Room(Error::Database(error))
    }
}

/// A request of Slack's as it came.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// `X-Slack-Request-Timestamp`.
    pub timestamp: &'a str,
    /// `X-Slack-Signature`.
    pub signature: &'a str,
    /// Byte for byte.
    pub body: &'a [u8],
}

/// The Slack app that a believed request came from: it can be asked and answered.
pub struct SlackApp {
    /// The channel whose secret signed.
    pub channel: String,
    /// Of whoever reads there.
    pub locale: Locale,
    talk: Option<Talk>,
}

impl SlackApp {
    /// The address by which Slack knows somebody, when it says so.
    pub async fn email_of(&self, user: &str) -> Option<String> {
        self.talk.as_ref()?.email_of(user).await
    }

    /// Opens the window that asks for a comment.
    ///
    /// # Errors
    /// What Slack said, safe to log.
    pub async fn ask_for_comment(&self, trigger: &str, alerts: &[AlertId], at: Time) -> Result<(), SendError> {
        match &self.talk {
            Some(talk) => talk.ask_for_comment(trigger, alerts, self.locale, at).await,
            None => Ok(()),
        }
    }

    /// Tells only whoever pressed.
    ///
    /// # Errors
    /// What Slack said, safe to log.
    pub async fn whisper(&self, response_url: &str, said: &str, at: Time) -> Result<(), SendError> {
        match &self.talk {
            Some(talk) => talk.whisper(response_url, said, at).await,
            None => Ok(()),
        }
    }
}

impl Notify {
    /// The app that signed a request of Slack's. The same request is believed once.
    ///
    /// # Errors
    /// [`IncomingError`].
    pub async fn slack_signed(&self, signed: &Signed<'_>) -> Result<SlackApp, IncomingError> {
        let now: Time = self.clock.now();
        let tag: Tag = signature::read(signed.timestamp, signed.signature, now)?;
        let is_by = |secret: &str| signature::is_signed(secret, signed.timestamp, signed.body, &tag);
        let (channel, settings): (Saved, Value) = self.signer(slack::BOT, SIGNING_SECRET, is_by).await?;
        if !store::incoming::remember(&self.db, SLACK, &tag.0, now, now.plus_ms(SLACK_REMEMBERED_MS)).await? {
            return Err(IncomingError::Repeated);
        }
        let made: Option<Result<Talk, BadSettings>> =
            self.make.outbound().map(|outbound: Outbound| Talk::new(&settings, &outbound));
        let talk: Option<Talk> = made.transpose().map_err(Error::Settings)?;
        Ok(SlackApp { channel: channel.row.name, locale: channel.row.locale, talk })
    }

    /// The first channel of a kind whose secret `is_by` takes, with its settings.
    async fn signer(
        &self,
        kind: &str,
        secret: &str,
        is_by: impl Fn(&str) -> bool + Send + Sync,
    ) -> Result<(Saved, Value), IncomingError> {
        let saved: Vec<Saved> = store::settings::list(&self.db, None).await?;
        for channel in saved.into_iter().filter(|one| may_have_signed(one, kind, secret)) {
            // One that can't be opened does not keep the others from being heard.
            let Ok(settings) = channel.whole(&self.keys) else {
                tracing::error!(channel = channel.row.name, "the secrets of a channel can't be opened");
                continue;
            };
            if settings[secret].as_str().is_some_and(|given| is_by(given.trim())) {
                return Ok((channel, settings));
            }
        }
        Err(IncomingError::Forged)
    }

    /// Whether PagerDuty signed a request for this channel. Says in which language its readers are told of it.
    ///
    /// # Errors
    /// [`IncomingError`]; a channel that does not exist, or has no secret, is one whose secret did not sign.
    pub async fn pagerduty_signed(&self, channel: &str, signatures: &str, body: &[u8]) -> Result<Locale, IncomingError> {
        let saved: Option<Saved> = saved::one(&self.db, channel).await?;
        let Some(saved) = saved.filter(|one| may_have_signed(one, pagerduty::KIND, WEBHOOK_SECRET)) else {
            return Err(IncomingError::Forged);
        };
        let settings: Value = saved.whole(&self.keys)?;
        let secret: &str = settings[WEBHOOK_SECRET].as_str().unwrap_or_default().trim();
        match heard::is_signed(secret, signatures, body) {
            None => Err(IncomingError::Malformed { expected: "v1= and 64 hexadecimal digits" }),
            Some(false) => Err(IncomingError::Forged),
            Some(true) => Ok(saved.row.locale),
        }
    }

    /// Whether what PagerDuty calls `id` was heard through this channel, and done.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_heard(&self, channel: &str, id: &str) -> Result<bool, Error> {
        Ok(store::incoming::is_remembered(&self.db, PAGERDUTY, &hash(channel, id)).await?)
    }

    /// Notes that it was done. `false` when somebody else did meanwhile.
    ///
    /// # Errors
    /// The database's.
    pub async fn note_heard(&self, channel: &str, id: &str) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let until: Time = now.plus_ms(PAGERDUTY_REMEMBERED_MS);
        Ok(store::incoming::remember(&self.db, PAGERDUTY, &hash(channel, id), now, until).await?)
    }

    /// The alerts that were told under a provider's own name for the message, by this channel.
    ///
    /// # Errors
    /// The database's.
    pub async fn alerts_of(&self, channel: &str, reference: &str) -> Result<Vec<AlertId>, Error> {
        let numbers: Vec<i64> = store::incoming::alerts_of(&self.db, channel, reference).await?;
        Ok(numbers.into_iter().map(AlertId).collect())
    }

    /// Which of our people somebody in a Slack workspace is, if that was found out before.
    ///
    /// # Errors
    /// The database's.
    pub async fn slack_person(&self, team: &str, slack_user: &str) -> Result<Option<PersonId>, Error> {
        Ok(store::incoming::slack_person(&self.db, team, slack_user).await?.map(PersonId))
    }

    /// Notes which of our people somebody in a Slack workspace is: the one who acts by the grant.
    ///
    /// # Errors
    /// The database's.
    pub async fn link_slack_person(&self, grant: &Grant<AnswerAlert>, team: &str, slack_user: &str) -> Result<(), Error> {
        let Some(person) = grant.actor().person_id() else { return Ok(()) };
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::incoming::link_slack_person(&mut tx, team, slack_user, person.0, now).await?;
        let body: Value = json!({ "team": team, "slack_user": slack_user, "name": grant.actor().name() });
        let subject: String = format!("person/{person}");
        let fact = Fact { kind: history::SLACK_PERSON_LINKED, actor: grant.actor(), subject, body, at: now };
        facts::append(&mut tx, &fact).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether a channel's secret counts: one that is switched off sends nothing, and hears nothing.
fn may_have_signed(saved: &Saved, kind: &str, secret: &str) -> bool {
    saved.row.kind == kind && saved.row.enabled && saved.row.secrets.iter().any(|name| name == secret)
}

/// One name for what happened, of a length that does not depend on it.
fn hash(channel: &str, id: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, format!("{channel}\n{id}").as_bytes()).as_ref().to_vec()
}
