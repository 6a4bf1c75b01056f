//! What became of messages, as whoever sends them tells it.
//!
//! It is told in the transaction that writes the sender's own row, so nothing here may wait for an escalation: who answers an alert holds its
//! run and waits for the sender's rows. So it is only noted, and the next look acts on it (`paging.rs`).

use crate::contacts::ContactId;
use crate::error::Error;
use crate::store;
use kernel::{Clock, Tx};
use model::Time;
use std::sync::Arc;

/// Characters of a provider's words that are kept.
const MOST_REASON: usize = 500;

/// What became of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A provider took it.
    Accepted,
    /// It will never get through like this.
    Failed { reason: String },
    /// It went out and no answer came, or nobody has taken it for too long: it goes on being tried, and the next contact is asked too.
    Unsure { reason: String },
}

impl Outcome {
    /// The word in the database.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Failed { .. } => "failed",
            Self::Unsure { .. } => "unsure",
        }
    }

    /// What was said, cut.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Accepted => None,
            Self::Failed { reason } | Self::Unsure { reason } => Some(reason.chars().take(MOST_REASON).collect()),
        }
    }
}

/// Takes what became of messages. Cheap to clone; knows nobody who sends.
#[derive(Clone)]
pub struct Outcomes {
    clock: Arc<dyn Clock>,
}

impl Outcomes {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }

    /// Notes what became of the message with this key to this contact, in the caller's transaction. Also of a test or a code: of them only
    /// the contact remembers it.
    ///
    /// # Errors
    /// The database's: roll back then.
    pub async fn told(&self, tx: &mut Tx, key: &str, contact: ContactId, outcome: &Outcome) -> Result<(), Error> {
        let now: Time = self.clock.now();
        store::calls::tell(tx, key, outcome, now).await?;
        match outcome {
            Outcome::Accepted => store::contacts::note_ok(tx, contact, now).await?,
            Outcome::Failed { .. } => store::contacts::note_failure(tx, contact, outcome.reason().as_deref(), now).await?,
            Outcome::Unsure { .. } => {}
        }
        Ok(())
    }
}
