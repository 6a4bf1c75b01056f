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

/// Resolves what is due, an integration at a time, and says how many alerts those were.
pub(super) async fn expire(db: &Db, now: Time) -> Result<usize, Error> {
    let mut n: usize = 0;
    for id in rows::with_due(db, now).await? {
        n += expire_of(db, id, now).await?;
    }
    Ok(n)
}

async fn expire_of(db: &Db, id: IntegrationId, now: Time) -> Result<usize, Error> {
    let Some(integration) = integrations::one_ever(db, id).await? else {
        return Ok(0);
    };
    let mut tx: Tx = db.begin().await?;
    // Also of one that was switched off: what it sent before is as silent as anything else.
    integrations::hold(&mut tx, id).await?;
    let ended: Vec<Known> = rows::due(&mut tx, id, Due::Ended(now)).await?;
    let silent: Vec<Known> = rows::due(&mut tx, id, Due::Silent(now)).await?;
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
