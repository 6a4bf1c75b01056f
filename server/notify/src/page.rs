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
    /// Somebody tries the channel. There may be no alert.
    Test,
}

impl Kind {
    /// Every kind, in the order of a group's life.
    pub const ALL: [Self; 6] = [Self::Fired, Self::Again, Self::Acknowledged, Self::Updated, Self::Resolved, Self::Test];

    /// The word in the database and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Again => "again",
            Self::Acknowledged => "acknowledged",
            Self::Updated => "updated",
            Self::Resolved => "resolved",
            Self::Test => "test",
        }
    }

    /// The kind of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether somebody is needed: then a channel makes a noise and offers to acknowledge.
    #[must_use]
    pub fn calls(self) -> bool {
        matches!(self, Self::Fired | Self::Again)
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
    /// How many more it is about: only so many are kept with their words ([`crate::orders::MOST_WORDS`]).
    pub unlisted: usize,
    pub locale: Locale,
    pub zone: Tz,
    /// Where the group is shown in the console.
    pub url: String,
    /// Where it can be acknowledged without signing in. Opening it shows, only pressing there acts.
    pub acknowledge_url: Option<String>,
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

    /// The worst severity. Of a page without alerts: the least for a test, else the worst there is, because nobody knows better.
    #[must_use]
    pub fn worst(&self) -> Severity {
        let unknown: Severity = if self.kind == Kind::Test { Severity::P3 } else { Severity::P0 };
        self.alerts.iter().map(|alert| alert.severity).min().unwrap_or(unknown)
    }

    /// The alert that stands for the page: the first of the worst that is not over, else the first of the worst.
    #[must_use]
    pub fn first(&self) -> Option<&PagedAlert> {
        self.alerts.iter().min_by_key(|alert| (alert.resolved_at.is_some(), alert.severity))
    }

    /// Since when it fires; the attempt's own moment without alerts.
    #[must_use]
    pub fn since(&self) -> Time {
        self.first().map_or(self.at, |alert| alert.fired_at)
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
}
