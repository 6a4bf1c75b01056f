//! A target that is scraped: when it is due, what it showed last, how it is.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::Time;
use model::labels::Labels;

use super::cache::Cache;
use super::job::Job;
use super::target::Target;
use crate::lock;

/// A scrape that begins no later than this after its moment carries that moment, so that samples stand at even distances.
const ALIGNED_MS: i64 = 250;

/// How a target is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// Not scraped yet, or by another replica.
    #[default]
    Unknown,
    /// The last scrape succeeded.
    Up,
    /// The last scrape failed.
    Down,
}

impl Health {
    /// As Prometheus' HTTP API says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// A target for people and programs.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetState {
    /// Its job.
    pub job: String,
    /// What is asked.
    pub url: String,
    /// Written with its samples.
    pub labels: Labels,
    /// Before relabelling.
    pub discovered: Labels,
    /// Between two scrapes, ms.
    pub interval_ms: i64,
    /// Of one scrape, ms.
    pub timeout_ms: i64,
    /// How it is.
    pub health: Health,
    /// Whether this replica scraped it last time. What another replica scrapes is told by `up`.
    pub is_mine: bool,
    /// When it was asked last.
    pub last_scrape: Option<Time>,
    /// How long the last scrape took.
    pub last_duration: Duration,
    /// Why the last scrape failed.
    pub last_error: Option<String>,
    /// What the last scrape brought but could not be stored.
    pub last_refused: Option<String>,
    /// Samples in the last answer.
    pub last_samples: usize,
}

/// What changes with every scrape.
#[derive(Clone, Debug, Default)]
pub(super) struct Report {
    pub(super) health: Health,
    pub(super) is_mine: bool,
    pub(super) at: Option<Time>,
    pub(super) duration: Duration,
    pub(super) error: Option<String>,
    pub(super) refused: Option<String>,
    pub(super) n_samples: usize,
}

#[derive(Debug)]
struct Schedule {
    due: Time,
    is_busy: bool,
}

#[derive(Debug)]
pub(super) struct Watched {
    pub(super) job: Arc<Job>,
    pub(super) target: Target,
    /// Held while the target is scraped. A successor with the same series has the same.
    pub(super) seen: Arc<tokio::sync::Mutex<Cache>>,
    report: Mutex<Report>,
    schedule: Mutex<Schedule>,
    is_gone: AtomicBool,
    /// Of the last answer that was read.
    answer_bytes: AtomicUsize,
}

impl Watched {
    pub(super) fn new(job: &Arc<Job>, target: Target, now: Time) -> Self {
        let due: Time = target.due_after(now);
        Self {
            job: Arc::clone(job),
            target,
            seen: Arc::default(),
            report: Mutex::default(),
            schedule: Mutex::new(Schedule { due, is_busy: false }),
            is_gone: AtomicBool::new(false),
            answer_bytes: AtomicUsize::new(0),
        }
    }

    /// The same target under a changed configuration.
    pub(super) fn successor(&self, job: &Arc<Job>, target: Target, now: Time) -> Self {
        let successor = Self { seen: Arc::clone(&self.seen), ..Self::new(job, target, now) };
        successor.tell(self.report());
        successor.answered(self.answer_bytes());
        successor
    }

    /// The time of the scrape that begins now, when one is due and none runs; the next is then due an interval later.
    pub(super) fn begin(&self, now: Time) -> Option<Time> {
        let mut schedule = lock::mutex(&self.schedule);
        if now < schedule.due {
            return None;
        }
        let due: Time = schedule.due;
        schedule.due = self.target.due_after(now);
        if schedule.is_busy {
            return None;
        }
        schedule.is_busy = true;
        Some(if now.since(due) <= ALIGNED_MS { due } else { now })
    }

    /// The scrape that [`Watched::begin`] allowed is over.
    pub(super) fn rest(&self) {
        lock::mutex(&self.schedule).is_busy = false;
    }

    pub(super) fn due(&self) -> Time {
        lock::mutex(&self.schedule).due
    }

    /// It is not scraped any more, also if a scrape waits already.
    pub(super) fn leave(&self) {
        self.is_gone.store(true, Ordering::Release);
    }

    pub(super) fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::Acquire)
    }

    /// An answer of so many bytes was read.
    pub(super) fn answered(&self, bytes: usize) {
        self.answer_bytes.store(bytes, Ordering::Relaxed);
    }

    pub(super) fn answer_bytes(&self) -> usize {
        self.answer_bytes.load(Ordering::Relaxed)
    }

    pub(super) fn tell(&self, report: Report) {
        *lock::mutex(&self.report) = report;
    }

    pub(super) fn report(&self) -> Report {
        lock::mutex(&self.report).clone()
    }

    pub(super) fn state(&self) -> TargetState {
        let report: Report = self.report();
        TargetState {
            job: self.job.config.name.clone(),
            url: self.target.url.clone(),
            labels: self.target.labels.clone(),
            discovered: self.target.discovered.clone(),
            interval_ms: self.target.interval.ms,
            timeout_ms: self.target.timeout.ms,
            health: report.health,
            is_mine: report.is_mine,
            last_scrape: report.at,
            last_duration: report.duration,
            last_error: report.error,
            last_refused: report.refused,
            last_samples: report.n_samples,
        }
    }
}
