//! `rule_group` and `alert_rule` as they are changed one by one, in the console.

use super::rules::{edited, rule_of};
use super::time;
use crate::error::Error;
use crate::plan::Placed;
use crate::rulebook::Edited;
use kernel::Tx;
use model::Time;
use model::ids::RuleId;
use serde_json::Value;
use std::collections::HashMap;

/// A rule in force and what a save must know of it.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) placed: Placed,
    pub(crate) version: i64,
}

/// Marks the rules that stand as somebody left them in the console.
pub(crate) async fn mark_edits(tx: &mut Tx, rules: &mut [Placed]) -> Result<(), sqlx::Error> {
    let rows = sqlx::query!(
        r#"select
             id,
             edited_by as "edited_by!",
             edited_at
           from alert_rule
           where edited_by is not null"#,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut edits: HashMap<String, Edited> = HashMap::with_capacity(rows.len());
    for row in rows {
        if let Some(at) = time(row.edited_at) {
            edits.insert(row.id, Edited { by: row.edited_by, at });
        }
    }
    for placed in rules {
        placed.edited = edits.remove(&placed.rule.id.0);
    }
    Ok(())
}

/// The rule of that id, if it is in force.
pub(crate) async fn standing(tx: &mut Tx, id: &RuleId) -> Result<Option<Standing>, Error> {
    let row = sqlx::query!(
        "select
           alert_rule.definition,
           alert_rule.group_name,
           alert_rule.version,
           alert_rule.edited_by,
           alert_rule.edited_at,
           rule_group.interval_ms
         from alert_rule
         join rule_group on rule_group.name = alert_rule.group_name
         where alert_rule.id = $1",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let placed = Placed {
        rule: rule_of(&id.0, row.definition)?,
        group: row.group_name,
        interval_ms: row.interval_ms,
        edited: edited(row.edited_by, row.edited_at),
    };
    Ok(Some(Standing { placed, version: row.version }))
}

/// How many rules are in force.
pub(crate) async fn n_rules(tx: &mut Tx) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select count(*) as "n!" from alert_rule"#).fetch_one(&mut **tx).await
}

/// Makes whoever evaluates the group reload it, and makes it first where there is none of that name. Says its interval.
pub(crate) async fn hold_group(tx: &mut Tx, name: &str, file: &str, interval_ms: i64) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into rule_group (name, file, position, interval_ms)
         values ($1, $2, (select coalesce(max(position) + 1, 0) from rule_group), $3)
         on conflict (name) do update set
           revision = nextval('rule_revision')
         returning interval_ms",
        name,
        file,
        interval_ms,
    )
    .fetch_one(&mut **tx)
    .await
}

/// The interval of a group, if there is one of that name.
pub(crate) async fn interval_of(tx: &mut Tx, name: &str) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!("select interval_ms from rule_group where name = $1", name).fetch_optional(&mut **tx).await
}

/// Makes whoever evaluates the group reload it.
pub(crate) async fn touch_group(tx: &mut Tx, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update rule_group set revision = nextval('rule_revision') where name = $1", name).execute(&mut **tx).await?;
    Ok(())
}

/// Writes a rule that somebody made or changed, a new one at the end of its group, and says its version. A changed definition makes its
/// last error past.
pub(crate) async fn put_edited(tx: &mut Tx, placed: &Placed, by: &str, at: Time) -> Result<i64, Error> {
    let rule = &placed.rule;
    let definition: Value = serde_json::to_value(rule).map_err(|source| Error::Encode { rule: rule.id.0.clone(), source })?;
    let version: i64 = sqlx::query_scalar!(
        "insert into alert_rule (id, group_name, position, definition, edited_by, edited_at)
         values ($1, $2, (select coalesce(max(position) + 1, 0) from alert_rule where group_name = $2), $3, $4, $5)
         on conflict (id) do update set
           group_name = excluded.group_name,
           position = case
             when alert_rule.group_name = excluded.group_name then alert_rule.position
             else excluded.position
           end,
           definition = excluded.definition,
           version = alert_rule.version + 1,
           edited_by = excluded.edited_by,
           edited_at = excluded.edited_at,
           errors_in_row = case when alert_rule.definition = excluded.definition then alert_rule.errors_in_row else 0 end
         returning version",
        rule.id.0,
        placed.group,
        definition,
        by,
        at.to_utc(),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(version)
}

/// Takes away groups without rules.
pub(crate) async fn drop_empty_groups(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from rule_group
         where not exists (select from alert_rule where alert_rule.group_name = rule_group.name)",
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
