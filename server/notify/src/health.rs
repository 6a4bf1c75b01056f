//! "Is my pager working?", in figures.

use crate::error::Error;
use crate::store;
use kernel::Db;
use model::Time;

/// What counts as recent.
pub const RECENT_MS: i64 = 86_400_000;
/// What is due for longer than this is nobody's: then the worker itself is what somebody should be paged about.
pub const OVERDUE_MS: i64 = 15_000;

/// What waits to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    pub due: i64,
    pub sending: i64,
    /// Since when the delivery has been due that waits longest for a worker.
    pub oldest_due: Option<Time>,
    /// When the oldest page was asked for that no provider has taken yet.
    pub oldest_unsent_page: Option<Time>,
}

/// How a channel does.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelHealth {
    pub name: String,
    pub kind: String,
    pub enabled: bool,
    /// Within [`RECENT_MS`].
    pub sent: i64,
    /// Within [`RECENT_MS`]: never got through.
    pub failed: i64,
    /// From asking to the provider's yes, of the recent ones.
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    pub last_sent_at: Option<Time>,
    pub last_failed_at: Option<Time>,
    /// What an attempt failed of last, whenever that was.
    pub last_error: Option<String>,
}

/// The whole picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    pub queue: Queue,
    pub channels: Vec<ChannelHealth>,
    /// When this process last looked for work and could reach the database; `None` before the first look.
    pub looked_at: Option<Time>,
    pub now: Time,
}

impl Health {
    /// Whether something has been due for so long that no worker can be working.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        self.queue.oldest_due.is_some_and(|due| self.now.since(due) > OVERDUE_MS)
    }

    /// The share of recent deliveries that got through, 0 to 1; `None` without any.
    #[must_use]
    pub fn success_rate(&self) -> Option<f64> {
        let sent: i64 = self.channels.iter().map(|channel| channel.sent).sum();
        let failed: i64 = self.channels.iter().map(|channel| channel.failed).sum();
        let all: i64 = sent + failed;
        (all > 0).then(|| sent as f64 / all as f64)
    }
}

/// Takes the figures.
pub(crate) async fn health(db: &Db, looked_at: Option<Time>, now: Time) -> Result<Health, Error> {
    let queue: Queue = store::health::queue(db, now).await?;
    let channels: Vec<ChannelHealth> = store::health::channels(db, now.plus_ms(-RECENT_MS)).await?;
    Ok(Health { queue, channels, looked_at, now })
}
