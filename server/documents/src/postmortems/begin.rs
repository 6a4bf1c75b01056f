//! A postmortem is begun: a page with the template, everything known filled in, and the graphs of the incident kept with it.

use crate::Documents;
use crate::error::Error;
use crate::pages::{Branch, Language, NewPage};
use crate::postmortems::graph::{self, Snapshot};
use crate::postmortems::looking::locked;
use crate::postmortems::needs::{Happened, Kept};
use crate::postmortems::pieces::{Pieces, Told};
use crate::postmortems::{Postmortem, Refused, SeenPostmortem, expand, history, template, work};
use crate::store;
use figures::Locale;
use kernel::{Grant, Tx};
use model::access::WriteDocuments;
use model::ids::{DocumentId, IncidentId};
use model::postmortem::{Act, Policy, State, Template};
use model::{Actor, Time};
use serde_json::json;

/// A page is labelled so, to be found among others.
const LABEL: &str = "postmortem";

impl Documents {
    /// Begins the postmortem of an incident, or gives the document of the one that was begun already.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::NotFrom`] where somebody said that none is needed: it is opened again first. Those of making a page. The
    /// database's, and the world's.
    pub async fn begin_postmortem(
        &self,
        grant: &Grant<WriteDocuments>,
        incident: IncidentId,
        template: Template,
        locale: Locale,
    ) -> Result<DocumentId, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let happened: Happened = self.must_have_happened(actor, incident).await?;
        let there: Option<DocumentId> = self.postmortem(actor, incident).await?.and_then(|found| found.doc);
        if let Some(doc) = there {
            return Ok(doc);
        }
        self.must_write_postmortem(actor, None).await?;
        let (pieces, graphs) = self.first_pieces(actor, &happened, locale).await?;
        let (_, policy): (i64, Policy) = self.postmortem_policy().await?;
        let mut tx: Tx = self.db.begin().await?;
        work::ensure_row(&mut tx, &happened, &policy, now).await?;
        let mut postmortem: Postmortem = locked(&mut tx, SeenPostmortem::any(incident)).await?;
        if let Some(doc) = postmortem.doc {
            return Ok(doc);
        }
        if postmortem.state == State::NotRequired {
            return Err(Refused::NotFrom { state: postmortem.state, act: Act::AskReview }.into());
        }
        postmortem.facets.owner = postmortem.facets.owner.or(happened.commander).or_else(|| actor.person_id());
        let new: NewPage =
            page(&postmortem, &happened, actor, written(template, &happened, &graphs, &pieces), (template, locale));
        let doc: DocumentId = self.make_page_in(&mut tx, new).await?;
        for graph in &graphs {
            store::postmortems::graphs::add(&mut tx, doc, graph).await?;
        }
        postmortem.doc = Some(doc);
        postmortem.template = template;
        postmortem.locale = locale;
        postmortem.version += 1;
        store::postmortems::rows::save(&mut tx, &postmortem).await?;
        let body = json!({ "document": doc, "template": template.as_str(), "locale": locale.as_str() });
        history::append(&mut tx, &happened, history::BEGUN, actor, now, body).await?;
        tx.commit().await?;
        Ok(doc)
    }

    /// What the template shows, and the graphs that come with it. Nothing is locked meanwhile.
    async fn first_pieces(&self, actor: &Actor, happened: &Happened, locale: Locale) -> Result<(Pieces, Vec<Snapshot>), Error> {
        let mut pieces: Pieces = Pieces::none(self.house_zone(), locale);
        let told: Told = self.told_of(actor, happened.clone(), "", locale).await?;
        pieces.incidents.insert(happened.id, told);
        let kept: Vec<Kept> = self.needs.postmortems.graphs(actor, happened.id).await?;
        let mut graphs: Vec<Snapshot> = Vec::new();
        for one in &kept {
            let taken: Snapshot = graph::snapshot(one, actor.name(), &pieces.zone, locale);
            if !graphs.iter().any(|known| known.id == taken.id) {
                graphs.push(taken);
            }
        }
        pieces.graphs = graphs.iter().map(|graph| (graph.id.clone(), graph.clone())).collect();
        Ok((pieces, graphs))
    }
}

/// The text as it begins: any viewer shows what was known then.
fn written(template: Template, happened: &Happened, graphs: &[Snapshot], pieces: &Pieces) -> String {
    let told: Option<&Told> = pieces.incidents.get(&happened.id);
    let has_stars: bool = told.is_some_and(|told| told.lines.iter().any(|line| line.is_starred));
    expand::fill(&template::text(template, happened, has_stars, graphs, pieces), pieces)
}

fn page(postmortem: &Postmortem, happened: &Happened, actor: &Actor, text: String, look: (Template, Locale)) -> NewPage {
    let title: String = template::title(happened, look.1);
    NewPage {
        text,
        language: match look.1 {
            Locale::Ja => Language::Ja,
            Locale::En => Language::En,
        },
        incident: Some(happened.id),
        template: Some(format!("postmortem/{}", look.0.as_str())),
        labels: vec![LABEL.to_owned()],
        owner_team: happened.team,
        owner_person: postmortem.facets.owner,
        // What happened does not become wrong with time.
        review_every_days: None,
        ..NewPage::new(Branch::Record.space(), &title, actor)
    }
}
