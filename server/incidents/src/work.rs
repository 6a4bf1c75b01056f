//! The background work of this room: Facts are read, clocks are looked at, calendars are compared, and things are said in channels.
//!
//! One process leads, by a lease that fences what it commits, with the time of the database's clock that all of them share. A process that
//! dies has told nothing, or all of it: a clock is told in one transaction with its line, its Fact and whoever is called. Talking in
//! channels waits for others, so it goes beside it, and any process may.

use crate::Incidents;
use crate::Memory;
use crate::error::Error;
use crate::rooms;
use crate::store;
use jobs::Lease;
use jobs::leases::{LEASE_MS, RENEW_EVERY_MS};
use kernel::{Ticks, Tx};
use model::Time;
use model::ids::IncidentId;
use std::sync::PoisonError;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A clock is told at most this much late.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Between two looks whether a calendar is another.
const CALENDARS_EVERY_MS: i64 = 30_000;
/// Incidents whose clocks are looked at in one look; more follow in the next.
const MOST_DUE: i64 = 200;
const LEASE_NAME: &str = "incidents.work";

/// Works until `shutdown`.
pub(crate) async fn run(incidents: Incidents, shutdown: CancellationToken) {
    tokio::join!(watch(&incidents, shutdown.clone()), talk(&incidents, shutdown));
    incidents.release().await;
}

async fn watch(incidents: &Incidents, shutdown: CancellationToken) {
    let mut ticks = Ticks::every(LOOK_EVERY, shutdown);
    while ticks.next().await {
        if let Err(error) = tick(incidents).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "incidents could not be looked at");
        }
    }
}

async fn talk(incidents: &Incidents, shutdown: CancellationToken) {
    let mut ticks = Ticks::every(LOOK_EVERY, shutdown);
    while ticks.next().await {
        if let Err(error) = rooms::tick(incidents).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "nothing can be said in the channels of incidents");
        }
    }
}

/// Reads what is new and tells what is due, if this process leads.
pub(crate) async fn tick(incidents: &Incidents) -> Result<(), Error> {
    let Some(lease) = incidents.hold(incidents.clock.now()).await? else {
        return Ok(());
    };
    match incidents.lead(&lease).await {
        Err(Error::Lease(jobs::Error::LostLease { .. })) => {
            incidents.remember(|memory| memory.lease = None);
            Ok(())
        }
        other => other,
    }
}

impl Incidents {
    /// Clocks come first: reading may take a while, and its failure must not keep anybody from being told.
    async fn lead(&self, lease: &Lease) -> Result<(), Error> {
        self.tell_clocks(lease).await?;
        self.read_facts(lease).await?;
        self.read_pasts().await?;
        self.compare_calendars().await?;
        // What was declared or reckoned just now may be due already.
        self.tell_clocks(lease).await
    }

    async fn tell_clocks(&self, lease: &Lease) -> Result<(), Error> {
        let now: Time = self.clock.now();
        for id in store::clocks::due(&self.db, now, MOST_DUE).await? {
            match self.tell_clocks_of(lease, id, now).await {
                Err(Error::Lease(error)) => return Err(error.into()),
                // One that can't be told must not keep the others from it.
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, incident = %id, "a clock could not be told");
                }
                Ok(()) => {}
            }
        }
        Ok(())
    }

    async fn tell_clocks_of(&self, lease: &Lease, id: IncidentId, now: Time) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        jobs::guard(&mut tx, lease).await?;
        if let Some(incident) = store::incidents::lock(&mut tx, id).await? {
            self.tell_due(&mut tx, &incident, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn compare_calendars(&self) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let is_due: bool = self.remember(|memory| {
            let is_due: bool = memory.calendars_at.is_none_or(|at| now.since(at) >= CALENDARS_EVERY_MS);
            if is_due {
                memory.calendars_at = Some(now);
            }
            is_due
        });
        if is_due {
            self.calendars_changed().await?;
        }
        Ok(())
    }

    /// The lease: the one held, renewed in time, or a new one if nobody has it.
    async fn hold(&self, now: Time) -> Result<Option<Lease>, Error> {
        if let Some(lease) = self.remember(|memory| memory.lease.clone()) {
            if lease.until.since(now) > LEASE_MS - RENEW_EVERY_MS {
                return Ok(Some(lease));
            }
            match self.leases.renew(&lease, now).await {
                Ok(renewed) => return Ok(Some(self.keep(renewed))),
                Err(jobs::Error::LostLease { .. }) => self.remember(|memory| memory.lease = None),
                Err(error) => return Err(error.into()),
            }
        }
        let lease: Option<Lease> = self.leases.acquire(LEASE_NAME, now).await?;
        Ok(lease.map(|lease| self.keep(lease)))
    }

    fn keep(&self, lease: Lease) -> Lease {
        self.remember(|memory| memory.lease = Some(lease.clone()));
        lease
    }

    /// Gives the lease back, so that another process need not wait for its end.
    async fn release(&self) {
        let Some(lease) = self.remember(|memory| memory.lease.take()) else {
            return;
        };
        if let Err(error) = self.leases.release(&lease, self.clock.now()).await {
            tracing::warn!(lease = lease.name, %error, "a lease was left to run out");
        }
    }

    /// Looks at or changes what is remembered. Never across an await. A panic elsewhere leaves nothing half-written here.
    fn remember<T>(&self, change: impl FnOnce(&mut Memory) -> T) -> T {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut memory)
    }
}
