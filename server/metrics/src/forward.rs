//! Samples on their way to other stores, by remote write 1.0, with the table of batches as the queue.
//!
//! Each destination has a cursor for every writer (`metric_forward`). A reconciler reads the batches behind the cursors (`round`), puts them
//! together by series (`body`), sends bodies of at most 5,000 samples one after the other, and moves the cursors when the last was answered
//! (`sender`). Whatever fails in between is sent again: a destination gets every sample at least once, and must take one twice. One replica
//! sends to a destination at a time; cursors move under a lease, so a leader that was given up moves none.
//!
//! What an answer means (`verdict`): a store that is down, busy or does not know us yet is tried again for as long as it takes, and holds our
//! batches meanwhile, up to `forward_hold_ms`; a store that will never take a body gets it in halves until what it dislikes stands alone,
//! and that is counted and left out.
//!
//! A new destination begins with the oldest batch that still stands. What is older is history: it is read out of chunks with queries, not
//! forwarded. Within a round series are in the order of time; between replicas' writers they are as far as their clocks agree. Destinations
//! that take no late samples by themselves must be told to (Prometheus: `out_of_order_time_window`).

mod body;
mod figures;
mod round;
mod sender;
mod verdict;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Db};
use model::Time;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use crate::Metrics;
use crate::config::Config;
use crate::engine::endpoint::Endpoint;
use crate::engine::error::RemoteError;
use crate::error::Error;
use crate::select::Reader;
use crate::store;
use figures::Figures;
use sender::Sender;

/// Waiting batches are looked for this often: together they make larger bodies than each alone.
const POLL: Duration = Duration::from_secs(1);

/// Another store that gets every sample.
#[derive(Clone, Debug)]
pub struct Destination {
    /// Under which its cursors are kept; what is renamed begins anew.
    pub name: String,
    /// Its remote write.
    pub endpoint: Endpoint,
}

/// Forwards to every destination.
pub(crate) struct Forwarder {
    senders: Vec<Arc<Sender>>,
}

impl Forwarder {
    /// Prepares what the settings name; nothing is sent yet. `me` is the process's writer.
    ///
    /// # Errors
    /// When an address or a header can't be used, or two destinations have one name.
    pub(crate) fn open(reader: &Reader, clock: &Arc<dyn Clock>, me: Uuid) -> Result<Self, Error> {
        let destinations: &[Destination] = &reader.config.forward;
        let mut names: HashSet<&str> = HashSet::new();
        if let Some(twice) = destinations.iter().find(|destination| !names.insert(destination.name.as_str())) {
            return Err(RemoteError::SameName { name: twice.name.clone() }.into());
        }
        let mut senders: Vec<Arc<Sender>> = Vec::with_capacity(destinations.len());
        for destination in destinations {
            senders.push(Arc::new(Sender::open(destination, reader.clone(), Arc::clone(clock), me)?));
        }
        Ok(Self { senders })
    }

    /// Starts to send, for ever; the owner aborts it.
    pub(crate) fn start(&self) -> Vec<JoinHandle<()>> {
        self.senders.iter().map(|sender| tokio::spawn(keep(Arc::clone(sender)))).collect()
    }

    /// Sends whatever waits to every destination that this replica leads and that is not being waited for.
    pub(crate) async fn run(&self) -> Result<(), Error> {
        for sender in &self.senders {
            sender.pass().await?;
        }
        Ok(())
    }

    /// Lets another replica go on at once.
    pub(crate) async fn release(&self) {
        for sender in &self.senders {
            sender.release().await;
        }
    }

    /// What is counted, in Prometheus' text format; empty without destinations.
    pub(crate) fn exposition(&self) -> String {
        let all: Vec<(&str, &Figures)> = self.senders.iter().map(|sender| (sender.name(), sender.figures())).collect();
        figures::exposition(&all)
    }
}

impl Metrics {
    /// Sends whatever waits to every destination of [`Config::forward`] that no other replica sends to and that is not being waited for. The
    /// room does so by itself every second.
    ///
    /// # Errors
    /// The database's, [`Error::Damaged`] for batches of a newer release. A destination that fails is no error: it is counted and tried again.
    pub async fn forward(&self) -> Result<(), Error> {
        self.forwarder.run().await
    }
}

async fn keep(sender: Arc<Sender>) {
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing: bool = false;
    loop {
        ticks.tick().await;
        let outcome: Result<(), Error> = sender.pass().await;
        if let (Err(error), false) = (&outcome, failing) {
            tracing::warn!(destination = sender.name(), error = error as &dyn std::error::Error, "samples can't be forwarded");
        }
        failing = outcome.is_err();
    }
}

/// From when on batches are needed because a destination does not have them yet; no longer back than `forward_hold_ms`. `None` when nobody
/// needs any. Asked before partitions are dropped.
///
/// # Errors
/// The database's.
pub(crate) async fn oldest_needed(db: &Db, config: &Config, now: Time) -> Result<Option<Time>, Error> {
    if config.forward.is_empty() {
        return Ok(None);
    }
    let names: Vec<String> = config.forward.iter().map(|destination| destination.name.clone()).collect();
    let Some(oldest) = store::forward::oldest_needed(db, &names).await? else { return Ok(None) };
    let held: Time = now.plus_ms(-config.forward_hold_ms);
    if oldest < held {
        let lag_s: i64 = now.since(oldest) / 1_000;
        tracing::error!(lag_s, "a destination of forwarded metrics lags further than batches are held for it: it will miss some");
    }
    Ok(Some(oldest.max(held)))
}
