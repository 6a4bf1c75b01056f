//! Alerts as people see them. What people do about them stands in `answers.rs`.
//!
//! Whether an alert calls anybody is not judged anew here: the notifier notes it with each alert of each group, and what it noted is what a
//! screen says (`routing/muted.rs` adds by what, and until when). So a screen and the pager can't disagree, and a list of fifty thousand costs
//! one more index instead of fifty thousand comparisons with every silence.

use crate::annotations::Annotations;
use crate::error::Error;
use crate::history::{self, HistoryEntry};
use crate::rulebook::RuleRow;
use crate::rules::Text;
use crate::state::ResolveReason;
use crate::store;
use figures::Unit;
use kernel::{Db, facts};
use model::alert::{AlertState, Direction};
use model::ids::{AlertId, IntegrationId, PersonId, RuleId};
use model::labels::Labels;
use model::{Severity, Time};
use std::fmt;

/// As many lines of history as an alert's screen can show.
const HISTORY: i64 = 200;
/// The end of the year 9999: what an address may ask for, well within what the database can hold.
const LATEST_MS: i64 = 253_402_300_799_999;
/// Alerts of one list.
pub const MOST: i64 = 500;

/// Who has an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Their name when they took it.
    pub by: String,
    /// `None` when a token or a worker did.
    pub person: Option<PersonId>,
    pub at: Time,
    /// When nobody has it any more unless it is taken on again; `None` until it is over.
    pub until: Option<Time>,
    pub comment: Option<String>,
}

/// One alert.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertRow {
    pub id: AlertId,
    pub rule_id: RuleId,
    pub name: Text,
    /// The sentence with labels and figures filled in.
    pub summary: Text,
    pub severity: Severity,
    pub state: AlertState,
    pub labels: Labels,
    /// What was measured last; of a resolved alert, when it was resolved.
    pub value: Option<f64>,
    pub value_at: Option<Time>,
    /// Whatever its rule's expression gives is a breach, as in Prometheus, or another tool has judged. Then threshold and direction say
    /// nothing.
    pub matches: bool,
    pub threshold: f64,
    pub direction: Direction,
    pub unit: Unit,
    pub for_ms: i64,
    /// When the condition was crossed.
    pub pending_since: Time,
    pub fired_at: Option<Time>,
    pub resolved_at: Option<Time>,
    pub resolved_reason: Option<ResolveReason>,
    pub held: Option<Held>,
    /// It fires and calls nobody, on none of its routes, as the notifier has decided it last.
    pub is_muted: bool,
    /// Who raised it, when no rule of ours did.
    pub source: Option<Source>,
}

/// The integration that raised an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub id: IntegrationId,
    /// What it is called now, or was when it was removed.
    pub name: String,
    /// Where the alert stands in the sender's tool.
    pub url: Option<String>,
}

/// An alert with its rule and its history.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertDetail {
    pub row: AlertRow,
    /// `None` when the rule is gone.
    pub rule: Option<RuleRow>,
    /// What its rule or its sender says beside the sentence.
    pub annotations: Annotations,
    /// Oldest first.
    pub history: Vec<HistoryEntry>,
}

/// Which alerts to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Firing.
    #[default]
    Open,
    /// Firing, calling somebody, and nobody has it.
    Unanswered,
    /// Firing, and somebody has it.
    Held,
    /// Firing and calling nobody, whoever has it: by a silence, a quiet time or another alert.
    Silenced,
    Pending,
    Resolved,
    All,
}

impl Show {
    const ALL: [Self; 7] = [Self::Open, Self::Unanswered, Self::Held, Self::Silenced, Self::Pending, Self::Resolved, Self::All];

    /// Whether what needs somebody most comes first, instead of the newest number. Such a list goes on after a [`Place`].
    #[must_use]
    pub fn by_urgency(self) -> bool {
        matches!(self, Self::Open | Self::Unanswered | Self::Silenced)
    }

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unanswered => "unanswered",
            Self::Held => "held",
            Self::Silenced => "silenced",
            Self::Pending => "pending",
            Self::Resolved => "resolved",
            Self::All => "all",
        }
    }

    /// What that word shows, if anything.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|show| show.as_str() == word)
    }
}

/// Where a list by urgency goes on: behind an alert, as it stood when it was shown. By its number alone the list would lose its place
/// as soon as somebody takes that alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub severity: Severity,
    /// Nobody was needed for it: somebody had it, or it called nobody.
    pub is_settled: bool,
    /// Since when it fires.
    pub since: Time,
    pub id: AlertId,
}

impl Place {
    /// Where `row` stands.
    #[must_use]
    pub fn of(row: &AlertRow) -> Self {
        let since: Time = row.fired_at.unwrap_or(row.pending_since);
        Self { severity: row.severity, is_settled: row.held.is_some() || row.is_muted, since, id: row.id }
    }

    /// From the word in addresses, if it is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let parts: Vec<&str> = word.split('.').collect();
        let [severity, stands, since, id] = parts[..] else { return None };
        let is_settled: bool = match stands {
            "open" => false,
            "held" => true,
            _ => return None,
        };
        let since: i64 = since.parse::<i64>().ok().filter(|ms| (0..=LATEST_MS).contains(ms))?;
        Some(Self { severity: Severity::from_word(severity)?, is_settled, since: Time(since), id: AlertId(id.parse().ok()?) })
    }
}

impl fmt::Display for Place {
    /// The word in addresses: `P1.open.1795323907000.123`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stands: &str = if self.is_settled { "held" } else { "open" };
        write!(f, "{}.{stands}.{}.{}", self.severity.code(), self.since.0, self.id.0)
    }
}

/// A selection of alerts, in the order of [`Show::by_urgency`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub show: Show,
    pub rule: Option<RuleId>,
    pub severity: Option<Severity>,
    /// The label `host`, exactly.
    pub host: Option<String>,
    /// In a name, a sentence, a label's name or value; case does not count.
    pub search: Option<String>,
    /// These labels and no others.
    pub labels: Option<Labels>,
    /// Only what fired and was not yet resolved at some moment between these two, both included.
    pub touching: Option<(Time, Time)>,
    /// Only numbers below: the next screenful. Without effect on a list by urgency.
    pub before: Option<AlertId>,
    /// Only what stands behind: the next screenful of a list by urgency, and without effect on others.
    pub after: Option<Place>,
    /// At most [`MOST`] are listed.
    pub limit: i64,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            show: Show::Open,
            rule: None,
            severity: None,
            host: None,
            search: None,
            labels: None,
            touching: None,
            before: None,
            after: None,
            limit: 50,
        }
    }
}

impl Filter {
    /// Whether it leaves out some of what its [`Show`] has, before or behind any place.
    #[must_use]
    pub fn chooses(&self) -> bool {
        self.rule.is_some()
            || self.severity.is_some()
            || self.host.is_some()
            || self.search.is_some()
            || self.labels.is_some()
            || self.touching.is_some()
    }

    /// How many alerts the selection has in all, where a tally tells: of the lists by urgency, from their beginning and without any
    /// choice among what they show.
    #[must_use]
    pub fn counted_by(&self, tally: &Tally) -> Option<i64> {
        if self.chooses() || self.after.is_some() {
            return None;
        }
        let sum = |of: fn(&SeverityTally) -> i64| -> i64 { tally.by_severity.iter().map(of).sum() };
        match self.show {
            Show::Open => Some(sum(|one| one.unanswered + one.held + one.silenced)),
            Show::Unanswered => Some(sum(|one| one.unanswered)),
            Show::Silenced => Some(tally.muted),
            Show::Held | Show::Pending | Show::Resolved | Show::All => None,
        }
    }
}

/// Firing alerts of one severity; each is counted once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeverityTally {
    pub severity: Severity,
    /// Nobody has them, and they call.
    pub unanswered: i64,
    pub held: i64,
    /// Nobody has them, and they call nobody.
    pub silenced: i64,
}

/// How many alerts there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Every severity, worst first.
    pub by_severity: Vec<SeverityTally>,
    pub pending: i64,
    /// All that fires and calls nobody, whoever has it.
    pub muted: i64,
}

/// An alert with its rule and its history.
pub(crate) async fn detail(db: &Db, id: AlertId) -> Result<Option<AlertDetail>, Error> {
    let Some(row) = store::alerts::one(db, id).await? else {
        return Ok(None);
    };
    let rule: Option<RuleRow> = store::rules::list(db, Some(&row.rule_id)).await?.pop();
    let history: Vec<HistoryEntry> = history::entries(facts::about(db, &history::subject(id), HISTORY).await?);
    let annotations: Annotations = store::alerts::annotations(db, id).await?;
    Ok(Some(AlertDetail { row, rule, annotations, history }))
}

#[cfg(test)]
mod tests {
    use super::Place;
    use model::ids::AlertId;
    use model::{Severity, Time};

    #[test]
    fn a_place_in_an_address_is_read_back() {
        let place = Place { severity: Severity::P1, is_settled: false, since: Time(1_795_323_907_000), id: AlertId(123) };
        assert_eq!(place.to_string(), "P1.open.1795323907000.123");
        for place in [place, Place { is_settled: true, since: Time(0), ..place }] {
            assert_eq!(Place::from_word(&place.to_string()), Some(place));
        }
    }

    #[test]
    fn what_is_no_place_is_none() {
        let words = [
            "",
            "P1",
            "P4.open.1.1",
            "P1.maybe.1.1",
            "P1.open.x.1",
            "P1.open.1",
            "P1.open.1.1.1",
            "P1.open.-1.1",
            "P1.open.9e9.1",
        ];
        for word in words.into_iter().chain(["P1.open.253402300800000.1", "P1.open.1.99999999999999999999"]) {
            assert_eq!(Place::from_word(word), None, "{word}");
        }
    }
}
