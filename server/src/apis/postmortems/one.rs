//! One postmortem with all that stands beside its text; or an incident that has none yet.

use super::refusals::shown;
use super::{Adapter, HOUR_MS, asked, shape};
use crate::apis::incidents::names::Names;
use crate::apis::incidents::refusals;
use crate::collab::colour_of;
use ::api::ApiError;
use ::api::postmortems::PostmortemLine;
use ::api::postmortems::action::ActionView;
use ::api::postmortems::view::{
    ChangeView, ChecklistView, EditorView, GraphName, GraphView, PaperView, PostmortemAsk, PostmortemView, PreviewView, ShareView,
};
use chrono::NaiveDate;
use documents::Body;
use documents::markdown::{self, Surroundings};
use documents::pages::{PageRow, Right};
use documents::postmortems::before::{LONGEST_BACK_MS, USUAL_BACK_MS};
use documents::postmortems::expand;
use documents::postmortems::graph::Named;
use documents::postmortems::looking::View;
use documents::postmortems::pieces::{self, Pieces};
use documents::postmortems::sharing::Share;
use incidents::{Detail, FollowUp, Incident};
use model::ids::{DocumentId, IncidentId};
use model::postmortem::{Act, Policy, State};
use model::{Actor, Role, Time};

impl Adapter {
    /// Everything about one.
    pub(super) async fn looked_at(&self, ask: &PostmortemAsk) -> Result<PostmortemView, ApiError> {
        let lost = || ApiError::NotFound { what: format!("postmortem {}", ask.id) };
        let (actor, id): (&Actor, IncidentId) = (self.actor()?, ask.id.parse().map_err(|_| lost())?);
        let names: Names = Names::of(&self.0).await?;
        let detail: Option<Detail> = self.incidents().detail(actor, id).await.map_err(refusals::shown)?;
        let detail: Detail = detail.ok_or_else(lost)?;
        let actions: Vec<ActionView> = self.actions_of(&detail, &names);
        let changes: Vec<ChangeView> = self.changes(actor, id, back_hours(ask)).await?;
        let found: Option<View> = self.room().postmortem_view(actor, id).await.map_err(shown)?;
        let (_, policy): (i64, Policy) = self.room().postmortem_policy().await.map_err(shown)?;
        let mut view: PostmortemView = match found {
            Some(found) => self.of_view(actor, ask, found, &names).await?,
            None => unbegun(&detail.incident),
        };
        view.is_waivable = policy.may_be_waived(detail.incident.severity());
        view.summary = detail.incident.summary.clone();
        view.actions = actions;
        view.changes = changes;
        view.back_hours = back_hours(ask);
        view.people = names.responders();
        view.can_write = self.may(Role::Responder);
        view.can_approve = self.may(Role::Editor);
        Ok(view)
    }

    fn actions_of(&self, detail: &Detail, names: &Names) -> Vec<ActionView> {
        let today: Option<NaiveDate> = asked::day_of(self.now(), &self.0.visitor.viewer.zone);
        let own = detail.follow_ups.iter().filter(|found: &&FollowUp| found.incident == detail.incident.id);
        own.map(|found| shape::action(found, &detail.incident.title, today, names)).collect()
    }

    async fn changes(&self, actor: &Actor, id: IncidentId, hours: i64) -> Result<Vec<ChangeView>, ApiError> {
        let found = self.room().changes_before(actor, id, hours * HOUR_MS).await.map_err(shown)?;
        let locale = self.0.visitor.viewer.locale;
        Ok(found.into_iter().map(|change| shape::change(change, locale)).collect())
    }

    async fn of_view(&self, actor: &Actor, ask: &PostmortemAsk, found: View, names: &Names) -> Result<PostmortemView, ApiError> {
        let line: PostmortemLine = shape::line(&found.postmortem, &found.happened, found.at, names);
        let paper: Option<PaperView> = match found.postmortem.doc {
            Some(doc) => Some(self.paper(actor, doc, &found).await?),
            None => None,
        };
        let (graphs, graph): (Vec<GraphName>, Option<GraphView>) = self.graphs(actor, ask, found.postmortem.doc).await?;
        let id: IncidentId = line.incident;
        let preview: Option<PreviewView> = self.preview(actor, ask, id, line.state).await?;
        Ok(PostmortemView {
            version: found.postmortem.version,
            occurred_at: found.happened.occurred_at,
            lasted_ms: pieces::impact_ms(&found.happened),
            summary: String::new(),
            scope: found.postmortem.facets.scope.clone(),
            paper,
            reviewers: found.reviewers.iter().map(|one| shape::reviewer(one, names)).collect(),
            approved: found.postmortem.approved.as_ref().map(shape::signed),
            published: found.postmortem.published.as_ref().filter(|_| line.state == State::Published).map(shape::signed),
            waived: found.postmortem.waived.as_ref().filter(|_| line.state == State::NotRequired).map(shape::waived),
            changed: found.changed.as_ref().map(shape::changed),
            acts: found.acts,
            checklist: shape::checklist(found.checklist),
            history: found.happenings.into_iter().map(shape::happening).collect(),
            actions: Vec::new(),
            graphs,
            graph,
            changes: Vec::new(),
            back_hours: 0,
            shares: self.shares(actor, id).await?,
            preview,
            people: Vec::new(),
            can_write: false,
            can_approve: false,
            is_waivable: false,
            line,
        })
    }

    /// The text, drawn with what the house knows for this reader.
    async fn paper(&self, actor: &Actor, doc: DocumentId, found: &View) -> Result<PaperView, ApiError> {
        let room = self.room();
        let right: Right = room.right_of(actor, doc).await.map_err(shown)?;
        let body: Body = room.text(doc).await.map_err(shown)?;
        let page: Option<PageRow> = room.page(doc).await.map_err(shown)?;
        let told: Pieces = room.pieces(actor, doc, &body.text, found.postmortem.locale).await.map_err(shown)?;
        let viewer = &self.0.visitor.viewer;
        let pieces = Pieces { reader: viewer.locale, ..told };
        let sheet = Sheet { title: first_heading(&body.text), pieces: &pieces };
        let person = viewer.person.as_ref();
        Ok(PaperView {
            document: doc,
            slug: page.map_or_else(|| doc.to_string(), |page| page.slug),
            html: markdown::render(&body.text, &sheet),
            language: found.postmortem.locale.as_str().to_owned(),
            can_write: right == Right::Write,
            editor: EditorView {
                name: person.map(|person| person.name.clone()).unwrap_or_default(),
                colour: person.map_or(1, |person| colour_of(person.id)),
                account: person.map(|person| person.id.to_string()).unwrap_or_default(),
            },
        })
    }

    async fn graphs(
        &self,
        actor: &Actor,
        ask: &PostmortemAsk,
        doc: Option<DocumentId>,
    ) -> Result<(Vec<GraphName>, Option<GraphView>), ApiError> {
        let Some(doc) = doc else {
            return Ok((Vec::new(), None));
        };
        let kept: Vec<Named> = self.room().kept_graphs(actor, doc).await.map_err(shown)?;
        let graphs: Vec<GraphName> = kept.into_iter().map(shape::graph_name).collect();
        if ask.graph.is_empty() {
            return Ok((graphs, None));
        }
        let viewer = &self.0.visitor.viewer;
        let found = self.room().kept_graph(actor, doc, &ask.graph).await.map_err(shown)?;
        let stretch: (&str, &str) = (ask.from.as_str(), ask.until.as_str());
        Ok((graphs, found.map(|snapshot| shape::graph(&snapshot, stretch, &viewer.zone, viewer.locale))))
    }

    async fn shares(&self, actor: &Actor, id: IncidentId) -> Result<Vec<ShareView>, ApiError> {
        let (found, now): (Vec<Share>, Time) = (self.room().postmortem_shares(actor, id).await.map_err(shown)?, self.now());
        let may_give: bool = self.may(Role::Responder);
        let shown_as = |share: &Share| {
            let is_open: bool = may_give && share.is_open(now);
            let href: Option<String> = is_open.then(|| model::links::shared(&self.room().share_token(share)));
            shape::share(share, href)
        };
        Ok(found.iter().map(shown_as).collect())
    }

    /// What outsiders would read, where somebody asks to see that and there is something to share.
    async fn preview(
        &self,
        actor: &Actor,
        ask: &PostmortemAsk,
        id: IncidentId,
        state: State,
    ) -> Result<Option<PreviewView>, ApiError> {
        if ask.share != "preview" || state != State::Published || !self.may(Role::Editor) {
            return Ok(None);
        }
        let (title, text): (String, String) = self.room().preview_postmortem_share(actor, id).await.map_err(shown)?;
        Ok(Some(PreviewView { title, text }))
    }
}

/// How far back changes are looked for.
fn back_hours(ask: &PostmortemAsk) -> i64 {
    let asked: i64 = ask.back.parse::<i64>().unwrap_or(USUAL_BACK_MS / HOUR_MS);
    asked.clamp(1, LONGEST_BACK_MS / HOUR_MS)
}

/// An incident whose postmortem nobody has begun, and whose level may ask for none.
fn unbegun(incident: &Incident) -> PostmortemView {
    let line = PostmortemLine {
        incident: incident.id,
        title: incident.title.clone(),
        code: incident.level.code.to_string(),
        severity: incident.severity(),
        is_private: incident.is_private,
        state: State::Draft,
        is_begun: false,
        owner: None,
        due_at: None,
        is_overdue: false,
        resolved_at: incident.resolved_at,
        published_at: None,
        trigger: None,
        detection: None,
        factors: Vec::new(),
        tags: Vec::new(),
    };
    PostmortemView {
        line,
        version: 0,
        occurred_at: incident.moments.occurred_at,
        lasted_ms: None,
        summary: String::new(),
        scope: String::new(),
        paper: None,
        acts: vec![Act::Waive],
        checklist: ChecklistView::default(),
        reviewers: Vec::new(),
        history: Vec::new(),
        actions: Vec::new(),
        approved: None,
        published: None,
        waived: None,
        changed: None,
        graphs: Vec::new(),
        graph: None,
        changes: Vec::new(),
        back_hours: 0,
        shares: Vec::new(),
        preview: None,
        people: Vec::new(),
        can_write: false,
        can_approve: false,
        is_waivable: false,
    }
}

/// A screen: the title stands above the text already.
struct Sheet<'a> {
    title: Option<&'a str>,
    pieces: &'a Pieces,
}

impl Surroundings for Sheet<'_> {
    fn title(&self) -> Option<&str> {
        self.title
    }

    fn directive(&self, info: &str, body: &str) -> Option<String> {
        expand::html(info, body, self.pieces)
    }
}

fn first_heading(text: &str) -> Option<&str> {
    text.lines().next().and_then(|line| line.strip_prefix("# ")).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_back_is_bounded() {
        let ask = |back: &str| PostmortemAsk { back: back.to_owned(), ..PostmortemAsk::default() };
        assert_eq!((back_hours(&ask("")), back_hours(&ask("72")), back_hours(&ask("x"))), (24, 72, 24));
        assert_eq!((back_hours(&ask("-5")), back_hours(&ask("99999"))), (1, 336));
    }

    #[test]
    fn the_heading_that_stands_above_is_the_first_line() {
        assert_eq!(first_heading("# 配信の停止 \n\n## 概要"), Some("配信の停止"));
        assert_eq!((first_heading("## 概要"), first_heading("")), (None, None));
    }
}
