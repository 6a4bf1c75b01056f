//! Acknowledgements that end: who has an alert is reminded, and then nobody has it and whoever its route names is paged again.
//!
//! A reconciler without input, which any number of processes may run. What is due is chosen and changed under the lock of its row, in one
//! transaction with its Facts, and what another process has locked is left to it; so each end is told once, whoever comes first, and no
//! lease is needed for that. Somebody who gives the alert back, or says anew how long they have it, at the same moment waits for the
//! row, and then finds it as it is.
//!
//! Nobody is paged here: the notifier finds at its next pass that somebody was told of the alert and nobody has it any more.

use crate::Alerting;
use crate::error::Error;
use crate::history::{self, Told};
use crate::store::answers::{self, Lapsing};
use kernel::{Ticks, Tx};
use model::ids::AlertId;
use model::{Actor, Time};
use serde_json::json;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// An end is found at most this much late.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Ends of one transaction; more are found by the next, which follows at once.
const MOST_AT_ONCE: i64 = 500;
/// Who ends them, in Facts.
pub const WORKER: &str = "acknowledgements";

impl Alerting {
    /// Ends what has run out until `shutdown`.
    pub(crate) async fn end_acknowledgements(self, shutdown: CancellationToken) {
        let mut ticks = Ticks::every(LOOK_EVERY, shutdown);
        while ticks.next().await {
            if let Err(error) = self.lapse().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "acknowledgements that ran out could not be ended");
            }
        }
    }

    /// Ends what has run out by now and reminds of what soon will, and says how many alerts need somebody again. What [`Alerting::run`]
    /// does again and again.
    ///
    /// # Errors
    /// The database's.
    pub async fn lapse(&self) -> Result<usize, Error> {
        let mut n_ended: usize = 0;
        loop {
            let (n_due, n): (usize, usize) = self.lapse_some().await?;
            n_ended += n;
            if i64::try_from(n_due).unwrap_or(i64::MAX) < MOST_AT_ONCE {
                return Ok(n_ended);
            }
        }
    }

    /// How many were due, and how many of those have ended.
    async fn lapse_some(&self) -> Result<(usize, usize), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let due: Vec<Lapsing> = answers::lapsing(&mut tx, now, MOST_AT_ONCE).await?;
        if due.is_empty() {
            return Ok((0, 0));
        }
        let n_due: usize = due.len();
        let (over, soon): (Vec<Lapsing>, Vec<Lapsing>) = due.into_iter().partition(|one| one.until <= now);
        answers::let_go(&mut tx, &numbers(&over)).await?;
        answers::reminded(&mut tx, &numbers(&soon)).await?;
        let n_ended: usize = over.len();
        let mut told: Vec<Told> = soon.into_iter().map(|one| fact(one, history::ENDING)).collect();
        told.extend(over.into_iter().map(|one| fact(one, history::EXPIRED)));
        history::append_all(&mut tx, told, &Actor::worker(WORKER), now).await?;
        tx.commit().await?;
        Ok((n_due, n_ended))
    }
}

fn numbers(all: &[Lapsing]) -> Vec<i64> {
    all.iter().map(|one| one.alert.0).collect()
}

/// Who had it, until when, and, if it was a person, which: whoever reminds people needs to know.
fn fact(one: Lapsing, kind: &'static str) -> Told {
    let body = json!({ "holder": one.by, "person": one.person, "until": one.until });
    let alert: AlertId = one.alert;
    Told { alert, rule: one.rule, name: one.name, kind, body }
}
