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
    /// The number of its Fact: what it is asked for by.
    pub number: i64,
    pub at: Time,
    /// The Fact: `RuleAdded`, `RuleChanged`, `RuleRemoved`.
    pub fact: String,
    /// The name of who did it.
    pub by: String,
    /// Whether it came from files.
    pub is_applied: bool,
    /// Of a version that was put back: when the earlier one came.
    pub put_back_of: Option<Time>,
    /// How the rule stood, and in which group; `None` where that can't be read any more, and of a removal.
    pub stood: Option<(Rule, String)>,
    /// What was changed; empty where the version before is not known, and of a rule that came or went.
    pub what: Vec<Change>,
}

/// A version that can be put back.
#[derive(Clone, Debug)]
pub(crate) struct Earlier {
    pub(crate) at: Time,
    pub(crate) by: String,
    pub(crate) placed: Placed,
}

/// Every version of a rule, the newest first.
pub(crate) async fn of(db: &Db, id: &RuleId) -> Result<Vec<Version>, Error> {
    Ok(told(&recorded(db, id).await?))
}

/// The version of that number, if it is one of those that are shown and can be read.
pub(crate) async fn one(db: &Db, id: &RuleId, number: i64) -> Result<Option<Earlier>, Error> {
    let recorded: Vec<Recorded> = recorded(db, id).await?;
    let found = recorded.iter().zip(stood(&recorded)).find(|(fact, _)| fact.cursor.id == number && fact.kind != REMOVED);
    Ok(found.and_then(|(fact, placed)| Some(Earlier { at: fact.at, by: by(fact), placed: placed? })))
}

/// One more than is shown, for what the oldest of them changed.
async fn recorded(db: &Db, id: &RuleId) -> Result<Vec<Recorded>, Error> {
    let limit: i64 = i64::try_from(MOST).unwrap_or(i64::MAX).saturating_add(1);
    Ok(facts::about(db, &rulebook::subject(id), limit).await?)
}

fn told(recorded: &[Recorded]) -> Vec<Version> {
    let mut versions: Vec<Version> = Vec::with_capacity(recorded.len());
    let mut before: Option<Placed> = None;
    for (fact, after) in recorded.iter().zip(stood(recorded)) {
        let what: Vec<Change> = match (&before, &after) {
            (Some(before), Some(after)) if fact.kind != ADDED && fact.kind != REMOVED => plan::changes(before, after),
            _ => Vec::new(),
        };
        versions.push(version(fact, after.as_ref(), what));
        before = after;
    }
    versions.reverse();
    versions.truncate(MOST);
    versions
}

fn version(fact: &Recorded, after: Option<&Placed>, what: Vec<Change>) -> Version {
    let by: String = by(fact);
    let is_applied: bool = BY_FILES.contains(&by.as_str()) && fact.actor.get("id").is_none();
    let stood = after.filter(|_| fact.kind != REMOVED).map(|placed| (placed.rule.clone(), placed.group.clone()));
    let put_back_of: Option<Time> = fact.body.get("put_back_of").and_then(Value::as_i64).map(Time);
    Version { number: fact.cursor.id, at: fact.at, fact: fact.kind.clone(), by, is_applied, put_back_of, stood, what }
}

fn by(fact: &Recorded) -> String {
    fact.actor.get("name").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The rule after each Fact. Before groups were told too, it stood where it had stood.
fn stood(recorded: &[Recorded]) -> Vec<Option<Placed>> {
    let mut stood: Vec<Option<Placed>> = Vec::with_capacity(recorded.len());
    for fact in recorded {
        let after: Option<Placed> = placed(&fact.body, stood.last().and_then(Option::as_ref));
        stood.push(after);
    }
    stood
}

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
