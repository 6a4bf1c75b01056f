//! What this room requires of the world; the binary's wiring supplies it.

use crate::channels::{self, BadSettings, Channel, Field};
use crate::deliveries::DeliveryId;
use crate::page::Png;
use async_trait::async_trait;
use chrono_tz::Tz;
use figures::Locale;
use kernel::Tx;
use kernel::outbound::Outbound;
use model::Time;
use model::ids::{AlertId, PersonId};
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

/// How long a request may take unless its kind needs longer. Always well below the lease of a delivery.
const PATIENCE: Duration = Duration::from_secs(10);
/// What the Standard Webhooks specification asks of a sender.
const WEBHOOK_PATIENCE: Duration = Duration::from_secs(15);
/// A mail server may greet slowly, on purpose.
const EMAIL_PATIENCE: Duration = Duration::from_secs(20);
/// Of several exchanges together.
const CHAT_PATIENCE: Duration = Duration::from_secs(25);

/// Makes channels out of their settings.
pub trait Make: Send + Sync {
    /// The settings a kind has; none for an unknown kind.
    fn fields(&self, kind: &str) -> &'static [Field] {
        channels::fields(kind)
    }

    /// How long one request of this kind may take; cut at 25 s.
    fn patience(&self, kind: &str) -> Duration {
        match kind {
            "webhook" => WEBHOOK_PATIENCE,
            "email" => EMAIL_PATIENCE,
            // A later page is two or three exchanges there.
            "slack" | "discord" => CHAT_PATIENCE,
            _ => PATIENCE,
        }
    }

    /// A channel with these settings, secrets and all.
    ///
    /// # Errors
    /// When they can't be used.
    fn make(&self, kind: &str, settings: &Value) -> Result<Box<dyn Channel>, BadSettings>;

    /// A channel to the browsers of one person; `None` where nobody knows them.
    fn person(&self, _person: PersonId) -> Option<Box<dyn Channel>> {
        None
    }

    /// The way out, for what is said to a provider besides pages. `None` where nobody is ever spoken to.
    fn outbound(&self) -> Option<Outbound> {
        None
    }
}

/// Makes the channels we have, which reach whatever `Outbound` may.
#[derive(Clone, Debug)]
pub struct Channels(pub Outbound);

impl Make for Channels {
    fn make(&self, kind: &str, settings: &Value) -> Result<Box<dyn Channel>, BadSettings> {
        channels::make(kind, settings, &self.0)
    }

    fn outbound(&self) -> Option<Outbound> {
        Some(self.0.clone())
    }
}

/// Knows the address by which somebody who got a page can take its alerts on without signing in.
#[async_trait]
pub trait AcknowledgeLinks: Send + Sync {
    /// The whole URL, the same for every attempt of a delivery; `None` when there is no such thing. It must come soon: the page waits.
    async fn acknowledge_url(&self, delivery: DeliveryId, alerts: &[AlertId]) -> Option<String>;
}

/// For a house without such addresses.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLinks;

#[async_trait]
impl AcknowledgeLinks for NoLinks {
    async fn acknowledge_url(&self, _delivery: DeliveryId, _alerts: &[AlertId]) -> Option<String> {
        None
    }
}

/// What became of a page to a person's own contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonalOutcome {
    /// A provider has it.
    Accepted,
    /// It never got through, and is not tried again.
    Failed { reason: String },
    /// Nobody has taken it yet, or nobody knows whether it arrived. It goes on being tried.
    Unsure { reason: String },
}

/// The page, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalTold {
    pub key: String,
    pub person: PersonId,
    pub contact: Uuid,
    pub became: PersonalOutcome,
}

/// That could not be told. The transaction is rolled back, and told again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct NotTold {
    pub reason: String,
}

/// Hears what becomes of pages to people's own contacts.
#[async_trait]
pub trait Personal: Send + Sync {
    /// In the transaction that writes it down, which holds the delivery: must wait for nothing that waits for deliveries.
    ///
    /// # Errors
    /// When that can't be written.
    async fn told(&self, tx: &mut Tx, told: &PersonalTold) -> Result<(), NotTold>;
}

/// Draws alerts.
#[async_trait]
pub trait Pictures: Send + Sync {
    /// The graph of an alert's last hours at `at`; `None` when there is nothing to see. Whoever waits too long goes on without it.
    async fn picture(&self, alert: AlertId, at: Time, locale: Locale, zone: Tz) -> Option<Png>;
}

/// Knows who may come in.
#[async_trait]
pub trait People: Send + Sync {
    /// Everybody who has an account that is switched on, with their e-mail address; `None` when it can't be asked now.
    async fn who_may_come_in(&self) -> Option<Vec<(PersonId, String)>>;
}
