//! What requests, the writer, the tail and queries share in memory.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};

use model::Time;
use tokio::sync::watch;

use crate::head::{Head, HeadSample};
use crate::lock;
use crate::own::{Gauges, Own};
use crate::series::Index;

/// So many samples go into the head under one lock: well under a millisecond, so queries hardly wait.
const SAMPLES_PER_LOCK: usize = 2_048;

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) index: RwLock<Index>,
    pub(crate) head: RwLock<Head>,
    pub(crate) own: Own,
    pub(crate) newest: watch::Sender<Time>,
    on_the_way: AtomicUsize,
    waiting_samples: AtomicUsize,
    waiting_series: AtomicUsize,
}

impl State {
    pub(crate) fn new(index: Index, head: Head) -> Self {
        Self {
            index: RwLock::new(index),
            head: RwLock::new(head),
            own: Own::default(),
            newest: watch::Sender::new(Time(0)),
            on_the_way: AtomicUsize::new(0),
            waiting_samples: AtomicUsize::new(0),
            waiting_series: AtomicUsize::new(0),
        }
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
