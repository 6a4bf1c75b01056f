//! A database that goes away in the middle, for tests.

use std::sync::{Mutex, PoisonError};

/// Where a test may let the database go away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Locked,
    Appended,
    Told,
    SnapshotSaved,
    Gathered,
    SnapshotsDropped,
    ChangesDropped,
}

/// Every step goes well, but for a test.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    at: Mutex<Option<Step>>,
}

impl Faults {
    /// From now on the database goes away there; nowhere: it stays.
    #[cfg(test)]
    pub(crate) fn set(&self, at: Option<Step>) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    pub(crate) fn reach(&self, step: Step) -> Result<(), sqlx::Error> {
        let at: Option<Step> = *self.at.lock().unwrap_or_else(PoisonError::into_inner);
        if at == Some(step) { Err(sqlx::Error::WorkerCrashed) } else { Ok(()) }
    }
}
