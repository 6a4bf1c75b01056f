//! Threads: what people say about a text, or about some of its words.
//!
//! A thread hangs on letters. Where they are now is worked out from the text whenever somebody looks; when they are gone, the thread is
//! detached, and its quote says what it was about. A thread is resolved and opened again by whoever may comment; what somebody said, only they
//! change or take back.

use super::anchors::{Anchors, Place, Span};
use super::history::{self, More};
use super::sheet::Sheet;
use super::{
    By, CommentId, MAX_COMMENT, MAX_QUOTE, MOST_COMMENTS, MOST_MENTIONS, MOST_OPEN_THREADS, MOST_THREADS, Refused, ThreadId,
    bounded,
};
use crate::Documents;
use crate::collab;
use crate::error::Error;
use crate::pages::needs::{Notice, Why};
use crate::pages::{PageRow, Right, rights};
use crate::store;
use kernel::{Grant, Tx};
use model::access::WriteDocuments;
use model::ids::{DocumentId, PersonId};
use model::{Actor, Time};
use serde_json::json;

/// Letters of a comment or a quote that a Fact repeats.
const MOST_TOLD: usize = 200;

/// One thing somebody said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: CommentId,
    pub thread: ThreadId,
    pub by: By,
    /// Markdown; empty when it was taken back.
    pub body: String,
    pub mentions: Vec<PersonId>,
    pub at: Time,
    pub edited_at: Option<Time>,
    pub removed_at: Option<Time>,
}

/// That something is over: who said so, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    pub by: By,
    pub at: Time,
}

/// What is said about some words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    pub id: ThreadId,
    pub doc: DocumentId,
    /// The letters it hangs on; `None`: on the text as a whole.
    pub anchors: Option<Anchors>,
    /// Those words as they were then.
    pub quoted: String,
    /// Where they are now; not worked out for threads that are resolved.
    pub span: Option<Span>,
    pub by: By,
    pub at: Time,
    pub resolved: Option<Settled>,
    /// In the order in which they were said.
    pub comments: Vec<Comment>,
}

impl Thread {
    /// It is open, and the words it hung on are gone.
    #[must_use]
    pub fn is_detached(&self) -> bool {
        self.resolved.is_none() && self.anchors.is_some() && self.span.is_none()
    }
}

/// What a thread hangs on.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) anchors: Anchors,
    pub(crate) words: String,
}

/// What somebody says, held against what may be said.
struct Said {
    body: String,
    mentions: Vec<PersonId>,
}

impl Documents {
    /// Threads of a document in the order in which they began, as far as they are open, or all of them.
    ///
    /// # Errors
    /// [`crate::pages::Refused::NotFound`] for whoever may not read it. The database's, and the world's.
    pub async fn threads(&self, actor: &Actor, doc: DocumentId, with_resolved: bool) -> Result<Vec<Thread>, Error> {
        self.page_for(actor, doc, Right::Read).await?;
        let mut threads: Vec<Thread> = store::writing::threads::of(&self.db, doc, with_resolved).await?;
        let open: Vec<Option<Anchors>> =
            threads.iter().map(|thread| thread.anchors.clone().filter(|_| thread.resolved.is_none())).collect();
        let spans: Vec<Option<Span>> = self.spans(doc, open).await?;
        for (thread, span) in threads.iter_mut().zip(spans) {
            thread.span = span;
        }
        Ok(threads)
    }

    /// Where these are now. In a text that was deleted nothing is anywhere.
    pub(crate) async fn spans(&self, doc: DocumentId, anchors: Vec<Option<Anchors>>) -> Result<Vec<Option<Span>>, Error> {
        let n: usize = anchors.len();
        if anchors.iter().all(Option::is_none) {
            return Ok(vec![None; n]);
        }
        let found = self.on_sheet(doc, move |sheet, _| {
            let span = |anchors: Option<Anchors>| anchors.map_or(Ok(None), |anchors| sheet.span(&anchors));
            let spans: Result<Vec<Option<Span>>, Refused> = anchors.into_iter().map(span).collect();
            Ok(spans?)
        });
        match found.await {
            Err(Error::Collab(collab::Refused::Deleted(_))) => Ok(vec![None; n]),
            found => found,
        }
    }

    /// Begins a thread on some words of a document, or on all of it. Whoever is named in it hears of it.
    ///
    /// # Errors
    /// [`Refused::Empty`], [`Refused::Large`], [`Refused::BadAnchor`], [`Refused::NothingThere`], [`Refused::Full`],
    /// [`Refused::NoSuchPerson`]; [`crate::pages::Refused::Right`] without the right to comment. The database's, and the world's.
    pub async fn comment(
        &self,
        grant: &Grant<WriteDocuments>,
        doc: DocumentId,
        place: &Place,
        body: &str,
        mentions: &[PersonId],
    ) -> Result<ThreadId, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let page: PageRow = self.page_for(actor, doc, Right::Comment).await?;
        let said: Said = self.checked(body, mentions).await?;
        let held: Option<Held> = self.held(doc, place).await?;
        let quoted: String = held.as_ref().map_or_else(String::new, |held| held.words.chars().take(MAX_QUOTE).collect());
        let mut tx: Tx = self.db.begin().await?;
        store::writing::lock(&mut tx, doc, now).await?;
        let (n_open, n): (usize, usize) = store::writing::threads::count(&mut tx, doc).await?;
        room_for("open threads", n_open, MOST_OPEN_THREADS)?;
        room_for("threads", n, MOST_THREADS)?;
        let by: By = By::of(actor);
        let anchors: Option<&Anchors> = held.as_ref().map(|held| &held.anchors);
        let thread: ThreadId = store::writing::threads::add(&mut tx, doc, anchors, &quoted, &by, now).await?;
        self.say(&mut tx, &page, thread, &said, actor, now).await?;
        tx.commit().await?;
        Ok(thread)
    }

    /// Says something more in a thread that is open.
    ///
    /// # Errors
    /// [`Refused::NoThread`], [`Refused::Resolved`], and as [`Documents::comment`].
    pub async fn reply(
        &self,
        grant: &Grant<WriteDocuments>,
        thread: ThreadId,
        body: &str,
        mentions: &[PersonId],
    ) -> Result<CommentId, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let page: PageRow = self.page_of_thread(actor, thread).await?;
        let said: Said = self.checked(body, mentions).await?;
        let mut tx: Tx = self.db.begin().await?;
        let found: Thread = locked(&mut tx, thread).await?;
        if found.resolved.is_some() {
            return Err(Refused::Resolved(thread).into());
        }
        room_for("comments in this thread", store::writing::comments::count(&mut tx, thread).await?, MOST_COMMENTS)?;
        let id: CommentId = self.say(&mut tx, &page, thread, &said, actor, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Says that a thread is settled. `false` when it was already.
    ///
    /// # Errors
    /// [`Refused::NoThread`], and as [`Documents::comment`].
    pub async fn resolve_thread(&self, grant: &Grant<WriteDocuments>, thread: ThreadId) -> Result<bool, Error> {
        self.settle_thread(grant.actor(), thread, true).await
    }

    /// Opens a thread again. `false` when it was open.
    ///
    /// # Errors
    /// [`Refused::NoThread`], [`Refused::Full`], and as [`Documents::comment`].
    pub async fn reopen_thread(&self, grant: &Grant<WriteDocuments>, thread: ThreadId) -> Result<bool, Error> {
        self.settle_thread(grant.actor(), thread, false).await
    }

    async fn settle_thread(&self, actor: &Actor, thread: ThreadId, is_over: bool) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let page: PageRow = self.page_of_thread(actor, thread).await?;
        let mut tx: Tx = self.db.begin().await?;
        store::writing::lock(&mut tx, page.id, now).await?;
        let found: Thread = locked(&mut tx, thread).await?;
        if found.resolved.is_some() == is_over {
            return Ok(false);
        }
        if !is_over {
            let (n_open, _) = store::writing::threads::count(&mut tx, page.id).await?;
            room_for("open threads", n_open, MOST_OPEN_THREADS)?;
        }
        let settled: Option<Settled> = is_over.then(|| Settled { by: By::of(actor), at: now });
        store::writing::threads::settle(&mut tx, thread, settled.as_ref()).await?;
        let kind: &'static str = if is_over { history::THREAD_RESOLVED } else { history::THREAD_REOPENED };
        let more = More { numbers: json!({ "thread": thread }), words: json!({ "quoted": told(&found.quoted) }) };
        history::append(&mut tx, &page, kind, actor, now, more).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Changes what one said. Whoever is named now and was not before hears of it.
    ///
    /// # Errors
    /// [`Refused::NoComment`], [`Refused::NotOwn`], and as [`Documents::comment`].
    pub async fn edit_comment(
        &self,
        grant: &Grant<WriteDocuments>,
        id: CommentId,
        body: &str,
        mentions: &[PersonId],
    ) -> Result<(), Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let page: PageRow = self.page_of_comment(actor, id).await?;
        let said: Said = self.checked(body, mentions).await?;
        let mut tx: Tx = self.db.begin().await?;
        let before: Comment = own(&mut tx, id, actor).await?;
        let after = Comment { body: said.body, mentions: said.mentions, edited_at: Some(now), ..before.clone() };
        store::writing::comments::save(&mut tx, &after).await?;
        let more =
            More { numbers: json!({ "thread": after.thread, "comment": id }), words: json!({ "text": told(&after.body) }) };
        history::append(&mut tx, &page, history::COMMENT_CHANGED, actor, now, more).await?;
        let new: Vec<PersonId> = after.mentions.iter().copied().filter(|person| !before.mentions.contains(person)).collect();
        self.tell_named(&mut tx, &page, &after, &new, actor).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes back what one said: that it was said stays, its words don't.
    ///
    /// # Errors
    /// [`Refused::NoComment`], [`Refused::NotOwn`], and as [`Documents::comment`].
    pub async fn remove_comment(&self, grant: &Grant<WriteDocuments>, id: CommentId) -> Result<(), Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let page: PageRow = self.page_of_comment(actor, id).await?;
        let mut tx: Tx = self.db.begin().await?;
        let before: Comment = own(&mut tx, id, actor).await?;
        let after = Comment { body: String::new(), mentions: Vec::new(), removed_at: Some(now), ..before };
        store::writing::comments::save(&mut tx, &after).await?;
        let more = More::numbers(json!({ "thread": after.thread, "comment": id }));
        history::append(&mut tx, &page, history::COMMENT_REMOVED, actor, now, more).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The letters and words of a place; `None` for the text as a whole.
    pub(crate) async fn held(&self, doc: DocumentId, place: &Place) -> Result<Option<Held>, Error> {
        let place: Place = place.clone();
        if place == Place::Whole {
            return Ok(None);
        }
        self.on_sheet(doc, move |sheet, _| Ok(hold(sheet, place)?)).await
    }

    async fn checked(&self, body: &str, mentions: &[PersonId]) -> Result<Said, Error> {
        let body: String = bounded("the comment", body, MAX_COMMENT)?;
        let mut named: Vec<PersonId> = Vec::new();
        for person in mentions {
            if !named.contains(person) {
                named.push(*person);
            }
        }
        if named.len() > MOST_MENTIONS {
            return Err(Refused::Large { what: "the list of people who are named", n: named.len(), max: MOST_MENTIONS }.into());
        }
        let known = self.needs.pages.known(&named).await?;
        let may_come_in = |person: &PersonId| known.iter().any(|known| known.id == *person && known.may_come_in);
        if let Some(stranger) = named.iter().find(|person| !may_come_in(person)) {
            return Err(Refused::NoSuchPerson(*stranger).into());
        }
        Ok(Said { body, mentions: named })
    }

    async fn say(
        &self,
        tx: &mut Tx,
        page: &PageRow,
        thread: ThreadId,
        said: &Said,
        actor: &Actor,
        now: Time,
    ) -> Result<CommentId, Error> {
        let mut comment = Comment {
            id: CommentId(0),
            thread,
            by: By::of(actor),
            body: said.body.clone(),
            mentions: said.mentions.clone(),
            at: now,
            edited_at: None,
            removed_at: None,
        };
        comment.id = store::writing::comments::add(tx, &comment).await?;
        let numbers = json!({ "thread": thread, "comment": comment.id });
        let more = More { numbers, words: json!({ "text": told(&comment.body) }) };
        history::append(tx, page, history::COMMENTED, actor, now, more).await?;
        self.tell_named(tx, page, &comment, &comment.mentions, actor).await?;
        Ok(comment.id)
    }

    /// Each person who is named has a Fact of their own, and hears of it.
    async fn tell_named(
        &self,
        tx: &mut Tx,
        page: &PageRow,
        comment: &Comment,
        people: &[PersonId],
        actor: &Actor,
    ) -> Result<(), Error> {
        let now: Time = comment.edited_at.unwrap_or(comment.at);
        for person in people.iter().filter(|person| Some(**person) != actor.person_id()) {
            let numbers = json!({ "thread": comment.thread, "comment": comment.id, "person": person });
            let more = More { numbers, words: json!({ "text": told(&comment.body) }) };
            history::append(tx, page, history::MENTIONED, actor, now, more).await?;
            // Whoever may not read it hears nothing of it.
            if self.readers_of(tx, page, vec![*person]).await?.is_empty() {
                continue;
            }
            let told: (String, String) = rights::told(tx, page).await?;
            self.needs.pages.tell(tx, &named(page, told, comment, *person, now)).await?;
        }
        Ok(())
    }

    async fn page_of_thread(&self, actor: &Actor, thread: ThreadId) -> Result<PageRow, Error> {
        let doc: Option<DocumentId> = store::writing::threads::doc_of(&self.db, thread).await?;
        self.page_of(actor, doc.ok_or(Refused::NoThread(thread))?, Right::Comment, Refused::NoThread(thread)).await
    }

    async fn page_of_comment(&self, actor: &Actor, id: CommentId) -> Result<PageRow, Error> {
        let doc: Option<DocumentId> = store::writing::comments::doc_of(&self.db, id).await?;
        self.page_of(actor, doc.ok_or(Refused::NoComment(id))?, Right::Comment, Refused::NoComment(id)).await
    }
}

/// What somebody who is named is told.
fn named(page: &PageRow, (slug, title): (String, String), comment: &Comment, person: PersonId, now: Time) -> Notice {
    Notice {
        key: format!("document/{}/named/{}/{person}", page.id, comment.id.0),
        page: page.id,
        slug,
        title,
        why: Why::Named { thread: comment.thread.0 },
        by: Some(comment.by.name.clone()),
        due_at: None,
        people: vec![person],
        at: now,
    }
}

fn hold(sheet: &Sheet, place: Place) -> Result<Option<Held>, Refused> {
    let (anchors, span): (Anchors, Span) = match place {
        Place::Whole => return Ok(None),
        Place::Anchored(anchors) => {
            let span: Span = sheet.span(&anchors)?.ok_or(Refused::NothingThere)?;
            (anchors, span)
        }
        Place::Words(words) => {
            let span: Span = sheet.find(super::cleaned(&words).trim()).ok_or(Refused::NothingThere)?;
            (sheet.anchors(span).ok_or(Refused::NothingThere)?, span)
        }
    };
    Ok(Some(Held { anchors, words: sheet.words(span) }))
}

/// A thread that nobody else settles before the transaction ends.
async fn locked(tx: &mut Tx, thread: ThreadId) -> Result<Thread, Error> {
    let found: Option<Thread> = store::writing::threads::lock(tx, thread).await?;
    Ok(found.ok_or(Refused::NoThread(thread))?)
}

/// What an actor said, and did not take back.
async fn own(tx: &mut Tx, id: CommentId, actor: &Actor) -> Result<Comment, Error> {
    let found: Option<Comment> = store::writing::comments::lock(tx, id).await?;
    let found: Comment = found.filter(|comment| comment.removed_at.is_none()).ok_or(Refused::NoComment(id))?;
    if !found.by.is(actor) {
        return Err(Refused::NotOwn.into());
    }
    Ok(found)
}

pub(crate) fn room_for(what: &'static str, n: usize, max: usize) -> Result<(), Refused> {
    if n >= max { Err(Refused::Full { what, n, max }) } else { Ok(()) }
}

/// As much of some words as a Fact repeats.
pub(crate) fn told(words: &str) -> String {
    words.chars().take(MOST_TOLD).collect()
}
