//! What forms do that is more than one call of the room: making a document, writing its title anew, finding where it is put.

use super::refusals::shown;
use super::{Adapter, asked};
use ::api::ApiError;
use ::api::documents::form::{BeginForm, DocumentTrouble, PlaceForm};
use documents::pages::reading::retitled;
use documents::pages::tree::Target;
use documents::pages::{Branch, Language, NewPage, PageRow, templates};
use figures::Locale;
use kernel::Grant;
use model::access::WriteDocuments;
use model::ids::{DocumentId, SpaceId};
use model::links::documents as ways;

impl Adapter {
    /// Makes a document and leads to where it is written.
    pub(super) async fn make(&self, grant: &Grant<WriteDocuments>, form: BeginForm) -> Result<(), ApiError> {
        let parent: Option<DocumentId> = self.number_of(&form.parent, "parent").await?;
        let space: SpaceId = self.space_of(&form, parent).await?;
        let language: Language = self.language_of(&form);
        let title: String = form.title.trim().to_owned();
        let id: DocumentId = if !form.alertname.trim().is_empty() {
            self.room().make_runbook(grant, &form.alertname, language, Some(space), parent, &title).await.map_err(shown)?
        } else if let Some(like) = self.number_of(&form.like, "template").await? {
            self.room().make_like(grant, like, space, parent, &title).await.map_err(shown)?
        } else if form.template.is_empty() {
            self.make_empty(grant, &title, language, space, parent).await?
        } else {
            self.room().make_from_template(grant, &form.template, language, space, parent, &title).await.map_err(shown)?
        };
        self.back(id, "edit", "made").await
    }

    async fn make_empty(
        &self,
        grant: &Grant<WriteDocuments>,
        title: &str,
        language: Language,
        space: SpaceId,
        parent: Option<DocumentId>,
    ) -> Result<DocumentId, ApiError> {
        let text: String = if title.is_empty() { String::new() } else { retitled("", title) };
        let new = NewPage { parent, text, language, ..NewPage::new(space, title, grant.actor()) };
        self.room().make_page(grant, new).await.map_err(shown)
    }

    /// The space a form names, that of the document above, or the one that its template belongs to.
    pub(super) async fn space_of(&self, form: &BeginForm, parent: Option<DocumentId>) -> Result<SpaceId, ApiError> {
        if let Some(parent) = parent {
            let page: Option<PageRow> = self.room().page(parent).await.map_err(shown)?;
            return page.map(|page| page.space).ok_or_else(|| DocumentTrouble::Gone.refused("parent", "a document"));
        }
        if !form.space.is_empty() {
            return asked::space_id(&form.space);
        }
        let branch: Option<Branch> = templates::of(&form.template, Language::Ja).map(|template| template.branch);
        Ok(branch.unwrap_or(Branch::Operations).space())
    }

    /// The language a form names, else the reader's.
    pub(super) fn language_of(&self, form: &BeginForm) -> Language {
        let readers: Language = match self.0.visitor.viewer.locale {
            Locale::Ja => Language::Ja,
            Locale::En => Language::En,
        };
        Language::from_word(&form.language).unwrap_or(readers)
    }

    /// Writes the first heading of a text anew: that is what a document is called by.
    pub(super) async fn titled(&self, grant: &Grant<WriteDocuments>, id: DocumentId, title: &str) -> Result<(), ApiError> {
        if title.trim().is_empty() {
            return Err(DocumentTrouble::Empty.refused("title", "some words"));
        }
        self.room().retitle(grant, id, title).await.map_err(shown)?;
        Ok(())
    }

    /// Where a document is put.
    pub(super) async fn target(&self, form: &PlaceForm) -> Result<Target, ApiError> {
        let parent: Option<DocumentId> = self.number_of(&form.parent, "parent").await?;
        let before: Option<DocumentId> = self.number_of(&form.before, "before").await?;
        // A document above says which space it is.
        let space: SpaceId = match parent {
            Some(parent) => {
                let page: Option<PageRow> = self.room().page(parent).await.map_err(shown)?;
                page.map(|page| page.space).ok_or_else(|| DocumentTrouble::Gone.refused("parent", "a document"))?
            }
            None => asked::space_id(&form.space)?,
        };
        Ok(Target { space, parent, before })
    }

    /// Where a document that was just saved is read.
    pub async fn way_of(&self, id: DocumentId, done: &str) -> Result<String, ApiError> {
        let page: Option<PageRow> = self.room().page(id).await.map_err(shown)?;
        Ok(page.map_or_else(|| ways::DOCUMENTS.to_owned(), |page| ways::done(&page.slug, done)))
    }
}
