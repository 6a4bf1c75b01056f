//! The list, what Now shows, and one incident with all that belongs to it.

use super::Adapter;
use super::asked;
use super::names::Names;
use super::refusals::shown;
use super::shape::{self, count};
use super::story;
use crate::apis::alerting::rows;
use crate::apis::postmortems;
use crate::house_error::unavailable;
use ::api::incidents::line::StoryView;
use ::api::incidents::view::{AudienceView, ChoicesView, IncidentAsk, IncidentView, KinView, LinkedView, RoomView};
use ::api::incidents::{ClockView, IncidentBrief, IncidentLine, IncidentList, IncidentQuery, WaitingView};
use ::api::{ApiError, Text};
use figures::Locale;
use futures::future::join_all;
use incidents::{Detail, Filter, Incident, LinkedAlert, Show};
use model::alert::AlertState;
use model::ids::{AlertId, IncidentId};
use model::incident::steps::{self, Postmortem};
use model::{Actor, Role, Severity, Time};

/// Incidents that go on and are listed; there are never more.
const MOST_OPEN: i64 = 200;
/// Those whose clocks and steps are looked for: each is asked for by itself.
const LOOKED_INTO: usize = 20;
/// Others of one screenful.
const A_SCREENFUL: i64 = 100;
/// On Now.
const MOST_BRIEFS: usize = 5;
/// Incidents that could take this one, as a form offers them.
const MOST_KIN: i64 = 50;
/// A postmortem is expected this long after it was over.
const POSTMORTEM_MS: i64 = 7 * 86_400_000;
/// Alerts of one incident that are shown; the timeline tells of all.
const MOST_ALERTS: usize = 50;

impl Adapter {
    /// The list.
    pub(super) async fn listed(&self, query: &IncidentQuery) -> Result<IncidentList, ApiError> {
        let (actor, names): (&Actor, Names) = (self.actor()?, Names::of(&self.0).await?);
        let filter: Filter = self.filter(query);
        let is_first: bool = query.before.is_none() && query.show.is_empty();
        let open: Vec<Incident> = if is_first { self.open(actor, &filter).await? } else { Vec::new() };
        let wanted = Filter { limit: A_SCREENFUL, ..filter.clone() };
        let (mut found, mut total) = self.room().list_counted(actor, &wanted).await.map_err(shown)?;
        let full: bool = i64::try_from(found.len()).is_ok_and(|n| n == A_SCREENFUL);
        let more: Option<i64> = found.last().map(|last| last.id.0).filter(|_| full);
        if query.show.is_empty() {
            // They stand above, whatever their numbers are.
            found.retain(|incident| !incident.status.is_open());
            let going_on = Filter { show: Show::Open, limit: 1, before: None, ..filter.clone() };
            total -= self.room().list_counted(actor, &going_on).await.map_err(shown)?.1;
        }
        let waiting: Vec<WaitingView> = if is_first { self.waiting(actor, &filter, &names).await? } else { Vec::new() };
        Ok(IncidentList {
            open: self.looked_into(actor, &open, &names).await?,
            waiting,
            others: found.iter().map(|incident| shape::line(incident, &names)).collect(),
            total: u32::try_from(total.max(0)).unwrap_or(u32::MAX),
            more,
            teams: names.teams(),
            now: self.now(),
            can_declare: self.may(Role::Responder),
        })
    }

    fn filter(&self, query: &IncidentQuery) -> Filter {
        let zone = &self.0.visitor.viewer.zone;
        Filter {
            show: Show::from_word(&query.show).unwrap_or(Show::All),
            severity: Severity::from_word(&query.severity),
            team: asked::team(&query.team),
            system: Some(query.system.trim().to_owned()).filter(|system| !system.is_empty()),
            person: None,
            search: query.q.clone(),
            from: asked::day(&query.from, zone),
            until: asked::day_after(&query.until, zone),
            before: query.before.map(IncidentId),
            limit: A_SCREENFUL,
        }
    }

    async fn open(&self, actor: &Actor, filter: &Filter) -> Result<Vec<Incident>, ApiError> {
        let filter = Filter { show: Show::Open, limit: MOST_OPEN, before: None, ..filter.clone() };
        let mut open: Vec<Incident> = self.room().list(actor, &filter).await.map_err(shown)?;
        shape::by_urgency(&mut open);
        Ok(open)
    }

    /// Everything about the first of some incidents, asked for together.
    async fn details(&self, actor: &Actor, of: &[Incident]) -> Vec<Result<Option<Detail>, incidents::Error>> {
        let ids: Vec<IncidentId> = of.iter().take(LOOKED_INTO).map(|incident| incident.id).collect();
        let asked: Vec<_> = ids.into_iter().map(|id| self.room().detail(actor, id)).collect();
        join_all(asked).await
    }

    /// Lines with their clocks and steps, as far as those are looked for.
    async fn looked_into(&self, actor: &Actor, open: &[Incident], names: &Names) -> Result<Vec<IncidentLine>, ApiError> {
        let details = self.details(actor, open).await;
        let mut lines: Vec<IncidentLine> = open.iter().map(|incident| shape::line(incident, names)).collect();
        for (line, detail) in lines.iter_mut().zip(details) {
            if let Some(detail) = detail.map_err(shown)? {
                look_into(line, &detail);
            }
        }
        Ok(lines)
    }

    /// Those over that wait for their postmortem, of the selection.
    async fn waiting(&self, actor: &Actor, filter: &Filter, names: &Names) -> Result<Vec<WaitingView>, ApiError> {
        let filter = Filter { show: Show::Resolved, limit: MOST_OPEN, before: None, ..filter.clone() };
        let mut over: Vec<Incident> = self.room().list(actor, &filter).await.map_err(shown)?;
        over.retain(shape::may_wait);
        over.sort_by_key(|incident| incident.resolved_at);
        over.truncate(LOOKED_INTO);
        let details = self.details(actor, &over).await;
        let mut waiting: Vec<WaitingView> = Vec::new();
        for (incident, detail) in over.iter().zip(details) {
            let postmortem: Option<Postmortem> = detail.map_err(shown)?.map(|detail| detail.facts.postmortem);
            if matches!(postmortem, None | Some(Postmortem::Published { .. })) {
                continue;
            }
            waiting.push(WaitingView {
                line: shape::line(incident, names),
                due_at: self.postmortem_due(actor, incident).await?,
                has_draft: postmortem == Some(Postmortem::Draft),
            });
        }
        Ok(waiting)
    }

    /// Until when its postmortem is expected: what was said of it, else what is usual.
    async fn postmortem_due(&self, actor: &Actor, incident: &Incident) -> Result<Time, ApiError> {
        let found = self.0.house.documents.postmortem(actor, incident.id).await.map_err(postmortems::refusals::shown)?;
        let usual: Time = incident.resolved_at.unwrap_or(incident.declared_at).plus_ms(POSTMORTEM_MS);
        Ok(found.and_then(|postmortem| postmortem.facets.due_at).unwrap_or(usual))
    }

    /// Those that go on, for Now.
    pub(super) async fn brief(&self) -> Result<Vec<IncidentBrief>, ApiError> {
        let actor: &Actor = self.actor()?;
        let everything = Filter { limit: MOST_OPEN, ..Filter::default() };
        let mut open: Vec<Incident> = self.open(actor, &everything).await?;
        open.truncate(MOST_BRIEFS);
        if open.is_empty() {
            return Ok(Vec::new());
        }
        let names: Names = Names::of(&self.0).await?;
        let lines: Vec<IncidentLine> = self.looked_into(actor, &open, &names).await?;
        let brief = |(line, incident): (IncidentLine, &Incident)| IncidentBrief {
            line,
            seats: shape::brief_seats(&incident.roles, &names),
        };
        Ok(lines.into_iter().zip(&open).map(brief).collect())
    }

    /// Everything about one incident.
    pub(super) async fn detailed(&self, ask: &IncidentAsk) -> Result<IncidentView, ApiError> {
        let actor: &Actor = self.actor()?;
        let id: IncidentId = ask.id.parse().map_err(|_| lost(&ask.id))?;
        let detail: Detail = self.room().detail(actor, id).await.map_err(shown)?.ok_or_else(|| lost(&ask.id))?;
        let names: Names = Names::of(&self.0).await?;
        let story: StoryView = story::story(&self.0, actor, id, ask, detail.n_lines, &names).await?;
        let alerts: Vec<LinkedView> = self.linked(&detail.alerts, id).await?;
        let kin: KinView = self.kin(actor, &detail).await?;
        let choices: ChoicesView = self.choices(&names).await?;
        let audience: AudienceView = self.audience(actor, &detail);
        let incident: &Incident = &detail.incident;
        let clocks: Vec<ClockView> = shape::clocks(&detail.clocks, &detail.follow_ups);
        let mut line: IncidentLine = shape::line(incident, &names);
        look_into(&mut line, &detail);
        Ok(IncidentView {
            line,
            version: incident.version,
            summary: incident.summary.clone(),
            team_id: incident.team,
            definition: shape::definition(&incident.level),
            needs_postmortem: incident.level.needs_postmortem,
            declared_by: incident.declared_by.name.clone(),
            source: incident.source.as_str().to_owned(),
            source_ref: incident.source_ref.clone(),
            past: shape::past(incident, detail.facts.impact_ms()),
            marks: shape::marks(incident),
            moves: detail.moves.clone(),
            to_close: steps::missing_to_close(&detail.facts),
            clocks,
            seats: shape::seats(&incident.roles, &names),
            responders: incident.roles.responders.iter().map(|id| names.person(*id)).collect(),
            story,
            alerts,
            tasks: detail.tasks.iter().map(|task| shape::task(task, &names)).collect(),
            follow_ups: detail.follow_ups.iter().map(|one| shape::follow_up(one, &detail.clocks, &names)).collect(),
            no_follow_ups: incident.no_follow_ups,
            updates: detail.updates.iter().map(shape::update).collect(),
            room: incident.room.as_ref().map(|room| RoomView { name: room.name.clone(), url: room.url.clone() }),
            kin,
            audience,
            choices,
            now: detail.at,
            can_work: self.may(Role::Responder),
            stages: detail.stages,
        })
    }

    /// Linked alerts as they are now, those that fire first.
    async fn linked(&self, links: &[LinkedAlert], id: IncidentId) -> Result<Vec<LinkedView>, ApiError> {
        let house = &self.0.house;
        let mut found: Vec<(alerting::AlertRow, Option<IncidentId>)> = Vec::new();
        for link in links.iter().take(MOST_ALERTS) {
            let alert = house.alerting.alert(link.alert).await.map_err(crate::apis::alerting::shown)?;
            let origin: Option<IncidentId> = Some(link.origin).filter(|origin| *origin != id);
            found.extend(alert.map(|alert| (alert.row, origin)));
        }
        let origins: Vec<Option<IncidentId>> = found.iter().map(|(_, origin)| *origin).collect();
        let rows = rows::of(house, found.into_iter().map(|(row, _)| row).collect()).await?;
        let locale: Locale = self.0.visitor.viewer.locale;
        let mut all: Vec<LinkedView> = rows.into_iter().zip(origins).map(|(row, origin)| linked(&row, origin, locale)).collect();
        all.sort_by_key(|alert| (!alert.is_open, alert.severity, alert.id));
        Ok(all)
    }

    async fn kin(&self, actor: &Actor, detail: &Detail) -> Result<KinView, ApiError> {
        let filter = Filter { limit: MOST_KIN, ..Filter::default() };
        let open: Vec<Incident> = self.room().list(actor, &filter).await.map_err(shown)?;
        let others = open.into_iter().filter(|other| other.id != detail.incident.id);
        Ok(KinView {
            merged_into: detail.incident.merged_into,
            merged: detail.merged.clone(),
            split_from: detail.incident.split_from,
            split_off: detail.split_off.clone(),
            open: others.map(|other| (other.id, other.title)).collect(),
        })
    }

    async fn choices(&self, names: &Names) -> Result<ChoicesView, ApiError> {
        let setup = self.room().setup().await.map_err(shown)?;
        Ok(ChoicesView { levels: shape::levels(&setup.definition.scheme), people: names.responders(), teams: names.teams() })
    }

    /// Who looks at it: this drawing says that the reader does.
    fn audience(&self, actor: &Actor, detail: &Detail) -> AudienceView {
        let house = &self.0.house;
        let incident: &Incident = &detail.incident;
        let looking: Vec<String> = match actor.person_id() {
            Some(person) => house.presence.look(incident.id, person, actor.name(), house.clock.now()),
            None => Vec::new(),
        };
        AudienceView {
            looking,
            n_followers: count(detail.followers.len()),
            is_following: actor.person_id().is_some_and(|person| detail.followers.contains(&person)),
            insiders: incident.insiders.clone(),
        }
    }

    /// What an alert belongs to.
    pub(super) async fn belonging(&self, alert: AlertId) -> Result<::api::incidents::Belonging, ApiError> {
        let found: Option<Incident> = self.room().of_alert(self.actor()?, alert).await.map_err(shown)?;
        let incident = found.map(|incident| (incident.id, incident.title));
        Ok(::api::incidents::Belonging { incident, can_declare: self.may(Role::Responder) })
    }

    /// The house's clock.
    pub(super) fn now(&self) -> Time {
        self.0.house.clock.now()
    }
}

/// An incident that is not there, or not for these eyes.
pub(super) fn lost(id: &str) -> ApiError {
    let id: String = id.chars().take(40).collect();
    ApiError::NotFound { what: format!("incident {id}") }
}

/// The next clock, and where people stand.
fn look_into(line: &mut IncidentLine, detail: &Detail) {
    line.clock = shape::next_clock(&shape::clocks(&detail.clocks, &detail.follow_ups));
    line.step = shape::step_of(&detail.stages);
}

fn linked(row: &::api::alerting::AlertRow, origin: Option<IncidentId>, locale: Locale) -> LinkedView {
    let value = row.value.map(|value| figures::value(value, row.unit, locale));
    LinkedView {
        id: row.id,
        name: Text { ja: row.summary.ja.clone(), en: row.summary.en.clone() },
        severity: row.severity,
        is_open: row.state == AlertState::Firing,
        held_by: row.held.as_ref().map(|held| held.by.clone()),
        value: value.map(|written| written.joined()).unwrap_or_default(),
        resolved_at: row.resolved_at,
        origin,
    }
}

/// What the database said is logged; a screen learns that it is away.
pub(super) fn failed(error: &(dyn std::error::Error + 'static)) -> ApiError {
    unavailable(error)
}
