//! `oncall_pay_rule`.

use crate::error::Error;
use crate::pay::reckoning::RuleVersion;
use crate::store::corrupt;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Tx;
use model::Time;
use model::pay::PayRule;
use serde_json::Value;

struct Row {
    role: String,
    version: i64,
    effective_from: NaiveDate,
    definition: Value,
    changed_by: String,
    changed_at: DateTime<Utc>,
}

fn read(row: Row) -> Result<RuleVersion, Error> {
    let rule: Result<PayRule, serde_json::Error> = serde_json::from_value(row.definition);
    let rule: PayRule = rule.map_err(|error| corrupt("oncall_pay_rule", "definition", &row.role, &error.to_string()))?;
    Ok(RuleVersion {
        role: row.role,
        version: row.version,
        effective_from: row.effective_from,
        rule,
        changed_by: row.changed_by,
        changed_at: Time::from_utc(row.changed_at),
    })
}

/// Every version of every rule, by role, the newest first.
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<RuleVersion>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           role,
           version,
           effective_from,
           definition,
           changed_by,
           changed_at
         from oncall_pay_rule
         order by role, version desc",
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// Writes a version.
pub(crate) async fn insert(tx: &mut Tx, row: &RuleVersion) -> Result<(), Error> {
    let definition: Value = serde_json::to_value(&row.rule).map_err(Error::Encode)?;
    sqlx::query!(
        "insert into oncall_pay_rule (role, version, effective_from, definition, changed_by, changed_at)
         values ($1, $2, $3, $4, $5, $6)",
        row.role,
        row.version,
        row.effective_from,
        definition,
        row.changed_by,
        row.changed_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
