//! A postmortem goes on: review, approval, publication, and back.

use crate::Documents;
use crate::collab::Body;
use crate::error::Error;
use crate::pages::{self, Right};
use crate::postmortems::gathering::For;
use crate::postmortems::looking::locked;
use crate::postmortems::needs::{Happened, Reason, Reminder};
use crate::postmortems::pieces::Pieces;
use crate::postmortems::{Answer, MAX_REASON, MAX_REVIEWERS, Postmortem, Refused, SeenPostmortem, Signed, Waived};
use crate::postmortems::{expand, history, reading, work};
use crate::store;
use crate::writing;
use chrono::NaiveDate;
use kernel::{Grant, Tx};
use model::access::{ApprovePostmortem, WriteDocuments};
use model::ids::{DocumentId, IncidentId, PersonId};
use model::postmortem::{Act, Policy, State};
use model::{Actor, Time};
use serde_json::json;

/// A change under the lock of its row.
struct Change<'a> {
    actor: &'a Actor,
    happened: &'a Happened,
    act: Act,
    reason: String,
    now: Time,
}

impl Documents {
    /// Asks people to read it; they hear of it. Those who were asked before and are not among them are no longer.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Stale`], [`Refused::NotFrom`], [`Refused::NotBegun`], [`Refused::Unwritten`], [`Refused::NoReviewer`],
    /// [`Refused::NoSuchPerson`], [`Refused::Large`]. The database's, and the world's.
    pub async fn ask_postmortem_review(
        &self,
        grant: &Grant<WriteDocuments>,
        seen: SeenPostmortem,
        reviewers: &[(PersonId, Option<NaiveDate>)],
    ) -> Result<Postmortem, Error> {
        let now: Time = self.clock.now();
        let happened: Happened = self.must_have_happened(grant.actor(), seen.incident).await?;
        let reviewers = self.checked_reviewers(reviewers).await?;
        let (doc, body) = self.postmortem_text(grant.actor(), seen.incident).await?;
        self.must_write_postmortem(grant.actor(), Some(doc)).await?;
        let unwritten: Vec<String> = reading::unwritten(&body.text);
        if !unwritten.is_empty() {
            return Err(Refused::Unwritten(unwritten).into());
        }
        let mut tx: Tx = self.db.begin().await?;
        let mut postmortem: Postmortem = locked(&mut tx, seen).await?;
        if reviewers.iter().all(|(person, _)| Some(*person) == postmortem.facets.owner) {
            return Err(Refused::NoReviewer.into());
        }
        let change = Change { actor: grant.actor(), happened: &happened, act: Act::AskReview, reason: String::new(), now };
        change.step(&mut tx, &mut postmortem).await?;
        store::postmortems::reviewers::ask(&mut tx, seen.incident, &reviewers, now).await?;
        let people: Vec<PersonId> = reviewers.iter().map(|(person, _)| *person).collect();
        let key: String = format!("review-asked-{}", postmortem.version);
        let due_at: Time = reviewers.iter().filter_map(|(_, due_on)| *due_on).min().map_or(now, |day| self.house_evening(day));
        // Whoever may not read it yet is among the reviewers, and is told nothing.
        let people: Vec<PersonId> = self.postmortem_readers(&mut tx, &happened, postmortem.doc, people).await?;
        if !people.is_empty() {
            let reminder: Reminder = work::reminder(&happened, Reason::ReviewAsked, &key, people, due_at, now);
            self.needs.postmortems.remind(&mut tx, &reminder).await?;
        }
        store::postmortems::rows::save(&mut tx, &postmortem).await?;
        tx.commit().await?;
        Ok(postmortem)
    }

    /// A reader wants it to be another; the reason says what.
    ///
    /// # Errors
    /// [`Refused::NoReason`], and as [`Documents::ask_postmortem_review`].
    pub async fn request_postmortem_changes(
        &self,
        grant: &Grant<WriteDocuments>,
        seen: SeenPostmortem,
        reason: &str,
    ) -> Result<Postmortem, Error> {
        self.answer_review(grant.actor(), seen, Answer::ChangesRequested, reason).await
    }

    /// It is good as it is. Whoever owns it does not say so, unless the policy lets them. What was approved and changed since is approved again.
    ///
    /// # Errors
    /// [`Refused::OwnApproval`], and as [`Documents::ask_postmortem_review`].
    pub async fn approve_postmortem(&self, grant: &Grant<ApprovePostmortem>, seen: SeenPostmortem) -> Result<Postmortem, Error> {
        self.answer_review(grant.actor(), seen, Answer::Approved, "").await
    }

    async fn answer_review(
        &self,
        actor: &Actor,
        seen: SeenPostmortem,
        answer: Answer,
        reason: &str,
    ) -> Result<Postmortem, Error> {
        let now: Time = self.clock.now();
        let act: Act = if answer == Answer::Approved { Act::Approve } else { Act::RequestChanges };
        let reason: String = checked_reason(act, reason)?;
        let happened: Happened = self.must_have_happened(actor, seen.incident).await?;
        let (doc, body) = self.postmortem_text(actor, seen.incident).await?;
        let looked: Postmortem = self.looked_at_postmortem(seen.incident).await?;
        if looked.state == State::Approved && act == Act::Approve {
            self.must_be_stale(actor, doc, &looked, &body).await?;
        }
        let mut tx: Tx = self.db.begin().await?;
        let mut postmortem: Postmortem = locked(&mut tx, seen).await?;
        let policy: Policy = store::postmortems::setup::policy(&mut tx).await?.map(|(_, policy)| policy).unwrap_or_default();
        let is_own: bool = postmortem.facets.owner.is_some() && postmortem.facets.owner == actor.person_id();
        if answer == Answer::Approved && is_own && !policy.owner_may_approve {
            return Err(Refused::OwnApproval.into());
        }
        Change { actor, happened: &happened, act, reason, now }.step(&mut tx, &mut postmortem).await?;
        if answer == Answer::Approved {
            postmortem.approved = Some(Signed { by: actor.name().to_owned(), at: now, seq: body.seq });
            store::postmortems::rows::set_approved_text(&mut tx, seen.incident, Some(&body.text)).await?;
        }
        if let Some(person) = actor.person_id() {
            store::postmortems::reviewers::answer(&mut tx, seen.incident, person, answer, now).await?;
        }
        store::postmortems::rows::save(&mut tx, &postmortem).await?;
        tx.commit().await?;
        Ok(postmortem)
    }

    /// Refuses to approve once more what nobody changed.
    async fn must_be_stale(&self, actor: &Actor, doc: DocumentId, looked: &Postmortem, body: &Body) -> Result<(), Error> {
        let pieces: Pieces = self.gathered(actor, doc, Some(looked), &body.text, looked.locale, For::Everybody).await?;
        match self.changed_since_approval(looked, body, &pieces).await? {
            Some(_) => Ok(()),
            None => Err(Refused::NotFrom { state: looked.state, act: Act::Approve }.into()),
        }
    }

    /// Back to the desk: a review that came too early, or an approval of what has to be another.
    ///
    /// # Errors
    /// As [`Documents::ask_postmortem_review`].
    pub async fn withdraw_postmortem(&self, grant: &Grant<WriteDocuments>, seen: SeenPostmortem) -> Result<Postmortem, Error> {
        let now: Time = self.clock.now();
        let happened: Happened = self.must_have_happened(grant.actor(), seen.incident).await?;
        let looked: Postmortem = self.looked_at_postmortem(seen.incident).await?;
        self.must_write_postmortem(grant.actor(), looked.doc).await?;
        let mut tx: Tx = self.db.begin().await?;
        let mut postmortem: Postmortem = locked(&mut tx, seen).await?;
        let change = Change { actor: grant.actor(), happened: &happened, act: Act::Withdraw, reason: String::new(), now };
        change.step(&mut tx, &mut postmortem).await?;
        postmortem.approved = None;
        store::postmortems::rows::set_approved_text(&mut tx, seen.incident, None).await?;
        store::postmortems::rows::save(&mut tx, &postmortem).await?;
        tx.commit().await?;
        Ok(postmortem)
    }

    /// Publishes it: what directives show is written into the text as one ordinary edit, and from then on nobody writes in it.
    ///
    /// # Errors
    /// [`Refused::NotFrom`] unless it is approved, [`Refused::ChangedSinceApproval`] where the text is another than the one that was,
    /// [`Refused::NoGraphs`], [`pages::Refused::Right`] without the right to write it, and as
    /// [`Documents::ask_postmortem_review`].
    pub async fn publish_postmortem(&self, grant: &Grant<WriteDocuments>, seen: SeenPostmortem) -> Result<Postmortem, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let happened: Happened = self.must_have_happened(actor, seen.incident).await?;
        let looked: Postmortem = self.looked_at_postmortem(seen.incident).await?;
        may(&looked, Act::Publish)?;
        if let Some(expected) = seen.version.filter(|expected| *expected != looked.version) {
            return Err(Refused::Stale { expected, found: looked.version }.into());
        }
        let (doc, body) = self.postmortem_text(actor, seen.incident).await?;
        let held: Right = self.right_of(actor, doc).await?;
        if held < Right::Write {
            return Err(pages::Refused::Right { needed: Right::Write, held }.into());
        }
        let frozen: Body = self.write_frozen(actor, doc, &looked, &body, now).await?;
        let mut tx: Tx = self.db.begin().await?;
        // What was found out holds for the approval that was looked at, and no other.
        let as_looked = SeenPostmortem { version: Some(looked.version), ..seen };
        let mut postmortem: Postmortem = locked(&mut tx, as_looked).await?;
        // From here until it is published nobody's changes are written.
        let head: i64 = store::collab::lock_head(&mut tx, doc).await?.unwrap_or_default();
        if head != frozen.seq {
            // To say who it was takes a connection of its own.
            drop(tx);
            return Err(self.written_on(doc, &frozen, head, now).await?.into());
        }
        Change { actor, happened: &happened, act: Act::Publish, reason: String::new(), now }
            .step(&mut tx, &mut postmortem)
            .await?;
        postmortem.published = Some(Signed { by: actor.name().to_owned(), at: now, seq: frozen.seq });
        postmortem.impacts = reading::impacts(&frozen.text);
        postmortem.lessons = reading::lessons(&frozen.text);
        store::postmortems::rows::save(&mut tx, &postmortem).await?;
        tx.commit().await?;
        // Whoever sits at it keeps their place, and writes no more.
        self.rights_changed(Some(doc), None);
        let authors: Vec<PersonId> = actor.person_id().into_iter().collect();
        if let Err(error) = self.keep_revision(doc, &frozen, &authors, writing::Reason::Publish).await {
            // It is published all the same, and the log has its text.
            tracing::error!(error = &error as &dyn std::error::Error, incident = %seen.incident, "a published text was not kept as a version");
        }
        Ok(postmortem)
    }

    /// What directives show is written into the text that was approved. Where others wrote on meanwhile, that stays, and is refused.
    async fn write_frozen(
        &self,
        actor: &Actor,
        doc: DocumentId,
        looked: &Postmortem,
        body: &Body,
        now: Time,
    ) -> Result<Body, Error> {
        let gathered: Pieces = self.gathered(actor, doc, Some(looked), &body.text, looked.locale, For::Everybody).await?;
        let pieces = Pieces { frozen_at: Some(now), ..gathered };
        self.must_be_as_approved(looked, body, &pieces).await?;
        let missing: Vec<String> = expand::missing_graphs(&body.text, &pieces);
        if !missing.is_empty() {
            return Err(Refused::NoGraphs(missing).into());
        }
        let frozen: String = expand::freeze(&body.text, &pieces);
        if frozen == body.text {
            return Ok(body.clone());
        }
        let written: Body = self.put_text(actor, doc, &frozen, Some(body.seq)).await?;
        self.must_be_as_approved(looked, &written, &pieces).await?;
        Ok(written)
    }

    /// Opens what was published, or waived, again. The text stays as it is until it is published once more, and who did it and why stays
    /// written. Links that outsiders have end.
    ///
    /// # Errors
    /// [`Refused::NoReason`], and as [`Documents::ask_postmortem_review`].
    pub async fn reopen_postmortem(
        &self,
        grant: &Grant<WriteDocuments>,
        seen: SeenPostmortem,
        reason: &str,
    ) -> Result<Postmortem, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let reason: String = checked_reason(Act::Reopen, reason)?;
        let happened: Happened = self.must_have_happened(actor, seen.incident).await?;
        let looked: Postmortem = self.looked_at_postmortem(seen.incident).await?;
        self.must_write_postmortem(actor, looked.doc).await?;
        let mut tx: Tx = self.db.begin().await?;
        let mut postmortem: Postmortem = locked(&mut tx, seen).await?;
        Change { actor, happened: &happened, act: Act::Reopen, reason, now }.step(&mut tx, &mut postmortem).await?;
        postmortem.approved = None;
        postmortem.waived = None;
        store::postmortems::rows::set_approved_text(&mut tx, seen.incident, None).await?;
        store::postmortems::shares::revoke(&mut tx, seen.incident, None, now).await?;
        store::postmortems::rows::save(&mut tx, &postmortem).await?;
        tx.commit().await?;
        if let Some(doc) = postmortem.doc {
            self.rights_changed(Some(doc), None);
        }
        Ok(postmortem)
    }

    /// Says that none is needed, where the policy lets somebody say so. Never its owner.
    ///
    /// # Errors
    /// [`Refused::NotWaivable`], [`Refused::OwnWaiver`], [`Refused::NoReason`], and as [`Documents::ask_postmortem_review`].
    pub async fn waive_postmortem(
        &self,
        grant: &Grant<ApprovePostmortem>,
        seen: SeenPostmortem,
        reason: &str,
    ) -> Result<Postmortem, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let reason: String = checked_reason(Act::Waive, reason)?;
        let happened: Happened = self.must_have_happened(actor, seen.incident).await?;
        // There may be no row yet.
        let doc: Option<DocumentId> = self.postmortem(actor, seen.incident).await?.and_then(|found| found.doc);
        self.must_write_postmortem(actor, doc).await?;
        let mut tx: Tx = self.db.begin().await?;
        let policy: Policy = store::postmortems::setup::policy(&mut tx).await?.map(|(_, policy)| policy).unwrap_or_default();
        if !policy.may_be_waived(happened.severity) {
            return Err(Refused::NotWaivable { code: happened.code.clone() }.into());
        }
        work::ensure_row(&mut tx, &happened, &policy, now).await?;
        let mut postmortem: Postmortem = locked(&mut tx, seen).await?;
        let owner: Option<PersonId> = postmortem.facets.owner.or(happened.commander);
        if owner.is_some() && owner == actor.person_id() {
            return Err(Refused::OwnWaiver.into());
        }
        Change { actor, happened: &happened, act: Act::Waive, reason: reason.clone(), now }
            .step(&mut tx, &mut postmortem)
            .await?;
        postmortem.waived = Some(Waived { by: actor.name().to_owned(), at: now, reason });
        store::postmortems::rows::save(&mut tx, &postmortem).await?;
        tx.commit().await?;
        Ok(postmortem)
    }

    /// The document and its text, for whoever may read it.
    pub(crate) async fn postmortem_text(&self, actor: &Actor, incident: IncidentId) -> Result<(DocumentId, Body), Error> {
        let postmortem: Postmortem = self.looked_at_postmortem(incident).await?;
        let doc: DocumentId = postmortem.doc.ok_or(Refused::NotBegun(incident))?;
        if self.right_of(actor, doc).await? < Right::Read {
            return Err(Refused::NotFound(incident).into());
        }
        Ok((doc, self.text(doc).await?))
    }

    /// As it is now, without a lock. That the caller may see it was asked before.
    pub(crate) async fn looked_at_postmortem(&self, incident: IncidentId) -> Result<Postmortem, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let found: Option<Postmortem> = store::postmortems::rows::of(&mut tx, &[incident]).await?.pop();
        Ok(found.ok_or(Refused::NotFound(incident))?)
    }

    /// Each once, and all of them may come in.
    async fn checked_reviewers(
        &self,
        reviewers: &[(PersonId, Option<NaiveDate>)],
    ) -> Result<Vec<(PersonId, Option<NaiveDate>)>, Error> {
        let mut asked: Vec<(PersonId, Option<NaiveDate>)> = reviewers.to_vec();
        asked.sort_by_key(|(person, _)| *person);
        asked.dedup_by_key(|(person, _)| *person);
        if asked.is_empty() {
            return Err(Refused::NoReviewer.into());
        }
        if asked.len() > MAX_REVIEWERS {
            return Err(Refused::Large { what: "the list of reviewers", n: asked.len(), max: MAX_REVIEWERS }.into());
        }
        let ids: Vec<PersonId> = asked.iter().map(|(person, _)| *person).collect();
        let known: Vec<(PersonId, String)> = self.needs.postmortems.people(&ids).await?;
        if known.len() < ids.len() { Err(Refused::NoSuchPerson.into()) } else { Ok(asked) }
    }
}

impl Change<'_> {
    /// Moves it on and writes that down; the caller saves the row.
    async fn step(&self, tx: &mut Tx, postmortem: &mut Postmortem) -> Result<(), Error> {
        let from: State = postmortem.state;
        let to: State = may(postmortem, self.act)?;
        postmortem.state = to;
        postmortem.version += 1;
        let incident: IncidentId = postmortem.incident;
        store::postmortems::rows::add_happening(tx, incident, self.actor, self.act, (from, to), &self.reason, self.now).await?;
        let kind: &'static str = match self.act {
            Act::Publish => history::PUBLISHED,
            Act::Reopen => history::REOPENED,
            Act::Waive => history::WAIVED,
            Act::AskReview | Act::RequestChanges | Act::Approve | Act::Withdraw => history::MOVED,
        };
        let body = json!({ "act": self.act.as_str(), "from": from.as_str(), "to": to.as_str(), "reason": self.reason, "document": postmortem.doc });
        history::append(tx, self.happened, kind, self.actor, self.now, body).await
    }
}

fn may(postmortem: &Postmortem, act: Act) -> Result<State, Error> {
    let state: State = postmortem.state;
    Ok(state.after(act).ok_or(Refused::NotFrom { state, act })?)
}

fn checked_reason(act: Act, reason: &str) -> Result<String, Error> {
    let reason: &str = reason.trim();
    let n: usize = reason.chars().count();
    if reason.is_empty() && act.needs_reason() {
        return Err(Refused::NoReason(act).into());
    }
    if n > MAX_REASON {
        return Err(Refused::Large { what: "the reason", n, max: MAX_REASON }.into());
    }
    Ok(reason.to_owned())
}
