//! The rules in force: replaced as a whole, listed with how they are doing.

use crate::error::Error;
use crate::history::{self, About};
use crate::plan::{self, Difference, Placed, Plan};
use crate::rules::{Checked, Group, Rule};
use crate::state::ResolveReason;
use crate::store;
use kernel::{Db, Fact, Tx, facts};
use model::{Actor, Time};
use serde_json::json;

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

/// What applying `checked` would change now. A database that never saw Mimamori has no rules.
pub(crate) async fn plan(db: &Db, checked: &Checked) -> Result<Plan, Error> {
    let mut tx: Tx = db.begin().await?;
    let before: Vec<Placed> = match store::rules::applied(&mut tx).await {
        Err(Error::Database(error)) if is_new(&error) => Vec::new(),
        before => before?,
    };
    tx.rollback().await?;
    Ok(plan::difference(&before, &checked.placed()).plan())
}

/// `undefined_table`: nobody has made the schema yet.
fn is_new(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|said| said.code()).is_some_and(|code| code == "42P01")
}

/// Replaces every rule by those of `checked`, in one transaction. Alerts of a rule that goes, or that will measure or judge
/// something else, are resolved and say so; other changes leave alerts burning.
pub(crate) async fn apply(db: &Db, now: Time, actor: &Actor, checked: &Checked) -> Result<Plan, Error> {
    let mut tx: Tx = db.begin().await?;
    store::rules::lock(&mut tx).await?;
    store::rules::count_apply(&mut tx).await?;
    let (before, after): (Vec<Placed>, Vec<Placed>) = (store::rules::applied(&mut tx).await?, checked.placed());
    let difference: Difference<'_> = plan::difference(&before, &after);
    put(&mut tx, &checked.groups).await?;
    for added in &difference.added {
        tell(&mut tx, "RuleAdded", &added.rule, actor, now).await?;
    }
    for (old, new) in &difference.changed {
        change(&mut tx, &old.rule, &new.rule, actor, now).await?;
    }
    for removed in &difference.removed {
        let rule: &Rule = &removed.rule;
        end_alerts(&mut tx, rule, ResolveReason::RuleDeleted, actor, now).await?;
        store::rules::remove_rule(&mut tx, &rule.id).await?;
        tell(&mut tx, "RuleRemoved", rule, actor, now).await?;
    }
    let names: Vec<String> = checked.groups.iter().map(|group| group.name.clone()).collect();
    store::rules::keep_groups(&mut tx, &names).await?;
    tx.commit().await?;
    Ok(difference.plan())
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
        store::series::forget(tx, &new.id).await?;
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
