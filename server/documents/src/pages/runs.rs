//! A run: somebody works through a runbook. Its steps are frozen as they were when it began; who did each, and when, stands beside it. What is
//! done in an incident becomes a line of its timeline: written down with the step, and brought there as soon as that can be done.

use super::needs::RunLine;
use super::{PageRow, Refused, Right, history, rights};
use crate::Documents;
use crate::collab::Body;
use crate::error::Error;
use crate::markdown::{self, Step};
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::access::WriteDocuments;
use model::ids::{AlertId, DocumentId, IncidentId, PersonId, RunbookRunId};
use model::{Actor, Time};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Characters of a note beside a step, or of how it should be.
pub const MAX_NOTE: usize = 2_000;
/// Runs that one list shows.
pub const MOST_RUNS: i64 = 200;
/// Lines that are brought in one look.
const AT_ONCE: i64 = 50;
/// Between attempts: this long, and twice as long each time …
const FIRST_WAIT_MS: i64 = 1_000;
/// … up to this. It is never given up: what was done in an incident is told there in the end.
const MOST_WAIT_MS: i64 = 3_600_000;

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    Open,
    Done,
    /// Left out on purpose.
    Skipped,
}

impl Check {
    pub const ALL: [Self; 3] = [Self::Open, Self::Done, Self::Skipped];

    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Skipped => "skipped",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.as_str() == word)
    }
}

/// What came of a run, as whoever ended it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Worked,
    /// It was followed and did not help.
    Failed,
    /// It was not followed to its end.
    Stopped,
}

impl Outcome {
    pub const ALL: [Self; 3] = [Self::Worked, Self::Failed, Self::Stopped];

    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Worked => "worked",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// A step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunStep {
    /// From 1.
    pub n: i32,
    pub depth: i32,
    pub text: String,
    /// The heading it stood under then; empty: none.
    pub section: String,
    pub state: Check,
    pub note: String,
    pub by: Option<String>,
    pub person: Option<PersonId>,
    pub at: Option<Time>,
    /// How somebody says that it should be.
    pub wrong: Option<String>,
    pub wrong_by: Option<String>,
}

/// A runbook that somebody works through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub id: RunbookRunId,
    pub page: DocumentId,
    /// As the page was called then.
    pub title: String,
    /// As of which change of the text.
    pub body_seq: i64,
    pub incident: Option<IncidentId>,
    pub alert: Option<AlertId>,
    pub began_by: String,
    pub began_person: Option<PersonId>,
    pub began_at: Time,
    pub ended_at: Option<Time>,
    pub ended_by: Option<String>,
    /// `None`: it goes on, or ended before anybody was asked.
    pub outcome: Option<Outcome>,
    /// Why, in the words of whoever ended it.
    pub outcome_note: String,
    pub steps: Vec<RunStep>,
}

impl Run {
    /// How many steps are not open, of how many.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.steps.iter().filter(|step| step.state != Check::Open).count(), self.steps.len())
    }
}

impl Documents {
    /// Begins to work through a page, in an incident or for an alert if one is named.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::NoSteps`], [`Refused::Unknown`] for an incident that is not there. The database's, and the world's.
    pub async fn begin_run(
        &self,
        grant: &Grant<WriteDocuments>,
        page: DocumentId,
        incident: Option<IncidentId>,
        alert: Option<AlertId>,
    ) -> Result<RunbookRunId, Error> {
        let actor: &Actor = grant.actor();
        let page: PageRow = self.page_for(actor, page, Right::Read).await?;
        self.must_know(actor, incident).await?;
        let body: Body = self.text(page.id).await?;
        let steps: Vec<Step> = markdown::steps(&body.text);
        if steps.is_empty() {
            return Err(Refused::NoSteps.into());
        }
        let now: Time = self.clock.now();
        let mut run: Run = begun(&page, body.seq, incident, alert, actor, now);
        let mut tx: Tx = self.db.begin().await?;
        run.id = store::runs::add(&mut tx, &run, &steps).await?;
        // Not everybody who reads this may know of the incident.
        let more: Value = json!({ "run": run.id, "alert": alert });
        history::append(&mut tx, &page, history::RUN_BEGUN, actor, now, more).await?;
        self.line(&mut tx, &run, &page, actor, ("began", json!({ "of": steps.len() })), now).await?;
        tx.commit().await?;
        self.tell_lines_now(now).await;
        Ok(run.id)
    }

    /// Whoever names an incident that is not there hears so: their steps would stand in no timeline.
    async fn must_know(&self, actor: &Actor, incident: Option<IncidentId>) -> Result<(), Error> {
        match incident {
            Some(id) if self.seen(actor, incident).await?.is_none() => {
                Err(Refused::Unknown { what: "the incident", given: id.to_string(), expected: "one that is there" }.into())
            }
            _ => Ok(()),
        }
    }

    /// An incident that an actor may know of; one they may not know of is as good as none.
    async fn seen(&self, actor: &Actor, incident: Option<IncidentId>) -> Result<Option<IncidentId>, Error> {
        match incident {
            Some(incident) if self.needs.pages.sees_incident(actor, incident).await? => Ok(Some(incident)),
            _ => Ok(None),
        }
    }

    /// Says how a step stands. `false` when it stands so already.
    ///
    /// # Errors
    /// [`Refused::NoRun`], [`Refused::NoStep`], [`Refused::RunOver`], [`Refused::Large`]. The database's, and the world's.
    pub async fn check_step(
        &self,
        grant: &Grant<WriteDocuments>,
        run: RunbookRunId,
        n: i32,
        state: Check,
        note: &str,
    ) -> Result<bool, Error> {
        let note: String = at_most("the note", note)?;
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let page: PageRow = self.page_of_run(actor, run).await?;
        let mut tx: Tx = self.db.begin().await?;
        let found: Run = open_run(&mut tx, run).await?;
        let before: &RunStep = found.steps.iter().find(|step| step.n == n).ok_or(Refused::NoStep { run, n })?;
        if before.state == state && before.note == note {
            return Ok(false);
        }
        let is_open: bool = state == Check::Open;
        let step: RunStep = RunStep {
            state,
            note,
            by: (!is_open).then(|| actor.name().to_owned()),
            person: actor.person_id().filter(|_| !is_open),
            at: (!is_open).then_some(now),
            ..before.clone()
        };
        store::runs::check(&mut tx, run, &step).await?;
        let more: Value = json!({ "run": run, "n": n, "of": found.steps.len(), "text": step.text, "note": step.note });
        let mut said: Value = more.clone();
        said["state"] = json!(state.as_str());
        history::append(&mut tx, &page, history::RUN_STEP, actor, now, said).await?;
        let mut line: Value = more;
        line["is_note"] = json!(before.state == state);
        self.line(&mut tx, &found, &page, actor, (state.as_str(), line), now).await?;
        tx.commit().await?;
        self.tell_lines_now(now).await;
        Ok(true)
    }

    /// Says that a step is wrong and how it should be: whoever answers for the page has to look.
    ///
    /// # Errors
    /// [`Refused::NoRun`], [`Refused::NoStep`], [`Refused::Empty`], [`Refused::Large`]. The database's, and the world's.
    pub async fn step_was_wrong(
        &self,
        grant: &Grant<WriteDocuments>,
        run: RunbookRunId,
        n: i32,
        instead: &str,
    ) -> Result<(), Error> {
        let instead: String = super::tree::bounded("how it should be", instead, MAX_NOTE)?;
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let page: PageRow = self.page_of_run(actor, run).await?;
        let mut tx: Tx = self.db.begin().await?;
        let found: Run = store::runs::lock(&mut tx, run).await?.ok_or(Refused::NoRun(run))?;
        let before: &RunStep = found.steps.iter().find(|step| step.n == n).ok_or(Refused::NoStep { run, n })?;
        let step: RunStep = RunStep { wrong: Some(instead.clone()), wrong_by: Some(actor.name().to_owned()), ..before.clone() };
        store::runs::check(&mut tx, run, &step).await?;
        let why: Value = json!({ "what": "step", "run": run, "n": n, "text": step.text, "instead": instead });
        history::append(&mut tx, &page, history::STEP_WRONG, actor, now, why.clone()).await?;
        self.must_review(&mut tx, &page, &why, actor, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says that a run is over and what came of it, whatever its steps are. `false` when it was over already.
    ///
    /// # Errors
    /// [`Refused::NoRun`], [`Refused::Large`]. The database's, and the world's.
    pub async fn end_run(
        &self,
        grant: &Grant<WriteDocuments>,
        run: RunbookRunId,
        outcome: Outcome,
        note: &str,
    ) -> Result<bool, Error> {
        let note: String = at_most("the note", note)?;
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let page: PageRow = self.page_of_run(actor, run).await?;
        let mut tx: Tx = self.db.begin().await?;
        let found: Run = store::runs::lock(&mut tx, run).await?.ok_or(Refused::NoRun(run))?;
        if found.ended_at.is_some() {
            return Ok(false);
        }
        store::runs::end(&mut tx, run, actor.name(), (outcome, note.as_str()), now).await?;
        let (n_done, n): (usize, usize) = found.progress();
        let more: Value = json!({ "run": run, "n": n_done, "of": n, "outcome": outcome.as_str(), "note": note });
        history::append(&mut tx, &page, history::RUN_ENDED, actor, now, more.clone()).await?;
        self.line(&mut tx, &found, &page, actor, ("ended", more), now).await?;
        tx.commit().await?;
        self.tell_lines_now(now).await;
        Ok(true)
    }

    /// An incident was declared after the run had begun: from now on its steps stand there.
    ///
    /// # Errors
    /// [`Refused::NoRun`], also when it belongs to one already, [`Refused::Unknown`] for an incident that is not there. The database's, and the world's.
    pub async fn tie_run(&self, grant: &Grant<WriteDocuments>, run: RunbookRunId, incident: IncidentId) -> Result<(), Error> {
        let page: PageRow = self.page_of_run(grant.actor(), run).await?;
        self.must_know(grant.actor(), Some(incident)).await?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        if !store::runs::tie(&mut tx, run, incident).await? {
            return Err(Refused::NoRun(run).into());
        }
        let more: Value = json!({ "run": run, "what": "tied" });
        history::append(&mut tx, &page, history::RUN_BEGUN, grant.actor(), now, more).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A run with its steps, for those who may read its page and know of its incident: its notes tell of that.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn run_of_runbook(&self, actor: &Actor, id: RunbookRunId) -> Result<Option<Run>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let found: Option<Run> = store::runs::one(&mut tx, id).await?;
        drop(tx);
        let Some(run) = found else {
            return Ok(None);
        };
        if self.right_of(actor, run.page).await? < Right::Read {
            return Ok(None);
        }
        let is_known: bool = self.seen(actor, run.incident).await? == run.incident;
        Ok(is_known.then_some(run))
    }

    /// Runs of a page, of an incident or of an alert, the newest first, as far as an actor may read their pages and know of their incidents.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn runs(
        &self,
        actor: &Actor,
        page: Option<DocumentId>,
        incident: Option<IncidentId>,
        alert: Option<AlertId>,
    ) -> Result<Vec<Run>, Error> {
        if self.seen(actor, incident).await? != incident {
            return Ok(Vec::new());
        }
        let mut tx: Tx = self.db.begin().await?;
        let found: Vec<Run> = store::runs::list(&mut tx, page, incident, alert, MOST_RUNS).await?;
        drop(tx);
        // Most are of one page, or of one incident: each is asked for once.
        let mut rights: HashMap<DocumentId, Right> = HashMap::new();
        let mut known: HashMap<Option<IncidentId>, bool> = HashMap::new();
        let mut runs: Vec<Run> = Vec::with_capacity(found.len());
        for run in found {
            if let Entry::Vacant(unasked) = rights.entry(run.page) {
                unasked.insert(self.right_of(actor, run.page).await?);
            }
            if let Entry::Vacant(unasked) = known.entry(run.incident) {
                unasked.insert(self.seen(actor, run.incident).await? == run.incident);
            }
            let may_read: bool = rights.get(&run.page).is_some_and(|right| *right >= Right::Read);
            if may_read && known.get(&run.incident) == Some(&true) {
                runs.push(run);
            }
        }
        Ok(runs)
    }

    async fn page_of_run(&self, actor: &Actor, id: RunbookRunId) -> Result<PageRow, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let run: Run = store::runs::one(&mut tx, id).await?.ok_or(Refused::NoRun(id))?;
        drop(tx);
        if self.seen(actor, run.incident).await? != run.incident {
            return Err(Refused::NoRun(id).into());
        }
        match self.page_for(actor, run.page, Right::Read).await {
            Err(Error::Pages(Refused::NotFound(_))) => Err(Refused::NoRun(id).into()),
            other => other,
        }
    }

    /// What is to stand in the timeline of the incident, if the run is of one.
    async fn line(
        &self,
        tx: &mut Tx,
        run: &Run,
        page: &PageRow,
        actor: &Actor,
        (what, more): (&str, Value),
        now: Time,
    ) -> Result<(), Error> {
        let Some(incident) = run.incident else {
            return Ok(());
        };
        // Whoever sees the incident may not read the page: then the timeline says what somebody did, and not what the page says.
        let is_closed: bool = rights::is_closed(tx, page).await?;
        let (slug, title): (String, String) =
            if is_closed { (page.id.to_string(), run.id.to_string()) } else { (page.slug.clone(), run.title.clone()) };
        let mut body: Value = json!({ "what": what, "run": run.id, "page": page.id, "slug": slug, "title": title });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        if is_closed && let Some(body) = body.as_object_mut() {
            body.remove("text");
        }
        let key: String = format!("{}/{what}/{}/{}", run.id, body["n"], now.0);
        let line: RunLine = RunLine { key, incident, run: run.id, actor: actor.clone(), body, at: now };
        store::lines::add(tx, &line).await
    }

    /// Brings what waits to its incident now; what fails is tried again by the background work.
    async fn tell_lines_now(&self, now: Time) {
        if let Err(error) = self.tell_lines(now).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a step is not in the timeline of its incident yet");
        }
    }

    pub(crate) async fn tell_lines(&self, now: Time) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        for due in store::lines::due(&mut tx, now, AT_ONCE).await? {
            match self.needs.pages.write_line(&due.line).await {
                Ok(()) => store::lines::told(&mut tx, due.id, now).await?,
                Err(error) => {
                    tracing::warn!(%error, key = due.line.key, "a line could not be written into the timeline of an incident");
                    store::lines::failed(&mut tx, due.id, next(due.attempts, now)).await?;
                }
            }
        }
        tx.commit().await?;
        Ok(())
    }
}

/// When a line that failed so often is tried again.
fn next(attempts: i32, now: Time) -> Time {
    let doubled: i64 = FIRST_WAIT_MS << attempts.clamp(0, 20);
    now.plus_ms(doubled.min(MOST_WAIT_MS))
}

fn begun(page: &PageRow, body_seq: i64, incident: Option<IncidentId>, alert: Option<AlertId>, actor: &Actor, now: Time) -> Run {
    Run {
        // Given by the table.
        id: RunbookRunId(0),
        page: page.id,
        title: page.title.clone(),
        body_seq,
        incident,
        alert,
        began_by: actor.name().to_owned(),
        began_person: actor.person_id(),
        began_at: now,
        ended_at: None,
        ended_by: None,
        outcome: None,
        outcome_note: String::new(),
        steps: Vec::new(),
    }
}

async fn open_run(tx: &mut Tx, id: RunbookRunId) -> Result<Run, Error> {
    let run: Run = store::runs::lock(tx, id).await?.ok_or(Refused::NoRun(id))?;
    match run.ended_at {
        Some(_) => Err(Refused::RunOver { run: id }.into()),
        None => Ok(run),
    }
}

fn at_most(what: &'static str, text: &str) -> Result<String, Refused> {
    let text: &str = text.trim();
    let n: usize = text.chars().count();
    if n > MAX_NOTE { Err(Refused::Large { what, n, max: MAX_NOTE }) } else { Ok(text.to_owned()) }
}
