//! One document: as it is read, and as it is written.

use super::refusals::shown;
use super::shape::{self, count};
use super::{Adapter, Names};
use crate::apis::postmortems::shape::graph_name;
use crate::collab;
use ::api::ApiError;
use ::api::documents::view::{
    DocumentAsk, DocumentHead, DocumentView, FileView, NodeView, RightView, RunBrief, WriterView, WritingView,
};
use ::api::postmortems::view::GraphName;
use documents::markdown::{self, Outline};
use documents::pages::runs::Run;
use documents::pages::tree::Node;
use documents::pages::{PageRow, Right, Space};
use documents::postmortems::graph::Named;
use documents::{Body, Error};
use model::ids::PersonId;
use model::{Actor, Time};

/// Runs that stand below a text.
const MOST_RUNS: usize = 10;

/// A page with what else its screens need of it.
pub struct Known {
    pub page: PageRow,
    pub names: Names,
    pub head: DocumentHead,
}

impl Adapter {
    /// What every screen of a page says of it.
    pub(super) async fn known(&self, id: &str) -> Result<Known, ApiError> {
        let (page, right): (PageRow, Right) = self.found(id).await?;
        let names: Names = self.names().await?;
        let head: DocumentHead = self.head(&page, right, &names).await?;
        Ok(Known { page, names, head })
    }

    async fn head(&self, page: &PageRow, right: Right, names: &Names) -> Result<DocumentHead, ApiError> {
        let (actor, now): (&Actor, Time) = (self.actor()?, self.now());
        let spaces: Vec<Space> = self.room().spaces(actor).await.map_err(shown)?;
        let space: Option<&Space> = spaces.iter().find(|space| space.id == page.space);
        let above: Vec<PageRow> = self.room().way_to(actor, page.id).await.map_err(shown)?;
        let way = above.into_iter().filter(|step| step.id != page.id).map(|step| (step.slug, step.title)).collect();
        let watchers: Vec<PersonId> = self.room().watchers(page.id).await.map_err(shown)?;
        let (team, person): (Option<String>, Option<String>) = shape::owner(page, names);
        let right: RightView = shape::right(right);
        Ok(DocumentHead {
            id: page.id,
            slug: page.slug.clone(),
            title: page.title.clone(),
            language: page.language.as_str().to_owned(),
            version: page.version,
            space_slug: space.map(|space| space.slug.clone()).unwrap_or_default(),
            space: space.map(shape::title).unwrap_or_default(),
            way,
            team,
            person,
            standing: shape::standing(page.standing(now)),
            verified: page.verified.as_ref().map(|verified| (verified.by.clone(), verified.at)),
            due_at: page.review_due_at,
            why: shape::why_of(page),
            incident: page.incident,
            labels: page.labels.clone(),
            alertnames: page.alertnames.clone(),
            is_template: page.is_template,
            trashed: page.trashed_at.map(|at| (page.trashed_by.clone().unwrap_or_default(), at)),
            edited_at: page.edited_at,
            made_by: page.made_by.clone(),
            made_at: page.made_at,
            right: if self.can_write() { right } else { right.min(RightView::Read) },
            can_work: self.can_write(),
            can_manage: self.can_manage(),
            is_watching: actor.person_id().is_some_and(|me| watchers.contains(&me)),
            n_watchers: count(watchers.len()),
            writers: self.writers(actor, page).await,
        })
    }

    async fn writers(&self, actor: &Actor, page: &PageRow) -> Vec<WriterView> {
        let present: Vec<(PersonId, String)> = self.room().present(page.id).await;
        let view = |(person, name): (PersonId, String)| WriterView {
            name,
            is_me: actor.person_id() == Some(person),
            colour: collab::colour_of(person),
        };
        present.into_iter().map(view).collect()
    }

    /// As it is read: the text of about a second ago.
    pub(super) async fn read(&self, ask: &DocumentAsk) -> Result<DocumentView, ApiError> {
        let known: Known = self.known(&ask.id).await?;
        let text: String = known.page.body.clone();
        self.around(known, &text, !ask.all.is_empty()).await
    }

    /// As it is written: the text as it is now.
    pub(super) async fn written(&self, ask: &DocumentAsk) -> Result<WritingView, ApiError> {
        let known: Known = self.known(&ask.id).await?;
        let me: Option<PersonId> = self.actor()?.person_id();
        let body: Body = match self.room().text(known.page.id).await {
            Ok(body) => body,
            // What was thrown away can still be read.
            Err(Error::Collab(documents::collab::Refused::Deleted(_))) => {
                Body { text: known.page.body.clone(), seq: known.page.body_seq }
            }
            Err(error) => return Err(shown(error)),
        };
        let graphs: Vec<GraphName> = self.graphs(&known.page).await?;
        let view: DocumentView = self.around(known, &body.text, !ask.all.is_empty()).await?;
        Ok(WritingView {
            view,
            graphs,
            seq: body.seq,
            me,
            name: self.actor()?.name().to_owned(),
            colour: me.map_or(1, collab::colour_of),
            text: body.text,
        })
    }

    /// The graphs that were kept with a document, where it is about an incident.
    async fn graphs(&self, page: &PageRow) -> Result<Vec<GraphName>, ApiError> {
        if page.incident.is_none() {
            return Ok(Vec::new());
        }
        let kept: Vec<Named> = self.room().kept_graphs(self.actor()?, page.id).await.map_err(shown)?;
        Ok(kept.into_iter().map(graph_name).collect())
    }

    async fn around(&self, known: Known, text: &str, is_all: bool) -> Result<DocumentView, ApiError> {
        let (actor, page): (&Actor, &PageRow) = (self.actor()?, &known.page);
        let html: String = self.drawn(page, text).await?;
        let outline: Outline = markdown::outline(text);
        let backlinks: Vec<PageRow> = self.room().backlinks(actor, page.id).await.map_err(shown)?;
        let files: Vec<FileView> =
            self.room().attachments(actor, page.id).await.map_err(shown)?.iter().map(shape::file).collect();
        let runs: Vec<Run> = self.room().runs(actor, Some(page.id), None, None).await.map_err(shown)?;
        let runs: Vec<RunBrief> = runs.iter().take(MOST_RUNS).map(|run| shape::run(run, &page.slug)).collect();
        Ok(DocumentView {
            html,
            outline: shape::headings(&outline.headings, &page.title),
            below: self.below(actor, page).await?,
            backlinks: backlinks.into_iter().map(|from| (from.slug, from.title)).collect(),
            files,
            margin: self.margin(actor, page, is_all).await?,
            runs,
            n_steps: count(markdown::steps(text).len()),
            n_letters: count(text.chars().count()),
            head: known.head,
        })
    }

    /// Those right below a page.
    pub(super) async fn below(&self, actor: &Actor, page: &PageRow) -> Result<Vec<NodeView>, ApiError> {
        let (nodes, now): (Vec<Node>, Time) = (self.room().tree(actor, page.space).await.map_err(shown)?, self.now());
        Ok(nodes.iter().filter(|node| node.parent == Some(page.id)).map(|node| shape::leaf(node, now)).collect())
    }
}
