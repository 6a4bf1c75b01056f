//! What fired lately, rule by rule.

use crate::Alerting;
use crate::error::Error;
use crate::store;
use model::Time;
use model::ids::RuleId;

/// A rule with alerts, ours or another tool's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiredRule {
    pub rule: RuleId,
    /// As routing knows it.
    pub alertname: String,
    /// Where its instructions stand, as the newest alert or the rule says; a text that may have labels to be filled in.
    pub runbook_url: Option<String>,
    pub n_alerts: i64,
    pub newest_at: Time,
}

impl Alerting {
    /// Rules whose alerts fired since a moment, those that fired last first.
    ///
    /// # Errors
    /// The database's.
    pub async fn fired_rules(&self, since: Time, most: i64) -> Result<Vec<FiredRule>, Error> {
        store::fired::since(&self.db, since, most).await
    }
}
