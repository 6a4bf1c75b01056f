//! `rule_group` and `alert_rule` as applied and as listed.

use super::{corrupt, time};
use crate::error::Error;
use crate::plan::Placed;
use crate::rulebook::{Edited, RuleRow};
use crate::rules::{Group, Rule};
use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use model::ids::RuleId;
use serde_json::Value;

/// Any number that no other advisory lock of the product uses: "rules" in ASCII.
const APPLY_LOCK: i64 = 0x72_75_6c_65_73;

/// Lets one `apply` at a time, and no tick meanwhile.
pub(crate) async fn lock(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock($1)", APPLY_LOCK).execute(&mut **tx).await?;
    sqlx::query!("select name from rule_group order by name for update").fetch_all(&mut **tx).await?;
    Ok(())
}

/// Uses up a revision, so that it is known that rules were applied even if there was no group among them.
pub(crate) async fn count_apply(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query!(r#"select nextval('rule_revision') as "revision!""#).fetch_one(&mut **tx).await?;
    Ok(())
}

/// Whether a revision was ever used.
pub(crate) async fn was_ever_applied(db: &Db) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select is_called as "is_called!" from rule_revision"#).fetch_one(db.pool()).await
}

/// Every rule in force, with its place. Whether somebody edited it is told by [`super::rulebook::mark_edits`].
pub(crate) async fn applied(tx: &mut Tx) -> Result<Vec<Placed>, Error> {
    let rows = sqlx::query!(
        "select
           alert_rule.id,
           alert_rule.definition,
           alert_rule.group_name,
           rule_group.interval_ms
         from alert_rule
         join rule_group on rule_group.name = alert_rule.group_name
         order by alert_rule.id",
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut rules: Vec<Placed> = Vec::with_capacity(rows.len());
    for row in rows {
        let rule: Rule = rule_of(&row.id, row.definition)?;
        rules.push(Placed { rule, group: row.group_name, interval_ms: row.interval_ms, edited: None });
    }
    Ok(rules)
}

/// Writes a group; whoever evaluates it must reload.
pub(crate) async fn put_group(tx: &mut Tx, group: &Group, position: i32) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into rule_group (name, file, position, interval_ms)
         values ($1, $2, $3, $4)
         on conflict (name) do update set
           file = excluded.file,
           position = excluded.position,
           interval_ms = excluded.interval_ms,
           revision = nextval('rule_revision')",
        group.name,
        group.file,
        position,
        group.interval_ms,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes a rule as a file has it. A changed definition makes its last error past.
pub(crate) async fn put_rule(tx: &mut Tx, group: &str, rule: &Rule, position: i32) -> Result<(), Error> {
    let definition: Value = serde_json::to_value(rule).map_err(|source| Error::Encode { rule: rule.id.0.clone(), source })?;
    sqlx::query!(
        "insert into alert_rule (id, group_name, position, definition)
         values ($1, $2, $3, $4)
         on conflict (id) do update set
           group_name = excluded.group_name,
           position = excluded.position,
           definition = excluded.definition,
           version = alert_rule.version + case
             when alert_rule.definition = excluded.definition and alert_rule.group_name = excluded.group_name then 0
             else 1
           end,
           edited_by = null,
           edited_at = null,
           errors_in_row = case when alert_rule.definition = excluded.definition then alert_rule.errors_in_row else 0 end",
        rule.id.0,
        group,
        position,
        definition,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes a rule away. Its alerts stay.
pub(crate) async fn remove_rule(tx: &mut Tx, id: &RuleId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from alert_rule where id = $1", id.0).execute(&mut **tx).await?;
    Ok(())
}

/// Takes away the groups that are not in `names`; they have no rules any more.
pub(crate) async fn keep_groups(tx: &mut Tx, names: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from rule_group where name <> all($1)", names).execute(&mut **tx).await?;
    Ok(())
}

/// Every rule, or `only` that one, in the order of the files, with how its last evaluation went.
pub(crate) async fn list(db: &Db, only: Option<&RuleId>) -> Result<Vec<RuleRow>, Error> {
    let rows = sqlx::query!(
        r#"select
             alert_rule.id,
             alert_rule.definition,
             alert_rule.evaluated_at,
             alert_rule.took_ms,
             alert_rule.series,
             alert_rule.errors,
             alert_rule.errors_in_row,
             alert_rule.last_error,
             alert_rule.version,
             alert_rule.edited_by,
             alert_rule.edited_at,
             rule_group.name as group_name,
             rule_group.file,
             rule_group.interval_ms,
             rule_group.missed,
             (select count(*) from alert where alert.rule_id = alert_rule.id and alert.state = 'firing') as "open!"
           from alert_rule
           join rule_group on rule_group.name = alert_rule.group_name
           where $1::text is null
              or alert_rule.id = $1
           order by rule_group.position, alert_rule.position"#,
        only.map(|rule| rule.0.as_str()),
    )
    .fetch_all(db.pool())
    .await?;
    let mut rules: Vec<RuleRow> = Vec::with_capacity(rows.len());
    for row in rows {
        rules.push(RuleRow {
            rule: rule_of(&row.id, row.definition)?,
            group: row.group_name,
            file: row.file,
            interval_ms: row.interval_ms,
            missed: row.missed,
            evaluated_at: time(row.evaluated_at),
            took_ms: row.took_ms,
            series: row.series,
            errors: row.errors,
            error: if row.errors_in_row > 0 { row.last_error } else { None },
            open: row.open,
            version: row.version,
            edited: edited(row.edited_by, row.edited_at),
        });
    }
    Ok(rules)
}

/// A group as the evaluator sees it before it looks closer.
#[derive(Clone, Debug)]
pub(crate) struct GroupHead {
    pub(crate) name: String,
    pub(crate) interval_ms: i64,
    pub(crate) revision: i64,
    pub(crate) last_tick: Option<Time>,
}

/// Every group, in order.
pub(crate) async fn heads(db: &Db) -> Result<Vec<GroupHead>, sqlx::Error> {
    let rows = sqlx::query!(
        "select
           name,
           interval_ms,
           revision,
           last_tick
         from rule_group
         order by position",
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| GroupHead {
            name: row.name,
            interval_ms: row.interval_ms,
            revision: row.revision,
            last_tick: time(row.last_tick),
        })
        .collect())
}

/// The rules of a group, in order.
pub(crate) async fn of_group(db: &Db, group: &str) -> Result<Vec<Rule>, Error> {
    let rows = sqlx::query!(
        "select
           id,
           definition
         from alert_rule
         where group_name = $1
         order by position",
        group,
    )
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(|row| rule_of(&row.id, row.definition)).collect()
}

/// Who edited a rule, if somebody did.
pub(super) fn edited(by: Option<String>, at: Option<DateTime<Utc>>) -> Option<Edited> {
    Some(Edited { by: by?, at: time(at)? })
}

pub(super) fn rule_of(id: &str, definition: Value) -> Result<Rule, Error> {
    serde_json::from_value(definition).map_err(|error| corrupt("alert_rule", "definition", id, &error.to_string()))
}
