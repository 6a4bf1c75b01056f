//! Documents: the tree, one document as it is read and written, its versions and its margin, and runbooks that are worked through.
//!
//! Texts come as HTML that the server made and that is safe whatever they say; what is written goes as a form to the screen itself
//! (`server/src/documents/saving.rs`), because a text may be larger than a call.

pub mod form;
pub mod history;
pub mod run;
pub mod view;

use crate::error::ApiError;
use crate::wire::Packed;
use async_trait::async_trait;
use form::{AroundForm, BeginForm, CommentForm, PlaceForm, RightsForm, SpaceForm, SuggestForm};
use history::{HistoryAsk, HistoryView};
use leptos::prelude::*;
use model::ids::{AlertId, AttachmentId, DocumentId, IncidentId, RunbookRunId, SpaceId};
use run::{RunAsk, RunView};
use std::sync::Arc;
use view::{
    BeginView, DocumentAsk, DocumentView, DocumentsAsk, DocumentsView, FolderView, GuidanceView, SettingsView, SpacesView,
    TrashView, WritingView,
};

/// Answers the screens of documents. What changes something answers with a way back to the screen.
#[async_trait]
pub trait DocumentsApi: Send + Sync {
    async fn list(&self, ask: DocumentsAsk) -> Result<DocumentsView, ApiError>;
    async fn document(&self, ask: DocumentAsk) -> Result<DocumentView, ApiError>;
    async fn writing(&self, ask: DocumentAsk) -> Result<WritingView, ApiError>;
    async fn history(&self, ask: HistoryAsk) -> Result<HistoryView, ApiError>;
    async fn settings(&self, id: String) -> Result<SettingsView, ApiError>;
    async fn beginning(&self, asked: BeginForm) -> Result<BeginView, ApiError>;
    async fn spaces(&self) -> Result<SpacesView, ApiError>;
    async fn trash(&self) -> Result<TrashView, ApiError>;
    async fn folder(&self) -> Result<FolderView, ApiError>;
    async fn run(&self, ask: RunAsk) -> Result<RunView, ApiError>;
    /// What an alert has for guidance.
    async fn guidance(&self, alert: AlertId) -> Result<GuidanceView, ApiError>;
    async fn begin(&self, form: BeginForm) -> Result<(), ApiError>;
    /// Makes the documents that a team begins with, in `ja` or `en`.
    async fn lay_out(&self, language: String) -> Result<(), ApiError>;
    async fn still_right(&self, id: DocumentId, back: String) -> Result<(), ApiError>;
    async fn watch(&self, id: DocumentId, wants: bool) -> Result<(), ApiError>;
    async fn set_around(&self, form: AroundForm) -> Result<(), ApiError>;
    async fn retitle(&self, id: DocumentId, title: String) -> Result<(), ApiError>;
    async fn rename(&self, id: DocumentId, version: i64, slug: String) -> Result<(), ApiError>;
    async fn put(&self, form: PlaceForm) -> Result<(), ApiError>;
    async fn set_rights(&self, form: RightsForm) -> Result<(), ApiError>;
    async fn throw_away(&self, id: DocumentId, version: i64) -> Result<(), ApiError>;
    async fn bring_back(&self, id: DocumentId) -> Result<(), ApiError>;
    async fn delete(&self, id: DocumentId) -> Result<(), ApiError>;
    async fn save_space(&self, form: SpaceForm) -> Result<(), ApiError>;
    async fn close_space(&self, id: SpaceId) -> Result<(), ApiError>;
    async fn detach(&self, file: AttachmentId, id: DocumentId) -> Result<(), ApiError>;
    async fn comment(&self, form: CommentForm) -> Result<(), ApiError>;
    async fn reply(&self, id: DocumentId, thread: i64, body: String, back: String) -> Result<(), ApiError>;
    async fn change_comment(&self, id: DocumentId, comment: i64, body: String, back: String) -> Result<(), ApiError>;
    async fn remove_comment(&self, id: DocumentId, comment: i64, back: String) -> Result<(), ApiError>;
    async fn resolve(&self, id: DocumentId, thread: i64, is_done: bool, back: String) -> Result<(), ApiError>;
    async fn suggest(&self, form: SuggestForm) -> Result<(), ApiError>;
    async fn settle(&self, id: DocumentId, suggestion: i64, accepts: bool, back: String) -> Result<(), ApiError>;
    async fn restore(&self, id: DocumentId, revision: i64) -> Result<(), ApiError>;
    /// `incident` and `alert` are empty where it is begun for none.
    async fn begin_run(&self, id: DocumentId, incident: String, alert: String) -> Result<(), ApiError>;
    async fn check_step(&self, run: RunbookRunId, n: i32, state: String, note: String) -> Result<(), ApiError>;
    async fn step_was_wrong(&self, run: RunbookRunId, n: i32, instead: String) -> Result<(), ApiError>;
    /// `outcome` is `worked`, `failed` or `stopped`.
    async fn end_run(&self, run: RunbookRunId, outcome: String, note: String) -> Result<(), ApiError>;
    async fn tie_run(&self, run: RunbookRunId, incident: IncidentId) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn DocumentsApi> {
    expect_context::<Arc<dyn DocumentsApi>>()
}

/// The tree, with what was looked for.
#[server(prefix = "/call", endpoint = "documents", output = Packed)]
pub async fn documents(ask: DocumentsAsk) -> Result<DocumentsView, ApiError> {
    room().list(ask).await
}

/// One document.
#[server(name = AskDocument, prefix = "/call", endpoint = "document", output = Packed)]
pub async fn document(ask: DocumentAsk) -> Result<DocumentView, ApiError> {
    room().document(ask).await
}

/// One document, to be written.
#[server(name = AskWriting, prefix = "/call", endpoint = "document_writing", output = Packed)]
pub async fn document_writing(ask: DocumentAsk) -> Result<WritingView, ApiError> {
    room().writing(ask).await
}

/// Its versions.
#[server(name = AskDocumentHistory, prefix = "/call", endpoint = "document_history", output = Packed)]
pub async fn document_history(ask: HistoryAsk) -> Result<HistoryView, ApiError> {
    room().history(ask).await
}

/// What stands around its text.
#[server(name = AskDocumentSettings, prefix = "/call", endpoint = "document_settings", output = Packed)]
pub async fn document_settings(id: String) -> Result<SettingsView, ApiError> {
    room().settings(id).await
}

/// The form for a new one.
#[server(name = AskDocumentBeginning, prefix = "/call", endpoint = "document_beginning", output = Packed)]
pub async fn document_beginning(asked: BeginForm) -> Result<BeginView, ApiError> {
    room().beginning(asked).await
}

/// Every space.
#[server(prefix = "/call", endpoint = "document_spaces", output = Packed)]
pub async fn document_spaces() -> Result<SpacesView, ApiError> {
    room().spaces().await
}

/// What was thrown away.
#[server(prefix = "/call", endpoint = "document_trash_list", output = Packed)]
pub async fn document_trash_list() -> Result<TrashView, ApiError> {
    room().trash().await
}

/// Where a folder may be brought in.
#[server(prefix = "/call", endpoint = "document_folder", output = Packed)]
pub async fn document_folder() -> Result<FolderView, ApiError> {
    room().folder().await
}

/// A run of a document.
#[server(name = AskRunbookRun, prefix = "/call", endpoint = "runbook_run", output = Packed)]
pub async fn runbook_run(ask: RunAsk) -> Result<RunView, ApiError> {
    room().run(ask).await
}

/// What an alert has for guidance.
#[server(prefix = "/call", endpoint = "alert_guidance", output = Packed)]
pub async fn alert_guidance(alert: AlertId) -> Result<GuidanceView, ApiError> {
    room().guidance(alert).await
}

/// Makes one.
#[server(prefix = "/call", endpoint = "document_begin", output = Packed)]
pub async fn document_begin(form: BeginForm) -> Result<(), ApiError> {
    room().begin(form).await
}

/// Makes those that a team begins with.
#[server(prefix = "/call", endpoint = "documents_lay_out", output = Packed)]
pub async fn documents_lay_out(language: String) -> Result<(), ApiError> {
    room().lay_out(language).await
}

/// Says that one is still right; `back` is `list` where it was said in the list.
#[server(prefix = "/call", endpoint = "document_still_right", output = Packed)]
pub async fn document_still_right(id: DocumentId, #[server(default)] back: String) -> Result<(), ApiError> {
    room().still_right(id, back).await
}

/// Wants to hear of one, or not any more.
#[server(prefix = "/call", endpoint = "document_watch", output = Packed)]
pub async fn document_watch(id: DocumentId, wants: bool) -> Result<(), ApiError> {
    room().watch(id, wants).await
}

/// Sets what stands around its text.
#[server(prefix = "/call", endpoint = "document_around", output = Packed)]
pub async fn document_around(form: AroundForm) -> Result<(), ApiError> {
    room().set_around(form).await
}

/// Writes its title anew.
#[server(prefix = "/call", endpoint = "document_title", output = Packed)]
pub async fn document_title(id: DocumentId, #[server(default)] title: String) -> Result<(), ApiError> {
    room().retitle(id, title).await
}

/// Gives it another address.
#[server(prefix = "/call", endpoint = "document_rename", output = Packed)]
pub async fn document_rename(id: DocumentId, version: i64, #[server(default)] slug: String) -> Result<(), ApiError> {
    room().rename(id, version, slug).await
}

/// Puts it elsewhere.
#[server(prefix = "/call", endpoint = "document_move", output = Packed)]
pub async fn document_move(form: PlaceForm) -> Result<(), ApiError> {
    room().put(form).await
}

/// Gives it rights of its own, or takes them away.
#[server(prefix = "/call", endpoint = "document_rights", output = Packed)]
pub async fn document_rights(form: RightsForm) -> Result<(), ApiError> {
    room().set_rights(form).await
}

/// Throws it away.
#[server(prefix = "/call", endpoint = "document_trash", output = Packed)]
pub async fn document_trash(id: DocumentId, version: i64) -> Result<(), ApiError> {
    room().throw_away(id, version).await
}

/// Brings it back.
#[server(prefix = "/call", endpoint = "document_bring_back", output = Packed)]
pub async fn document_bring_back(id: DocumentId) -> Result<(), ApiError> {
    room().bring_back(id).await
}

/// Ends it for good.
#[server(prefix = "/call", endpoint = "document_delete", output = Packed)]
pub async fn document_delete(id: DocumentId) -> Result<(), ApiError> {
    room().delete(id).await
}

/// Sets a space up.
#[server(prefix = "/call", endpoint = "space_save", output = Packed)]
pub async fn space_save(form: SpaceForm) -> Result<(), ApiError> {
    room().save_space(form).await
}

/// Closes one that is empty.
#[server(prefix = "/call", endpoint = "space_close", output = Packed)]
pub async fn space_close(id: SpaceId) -> Result<(), ApiError> {
    room().close_space(id).await
}

/// Takes a file away.
#[server(prefix = "/call", endpoint = "document_detach", output = Packed)]
pub async fn document_detach(file: AttachmentId, id: DocumentId) -> Result<(), ApiError> {
    room().detach(file, id).await
}

/// Says something.
#[server(prefix = "/call", endpoint = "document_comment", output = Packed)]
pub async fn document_comment(form: CommentForm) -> Result<(), ApiError> {
    room().comment(form).await
}

/// Goes on with a thread.
#[server(prefix = "/call", endpoint = "document_reply", output = Packed)]
pub async fn document_reply(
    id: DocumentId,
    thread: i64,
    #[server(default)] body: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    room().reply(id, thread, body, back).await
}

/// Says something otherwise than one said it.
#[server(prefix = "/call", endpoint = "comment_change", output = Packed)]
pub async fn comment_change(
    id: DocumentId,
    comment: i64,
    #[server(default)] body: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    room().change_comment(id, comment, body, back).await
}

/// Takes back what one said.
#[server(prefix = "/call", endpoint = "comment_remove", output = Packed)]
pub async fn comment_remove(id: DocumentId, comment: i64, #[server(default)] back: String) -> Result<(), ApiError> {
    room().remove_comment(id, comment, back).await
}

/// Settles a thread, or opens it again.
#[server(prefix = "/call", endpoint = "thread_resolve", output = Packed)]
pub async fn thread_resolve(id: DocumentId, thread: i64, is_done: bool, #[server(default)] back: String) -> Result<(), ApiError> {
    room().resolve(id, thread, is_done, back).await
}

/// Says how some words should be.
#[server(prefix = "/call", endpoint = "document_suggest", output = Packed)]
pub async fn document_suggest(form: SuggestForm) -> Result<(), ApiError> {
    room().suggest(form).await
}

/// Takes a suggestion, or does not want it.
#[server(prefix = "/call", endpoint = "suggestion_settle", output = Packed)]
pub async fn suggestion_settle(
    id: DocumentId,
    suggestion: i64,
    accepts: bool,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    room().settle(id, suggestion, accepts, back).await
}

/// Makes an old version the text again.
#[server(prefix = "/call", endpoint = "document_restore", output = Packed)]
pub async fn document_restore(id: DocumentId, revision: i64) -> Result<(), ApiError> {
    room().restore(id, revision).await
}

/// Begins to work through one.
#[server(prefix = "/call", endpoint = "runbook_begin", output = Packed)]
pub async fn runbook_begin(
    id: DocumentId,
    #[server(default)] incident: String,
    #[server(default)] alert: String,
) -> Result<(), ApiError> {
    room().begin_run(id, incident, alert).await
}

/// Says how a step stands.
#[server(prefix = "/call", endpoint = "runbook_check", output = Packed)]
pub async fn runbook_check(run: RunbookRunId, n: i32, state: String, #[server(default)] note: String) -> Result<(), ApiError> {
    room().check_step(run, n, state, note).await
}

/// Says how a step should be.
#[server(prefix = "/call", endpoint = "runbook_wrong", output = Packed)]
pub async fn runbook_wrong(run: RunbookRunId, n: i32, #[server(default)] instead: String) -> Result<(), ApiError> {
    room().step_was_wrong(run, n, instead).await
}

/// Says that a run is over, and what came of it.
#[server(prefix = "/call", endpoint = "runbook_end", output = Packed)]
pub async fn runbook_end(
    run: RunbookRunId,
    #[server(default)] outcome: String,
    #[server(default)] note: String,
) -> Result<(), ApiError> {
    room().end_run(run, outcome, note).await
}

/// Says which incident a run belongs to.
#[server(prefix = "/call", endpoint = "runbook_tie", output = Packed)]
pub async fn runbook_tie(run: RunbookRunId, incident: IncidentId) -> Result<(), ApiError> {
    room().tie_run(run, incident).await
}
