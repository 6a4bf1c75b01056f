//! The incidents room's door: the list, one incident with its timeline, how it stood at a second, and everything that is done there.
//!
//! A screen gets everything named and worked out; what a form says is read here, on the reader's clock. What was done leads back to the
//! screen by its address.

mod asked;
mod frozen;
mod looking;
mod moment;
pub mod names;
pub mod presence;
pub mod refusals;
pub mod shape;
mod story;

use crate::apis::Door;
use ::api::incidents::form::{
    DeclareForm, DeclareView, EditForm, FollowUpForm, FromAlert, GraphForm, IncidentTrouble, NoteForm, SplitForm, TaskForm,
    VisibilityForm,
};
use ::api::incidents::moment::{MomentAsk, MomentView};
use ::api::incidents::view::{IncidentAsk, IncidentView};
use ::api::incidents::{Belonging, IncidentBrief, IncidentList, IncidentQuery, IncidentsApi};
use ::api::{ApiError, Text};
use async_trait::async_trait;
use figures::{Locale, Zone};
use incidents::needs::GraphAsk;
use incidents::{
    Declaration, Edit, EntryId, Filter, FollowUpId, Incident, Incidents, Mark, NewFollowUp, NewTask, NewUpdate, Seen, SplitOrder,
    TaskId,
};
use kernel::Grant;
use model::access::{DeclareIncident, ReadConsole, WorkOnIncident};
use model::ids::{AlertId, IncidentId, PersonId};
use model::scheme::Scheme;
use model::{Actor, Role, Time, links};
use names::Names;
use refusals::shown;

/// Answers the screens of incidents.
pub struct Adapter(pub Door);

/// Points of a graph that is kept: as many as a wide screen has pixels for.
const POINTS: i64 = 600;
/// No step is finer.
const FINEST_MS: i64 = 5_000;
/// Incidents that go on and are named beside the form: it may be one of them.
const MOST_OPEN: i64 = 10;

#[async_trait]
impl IncidentsApi for Adapter {
    async fn list(&self, query: IncidentQuery) -> Result<IncidentList, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.listed(&query).await
    }

    async fn incident(&self, ask: IncidentAsk) -> Result<IncidentView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.detailed(&ask).await
    }

    async fn moment(&self, ask: MomentAsk) -> Result<MomentView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.pictured(&ask).await
    }

    async fn form(&self, alert: String) -> Result<DeclareView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.begun(&alert).await
    }

    async fn briefs(&self) -> Result<Vec<IncidentBrief>, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.brief().await
    }

    async fn of_alert(&self, alert: AlertId) -> Result<Belonging, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.belonging(alert).await
    }

    async fn declare(&self, draft: DeclareForm) -> Result<(), ApiError> {
        let grant = self.0.admit::<DeclareIncident>()?;
        let alerts: Vec<AlertId> = asked::alerts(&draft.alerts)?;
        let wanted: Declaration = self.wanted(&draft)?;
        let declared: Result<Incident, incidents::Error> = if alerts.is_empty() {
            self.room().declare(&grant, &wanted).await
        } else {
            self.room().declare_from_alerts(&grant, &alerts, &wanted).await
        };
        back(declared.map_err(shown)?.id, "declared");
        Ok(())
    }

    async fn act(&self, id: IncidentId, version: String, by: String, reason: String) -> Result<(), ApiError> {
        let grant = self.work()?;
        let seen = Seen { id, version: version.parse().ok() };
        self.room().act(&grant, seen, asked::by(&by)?, &reason).await.map_err(shown)?;
        back(id, &by);
        Ok(())
    }

    async fn set_level(&self, id: IncidentId, version: i64, code: String, reason: String) -> Result<(), ApiError> {
        let grant = self.work()?;
        self.room().set_level(&grant, seen(id, version), &code, &reason).await.map_err(shown)?;
        back(id, "level");
        Ok(())
    }

    async fn edit(&self, edit: EditForm) -> Result<(), ApiError> {
        let grant = self.work()?;
        let id = IncidentId(edit.id);
        let (team, systems) = (asked::team(&edit.team), asked::systems(&edit.systems));
        let wanted = Edit { title: edit.title, summary: edit.summary, team, systems };
        self.room().edit(&grant, seen(id, edit.version), &wanted).await.map_err(shown)?;
        back(id, "edited");
        Ok(())
    }

    async fn mark(&self, id: IncidentId, version: i64, mark: String, at: String) -> Result<(), ApiError> {
        let grant = self.work()?;
        let expected = "occurred, detected, scope, stop_gap, cause_sought, fixed or verified";
        let mark: Mark = Mark::from_word(&mark).ok_or_else(|| IncidentTrouble::Other.refused("mark", expected))?;
        let noted: Option<Time> = if at == "-" { None } else { self.moment_of(&at, "at")?.or_else(|| Some(self.now())) };
        self.room().mark(&grant, seen(id, version), mark, noted).await.map_err(shown)?;
        back(id, "marked");
        Ok(())
    }

    async fn assign(&self, id: IncidentId, version: i64, role: String, person: String) -> Result<(), ApiError> {
        let grant = self.work()?;
        let wanted: PersonId = asked::person(&person, "person")?.ok_or_else(nobody)?;
        self.room().assign(&grant, seen(id, version), asked::role(&role)?, wanted).await.map_err(shown)?;
        back(id, "role");
        Ok(())
    }

    async fn give_up(&self, id: IncidentId, version: i64, role: String, person: String) -> Result<(), ApiError> {
        let grant = self.work()?;
        let holder: PersonId = asked::person(&person, "person")?.ok_or_else(nobody)?;
        self.room().give_up(&grant, seen(id, version), asked::role(&role)?, holder).await.map_err(shown)?;
        back(id, "role");
        Ok(())
    }

    async fn note(&self, note: NoteForm) -> Result<(), ApiError> {
        let grant = self.work()?;
        let (id, at): (IncidentId, Option<Time>) = (IncidentId(note.id), self.moment_of(&note.at, "at")?);
        if let Ok(line) = note.corrects.parse::<i64>() {
            self.room().correct(&grant, id, EntryId(line), &note.text, at).await.map_err(shown)?;
            back(id, "corrected");
        } else {
            self.room().note(&grant, id, &note.text, at).await.map_err(shown)?;
            back(id, "noted");
        }
        Ok(())
    }

    async fn pin(&self, id: IncidentId, line: i64, is_pinned: bool) -> Result<(), ApiError> {
        let grant = self.work()?;
        if is_pinned {
            self.room().pin(&grant, id, EntryId(line)).await.map_err(shown)?;
        } else {
            self.room().unpin(&grant, id, EntryId(line)).await.map_err(shown)?;
        }
        Ok(())
    }

    async fn freeze(&self, graph: GraphForm) -> Result<(), ApiError> {
        let grant = self.work()?;
        let id = IncidentId(graph.id);
        let ask: GraphAsk = self.graph_ask(&graph)?;
        self.room().freeze_graph(&grant, id, &graph.title, &ask).await.map_err(shown)?;
        back(id, "frozen");
        Ok(())
    }

    async fn link(&self, id: IncidentId, alerts: String) -> Result<(), ApiError> {
        let grant = self.work()?;
        let alerts: Vec<AlertId> = asked::alerts(&alerts)?;
        if alerts.is_empty() {
            return Err(IncidentTrouble::NoAlerts.refused("alerts", "numbers of alerts such as A-12"));
        }
        self.room().link(&grant, id, &alerts).await.map_err(shown)?;
        back(id, "linked");
        Ok(())
    }

    async fn unlink(&self, id: IncidentId, alert: AlertId) -> Result<(), ApiError> {
        let grant = self.work()?;
        self.room().unlink(&grant, id, alert).await.map_err(shown)?;
        back(id, "unlinked");
        Ok(())
    }

    async fn post_update(&self, id: IncidentId, ja: String, en: String) -> Result<(), ApiError> {
        let grant = self.work()?;
        self.room().post_update(&grant, id, &NewUpdate { ja, en }).await.map_err(shown)?;
        back(id, "updated");
        Ok(())
    }

    async fn save_task(&self, task: TaskForm) -> Result<(), ApiError> {
        let grant = self.work()?;
        let id = IncidentId(task.id);
        let (owner, due_at) = (asked::person(&task.owner, "owner")?, self.moment_of(&task.due, "due")?);
        let new = NewTask { title: task.title, owner, due_at };
        match (task.number.parse::<i64>(), task.version.parse::<i64>()) {
            (Ok(number), Ok(version)) => {
                self.room().change_task(&grant, id, TaskId(number), version, &new).await.map_err(shown)?;
            }
            _ => {
                self.room().add_task(&grant, id, &new).await.map_err(shown)?;
            }
        }
        back(id, "task");
        Ok(())
    }

    async fn finish_task(&self, id: IncidentId, task: i64, is_done: bool) -> Result<(), ApiError> {
        let grant = self.work()?;
        self.room().finish_task(&grant, id, TaskId(task), is_done).await.map_err(shown)?;
        Ok(())
    }

    async fn save_follow_up(&self, wish: FollowUpForm) -> Result<(), ApiError> {
        let grant = self.work()?;
        let id = IncidentId(wish.id);
        let (owner, due_on) = (asked::person(&wish.owner, "owner")?, asked::date(&wish.due_on, "due_on")?);
        let url: Option<String> = Some(wish.url).filter(|url| !url.trim().is_empty());
        let new = NewFollowUp { title: wish.title, owner, due_on, url, ..NewFollowUp::default() };
        match (wish.number.parse::<i64>(), wish.version.parse::<i64>()) {
            (Ok(number), Ok(version)) => {
                self.room().change_follow_up(&grant, id, FollowUpId(number), version, &new).await.map_err(shown)?;
            }
            _ => {
                self.room().add_follow_up(&grant, id, &new).await.map_err(shown)?;
            }
        }
        back(id, "follow_up");
        Ok(())
    }

    async fn finish_follow_up(&self, id: IncidentId, follow_up: i64, is_done: bool) -> Result<(), ApiError> {
        let grant = self.work()?;
        self.room().finish_follow_up(&grant, id, FollowUpId(follow_up), is_done).await.map_err(shown)?;
        Ok(())
    }

    async fn no_follow_ups(&self, id: IncidentId, version: i64, none_needed: bool) -> Result<(), ApiError> {
        let grant = self.work()?;
        self.room().no_follow_ups(&grant, seen(id, version), none_needed).await.map_err(shown)?;
        back(id, "follow_up");
        Ok(())
    }

    async fn merge(&self, id: IncidentId, version: i64, into: String) -> Result<(), ApiError> {
        let grant = self.work()?;
        let whole: IncidentId = asked::incident(&into, "into")?;
        let merged: Result<Incident, incidents::Error> = self.room().merge(&grant, seen(id, version), whole).await;
        let merged: Incident = merged.map_err(|error| match error {
            incidents::Error::NotFound(lost) if lost == whole => {
                IncidentTrouble::NoIncident.refused("into", "the number of an incident that is there")
            }
            other => shown(other),
        })?;
        back(merged.id, "took");
        Ok(())
    }

    async fn unmerge(&self, id: IncidentId, version: i64) -> Result<(), ApiError> {
        let grant = self.work()?;
        self.room().unmerge(&grant, seen(id, version)).await.map_err(shown)?;
        back(id, "taken_out");
        Ok(())
    }

    async fn split(&self, split: SplitForm) -> Result<(), ApiError> {
        let grant = self.work()?;
        let order = SplitOrder {
            title: split.title,
            code: Some(split.code).filter(|code| !code.is_empty()),
            alerts: split.alerts.into_iter().map(AlertId).collect(),
            entries: split.lines.into_iter().map(EntryId).collect(),
        };
        let fresh = self.room().split(&grant, seen(IncidentId(split.id), split.version), &order).await.map_err(shown)?;
        back(fresh.id, "split");
        Ok(())
    }

    async fn follow(&self, id: IncidentId, wants: bool) -> Result<(), ApiError> {
        let grant = self.work()?;
        if wants {
            self.room().follow(&grant, id).await.map_err(shown)?;
        } else {
            self.room().unfollow(&grant, id).await.map_err(shown)?;
        }
        Ok(())
    }

    async fn set_visibility(&self, wish: VisibilityForm) -> Result<(), ApiError> {
        let grant = self.work()?;
        let insiders: Vec<PersonId> = wish.insiders.iter().filter_map(|id| id.parse::<PersonId>().ok()).collect();
        let id = IncidentId(wish.id);
        let is_private: bool = wish.is_private == "true";
        self.room().set_visibility(&grant, seen(id, wish.version), is_private, &insiders).await.map_err(shown)?;
        back(id, "visibility");
        Ok(())
    }

    async fn open_room(&self, id: IncidentId, version: i64) -> Result<(), ApiError> {
        let grant = self.work()?;
        self.room().open_room(&grant, seen(id, version)).await.map_err(shown)?;
        back(id, "room");
        Ok(())
    }
}

fn seen(id: IncidentId, version: i64) -> Seen {
    Seen { id, version: Some(version) }
}

/// Leads back to the incident, with word of what was done.
fn back(id: IncidentId, done: &str) {
    leptos_axum::redirect(&links::incident_done(id, done));
}

fn nobody() -> ApiError {
    IncidentTrouble::NoPerson.refused("person", "the id of somebody")
}

impl Adapter {
    fn room(&self) -> &Incidents {
        &self.0.house.incidents
    }

    fn actor(&self) -> Result<&Actor, ApiError> {
        self.0.visitor.actor.as_ref().ok_or(ApiError::SignedOut)
    }

    fn may(&self, role: Role) -> bool {
        self.0.visitor.viewer.may(role)
    }

    fn work(&self) -> Result<Grant<WorkOnIncident>, ApiError> {
        self.0.admit::<WorkOnIncident>()
    }

    fn moment_of(&self, text: &str, field: &str) -> Result<Option<Time>, ApiError> {
        let zone: &Zone = &self.0.visitor.viewer.zone;
        asked::moment(text, zone, field)
    }

    /// What a form declares.
    fn wanted(&self, draft: &DeclareForm) -> Result<Declaration, ApiError> {
        Ok(Declaration {
            title: draft.title.clone(),
            summary: draft.summary.clone(),
            code: Some(draft.code.clone()).filter(|code| !code.is_empty()),
            team: asked::team(&draft.team),
            systems: asked::systems(&draft.systems),
            is_private: draft.is_private == "true",
            occurred_at: self.moment_of(&draft.occurred, "occurred")?,
            takes_it: draft.takes_it == "true",
            title_in_english: self.0.visitor.viewer.locale == Locale::En,
            ..Declaration::default()
        })
    }

    fn graph_ask(&self, graph: &GraphForm) -> Result<GraphAsk, ApiError> {
        let now: Time = self.now();
        let until: Time = self.moment_of(&graph.until, "until")?.unwrap_or(now);
        let from: Time = self.moment_of(&graph.from, "from")?.unwrap_or(until.plus_ms(-3_600_000));
        let step_ms: i64 = (until.since(from) / POINTS).max(FINEST_MS);
        Ok(GraphAsk { query: graph.query.trim().to_owned(), from, until, step_ms })
    }

    /// The form, with what an alert says.
    async fn begun(&self, alert: &str) -> Result<DeclareView, ApiError> {
        let (actor, names): (&Actor, Names) = (self.actor()?, Names::of(&self.0).await?);
        let setup = self.room().setup().await.map_err(shown)?;
        let going_on = Filter { limit: MOST_OPEN, ..Filter::default() };
        let open: Vec<Incident> = self.room().list(actor, &going_on).await.map_err(shown)?;
        let mut form = DeclareForm { takes_it: "true".to_owned(), ..DeclareForm::default() };
        let mut from: Vec<FromAlert> = Vec::new();
        for id in asked::alerts(alert).unwrap_or_default() {
            from.extend(self.begun_by(actor, id, &setup.definition.scheme, &mut form).await?);
        }
        Ok(DeclareView {
            form,
            from,
            levels: shape::levels(&setup.definition.scheme),
            teams: names.teams(),
            open: open.into_iter().map(|incident| (incident.id, incident.title)).collect(),
            people: names.responders(),
            now: self.now(),
            can_declare: self.may(Role::Responder),
        })
    }

    /// An alert it is declared from: the first names it.
    async fn begun_by(
        &self,
        actor: &Actor,
        id: AlertId,
        scheme: &Scheme,
        form: &mut DeclareForm,
    ) -> Result<Option<FromAlert>, ApiError> {
        let found = self.0.house.alerting.alert(id).await.map_err(crate::apis::alerting::shown)?;
        let Some(found) = found else { return Ok(None) };
        let row = crate::apis::alerting::shape::row(found.row);
        let taken: Option<Incident> = self.room().of_alert(actor, id).await.map_err(shown)?;
        if form.title.is_empty() {
            form.title = row.name.read(self.0.visitor.viewer.locale).to_owned();
            form.code = scheme.level_of(row.severity).map(|level| level.code.to_string()).unwrap_or_default();
            form.occurred = self.wall(row.crossed_at);
        }
        if !form.alerts.is_empty() {
            form.alerts.push_str(", ");
        }
        form.alerts.push_str(&id.to_string());
        let name = Text { ja: row.summary.ja, en: row.summary.en };
        Ok(Some(FromAlert { id, name, taken: taken.map(|incident| incident.id) }))
    }

    /// A moment as a field has it, on the reader's clock.
    fn wall(&self, at: Time) -> String {
        crate::apis::oncall::asked::wall(self.0.visitor.viewer.zone.civil(at.0))
    }
}
