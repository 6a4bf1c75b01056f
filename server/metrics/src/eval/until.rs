//! How long a computation may go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::failure::EvalError;

/// Until when an answer is worth computing: up to a moment, and no longer than somebody waits for it. Clones share that
/// somebody, so that the one who waits can leave while a thread computes.
#[derive(Debug, Clone)]
pub struct Until {
    at: Instant,
    abandoned: Arc<AtomicBool>,
}

impl Until {
    /// Until that moment, unless it is [abandoned](Until::abandon) before.
    #[must_use]
    pub fn new(at: Instant) -> Self {
        Self { at, abandoned: Arc::new(AtomicBool::new(false)) }
    }

    /// The moment.
    #[must_use]
    pub fn at(&self) -> Instant {
        self.at
    }

    /// Nobody waits any more; what still computes ends at its next look.
    pub fn abandon(&self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }

    /// Goes on while it is worth it. Cheap, but not free: to be asked once a series, not once a point.
    ///
    /// # Errors
    /// [`EvalError::Abandoned`], [`EvalError::TimedOut`].
    pub(crate) fn check(&self) -> Result<(), EvalError> {
        if self.abandoned.load(Ordering::Relaxed) {
            return Err(EvalError::Abandoned);
        }
        if Instant::now() >= self.at { Err(EvalError::TimedOut) } else { Ok(()) }
    }
}
