//! What a channel is asked to say: one page about one group of alerts, to one reader.
//!
//! A page is complete in itself. A channel looks nothing up: what it needs stands here, in the reader's language and zone, so that the
//! same page can be sent again after a crash and read the same. Texts come from rules and labels, that is from anybody who can write a
//! metric: every channel treats them as hostile.

use chrono_tz::Tz;
use figures::Locale;
use model::ids::AlertId;
use model::labels::Labels;
use model::{Severity, Time};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Why somebody is paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The group fires.
    Fired,
    /// It fires still, or more than before.
    Again,
    /// Somebody has it.
    Acknowledged,
    /// Some of it is over, and some fires still: what was said is changed, and nobody is called.
    Updated,
    /// It is over.
    Resolved,
    /// Of an incident: how it stands, for those who wait.
    Announced,
    /// Of an incident: what was promised is at risk.
    Warned,
    /// Of an incident: what was promised was not kept.
    Breached,
    /// Somebody tries the channel. There may be no alert.
    Test,
}

impl Kind {
    /// Every kind, in the order of a group's life, then of an incident's.
    pub const ALL: [Self; 9] = [
        Self::Fired,
        Self::Again,
        Self::Acknowledged,
        Self::Updated,
        Self::Resolved,
        Self::Announced,
        Self::Warned,
        Self::Breached,
        Self::Test,
    ];

    /// The word in the database and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Again => "again",
            Self::Acknowledged => "acknowledged",
            Self::Updated => "updated",
            Self::Resolved => "resolved",
            Self::Announced => "announced",
            Self::Warned => "warned",
            Self::Breached => "breached",
            Self::Test => "test",
        }
    }

    /// The kind of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether somebody is needed: then a channel makes a noise, and offers to acknowledge where there is something to acknowledge.
    #[must_use]
    pub fn calls(self) -> bool {
        matches!(self, Self::Fired | Self::Again | Self::Breached)
    }

    /// Whether it is about an incident, and about no alert.
    #[must_use]
    pub fn is_bulletin(self) -> bool {
        matches!(self, Self::Announced | Self::Warned | Self::Breached)
    }

    /// Whether it is a message of its own, whatever was said before: the others change what stands there.
    #[must_use]
    pub fn stands_alone(self) -> bool {
        matches!(self, Self::Fired | Self::Test) || self.is_bulletin()
    }
}

/// One alert of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagedAlert {
    pub id: AlertId,
    pub severity: Severity,
    /// The rule's name in the reader's language.
    pub name: String,
    /// The sentence with labels and figures filled in.
    pub summary: String,
    /// What happened, at length, where that is said beside the sentence.
    pub description: Option<String>,
    /// What was measured, with its unit: `612 ms`.
    pub value: Option<String>,
    /// What was crossed, for people: `≥ 500 ms, 5m`.
    pub condition: String,
    pub labels: Labels,
    pub fired_at: Time,
    pub resolved_at: Option<Time>,
    /// Who has it.
    pub holder: Option<String>,
    pub runbook_url: Option<String>,
    pub dashboard_url: Option<String>,
    /// Where it stands in the tool that raised it, when that was not us.
    pub source_url: Option<String>,
}

/// What a page says that is about no alert: about an incident, or a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagedBulletin {
    pub severity: Severity,
    /// What the organisation calls the level: `P0`, `L1`. Empty of a document, which has none.
    pub code: String,
    /// What it is about, in the reader's language.
    pub name: String,
    /// What is said. It may have lines.
    pub text: String,
    /// How far it is.
    pub status: Option<String>,
    /// When what was promised is due.
    pub due_at: Option<Time>,
    /// When the next update is promised.
    pub next_at: Option<Time>,
    pub systems: Vec<String>,
    /// Who says it.
    pub by: Option<String>,
    /// When it was said.
    pub at: Time,
}

impl PagedBulletin {
    /// Whether it is about an incident: those have levels.
    #[must_use]
    pub(crate) fn has_level(&self) -> bool {
        !self.code.is_empty()
    }
}

/// A picture, as PNG.
#[derive(Clone, PartialEq, Eq)]
pub struct Png(Arc<Vec<u8>>);

impl Png {
    /// Of these bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Arc::new(bytes))
    }

    /// As a file holds it.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Png {
    /// Only how large it is: nobody reads pixels.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Png({} bytes)", self.0.len())
    }
}

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The idempotency key: the same for every attempt of one delivery, and for no other.
    pub key: String,
    pub kind: Kind,
    /// In any order; channels ask [`Page::worst`] and [`Page::first`]. Empty for a test, and when nothing is known any more: then the page
    /// says where to look.
    pub alerts: Vec<PagedAlert>,
    /// Of one that is about an incident: what it says. Then there are no alerts.
    pub bulletin: Option<PagedBulletin>,
    /// How many more it is about: only so many are kept with their words ([`crate::orders::MOST_WORDS`]).
    pub unlisted: usize,
    pub locale: Locale,
    pub zone: Tz,
    /// Where the group, or the incident, is shown in the console.
    pub url: String,
    /// Where it can be acknowledged without signing in. Opening it shows, only pressing there acts.
    pub acknowledge_url: Option<String>,
    /// Where its reader has such messages switched off, or sent elsewhere: the channel, or their own contacts.
    pub settings_url: Option<String>,
    /// What the channel returned for the first message about this group ([`super::channels::Sent::reference`]).
    pub previous: Option<String>,
    /// The same of the messages that followed, as far as they have names of their own, each once, the oldest first.
    pub later: Vec<String>,
    /// Whether this page calls for more than the last one that called: it is worse, or somebody had taken that on. A provider that joins what
    /// belongs together to one incident, and calls nobody for one that somebody has, must be given another.
    pub is_raised: bool,
    /// The moment of this attempt: signatures and expiries are counted from here.
    pub at: Time,
    /// The graph of [`Page::first`], when it could be drawn in time. Only some channels show it, and none waits for it.
    pub picture: Option<Png>,
}

impl Page {
    /// How many alerts it is about.
    #[must_use]
    pub fn n_alerts(&self) -> usize {
        self.alerts.len() + self.unlisted
    }

    /// The worst severity, or the incident's. Of a page without either: the least for a test, else the worst there is, because nobody knows
    /// better.
    #[must_use]
    pub fn worst(&self) -> Severity {
        if let Some(bulletin) = &self.bulletin {
            return bulletin.severity;
        }
        let unknown: Severity = if self.kind == Kind::Test { Severity::P3 } else { Severity::P0 };
        self.alerts.iter().map(|alert| alert.severity).min().unwrap_or(unknown)
    }

    /// Whether there is a level to speak of: everything has one but what is about a document.
    #[must_use]
    pub(crate) fn has_level(&self) -> bool {
        self.bulletin.as_ref().is_none_or(PagedBulletin::has_level)
    }

    /// The alert that stands for the page: the first of the worst that is not over, else the first of the worst.
    #[must_use]
    pub fn first(&self) -> Option<&PagedAlert> {
        self.alerts.iter().min_by_key(|alert| (alert.resolved_at.is_some(), alert.severity))
    }

    /// Since when it fires, or when it was said; the attempt's own moment without either.
    #[must_use]
    pub fn since(&self) -> Time {
        let said_at: Time = self.bulletin.as_ref().map_or(self.at, |bulletin| bulletin.at);
        self.first().map_or(said_at, |alert| alert.fired_at)
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn kinds_are_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_word(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::from_word("paged"), None);
    }

    #[test]
    fn what_is_about_an_incident_stands_alone_and_calls_only_when_a_promise_was_broken() {
        let bulletins: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| kind.is_bulletin()).collect();
        assert_eq!(bulletins, [Kind::Announced, Kind::Warned, Kind::Breached]);
        assert!(bulletins.iter().all(|kind| kind.stands_alone()));
        assert_eq!(bulletins.iter().filter(|kind| kind.calls()).count(), 1);
        assert!(!Kind::Resolved.stands_alone() && !Kind::Again.stands_alone() && Kind::Test.stands_alone());
    }
}
