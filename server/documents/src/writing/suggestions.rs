//! Suggestions: how somebody says that some words should be. Whoever may write makes them so, or does not.
//!
//! Accepting one is an edit like any other, by whoever accepts; whose idea it was is in the Fact and stays with the suggestion. A suggestion
//! whose words are not what they were is outdated: it is still to be seen, and can only be rejected.

use super::anchors::{Anchors, Place, Span};
use super::history::{self, More};
use super::sheet::Sheet;
use super::threads::{Held, Settled, room_for, told};
use super::{By, MAX_COMMENT, MAX_SUGGESTED, MOST_OPEN_SUGGESTIONS, Refused, SuggestionId, at_most, cleaned};
use crate::Documents;
use crate::collab::{self, Body};
use crate::error::Error;
use crate::pages::{PageRow, Right};
use crate::store;
use kernel::{Grant, Tx};
use model::access::WriteDocuments;
use model::ids::DocumentId;
use model::{Actor, Time};
use serde_json::{Value, json};

/// What became of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Accepted,
    Rejected,
}

impl State {
    pub const ALL: [Self; 3] = [Self::Open, Self::Accepted, Self::Rejected];

    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// How somebody says that some words should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub id: SuggestionId,
    pub doc: DocumentId,
    pub anchors: Anchors,
    /// The words as they were then.
    pub original: String,
    /// Empty: they should go.
    pub replacement: String,
    /// Why, if that was said.
    pub note: String,
    pub by: By,
    pub at: Time,
    pub state: State,
    pub settled: Option<Settled>,
    /// The change of the text by which it was accepted.
    pub settled_seq: Option<i64>,
    /// Where the words are now, if it is open.
    pub span: Option<Span>,
    /// It is open, and other words stand there now, or none.
    pub is_outdated: bool,
}

/// What somebody suggests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSuggestion {
    pub place: Place,
    pub replacement: String,
    pub note: String,
}

impl Documents {
    /// Suggestions of a document in the order in which they were made, as far as they are open, or the newest of all.
    ///
    /// # Errors
    /// [`crate::pages::Refused::NotFound`] for whoever may not read it. The database's, and the world's.
    pub async fn suggestions(&self, actor: &Actor, doc: DocumentId, with_settled: bool) -> Result<Vec<Suggestion>, Error> {
        self.page_for(actor, doc, Right::Read).await?;
        let found: Vec<Suggestion> = store::writing::suggestions::of(&self.db, doc, with_settled).await?;
        if found.iter().all(|suggestion| suggestion.state != State::Open) {
            return Ok(found);
        }
        let without: Vec<Suggestion> = found.clone();
        let placed = self.on_sheet(doc, move |sheet, _| {
            found.into_iter().map(|suggestion| placed(sheet, suggestion)).collect::<Result<Vec<Suggestion>, Error>>()
        });
        match placed.await {
            Err(Error::Collab(collab::Refused::Deleted(_))) => Ok(without),
            placed => placed,
        }
    }

    /// Suggests other words for some words of a document.
    ///
    /// # Errors
    /// [`Refused::NothingThere`], [`Refused::BadAnchor`], [`Refused::NoChange`], [`Refused::Large`], [`Refused::Full`];
    /// [`crate::pages::Refused::Right`] without the right to comment. The database's, and the world's.
    pub async fn suggest(
        &self,
        grant: &Grant<WriteDocuments>,
        doc: DocumentId,
        new: &NewSuggestion,
    ) -> Result<SuggestionId, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let page: PageRow = self.page_for(actor, doc, Right::Comment).await?;
        let note: String = at_most("the note", cleaned(&new.note).trim().to_owned(), MAX_COMMENT)?;
        let replacement: String = at_most("the replacement", cleaned(&new.replacement), MAX_SUGGESTED)?;
        let held: Held = self.held(doc, &new.place).await?.ok_or(Refused::NothingThere)?;
        let original: String = at_most("what is to be replaced", held.words, MAX_SUGGESTED)?;
        if original == replacement {
            return Err(Refused::NoChange.into());
        }
        let mut suggestion = Suggestion {
            id: SuggestionId(0),
            doc,
            anchors: held.anchors,
            original,
            replacement,
            note,
            by: By::of(actor),
            at: now,
            state: State::Open,
            settled: None,
            settled_seq: None,
            span: None,
            is_outdated: false,
        };
        let mut tx: Tx = self.db.begin().await?;
        store::writing::lock(&mut tx, doc, now).await?;
        room_for("open suggestions", store::writing::suggestions::count_open(&mut tx, doc).await?, MOST_OPEN_SUGGESTIONS)?;
        suggestion.id = store::writing::suggestions::add(&mut tx, &suggestion).await?;
        history::append(&mut tx, &page, history::SUGGESTED, actor, now, of(&suggestion, None)).await?;
        tx.commit().await?;
        Ok(suggestion.id)
    }

    /// Makes the words so, by one edit of whoever accepts. The text as it is afterwards.
    ///
    /// # Errors
    /// [`Refused::NoSuggestion`], [`Refused::Settled`], [`Refused::Outdated`]; [`crate::pages::Refused::Right`] without the right to write; as
    /// [`Documents::put_text`]. The database's, and the world's.
    pub async fn accept_suggestion(&self, grant: &Grant<WriteDocuments>, id: SuggestionId) -> Result<Body, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let page: PageRow = self.page_of_suggestion(actor, id, Right::Write).await?;
        // Its row is held until the words are written, so that two who accept at once don't write them twice. Nothing else is locked: what
        // writes the words must not wait for this, not for a connection either, of which this process holds no more than one here.
        let _turn = self.accepting.lock().await;
        let mut tx: Tx = self.db.begin().await?;
        let suggestion: Suggestion = open(&mut tx, id).await?;
        let asked: Suggestion = suggestion.clone();
        let (wanted, seq): (String, i64) =
            self.on_sheet(suggestion.doc, move |sheet, seq| Ok((accepted(sheet, &asked)?, seq))).await?;
        let body: Body = self.put_text(actor, suggestion.doc, &wanted, Some(seq)).await?;
        let settled = Settled { by: By::of(actor), at: now };
        store::writing::suggestions::settle(&mut tx, id, State::Accepted, &settled, Some(body.seq)).await?;
        history::append(&mut tx, &page, history::SUGGESTION_ACCEPTED, actor, now, of(&suggestion, Some(body.seq))).await?;
        tx.commit().await?;
        Ok(body)
    }

    /// Leaves the words as they are. Whoever suggested it may take it back so too.
    ///
    /// # Errors
    /// [`Refused::NoSuggestion`], [`Refused::Settled`]; [`crate::pages::Refused::Right`] without the right to write. The database's, and the
    /// world's.
    pub async fn reject_suggestion(&self, grant: &Grant<WriteDocuments>, id: SuggestionId) -> Result<(), Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let seen: PageRow = self.page_of_suggestion(actor, id, Right::Comment).await?;
        let writable: Result<PageRow, Error> = self.page_of_suggestion(actor, id, Right::Write).await;
        let mut tx: Tx = self.db.begin().await?;
        let suggestion: Suggestion = open(&mut tx, id).await?;
        if !suggestion.by.is(actor) {
            writable?;
        }
        let settled = Settled { by: By::of(actor), at: now };
        store::writing::suggestions::settle(&mut tx, id, State::Rejected, &settled, None).await?;
        history::append(&mut tx, &seen, history::SUGGESTION_REJECTED, actor, now, of(&suggestion, None)).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn page_of_suggestion(&self, actor: &Actor, id: SuggestionId, needed: Right) -> Result<PageRow, Error> {
        let doc: Option<DocumentId> = store::writing::suggestions::doc_of(&self.db, id).await?;
        self.page_of(actor, doc.ok_or(Refused::NoSuggestion(id))?, needed, Refused::NoSuggestion(id)).await
    }
}

/// One that waits for an answer; nobody else gives one before the transaction ends.
async fn open(tx: &mut Tx, id: SuggestionId) -> Result<Suggestion, Error> {
    let found: Option<Suggestion> = store::writing::suggestions::lock(tx, id).await?;
    let found: Suggestion = found.ok_or(Refused::NoSuggestion(id))?;
    match found.state {
        State::Open => Ok(found),
        state => Err(Refused::Settled { id, state }.into()),
    }
}

/// A suggestion with where its words are now.
fn placed(sheet: &Sheet, suggestion: Suggestion) -> Result<Suggestion, Error> {
    if suggestion.state != State::Open {
        return Ok(suggestion);
    }
    let span: Option<Span> = sheet.span(&suggestion.anchors)?;
    let is_outdated: bool = span.is_none_or(|span| sheet.words(span) != suggestion.original);
    Ok(Suggestion { span, is_outdated, ..suggestion })
}

/// The text with the words as they are suggested.
fn accepted(sheet: &Sheet, suggestion: &Suggestion) -> Result<String, Refused> {
    let span: Option<Span> = sheet.span(&suggestion.anchors)?;
    let found: String = span.map(|span| sheet.words(span)).unwrap_or_default();
    match span {
        Some(span) if found == suggestion.original => Ok(sheet.replaced(span, &suggestion.replacement)),
        _ => Err(Refused::Outdated { id: suggestion.id, expected: told(&suggestion.original), found: told(&found) }),
    }
}

/// What a Fact says of one: whose it was, and what it was about.
fn of(suggestion: &Suggestion, seq: Option<i64>) -> More {
    let numbers: Value = json!({ "suggestion": suggestion.id, "proposer": suggestion.by.person, "seq": seq });
    let words: Value = json!({
        "proposed_by": suggestion.by.name,
        "original": told(&suggestion.original),
        "replacement": told(&suggestion.replacement),
    });
    More { numbers, words }
}
