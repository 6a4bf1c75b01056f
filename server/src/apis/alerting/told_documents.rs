//! Documents among what changed lately: only those that the reader may read.

use crate::apis::Door;
use crate::apis::documents::refusals;
use ::api::ApiError;
use ::api::alerting::Change;
use documents::pages::Right;
use kernel::facts::Recorded;
use model::access::ReadDocuments;
use model::ids::DocumentId;
use model::links::documents as ways;
use std::collections::{BTreeMap, BTreeSet};

/// What is said in a margin, and how a runbook is worked through, stands there.
pub(super) const QUIET: [&str; 16] = [
    "DocumentMoved",
    "DocumentWatched",
    "DocumentUnwatched",
    "DocumentMentioned",
    "DocumentCommented",
    "DocumentCommentChanged",
    "DocumentCommentRemoved",
    "DocumentThreadResolved",
    "DocumentThreadReopened",
    "DocumentFileAttached",
    "DocumentFileRemoved",
    "DocumentReviewReminded",
    "RunbookRunBegun",
    "RunbookStepChecked",
    "RunbookRunEnded",
    "IncidentRunbookWorked",
];

/// Facts without those of documents that the reader may not read.
///
/// # Errors
/// The room's.
pub(super) async fn without_hidden(door: &Door, facts: Vec<Recorded>) -> Result<Vec<Recorded>, ApiError> {
    let ids: BTreeSet<DocumentId> = facts.iter().filter_map(document).collect();
    let reader = door.admit::<ReadDocuments>().ok();
    let mut rights: BTreeMap<DocumentId, Right> = BTreeMap::new();
    for id in ids {
        let right: Right = match &reader {
            Some(reader) => door.house.documents.right_of(reader.actor(), id).await.map_err(refusals::shown)?,
            None => Right::None,
        };
        rights.insert(id, right);
    }
    let is_shown = |fact: &Recorded| document(fact).is_none_or(|id| rights.get(&id).is_some_and(|right| *right != Right::None));
    Ok(facts.into_iter().filter(is_shown).collect())
}

/// What happened to a document: its title, and the way there.
pub(super) fn change(fact: &Recorded, by: &str) -> Option<Change> {
    document(fact)?;
    let text = |name: &str| fact.body.get(name).and_then(|text| text.as_str()).unwrap_or_default();
    let link: Option<String> = Some(text("slug")).filter(|slug| !slug.is_empty()).map(ways::document);
    Some(Change { at: fact.at, fact: fact.kind.clone(), by: by.to_owned(), what: text("title").to_owned(), more: 0, link })
}

fn document(fact: &Recorded) -> Option<DocumentId> {
    fact.subject.strip_prefix("document/")?.parse().ok()
}
