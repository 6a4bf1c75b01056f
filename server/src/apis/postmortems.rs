//! The postmortems' door: the list, one with everything beside its text, what is done with it, and what it promises.
//!
//! The text is the room of documents', what happened and what is to be done are the incidents'. A screen gets everything named and drawn; what a
//! form says is read here, on the reader's clock. What was done leads back to the screen by its address.

mod actions;
mod asked;
mod looking;
mod one;
pub mod refusals;
pub mod shape;

use crate::apis::Door;
use ::api::ApiError;
use ::api::postmortems::action::{ActionQuery, ActionSheet, ActionView, ActionWish};
use ::api::postmortems::form::{DescribeForm, GraphWishForm, PostmortemTrouble, ReviewForm};
use ::api::postmortems::view::{PostmortemAsk, PostmortemView};
use ::api::postmortems::{PostmortemList, PostmortemQuery, PostmortemsApi};
use async_trait::async_trait;
use chrono::NaiveDate;
use documents::Documents;
use documents::postmortems::needs::GraphWish;
use documents::postmortems::{Facets, SeenPostmortem};
use figures::Locale;
use incidents::Incidents;
use kernel::Grant;
use model::access::{ApprovePostmortem, ReadDocuments, WorkOnIncident, WriteDocuments};
use model::ids::{IncidentId, PersonId};
use model::postmortem::{Act, Detection, Template, Trigger};
use model::{Actor, Role, Time, links};
use refusals::{of_incidents, shown};
use uuid::Uuid;

/// Answers the screens of postmortems.
pub struct Adapter(pub Door);

/// Points of a graph that is kept: as many as a wide screen has pixels for.
const POINTS: i64 = 600;
/// No step is finer.
const FINEST_MS: i64 = 5_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;
/// Days that a link for outsiders lives, at most.
const MOST_DAYS: i64 = 90;

#[async_trait]
impl PostmortemsApi for Adapter {
    async fn list(&self, query: PostmortemQuery) -> Result<PostmortemList, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.listed(&query).await
    }

    async fn postmortem(&self, ask: PostmortemAsk) -> Result<PostmortemView, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.looked_at(&ask).await
    }

    async fn begin(&self, incident: IncidentId, template: String, locale: String) -> Result<(), ApiError> {
        let grant = self.write()?;
        let template: Template = Template::from_word(&template).unwrap_or_default();
        let locale: Locale = match locale.as_str() {
            "ja" => Locale::Ja,
            "en" => Locale::En,
            _ => self.0.visitor.viewer.locale,
        };
        self.room().begin_postmortem(&grant, incident, template, locale).await.map_err(shown)?;
        back(incident, "begun");
        Ok(())
    }

    async fn ask_review(&self, wish: ReviewForm) -> Result<(), ApiError> {
        let grant = self.write()?;
        let due_on: Option<NaiveDate> = asked::date(&wish.due_on, "due_on")?;
        let people: Vec<(PersonId, Option<NaiveDate>)> =
            wish.reviewers.iter().filter_map(|id| id.parse::<PersonId>().ok()).map(|person| (person, due_on)).collect();
        let seen: SeenPostmortem = seen(wish.incident, wish.version);
        self.room().ask_postmortem_review(&grant, seen, &people).await.map_err(shown)?;
        back(seen.incident, Act::AskReview.as_str());
        Ok(())
    }

    async fn act(&self, incident: IncidentId, version: i64, act: String, reason: String) -> Result<(), ApiError> {
        let act: Act = asked::act(&act)?;
        let seen: SeenPostmortem = seen(incident.0, version);
        match act {
            Act::Approve | Act::Waive => self.decide(seen, act, &reason).await?,
            _ => self.move_on(seen, act, &reason).await?,
        }
        back(incident, act.as_str());
        Ok(())
    }

    async fn describe(&self, wish: DescribeForm) -> Result<(), ApiError> {
        let grant = self.write()?;
        let facets: Facets = self.facets(&wish)?;
        let seen: SeenPostmortem = seen(wish.incident, wish.version);
        self.room().describe_postmortem(&grant, seen, &facets).await.map_err(shown)?;
        back(seen.incident, "described");
        Ok(())
    }

    async fn keep_graph(&self, wish: GraphWishForm) -> Result<(), ApiError> {
        let grant = self.write()?;
        let incident = IncidentId(wish.incident);
        let graph: GraphWish = self.graph(&wish)?;
        // A graph changes nothing that somebody could have looked at before.
        self.room().keep_graph(&grant, SeenPostmortem::any(incident), &graph).await.map_err(shown)?;
        back(incident, "graph");
        Ok(())
    }

    async fn share(&self, incident: IncidentId, days: i64) -> Result<(), ApiError> {
        let grant = self.0.admit::<ApprovePostmortem>()?;
        let expires_at: Time = self.now().plus_ms(days.clamp(1, MOST_DAYS) * DAY_MS);
        self.room().share_postmortem(&grant, incident, expires_at).await.map_err(shown)?;
        back(incident, "shared");
        Ok(())
    }

    async fn unshare(&self, incident: IncidentId, share: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ApprovePostmortem>()?;
        let id: Uuid = share.parse::<Uuid>().map_err(|_| PostmortemTrouble::Gone.refused("", "the id of a link"))?;
        self.room().revoke_postmortem_share(&grant, incident, id).await.map_err(shown)?;
        back(incident, "unshared");
        Ok(())
    }

    async fn actions(&self, query: ActionQuery) -> Result<ActionSheet, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.listed_actions(&query).await
    }

    async fn own_actions(&self) -> Result<Vec<ActionView>, ApiError> {
        self.0.admit::<ReadDocuments>()?;
        self.due_actions().await
    }

    async fn save_action(&self, wish: ActionWish) -> Result<(), ApiError> {
        let grant = self.work()?;
        self.saved_action(&grant, &wish).await?;
        lead(IncidentId(wish.incident), &wish.back, "action");
        Ok(())
    }

    async fn finish_action(&self, incident: IncidentId, action: i64, evidence: String, back: String) -> Result<(), ApiError> {
        let grant = self.work()?;
        let action = incidents::FollowUpId(action);
        self.incidents().finish_follow_up_by(&grant, incident, action, &evidence).await.map_err(of_incidents)?;
        lead(incident, &back, "finished");
        Ok(())
    }

    async fn reopen_action(&self, incident: IncidentId, action: i64, back: String) -> Result<(), ApiError> {
        let grant = self.work()?;
        let action = incidents::FollowUpId(action);
        self.incidents().finish_follow_up(&grant, incident, action, false).await.map_err(of_incidents)?;
        lead(incident, &back, "reopened");
        Ok(())
    }
}

/// What somebody looked at. Where nobody has begun there was nothing to look at.
fn seen(incident: i64, version: i64) -> SeenPostmortem {
    SeenPostmortem { incident: IncidentId(incident), version: Some(version).filter(|version| *version > 0) }
}

/// Leads back to the postmortem, with word of what was done.
fn back(incident: IncidentId, done: &str) {
    leptos_axum::redirect(&links::postmortem_done(incident, done));
}

/// Leads back to where somebody came from: the list of all actions, or the postmortem.
fn lead(incident: IncidentId, from: &str, done: &str) {
    if from == "actions" {
        leptos_axum::redirect(&format!("{}?done={done}", links::ACTIONS));
    } else {
        back(incident, done);
    }
}

impl Adapter {
    fn room(&self) -> &Documents {
        &self.0.house.documents
    }

    fn incidents(&self) -> &Incidents {
        &self.0.house.incidents
    }

    fn actor(&self) -> Result<&Actor, ApiError> {
        self.0.visitor.actor.as_ref().ok_or(ApiError::SignedOut)
    }

    fn may(&self, role: Role) -> bool {
        self.0.visitor.viewer.may(role)
    }

    fn now(&self) -> Time {
        self.0.house.clock.now()
    }

    fn write(&self) -> Result<Grant<WriteDocuments>, ApiError> {
        self.0.admit::<WriteDocuments>()
    }

    fn work(&self) -> Result<Grant<WorkOnIncident>, ApiError> {
        self.0.admit::<WorkOnIncident>()
    }

    fn moment_of(&self, text: &str, field: &str) -> Result<Option<Time>, ApiError> {
        asked::moment(text, &self.0.visitor.viewer.zone, field)
    }

    /// What only editors say.
    async fn decide(&self, seen: SeenPostmortem, act: Act, reason: &str) -> Result<(), ApiError> {
        let grant = self.0.admit::<ApprovePostmortem>()?;
        if act == Act::Approve {
            self.room().approve_postmortem(&grant, seen).await.map_err(shown)?;
        } else {
            self.room().waive_postmortem(&grant, seen, reason).await.map_err(shown)?;
        }
        Ok(())
    }

    /// What everybody does who writes.
    async fn move_on(&self, seen: SeenPostmortem, act: Act, reason: &str) -> Result<(), ApiError> {
        let grant = self.write()?;
        let room: &Documents = self.room();
        match act {
            Act::RequestChanges => room.request_postmortem_changes(&grant, seen, reason).await.map_err(shown)?,
            Act::Withdraw => room.withdraw_postmortem(&grant, seen).await.map_err(shown)?,
            Act::Publish => room.publish_postmortem(&grant, seen).await.map_err(shown)?,
            Act::Reopen => room.reopen_postmortem(&grant, seen, reason).await.map_err(shown)?,
            Act::AskReview | Act::Approve | Act::Waive => {
                return Err(PostmortemTrouble::Other.refused("act", "request_changes, withdraw, publish or reopen"));
            }
        };
        Ok(())
    }

    fn facets(&self, wish: &DescribeForm) -> Result<Facets, ApiError> {
        Ok(Facets {
            owner: asked::person(&wish.owner, "owner")?,
            due_at: self.moment_of(&wish.due, "due")?,
            trigger: Trigger::from_word(&wish.trigger),
            detection: Detection::from_word(&wish.detection),
            factors: asked::factors(&wish.factors),
            tags: asked::tags(&wish.tags),
            scope: wish.scope.clone(),
        })
    }

    fn graph(&self, wish: &GraphWishForm) -> Result<GraphWish, ApiError> {
        let until: Time = self.moment_of(&wish.until, "until")?.unwrap_or_else(|| self.now());
        let from: Time = self.moment_of(&wish.from, "from")?.unwrap_or_else(|| until.plus_ms(-HOUR_MS));
        let step_ms: i64 = (until.since(from) / POINTS).max(FINEST_MS);
        Ok(GraphWish { title: wish.title.clone(), query: wish.query.trim().to_owned(), from, until, step_ms })
    }
}
