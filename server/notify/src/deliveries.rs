//! What becomes of a delivery. Pure: the attempt is over, and this says what that means.
//!
//! `due → sending → sent | failed | superseded`, and back to `due` as long as there is hope. A delivery whose worker died is claimed again
//! out of `sending`, under the same key.

use crate::page::Kind;
use crate::retry::{LONGEST_WAIT_MS, Pace, next_try};
use model::Time;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use uuid::Uuid;

/// From asking for a page to asking the next channel too, when nobody has taken it.
pub const PASS_ON_AFTER_MS: i64 = 60_000;
/// The same when a request went out and no answer came: it may or may not have arrived.
pub const PASS_ON_UNKNOWN_AFTER_MS: i64 = 20_000;

/// A delivery's id: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub Uuid);

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for DeliveryId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// To be sent, now or later.
    Due,
    /// In the hands of a worker.
    Sending,
    /// The provider has it.
    Sent,
    /// It never got through, and is not tried again.
    Failed,
    /// Nobody needs it any more.
    Superseded,
}

impl State {
    /// Every state, in the order of a delivery's life.
    pub const ALL: [Self; 5] = [Self::Due, Self::Sending, Self::Sent, Self::Failed, Self::Superseded];

    /// The word in the database and in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Superseded => "superseded",
        }
    }

    /// What that word means, if anything.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether nothing happens to it any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Sent | Self::Failed | Self::Superseded)
    }
}

/// Why somebody need not be told any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// Somebody has the alert.
    Acknowledged,
    /// The alert is over.
    Resolved,
    /// Silenced, or in a maintenance window.
    Silenced,
    /// A newer delivery says the same and more.
    Newer,
    /// It says that something is over of which nobody was told.
    NobodyTold,
}

impl Withdrawal {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Acknowledged, Self::Resolved, Self::Silenced, Self::Newer, Self::NobodyTold];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Silenced => "silenced",
            Self::Newer => "newer",
            Self::NobodyTold => "nobody told",
        }
    }

    /// What that word means, if anything.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == word)
    }
}

/// How one attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The provider took it, and calls it `reference` from now on.
    Sent { reference: Option<String>, detail: String },
    /// Not this time; the provider may have asked for patience.
    Retry { reason: String, after: Option<Duration> },
    /// A request went out and no answer came.
    Unknown { reason: String },
    /// Never.
    Refused { reason: String },
}

impl Outcome {
    /// The word in the log of attempts.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::Retry { .. } => "retry",
            Self::Unknown { .. } => "unknown",
            Self::Refused { .. } => "refused",
        }
    }

    /// What the provider said, or we about it.
    #[must_use]
    pub fn detail(&self) -> &str {
        match self {
            Self::Sent { detail, .. } => detail,
            Self::Retry { reason, .. } | Self::Unknown { reason } | Self::Refused { reason } => reason,
        }
    }
}

/// A delivery whose attempt has just ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) id: Uuid,
    pub(crate) kind: Kind,
    pub(crate) pace: Pace,
    /// 1 for the first.
    pub(crate) attempt: i32,
    /// When it was asked for.
    pub(crate) at: Time,
    /// When the first attempt began.
    pub(crate) first_attempt_at: Time,
    pub(crate) pass_on_at: Option<Time>,
    /// Whether nobody need hear of any of its alerts any more.
    pub(crate) withdrawn: bool,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) state: State,
    /// Of [`State::Due`]: when. Otherwise the moment it was settled.
    pub(crate) due_at: Time,
    /// When the next channel is asked; a state that needs none has none.
    pub(crate) pass_on_at: Option<Time>,
}

/// Decides.
pub(crate) fn settle(standing: &Standing, outcome: &Outcome, now: Time) -> Next {
    match outcome {
        Outcome::Sent { .. } => over(State::Sent, now),
        _ if standing.withdrawn => over(State::Superseded, now),
        Outcome::Refused { .. } => failed(standing, now),
        // Whoever tests a channel wants to see what it says now.
        Outcome::Retry { .. } | Outcome::Unknown { .. } if standing.kind == Kind::Test => failed(standing, now),
        Outcome::Retry { after, .. } => again(standing, *after, standing.pass_on_at, now),
        Outcome::Unknown { .. } => {
            let soon: Time = standing.at.plus_ms(PASS_ON_UNKNOWN_AFTER_MS);
            again(standing, None, standing.pass_on_at.map(|at| at.min(soon)), now)
        }
    }
}

fn over(state: State, now: Time) -> Next {
    Next { state, due_at: now, pass_on_at: None }
}

/// The next channel is asked at once, unless it was already.
fn failed(standing: &Standing, now: Time) -> Next {
    Next { state: State::Failed, due_at: now, pass_on_at: standing.pass_on_at.map(|_| now) }
}

fn again(standing: &Standing, after: Option<Duration>, pass_on_at: Option<Time>, now: Time) -> Next {
    let next: Option<Time> = next_try(standing.pace, standing.id, standing.attempt, standing.first_attempt_at, now);
    match next {
        None => failed(standing, now),
        Some(due_at) => Next { state: State::Due, due_at: due_at.max(not_before(after, now)), pass_on_at },
    }
}

fn not_before(after: Option<Duration>, now: Time) -> Time {
    let wait_ms: i64 = after.map_or(0, |after| i64::try_from(after.as_millis()).unwrap_or(LONGEST_WAIT_MS));
    now.plus_ms(wait_ms.min(LONGEST_WAIT_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ASKED: Time = Time(1_000_000);
    const NOW: Time = Time(1_009_000);

    /// Byte 39 makes attempt 1 come back without a spread.
    fn standing(kind: Kind) -> Standing {
        Standing {
            id: Uuid::from_u128(39),
            kind,
            pace: Pace::Page,
            attempt: 1,
            at: ASKED,
            first_attempt_at: ASKED,
            pass_on_at: kind.calls().then(|| ASKED.plus_ms(PASS_ON_AFTER_MS)),
            withdrawn: false,
        }
    }

    fn sent() -> Outcome {
        Outcome::Sent { reference: None, detail: "ok".to_owned() }
    }

    fn retry(after_s: Option<u64>) -> Outcome {
        Outcome::Retry { reason: "503".to_owned(), after: after_s.map(Duration::from_secs) }
    }

    fn unknown() -> Outcome {
        Outcome::Unknown { reason: "no answer".to_owned() }
    }

    fn refused() -> Outcome {
        Outcome::Refused { reason: "no such channel".to_owned() }
    }

    #[test]
    fn every_outcome_of_a_page_has_its_consequence() {
        let (page, late) = (standing(Kind::Fired), Some(ASKED.plus_ms(PASS_ON_AFTER_MS)));
        let soon: Option<Time> = Some(ASKED.plus_ms(PASS_ON_UNKNOWN_AFTER_MS));
        let table: [(Outcome, State, Time, Option<Time>); 7] = [
            (sent(), State::Sent, NOW, None),
            (retry(None), State::Due, NOW.plus_ms(1_000), late),
            (retry(Some(0)), State::Due, NOW.plus_ms(1_000), late),
            (retry(Some(40)), State::Due, NOW.plus_ms(40_000), late),
            (retry(Some(9_999_999)), State::Due, NOW.plus_ms(LONGEST_WAIT_MS), late),
            (unknown(), State::Due, NOW.plus_ms(1_000), soon),
            (refused(), State::Failed, NOW, Some(NOW)),
        ];
        for (outcome, state, due_at, pass_on_at) in table {
            assert_eq!(settle(&page, &outcome, NOW), Next { state, due_at, pass_on_at }, "{outcome:?}");
        }
    }

    #[test]
    fn what_was_withdrawn_while_it_was_sent_is_not_tried_again() {
        let withdrawn = Standing { withdrawn: true, ..standing(Kind::Fired) };
        for outcome in [retry(None), unknown(), refused()] {
            assert_eq!(settle(&withdrawn, &outcome, NOW), over(State::Superseded, NOW), "{outcome:?}");
        }
        assert_eq!(settle(&withdrawn, &sent(), NOW).state, State::Sent, "what happened is what is said");
    }

    #[test]
    fn a_page_that_was_passed_on_is_not_passed_on_again() {
        let passed = Standing { pass_on_at: None, ..standing(Kind::Again) };
        for outcome in [retry(None), unknown(), refused()] {
            assert_eq!(settle(&passed, &outcome, NOW).pass_on_at, None, "{outcome:?}");
        }
    }

    #[test]
    fn notices_and_tests_are_never_passed_on_and_a_test_is_tried_once() {
        for kind in [Kind::Acknowledged, Kind::Updated, Kind::Resolved, Kind::Test] {
            let next: Next = settle(&standing(kind), &refused(), NOW);
            assert_eq!((next.state, next.pass_on_at), (State::Failed, None), "{}", kind.as_str());
        }
        assert_eq!(settle(&standing(Kind::Test), &retry(None), NOW).state, State::Failed);
        assert_eq!(settle(&standing(Kind::Test), &unknown(), NOW).state, State::Failed);
        assert_eq!(settle(&standing(Kind::Resolved), &retry(None), NOW).state, State::Due);
    }

    #[test]
    fn after_a_day_a_page_fails_and_the_next_channel_is_asked() {
        let next: Next = settle(&standing(Kind::Fired), &retry(None), ASKED.plus_ms(crate::retry::GIVE_UP_MS));
        assert_eq!((next.state, next.pass_on_at), (State::Failed, Some(ASKED.plus_ms(crate::retry::GIVE_UP_MS))));
    }

    #[test]
    fn words_are_read_back() {
        for state in State::ALL {
            assert_eq!(State::from_word(state.as_str()), Some(state));
        }
        for why in Withdrawal::ALL {
            assert_eq!(Withdrawal::from_word(why.as_str()), Some(why));
        }
        assert_eq!((State::from_word("queued"), Withdrawal::from_word("")), (None, None));
    }

    proptest! {
        #[test]
        fn a_page_is_never_dropped_silently(which in 0_usize..4, withdrawn in any::<bool>(), attempt in 1_i32..500, ms in 0_i64..90_000_000) {
            let outcome: Outcome = [sent(), retry(Some(3)), unknown(), refused()][which].clone();
            let page = Standing { withdrawn, attempt, ..standing(Kind::Fired) };
            let now: Time = ASKED.plus_ms(ms);
            let next: Next = settle(&page, &outcome, now);
            let is_taken: bool = next.state == State::Sent;
            let is_unwanted: bool = withdrawn && next.state == State::Superseded;
            let comes_back: bool = next.state == State::Due && next.due_at > now;
            let goes_on: bool = next.state == State::Failed && next.pass_on_at == Some(now);
            prop_assert!(is_taken || is_unwanted || comes_back || goes_on, "{:?}", next);
        }
    }
}
