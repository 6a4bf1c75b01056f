//! `alert`, rule by rule.

use super::corrupt;
use crate::annotations::Annotations;
use crate::error::Error;
use crate::fired::FiredRule;
use crate::routes;
use kernel::Db;
use model::Time;
use model::ids::RuleId;
use serde_json::Value;

/// Rules whose alerts fired since a moment, those that fired last first.
pub(crate) async fn since(db: &Db, since: Time, most: i64) -> Result<Vec<FiredRule>, Error> {
    let rows = sqlx::query!(
        r#"select
             fired.rule_id as "rule_id!",
             fired.n_alerts as "n_alerts!",
             fired.newest_at as "newest_at!",
             newest.annotations as "annotations!"
           from (
             select rule_id, count(*) as n_alerts, max(fired_at) as newest_at
             from alert
             where fired_at >= $1
             group by rule_id
             order by max(fired_at) desc, rule_id
             limit $2
           ) as fired
           cross join lateral (
             select annotations
             from alert
             where rule_id = fired.rule_id
               and fired_at = fired.newest_at
             order by id desc
             limit 1
           ) as newest
           order by fired.newest_at desc, fired.rule_id"#,
        since.to_utc(),
        most,
    )
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(|row| read(row.rule_id, row.n_alerts, Time::from_utc(row.newest_at), row.annotations)).collect()
}

fn read(rule: String, n_alerts: i64, newest_at: Time, annotations: Value) -> Result<FiredRule, Error> {
    let annotations: Annotations = serde_json::from_value(annotations)
        .map(Annotations)
        .map_err(|error| corrupt("alert", "annotations", &rule, &error.to_string()))?;
    let rule = RuleId(rule);
    Ok(FiredRule {
        alertname: routes::name_of(&rule).to_owned(),
        runbook_url: annotations.runbook_url(),
        rule,
        n_alerts,
        newest_at,
    })
}
