//! What became of a rule over time: its Facts, with what each of them changed.

use crate::error::Error;
use crate::plan::{self, Change, Placed};
use crate::rulebook::{self, ADDED, REMOVED};
use crate::rules::Rule;
use kernel::Db;
use kernel::facts::{self, Recorded};
use model::Time;
use model::ids::RuleId;
use serde_json::Value;

/// Versions of one rule that are shown.
pub const MOST: usize = 100;
/// What files apply is done by this worker; anybody else is a person in the console, or a program with a token.
const BY_FILES: [&str; 2] = ["apply", "set-up"];

/// One version of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub at: Time,
    /// The Fact: `RuleAdded`, `RuleChanged`, `RuleRemoved`.
    pub fact: String,
    /// The name of who did it.
    pub by: String,
    /// Whether it came from files.
    pub is_applied: bool,
    /// What was changed; empty where the version before is not known, and of a rule that came or went.
    pub what: Vec<Change>,
}

/// Every version of a rule, the newest first.
pub(crate) async fn of(db: &Db, id: &RuleId) -> Result<Vec<Version>, Error> {
    // One more than is shown, for what the oldest of them changed.
    let limit: i64 = i64::try_from(MOST).unwrap_or(i64::MAX).saturating_add(1);
    let recorded: Vec<Recorded> = facts::about(db, &rulebook::subject(id), limit).await?;
    Ok(told(&recorded))
}

fn told(recorded: &[Recorded]) -> Vec<Version> {
    let mut versions: Vec<Version> = Vec::with_capacity(recorded.len());
    let mut before: Option<Placed> = None;
    for fact in recorded {
        let after: Option<Placed> = placed(&fact.body, before.as_ref());
        let what: Vec<Change> = match (&before, &after) {
            (Some(before), Some(after)) if fact.kind != ADDED && fact.kind != REMOVED => plan::changes(before, after),
            _ => Vec::new(),
        };
        versions.push(version(fact, what));
        before = after;
    }
    versions.reverse();
    versions.truncate(MOST);
    versions
}

fn version(fact: &Recorded, what: Vec<Change>) -> Version {
    let by: String = fact.actor.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_applied: bool = BY_FILES.contains(&by.as_str()) && fact.actor.get("id").is_none();
    Version { at: fact.at, fact: fact.kind.clone(), by, is_applied, what }
}

/// The rule as a Fact tells it. Before groups were told too, it stood where it had stood.
fn placed(body: &Value, before: Option<&Placed>) -> Option<Placed> {
    let rule: Rule = serde_json::from_value(body.get("definition")?.clone()).ok()?;
    let group: Option<String> = body.get("group").and_then(Value::as_str).map(str::to_owned);
    let interval_ms: Option<i64> = body.get("interval_ms").and_then(Value::as_i64);
    Some(Placed {
        rule,
        group: group.or_else(|| before.map(|placed| placed.group.clone())).unwrap_or_default(),
        interval_ms: interval_ms.or_else(|| before.map(|placed| placed.interval_ms)).unwrap_or_default(),
        edited: None,
    })
}
