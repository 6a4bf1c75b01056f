//! Whether an incident may be closed for its postmortem's sake. Needs nothing but the database, so that the incidents room can ask before there
//! is a room of documents.

use crate::error::Error;
use crate::postmortems::Postmortem;
use crate::store;
use kernel::{Db, Tx};
use model::ids::IncidentId;
use model::incident::steps::Postmortem as Step;
use model::postmortem::State;

/// Knows how far postmortems are. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Gate {
    db: Db,
}

impl Gate {
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// How far the one of an incident is, as the nine steps see it. One that was waived is as good as published: whether it may be waived was
    /// asked when it was.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(&self, incident: IncidentId) -> Result<Step, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let found: Option<Postmortem> = store::postmortems::rows::of(&mut tx, &[incident]).await?.pop();
        Ok(found.as_ref().map_or(Step::None, step))
    }
}

fn step(postmortem: &Postmortem) -> Step {
    let published = postmortem.published.as_ref().map(|signed| signed.at);
    let waived = postmortem.waived.as_ref().map(|waived| waived.at);
    match postmortem.state {
        State::Published => published.map_or(Step::Draft, |at| Step::Published { at }),
        State::NotRequired => waived.map_or(Step::Draft, |at| Step::Published { at }),
        // A row that only waits for somebody to begin is no draft.
        State::Draft if postmortem.doc.is_none() => Step::None,
        State::Draft | State::InReview | State::ChangesRequested | State::Approved => Step::Draft,
    }
}
