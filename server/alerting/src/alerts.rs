//! Alerts as people see them, and what people do about them.
//!
//! To acknowledge is to say "I have it": an overlay, never a state. It is idempotent, and whoever comes second learns who has it.

use crate::error::Error;
use crate::history::{self, About, HistoryEntry};
use crate::rulebook::RuleRow;
use crate::rules::Text;
use crate::state::ResolveReason;
use crate::store;
use crate::store::answers::Locked;
use figures::Unit;
use kernel::{Db, Tx, facts};
use model::alert::{AlertState, Direction};
use model::ids::{AlertId, PersonId, RuleId};
use model::labels::Labels;
use model::{Actor, Severity, Time};
use serde_json::json;

/// Enough for a log excerpt.
pub const MAX_COMMENT: usize = 4_000;
/// As many lines of history as an alert's screen can show.
const HISTORY: i64 = 200;
/// How far back an alert's screen looks for earlier firings.
const PAST_MS: i64 = 30 * 24 * 3_600_000;
const PAST: i64 = 100;
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
}

/// An alert with everything around it.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertDetail {
    pub row: AlertRow,
    /// `None` when the rule is gone.
    pub rule: Option<RuleRow>,
    /// Oldest first.
    pub history: Vec<HistoryEntry>,
    /// Other alerts of the same rule that fired in the last 30 days, newest first.
    pub past: Vec<AlertRow>,
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

    /// Whether what needs somebody most comes first, instead of the newest number. Such a list is not paged.
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
    /// Only what fired at this moment or later.
    pub fired_after: Option<Time>,
    /// Only what fired and was not yet resolved at some moment between these two, both included.
    pub touching: Option<(Time, Time)>,
    /// Only numbers below: the next screenful. Without effect on a list by urgency.
    pub before: Option<AlertId>,
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
            fired_after: None,
            touching: None,
            before: None,
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

/// An alert with everything around it.
pub(crate) async fn detail(db: &Db, id: AlertId, now: Time) -> Result<Option<AlertDetail>, Error> {
    let Some(row) = store::alerts::one(db, id).await? else {
        return Ok(None);
    };
    let rule: Option<RuleRow> = store::rules::list(db, Some(&row.rule_id)).await?.pop();
    let history: Vec<HistoryEntry> = history::entries(facts::about(db, &history::subject(id), HISTORY).await?);
    let same_rule = Filter {
        show: Show::All,
        rule: Some(row.rule_id.clone()),
        fired_after: Some(now.plus_ms(-PAST_MS)),
        limit: PAST,
        ..Filter::default()
    };
    let mut past: Vec<AlertRow> = store::alerts::list(db, &same_rule).await?;
    past.retain(|other| other.id != id);
    Ok(Some(AlertDetail { row, rule, history, past }))
}

/// Takes an alert on. A comment that comes with a second acknowledgement is kept as a comment.
pub(crate) async fn acknowledge(
    db: &Db,
    now: Time,
    actor: &Actor,
    id: AlertId,
    comment: Option<String>,
) -> Result<Acknowledged, Error> {
    let comment: Option<String> = checked(comment)?;
    let mut tx: Tx = db.begin().await?;
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
pub(crate) async fn resolve(db: &Db, now: Time, actor: &Actor, id: AlertId, comment: Option<String>) -> Result<bool, Error> {
    let comment: Option<String> = checked(comment)?;
    let mut tx: Tx = db.begin().await?;
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
    tx.commit().await?;
    Ok(true)
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
    let n: usize = comment.as_ref().map_or(0, |text| text.chars().count());
    if n > MAX_COMMENT { Err(Error::LongComment { n }) } else { Ok(comment) }
}
