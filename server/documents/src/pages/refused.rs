//! What this part refuses. Safe to show.

use super::Right;
use model::ids::{AttachmentId, DocumentId, RunbookRunId, SpaceId};

/// Why it did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is none, or whoever asks may not know of it.
    #[error("document {0} was not found")]
    NotFound(DocumentId),
    #[error("space {0} was not found")]
    NoSpace(SpaceId),
    #[error("attachment {0} was not found")]
    NoAttachment(AttachmentId),
    #[error("{0} was not found")]
    NoRun(RunbookRunId),
    #[error("{run} has no step {n}")]
    NoStep { run: RunbookRunId, n: i32 },
    #[error("{run} is over: expected one that goes on")]
    RunOver { run: RunbookRunId },
    #[error("the page has nothing to check off: expected a line like \"- [ ] what to do\" or a numbered list")]
    NoSteps,
    #[error("this needs the right to {needed}, and whoever asks may {held}", needed = needed.as_str(), held = held.as_str())]
    Right { needed: Right, held: Right },
    #[error("document {id} was changed meanwhile: version {found} was expected to be {expected}")]
    Stale { id: DocumentId, expected: i64, found: i64 },
    #[error("space {id} was changed meanwhile: version {found} was expected to be {expected}")]
    StaleSpace { id: SpaceId, expected: i64, found: i64 },
    #[error("{what} is empty, expected some words")]
    Empty { what: &'static str },
    #[error("{what} has {n}, expected at most {max}")]
    Large { what: &'static str, n: usize, max: usize },
    #[error("a page can't stand below itself")]
    Circle,
    #[error("pages stand at most {max} below each other")]
    Deep { max: usize },
    #[error("the address {slug:?} belongs to another page")]
    SlugTaken { slug: String },
    #[error("the address {slug:?} can't be used: expected letters, digits and hyphens")]
    BadSlug { slug: String },
    #[error("the space still has pages: expected none, not even in the trash")]
    SpaceNotEmpty,
    #[error("{what} {given:?} is not known, expected {expected}")]
    Unknown { what: &'static str, given: String, expected: &'static str },
    #[error("the page is not in the trash: expected one that was thrown away")]
    NotTrashed,
    #[error("the postmortem of an incident can't be thrown away")]
    KeptForIncident,
    #[error("the file {name:?} holds {found}, expected {expected}")]
    BadFile { name: String, found: String, expected: &'static str },
    #[error("the file {name:?} could not be kept: {reason}")]
    Unkept { name: String, reason: String },
    #[error("the file can't be read as a zip: {reason}")]
    BadZip { reason: String },
    #[error("other folders come in or go out now, expected to work again soon")]
    Busy,
    #[error("reviews every {given} days can't be, expected 1 to {max}")]
    BadInterval { given: i32, max: i32 },
    #[error("nobody with that number may answer for a page")]
    NoSuchPerson,
}
