//! One postmortem, as it is looked at; and who may see it.

use crate::Documents;
use crate::collab::Body;
use crate::error::Error;
use crate::pages::{Branch, PageRow};
use crate::postmortems::approval::Changed;
use crate::postmortems::gathering::For;
use crate::postmortems::needs::{Action, Happened};
use crate::postmortems::pieces::Pieces;
use crate::postmortems::{Happening, Postmortem, Refused, Reviewer, SeenPostmortem, reading};
use crate::store;
use figures::Locale;
use kernel::Tx;
use model::Actor;
use model::Time;
use model::ids::{DocumentId, IncidentId, PersonId};
use model::postmortem::{Act, State};

/// Steps that are shown with one.
const MOST_HAPPENINGS: i64 = 200;

/// What stands beside the text: how far it is, and what is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub postmortem: Postmortem,
    pub happened: Happened,
    pub reviewers: Vec<Reviewer>,
    /// The newest first.
    pub happenings: Vec<Happening>,
    pub actions: Vec<Action>,
    /// What may be done with it now.
    pub acts: Vec<Act>,
    pub checklist: Checklist,
    /// It is approved, and its text is another than the one that was.
    pub changed: Option<Changed>,
    pub at: Time,
}

/// What the gate of closing waits for, and what a review does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checklist {
    /// Headings without anything below.
    pub unwritten: Vec<String>,
    pub is_published: bool,
    pub n_actions: usize,
    pub n_without_owner: usize,
    pub n_without_date: usize,
    pub n_open: usize,
}

impl Documents {
    /// The postmortem of an incident; `None` when there is none for whoever asks.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn postmortem(&self, actor: &Actor, incident: IncidentId) -> Result<Option<Postmortem>, Error> {
        if self.happened(actor, incident).await?.is_none() {
            return Ok(None);
        }
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::postmortems::rows::of(&mut tx, &[incident]).await?.pop())
    }

    /// The postmortem whose text a document is; `None` also when it is none for whoever asks.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn postmortem_of(&self, actor: &Actor, doc: DocumentId) -> Result<Option<Postmortem>, Error> {
        let incident: Option<IncidentId> = self.incident_of_doc(doc).await?;
        match incident {
            Some(incident) => self.postmortem(actor, incident).await,
            None => Ok(None),
        }
    }

    /// Whether an actor may see a document for the sake of its incident: true of everything that is no postmortem.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn may_see_postmortem(&self, actor: &Actor, doc: DocumentId) -> Result<bool, Error> {
        match self.incident_of_doc(doc).await? {
            Some(incident) => Ok(self.happened(actor, incident).await?.is_some()),
            None => Ok(true),
        }
    }

    /// Whether a document is a postmortem that was published: then nobody writes in it before it is opened again.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_sealed(&self, doc: DocumentId) -> Result<bool, Error> {
        let Some(incident) = self.incident_of_doc(doc).await? else {
            return Ok(false);
        };
        let mut tx: Tx = self.db.begin().await?;
        let found: Option<Postmortem> = store::postmortems::rows::of(&mut tx, &[incident]).await?.pop();
        Ok(found.is_some_and(|postmortem| !postmortem.state.is_writable()))
    }

    /// The postmortem of an incident with all that stands beside its text.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn postmortem_view(&self, actor: &Actor, incident: IncidentId) -> Result<Option<View>, Error> {
        let Some(happened) = self.happened(actor, incident).await? else {
            return Ok(None);
        };
        let actions: Vec<Action> = self.needs.postmortems.actions(actor, incident).await?;
        let mut tx: Tx = self.db.begin().await?;
        let Some(postmortem) = store::postmortems::rows::of(&mut tx, &[incident]).await?.pop() else {
            return Ok(None);
        };
        let reviewers: Vec<Reviewer> = store::postmortems::reviewers::of(&mut tx, incident).await?;
        let happenings: Vec<Happening> = store::postmortems::rows::happenings(&mut tx, incident, MOST_HAPPENINGS).await?;
        drop(tx);
        let body: Body = match postmortem.doc {
            Some(_) => self.postmortem_text(actor, incident).await?.1,
            None => Body { text: String::new(), seq: 0 },
        };
        let changed: Option<Changed> = self.stale_approval(actor, &postmortem, &body).await?;
        Ok(Some(View {
            checklist: checklist(&postmortem, &body.text, &actions),
            acts: acts(postmortem.state, changed.is_some()),
            changed,
            happened,
            reviewers,
            happenings,
            actions,
            postmortem,
            at: self.clock.now(),
        }))
    }

    /// What was written since the approval, as far as that is looked for.
    async fn stale_approval(&self, actor: &Actor, postmortem: &Postmortem, body: &Body) -> Result<Option<Changed>, Error> {
        let Some(doc) = postmortem.doc.filter(|_| postmortem.state == State::Approved) else {
            return Ok(None);
        };
        let (text, locale): (&str, Locale) = (&body.text, postmortem.locale);
        let pieces: Pieces = self.gathered(actor, doc, Some(postmortem), text, locale, For::Everybody).await?;
        self.changed_since_approval(postmortem, body, &pieces).await
    }

    /// Refuses whoever may not write the page of a postmortem, published or not; where nobody has begun, who may not make one.
    pub(crate) async fn must_write_postmortem(&self, actor: &Actor, doc: Option<DocumentId>) -> Result<(), Error> {
        match doc {
            Some(doc) => self.writable_but_for_seal(actor, doc).await.map(|_| ()),
            None => self.must_write_at(actor, Branch::Record.space(), None).await,
        }
    }

    /// Those of these people who may know of the incident and read what is written of it.
    pub(crate) async fn postmortem_readers(
        &self,
        tx: &mut Tx,
        happened: &Happened,
        doc: Option<DocumentId>,
        people: Vec<PersonId>,
    ) -> Result<Vec<PersonId>, Error> {
        if let Some(doc) = doc {
            let page: Option<PageRow> = store::pages::rows::one(tx, doc).await?;
            return match page {
                Some(page) => self.readers_of(tx, &page, people).await,
                None => Ok(Vec::new()),
            };
        }
        let mut readers: Vec<PersonId> = Vec::new();
        for one in self.needs.pages.actors(&people).await? {
            if self.needs.pages.sees_incident(&one, happened.id).await? {
                readers.extend(one.person_id());
            }
        }
        Ok(readers)
    }

    /// The incident, if it is there for the actor.
    pub(crate) async fn happened(&self, actor: &Actor, incident: IncidentId) -> Result<Option<Happened>, Error> {
        Ok(self.needs.postmortems.happened(actor, &[incident]).await?.pop())
    }

    pub(crate) async fn must_have_happened(&self, actor: &Actor, incident: IncidentId) -> Result<Happened, Error> {
        let happened: Option<Happened> = self.happened(actor, incident).await?;
        Ok(happened.ok_or(Refused::NotFound(incident))?)
    }

    pub(crate) async fn incident_of_doc(&self, doc: DocumentId) -> Result<Option<IncidentId>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::postmortems::rows::incident_of(&mut tx, doc).await
    }
}

/// Locks a postmortem for a change: it is as whoever changes it saw it. That they may see it was asked before.
pub(crate) async fn locked(tx: &mut Tx, seen: SeenPostmortem) -> Result<Postmortem, Error> {
    let found: Option<Postmortem> = store::postmortems::rows::lock(tx, seen.incident).await?;
    let postmortem: Postmortem = found.ok_or(Refused::NotFound(seen.incident))?;
    match seen.version {
        Some(expected) if expected != postmortem.version => Err(Refused::Stale { expected, found: postmortem.version }.into()),
        _ => Ok(postmortem),
    }
}

/// What may be done now: what was approved is approved again only where it was changed.
fn acts(state: State, is_changed: bool) -> Vec<Act> {
    let is_done = |act: &Act| state == State::Approved && *act == Act::Approve && !is_changed;
    state.acts().into_iter().filter(|act| !is_done(act)).collect()
}

fn checklist(postmortem: &Postmortem, text: &str, actions: &[Action]) -> Checklist {
    let n_of = |is_one: fn(&Action) -> bool| actions.iter().filter(|action| is_one(action)).count();
    Checklist {
        unwritten: reading::unwritten(text),
        is_published: postmortem.state == State::Published,
        n_actions: actions.len(),
        n_without_owner: n_of(|action| action.owner.is_none()),
        n_without_date: n_of(|action| action.due_on.is_none()),
        n_open: n_of(|action| !action.is_done),
    }
}
