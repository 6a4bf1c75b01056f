//! Versions of a document: the list, what differs between two, who wrote what.

use super::one::Known;
use super::refusals::shown;
use super::shape::count;
use super::{Adapter, Names};
use crate::collab;
use ::api::ApiError;
use ::api::documents::form::DocumentTrouble;
use ::api::documents::history::{
    DifferenceRow, DifferenceView, HistoryAsk, HistoryView, KeptFor, Side as SideView, Stretch, VersionLine,
};
use documents::writing::comparing::Side;
use documents::writing::difference::{Difference, Line, Mark, Row};
use documents::writing::revisions::Revision;
use documents::writing::stretches::Written;
use documents::writing::{Reason, RevisionId};
use model::Actor;
use model::ids::DocumentId;

/// Versions of one screenful.
const A_SCREENFUL: i64 = 50;
/// Lines around what was changed.
const AROUND: usize = 3;
/// Rows of one difference that are shown.
const MOST_ROWS: usize = 2_000;
/// What nobody is known to have written has the colour that stands out least.
const NOBODYS: u8 = 8;

impl Adapter {
    /// The versions, and what differs.
    pub(super) async fn versions(&self, ask: &HistoryAsk) -> Result<HistoryView, ApiError> {
        let known: Known = self.known(&ask.id).await?;
        let (actor, id): (&Actor, DocumentId) = (self.actor()?, known.page.id);
        let before: Option<RevisionId> = number(&ask.before)?;
        let found: Vec<Revision> = self.room().revisions(actor, id, before, A_SCREENFUL).await.map_err(shown)?;
        let is_full: bool = i64::try_from(found.len()).is_ok_and(|n| n == A_SCREENFUL);
        let more: Option<i64> = found.last().map(|last| last.id.0).filter(|_| is_full);
        let is_authors: bool = ask.show == "authors";
        let difference: Option<DifferenceView> = if is_authors { None } else { self.difference(actor, id, ask, &found).await? };
        let stretches: Vec<Stretch> = if is_authors { self.stretches(actor, id, &known.names).await? } else { Vec::new() };
        let versions: Vec<VersionLine> = found.iter().map(|revision| version(revision, &known.names)).collect();
        Ok(HistoryView { head: known.head, versions, more, difference, stretches })
    }

    /// Between two versions; of one, what it changed; of none, what was written since the newest.
    async fn difference(
        &self,
        actor: &Actor,
        id: DocumentId,
        ask: &HistoryAsk,
        found: &[Revision],
    ) -> Result<Option<DifferenceView>, ApiError> {
        let (old, new): (Option<RevisionId>, Option<RevisionId>) = (number(&ask.old)?, number(&ask.new)?);
        let old: Option<RevisionId> = if old.is_none() && new.is_none() { found.first().map(|newest| newest.id) } else { old };
        let difference: Difference = match (old, new) {
            (None, None) => return Ok(None),
            (None, Some(new)) => {
                self.is_of(actor, id, new).await?;
                self.room().revision_difference(actor, new).await.map_err(shown)?
            }
            (Some(old), new) => {
                let new: Side = new.map_or(Side::Now, Side::Revision);
                self.room().text_difference(actor, id, Side::Revision(old), new).await.map_err(shown)?
            }
        };
        Ok(Some(DifferenceView {
            old: old.map(|old| old.0),
            new: new.map(|new| new.0),
            n_gone: count(difference.n_gone),
            n_new: count(difference.n_new),
            rows: difference.folded(AROUND).into_iter().take(MOST_ROWS).map(row).collect(),
        }))
    }

    /// A version of another document is none of this one.
    async fn is_of(&self, actor: &Actor, id: DocumentId, revision: RevisionId) -> Result<(), ApiError> {
        let found = self.room().revision(actor, revision).await.map_err(shown)?;
        if found.revision.doc == id { Ok(()) } else { Err(DocumentTrouble::Gone.refused("new", "a version of this document")) }
    }

    async fn stretches(&self, actor: &Actor, id: DocumentId, names: &Names) -> Result<Vec<Stretch>, ApiError> {
        let written: Vec<Written> = self.room().who_wrote(actor, id).await.map_err(shown)?;
        let view = |one: Written| Stretch {
            by: one.by.and_then(|by| by.person).map(|person| names.person(person).name).filter(|name| !name.is_empty()),
            colour: one.by.and_then(|by| by.person).map_or(NOBODYS, collab::colour_of),
            at: one.by.map(|by| by.at),
            text: one.text,
        };
        Ok(written.into_iter().map(view).collect())
    }
}

/// The number of a version; none of an empty text.
fn number(text: &str) -> Result<Option<RevisionId>, ApiError> {
    if text.is_empty() {
        return Ok(None);
    }
    let refused = |_| DocumentTrouble::Gone.refused("new", "the number of a version");
    text.parse::<i64>().map(|number| Some(RevisionId(number))).map_err(refused)
}

fn version(revision: &Revision, names: &Names) -> VersionLine {
    let authors = revision.authors.iter().map(|person| names.person(*person).name).filter(|name| !name.is_empty());
    VersionLine {
        id: revision.id.0,
        at: revision.at,
        why: match revision.reason {
            Reason::Auto => KeptFor::Auto,
            Reason::Publish => KeptFor::Publish,
            Reason::Restore => KeptFor::Restore,
            Reason::Import => KeptFor::Import,
            Reason::BeforeLargeDelete => KeptFor::BeforeLargeDelete,
        },
        authors: authors.collect(),
        title: revision.title.clone(),
        source: revision.source.map(|source| source.0),
    }
}

fn row(row: Row) -> DifferenceRow {
    match row {
        Row::Folded { n_lines } => DifferenceRow::Folded(count(n_lines)),
        Row::Line(line) => line_row(line),
    }
}

fn line_row(line: Line) -> DifferenceRow {
    let side: SideView = match line.mark {
        Mark::Same => SideView::Same,
        Mark::Gone => SideView::Gone,
        Mark::New => SideView::New,
    };
    let pieces: Vec<(bool, String)> = line.pieces.into_iter().map(|piece| (piece.is_changed, piece.text)).collect();
    DifferenceRow::Line { side, old: line.old.map(count), new: line.new.map(count), pieces }
}
