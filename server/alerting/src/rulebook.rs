//! The rules in force: replaced as a whole, listed with how they are doing.

use crate::error::Error;
use crate::history::{self, About};
use crate::rules::{Group, Rule};
use crate::state::ResolveReason;
use crate::store;
use kernel::{Db, Fact, Tx, facts};
use model::ids::RuleId;
use model::{Actor, Time};
use serde_json::json;
use std::collections::HashMap;

/// What `apply` did, in numbers of rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
    pub unchanged: usize,
}

/// A rule in force.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleRow {
    pub rule: Rule,
    pub group: String,
    /// The file it came from.
    pub file: String,
    pub interval_ms: i64,
    /// Ticks of its group that were left out, since the group exists.
    pub missed: i64,
    /// The tick it was last evaluated for.
    pub evaluated_at: Option<Time>,
    pub took_ms: Option<i64>,
    /// How many series were measured.
    pub series: Option<i64>,
    /// Failed evaluations since the rule exists.
    pub errors: i64,
    /// Why the last evaluation failed; `None` when it did not.
    pub error: Option<String>,
    /// How many of its alerts fire.
    pub open: i64,
}

/// What changes between two sets of rules.
#[derive(Debug, Default, PartialEq)]
struct Difference<'a> {
    added: Vec<&'a Rule>,
    /// As it was, as it will be.
    changed: Vec<(&'a Rule, &'a Rule)>,
    removed: Vec<&'a Rule>,
    unchanged: usize,
}

fn difference<'a>(before: &'a [Rule], after: &[&'a Rule]) -> Difference<'a> {
    let mut old: HashMap<&RuleId, &'a Rule> = before.iter().map(|rule| (&rule.id, rule)).collect();
    let mut difference = Difference::default();
    for rule in after.iter().copied() {
        match old.remove(&rule.id) {
            None => difference.added.push(rule),
            Some(same) if same == rule => difference.unchanged += 1,
            Some(changed) => difference.changed.push((changed, rule)),
        }
    }
    difference.removed = before.iter().filter(|rule| old.contains_key(&rule.id)).collect();
    difference
}

/// Replaces every rule by those of `groups`, in one transaction. Alerts of a rule that goes, or that will measure or judge
/// something else, are resolved and say so; other changes leave alerts burning.
pub(crate) async fn apply(db: &Db, now: Time, actor: &Actor, groups: &[Group]) -> Result<Applied, Error> {
    let mut tx: Tx = db.begin().await?;
    store::rules::lock(&mut tx).await?;
    store::rules::count_apply(&mut tx).await?;
    let before: Vec<Rule> = store::rules::applied(&mut tx).await?;
    let after: Vec<&Rule> = groups.iter().flat_map(|group| group.rules.iter()).collect();
    let difference: Difference<'_> = difference(&before, &after);
    put(&mut tx, groups).await?;
    for rule in &difference.added {
        tell(&mut tx, "RuleAdded", rule, actor, now).await?;
    }
    for (old, new) in &difference.changed {
        change(&mut tx, old, new, actor, now).await?;
    }
    for rule in &difference.removed {
        end_alerts(&mut tx, rule, ResolveReason::RuleDeleted, actor, now).await?;
        store::rules::remove_rule(&mut tx, &rule.id).await?;
        tell(&mut tx, "RuleRemoved", rule, actor, now).await?;
    }
    let names: Vec<String> = groups.iter().map(|group| group.name.clone()).collect();
    store::rules::keep_groups(&mut tx, &names).await?;
    tx.commit().await?;
    Ok(Applied {
        added: difference.added.len(),
        changed: difference.changed.len(),
        removed: difference.removed.len(),
        unchanged: difference.unchanged,
    })
}

async fn put(tx: &mut Tx, groups: &[Group]) -> Result<(), Error> {
    for (position, group) in (0_i32..).zip(groups) {
        store::rules::put_group(tx, group, position).await?;
        for (position, rule) in (0_i32..).zip(&group.rules) {
            store::rules::put_rule(tx, &group.name, rule, position).await?;
        }
    }
    Ok(())
}

async fn change(tx: &mut Tx, old: &Rule, new: &Rule, actor: &Actor, now: Time) -> Result<(), Error> {
    if new.judges_like(old) {
        store::answers::reword(tx, new).await?;
    } else {
        end_alerts(tx, old, ResolveReason::RuleChanged, actor, now).await?;
    }
    tell(tx, "RuleChanged", new, actor, now).await
}

async fn end_alerts(tx: &mut Tx, rule: &Rule, reason: ResolveReason, actor: &Actor, now: Time) -> Result<(), Error> {
    for alert in store::answers::end_all(tx, &rule.id, reason, now).await? {
        let about = About { alert, rule: &rule.id, name: &rule.name };
        history::append(tx, &about, history::RESOLVED, actor, now, json!({ "reason": reason.as_str() })).await?;
    }
    Ok(())
}

async fn tell(tx: &mut Tx, kind: &'static str, rule: &Rule, actor: &Actor, now: Time) -> Result<(), Error> {
    let subject: String = format!("rule/{}", rule.id);
    let body = json!({ "rule": rule.id.0, "name": rule.name, "definition": rule });
    facts::append(tx, &Fact { kind, actor, subject, body, at: now }).await?;
    Ok(())
}
