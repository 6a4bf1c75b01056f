//! Ending what nobody speaks of any more: a reconciler without input, which any number of processes may run.

use super::plan::Known;
use super::take;
use super::{Inbound, Integration};
use crate::error::Error;
use crate::history::{self, Told};
use crate::state::ResolveReason;
use crate::store::inbound::{self as rows, Due};
use crate::store::integrations;
use kernel::{Db, Tx};
use model::Time;
use model::ids::IntegrationId;
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// Nobody waits for the end of an alert by the second.
const LOOK_EVERY: Duration = Duration::from_secs(2);

impl Inbound {
    /// Ends what is due until `shutdown`.
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = look.tick() => {}
            }
            if let Err(error) = self.expire().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "foreign alerts that are due could not be resolved");
            }
        }
    }
}

/// Resolves what is due, an integration at a time, and says how many alerts those were. Silence counts only for who has listened since
/// `since`, for the whole of the time-out: after an outage of ours every sender was silent.
pub(super) async fn expire(db: &Db, now: Time, since: Time) -> Result<usize, Error> {
    let (mut n, mut failed): (usize, Option<Error>) = (0, None);
    for id in rows::with_due(db, now).await? {
        // One that can't be looked at does not keep the alerts of the others from ending.
        match expire_of(db, id, now, since).await {
            Ok(n_ended) => n += n_ended,
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(n), Err)
}

async fn expire_of(db: &Db, id: IntegrationId, now: Time, since: Time) -> Result<usize, Error> {
    let Some(integration) = integrations::one_ever(db, id).await? else {
        return Ok(0);
    };
    let mut tx: Tx = db.begin().await?;
    // Also of one that was switched off: what it sent before is as silent as anything else.
    integrations::hold(&mut tx, id).await?;
    let ended: Vec<Known> = rows::due(&mut tx, id, Due::Ended(now)).await?;
    let has_listened: bool = integration.timeout_ms.is_none_or(|ms| now.since(since) >= ms);
    let silent: Vec<Known> = if has_listened { rows::due(&mut tx, id, Due::Silent(now)).await? } else { Vec::new() };
    let n: usize = ended.len() + silent.len();
    end(&mut tx, &integration, ended, ResolveReason::Recovered, now).await?;
    end(&mut tx, &integration, silent, ResolveReason::NoData, now).await?;
    tx.commit().await?;
    Ok(n)
}

async fn end(tx: &mut Tx, integration: &Integration, alerts: Vec<Known>, reason: ResolveReason, now: Time) -> Result<(), Error> {
    let told: Vec<Told> = take::end(tx, alerts, reason, now).await?;
    history::append_all(tx, told, &integration.actor(), now).await?;
    Ok(())
}
