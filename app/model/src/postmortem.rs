//! Postmortems: how far one is, what may be done with it then, and what it is sorted by.
//!
//! Draft → in review → approved → published; a reviewer may want changes, and what was published may be opened again, which stays written.
//! That none is needed is a state too, with a reason and somebody beside the owner who says so.

use crate::Severity;
use serde::{Deserialize, Serialize};

/// How far a postmortem is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[default]
    Draft,
    InReview,
    ChangesRequested,
    Approved,
    /// Read-only.
    Published,
    /// Somebody said that none is needed.
    NotRequired,
}

impl State {
    /// Every state, in the order of the work.
    pub const ALL: [Self; 6] =
        [Self::Draft, Self::InReview, Self::ChangesRequested, Self::Approved, Self::Published, Self::NotRequired];

    /// The word in the database and in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::ChangesRequested => "changes_requested",
            Self::Approved => "approved",
            Self::Published => "published",
            Self::NotRequired => "not_required",
        }
    }

    /// The state of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Nothing is left to write.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Published | Self::NotRequired)
    }

    /// Whether the text may be changed.
    #[must_use]
    pub fn is_writable(self) -> bool {
        self != Self::Published
    }

    /// Where an act leads from here; `None` when it is not to be done now.
    #[must_use]
    pub fn after(self, act: Act) -> Option<Self> {
        match (self, act) {
            (Self::Draft | Self::ChangesRequested, Act::AskReview) => Some(Self::InReview),
            (Self::InReview, Act::RequestChanges) => Some(Self::ChangesRequested),
            // Once more where it was written on since.
            (Self::InReview | Self::Approved, Act::Approve) => Some(Self::Approved),
            // Back to the desk: a review that was asked for too early, or an approval of what has to be another.
            (Self::InReview | Self::Approved, Act::Withdraw) => Some(Self::Draft),
            (Self::Approved, Act::Publish) => Some(Self::Published),
            (Self::Published | Self::NotRequired, Act::Reopen) => Some(Self::Draft),
            (Self::Draft | Self::InReview | Self::ChangesRequested | Self::Approved, Act::Waive) => Some(Self::NotRequired),
            _ => None,
        }
    }

    /// What may be done now.
    #[must_use]
    pub fn acts(self) -> Vec<Act> {
        Act::ALL.into_iter().filter(|act| self.after(*act).is_some()).collect()
    }
}

/// What is done with a postmortem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    AskReview,
    RequestChanges,
    Approve,
    Withdraw,
    Publish,
    Reopen,
    Waive,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 7] =
        [Self::AskReview, Self::RequestChanges, Self::Approve, Self::Withdraw, Self::Publish, Self::Reopen, Self::Waive];

    /// The word in the database and in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AskReview => "ask_review",
            Self::RequestChanges => "request_changes",
            Self::Approve => "approve",
            Self::Withdraw => "withdraw",
            Self::Publish => "publish",
            Self::Reopen => "reopen",
            Self::Waive => "waive",
        }
    }

    /// The act of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == word)
    }

    /// Whether it needs a reason in words.
    #[must_use]
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::RequestChanges | Self::Reopen | Self::Waive)
    }
}

/// What a postmortem begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// The requirement document's eight headings.
    #[default]
    Report,
    /// "How did it make sense at the time": interviews, narrative, review meeting.
    Sense,
}

impl Template {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Report, Self::Sense];

    /// The word in the database and in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Sense => "sense",
        }
    }

    /// The template of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.as_str() == word)
    }
}

macro_rules! worded {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word in the database and in addresses.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The one of that word, if there is one.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }
    };
}

worded! {
    /// What set it off.
    Trigger {
        Deploy = "deploy",
        Configuration = "configuration",
        Load = "load",
        Hardware = "hardware",
        Supplier = "supplier",
        Expiry = "expiry",
        Operation = "operation",
        Attack = "attack",
        Other = "other",
    }
}

worded! {
    /// How it was noticed.
    Detection {
        Alert = "alert",
        Customer = "customer",
        Colleague = "colleague",
        Supplier = "supplier",
        Chance = "chance",
    }
}

worded! {
    /// What let it happen, or made it worse. More than one as a rule.
    Factor {
        MissingCheck = "missing_check",
        MissingTest = "missing_test",
        MissingAlert = "missing_alert",
        UnclearProcedure = "unclear_procedure",
        Knowledge = "knowledge",
        Handover = "handover",
        Capacity = "capacity",
        Dependency = "dependency",
        Design = "design",
        Defect = "defect",
        Rollback = "rollback",
        Staging = "staging",
        Automation = "automation",
        Fatigue = "fatigue",
    }
}

worded! {
    /// What an action is for.
    ActionKind {
        Mitigate = "mitigate",
        Prevent = "prevent",
        Detect = "detect",
        Process = "process",
    }
}

/// What an organisation asks of its postmortems.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Days from the resolution to the deadline, by severity.
    pub deadline_days: [i64; 4],
    /// By severity: whether somebody may say that none is needed.
    pub may_waive: [bool; 4],
    /// Whether whoever owns one may approve it too.
    pub owner_may_approve: bool,
    /// Days before the deadline on which the owner is reminded.
    pub remind_days_before: i64,
}

impl Default for Policy {
    /// The requirement document asks for one after every P0 and P1, so there they can't be waived.
    fn default() -> Self {
        Self {
            deadline_days: [5, 7, 14, 14],
            may_waive: [false, false, true, true],
            owner_may_approve: false,
            remind_days_before: 2,
        }
    }
}

/// Longer would be no deadline.
pub const MOST_DAYS: i64 = 365;

impl Policy {
    /// Days until the deadline.
    #[must_use]
    pub fn days(&self, severity: Severity) -> i64 {
        self.deadline_days[severity as usize]
    }

    /// Whether one can be waived.
    #[must_use]
    pub fn may_be_waived(&self, severity: Severity) -> bool {
        self.may_waive[severity as usize]
    }

    /// Whether it can be meant: 1 to [`MOST_DAYS`] days each.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        let is_day = |days: &i64| (1..=MOST_DAYS).contains(days);
        self.deadline_days.iter().all(is_day) && (0..=MOST_DAYS).contains(&self.remind_days_before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for state in State::ALL {
            assert_eq!(State::from_word(state.as_str()), Some(state));
        }
        for act in Act::ALL {
            assert_eq!(Act::from_word(act.as_str()), Some(act));
        }
        for factor in Factor::ALL {
            assert_eq!(Factor::from_word(factor.as_str()), Some(*factor));
        }
        assert_eq!((Trigger::from_word("deploy"), Detection::from_word("")), (Some(Trigger::Deploy), None));
    }

    #[test]
    fn the_way_to_a_publication_is_the_one_that_was_designed() {
        let way = [Act::AskReview, Act::RequestChanges, Act::AskReview, Act::Approve, Act::Publish, Act::Reopen];
        let mut state = State::Draft;
        let mut seen: Vec<State> = Vec::new();
        for act in way {
            state = state.after(act).unwrap();
            seen.push(state);
        }
        let expected =
            [State::InReview, State::ChangesRequested, State::InReview, State::Approved, State::Published, State::Draft];
        assert_eq!(seen, expected);
    }

    #[test]
    fn nothing_is_published_unread_and_what_is_published_is_only_opened_again() {
        for state in [State::Draft, State::InReview, State::ChangesRequested, State::NotRequired] {
            assert_eq!(state.after(Act::Publish), None, "{}", state.as_str());
        }
        assert_eq!(State::Published.acts(), [Act::Reopen]);
        assert_eq!(State::NotRequired.acts(), [Act::Reopen]);
        assert!(!State::Published.is_writable() && State::Approved.is_writable());
    }

    #[test]
    fn p0_and_p1_can_not_be_waived_unless_somebody_says_so() {
        let policy = Policy::default();
        let waivable: Vec<bool> = Severity::ALL.into_iter().map(|severity| policy.may_be_waived(severity)).collect();
        assert_eq!(waivable, [false, false, true, true]);
        assert!(policy.is_possible() && !Policy { deadline_days: [0, 1, 1, 1], ..policy }.is_possible());
    }
}
