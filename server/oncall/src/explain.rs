//! Why somebody was paged, and why nobody was: a line for everything that was decided, written with it.

use crate::contacts::ContactId;
use crate::policies::course::Place;
use model::Time;
use model::ids::PersonId;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// An alert asked for it; `detail` is the reason.
    Started,
    /// The policy that the route names does not exist.
    PolicyUnknown,
    /// The same story asked again while it ran; `detail` is the reason.
    Updated,
    /// A step fired.
    StepFired,
    /// A step did not fire: it is not its time; `detail` is the time it wants.
    NotItsTime,
    /// No step's time is now; it goes on at `until`.
    WaitsForItsTime,
    /// A step did not fire: nobody it names can be paged.
    StepEmpty,
    /// Nobody goes by this e-mail address, or is in this team, or is on call there; `detail` names it.
    NobodyNamed,
    /// Somebody may not come in any more.
    Disabled,
    /// Somebody has no verified contact.
    NoContact,
    /// Somebody is to be paged.
    Paged,
    /// A channel was told; `detail` is its name.
    ChannelTold,
    /// Somebody was paged a moment ago: what is new goes in one message at `until`.
    Held,
    /// A message went to be sent; `detail` is the kind of contact.
    Asked,
    /// It was told in a message of another run.
    Bundled,
    /// A provider took it.
    Accepted,
    /// It never got through; `detail` is the reason.
    Failed,
    /// Nobody knows yet whether it got through; the next contact is asked too.
    Unsure,
    /// Every contact of somebody has failed.
    NoContactLeft,
    /// No step of the pass reached anybody, or one asked for it: the administrators are paged.
    Fallback,
    /// No administrator can be paged either: the channel of last resort was told.
    LastResort,
    /// The policy begins again.
    NextPass,
    /// All steps have fired, and nobody has answered.
    Spent,
    /// Somebody took an alert on; `detail` is their name.
    Acknowledged,
    /// Somebody can't; `detail` is the reason.
    PassedOn,
    /// Something else could not wait, so the next step fires at once; `detail` is the reason.
    Hastened,
    /// Nothing more happens; `detail` is the reason.
    Ended,
}

impl What {
    /// Everything, in the order of a run's life.
    pub const ALL: [Self; 27] = [
        Self::Started,
        Self::PolicyUnknown,
        Self::Updated,
        Self::StepFired,
        Self::NotItsTime,
        Self::WaitsForItsTime,
        Self::StepEmpty,
        Self::NobodyNamed,
        Self::Disabled,
        Self::NoContact,
        Self::Paged,
        Self::ChannelTold,
        Self::Held,
        Self::Asked,
        Self::Bundled,
        Self::Accepted,
        Self::Failed,
        Self::Unsure,
        Self::NoContactLeft,
        Self::Fallback,
        Self::LastResort,
        Self::NextPass,
        Self::Spent,
        Self::Acknowledged,
        Self::PassedOn,
        Self::Hastened,
        Self::Ended,
    ];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::PolicyUnknown => "policy unknown",
            Self::Updated => "updated",
            Self::StepFired => "step fired",
            Self::NotItsTime => "not its time",
            Self::WaitsForItsTime => "waits for its time",
            Self::StepEmpty => "step empty",
            Self::NobodyNamed => "nobody named",
            Self::Disabled => "disabled",
            Self::NoContact => "no contact",
            Self::Paged => "paged",
            Self::ChannelTold => "channel told",
            Self::Held => "held",
            Self::Asked => "asked",
            Self::Bundled => "bundled",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
            Self::Unsure => "unsure",
            Self::NoContactLeft => "no contact left",
            Self::Fallback => "fallback",
            Self::LastResort => "last resort",
            Self::NextPass => "next pass",
            Self::Spent => "spent",
            Self::Acknowledged => "acknowledged",
            Self::PassedOn => "passed on",
            Self::Hastened => "hastened",
            Self::Ended => "ended",
        }
    }

    /// What that word means, if anything.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == word)
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    pub at: Time,
    pub what: What,
    /// Of what a step did: which.
    pub place: Option<Place>,
    /// Whom it is about.
    pub person: Option<PersonId>,
    pub contact: Option<ContactId>,
    pub detail: Option<String>,
    pub until: Option<Time>,
}

impl LogEntry {
    /// A line that says nothing but what.
    #[must_use]
    pub(crate) fn new(at: Time, what: What) -> Self {
        Self { at, what, place: None, person: None, contact: None, detail: None, until: None }
    }

    #[must_use]
    pub(crate) fn at_place(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }

    #[must_use]
    pub(crate) fn about(self, person: PersonId) -> Self {
        Self { person: Some(person), ..self }
    }

    #[must_use]
    pub(crate) fn by(self, contact: ContactId) -> Self {
        Self { contact: Some(contact), ..self }
    }

    #[must_use]
    pub(crate) fn saying(self, detail: &str) -> Self {
        Self { detail: Some(detail.to_owned()), ..self }
    }

    #[must_use]
    pub(crate) fn until(self, until: Time) -> Self {
        Self { until: Some(until), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::What;

    #[test]
    fn words_are_read_back() {
        for what in What::ALL {
            assert_eq!(What::from_word(what.as_str()), Some(what));
        }
        assert_eq!(What::from_word("fired"), None);
    }
}
