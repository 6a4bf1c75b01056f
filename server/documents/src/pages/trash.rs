//! The trash. What is thrown away takes what stands below it along and comes back with it; only who manages documents empties it.

use super::rights::{Readable, locked, readable};
use super::{PageRow, Refused, Right, history};
use crate::Documents;
use crate::error::Error;
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::access::{ManageDocuments, WriteDocuments};
use model::ids::DocumentId;
use model::{Actor, Time};
use serde_json::json;
use uuid::Uuid;

/// Pages that the list of the trash shows.
const MOST: i64 = 1_000;

impl Documents {
    /// Throws a page and what stands below it away: nobody does who may not write all of it. Says how many pages that were.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Right`], [`Refused::Stale`], [`Refused::KeptForIncident`]. The database's, and the world's.
    pub async fn throw_away(&self, grant: &Grant<WriteDocuments>, id: DocumentId, version: i64) -> Result<usize, Error> {
        let seen: PageRow = self.page_for(grant.actor(), id, Right::Write).await?;
        if seen.trashed_at.is_some() {
            return Err(Refused::NotFound(id).into());
        }
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::spaces::lock(&mut tx, seen.space).await?.ok_or(Refused::NoSpace(seen.space))?;
        let page: PageRow = locked(&mut tx, id, Some(version)).await?;
        let mut ids: Vec<Uuid> = store::trash::below(&mut tx, id).await?;
        must_write_all(&mut tx, grant.actor(), &ids).await?;
        // Texts are locked in the order of their ids, as by those who write in them: neither waits for the other.
        ids.sort_unstable();
        for id in &ids {
            self.delete_text_in(&mut tx, DocumentId(*id), now).await?;
        }
        store::trash::throw(&mut tx, &ids, id, grant.actor().name(), now).await?;
        history::append(&mut tx, &page, history::TRASHED, grant.actor(), now, json!({ "n": ids.len() })).await?;
        tx.commit().await?;
        for id in &ids {
            self.text_was_deleted(DocumentId(*id));
        }
        Ok(ids.len())
    }

    /// Brings a page back with what was thrown away with it: where it stood, or at the top of its space when that is gone.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::NotTrashed`]. The database's, and the world's.
    pub async fn bring_back(&self, grant: &Grant<WriteDocuments>, id: DocumentId) -> Result<usize, Error> {
        let seen: PageRow = self.page_for(grant.actor(), id, Right::Read).await?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::spaces::lock(&mut tx, seen.space).await?.ok_or(Refused::NoSpace(seen.space))?;
        let page: PageRow = locked(&mut tx, id, None).await?;
        if page.trash_root != Some(id) || is_shell(&page) {
            return Err(Refused::NotTrashed.into());
        }
        let mut ids: Vec<Uuid> = store::trash::restore(&mut tx, id).await?;
        ids.sort_unstable();
        let stands: bool = match page.parent {
            Some(parent) => store::trash::is_live(&mut tx, parent).await?,
            None => true,
        };
        if !stands {
            store::tree::set_place(&mut tx, id, page.space, None, &page.position).await?;
            store::rights::settle(&mut tx, id).await?;
        }
        for id in &ids {
            self.undelete_text_in(&mut tx, DocumentId(*id)).await?;
        }
        history::append(&mut tx, &page, history::RESTORED, grant.actor(), now, json!({ "n": ids.len() })).await?;
        tx.commit().await?;
        Ok(ids.len())
    }

    /// What was thrown away, the last first, as far as an actor might bring it back.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn trashed(&self, actor: &Actor) -> Result<Vec<PageRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let ids: Vec<Uuid> = store::trash::roots(&mut tx, MOST).await?;
        let mut pages: Vec<PageRow> = store::rows::of(&mut tx, &ids).await?;
        drop(tx);
        pages.retain(|page| !is_shell(page));
        self.readable_of(actor, pages).await
    }

    /// Nothing of a page in the trash, and of what went with it, can be read ever again. Runs keep what was done.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::NotTrashed`], [`Refused::Right`] where somebody may not write one of them. The database's, and the
    /// world's.
    pub async fn delete_for_good(&self, grant: &Grant<ManageDocuments>, id: DocumentId) -> Result<usize, Error> {
        let seen: PageRow = self.page_for(grant.actor(), id, Right::Read).await?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::spaces::lock(&mut tx, seen.space).await?.ok_or(Refused::NoSpace(seen.space))?;
        let page: PageRow = locked(&mut tx, id, None).await?;
        if page.trash_root != Some(id) || is_shell(&page) {
            return Err(Refused::NotTrashed.into());
        }
        let ids: Vec<Uuid> = store::trash::of_root(&mut tx, id).await?;
        must_write_all(&mut tx, grant.actor(), &ids).await?;
        store::attachments::remove_of(&mut tx, &ids, now).await?;
        store::trash::empty(&mut tx, &ids).await?;
        history::append(&mut tx, &page, history::DELETED, grant.actor(), now, json!({ "n": ids.len() })).await?;
        tx.commit().await?;
        Ok(ids.len())
    }
}

/// Refuses whoever may not write all of these pages, and everybody where one is kept for its incident.
async fn must_write_all(tx: &mut Tx, actor: &Actor, ids: &[Uuid]) -> Result<(), Error> {
    let readable: Readable = readable(tx, actor).await?;
    for page in store::rows::of(tx, ids).await? {
        if page.incident.is_some() {
            return Err(Refused::KeptForIncident.into());
        }
        let held: Right = readable.right(page.space, page.right_page);
        if held < Right::Write {
            return Err(Refused::Right { needed: Right::Write, held }.into());
        }
    }
    Ok(())
}

/// Nothing of it is left but what runs name.
fn is_shell(page: &PageRow) -> bool {
    page.trashed_at.is_some() && page.trashed_by.as_deref() == Some("")
}
