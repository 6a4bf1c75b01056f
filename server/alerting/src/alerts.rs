//! Alerts as people see them, and what people do about them.
//!
//! To acknowledge is to say "I have it": an overlay, never a state. It is idempotent, and whoever comes second learns who has it.

use crate::error::Error;
use crate::history::{self, About, HistoryEntry};
use crate::needs::{Needless, Pager};
use crate::rulebook::RuleRow;
use crate::rules::Text;
use crate::state::ResolveReason;
use crate::store;
use crate::store::answers::Locked;
use figures::Unit;
use kernel::{Db, Tx, facts};
use model::alert::{AlertState, Direction, MAX_COMMENT, comment_length};
use model::ids::{AlertId, IntegrationId, PersonId, RuleId};
use model::labels::Labels;
use model::{Actor, Severity, Time};
use serde_json::json;
use std::fmt;

/// As many lines of history as an alert's screen can show.
const HISTORY: i64 = 200;
/// The end of the year 9999: what an address may ask for, well within what the database can hold.
const LATEST_MS: i64 = 253_402_300_799_999;
/// Alerts of one list.
pub const MOST: i64 = 500;
/// How far a list is counted: their numbers are fetched, and nothing else of them.
pub const MOST_COUNTED: i64 = 100_000;

/// Who has an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Their name when they took it.
    pub by: String,
    /// `None` when a token or a worker did.
    pub person: Option<PersonId>,
    pub at: Time,
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
    /// Who raised it, when no rule of ours did. Then threshold and direction say nothing.
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
    /// Oldest first.
    pub history: Vec<HistoryEntry>,
}

/// Which alerts to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Firing.
    #[default]
    Open,
    /// Firing, and nobody has it.
    Unanswered,
    /// Firing, and somebody has it.
    Held,
    Pending,
    Resolved,
    All,
}

impl Show {
    const ALL: [Self; 6] = [Self::Open, Self::Unanswered, Self::Held, Self::Pending, Self::Resolved, Self::All];

    /// Whether what needs somebody most comes first, instead of the newest number. Such a list goes on after a [`Place`].
    #[must_use]
    pub fn by_urgency(self) -> bool {
        matches!(self, Self::Open | Self::Unanswered)
    }

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unanswered => "unanswered",
            Self::Held => "held",
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
    pub is_held: bool,
    /// Since when it fires.
    pub since: Time,
    pub id: AlertId,
}

impl Place {
    /// Where `row` stands.
    #[must_use]
    pub fn of(row: &AlertRow) -> Self {
        let since: Time = row.fired_at.unwrap_or(row.pending_since);
        Self { severity: row.severity, is_held: row.held.is_some(), since, id: row.id }
    }

    /// From the word in addresses, if it is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let parts: Vec<&str> = word.split('.').collect();
        let [severity, held, since, id] = parts[..] else { return None };
        let is_held: bool = match held {
            "open" => false,
            "held" => true,
            _ => return None,
        };
        let since: i64 = since.parse::<i64>().ok().filter(|ms| (0..=LATEST_MS).contains(ms))?;
        Some(Self { severity: Severity::from_word(severity)?, is_held, since: Time(since), id: AlertId(id.parse().ok()?) })
    }
}

impl fmt::Display for Place {
    /// The word in addresses: `P1.open.1795323907000.123`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held: &str = if self.is_held { "held" } else { "open" };
        write!(f, "{}.{held}.{}.{}", self.severity.code(), self.since.0, self.id.0)
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

/// Firing alerts of one severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeverityTally {
    pub severity: Severity,
    pub unanswered: i64,
    pub held: i64,
}

/// How many alerts there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Every severity, worst first.
    pub by_severity: Vec<SeverityTally>,
    pub pending: i64,
}

/// The answer to an acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// Who has it now: the caller, or whoever was first.
    pub held: Held,
    /// Whether somebody had it before this call.
    pub already: bool,
}

/// What it takes to answer an alert.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    pub(crate) db: &'a Db,
    pub(crate) pager: Option<&'a dyn Pager>,
    pub(crate) now: Time,
}

/// An alert with its rule and its history.
pub(crate) async fn detail(db: &Db, id: AlertId) -> Result<Option<AlertDetail>, Error> {
    let Some(row) = store::alerts::one(db, id).await? else {
        return Ok(None);
    };
    let rule: Option<RuleRow> = store::rules::list(db, Some(&row.rule_id)).await?.pop();
    let history: Vec<HistoryEntry> = history::entries(facts::about(db, &history::subject(id), HISTORY).await?);
    Ok(Some(AlertDetail { row, rule, history }))
}

/// Takes an alert on. A comment that comes with a second acknowledgement is kept as a comment. What was ordered and not sent is taken
/// back with it: from the commit on nobody is summoned.
pub(crate) async fn acknowledge(
    desk: &Desk<'_>,
    actor: &Actor,
    id: AlertId,
    comment: Option<String>,
) -> Result<Acknowledged, Error> {
    let comment: Option<String> = checked(comment)?;
    let now: Time = desk.now;
    let mut tx: Tx = begin_to_answer(desk).await?;
    let alert: Locked = firing(&mut tx, id).await?;
    if let Some(held) = alert.held.clone() {
        if let Some(comment) = comment {
            say(&mut tx, &alert, history::COMMENTED, actor, now, Some(comment)).await?;
        }
        tx.commit().await?;
        return Ok(Acknowledged { held, already: true });
    }
    let held = Held { by: actor.name().to_owned(), person: actor.person_id(), at: now, comment: comment.clone() };
    store::answers::hold(&mut tx, id, &held).await?;
    say(&mut tx, &alert, history::ACKNOWLEDGED, actor, now, comment).await?;
    take_back(&mut tx, desk, id, Needless::Acknowledged).await?;
    tx.commit().await?;
    Ok(Acknowledged { held, already: false })
}

/// Gives an alert back. `false` when nobody had it.
pub(crate) async fn unacknowledge(db: &Db, now: Time, actor: &Actor, id: AlertId) -> Result<bool, Error> {
    let mut tx: Tx = db.begin().await?;
    let alert: Locked = firing(&mut tx, id).await?;
    if alert.held.is_none() {
        return Ok(false);
    }
    give_back(tx, &alert, actor, now).await?;
    Ok(true)
}

/// Gives an alert back that this very person has. `false` when somebody else does, or nobody. What a token or a worker has, nobody
/// can call their own.
pub(crate) async fn unacknowledge_own(db: &Db, now: Time, actor: &Actor, id: AlertId) -> Result<bool, Error> {
    let mut tx: Tx = db.begin().await?;
    let alert: Locked = firing(&mut tx, id).await?;
    let holder: Option<PersonId> = alert.held.as_ref().and_then(|held| held.person);
    if holder.is_none() || holder != actor.person_id() {
        return Ok(false);
    }
    give_back(tx, &alert, actor, now).await?;
    Ok(true)
}

async fn give_back(mut tx: Tx, alert: &Locked, actor: &Actor, now: Time) -> Result<(), Error> {
    store::answers::let_go(&mut tx, alert.id).await?;
    say(&mut tx, alert, history::UNACKNOWLEDGED, actor, now, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Says something about an alert, also after it was resolved.
pub(crate) async fn comment(db: &Db, now: Time, actor: &Actor, id: AlertId, comment: String) -> Result<(), Error> {
    let comment: String = checked(Some(comment))?.ok_or(Error::EmptyComment)?;
    let mut tx: Tx = db.begin().await?;
    let alert: Locked = store::answers::lock(&mut tx, id).await?.ok_or(Error::NotFound(id))?;
    say(&mut tx, &alert, history::COMMENTED, actor, now, Some(comment)).await?;
    tx.commit().await?;
    Ok(())
}

/// Resolves an alert by hand. `false` when it was resolved already. While its condition goes on to hold it stays resolved: the same
/// labels raise a new alert only after they were clear once.
pub(crate) async fn resolve(desk: &Desk<'_>, actor: &Actor, id: AlertId, comment: Option<String>) -> Result<bool, Error> {
    let comment: Option<String> = checked(comment)?;
    let now: Time = desk.now;
    let mut tx: Tx = begin_to_answer(desk).await?;
    let alert: Locked = store::answers::lock(&mut tx, id).await?.ok_or(Error::NotFound(id))?;
    match alert.state {
        AlertState::Pending => return Err(Error::NotFiring { id, state: alert.state }),
        AlertState::Resolved => {
            if comment.is_some() {
                say(&mut tx, &alert, history::COMMENTED, actor, now, comment).await?;
            }
            tx.commit().await?;
            return Ok(false);
        }
        AlertState::Firing => {}
    }
    let still_breaching: bool = !alert.recovering;
    store::answers::resolve(&mut tx, id, still_breaching, now).await?;
    let body = json!({ "reason": ResolveReason::ByHand.as_str(), "comment": comment });
    history::append(&mut tx, &about(&alert), history::RESOLVED, actor, now, body).await?;
    take_back(&mut tx, desk, id, Needless::Resolved).await?;
    tx.commit().await?;
    Ok(true)
}

/// A transaction in which an alert stops to need somebody. The notifier writes no orders while it is open, so an order either is seen
/// and taken back here, or is written knowing of the answer.
async fn begin_to_answer(desk: &Desk<'_>) -> Result<Tx, Error> {
    let mut tx: Tx = desk.db.begin().await?;
    if desk.pager.is_some() {
        store::answers::answer(&mut tx).await?;
    }
    Ok(tx)
}

async fn take_back(tx: &mut Tx, desk: &Desk<'_>, id: AlertId, why: Needless) -> Result<(), Error> {
    if let Some(pager) = desk.pager {
        pager.withdraw(tx, &[id], why).await?;
    }
    Ok(())
}

async fn firing(tx: &mut Tx, id: AlertId) -> Result<Locked, Error> {
    let alert: Locked = store::answers::lock(tx, id).await?.ok_or(Error::NotFound(id))?;
    match alert.state {
        AlertState::Firing => Ok(alert),
        state => Err(Error::NotFiring { id, state }),
    }
}

fn about(alert: &Locked) -> About<'_> {
    About { alert: alert.id, rule: &alert.rule, name: &alert.name }
}

async fn say(
    tx: &mut Tx,
    alert: &Locked,
    kind: &'static str,
    actor: &Actor,
    now: Time,
    comment: Option<String>,
) -> Result<(), Error> {
    history::append(tx, &about(alert), kind, actor, now, json!({ "comment": comment })).await?;
    Ok(())
}

/// Without blanks around it; a comment of blanks only is none.
fn checked(comment: Option<String>) -> Result<Option<String>, Error> {
    let comment: Option<String> = comment.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let n: usize = comment.as_deref().map_or(0, comment_length);
    if n > MAX_COMMENT { Err(Error::LongComment { n }) } else { Ok(comment) }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use model::ids::AlertId;
    use model::{Severity, Time};

    #[test]
    fn a_place_in_an_address_is_read_back() {
        let place = Place { severity: Severity::P1, is_held: false, since: Time(1_795_323_907_000), id: AlertId(123) };
        assert_eq!(place.to_string(), "P1.open.1795323907000.123");
        for place in [place, Place { is_held: true, since: Time(0), ..place }] {
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
