//! What stands around a text, as a form sets it; and the form for a new document.

use super::Adapter;
use super::one::Known;
use super::refusals::shown;
use super::shape::{self, count};
use ::api::ApiError;
use ::api::documents::form::BeginForm;
use ::api::documents::view::{BeginView, NodeView, RightView, SettingsView, TemplateView};
use documents::pages::rights::OwnRights;
use documents::pages::runbooks::Runbook;
use documents::pages::tree::Node;
use documents::pages::{Language, PageRow, Space, templates};
use model::Actor;
use model::ids::{DocumentId, PersonId, SpaceId, TeamId};
use std::collections::HashSet;

/// Places of a space that a form offers.
const MOST_PLACES: usize = 1_000;

impl Adapter {
    /// The settings of a document.
    pub(super) async fn set_up(&self, id: &str) -> Result<SettingsView, ApiError> {
        let known: Known = self.known(id).await?;
        let (actor, page): (&Actor, &PageRow) = (self.actor()?, &known.page);
        let nodes: Vec<Node> = self.room().tree(actor, page.space).await.map_err(shown)?;
        let under: HashSet<DocumentId> = under(&nodes, page.id);
        let own: Option<OwnRights> = self.room().own_rights(actor, page.id).await.map_err(shown)?;
        let parent: String =
            nodes.iter().find(|node| Some(node.id) == page.parent).map(|node| node.slug.clone()).unwrap_or_default();
        let n_below: u32 = count(under.len().saturating_sub(1));
        let kept: Vec<Node> = nodes.into_iter().filter(|node| !under.contains(&node.id)).collect();
        let mut places: Vec<(String, String)> = Vec::new();
        listed(&shape::forest(kept, self.now(), MOST_PLACES), 0, &mut places);
        let people: Vec<(PersonId, String)> = self.house_people().await?;
        Ok(SettingsView {
            teams: known.names.teams(),
            people,
            spaces: self.space_choices().await?,
            places,
            space: page.space,
            parent,
            owner_team: page.owner_team,
            owner_person: page.owner_person,
            every_days: page.review_every_days,
            watch_paths: page.watch_paths.clone(),
            rights: own.map(rights_view),
            n_below,
            head: known.head,
        })
    }

    /// The form for a new document, filled in by its address.
    pub(super) async fn begun(&self, asked: BeginForm) -> Result<BeginView, ApiError> {
        let actor: &Actor = self.actor()?;
        let parent: Option<(PageRow, DocumentId)> = match asked.parent.as_str() {
            "" => None,
            slug => {
                let (page, _) = self.found(slug).await?;
                let id: DocumentId = page.id;
                Some((page, id))
            }
        };
        let space: SpaceId = self.space_of(&asked, parent.as_ref().map(|(_, id)| *id)).await?;
        let language: Language = self.language_of(&asked);
        let known: Option<(String, String)> = match asked.alertname.as_str() {
            "" => None,
            alertname => match self.room().runbook(actor, alertname).await.map_err(shown)? {
                Runbook::Pages(pages) => pages.into_iter().next().map(|page| (page.slug, page.title)),
                Runbook::None { .. } => None,
            },
        };
        Ok(BeginView {
            templates: self.templates(actor, language).await?,
            spaces: self.space_choices().await?,
            parent: parent.map(|(page, _)| (page.slug, page.title)),
            can_write: self.can_write(),
            known,
            form: BeginForm { space: space.to_string(), language: language.as_str().to_owned(), ..asked },
        })
    }

    /// The house's templates in a language, and the documents that the team keeps as templates.
    async fn templates(&self, actor: &Actor, language: Language) -> Result<Vec<TemplateView>, ApiError> {
        let ours = templates::ALL.iter().filter(|template| template.language == language);
        let mut all: Vec<TemplateView> = ours.map(of_the_house).collect();
        let spaces: Vec<Space> = self.room().spaces(actor).await.map_err(shown)?;
        for space in spaces {
            let nodes: Vec<Node> = self.room().tree(actor, space.id).await.map_err(shown)?;
            let kept = nodes.into_iter().filter(|node| node.is_template);
            all.extend(kept.map(|node| TemplateView {
                name: String::new(),
                slug: node.slug,
                branch: shape::branch(space.branch),
                title: node.title,
            }));
        }
        Ok(all)
    }
}

fn of_the_house(template: &templates::Template) -> TemplateView {
    TemplateView {
        name: template.name.to_owned(),
        slug: String::new(),
        branch: shape::branch(template.branch),
        title: template.title.to_owned(),
    }
}

fn rights_view(own: OwnRights) -> (RightView, Vec<(TeamId, RightView)>) {
    let teams: Vec<(TeamId, RightView)> = own.teams.into_iter().map(|(team, right)| (team, shape::right(right))).collect();
    (shape::right(own.everyone), teams)
}

/// A document and everything below it: nowhere there may it be put.
fn under(nodes: &[Node], id: DocumentId) -> HashSet<DocumentId> {
    let mut found: HashSet<DocumentId> = HashSet::from([id]);
    loop {
        let before: usize = found.len();
        for node in nodes {
            if node.parent.is_some_and(|parent| found.contains(&parent)) {
                found.insert(node.id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// Places as a form lists them: deeper ones are set in.
fn listed(nodes: &[NodeView], depth: usize, places: &mut Vec<(String, String)>) {
    for node in nodes {
        places.push((node.slug.clone(), format!("{}{}", "\u{3000}".repeat(depth), node.title)));
        listed(&node.below, depth + 1, places);
    }
}
