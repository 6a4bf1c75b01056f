//! Versions: a text whole, as it was at a moment that somebody may want back.
//!
//! One is kept every few minutes while somebody writes, and whenever something happens to the text. Those of the last week are all there; of
//! what was kept by itself before that, the last of each hour, and after a month the last of each day. Restoring one writes it into the text as
//! whoever restores it, and keeps what stood there first.

use super::history::{self, More};
use super::{Reason, Refused, RevisionId};
use crate::Documents;
use crate::collab::{Body, paper};
use crate::error::Error;
use crate::pages::{PageRow, Right};
use crate::store;
use crate::store::writing::revisions::{New, Newest};
use kernel::{Grant, Tx};
use model::access::WriteDocuments;
use model::ids::{DocumentId, PersonId};
use model::{Actor, Time};
use serde_json::json;
use std::collections::BTreeSet;

/// Versions that one list shows.
pub const MOST_LISTED: i64 = 200;
const DAY_MS: i64 = 86_400_000;
/// After that, versions that were kept by themselves thin out: how old, and how many seconds keep one.
const THINNED: [(i64, i64); 2] = [(7 * DAY_MS, 3_600), (30 * DAY_MS, 86_400)];

/// A version without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    pub id: RevisionId,
    pub doc: DocumentId,
    /// As of which change of the text.
    pub seq: i64,
    /// As the page was called then.
    pub title: String,
    /// Who changed it since the version before.
    pub authors: Vec<PersonId>,
    pub reason: Reason,
    /// The version that was restored.
    pub source: Option<RevisionId>,
    pub at: Time,
    pub n_bytes: usize,
}

/// A version with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub revision: Revision,
    pub text: String,
}

/// What is kept, and why.
struct Keep<'a> {
    body: &'a Body,
    authors: &'a [PersonId],
    reason: Reason,
    source: Option<RevisionId>,
}

impl Documents {
    /// Keeps a version of a text. Nothing when it is the newest one already; one that is kept by itself also when its text is no other.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_revision(&self, id: DocumentId, body: &Body, authors: &[PersonId], reason: Reason) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        self.keep_in(&mut tx, id, &Keep { body, authors, reason, source: None }).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn keep_in(&self, tx: &mut Tx, id: DocumentId, keep: &Keep<'_>) -> Result<Option<RevisionId>, Error> {
        let now: Time = self.clock.now();
        store::writing::lock(tx, id, now).await?;
        let sha256: Vec<u8> = paper::hash(&keep.body.text);
        let newest: Option<Newest> = store::writing::revisions::newest(tx, id).await?;
        if keep.reason == Reason::Auto && newest.as_ref().is_some_and(|newest| newest.sha256 == sha256) {
            return Ok(None);
        }
        let since: i64 = newest.map_or(0, |newest| newest.seq);
        // Each process knows only those who sit at its own desk.
        let mut authors: BTreeSet<PersonId> = keep.authors.iter().copied().collect();
        authors.extend(store::writing::authors::between(tx, id, since, keep.body.seq).await?);
        let authors: Vec<PersonId> = authors.into_iter().collect();
        let page: Option<PageRow> = store::pages::rows::one(tx, id).await?;
        let new = New {
            doc: id,
            seq: keep.body.seq,
            title: page.as_ref().map_or("", |page| page.title.as_str()),
            text: &keep.body.text,
            sha256: &sha256,
            authors: &authors,
            reason: keep.reason,
            source: keep.source,
            at: now,
        };
        let kept: Option<RevisionId> = store::writing::revisions::keep(tx, &new).await?;
        for (age_ms, span_s) in THINNED {
            store::writing::revisions::thin(tx, id, now.plus_ms(-age_ms), span_s).await?;
        }
        Ok(kept)
    }

    /// Versions of a text, the newest first, before one of them if it is named.
    ///
    /// # Errors
    /// [`crate::pages::Refused::NotFound`] for whoever may not read it. The database's, and the world's.
    pub async fn revisions(
        &self,
        actor: &Actor,
        id: DocumentId,
        before: Option<RevisionId>,
        limit: i64,
    ) -> Result<Vec<Revision>, Error> {
        self.page_for(actor, id, Right::Read).await?;
        let before: RevisionId = before.unwrap_or(RevisionId(i64::MAX));
        store::writing::revisions::of(&self.db, id, before, limit.clamp(1, MOST_LISTED)).await
    }

    /// One of them with its text.
    ///
    /// # Errors
    /// [`Refused::NoRevision`] when there is none, or whoever asks may not read it. The database's, and the world's.
    pub async fn revision(&self, actor: &Actor, id: RevisionId) -> Result<Version, Error> {
        let version: Version = self.version(id).await?;
        self.page_of(actor, version.revision.doc, Right::Read, Refused::NoRevision(id)).await?;
        Ok(version)
    }

    pub(crate) async fn version(&self, id: RevisionId) -> Result<Version, Error> {
        let found: Option<Version> = store::writing::revisions::one(&self.db, id).await?;
        Ok(found.ok_or(Refused::NoRevision(id))?)
    }

    /// Makes an old version the text again, by a new edit of whoever restores it: what others write at this moment stays. What stood there is
    /// kept first. The text as it is afterwards.
    ///
    /// # Errors
    /// [`Refused::NoRevision`], [`crate::pages::Refused::Right`]; as [`Documents::put_text`]. The database's, and the world's.
    pub async fn restore_revision(&self, grant: &Grant<WriteDocuments>, id: RevisionId) -> Result<Body, Error> {
        let actor: &Actor = grant.actor();
        let version: Version = self.version(id).await?;
        let doc: DocumentId = version.revision.doc;
        let page: PageRow = self.page_of(actor, doc, Right::Write, Refused::NoRevision(id)).await?;
        let before: Body = self.text(doc).await?;
        if before.text == version.text {
            return Ok(before);
        }
        self.keep_revision(doc, &before, &[], Reason::Auto).await?;
        let body: Body = self.put_text(actor, doc, &version.text, Some(before.seq)).await?;
        let authors: Vec<PersonId> = actor.person_id().into_iter().collect();
        let mut tx: Tx = self.db.begin().await?;
        let keep = Keep { body: &body, authors: &authors, reason: Reason::Restore, source: Some(id) };
        let kept: Option<RevisionId> = self.keep_in(&mut tx, doc, &keep).await?;
        let more = More::numbers(json!({ "version": id, "kept": kept, "of": version.revision.at, "seq": body.seq }));
        history::append(&mut tx, &page, history::VERSION_RESTORED, actor, self.clock.now(), more).await?;
        tx.commit().await?;
        Ok(body)
    }

    /// The page of something that hangs on a text. For whoever may not know of the page, that is missing too.
    pub(crate) async fn page_of(
        &self,
        actor: &Actor,
        doc: DocumentId,
        needed: Right,
        missing: Refused,
    ) -> Result<PageRow, Error> {
        match self.page_for(actor, doc, needed).await {
            Err(Error::Pages(crate::pages::Refused::NotFound(_))) => Err(missing.into()),
            found => found,
        }
    }
}
