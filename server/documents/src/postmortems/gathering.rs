//! Fetches what the directives of a text show, with the eyes of whoever reads it.
//!
//! A postmortem may tell of other incidents too. What is written into its text can be read by everybody who may read that, so when it is
//! published another incident is told only when it is private to nobody.

use crate::Documents;
use crate::error::Error;
use crate::pages::runs::{Check, Run};
use crate::pages::{Right, rights};
use crate::postmortems::Postmortem;
use crate::postmortems::directives::{self, Directive};
use crate::postmortems::graph::Snapshot;
use crate::postmortems::needs::Happened;
use crate::postmortems::pieces::{Pieces, Told, flat};
use crate::store;
use figures::{Locale, Zone};
use kernel::Tx;
use model::ids::{DocumentId, IncidentId, RunbookRunId};
use model::postmortem::State;
use model::{Actor, Time};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Incidents and checklists that one text tells of, at most; more are code.
const MOST_TOLD: usize = 20;

/// For whom a text is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum For {
    /// Whoever looks at it now.
    Reader,
    /// Everybody who may read the text.
    Everybody,
}

impl Documents {
    /// What the directives of a document's text show to an actor. Give it to `markdown::render` as the surroundings.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn pieces(&self, actor: &Actor, doc: DocumentId, text: &str, locale: Locale) -> Result<Pieces, Error> {
        let postmortem: Option<Postmortem> = self.postmortem_of(actor, doc).await?;
        self.gathered(actor, doc, postmortem.as_ref(), text, locale, For::Reader).await
    }

    pub(crate) async fn gathered(
        &self,
        actor: &Actor,
        doc: DocumentId,
        postmortem: Option<&Postmortem>,
        text: &str,
        locale: Locale,
        for_whom: For,
    ) -> Result<Pieces, Error> {
        let wanted: Vec<Directive> = directives::directives(text);
        let own: Option<IncidentId> = postmortem.map(|postmortem| postmortem.incident);
        let incidents: BTreeSet<IncidentId> = wanted.iter().filter_map(Directive::incident).take(MOST_TOLD).collect();
        let is_live: bool = postmortem.is_some_and(|postmortem| postmortem.state != State::Published);
        let mut pieces = Pieces { is_live, ..Pieces::none(self.house_zone(), locale) };
        let ids: Vec<IncidentId> = incidents.into_iter().collect();
        for happened in self.needs.postmortems.happened(actor, &ids).await? {
            if is_told(&happened, own, for_whom) {
                let scope: &str =
                    postmortem.filter(|known| known.incident == happened.id).map_or("", |known| known.facets.scope.as_str());
                let told: Told = self.told_of(actor, happened, scope, locale).await?;
                pieces.incidents.insert(told.happened.id, told);
            }
        }
        self.gather_graphs(doc, &wanted, &mut pieces).await?;
        self.gather_runs(actor, &wanted, (own, for_whom), &mut pieces).await?;
        Ok(pieces)
    }

    /// An incident with its lines and follow-ups.
    pub(crate) async fn told_of(&self, actor: &Actor, happened: Happened, scope: &str, locale: Locale) -> Result<Told, Error> {
        let world = &self.needs.postmortems;
        Ok(Told {
            lines: world.lines(actor, happened.id, locale).await?,
            actions: world.actions(actor, happened.id).await?,
            scope: scope.to_owned(),
            happened,
        })
    }

    async fn gather_graphs(&self, doc: DocumentId, wanted: &[Directive], pieces: &mut Pieces) -> Result<(), Error> {
        let ids: Vec<String> = wanted
            .iter()
            .filter_map(|directive| match directive {
                Directive::Graph(id) => Some(id.clone()),
                _ => None,
            })
            .collect();
        if ids.is_empty() {
            return Ok(());
        }
        let mut tx: Tx = self.db.begin().await?;
        let found: Vec<Snapshot> = store::postmortems::graphs::of(&mut tx, doc, &ids).await?;
        pieces.graphs = found.into_iter().map(|graph| (graph.id.clone(), graph)).collect();
        Ok(())
    }

    async fn gather_runs(
        &self,
        actor: &Actor,
        wanted: &[Directive],
        told: (Option<IncidentId>, For),
        pieces: &mut Pieces,
    ) -> Result<(), Error> {
        let runs = wanted.iter().filter_map(|directive| match directive {
            Directive::Checklist(run) => Some(*run),
            _ => None,
        });
        let runs: Vec<RunbookRunId> = runs.take(MOST_TOLD).collect();
        for run in runs {
            if let Some(found) = self.readable_run(actor, run, told).await? {
                let list: String = checked_off(&found, pieces);
                pieces.runs.insert(run.0, list);
            }
        }
        Ok(())
    }

    /// A run whose runbook the actor may read, and everybody may where it is written into a text. What was noted in an incident is told as the
    /// incident itself is.
    async fn readable_run(
        &self,
        actor: &Actor,
        id: RunbookRunId,
        (own, for_whom): (Option<IncidentId>, For),
    ) -> Result<Option<Run>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let Some(run) = store::pages::runs::one(&mut tx, id).await? else {
            return Ok(None);
        };
        drop(tx);
        if self.right_of(actor, run.page).await? < Right::Read {
            return Ok(None);
        }
        if let Some(incident) = run.incident {
            let happened: Option<Happened> = self.happened(actor, incident).await?;
            if happened.is_none_or(|happened| !is_told(&happened, own, for_whom)) {
                return Ok(None);
            }
        }
        let is_told: bool = for_whom == For::Reader || self.is_open_to_everybody(run.page).await?;
        Ok(Some(run).filter(|_| is_told))
    }

    /// Whether a page is there and nothing keeps it from anybody: no rights of its own, no incident, no space.
    async fn is_open_to_everybody(&self, id: DocumentId) -> Result<bool, Error> {
        let mut tx: Tx = self.db.begin().await?;
        match store::pages::rows::one(&mut tx, id).await? {
            Some(page) => Ok(!rights::is_closed(&mut tx, &page).await?),
            None => Ok(false),
        }
    }

    /// The zone in which the house tells times now.
    pub(crate) fn house_zone(&self) -> Zone {
        let now: Time = self.clock.now();
        self.needs.postmortems.zone(now)
    }
}

/// Whether an incident that the actor may know of is told: to everybody only when it is private to nobody, or the one that the text is about.
fn is_told(happened: &Happened, own: Option<IncidentId>, for_whom: For) -> bool {
    for_whom == For::Reader || !happened.is_private || Some(happened.id) == own
}

/// The steps of a run: what was done, by whom and when.
fn checked_off(run: &Run, pieces: &Pieces) -> String {
    let mut written: String = format!("**{}**\n\n", flat(&run.title));
    for step in &run.steps {
        let mark: &str = if matches!(step.state, Check::Done) { "x" } else { " " };
        let told: Vec<String> = [step.by.clone(), step.at.map(|at| pieces.moment(at)), Some(flat(&step.note))]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        let text: String = match step.state {
            Check::Skipped => format!("~~{}~~", flat(&step.text)),
            Check::Done | Check::Open => flat(&step.text),
        };
        let behind: String = match (told.is_empty(), pieces.locale) {
            (true, _) => String::new(),
            (false, Locale::Ja) => format!("（{}）", told.join("、")),
            (false, Locale::En) => format!(" ({})", told.join(", ")),
        };
        // Writing into a String can't fail.
        let _ = writeln!(written, "- [{mark}] {text}{behind}");
    }
    written
}
