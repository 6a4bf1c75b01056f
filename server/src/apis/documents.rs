//! The documents' door: the tree, one document as it is read and written, its margin and versions, and runs of runbooks.
//!
//! A screen gets everything named and drawn; what a form says is read here. What was done leads back to the screen by its address.

mod acts;
mod asked;
pub mod drawing;
mod guidance;
mod library;
mod margin;
mod one;
pub mod refusals;
mod setting;
mod shape;
mod versions;

use crate::apis::Door;
use crate::apis::incidents::names::Names;
use ::api::ApiError;
use ::api::documents::DocumentsApi;
use ::api::documents::form::{
    AroundForm, BeginForm, CommentForm, DocumentTrouble, PlaceForm, RightsForm, SpaceForm, SuggestForm,
};
use ::api::documents::history::{HistoryAsk, HistoryView};
use ::api::documents::run::{RunAsk, RunView};
use ::api::documents::view::{
    BeginView, DocumentAsk, DocumentView, DocumentsAsk, DocumentsView, FolderView, GuidanceView, SettingsView, SpacesView,
    TrashView, WritingView,
};
use async_trait::async_trait;
use documents::Documents;
use documents::pages::tree::Address;
use documents::pages::{PageRow, Right};
use kernel::Grant;
use model::access::{ManageDocuments, ReadDocuments, WriteDocuments};
use model::ids::{AlertId, AttachmentId, DocumentId, IncidentId, RunbookRunId, SpaceId};
use model::links::documents as ways;
use model::{Actor, Time};
use refusals::shown;

/// Answers the screens of documents.
pub struct Adapter(pub Door);

#[async_trait]
impl DocumentsApi for Adapter {
    async fn list(&self, ask: DocumentsAsk) -> Result<DocumentsView, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.library(&ask).await
    }

    async fn document(&self, ask: DocumentAsk) -> Result<DocumentView, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.read(&ask).await
    }

    async fn writing(&self, ask: DocumentAsk) -> Result<WritingView, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.written(&ask).await
    }

    async fn history(&self, ask: HistoryAsk) -> Result<HistoryView, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.versions(&ask).await
    }

    async fn settings(&self, id: String) -> Result<SettingsView, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.set_up(&id).await
    }

    async fn beginning(&self, asked: BeginForm) -> Result<BeginView, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.begun(asked).await
    }

    async fn spaces(&self) -> Result<SpacesView, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.all_spaces().await
    }

    async fn trash(&self) -> Result<TrashView, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.thrown_away().await
    }

    async fn folder(&self) -> Result<FolderView, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        Ok(FolderView { spaces: self.space_choices().await?, can_manage: self.can_manage() })
    }

    async fn run(&self, ask: RunAsk) -> Result<RunView, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.worked_through(&ask).await
    }

    async fn guidance(&self, alert: AlertId) -> Result<GuidanceView, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.guided(alert).await
    }

    async fn begin(&self, form: BeginForm) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.make(&grant, form).await
    }

    async fn lay_out(&self, language: String) -> Result<(), ApiError> {
        let grant = self.manage()?;
        self.room().lay_out(&grant, asked::language(&language)).await.map_err(shown)?;
        leptos_axum::redirect(&format!("{}?done=laid_out", ways::DOCUMENTS));
        Ok(())
    }

    async fn still_right(&self, id: DocumentId, back: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.room().still_right(&grant, id).await.map_err(shown)?;
        if back == "list" {
            leptos_axum::redirect(&format!("{}?done=still_right", ways::DOCUMENTS));
            return Ok(());
        }
        self.back(id, "", "still_right").await
    }

    async fn watch(&self, id: DocumentId, wants: bool) -> Result<(), ApiError> {
        let grant = self.0.admit::<ReadDocuments>()?;
        self.room().watch(&grant, id, wants).await.map_err(shown)?;
        self.back(id, "", if wants { "watch" } else { "unwatch" }).await
    }

    async fn set_around(&self, form: AroundForm) -> Result<(), ApiError> {
        let grant = self.write()?;
        let id: DocumentId = asked::document(&form.id)?;
        let (version, around) = (asked::version(&form.version)?, asked::around(&form)?);
        self.room().set_around(&grant, id, version, &around).await.map_err(shown)?;
        self.back(id, "settings", "around").await
    }

    async fn retitle(&self, id: DocumentId, title: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.titled(&grant, id, &title).await?;
        self.back(id, "settings", "title").await
    }

    async fn rename(&self, id: DocumentId, version: i64, slug: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.room().rename_page(&grant, id, version, &slug).await.map_err(shown)?;
        self.back(id, "settings", "renamed").await
    }

    async fn put(&self, form: PlaceForm) -> Result<(), ApiError> {
        let grant = self.write()?;
        let id: DocumentId = asked::document(&form.id)?;
        let target = self.target(&form).await?;
        self.room().move_page(&grant, id, asked::version(&form.version)?, target).await.map_err(shown)?;
        self.back(id, "settings", "moved").await
    }

    async fn set_rights(&self, form: RightsForm) -> Result<(), ApiError> {
        let grant = self.manage()?;
        let id: DocumentId = asked::document(&form.id)?;
        let rights = asked::rights(&form)?;
        self.room().set_own_rights(&grant, id, asked::version(&form.version)?, rights.as_ref()).await.map_err(shown)?;
        self.back(id, "settings", "rights").await
    }

    async fn throw_away(&self, id: DocumentId, version: i64) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.room().throw_away(&grant, id, version).await.map_err(shown)?;
        leptos_axum::redirect(&format!("{}?done=trashed", ways::TRASH));
        Ok(())
    }

    async fn bring_back(&self, id: DocumentId) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.room().bring_back(&grant, id).await.map_err(shown)?;
        self.back(id, "", "back").await
    }

    async fn delete(&self, id: DocumentId) -> Result<(), ApiError> {
        let grant = self.manage()?;
        self.room().delete_for_good(&grant, id).await.map_err(shown)?;
        leptos_axum::redirect(&format!("{}?done=deleted", ways::TRASH));
        Ok(())
    }

    async fn save_space(&self, form: SpaceForm) -> Result<(), ApiError> {
        let grant = self.manage()?;
        let (seen, space) = asked::space(&form)?;
        self.room().set_space(&grant, seen, &space).await.map_err(shown)?;
        leptos_axum::redirect(&format!("{}?done=space", ways::SPACES));
        Ok(())
    }

    async fn close_space(&self, id: SpaceId) -> Result<(), ApiError> {
        let grant = self.manage()?;
        self.room().close_space(&grant, id).await.map_err(shown)?;
        leptos_axum::redirect(&format!("{}?done=closed", ways::SPACES));
        Ok(())
    }

    async fn detach(&self, file: AttachmentId, id: DocumentId) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.room().detach(&grant, file).await.map_err(shown)?;
        self.back(id, "", "detached").await
    }

    async fn comment(&self, form: CommentForm) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.said(&grant, &form).await
    }

    async fn reply(&self, id: DocumentId, thread: i64, body: String, back: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.replied(&grant, thread, &body).await?;
        self.back(id, &back, "comment").await
    }

    async fn change_comment(&self, id: DocumentId, comment: i64, body: String, back: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.changed(&grant, comment, &body).await?;
        self.back(id, &back, "saved").await
    }

    async fn remove_comment(&self, id: DocumentId, comment: i64, back: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.taken_back(&grant, comment).await?;
        self.back(id, &back, "saved").await
    }

    async fn resolve(&self, id: DocumentId, thread: i64, is_done: bool, back: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.settled_thread(&grant, thread, is_done).await?;
        self.back(id, &back, if is_done { "resolved" } else { "reopened" }).await
    }

    async fn suggest(&self, form: SuggestForm) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.suggested(&grant, &form).await
    }

    async fn settle(&self, id: DocumentId, suggestion: i64, accepts: bool, back: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.settled_suggestion(&grant, suggestion, accepts).await?;
        self.back(id, &back, if accepts { "accepted" } else { "rejected" }).await
    }

    async fn restore(&self, id: DocumentId, revision: i64) -> Result<(), ApiError> {
        let grant = self.write()?;
        let revision = documents::writing::RevisionId(revision);
        self.room().restore_revision(&grant, revision).await.map_err(shown)?;
        self.back(id, "", "restored").await
    }

    async fn begin_run(&self, id: DocumentId, incident: String, alert: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        let (incident, alert) = (asked::incident(&incident)?, asked::alert(&alert)?);
        let run: RunbookRunId = self.room().begin_run(&grant, id, incident, alert).await.map_err(shown)?;
        self.back_to_run(run).await
    }

    async fn check_step(&self, run: RunbookRunId, n: i32, state: String, note: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.room().check_step(&grant, run, n, asked::check(&state)?, &note).await.map_err(shown)?;
        self.back_to_run(run).await
    }

    async fn step_was_wrong(&self, run: RunbookRunId, n: i32, instead: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.room().step_was_wrong(&grant, run, n, &instead).await.map_err(shown)?;
        self.back_to_run(run).await
    }

    async fn end_run(&self, run: RunbookRunId, outcome: String, note: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.room().end_run(&grant, run, asked::outcome(&outcome)?, &note).await.map_err(shown)?;
        self.back_to_run(run).await
    }

    async fn tie_run(&self, run: RunbookRunId, incident: IncidentId) -> Result<(), ApiError> {
        let grant = self.write()?;
        self.room().tie_run(&grant, run, incident).await.map_err(shown)?;
        self.back_to_run(run).await
    }
}

impl Adapter {
    fn room(&self) -> &Documents {
        &self.0.house.documents
    }

    fn actor(&self) -> Result<&Actor, ApiError> {
        self.0.visitor.actor.as_ref().ok_or(ApiError::SignedOut)
    }

    fn now(&self) -> Time {
        self.0.house.clock.now()
    }

    fn write(&self) -> Result<Grant<WriteDocuments>, ApiError> {
        self.0.admit::<WriteDocuments>()
    }

    fn manage(&self) -> Result<Grant<ManageDocuments>, ApiError> {
        self.0.admit::<ManageDocuments>()
    }

    fn can_write(&self) -> bool {
        self.write().is_ok()
    }

    fn can_manage(&self) -> bool {
        self.manage().is_ok()
    }

    async fn names(&self) -> Result<Names, ApiError> {
        Names::of(&self.0).await
    }

    /// What an address or a number leads to, and what the reader may do with it. Where it has another address now, the screen goes there.
    ///
    /// # Errors
    /// `NotFound`, also for what the reader may not know of.
    pub async fn found(&self, id: &str) -> Result<(PageRow, Right), ApiError> {
        let actor: &Actor = self.actor()?;
        let lost = || ApiError::NotFound { what: format!("document {id}") };
        let page: Option<PageRow> = match id.parse::<DocumentId>() {
            Ok(number) => self.room().page(number).await.map_err(shown)?,
            Err(_) => self.page_at(actor, id).await?,
        };
        let page: PageRow = page.ok_or_else(lost)?;
        match self.room().right_of(actor, page.id).await.map_err(shown)? {
            Right::None => Err(lost()),
            right => Ok((page, right)),
        }
    }

    async fn page_at(&self, actor: &Actor, slug: &str) -> Result<Option<PageRow>, ApiError> {
        match self.room().page_at(actor, slug).await.map_err(shown)? {
            Address::Page(page) => Ok(Some(*page)),
            Address::Nothing => Ok(None),
            Address::Moved { slug } => {
                leptos_axum::redirect(&ways::document(&slug));
                let found: Address = self.room().page_at(actor, &slug).await.map_err(shown)?;
                Ok(if let Address::Page(page) = found { Some(*page) } else { None })
            }
        }
    }

    /// The number of a document that a form names by its address; none of an empty text.
    async fn number_of(&self, slug: &str, field: &str) -> Result<Option<DocumentId>, ApiError> {
        if slug.trim().is_empty() {
            return Ok(None);
        }
        match self.room().page_at(self.actor()?, slug.trim()).await.map_err(shown)? {
            Address::Page(page) => Ok(Some(page.id)),
            _ => Err(DocumentTrouble::Gone.refused(field, "the address of a document")),
        }
    }

    /// Back to a screen of a document (`settings`, `edit`; empty: where it is read), with word of what was done.
    async fn back(&self, id: DocumentId, part: &str, done: &str) -> Result<(), ApiError> {
        leptos_axum::redirect(&self.way_back(id, part, done).await?);
        Ok(())
    }

    async fn way_back(&self, id: DocumentId, part: &str, done: &str) -> Result<String, ApiError> {
        let slug: String = match self.found(&id.to_string()).await {
            Ok((page, _)) => page.slug,
            // What they may not know of has no name for them, only the number that they sent.
            Err(ApiError::NotFound { .. }) => id.to_string(),
            Err(error) => return Err(error),
        };
        Ok(if part.is_empty() { ways::done(&slug, done) } else { ways::done_at(&slug, asked::part(part), done) })
    }

    async fn back_to_run(&self, run: RunbookRunId) -> Result<(), ApiError> {
        let found = self.room().run_of_runbook(self.actor()?, run).await.map_err(shown)?;
        let Some(found) = found else { return Ok(()) };
        let page: Option<PageRow> = self.room().page(found.page).await.map_err(shown)?;
        if let Some(page) = page {
            leptos_axum::redirect(&ways::run(&page.slug, Some(run)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Visitor;
    use crate::strangers::rooms;
    use ::api::Viewer;
    use documents::pages::rights::OwnRights;
    use documents::pages::{Branch, NewPage};
    use model::Role;
    use model::actor::Who;
    use model::ids::PersonId;
    use uuid::Uuid;

    fn person(n: u128, role: Role) -> Actor {
        let who = Who::Person { id: PersonId(Uuid::from_u128(n)), name: format!("person {n}") };
        Actor { who, role, team_roles: Vec::new() }
    }

    #[sqlx::test(migrator = "kernel::MIGRATOR")]
    async fn the_way_back_names_nothing_that_one_may_not_know_of(pool: sqlx::PgPool) {
        let (house, admin) = (rooms(pool).await, person(1, Role::Admin));
        let writes: Grant<WriteDocuments> = kernel::authorize(&admin, None).unwrap();
        let manages: Grant<ManageDocuments> = kernel::authorize(&admin, None).unwrap();
        let new = NewPage { owner_person: None, ..NewPage::new(Branch::Operations.space(), "secret", &admin) };
        let id: DocumentId = house.documents.make_page(&writes, new).await.unwrap();
        let own = OwnRights { everyone: Right::None, teams: Vec::new() };
        house.documents.set_own_rights(&manages, id, 1, Some(&own)).await.unwrap();
        for (actor, name) in [(admin, "secret".to_owned()), (person(2, Role::Responder), id.to_string())] {
            let visitor = Visitor { actor: Some(actor), ..Visitor::nobody(Viewer::stranger(Time(0))) };
            let adapter = Adapter(Door { house: house.clone(), visitor });
            assert_eq!(adapter.way_back(id, "", "comment").await, Ok(ways::done(&name, "comment")));
        }
    }
}
