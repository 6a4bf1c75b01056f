//! What requests, the writer, the tail and queries share in memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use model::Time;
use tokio::sync::watch;
use uuid::Uuid;

use crate::batch::{BatchSample, Damage};
use crate::error::Error;
use crate::exemplars::Newest;
use crate::head::{Head, HeadSample};
use crate::lock;
use crate::own::{Gauges, Own};
use crate::series::Index;
use crate::store::series::StoredSeries;
use crate::store::writers::WriterRow;

/// So many samples go into the head under one lock: well under a millisecond, so queries hardly wait.
const SAMPLES_PER_LOCK: usize = 2_048;

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) index: RwLock<Index>,
    pub(crate) head: RwLock<Head>,
    pub(crate) own: Own,
    pub(crate) newest: watch::Sender<Time>,
    /// The newest exemplars.
    pub(crate) exemplars: Newest,
    on_the_way: AtomicUsize,
    waiting_samples: AtomicUsize,
    waiting_series: AtomicUsize,
    /// Per writer the newest batch that is in the head, with all before it.
    applied: Mutex<HashMap<Uuid, i64>>,
    newer_release: AtomicBool,
}

impl State {
    pub(crate) fn new(index: Index, head: Head) -> Self {
        Self {
            index: RwLock::new(index),
            head: RwLock::new(head),
            own: Own::default(),
            newest: watch::Sender::new(Time(0)),
            exemplars: Newest::default(),
            on_the_way: AtomicUsize::new(0),
            waiting_samples: AtomicUsize::new(0),
            waiting_series: AtomicUsize::new(0),
            applied: Mutex::new(HashMap::new()),
            newer_release: AtomicBool::new(false),
        }
    }

    /// Notes that the head has a writer's batches up to `wseq`.
    pub(crate) fn note_applied(&self, writer_id: Uuid, wseq: i64) {
        let mut applied = lock::mutex(&self.applied);
        let known: &mut i64 = applied.entry(writer_id).or_insert(0);
        *known = (*known).max(wseq);
    }

    /// Whether the head has every batch up to these.
    pub(crate) fn has_applied(&self, writers: &[WriterRow]) -> bool {
        let applied = lock::mutex(&self.applied);
        writers.iter().all(|writer| applied.get(&writer.id).copied().unwrap_or(0) >= writer.last_wseq)
    }

    /// Whether a batch was met that a newer release wrote: what this process knows is then not all there is.
    pub(crate) fn has_met_newer_release(&self) -> bool {
        self.newer_release.load(Ordering::Relaxed)
    }

    /// What can be made of a batch or chunk. One that is damaged is named, counted and stepped over: the others must still be seen.
    pub(crate) fn readable<T>(&self, outcome: Result<T, Error>) -> Option<T> {
        match outcome {
            Ok(readable) => Some(readable),
            Err(error) => {
                if let Error::Damaged { source: Damage::Format(_), .. } = &error {
                    self.newer_release.store(true, Ordering::Relaxed);
                }
                tracing::error!(error = &error as &dyn std::error::Error, "metric samples can't be read");
                self.own.damaged(&error);
                None
            }
        }
    }

    /// Takes a series as it stands in the database into the index.
    pub(crate) fn take_series(&self, series: &StoredSeries) {
        if crate::labels::is_sound(&series.labels) {
            lock::write(&self.index).insert(series.id, &series.labels, series.last_day);
        } else {
            tracing::error!(id = series.id, "metric_series.labels is damaged");
        }
    }

    /// The samples with their slots, and those of series that the index does not know.
    pub(crate) fn place(&self, samples: &[BatchSample]) -> (Vec<HeadSample>, Vec<BatchSample>) {
        let index = lock::read(&self.index);
        let mut placed: Vec<HeadSample> = Vec::with_capacity(samples.len());
        let mut unknown: Vec<BatchSample> = Vec::new();
        for sample in samples {
            match index.find_id(sample.series_id) {
                Some(slot) => placed.push(HeadSample { slot, at: sample.at, bits: sample.bits }),
                None => unknown.push(*sample),
            }
        }
        (placed, unknown)
    }

    /// Takes committed samples into the head.
    pub(crate) fn apply(&self, samples: &[HeadSample]) {
        for some in samples.chunks(SAMPLES_PER_LOCK) {
            let mut head = lock::write(&self.head);
            for sample in some {
                head.insert(*sample);
            }
        }
    }

    /// Wakes those who wait for newer samples. Wakes also when the time stays the same, because the samples do not.
    pub(crate) fn announce(&self, received_at: Time) {
        self.newest.send_modify(|newest| *newest = (*newest).max(received_at));
    }

    /// How many requests are being read that will reach the writer soon.
    pub(crate) fn on_the_way(&self) -> usize {
        self.on_the_way.load(Ordering::Acquire)
    }

    pub(crate) fn gauges(&self) -> Gauges {
        let series: usize = lock::read(&self.index).len();
        let head = lock::read(&self.head);
        Gauges {
            series,
            waiting_samples: self.waiting_samples.load(Ordering::Relaxed),
            conflicts: head.conflicts(),
            head: head.size(),
        }
    }
}

/// Held while a request is read, from its complete body until it is in the writer's queue.
#[derive(Debug)]
pub(crate) struct OnTheWay {
    state: Arc<State>,
}

impl OnTheWay {
    pub(crate) fn new(state: &Arc<State>) -> Self {
        state.on_the_way.fetch_add(1, Ordering::AcqRel);
        Self { state: Arc::clone(state) }
    }
}

impl Drop for OnTheWay {
    fn drop(&mut self) {
        self.state.on_the_way.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What a request takes of the limits until its commit is done.
#[derive(Debug)]
pub(crate) struct Reservation {
    state: Arc<State>,
    samples: usize,
    series: usize,
}

impl Reservation {
    pub(crate) fn new(state: &Arc<State>) -> Self {
        Self { state: Arc::clone(state), samples: 0, series: 0 }
    }

    /// Takes room for one more series, when `known` and those that wait leave some below `most`.
    pub(crate) fn take_series(&mut self, known: usize, most: usize) -> bool {
        let waiting: usize = self.state.waiting_series.fetch_add(1, Ordering::AcqRel);
        if known + waiting >= most {
            self.state.waiting_series.fetch_sub(1, Ordering::AcqRel);
            return false;
        }
        self.series += 1;
        true
    }

    /// Takes room for `n` samples. A lone request always has room, however large it is: its body was limited before.
    pub(crate) fn take_samples(&mut self, n: usize, most: usize) -> bool {
        let waiting: usize = self.state.waiting_samples.fetch_add(n, Ordering::AcqRel);
        self.samples += n;
        waiting == 0 || waiting + n <= most
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.state.waiting_samples.fetch_sub(self.samples, Ordering::AcqRel);
        self.state.waiting_series.fetch_sub(self.series, Ordering::AcqRel);
    }
}
