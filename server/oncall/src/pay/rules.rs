//! Rules of pay: who gets how much for what, from which day on.

use super::reckoning::RuleVersion;
use super::refused::Refused;
use super::{Pay, tell};
use crate::error::Error;
use crate::history;
use crate::store;
use chrono::NaiveDate;
use kernel::{Grant, Tx};
use model::Time;
use model::access::ManagePay;
use model::pay::PayRule;
use serde_json::json;

/// Characters of a duty's name.
pub const MAX_ROLE: usize = 64;
/// Versions of rules, and of weeks: a typing error in a script must not fill the table that every look reads.
pub const MAX_VERSIONS: usize = 1_000;

impl Pay {
    /// Every version of every rule, by role, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn rules(&self) -> Result<Vec<RuleVersion>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::pay::rules::all(&mut tx).await
    }

    /// Writes another version of a rule, which counts from a day on. `expected` is the version that was looked at, 0 for none. Says the new
    /// one. From a day in a closed month on, the difference is paid with the next.
    ///
    /// # Errors
    /// [`Refused::Role`], [`Refused::Rule`], [`Refused::Stale`], [`Refused::TooManyVersions`]. The database's.
    pub async fn save_rule(
        &self,
        grant: &Grant<ManagePay>,
        role: &str,
        effective_from: NaiveDate,
        rule: &PayRule,
        expected: i64,
    ) -> Result<i64, Error> {
        let role: String = checked_role(role)?;
        rule.check().map_err(Refused::Rule)?;
        let mut rule: PayRule = rule.clone();
        rule.statutory_days.sort_unstable();
        rule.statutory_days.dedup();
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::pay::months::lock(&mut tx).await?;
        let before: Vec<RuleVersion> = store::pay::rules::all(&mut tx).await?;
        let found: i64 = before.iter().filter(|known| known.role == role).map(|known| known.version).max().unwrap_or(0);
        if found != expected {
            return Err(Refused::Stale { expected, found }.into());
        }
        if before.len() >= MAX_VERSIONS {
            return Err(Refused::TooManyVersions.into());
        }
        let version: i64 = found + 1;
        let changed_by: String = grant.actor().name().to_owned();
        let row = RuleVersion { role: role.clone(), version, effective_from, rule, changed_by, changed_at: now };
        store::pay::rules::insert(&mut tx, &row).await?;
        let body = json!({ "version": version, "effective_from": effective_from });
        tell(&mut tx, history::PAY_RULE_SAVED, format!("pay-rule/{role}"), grant.actor(), body, now).await?;
        tx.commit().await?;
        Ok(version)
    }
}

fn checked_role(text: &str) -> Result<String, Refused> {
    let role: &str = text.trim();
    let is_one: bool = (1..=MAX_ROLE).contains(&role.chars().count()) && !role.chars().any(char::is_control);
    if is_one { Ok(role.to_owned()) } else { Err(Refused::Role) }
}
