//! The list: the tree by branch, what was found, what has to be looked at, what changed last; spaces and the trash.

use super::refusals::shown;
use super::shape::{self, count};
use super::{Adapter, Names};
use ::api::ApiError;
use ::api::documents::view::{
    Choice, DocumentLine, DocumentsAsk, DocumentsView, HitView, MarkedPiece, SpaceTree, SpaceView, SpacesView, TrashView,
    TrashedView, UnguidedRule,
};
use documents::pages::needs::FiringRule;
use documents::pages::search::{Hit, Query};
use documents::pages::tree::Node;
use documents::pages::{PageRow, Right, Space, Standing, rights};
use figures::Locale;
use model::ids::{PersonId, SpaceId};
use model::{Actor, Time};

/// Lines of each space, where all of them are shown, and of one that is shown alone.
const MOST_OF_SEVERAL: usize = 100;
const MOST_OF_ONE: usize = 5_000;
const MOST_REVIEWS: i64 = 50;
const MOST_RECENT: usize = 8;
const MOST_LABELS: i64 = 100;
const MOST_UNGUIDED: usize = 10;
const MOST_HITS: usize = 50;

impl Adapter {
    /// The list.
    pub(super) async fn library(&self, ask: &DocumentsAsk) -> Result<DocumentsView, ApiError> {
        let (actor, names): (&Actor, Names) = (self.actor()?, self.names().await?);
        let spaces: Vec<Space> = self.room().spaces(actor).await.map_err(shown)?;
        let chosen: Vec<&Space> = spaces.iter().filter(|space| ask.space.is_empty() || space.slug == ask.space).collect();
        let is_asked: bool = !ask.q.trim().is_empty() || !ask.label.is_empty();
        let found: Option<(Vec<HitView>, bool)> =
            if is_asked { Some(self.looked_for(actor, ask, &chosen, &spaces).await?) } else { None };
        let mut trees: Vec<SpaceTree> = Vec::new();
        for space in &chosen {
            trees.push(self.space_tree(actor, space, !ask.space.is_empty()).await?);
        }
        Ok(DocumentsView {
            choices: spaces.iter().map(|space| (space.slug.clone(), shape::title(space))).collect(),
            spaces: trees,
            found,
            review: self.to_review(actor, ask, &spaces, &names).await?,
            recent: self.recent(actor, &spaces, &names).await?,
            labels: self.room().labels(MOST_LABELS).await.map_err(shown)?,
            unguided: self.unguided(actor).await?,
            can_write: self.can_write(),
            can_manage: self.can_manage(),
        })
    }

    async fn space_tree(&self, actor: &Actor, space: &Space, is_one: bool) -> Result<SpaceTree, ApiError> {
        let nodes: Vec<Node> = self.room().tree(actor, space.id).await.map_err(shown)?;
        let (n, most): (usize, usize) = (nodes.len(), if is_one { MOST_OF_ONE } else { MOST_OF_SEVERAL });
        let may_write: bool = rights::held(actor, space.everyone, &space.teams) == Right::Write;
        Ok(SpaceTree {
            id: space.id,
            slug: space.slug.clone(),
            branch: shape::branch(space.branch),
            title: shape::title(space),
            nodes: shape::forest(nodes, self.now(), most),
            n: count(n),
            n_left_out: count(n.saturating_sub(most)),
            can_write: may_write && self.can_write(),
        })
    }

    /// What was found.
    async fn looked_for(
        &self,
        actor: &Actor,
        ask: &DocumentsAsk,
        chosen: &[&Space],
        spaces: &[Space],
    ) -> Result<(Vec<HitView>, bool), ApiError> {
        if ask.q.trim().is_empty() {
            return self.labelled(actor, ask, chosen, spaces).await;
        }
        let wanted: Vec<SpaceId> = if ask.space.is_empty() { Vec::new() } else { chosen.iter().map(|space| space.id).collect() };
        let labels: Vec<String> = Some(ask.label.clone()).filter(|label| !label.is_empty()).into_iter().collect();
        let query = Query { text: ask.q.clone(), spaces: wanted, labels, limit: MOST_HITS };
        let hits = self.room().search(actor, &query).await.map_err(shown)?;
        let now: Time = self.now();
        let view = |hit: &Hit| HitView {
            slug: hit.page.slug.clone(),
            title: shape::pieces(&hit.title),
            snippet: shape::pieces(&hit.snippet),
            space: spaces.iter().find(|space| space.id == hit.page.space).map(shape::title).unwrap_or_default(),
            edited_at: hit.page.edited_at,
            standing: shape::standing(hit.page.standing(now)),
        };
        Ok((hits.hits.iter().map(view).collect(), hits.has_more))
    }

    /// Everything with a label.
    async fn labelled(
        &self,
        actor: &Actor,
        ask: &DocumentsAsk,
        chosen: &[&Space],
        spaces: &[Space],
    ) -> Result<(Vec<HitView>, bool), ApiError> {
        let pages: Vec<PageRow> = self.room().labelled(actor, &ask.label, MOST_HITS).await.map_err(shown)?;
        let has_more: bool = pages.len() == MOST_HITS;
        let now: Time = self.now();
        let is_chosen = |page: &&PageRow| chosen.iter().any(|space| space.id == page.space);
        let view = |page: &PageRow| HitView {
            slug: page.slug.clone(),
            title: unmarked(&page.title),
            snippet: Vec::new(),
            space: spaces.iter().find(|space| space.id == page.space).map(shape::title).unwrap_or_default(),
            edited_at: page.edited_at,
            standing: shape::standing(page.standing(now)),
        };
        Ok((pages.iter().filter(is_chosen).map(view).collect(), has_more))
    }

    async fn to_review(
        &self,
        actor: &Actor,
        ask: &DocumentsAsk,
        spaces: &[Space],
        names: &Names,
    ) -> Result<Vec<DocumentLine>, ApiError> {
        let mine: Option<PersonId> = if ask.mine.is_empty() { None } else { actor.person_id() };
        let waiting: Vec<(PageRow, Standing)> = self.room().to_review(actor, mine, MOST_REVIEWS).await.map_err(shown)?;
        let now: Time = self.now();
        Ok(waiting.iter().map(|(page, _)| shape::line(page, spaces, names, now)).collect())
    }

    async fn recent(&self, actor: &Actor, spaces: &[Space], names: &Names) -> Result<Vec<DocumentLine>, ApiError> {
        let pages: Vec<PageRow> = self.room().recent(actor, MOST_RECENT).await.map_err(shown)?;
        let now: Time = self.now();
        Ok(pages.iter().map(|page| shape::line(page, spaces, names, now)).collect())
    }

    async fn unguided(&self, actor: &Actor) -> Result<Vec<UnguidedRule>, ApiError> {
        let rules: Vec<FiringRule> = self.room().rules_without_runbook(actor).await.map_err(shown)?;
        let view = |rule: FiringRule| UnguidedRule {
            rule: rule.rule,
            alertname: rule.alertname,
            n_alerts: rule.n_alerts,
            newest_at: rule.newest_at,
        };
        Ok(rules.into_iter().take(MOST_UNGUIDED).map(view).collect())
    }

    /// Every space to choose from, in the reader's language.
    pub(super) async fn space_choices(&self) -> Result<Vec<Choice<SpaceId>>, ApiError> {
        let actor: &Actor = self.actor()?;
        let spaces: Vec<Space> = self.room().spaces(actor).await.map_err(shown)?;
        let locale: Locale = self.0.visitor.viewer.locale;
        let may_write = |space: &&Space| rights::held(actor, space.everyone, &space.teams) == Right::Write;
        Ok(spaces.iter().filter(may_write).map(|space| (space.id, shape::title(space).read(locale).to_owned())).collect())
    }

    /// Every space as it is set up.
    pub(super) async fn all_spaces(&self) -> Result<SpacesView, ApiError> {
        let (actor, names): (&Actor, Names) = (self.actor()?, self.names().await?);
        let spaces: Vec<Space> = self.room().spaces(actor).await.map_err(shown)?;
        let mut views: Vec<SpaceView> = Vec::new();
        for space in &spaces {
            let n: usize = self.room().tree(actor, space.id).await.map_err(shown)?.len();
            views.push(space_view(space, count(n)));
        }
        Ok(SpacesView { spaces: views, teams: names.teams(), can_manage: self.can_manage() })
    }

    /// The trash.
    pub(super) async fn thrown_away(&self) -> Result<TrashView, ApiError> {
        let actor: &Actor = self.actor()?;
        let spaces: Vec<Space> = self.room().spaces(actor).await.map_err(shown)?;
        let pages: Vec<PageRow> = self.room().trashed(actor).await.map_err(shown)?;
        let view = |page: PageRow| TrashedView {
            id: page.id,
            space: spaces.iter().find(|space| space.id == page.space).map(shape::title).unwrap_or_default(),
            by: page.trashed_by.unwrap_or_default(),
            at: page.trashed_at.unwrap_or(page.edited_at),
            title: page.title,
        };
        let trashed: Vec<TrashedView> = pages.into_iter().map(view).collect();
        Ok(TrashView { trashed, can_write: self.can_write(), can_manage: self.can_manage() })
    }
}

fn unmarked(text: &str) -> Vec<MarkedPiece> {
    vec![MarkedPiece { text: text.to_owned(), is_marked: false }]
}

fn space_view(space: &Space, n: u32) -> SpaceView {
    SpaceView {
        id: space.id,
        version: space.version,
        branch: shape::branch(space.branch),
        slug: space.slug.clone(),
        title_ja: space.title_ja.clone(),
        title_en: space.title_en.clone(),
        team: space.team,
        everyone: shape::right(space.everyone),
        teams: space.teams.iter().map(|(team, right)| (*team, shape::right(*right))).collect(),
        n,
    }
}
