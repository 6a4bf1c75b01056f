//! The ways to a person, one file each.
//!
//! A channel says one [`Page`] once, in its provider's own format, and reports what the provider answered. It doesn't retry, doesn't
//! remember and doesn't choose: the worker does. What it does know is its provider: how long a text may be, which answer means "later" and
//! which "never", and how a message that was sent is changed when somebody takes the alert on or it is over.
//!
//! Everything goes out through [`kernel::outbound`], so a channel reaches no address that isn't allowed. Reasons quote the provider's own
//! words and never a secret.
//!
//! Absent on purpose: what comes in (buttons, receipts) is believed in `incoming` and done by the doors; pictures that a provider would
//! have to fetch from us.

mod discord;
mod email;
mod pace;
pub mod pagerduty;
mod settings;
pub mod slack;
mod teams;
pub mod text;
mod twilio;
pub mod web_push;
mod webhook;
mod wire;
mod words;

#[cfg(test)]
mod tests;

pub use settings::{BadSettings, Field, Said};

use crate::page::Page;
use kernel::outbound::Outbound;
use settings::Given;
use std::time::Duration;

/// Every kind of channel, in the order they are offered.
pub const KINDS: [&str; 10] = [
    slack::BOT,
    slack::WEBHOOK,
    email::KIND,
    pagerduty::KIND,
    webhook::KIND,
    web_push::KIND,
    teams::KIND,
    discord::KIND,
    twilio::SMS,
    twilio::VOICE,
];

/// What a provider said when it took a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Kept for the pages that follow about the same group, as [`Page::previous`].
    pub reference: Option<String>,
    /// For the delivery log: what was answered, without secrets.
    pub detail: String,
}

/// Why a page was not taken. Both reasons are safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Nobody answered, or the answer was "not now": the same page, with the same key, may be sent again.
    #[error("{reason}")]
    Retry {
        reason: String,
        /// How long the provider asked to be left alone.
        after: Option<Duration>,
    },
    /// It will never be taken like this: the next channel has to do it.
    #[error("{reason}")]
    Refused { reason: String },
}

impl SendError {
    /// Try again, whenever.
    pub(crate) fn later(reason: String) -> Self {
        Self::Retry { reason, after: None }
    }

    /// Don't try again.
    pub(crate) fn never(reason: String) -> Self {
        Self::Refused { reason }
    }
}

/// A way to a person.
#[async_trait::async_trait]
pub trait Channel: Send + Sync {
    /// One of [`KINDS`].
    fn kind(&self) -> &'static str;

    /// Says one page, once. Ends within 25 s whatever the provider does, which is less than a lease of the outbox.
    ///
    /// # Errors
    /// When the provider did not take it, or may not have.
    async fn send(&self, page: &Page) -> Result<Sent, SendError>;
}

/// What a channel of this kind must be told. Empty for an unknown kind.
#[must_use]
pub fn fields(kind: &str) -> &'static [Field] {
    match kind {
        slack::BOT => slack::BOT_FIELDS,
        slack::WEBHOOK => slack::WEBHOOK_FIELDS,
        email::KIND => email::FIELDS,
        pagerduty::KIND => pagerduty::FIELDS,
        webhook::KIND => webhook::FIELDS,
        web_push::KIND => web_push::FIELDS,
        teams::KIND => teams::FIELDS,
        discord::KIND => discord::FIELDS,
        twilio::SMS | twilio::VOICE => twilio::FIELDS,
        _ => &[],
    }
}

/// Whether channels of this kind show the graph of an alert.
#[must_use]
pub fn shows_pictures(kind: &str) -> bool {
    matches!(kind, slack::BOT | email::KIND)
}

/// A channel with these settings: an object with the names of [`fields`].
///
/// # Errors
/// When the kind is unknown, or a setting is missing, unknown or can't be used.
pub fn make(kind: &str, settings: &serde_json::Value, outbound: &Outbound) -> Result<Box<dyn Channel>, BadSettings> {
    if !KINDS.contains(&kind) {
        return Err(BadSettings::UnknownKind { kind: kind.to_owned() });
    }
    let given: Given<'_> = Given::read(fields(kind), settings)?;
    let channel: Box<dyn Channel> = match kind {
        slack::BOT => Box::new(slack::Bot::new(&given, outbound)?),
        slack::WEBHOOK => Box::new(slack::Webhook::new(&given, outbound)?),
        email::KIND => Box::new(email::Email::new(&given, outbound)?),
        pagerduty::KIND => Box::new(pagerduty::PagerDuty::new(&given, outbound)?),
        webhook::KIND => Box::new(webhook::Webhook::new(&given, outbound)?),
        web_push::KIND => Box::new(web_push::WebPush::new(&given)?),
        teams::KIND => Box::new(teams::Teams::new(&given, outbound)?),
        discord::KIND => Box::new(discord::Discord::new(&given, outbound)?),
        twilio::SMS => Box::new(twilio::Twilio::sms(&given, outbound)?),
        _ => Box::new(twilio::Twilio::voice(&given, outbound)?),
    };
    Ok(channel)
}
