//! Postmortems, as their screens see them: the list, one with its text and all that stands beside it, and what is to be done afterwards.
//!
//! Everything is shaped by the server: people have their names, the text is drawn already, a graph that was kept comes as a plot of the stretch
//! that was asked for. A screen finds the words.

pub mod action;
pub mod form;
pub mod view;

use crate::error::ApiError;
use crate::oncall::PersonName;
use crate::wire::Packed;
use action::{ActionQuery, ActionSheet, ActionView, ActionWish};
use async_trait::async_trait;
use form::{DescribeForm, GraphWishForm, ReviewForm};
use leptos::prelude::*;
use model::ids::IncidentId;
use model::postmortem::{Detection, Factor, State, Trigger};
use model::{Severity, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use view::{PostmortemAsk, PostmortemView};

/// Which postmortems to show; the same words stand in the address. Empty is any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PostmortemQuery {
    /// In what was learned, in titles and in tags.
    pub q: String,
    /// `overdue`, `mine`, `review`, or a state.
    pub show: String,
    /// `p0` … `p3`.
    pub severity: String,
    pub factor: String,
    pub trigger: String,
    pub detection: String,
    pub tag: String,
    /// Only incidents below: the next screenful.
    pub before: Option<i64>,
}

impl PostmortemQuery {
    /// Whether anything is asked for.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        let asked = [&self.q, &self.show, &self.severity, &self.factor, &self.trigger, &self.detection, &self.tag];
        asked.into_iter().any(|text| !text.is_empty())
    }
}

/// A postmortem in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostmortemLine {
    pub incident: IncidentId,
    /// Of the incident.
    pub title: String,
    /// `P1`, as the organisation calls it.
    pub code: String,
    pub severity: Severity,
    pub is_private: bool,
    pub state: State,
    /// Somebody has begun to write.
    pub is_begun: bool,
    pub owner: Option<PersonName>,
    /// When it has to be published.
    pub due_at: Option<Time>,
    pub is_overdue: bool,
    /// When the incident was over.
    pub resolved_at: Option<Time>,
    pub published_at: Option<Time>,
    pub trigger: Option<Trigger>,
    pub detection: Option<Detection>,
    pub factors: Vec<Factor>,
    pub tags: Vec<String>,
}

/// What postmortems have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CauseView {
    Factor(Factor),
    Trigger(Trigger),
    Tag(String),
}

/// A cause that came again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatView {
    pub cause: CauseView,
    /// The newest first.
    pub incidents: Vec<IncidentId>,
}

/// Something that was learned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonView {
    pub incident: IncidentId,
    pub title: String,
    pub published_at: Time,
    pub text: String,
}

/// The list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostmortemList {
    /// Overdue and then by deadline. Empty where something is asked for.
    pub open: Vec<PostmortemLine>,
    /// Published and waived, or everything that was asked for: the newest incident first.
    pub others: Vec<PostmortemLine>,
    /// Where the next screenful begins.
    pub more: Option<i64>,
    /// The newest first; only where words are looked for.
    pub lessons: Vec<LessonView>,
    /// Since when causes are counted.
    pub since: Time,
    /// The most frequent first.
    pub repeats: Vec<RepeatView>,
}

/// Answers the screens of postmortems. What changes something answers with a way back to the screen.
#[async_trait]
pub trait PostmortemsApi: Send + Sync {
    async fn list(&self, query: PostmortemQuery) -> Result<PostmortemList, ApiError>;
    async fn postmortem(&self, ask: PostmortemAsk) -> Result<PostmortemView, ApiError>;
    async fn begin(&self, incident: IncidentId, template: String, locale: String) -> Result<(), ApiError>;
    async fn ask_review(&self, wish: ReviewForm) -> Result<(), ApiError>;
    /// `act` is the word of an act that needs no more than a reason.
    async fn act(&self, incident: IncidentId, version: i64, act: String, reason: String) -> Result<(), ApiError>;
    async fn describe(&self, wish: DescribeForm) -> Result<(), ApiError>;
    async fn keep_graph(&self, wish: GraphWishForm) -> Result<(), ApiError>;
    async fn share(&self, incident: IncidentId, days: i64) -> Result<(), ApiError>;
    async fn unshare(&self, incident: IncidentId, share: String) -> Result<(), ApiError>;
    async fn actions(&self, query: ActionQuery) -> Result<ActionSheet, ApiError>;
    /// The reader's own that are due within a week, or were: for Now.
    async fn own_actions(&self) -> Result<Vec<ActionView>, ApiError>;
    async fn save_action(&self, wish: ActionWish) -> Result<(), ApiError>;
    /// `evidence` is an address where somebody else can see it.
    async fn finish_action(&self, incident: IncidentId, action: i64, evidence: String, back: String) -> Result<(), ApiError>;
    async fn reopen_action(&self, incident: IncidentId, action: i64, back: String) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn PostmortemsApi> {
    expect_context::<Arc<dyn PostmortemsApi>>()
}

/// The postmortems of a selection.
#[server(prefix = "/call", endpoint = "postmortems", output = Packed)]
pub async fn postmortems(query: PostmortemQuery) -> Result<PostmortemList, ApiError> {
    room().list(query).await
}

/// The postmortem of an incident.
#[server(name = AskPostmortem, prefix = "/call", endpoint = "postmortem", output = Packed)]
pub async fn postmortem(ask: PostmortemAsk) -> Result<PostmortemView, ApiError> {
    room().postmortem(ask).await
}

/// Begins it.
#[server(prefix = "/call", endpoint = "postmortem_begin", output = Packed)]
pub async fn postmortem_begin(
    incident: IncidentId,
    #[server(default)] template: String,
    #[server(default)] locale: String,
) -> Result<(), ApiError> {
    room().begin(incident, template, locale).await
}

/// Asks people to read it.
#[server(prefix = "/call", endpoint = "postmortem_ask_review", output = Packed)]
pub async fn postmortem_ask_review(wish: ReviewForm) -> Result<(), ApiError> {
    room().ask_review(wish).await
}

/// Moves it on, or back.
#[server(prefix = "/call", endpoint = "postmortem_act", output = Packed)]
pub async fn postmortem_act(
    incident: IncidentId,
    version: i64,
    act: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    room().act(incident, version, act, reason).await
}

/// Says whose it is, until when, and what the causes were.
#[server(prefix = "/call", endpoint = "postmortem_describe", output = Packed)]
pub async fn postmortem_describe(wish: DescribeForm) -> Result<(), ApiError> {
    room().describe(wish).await
}

/// Keeps a graph with it.
#[server(prefix = "/call", endpoint = "postmortem_graph", output = Packed)]
pub async fn postmortem_graph(wish: GraphWishForm) -> Result<(), ApiError> {
    room().keep_graph(wish).await
}

/// Shares it with outsiders for some days.
#[server(prefix = "/call", endpoint = "postmortem_share", output = Packed)]
pub async fn postmortem_share(incident: IncidentId, days: i64) -> Result<(), ApiError> {
    room().share(incident, days).await
}

/// Ends a link.
#[server(prefix = "/call", endpoint = "postmortem_unshare", output = Packed)]
pub async fn postmortem_unshare(incident: IncidentId, share: String) -> Result<(), ApiError> {
    room().unshare(incident, share).await
}

/// What is to be done, of a selection.
#[server(name = AskActions, prefix = "/call", endpoint = "actions", output = Packed)]
pub async fn actions(query: ActionQuery) -> Result<ActionSheet, ApiError> {
    room().actions(query).await
}

/// The reader's own that are due.
#[server(name = AskOwnActions, prefix = "/call", endpoint = "own_actions", output = Packed)]
pub async fn own_actions() -> Result<Vec<ActionView>, ApiError> {
    room().own_actions().await
}

/// Adds an action, or writes one anew.
#[server(prefix = "/call", endpoint = "action_save", output = Packed)]
pub async fn action_save(wish: ActionWish) -> Result<(), ApiError> {
    room().save_action(wish).await
}

/// It is done, and that can be seen.
#[server(prefix = "/call", endpoint = "action_finish", output = Packed)]
pub async fn action_finish(
    incident: IncidentId,
    action: i64,
    #[server(default)] evidence: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    room().finish_action(incident, action, evidence, back).await
}

/// It is not done after all.
#[server(prefix = "/call", endpoint = "action_reopen", output = Packed)]
pub async fn action_reopen(incident: IncidentId, action: i64, #[server(default)] back: String) -> Result<(), ApiError> {
    room().reopen_action(incident, action, back).await
}

#[cfg(test)]
mod tests {
    use super::{CauseView, PostmortemQuery, RepeatView};
    use model::ids::IncidentId;
    use model::postmortem::Factor;

    #[test]
    fn what_is_asked_is_a_selection_and_a_place_alone_is_none() {
        let mut query = PostmortemQuery { before: Some(7), ..PostmortemQuery::default() };
        assert!(!query.is_filtered());
        query.tag = "決済".to_owned();
        assert!(query.is_filtered());
    }

    #[test]
    fn a_cause_crosses_the_wire() {
        for cause in [CauseView::Factor(Factor::MissingTest), CauseView::Tag("決済".to_owned())] {
            let repeat = RepeatView { cause, incidents: vec![IncidentId(3), IncidentId(1)] };
            let packed: Vec<u8> = postcard::to_allocvec(&repeat).unwrap();
            assert_eq!(postcard::from_bytes::<RepeatView>(&packed).unwrap(), repeat);
        }
    }
}
