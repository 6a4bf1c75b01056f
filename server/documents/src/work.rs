//! The background work of this room: other processes are heard, the logs of texts are gathered, read views that were missed are made, and
//! each part does what is due of its own.
//!
//! One process leads, by a lease. What it does is safe to do twice: a snapshot is kept once, under the lock of its text; a read view is what
//! the text is; and the parts write down what they told whom.

use crate::Documents;
use crate::collab::{Body, replicas};
use crate::error::Error;
use crate::store;
use jobs::leases::{LEASE_MS, RENEW_EVERY_MS};
use jobs::{Lease, Leases};
use kernel::Ticks;
use model::Time;
use model::ids::DocumentId;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_secs(1);
const LEASE_NAME: &str = "documents.work";
/// A desk makes the read view within ten seconds; what is older was left by a process that ended.
const MISSED_AFTER_MS: i64 = 15_000;
const MOST_MISSED: i64 = 50;

/// Works until `shutdown`, and then lets everybody go.
pub(crate) async fn run(documents: Documents, shutdown: CancellationToken) {
    tokio::join!(replicas::run(documents.clone(), shutdown.clone()), watch(&documents, shutdown));
    documents.drain().await;
}

async fn watch(documents: &Documents, shutdown: CancellationToken) {
    let leases = Leases::new(documents.db.clone(), format!("documents/{}", kernel::ids::new_uuid()));
    let mut held: Option<Lease> = None;
    let mut ticks = Ticks::every(LOOK_EVERY, shutdown);
    while ticks.next().await {
        let now: Time = documents.clock.now();
        match hold(&leases, held.take(), now).await {
            Ok(lease) => held = lease,
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the lease of documents can't be had now"),
        }
        if held.is_some() {
            documents.tick().await;
        }
    }
    if let Some(lease) = held
        && let Err(error) = leases.release(&lease, documents.clock.now()).await
    {
        tracing::warn!(lease = lease.name, %error, "a lease was left to run out");
    }
}

/// The lease: the one held, renewed in time, or a new one if nobody has it.
async fn hold(leases: &Leases, held: Option<Lease>, now: Time) -> Result<Option<Lease>, jobs::Error> {
    let Some(lease) = held else { return leases.acquire(LEASE_NAME, now).await };
    if lease.until.since(now) > LEASE_MS - RENEW_EVERY_MS {
        return Ok(Some(lease));
    }
    match leases.renew(&lease, now).await {
        Ok(renewed) => Ok(Some(renewed)),
        Err(jobs::Error::LostLease { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Documents {
    /// Does what is due now, each part by itself: one that fails keeps no other from it.
    pub(crate) async fn tick(&self) {
        let now: Time = self.clock.now();
        warn("the logs of documents", self.gather_due(now).await);
        warn("the read views of documents", self.make_missed_views(now).await);
        warn("pages", self.tick_pages(now).await);
        warn("versions, comments and suggestions", self.tick_writing(now).await);
        warn("postmortems", self.tick_postmortems(now).await);
    }

    /// Makes the read views that no desk made.
    pub(crate) async fn make_missed_views(&self, now: Time) -> Result<(), Error> {
        for id in store::collab::unread(&self.db, now.plus_ms(-MISSED_AFTER_MS), MOST_MISSED).await? {
            // One that can't be read keeps no other from it.
            warn("a read view", self.make_missed_view(id).await);
        }
        Ok(())
    }

    async fn make_missed_view(&self, id: DocumentId) -> Result<(), Error> {
        let body: Body = self.text(id).await?;
        self.make_read_view(id, &body).await
    }
}

fn warn(what: &str, done: Result<(), Error>) {
    if let Err(error) = done {
        tracing::warn!(error = &error as &dyn std::error::Error, what, "something of documents could not be looked at");
    }
}
