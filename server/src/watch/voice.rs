//! Speaking by a channel directly: no outbox, no database, one attempt. For who has to say that there is neither.
//!
//! The channels are those of the notify room, and the key of what is said stands in every message as it does in a page, so that a provider,
//! or whoever reads, can tell a repetition.

use crate::house_error::chain;
use chrono_tz::Tz;
use figures::Locale;
use futures::FutureExt;
use kernel::outbound::Outbound;
use model::ids::AlertId;
use model::labels::Labels;
use model::{Severity, Time};
use notify::channels::{self, BadSettings, Channel, SendError, Sent};
use notify::emergency::Contact;
use notify::page::{Page, PagedAlert};
use notify::{Kind, Words};
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::time::error::Elapsed;

/// A provider that has not answered by then has not answered. Channels end by themselves after 25 s.
const PATIENCE: Duration = Duration::from_secs(20);
/// The last resort is waited for this long before the others are told as well: with the rest of break-glass it makes less than a minute.
pub const HESITATION: Duration = Duration::from_secs(10);
/// The number of what is no alert of the alerting room: no alert has it.
const NO_ALERT: AlertId = AlertId(0);

/// By name of channel: what its provider calls the first message, for the ones that follow.
pub type References = BTreeMap<String, Option<String>>;

/// A channel that can be spoken by.
pub struct Voice {
    pub name: String,
    pub last_resort: bool,
    locale: Locale,
    zone: Tz,
    channel: Box<dyn Channel>,
}

/// What is said.
#[derive(Clone, Debug)]
pub struct Saying {
    /// With the name of the channel it is the idempotency key.
    pub key: String,
    pub kind: Kind,
    pub severity: Severity,
    pub name: Words,
    pub summary: Words,
    pub since: Time,
    /// When it was over, if it is.
    pub over_at: Option<Time>,
    /// Where to look.
    pub url: String,
    pub at: Time,
}

impl Voice {
    /// The voice of a contact, reaching what `outbound` may.
    ///
    /// # Errors
    /// What is wrong with its settings.
    pub fn of(contact: &Contact, outbound: &Outbound) -> Result<Self, BadSettings> {
        let channel: Box<dyn Channel> = channels::make(&contact.kind, &contact.settings, outbound)?;
        Ok(Self {
            name: contact.name.clone(),
            last_resort: contact.last_resort,
            locale: contact.locale,
            zone: contact.zone.parse::<Tz>().unwrap_or(Tz::UTC),
            channel,
        })
    }

    /// Says it once. `None` when it was not taken, which is logged; else what the provider calls the message.
    async fn say(&self, saying: &Saying, previous: Option<String>) -> Option<Option<String>> {
        let page: Page = self.page(saying, previous);
        let sending = AssertUnwindSafe(self.channel.send(&page)).catch_unwind();
        let said: Result<Sent, String> = match tokio::time::timeout(PATIENCE, sending).await {
            Ok(Ok(Ok(sent))) => Ok(sent),
            Ok(Ok(Err(SendError::Retry { reason, .. } | SendError::Refused { reason }))) => Err(reason),
            Ok(Err(_panic)) => Err("the channel panicked".to_owned()),
            Err(_elapsed) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
        };
        match said {
            Ok(sent) => Some(sent.reference),
            Err(reason) => {
                tracing::error!(channel = self.name, reason, "an emergency was not taken by a channel");
                None
            }
        }
    }

    fn page(&self, saying: &Saying, previous: Option<String>) -> Page {
        Page {
            key: format!("{}/{}", saying.key, self.name),
            kind: saying.kind,
            alerts: vec![self.alert(saying)],
            bulletin: None,
            locale: self.locale,
            zone: self.zone,
            url: saying.url.clone(),
            acknowledge_url: None,
            settings_url: None,
            previous,
            later: Vec::new(),
            is_raised: false,
            unlisted: 0,
            at: saying.at,
            picture: None,
        }
    }

    fn alert(&self, saying: &Saying) -> PagedAlert {
        PagedAlert {
            id: NO_ALERT,
            severity: saying.severity,
            name: in_language(&saying.name, self.locale),
            summary: in_language(&saying.summary, self.locale),
            description: None,
            value: None,
            condition: String::new(),
            labels: Labels::default(),
            fired_at: saying.since,
            resolved_at: saying.over_at,
            holder: None,
            runbook_url: None,
            dashboard_url: None,
            source_url: None,
        }
    }
}

fn in_language(words: &Words, locale: Locale) -> String {
    match locale {
        Locale::Ja => words.ja.clone(),
        Locale::En => words.en.clone(),
    }
}

/// The voices of contacts. One whose settings can't be used is left out, and that is logged.
#[must_use]
pub fn voices(contacts: &[Contact], outbound: &Outbound) -> Vec<Voice> {
    let mut voices: Vec<Voice> = Vec::with_capacity(contacts.len());
    for contact in contacts {
        match Voice::of(contact, outbound) {
            Ok(voice) => voices.push(voice),
            Err(error) => {
                tracing::warn!(channel = contact.name, error = chain(&error), "an emergency can't be told by a channel")
            }
        }
    }
    voices
}

/// Says it by all of them side by side, to each as an answer to what it was told before. Returns those who took it.
pub async fn say(voices: &[&Voice], saying: &Saying, before: &References) -> References {
    let mut each = Vec::with_capacity(voices.len());
    for voice in voices {
        each.push(say_by(voice, saying, before));
    }
    let taken: Vec<Option<(String, Option<String>)>> = futures::future::join_all(each).await;
    taken.into_iter().flatten().collect()
}

async fn say_by(voice: &Voice, saying: &Saying, before: &References) -> Option<(String, Option<String>)> {
    let previous: Option<String> = before.get(&voice.name).cloned().flatten();
    let reference: Option<String> = voice.say(saying, previous).await?;
    Some((voice.name.clone(), reference))
}

/// Says it by the channel of last resort; where there is none, or it does not take it, by all others. One that hangs is given up on only
/// after [`PATIENCE`], but the others don't wait for it longer than `hesitation`.
pub async fn say_to_somebody(voices: &[Voice], saying: &Saying, before: &References, hesitation: Duration) -> References {
    let (last_resort, others): (Vec<&Voice>, Vec<&Voice>) = voices.iter().partition(|voice| voice.last_resort);
    let mut first = Box::pin(say(&last_resort, saying, before));
    let in_time: Result<References, Elapsed> = tokio::time::timeout(hesitation, &mut first).await;
    match in_time {
        Ok(taken) if taken.is_empty() => say(&others, saying, before).await,
        Ok(taken) => taken,
        Err(_elapsed) => {
            let (mut taken, more): (References, References) = tokio::join!(first, say(&others, saying, before));
            taken.extend(more);
            taken
        }
    }
}
