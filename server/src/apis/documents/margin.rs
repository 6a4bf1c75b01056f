//! The margin: threads and suggestions, and what is said there.

use super::refusals::shown;
use super::shape::count;
use super::{Adapter, asked};
use ::api::ApiError;
use ::api::documents::form::{CommentForm, SuggestForm};
use ::api::documents::view::{CommentView, MarginView, SuggestionState, SuggestionView, ThreadView};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use documents::pages::PageRow;
use documents::writing::anchors::{Anchors, Place};
use documents::writing::suggestions::{NewSuggestion, State, Suggestion};
use documents::writing::threads::{Comment, Thread};
use documents::writing::{CommentId, SuggestionId, ThreadId, mentions};
use kernel::Grant;
use model::Actor;
use model::access::WriteDocuments;
use model::ids::{DocumentId, PersonId};
use serde_json::{Value, json};

impl Adapter {
    /// What is open, or all of it.
    pub(super) async fn margin(&self, actor: &Actor, page: &PageRow, is_all: bool) -> Result<MarginView, ApiError> {
        let threads: Vec<Thread> = self.room().threads(actor, page.id, true).await.map_err(shown)?;
        let suggestions: Vec<Suggestion> = self.room().suggestions(actor, page.id, true).await.map_err(shown)?;
        let n_resolved: usize = threads.iter().filter(|thread| thread.resolved.is_some()).count();
        let n_settled: usize = suggestions.iter().filter(|one| one.state != State::Open).count();
        let threads: Vec<Thread> = threads.into_iter().filter(|thread| is_all || thread.resolved.is_none()).collect();
        let suggestions: Vec<Suggestion> = suggestions.into_iter().filter(|one| is_all || one.state == State::Open).collect();
        Ok(MarginView {
            anchors: anchors(&threads, &suggestions),
            threads: threads.iter().map(|thread| thread_view(thread, actor)).collect(),
            suggestions: suggestions.iter().map(|one| suggestion_view(one, actor)).collect(),
            n_done: if is_all { 0 } else { count(n_resolved + n_settled) },
        })
    }

    /// Says something about some words, or about the document.
    pub(super) async fn said(&self, grant: &Grant<WriteDocuments>, form: &CommentForm) -> Result<(), ApiError> {
        let id: DocumentId = asked::document(&form.id)?;
        let place: Place = asked::place(&form.start, &form.end, &form.quoted)?;
        let people: Vec<PersonId> = self.mentioned(&form.body).await?;
        self.room().comment(grant, id, &place, &form.body, &people).await.map_err(shown)?;
        self.back(id, &form.back, "comment").await
    }

    pub(super) async fn replied(&self, grant: &Grant<WriteDocuments>, thread: i64, body: &str) -> Result<(), ApiError> {
        let people: Vec<PersonId> = self.mentioned(body).await?;
        self.room().reply(grant, ThreadId(thread), body, &people).await.map_err(shown)?;
        Ok(())
    }

    pub(super) async fn changed(&self, grant: &Grant<WriteDocuments>, comment: i64, body: &str) -> Result<(), ApiError> {
        let people: Vec<PersonId> = self.mentioned(body).await?;
        self.room().edit_comment(grant, CommentId(comment), body, &people).await.map_err(shown)
    }

    pub(super) async fn taken_back(&self, grant: &Grant<WriteDocuments>, comment: i64) -> Result<(), ApiError> {
        self.room().remove_comment(grant, CommentId(comment)).await.map_err(shown)
    }

    pub(super) async fn settled_thread(&self, grant: &Grant<WriteDocuments>, thread: i64, is_done: bool) -> Result<(), ApiError> {
        let thread = ThreadId(thread);
        if is_done {
            self.room().resolve_thread(grant, thread).await.map_err(shown)?;
        } else {
            self.room().reopen_thread(grant, thread).await.map_err(shown)?;
        }
        Ok(())
    }

    /// Says how some words should be.
    pub(super) async fn suggested(&self, grant: &Grant<WriteDocuments>, form: &SuggestForm) -> Result<(), ApiError> {
        let id: DocumentId = asked::document(&form.id)?;
        let place: Place = asked::place(&form.start, &form.end, &form.quoted)?;
        let new = NewSuggestion { place, replacement: form.replacement.clone(), note: form.note.clone() };
        self.room().suggest(grant, id, &new).await.map_err(shown)?;
        self.back(id, &form.back, "suggested").await
    }

    pub(super) async fn settled_suggestion(
        &self,
        grant: &Grant<WriteDocuments>,
        suggestion: i64,
        accepts: bool,
    ) -> Result<(), ApiError> {
        let suggestion = SuggestionId(suggestion);
        if accepts {
            self.room().accept_suggestion(grant, suggestion).await.map_err(shown)?;
        } else {
            self.room().reject_suggestion(grant, suggestion).await.map_err(shown)?;
        }
        Ok(())
    }

    /// Whom a comment names with `@`.
    async fn mentioned(&self, body: &str) -> Result<Vec<PersonId>, ApiError> {
        if !body.contains(['@', '＠']) {
            return Ok(Vec::new());
        }
        let people = self.house_people().await?;
        Ok(mentions::named(body, &people))
    }

    /// Everybody who may come in.
    pub(super) async fn house_people(&self) -> Result<Vec<(PersonId, String)>, ApiError> {
        let people = self.0.house.identity.people_list().await.map_err(|error| crate::house_error::unavailable(&error))?;
        let may = people.into_iter().filter(|person| !person.disabled && !person.invited);
        Ok(may.map(|person| (person.id, person.name)).collect())
    }
}

fn comment_view(comment: &Comment, actor: &Actor) -> CommentView {
    CommentView {
        id: comment.id.0,
        by: comment.by.name.clone(),
        at: comment.at,
        is_edited: comment.edited_at.is_some(),
        is_removed: comment.removed_at.is_some(),
        is_mine: comment.by.is(actor),
        text: comment.body.clone(),
        html: Adapter::drawn_alone(&comment.body),
    }
}

fn thread_view(thread: &Thread, actor: &Actor) -> ThreadView {
    ThreadView {
        id: thread.id.0,
        quoted: thread.quoted.clone(),
        is_detached: thread.is_detached(),
        resolved: thread.resolved.as_ref().map(|settled| (settled.by.name.clone(), settled.at)),
        comments: thread.comments.iter().map(|comment| comment_view(comment, actor)).collect(),
    }
}

fn suggestion_view(suggestion: &Suggestion, actor: &Actor) -> SuggestionView {
    let state: SuggestionState = match suggestion.state {
        State::Open if suggestion.is_outdated => SuggestionState::Outdated,
        State::Open => SuggestionState::Open,
        State::Accepted => SuggestionState::Accepted,
        State::Rejected => SuggestionState::Rejected,
    };
    SuggestionView {
        id: suggestion.id.0,
        original: suggestion.original.clone(),
        replacement: suggestion.replacement.clone(),
        note: suggestion.note.clone(),
        by: suggestion.by.name.clone(),
        at: suggestion.at,
        is_mine: suggestion.by.is(actor),
        state,
        settled_by: suggestion.settled.as_ref().map(|settled| settled.by.name.clone()),
    }
}

/// What the editor marks in the text (`editor/src/threads.js`).
fn anchors(threads: &[Thread], suggestions: &[Suggestion]) -> String {
    let one = |id: String, kind: &str, anchors: &Anchors, is_done: bool| -> Value {
        let (start, end): (String, String) = (STANDARD.encode(&anchors.start), STANDARD.encode(&anchors.end));
        json!({ "id": id, "kind": kind, "start": start, "end": end, "resolved": is_done })
    };
    let said = threads.iter().filter_map(|thread| {
        let anchors: &Anchors = thread.anchors.as_ref()?;
        Some(one(thread.id.to_string(), "comment", anchors, thread.resolved.is_some()))
    });
    let suggested = suggestions
        .iter()
        .map(|suggestion| one(format!("s{}", suggestion.id), "suggestion", &suggestion.anchors, suggestion.state != State::Open));
    Value::Array(said.chain(suggested).collect()).to_string()
}
