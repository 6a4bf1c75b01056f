//! What every rule of a group says to a tick: queries run before the tick's transaction, one after the other.

use super::recording::{Past, Waiting};
use super::{Compiled, Evaluator};
use crate::error::Error;
use crate::needs::{Measured, QueryError};
use crate::recording::SeriesSet;
use crate::rules::Rule;
use jobs::Lease;
use model::Time;
use std::time::Duration;

/// A query of a rule may take so long. Well below what is left of a lease that was renewed in time (`LEASE_MS` less
/// `RENEW_EVERY_MS`), so that no query outlasts it.
const LONGEST_QUERY: Duration = Duration::from_secs(5);

/// A rule's answer for a tick.
pub(super) struct Answer<'a> {
    pub(super) rule: &'a Rule,
    pub(super) took_ms: i64,
    pub(super) result: Result<Given, String>,
}

/// What a rule's query gave.
pub(super) enum Given {
    Measured(Vec<Measured>),
    /// The series that a recording rule writes.
    Recorded(SeriesSet),
}

impl Evaluator {
    /// Every rule's answer; `None` when the lease was lost meanwhile. It is renewed between two queries, and a query ends before it
    /// does, so a slow group does not lose it. What a rule records is written before another reads it.
    pub(super) async fn ask<'a>(
        &self,
        rules: &'a Compiled,
        at: Time,
        lease: &Lease,
        past: &Past,
    ) -> Result<Option<Vec<Answer<'a>>>, Error> {
        let mut answers: Vec<Answer<'a>> = Vec::with_capacity(rules.rules.len());
        let mut waiting = Waiting::default();
        for (rule, expr) in &rules.rules {
            if !self.still_holds(lease, &rules.group).await? {
                return Ok(None);
            }
            if expr.as_ref().is_ok_and(|expr| waiting.is_read_by(expr)) {
                self.flush(&mut waiting, &mut answers).await;
                if !self.still_holds(lease, &rules.group).await? {
                    return Ok(None);
                }
            }
            let started: Time = self.clock.now();
            let asked_at: Time = at.plus_ms(-rule.evaluation_delay_ms);
            let measured: Result<Vec<Measured>, String> = match expr {
                Ok(expr) => in_time(LONGEST_QUERY, self.queries.instant(expr, asked_at)).await,
                Err(error) => Err(error.clone()),
            };
            let place: usize = answers.len();
            let result: Result<Given, String> = match rule.records() {
                Some(_) => measured.and_then(|measured| waiting.take(rule, past, &measured, asked_at, place)),
                None => measured.map(Given::Measured),
            };
            answers.push(Answer { rule, took_ms: self.clock.now().since(started), result });
        }
        if !waiting.is_empty() {
            if !self.still_holds(lease, &rules.group).await? {
                return Ok(None);
            }
            self.flush(&mut waiting, &mut answers).await;
        }
        Ok(Some(answers))
    }

    /// Whether the group is still ours, and will be for longer than a query or a write may take.
    async fn still_holds(&self, lease: &Lease, group: &str) -> Result<bool, Error> {
        let held: Option<Lease> = self.hold(group, self.clock.now()).await?;
        Ok(held.is_some_and(|held| held.epoch == lease.epoch))
    }
}

/// The answer to a rule's query, or why there is none.
async fn in_time(
    longest: Duration,
    query: impl Future<Output = Result<Vec<Measured>, QueryError>>,
) -> Result<Vec<Measured>, String> {
    match tokio::time::timeout(longest, query).await {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err(format!("took longer than {} s", longest.as_secs())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluator::LONGEST_WRITE;
    use jobs::leases::{LEASE_MS, RENEW_EVERY_MS};

    #[tokio::test]
    async fn a_query_that_takes_too_long_is_an_error_of_its_rule() {
        let never = std::future::pending::<Result<Vec<Measured>, QueryError>>();
        assert_eq!(in_time(Duration::ZERO, never).await, Err("took longer than 0 s".to_owned()));
        assert_eq!(in_time(LONGEST_QUERY, async { Ok(Vec::new()) }).await, Ok(Vec::new()));
        let left_ms = u128::try_from(LEASE_MS - RENEW_EVERY_MS).unwrap();
        assert!(LONGEST_QUERY.as_millis() < left_ms, "a query outlasts its lease");
        assert!(LONGEST_WRITE.as_millis() < left_ms, "what is recorded is written after its lease");
    }
}
