//! Few folders come in or go out at once: each needs the memory of a zip, and of one file of it.

use super::super::refused::Refused;
use super::packed::MOST_UNPACKED;
use crate::Documents;
use crate::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Folders of one process that are on their way at once.
const AT_ONCE: usize = 2;
/// Somebody who waits longer hears that others are before them.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many there may be, how long one waits, and how much one holds.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    places: Arc<Semaphore>,
    patience: Duration,
    /// Bytes of all its files, unpacked.
    pub(crate) most_bytes: usize,
}

/// The right to bring in or hand out one folder, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _place: OwnedSemaphorePermit,
}

impl Default for Folders {
    fn default() -> Self {
        Self::new(AT_ONCE, PATIENCE, MOST_UNPACKED)
    }
}

impl Folders {
    pub(crate) fn new(at_once: usize, patience: Duration, most_bytes: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(at_once)), patience, most_bytes }
    }

    async fn turn(&self) -> Result<Turn, Refused> {
        match tokio::time::timeout(self.patience, self.places.clone().acquire_owned()).await {
            Ok(Ok(place)) => Ok(Turn { _place: place }),
            // It is never closed; and whoever waited too long comes back later.
            Ok(Err(_)) | Err(_) => Err(Refused::Busy),
        }
    }
}

impl Documents {
    /// Waits until a folder may come in or go out. Whoever receives one asks for this before they read it: what has not come yet takes no memory.
    ///
    /// # Errors
    /// [`Refused::Busy`] when others take too long.
    pub async fn folder_turn(&self) -> Result<Turn, Error> {
        Ok(self.folders.turn().await?)
    }
}
