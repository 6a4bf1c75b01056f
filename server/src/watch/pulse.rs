//! How far the workers of this process have got, as they say it themselves. In memory, so that it can be asked without a database.

use super::condition::Condition;
use model::Time;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Milliseconds; 0 for never.
#[derive(Debug, Default)]
struct Inner {
    evaluated_at: AtomicI64,
    passed_at: AtomicI64,
    written_at: AtomicI64,
    condition: Mutex<Option<Condition>>,
}

/// What this process knows of itself. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Pulse(Arc<Inner>);

impl Pulse {
    /// The evaluator has written a tick.
    pub fn evaluated(&self, at: Time) {
        self.0.evaluated_at.fetch_max(at.0, Ordering::Relaxed);
    }

    /// The notifier has decided who is to be told, or found that another process does.
    pub fn passed(&self, at: Time) {
        self.0.passed_at.store(at.0, Ordering::Relaxed);
    }

    /// The database has taken a write.
    pub fn wrote(&self, at: Time) {
        self.0.written_at.store(at.0, Ordering::Relaxed);
    }

    #[must_use]
    pub fn evaluated_at(&self) -> Option<Time> {
        time(&self.0.evaluated_at)
    }

    #[must_use]
    pub fn passed_at(&self) -> Option<Time> {
        time(&self.0.passed_at)
    }

    #[must_use]
    pub fn written_at(&self) -> Option<Time> {
        time(&self.0.written_at)
    }

    /// The last look at everything; `None` before the first.
    #[must_use]
    pub fn condition(&self) -> Option<Condition> {
        self.0.condition.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps a look.
    pub fn note(&self, condition: Condition) {
        *self.0.condition.lock().unwrap_or_else(PoisonError::into_inner) = Some(condition);
    }
}

fn time(at: &AtomicI64) -> Option<Time> {
    let at: i64 = at.load(Ordering::Relaxed);
    (at != 0).then_some(Time(at))
}
