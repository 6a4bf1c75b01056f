//! Two versions beside each other.

use super::difference::{self, Difference, PATIENCE};
use super::revisions::{Revision, Version};
use super::{Refused, RevisionId};
use crate::Documents;
use crate::collab;
use crate::error::Error;
use crate::pages::Right;
use crate::store;
use model::Actor;
use model::ids::DocumentId;

/// One side of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Before there was anything.
    Nothing,
    Revision(RevisionId),
    /// The text as it is.
    Now,
}

impl Documents {
    /// What differs between two states of a text. It takes about as long as [`PATIENCE`] at most, beside everything else.
    ///
    /// # Errors
    /// [`Refused::NoRevision`], [`Refused::OtherDocument`], [`crate::pages::Refused::NotFound`]. The database's, and the world's.
    pub async fn text_difference(&self, actor: &Actor, id: DocumentId, old: Side, new: Side) -> Result<Difference, Error> {
        self.page_for(actor, id, Right::Read).await?;
        let (old, new): (String, String) = (self.side(id, old).await?, self.side(id, new).await?);
        let found = tokio::task::spawn_blocking(move || difference::compare(&old, &new, PATIENCE)).await;
        found.map_err(|_| collab::Refused::Later(id).into())
    }

    /// What a version changed: itself beside the one before it.
    ///
    /// # Errors
    /// As [`Documents::text_difference`].
    pub async fn revision_difference(&self, actor: &Actor, id: RevisionId) -> Result<Difference, Error> {
        let doc: DocumentId = self.revision(actor, id).await?.revision.doc;
        let before: Vec<Revision> = store::writing::revisions::of(&self.db, doc, id, 1).await?;
        let old: Side = before.first().map_or(Side::Nothing, |revision| Side::Revision(revision.id));
        self.text_difference(actor, doc, old, Side::Revision(id)).await
    }

    async fn side(&self, id: DocumentId, side: Side) -> Result<String, Error> {
        match side {
            Side::Nothing => Ok(String::new()),
            Side::Now => Ok(self.text(id).await?.text),
            Side::Revision(revision) => {
                let version: Version = self.version(revision).await?;
                if version.revision.doc != id {
                    return Err(Refused::OtherDocument(id).into());
                }
                Ok(version.text)
            }
        }
    }
}
