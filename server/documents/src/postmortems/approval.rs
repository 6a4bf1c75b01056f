//! What an approval is of: the text that was read. What is published is that text with its directives filled in, and nothing else; where somebody
//! wrote on, the approval is stale, and is asked for again.

use crate::Documents;
use crate::collab::Body;
use crate::error::Error;
use crate::postmortems::pieces::Pieces;
use crate::postmortems::{Postmortem, Refused, Signed, expand};
use crate::store;
use kernel::Tx;
use model::Time;
use model::ids::{DocumentId, IncidentId, PersonId};
use model::postmortem::State;

/// People who are named as having written on.
const MOST_NAMED: usize = 5;

/// That a text is another than the one that was approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// When it was changed first.
    pub since: Time,
    /// Names of those who did it. Empty: none of them is known any more.
    pub by: Vec<String>,
}

impl Documents {
    /// Whether a text is another than the one that was approved: whether as published one would differ from the other. `None`: it is the same, or
    /// nobody has approved.
    pub(crate) async fn changed_since_approval(
        &self,
        postmortem: &Postmortem,
        body: &Body,
        pieces: &Pieces,
    ) -> Result<Option<Changed>, Error> {
        let Some((doc, approved)) = postmortem.doc.zip(postmortem.approved.as_ref()) else {
            return Ok(None);
        };
        if postmortem.state != State::Approved || body.seq <= approved.seq {
            return Ok(None);
        }
        let read: Option<String> = self.approved_text(postmortem.incident, doc, approved).await?;
        let is_same: bool = read.is_some_and(|read| expand::freeze(&read, pieces) == expand::freeze(&body.text, pieces));
        if is_same { Ok(None) } else { Ok(Some(self.who_changed(doc, approved, body.seq).await?)) }
    }

    /// Refuses a text that is another than the one that was approved.
    pub(crate) async fn must_be_as_approved(&self, postmortem: &Postmortem, body: &Body, pieces: &Pieces) -> Result<(), Error> {
        match self.changed_since_approval(postmortem, body, pieces).await? {
            Some(Changed { since, by }) => Err(Refused::ChangedSinceApproval { since, by }.into()),
            None => Ok(()),
        }
    }

    /// The text that was approved; of an approval before texts were kept with it, as far as the log still has it.
    async fn approved_text(&self, incident: IncidentId, doc: DocumentId, approved: &Signed) -> Result<Option<String>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let kept: Option<String> = store::postmortems::rows::approved_text(&mut tx, incident).await?;
        drop(tx);
        match kept {
            Some(kept) => Ok(Some(kept)),
            None => Ok(self.text_at(doc, approved.seq).await?.map(|body| body.text)),
        }
    }

    /// How a text is refused that somebody wrote on while it was published.
    pub(crate) async fn written_on(&self, doc: DocumentId, frozen: &Body, head: i64, now: Time) -> Result<Refused, Error> {
        let last = Signed { by: String::new(), at: now, seq: frozen.seq };
        let Changed { since, by } = self.who_changed(doc, &last, head).await?;
        Ok(Refused::ChangedSinceApproval { since, by })
    }

    async fn who_changed(&self, doc: DocumentId, approved: &Signed, seq: i64) -> Result<Changed, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let first: Option<Time> = store::writing::authors::first_after(&mut tx, doc, approved.seq).await?;
        let people: Vec<PersonId> = store::writing::authors::between(&mut tx, doc, approved.seq, seq).await?;
        drop(tx);
        let mut by: Vec<String> = self.needs.postmortems.people(&people).await?.into_iter().map(|(_, name)| name).collect();
        by.sort();
        by.truncate(MOST_NAMED);
        Ok(Changed { since: first.unwrap_or(approved.at), by })
    }
}
