//! Runbooks where they are needed: beside an alert, and as they are worked through.

use super::one::Known;
use super::refusals::shown;
use super::shape::{self, count};
use super::{Adapter, asked};
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::documents::form::DocumentTrouble;
use ::api::documents::run::{CheckView, RunAsk, RunView, StepView};
use ::api::documents::view::{GuidanceView, GuideView, RunBrief};
use documents::markdown::{self, Step};
use documents::pages::PageRow;
use documents::pages::runbooks::Runbook;
use documents::pages::runs::{Check, Run, RunStep};
use model::Actor;
use model::ids::{AlertId, RunbookRunId};

/// Steps that stand beside an alert.
const MOST_STEPS: usize = 8;
/// Other runs that are named.
const MOST_RUNS: usize = 20;
/// Steps are set in no further.
const DEEPEST: i32 = 5;

impl Adapter {
    /// What an alert has for guidance.
    pub(super) async fn guided(&self, alert: AlertId) -> Result<GuidanceView, ApiError> {
        let actor: &Actor = self.actor()?;
        let found = self.0.house.alerting.alert(alert).await.map_err(|error| unavailable(&error))?;
        let row = found.ok_or_else(|| ApiError::NotFound { what: format!("alert {alert}") })?.row;
        let named: &str = row.labels.get("alertname");
        let alertname: String = if named.is_empty() { row.rule_id.0.clone() } else { named.to_owned() };
        let (page, may_make): (Option<PageRow>, bool) = match self.room().runbook(actor, &alertname).await.map_err(shown)? {
            Runbook::Pages(pages) => (pages.into_iter().next(), false),
            Runbook::None { may_make } => (None, may_make),
        };
        let guide: Option<GuideView> = match page {
            Some(page) => Some(self.guide(actor, &page, alert).await?),
            None => None,
        };
        Ok(GuidanceView { alertname, guide, can_make: may_make && self.can_write(), can_run: self.can_write() })
    }

    async fn guide(&self, actor: &Actor, page: &PageRow, alert: AlertId) -> Result<GuideView, ApiError> {
        let steps: Vec<Step> = markdown::steps(&page.body);
        let runs: Vec<Run> = self.room().runs(actor, Some(page.id), None, Some(alert)).await.map_err(shown)?;
        let run: Option<RunBrief> = runs.iter().find(|run| run.ended_at.is_none()).map(|run| shape::run(run, &page.slug));
        Ok(GuideView {
            slug: page.slug.clone(),
            title: page.title.clone(),
            standing: shape::standing(page.standing(self.now())),
            n_steps: count(steps.len()),
            steps: steps.into_iter().take(MOST_STEPS).map(|step| step.text).collect(),
            run,
        })
    }

    /// A run, or what would be begun.
    pub(super) async fn worked_through(&self, ask: &RunAsk) -> Result<RunView, ApiError> {
        let known: Known = self.known(&ask.id).await?;
        let (actor, page): (&Actor, &PageRow) = (self.actor()?, &known.page);
        let run: Option<Run> = self.asked_run(actor, &ask.run, page).await?;
        let steps: Vec<StepView> = match &run {
            Some(run) => run.steps.iter().map(step).collect(),
            None => (1..).zip(markdown::steps(&page.body)).map(|(n, step)| open_step(n, step)).collect(),
        };
        let others: Vec<Run> = self.room().runs(actor, Some(page.id), None, None).await.map_err(shown)?;
        let is_other = |other: &&Run| run.as_ref().is_none_or(|run| run.id != other.id);
        let others: Vec<RunBrief> =
            others.iter().filter(is_other).take(MOST_RUNS).map(|run| shape::run(run, &page.slug)).collect();
        let (incident, alert) = (asked::incident(&ask.incident)?, asked::alert(&ask.alert)?);
        Ok(RunView {
            is_older: run.as_ref().is_some_and(|run| run.ended_at.is_none() && run.body_seq < page.body_seq),
            run: run.as_ref().map(|run| shape::run(run, &page.slug)),
            steps,
            others,
            incident: incident.map(|id| id.to_string()).unwrap_or_default(),
            alert: alert.map(|id| id.to_string()).unwrap_or_default(),
            can_work: self.can_write() && page.trashed_at.is_none(),
            head: known.head,
        })
    }

    async fn asked_run(&self, actor: &Actor, text: &str, page: &PageRow) -> Result<Option<Run>, ApiError> {
        if text.is_empty() {
            return Ok(None);
        }
        let lost = || ApiError::NotFound { what: format!("run {text}") };
        let id: RunbookRunId = text.parse().map_err(|_| DocumentTrouble::Gone.refused("run", "a run such as RUN-7"))?;
        let run: Option<Run> = self.room().run_of_runbook(actor, id).await.map_err(shown)?;
        run.filter(|run| run.page == page.id).map(Some).ok_or_else(lost)
    }
}

fn step(step: &RunStep) -> StepView {
    StepView {
        n: step.n,
        depth: u8::try_from(step.depth.clamp(0, DEEPEST)).unwrap_or_default(),
        text: step.text.clone(),
        section: step.section.clone(),
        state: match step.state {
            Check::Open => CheckView::Open,
            Check::Done => CheckView::Done,
            Check::Skipped => CheckView::Skipped,
        },
        note: step.note.clone(),
        by: step.by.clone(),
        at: step.at,
        wrong: step.wrong.clone().map(|instead| (instead, step.wrong_by.clone().unwrap_or_default())),
    }
}

fn open_step(n: i32, step: Step) -> StepView {
    StepView {
        n,
        depth: u8::try_from(step.depth).unwrap_or(u8::MAX),
        text: step.text,
        section: step.section,
        state: CheckView::Open,
        note: String::new(),
        by: None,
        at: None,
        wrong: None,
    }
}
