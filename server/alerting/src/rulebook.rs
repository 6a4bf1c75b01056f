//! The rules in force: replaced as a whole by files, changed one by one in the console, listed with how they are doing.

pub mod back;

use crate::error::Error;
use crate::history::{self, About};
use crate::plan::{self, Difference, Placed, Plan};
use crate::rules::form::Draft;
use crate::rules::{Checked, Group, Rule};
use crate::state::ResolveReason;
use crate::store;
use crate::store::rulebook::Standing;
use kernel::{Db, Fact, Tx, facts};
use model::ids::RuleId;
use model::{Actor, Time};
use serde_json::{Value, json};

/// The file that groups made in the console are said to stand in.
pub const CONSOLE: &str = "console";
/// Rules that may be in force at once: more than the evaluator was measured with.
pub const MOST_RULES: i64 = 50_000;

/// A rule came.
pub const ADDED: &str = "RuleAdded";
/// A rule is another one.
pub const CHANGED: &str = "RuleChanged";
/// A rule is gone.
pub const REMOVED: &str = "RuleRemoved";

/// Who made or changed a rule in the console, since files were applied last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub by: String,
    pub at: Time,
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
    /// Grows with every change: what a save must have read.
    pub version: i64,
    /// `None` where it stands as in the files.
    pub edited: Option<Edited>,
}

/// What became of a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Of the rule as it stands now.
    pub version: i64,
    /// What was changed; empty of a new rule, and where nothing was.
    pub what: Vec<plan::Change>,
    /// Whether open alerts ended by it.
    pub ended_alerts: bool,
}

/// Why a rule was not saved or removed. Safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("there is no rule {0} any more")]
    Gone(RuleId),
    #[error("a rule with the id {0} is in force already")]
    Taken(RuleId),
    /// Somebody else was faster; what they did would be lost.
    #[error("rule {rule} was changed meanwhile: version {read} was read, {now} is in force")]
    Stale { rule: RuleId, read: i64, now: i64 },
    #[error("at most {max} rules can be in force", max = MOST_RULES)]
    TooMany,
    #[error("rule {rule} has no version {number} that can be read")]
    NoVersion { rule: RuleId, number: i64 },
    /// There is nothing to put back.
    #[error("what is in force of rule {0} says the same")]
    Present(RuleId),
    #[error("rule {0} is kept in files: it is changed there, and applied")]
    OfFiles(RuleId),
    /// It was taken once.
    #[error("that version of rule {rule} can't be put in force any more: {said}")]
    Outdated { rule: RuleId, said: String },
}

/// What applying `checked` would change now. A database that never saw Mimamori has no rules, and one of an older version no edits.
pub(crate) async fn plan(db: &Db, checked: &Checked) -> Result<Plan, Error> {
    let mut tx: Tx = db.begin().await?;
    let mut before: Vec<Placed> = match store::rules::applied(&mut tx).await {
        Err(Error::Database(error)) if is_older(&error) => Vec::new(),
        before => before?,
    };
    if !before.is_empty() {
        match store::rulebook::mark_edits(&mut tx, &mut before).await {
            Err(error) if is_older(&error) => {}
            marked => marked?,
        }
    }
    tx.rollback().await?;
    Ok(plan::difference(&before, &checked.placed()).plan())
}

/// `undefined_table`: nobody has made the schema yet. `undefined_column`: it is an older one, and a plan changes nothing.
fn is_older(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|said| said.code()).is_some_and(|code| code == "42P01" || code == "42703")
}

/// Replaces every rule by those of `checked`, in one transaction. Alerts of a rule that goes, or that will measure or judge
/// something else, are resolved and say so; other changes leave alerts burning.
pub(crate) async fn apply(db: &Db, now: Time, actor: &Actor, checked: &Checked) -> Result<Plan, Error> {
    let mut tx: Tx = db.begin().await?;
    let plan: Plan = apply_in(&mut tx, now, actor, checked).await?;
    tx.commit().await?;
    Ok(plan)
}

/// The same in the caller's transaction.
pub(crate) async fn apply_in(tx: &mut Tx, now: Time, actor: &Actor, checked: &Checked) -> Result<Plan, Error> {
    store::rules::lock(tx).await?;
    store::rules::count_apply(tx).await?;
    let (mut before, after): (Vec<Placed>, Vec<Placed>) = (store::rules::applied(tx).await?, checked.placed());
    store::rulebook::mark_edits(tx, &mut before).await?;
    let difference: Difference<'_> = plan::difference(&before, &after);
    put(tx, &checked.groups).await?;
    for added in &difference.added {
        tell(tx, ADDED, added, actor, now).await?;
    }
    for (old, new) in &difference.changed {
        change(tx, old, new, actor, now).await?;
    }
    for removed in &difference.removed {
        end(tx, removed, actor, now).await?;
    }
    let names: Vec<String> = checked.groups.iter().map(|group| group.name.clone()).collect();
    store::rules::keep_groups(tx, &names).await?;
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

/// Puts one rule in force as somebody wrote it in the console. `version` is that of the rule they read; `None` makes a new one.
pub(crate) async fn save(db: &Db, now: Time, actor: &Actor, draft: &Draft, version: Option<i64>) -> Result<Saved, Error> {
    let mut tx: Tx = db.begin().await?;
    store::rules::lock(&mut tx).await?;
    let before: Option<Standing> = store::rulebook::standing(&mut tx, &draft.rule.id).await?;
    may_save(&draft.rule.id, before.as_ref().map(|standing| standing.version), version)?;
    if before.is_none() && store::rulebook::n_rules(&mut tx).await? >= MOST_RULES {
        return Err(Refused::TooMany.into());
    }
    let after: Placed = place(&mut tx, draft, actor, now).await?;
    let saved: Saved = match before {
        Some(standing) if standing.placed.says(&after) => {
            return Ok(Saved { version: standing.version, what: Vec::new(), ended_alerts: false });
        }
        Some(standing) => change_one(&mut tx, &standing.placed, &after, actor, now).await?,
        None => add_one(&mut tx, &after, actor, now).await?,
    };
    store::rulebook::drop_empty_groups(&mut tx).await?;
    tx.commit().await?;
    Ok(saved)
}

fn may_save(id: &RuleId, now: Option<i64>, read: Option<i64>) -> Result<(), Refused> {
    match (now, read) {
        (None, None) => Ok(()),
        (Some(now), Some(read)) if now == read => Ok(()),
        (Some(now), Some(read)) => Err(Refused::Stale { rule: id.clone(), read, now }),
        (Some(_), None) => Err(Refused::Taken(id.clone())),
        (None, Some(_)) => Err(Refused::Gone(id.clone())),
    }
}

/// Where the draft will stand: a group that is there keeps its interval, another one is made at the end.
async fn place(tx: &mut Tx, draft: &Draft, actor: &Actor, now: Time) -> Result<Placed, Error> {
    let interval_ms: i64 = store::rulebook::hold_group(tx, &draft.group, CONSOLE, draft.interval_ms).await?;
    let edited = Some(Edited { by: actor.name().to_owned(), at: now });
    Ok(Placed { rule: draft.rule.clone(), group: draft.group.clone(), interval_ms, edited })
}

async fn add_one(tx: &mut Tx, after: &Placed, actor: &Actor, now: Time) -> Result<Saved, Error> {
    let version: i64 = store::rulebook::put_edited(tx, after, actor.name(), now).await?;
    tell(tx, ADDED, after, actor, now).await?;
    Ok(Saved { version, what: Vec::new(), ended_alerts: false })
}

async fn change_one(tx: &mut Tx, before: &Placed, after: &Placed, actor: &Actor, now: Time) -> Result<Saved, Error> {
    let version: i64 = store::rulebook::put_edited(tx, after, actor.name(), now).await?;
    if before.group != after.group {
        store::rulebook::touch_group(tx, &before.group).await?;
    }
    change(tx, before, after, actor, now).await?;
    Ok(Saved { version, what: plan::changes(before, after), ended_alerts: !after.rule.judges_like(&before.rule) })
}

/// Takes one rule away, and ends its alerts. `version` is that of the rule they read.
pub(crate) async fn remove(db: &Db, now: Time, actor: &Actor, id: &RuleId, version: i64) -> Result<(), Error> {
    let mut tx: Tx = db.begin().await?;
    store::rules::lock(&mut tx).await?;
    let before: Standing = store::rulebook::standing(&mut tx, id).await?.ok_or_else(|| Refused::Gone(id.clone()))?;
    may_save(id, Some(before.version), Some(version))?;
    store::rulebook::touch_group(&mut tx, &before.placed.group).await?;
    end(&mut tx, &before.placed, actor, now).await?;
    store::rulebook::drop_empty_groups(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts every rule of `checked` in force that is not there yet, beside those that are. Says how many.
pub(crate) async fn adopt(db: &Db, now: Time, actor: &Actor, checked: &Checked) -> Result<usize, Error> {
    let mut tx: Tx = db.begin().await?;
    store::rules::lock(&mut tx).await?;
    let mut n_added: usize = 0;
    for group in &checked.groups {
        let interval_ms: i64 = store::rulebook::hold_group(&mut tx, &group.name, &group.file, group.interval_ms).await?;
        for rule in &group.rules {
            if store::rulebook::standing(&mut tx, &rule.id).await?.is_some() {
                continue;
            }
            let after = Placed { rule: rule.clone(), group: group.name.clone(), interval_ms, edited: None };
            add_one(&mut tx, &after, actor, now).await?;
            n_added += 1;
        }
    }
    store::rulebook::drop_empty_groups(&mut tx).await?;
    tx.commit().await?;
    Ok(n_added)
}

async fn change(tx: &mut Tx, old: &Placed, new: &Placed, actor: &Actor, now: Time) -> Result<(), Error> {
    rejudge(tx, old, new, actor, now).await?;
    tell(tx, CHANGED, new, actor, now).await
}

/// What follows for what the old one recorded and raised.
async fn rejudge(tx: &mut Tx, old: &Placed, new: &Placed, actor: &Actor, now: Time) -> Result<(), Error> {
    if old.rule.records().is_some() && new.rule.records().is_none() {
        store::recorded::end(tx, &old.rule, now).await?;
    }
    if new.rule.judges_like(&old.rule) {
        store::answers::reword(tx, &new.rule).await?;
    } else {
        end_alerts(tx, &old.rule, ResolveReason::RuleChanged, actor, now).await?;
        store::series::forget(tx, &new.rule.id).await?;
    }
    Ok(())
}

async fn end(tx: &mut Tx, removed: &Placed, actor: &Actor, now: Time) -> Result<(), Error> {
    end_alerts(tx, &removed.rule, ResolveReason::RuleDeleted, actor, now).await?;
    store::recorded::end(tx, &removed.rule, now).await?;
    store::rules::remove_rule(tx, &removed.rule.id).await?;
    tell(tx, REMOVED, removed, actor, now).await
}

async fn end_alerts(tx: &mut Tx, rule: &Rule, reason: ResolveReason, actor: &Actor, now: Time) -> Result<(), Error> {
    for alert in store::answers::end_all(tx, &rule.id, reason, now).await? {
        let about = About { alert, rule: &rule.id, name: &rule.name };
        history::append(tx, &about, history::RESOLVED, actor, now, json!({ "reason": reason.as_str() })).await?;
    }
    Ok(())
}

/// `rule/cpu-usage`.
pub(crate) fn subject(id: &RuleId) -> String {
    format!("rule/{id}")
}

async fn tell(tx: &mut Tx, kind: &'static str, placed: &Placed, actor: &Actor, now: Time) -> Result<(), Error> {
    tell_more(tx, kind, placed, json!({}), actor, now).await
}

/// The same with something more in the body.
async fn tell_more(tx: &mut Tx, kind: &'static str, placed: &Placed, more: Value, actor: &Actor, now: Time) -> Result<(), Error> {
    let rule: &Rule = &placed.rule;
    let mut body: Value = json!({
        "rule": rule.id.0,
        "name": rule.name,
        "definition": rule,
        "group": placed.group,
        "interval_ms": placed.interval_ms,
    });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    facts::append(tx, &Fact { kind, actor, subject: subject(&rule.id), body, at: now }).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Refused, may_save};
    use model::ids::RuleId;

    #[test]
    fn only_who_read_what_is_in_force_may_change_it() {
        let id = RuleId("cpu".to_owned());
        for (now, read, expected) in [
            (None, None, Ok(())),
            (Some(3), Some(3), Ok(())),
            (Some(4), Some(3), Err(Refused::Stale { rule: id.clone(), read: 3, now: 4 })),
            (Some(1), None, Err(Refused::Taken(id.clone()))),
            (None, Some(1), Err(Refused::Gone(id.clone()))),
        ] {
            assert_eq!(may_save(&id, now, read), expected);
        }
    }
}
