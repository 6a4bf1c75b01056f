//! Escalation policies: who is paged, one step after the other, until somebody has it.
//!
//! A step pages everybody it names and then waits; the wait stands after the firing, so the first step fires at once. After the last one the
//! policy begins again, as often as it says. A policy names people by e-mail address, teams and schedules by name: whom that means is asked
//! when the step fires.

pub mod course;
pub mod file;
pub mod hours;
pub mod keeping;
pub mod printer;

use chrono_tz::Tz;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Policies of one installation.
pub const MAX_POLICIES: usize = 500;
/// Steps of one policy.
pub const MAX_STEPS: usize = 20;
/// Whom one step names.
pub const MAX_TARGETS: usize = 50;
/// How often a policy may go through its steps, unless it never ends.
pub const MAX_PASSES: u32 = 100;
/// Shorter than this nobody can answer.
pub const SHORTEST_WAIT_MS: i64 = 30_000;
/// Longer than this nobody waits for.
pub const LONGEST_WAIT_MS: i64 = 24 * 3_600_000;

/// A policy as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What routes call it.
    pub name: String,
    /// The name of the team that looks after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// How often it goes through its steps.
    #[serde(default)]
    pub passes: Passes,
    pub steps: Vec<Step>,
}

impl Policy {
    /// What a policy that nobody wrote does: it reaches nobody, so the administrators are paged.
    #[must_use]
    pub fn unwritten(name: &str) -> Self {
        Self { name: name.to_owned(), owner: None, passes: Passes::default(), steps: Vec::new() }
    }
}

/// One step of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// From its firing to the next step's.
    pub wait: Wait,
    /// Whom it pages, all at once.
    pub notify: Vec<Target>,
    #[serde(default)]
    pub ack: AckMode,
    /// When it fires at all.
    #[serde(default)]
    pub when: When,
    /// In whose day [`Step::when`] is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    #[serde(default)]
    pub on_empty: OnEmpty,
}

/// Whose answer a step wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AckMode {
    /// One answer stops everything.
    #[default]
    Any,
    /// One answer stops later steps; the others this step paged go on being paged until each of them has answered.
    All,
}

/// When a step fires. At every moment just one of the last three holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    #[default]
    Always,
    /// A working day from 9:00 to 18:00.
    Business,
    /// A working day before and after that.
    Night,
    /// A Saturday, a Sunday or a public holiday.
    Holiday,
}

impl When {
    /// The word in files and in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Business => "business",
            Self::Night => "night",
            Self::Holiday => "holiday",
        }
    }
}

/// What becomes of a step that can page nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnEmpty {
    /// The next one fires at once.
    #[default]
    Next,
    /// The administrators are paged in its place.
    Fallback,
}

/// Whom a step pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenTarget", into = "WrittenTarget")]
pub enum Target {
    /// By e-mail address.
    Person(String),
    /// Whoever has this duty in that schedule at the moment.
    Schedule { schedule: String, role: String },
    /// Everybody in it.
    Team(String),
    /// Everybody who may answer alerts.
    Everyone,
    /// A channel, such as a room that several people read.
    Channel(String),
}

/// The duty that is meant where none is named.
const PRIMARY: &str = "primary";

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTarget {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schedule: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    team: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    everyone: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
}

/// Not one of the things a step can page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected one of person, schedule (with role), team, everyone: true, channel")]
pub struct NotATarget;

impl TryFrom<WrittenTarget> for Target {
    type Error = NotATarget;

    fn try_from(written: WrittenTarget) -> Result<Self, NotATarget> {
        let WrittenTarget { person, schedule, role, team, everyone, channel } = written;
        match (person, schedule, role, team, everyone, channel) {
            (Some(email), None, None, None, None, None) => Ok(Self::Person(email)),
            (None, Some(schedule), role, None, None, None) => {
                Ok(Self::Schedule { schedule, role: role.unwrap_or_else(|| PRIMARY.to_owned()) })
            }
            (None, None, None, Some(team), None, None) => Ok(Self::Team(team)),
            (None, None, None, None, Some(true), None) => Ok(Self::Everyone),
            (None, None, None, None, None, Some(channel)) => Ok(Self::Channel(channel)),
            _ => Err(NotATarget),
        }
    }
}

impl From<Target> for WrittenTarget {
    fn from(target: Target) -> Self {
        match target {
            Target::Person(email) => Self { person: Some(email), ..Self::default() },
            Target::Schedule { schedule, role } => Self { schedule: Some(schedule), role: Some(role), ..Self::default() },
            Target::Team(team) => Self { team: Some(team), ..Self::default() },
            Target::Everyone => Self { everyone: Some(true), ..Self::default() },
            Target::Channel(channel) => Self { channel: Some(channel), ..Self::default() },
        }
    }
}

/// How long a step waits, written as `5m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Wait {
    pub ms: i64,
}

/// A text that is no wait.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a wait from 30s to 24h such as 5m, found \"{0}\"")]
pub struct NotAWait(String);

impl TryFrom<String> for Wait {
    type Error = NotAWait;

    fn try_from(text: String) -> Result<Self, NotAWait> {
        let read: Option<u64> = promql::numbers::parse_duration_ms(text.trim()).ok();
        let ms: Option<i64> = read.and_then(|ms| i64::try_from(ms).ok());
        match ms.filter(|ms| (SHORTEST_WAIT_MS..=LONGEST_WAIT_MS).contains(ms)) {
            Some(ms) => Ok(Self { ms }),
            None => Err(NotAWait(text)),
        }
    }
}

impl From<Wait> for String {
    fn from(wait: Wait) -> Self {
        promql::numbers::format_duration(u64::try_from(wait.ms).unwrap_or(0))
    }
}

/// How often a policy goes through its steps: `3`, or `forever`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passes {
    Times(u32),
    /// Until somebody answers, or it is over.
    Forever,
}

/// As it is written.
const FOREVER: &str = "forever";

impl Default for Passes {
    fn default() -> Self {
        Self::Times(1)
    }
}

impl Serialize for Passes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Times(n) => serializer.serialize_u32(*n),
            Self::Forever => serializer.serialize_str(FOREVER),
        }
    }
}

impl<'de> Deserialize<'de> for Passes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadPasses)
    }
}

struct ReadPasses;

impl Visitor<'_> for ReadPasses {
    type Value = Passes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a number from 1 to {MAX_PASSES}, or {FOREVER}")
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<Passes, E> {
        let times: Option<u32> = u32::try_from(n).ok().filter(|n| (1..=MAX_PASSES).contains(n));
        times.map(Passes::Times).ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(n), &self))
    }

    fn visit_i64<E: de::Error>(self, n: i64) -> Result<Passes, E> {
        match u64::try_from(n) {
            Ok(n) => self.visit_u64(n),
            Err(_) => Err(E::invalid_value(de::Unexpected::Signed(n), &self)),
        }
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Passes, E> {
        if word == FOREVER { Ok(Passes::Forever) } else { Err(E::invalid_value(de::Unexpected::Str(word), &self)) }
    }
}

/// An IANA zone. Travels by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(pub Tz);

/// A text that names no zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an IANA zone such as Asia/Tokyo, found \"{0}\"")]
pub struct NotAZone(String);

impl TryFrom<String> for Zone {
    type Error = NotAZone;

    fn try_from(name: String) -> Result<Self, NotAZone> {
        match name.parse::<Tz>() {
            Ok(zone) => Ok(Self(zone)),
            Err(_) => Err(NotAZone(name)),
        }
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0.name().to_owned()
    }
}
