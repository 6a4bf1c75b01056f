//! The background work of this part.

use crate::Documents;
use crate::error::Error;
use model::Time;

impl Documents {
    /// Does what is due at a moment: whose letters are whose is remembered before the log goes.
    pub(crate) async fn tick_writing(&self, now: Time) -> Result<(), Error> {
        self.remember_writers_due(now).await
    }
}
