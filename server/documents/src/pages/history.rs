//! What happened to pages, as Facts of `document/<uuid>` and `documents`. What has rights of its own says nothing but that it happened.

use super::{PageRow, rights};
use kernel::{Fact, Tx, facts};
use model::ids::DocumentId;
use model::{Actor, Time};
use serde_json::{Value, json};

/// A page is there.
pub const MADE: &str = "DocumentMade";
/// Its address, place, owner, labels or what else stands around its text are others; the body says which.
pub const CHANGED: &str = "DocumentChanged";
/// It stands elsewhere in the tree.
pub const MOVED: &str = "DocumentMoved";
/// Who may read or write it is another.
pub const RIGHTS_CHANGED: &str = "DocumentRightsChanged";
/// Somebody said that it is right.
pub const VERIFIED: &str = "DocumentVerified";
/// Somebody was reminded that it has to be looked at.
pub const REVIEW_REMINDED: &str = "DocumentReviewReminded";
/// Something happened after which it may be wrong.
pub const MUST_REVIEW: &str = "DocumentMustReview";
/// It is in the trash, came back, or is gone.
pub const TRASHED: &str = "DocumentTrashed";
pub const RESTORED: &str = "DocumentRestored";
pub const DELETED: &str = "DocumentDeleted";
/// A file belongs to it, or does no more.
pub const FILE_ATTACHED: &str = "DocumentFileAttached";
pub const FILE_REMOVED: &str = "DocumentFileRemoved";
/// Somebody wants to hear of it, or does not any more.
pub const WATCHED: &str = "DocumentWatched";
pub const UNWATCHED: &str = "DocumentUnwatched";
/// Somebody works through it; a step is done, left out or open again; it is over.
pub const RUN_BEGUN: &str = "RunbookRunBegun";
pub const RUN_STEP: &str = "RunbookStepChecked";
pub const RUN_ENDED: &str = "RunbookRunEnded";
/// Somebody says that a step should be another.
pub const STEP_WRONG: &str = "RunbookStepWrong";
/// Of `documents`: a space is there or is another; a folder came in; files changed elsewhere.
pub const SPACE_CHANGED: &str = "DocumentSpaceChanged";
pub const IMPORTED: &str = "DocumentsImported";
pub const PATHS_CHANGED: &str = "DocumentPathsChanged";

/// The name under which this part acts.
pub const WORKER: &str = "documents";

/// `document/0198…`.
#[must_use]
pub fn subject(id: DocumentId) -> String {
    format!("document/{id}")
}

/// The worker of this part, as an actor.
pub(crate) fn worker() -> Actor {
    Actor::worker(WORKER)
}

/// Writes a Fact of a page; `more` is an object whose members join its body, unless not everybody may read the page, for its own rights, for
/// those of its space or for its incident.
pub(crate) async fn append(
    tx: &mut Tx,
    page: &PageRow,
    kind: &'static str,
    actor: &Actor,
    at: Time,
    more: Value,
) -> Result<(), sqlx::Error> {
    let is_private: bool = rights::is_closed(tx, page).await?;
    let mut body: Value = if is_private {
        json!({ "private": true })
    } else {
        json!({ "title": page.title, "slug": page.slug, "space": page.space })
    };
    if let (Some(body), Value::Object(more), false) = (body.as_object_mut(), more, is_private) {
        body.extend(more);
    }
    facts::append(tx, &Fact { kind, actor, subject: subject(page.id), body, at }).await
}

/// Writes a Fact of documents as a whole.
pub(crate) async fn append_of_all(
    tx: &mut Tx,
    kind: &'static str,
    actor: &Actor,
    at: Time,
    body: Value,
) -> Result<(), sqlx::Error> {
    facts::append(tx, &Fact { kind, actor, subject: "documents".to_owned(), body, at }).await
}
