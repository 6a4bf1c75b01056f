//! One step further at once: something else has found that it can't wait.

use crate::Oncall;
use crate::error::Error;
use crate::explain::{LogEntry, What};
use crate::history;
use crate::runs::{Run, State};
use crate::store;
use kernel::Tx;
use model::Time;
use model::ids::AlertId;
use serde_json::json;

impl Oncall {
    /// The next step of every escalation about these alerts fires now, in the transaction that made it necessary. Says how many have one:
    /// what somebody has, and what has gone through all of its steps, is left as it is. Asked twice before the step has fired, it fires
    /// once.
    ///
    /// # Errors
    /// The database's: roll back then.
    pub async fn hasten(&self, tx: &mut Tx, alerts: &[AlertId], why: &str) -> Result<usize, Error> {
        let now: Time = self.clock.now();
        let numbers: Vec<i64> = alerts.iter().map(|alert| alert.0).collect();
        if numbers.is_empty() {
            return Ok(0);
        }
        let mut n_hastened: usize = 0;
        for id in store::runs::lock_of_alerts(tx, &numbers).await? {
            let Some(run) = store::runs::lock(tx, id).await? else { continue };
            if run.state == State::Running && has_next_step(&run) {
                hasten_one(tx, run, why, now).await?;
                n_hastened += 1;
            }
        }
        Ok(n_hastened)
    }
}

/// Whether anybody is paged when the run goes on. At the end of the last pass nobody is, unless it reached nobody: then the administrators are.
fn has_next_step(run: &Run) -> bool {
    let n_steps: usize = run.snapshot.steps.len();
    let is_behind_the_last: bool = usize::try_from(run.place.step).is_ok_and(|step| step >= n_steps);
    !is_behind_the_last || !run.has_reached || run.place.next_pass(&run.snapshot).is_some()
}

async fn hasten_one(tx: &mut Tx, mut run: Run, why: &str, now: Time) -> Result<(), Error> {
    if run.next_step_at.is_some_and(|at| at <= now) {
        return Ok(());
    }
    run.next_step_at = Some(now);
    store::log::add(tx, run.id, &LogEntry::new(now, What::Hastened).saying(why)).await?;
    history::append(tx, &run, history::HASTENED, &history::worker(), now, json!({ "reason": why })).await?;
    store::runs::save(tx, &run).await?;
    Ok(())
}
