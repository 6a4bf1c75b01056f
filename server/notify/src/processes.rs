//! Which processes live. Each says every few seconds that it does, and how far its workers have got; who reads that can tell a replica that
//! was stopped from one that died.

use crate::Notify;
use crate::error::Error;
use crate::store;
use model::Time;

/// A process that was not heard of for longer is forgotten.
pub(crate) const KEEP_MS: i64 = 86_400_000;

/// What a process says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat {
    /// The machine it runs on.
    pub host: String,
    pub started_at: Time,
    pub at: Time,
    /// The last tick of rules that it wrote.
    pub evaluated_at: Option<Time>,
    /// When it last decided who is to be told, or found that another process does.
    pub passed_at: Option<Time>,
    /// When it last looked for pages that are due.
    pub looked_at: Option<Time>,
}

/// A process as it was last heard of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessRow {
    /// Names the process and this start of it, as the log of attempts does.
    pub name: String,
    pub host: String,
    pub started_at: Time,
    pub beat_at: Time,
    pub evaluated_at: Option<Time>,
    pub passed_at: Option<Time>,
    pub looked_at: Option<Time>,
    /// When it said goodbye.
    pub left_at: Option<Time>,
}

impl Notify {
    /// The name of this process and this start of it.
    #[must_use]
    pub fn process(&self) -> &str {
        &self.worker.name
    }

    /// Says that this process lives, and learns who else was heard of within a day, this process too, by name.
    ///
    /// # Errors
    /// The database's: then it took no write.
    pub async fn beat(&self, beat: &Beat) -> Result<Vec<ProcessRow>, Error> {
        Ok(store::processes::beat(&self.db, self.process(), beat, beat.at.plus_ms(-KEEP_MS)).await?)
    }

    /// Every process that was heard of within a day, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn processes(&self) -> Result<Vec<ProcessRow>, Error> {
        Ok(store::processes::list(&self.db).await?)
    }

    /// Says goodbye: silence is no trouble from now on.
    ///
    /// # Errors
    /// The database's.
    pub async fn leave(&self) -> Result<(), Error> {
        Ok(store::processes::leave(&self.db, self.process(), self.clock.now()).await?)
    }

    /// Since when the delivery has been due that waits longest for a worker; `None` when none does.
    ///
    /// # Errors
    /// The database's.
    pub async fn oldest_due(&self) -> Result<Option<Time>, Error> {
        Ok(store::health::queue(&self.db, self.clock.now()).await?.oldest_due)
    }
}
