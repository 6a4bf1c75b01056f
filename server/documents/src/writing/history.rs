//! What happened to a text besides its keystrokes, as Facts of `document/<uuid>`. Words of a page that not everybody may read stay out of
//! them; numbers of threads and of people who were named don't, so that those hear of it.

use crate::pages::history::subject;
use crate::pages::{PageRow, rights};
use kernel::{Fact, Tx, facts};
use model::{Actor, Time};
use serde_json::{Map, Value, json};

/// An old version became the text again.
pub const VERSION_RESTORED: &str = "DocumentVersionRestored";
/// Somebody said something: a thread began, or went on.
pub const COMMENTED: &str = "DocumentCommented";
/// Somebody changed or took back what they had said.
pub const COMMENT_CHANGED: &str = "DocumentCommentChanged";
pub const COMMENT_REMOVED: &str = "DocumentCommentRemoved";
/// Somebody was named in a comment, each in a Fact of their own: `person`.
pub const MENTIONED: &str = "DocumentMentioned";
pub const THREAD_RESOLVED: &str = "DocumentThreadResolved";
pub const THREAD_REOPENED: &str = "DocumentThreadReopened";
/// Somebody said how some words should be; somebody made them so, or did not want to.
pub const SUGGESTED: &str = "DocumentSuggested";
pub const SUGGESTION_ACCEPTED: &str = "DocumentSuggestionAccepted";
pub const SUGGESTION_REJECTED: &str = "DocumentSuggestionRejected";

/// What is worth knowing: numbers always, words only where everybody may read the page.
pub(crate) struct More {
    pub(crate) numbers: Value,
    pub(crate) words: Value,
}

impl More {
    pub(crate) fn numbers(numbers: Value) -> Self {
        Self { numbers, words: json!({}) }
    }
}

/// Writes a Fact of a page.
pub(crate) async fn append(
    tx: &mut Tx,
    page: &PageRow,
    kind: &'static str,
    actor: &Actor,
    at: Time,
    more: More,
) -> Result<(), sqlx::Error> {
    let is_private: bool = rights::is_closed(tx, page).await?;
    let mut body: Map<String, Value> = Map::new();
    join(&mut body, more.numbers);
    if is_private {
        body.insert("private".to_owned(), json!(true));
    } else {
        join(&mut body, json!({ "title": page.title, "slug": page.slug, "space": page.space }));
        join(&mut body, more.words);
    }
    facts::append(tx, &Fact { kind, actor, subject: subject(page.id), body: Value::Object(body), at }).await
}

fn join(body: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        body.extend(more);
    }
}
