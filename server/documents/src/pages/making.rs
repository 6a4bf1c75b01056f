//! Pages are made: a row with its number, address and place, its text, and what it is found by, in one transaction.

use super::reading::{self, Read};
use super::tree::{MAX_TITLE, NewPage, bounded, check_parent, clean, words};
use super::{PageRow, Refused, history, position, review, slug};
use crate::Documents;
use crate::error::Error;
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::access::WriteDocuments;
use model::ids::DocumentId;
use model::{Actor, Time};
use serde_json::json;

/// Addresses that are tried before a page is called by its number.
const MOST_ATTEMPTS: usize = 50;
/// So often somebody may take an address between the look at it and the row that has it.
const MOST_RACES: usize = 20;

impl Documents {
    /// Makes a page with its text.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::Right`] of the place, [`Refused::NoSpace`], [`Refused::Empty`], [`Refused::Large`],
    /// [`Refused::Deep`], [`Refused::BadInterval`]. The database's, and the world's.
    pub async fn make_page(&self, grant: &Grant<WriteDocuments>, new: NewPage) -> Result<DocumentId, Error> {
        let new: NewPage = NewPage { actor: grant.actor().clone(), incident: None, ..new };
        self.must_write_at(grant.actor(), new.space, new.parent).await?;
        self.check_people(new.owner_person).await?;
        let mut tx: Tx = self.db.begin().await?;
        let id: DocumentId = self.make_page_in(&mut tx, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Makes a page with its text in the caller's transaction; that somebody may do so was asked before.
    ///
    /// # Errors
    /// As [`Documents::make_page`], but for rights.
    pub async fn make_page_in(&self, tx: &mut Tx, new: NewPage) -> Result<DocumentId, Error> {
        let (page, read): (PageRow, Read) = self.prepare_page(tx, &new).await?;
        let id: DocumentId = page.id;
        self.write_page(tx, page, &read, &new.actor).await?;
        Ok(id)
    }

    /// A page with its number, address and place, not written yet; the tree of its space is locked.
    pub(crate) async fn prepare_page(&self, tx: &mut Tx, new: &NewPage) -> Result<(PageRow, Read), Error> {
        let now: Time = self.clock.now();
        let title: String = bounded("the title", &new.title, MAX_TITLE)?;
        let labels: Vec<String> = words("the list of labels", &new.labels)?;
        let alertnames: Vec<String> = words("the list of alerts", &new.alertnames)?;
        review::check_interval(new.review_every_days)?;
        store::spaces::lock(tx, new.space).await?.ok_or(Refused::NoSpace(new.space))?;
        check_parent(tx, new.space, new.parent, 1).await?;
        let id = DocumentId(kernel::ids::new_uuid());
        let body: String = clean(&new.text);
        let read: Read = reading::read(&title, &body);
        let slug: String = free_slug(tx, &read.title, id).await?;
        let (last, _) = store::tree::neighbours(tx, new.space, new.parent, None).await?;
        let row: PageRow = row(id, new, &read, slug, position::after(last.as_deref()), now);
        Ok((PageRow { labels, alertnames, body, ..row }, read))
    }

    /// The row, its text, what it is found by, and the Fact.
    pub(crate) async fn write_page(&self, tx: &mut Tx, page: PageRow, read: &Read, actor: &Actor) -> Result<(), Error> {
        let page: PageRow = added(tx, page).await?;
        store::tree::take_slug(tx, &page.slug).await?;
        store::rights::settle(tx, page.id).await?;
        store::reading::index(tx, page.id, read, page.edited_at).await?;
        store::links::set(tx, page.id, &read.links).await?;
        self.create_in(tx, page.id, &page.body, actor, page.made_at).await?;
        let written: PageRow = store::rows::one(tx, page.id).await?.ok_or(Refused::NotFound(page.id))?;
        let more = json!({ "parent": page.parent, "template": page.template });
        history::append(tx, &written, history::MADE, actor, page.made_at, more).await?;
        Ok(())
    }
}

/// A new page without what is looked at before it is written.
fn row(id: DocumentId, new: &NewPage, read: &Read, slug: String, position: String, now: Time) -> PageRow {
    PageRow {
        id,
        space: new.space,
        parent: new.parent,
        position,
        slug,
        title: read.title.clone(),
        language: new.language,
        version: 1,
        incident: new.incident,
        template: new.template.clone(),
        is_template: false,
        labels: Vec::new(),
        watch_paths: Vec::new(),
        alertnames: Vec::new(),
        owner_team: new.owner_team,
        owner_person: new.owner_person,
        everyone: None,
        right_page: None,
        review_every_days: new.review_every_days,
        review_due_at: new.review_every_days.map(|days| review::due_after(now, days)),
        verified: None,
        must_review_at: None,
        must_review_why: None,
        body: String::new(),
        body_seq: 0,
        file_name: None,
        is_crlf: false,
        has_bom: false,
        made_by: new.actor.name().to_owned(),
        made_at: now,
        edited_at: now,
        trashed_at: None,
        trashed_by: None,
        trash_root: None,
    }
}

/// Writes the row. Where somebody elsewhere in the tree took its address a moment ago, it has the next one that is free.
async fn added(tx: &mut Tx, mut page: PageRow) -> Result<PageRow, Error> {
    for _ in 0..MOST_RACES {
        if store::tree::add(tx, &page).await? {
            return Ok(page);
        }
        page.slug = free_slug(tx, &page.title, page.id).await?;
    }
    page.slug = page.id.to_string();
    if store::tree::add(tx, &page).await? { Ok(page) } else { Err(Refused::SlugTaken { slug: page.slug }.into()) }
}

/// An address that no page has, as far as can be seen.
async fn free_slug(tx: &mut Tx, title: &str, id: DocumentId) -> Result<String, Error> {
    let base: String = slug::slug(title);
    for n in 0..MOST_ATTEMPTS {
        let attempt: String = slug::attempt(&base, n);
        if !store::tree::has_slug(tx, &attempt, id).await? {
            return Ok(attempt);
        }
    }
    Ok(id.to_string())
}
