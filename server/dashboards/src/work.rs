//! The background work of this room: what lay long in the trash is forgotten, and drafts that nobody comes back to. Any number of processes
//! may do it.

use crate::Dashboards;
use crate::error::Error;
use crate::store::{drafts, kept};
use kernel::{Ticks, Tx};
use model::Time;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_secs(3_600);
const DAY_MS: i64 = 86_400_000;
/// How long the trash keeps a dashboard.
pub const TRASH_DAYS: i64 = 30;
/// How long a draft waits.
pub const DRAFT_DAYS: i64 = 90;

impl Dashboards {
    /// Works until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut ticks = Ticks::every(LOOK_EVERY, shutdown);
        while ticks.next().await {
            if let Err(error) = self.tidy_up().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "old dashboards could not be forgotten now");
            }
        }
    }

    /// Forgets what is old enough.
    pub(crate) async fn tidy_up(&self) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let shipped: Vec<String> = self.shipped.iter().map(|dashboard| dashboard.slug.clone()).collect();
        let mut tx: Tx = self.db.begin().await?;
        let n_dashboards: u64 = kept::empty_trash(&mut tx, now.plus_ms(-TRASH_DAYS * DAY_MS), &shipped).await?;
        let n_drafts: u64 = drafts::drop_old(&mut tx, now.plus_ms(-DRAFT_DAYS * DAY_MS)).await?;
        tx.commit().await?;
        if n_dashboards + n_drafts > 0 {
            tracing::info!(n_dashboards, n_drafts, "old dashboards and drafts were forgotten");
        }
        Ok(())
    }
}
