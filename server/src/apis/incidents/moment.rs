//! An incident as it was at a second: what the room reads back from its lines, with what other rooms know of that second.

use super::Adapter;
use super::frozen;
use super::looking::{failed, lost};
use super::names::Names;
use super::refusals::shown;
use super::shape;
use super::story;
use ::api::incidents::line::{EntryView, StoryShow};
use ::api::incidents::moment::{DutyThen, FiringView, Landmark, MomentAsk, MomentGraph, MomentView};
use ::api::{ApiError, Text};
use incidents::snapshot::FiringThen;
use incidents::{Entry, EntryKind, Incident, Snapshot, TimelineFilter};
use model::Actor;
use model::Time;
use model::business_time::BusinessCalendar;
use model::clock::Clock;
use model::ids::{IncidentId, PersonId};
use model::incident::IncidentStatus;
use model::rota::{DutyRole, Span};
use oncall::schedules::looking::Rendering;
use std::collections::BTreeMap;

/// Lines that are told of the time before.
const LINES: i64 = 12;
/// Deploys that are told.
const DEPLOYS: i64 = 6;
/// Graphs that are drawn: those of the worst that fired.
const GRAPHS: usize = 3;
/// Lines that are gone through to find the one after a moment: from the newest on.
const SEARCHED: i64 = 2_000;
/// Statuses that an incident has had.
const LANDMARKS: i64 = 100;

impl Adapter {
    /// The whole picture.
    pub(super) async fn pictured(&self, ask: &MomentAsk) -> Result<MomentView, ApiError> {
        let actor: &Actor = self.actor()?;
        let id: IncidentId = ask.id.parse().map_err(|_| lost(&ask.id))?;
        let incident: Incident = self.room().incident(actor, id).await.map_err(shown)?.ok_or_else(|| lost(&ask.id))?;
        let (now, names): (Time, Names) = (self.now(), Names::of(&self.0).await?);
        let asked: Time = ask.t.parse::<i64>().map_or(now, Time);
        let then: Snapshot = self.then(actor, id, asked).await?;
        // Outside of what happened there is nothing to see.
        let at: Time = asked.clamp(then.from.min(then.until), then.until);
        let then: Snapshot = if at == asked { then } else { self.then(actor, id, at).await? };
        let lines: Vec<Entry> = self.lines(actor, id, StoryShow::All, Some(at), LINES).await?;
        let calendar: BusinessCalendar = self.0.house.pay.business_calendar().await.map_err(|error| failed(&error))?;
        let clock = |clock: &Clock| shape::shown(clock, clock.standing(at, &calendar), None);
        Ok(MomentView {
            line: shape::line(&incident, &names),
            at,
            from: then.from,
            until: then.until,
            status: then.status,
            code: then.code.clone(),
            severity: then.severity,
            seats: shape::seats(&then.roles, &names),
            firing: then.firing.iter().map(firing).collect(),
            graphs: self.graphs(&then.firing, at).await?,
            duties: self.duties(at, &names).await?,
            deploys: self.deploys(actor, id, at, &names).await?,
            update: then.update.as_ref().map(shape::update),
            clocks: then.clocks.iter().map(clock).collect(),
            previous: lines.iter().map(|line| line.at).find(|before| *before < at),
            lines: story::entries(&self.0, &lines, id, &names).await,
            landmarks: self.landmarks(actor, &incident).await?,
            next: self.next(actor, id, at).await?,
        })
    }

    async fn then(&self, actor: &Actor, id: IncidentId, at: Time) -> Result<Snapshot, ApiError> {
        let found: Option<Snapshot> = self.room().snapshot_at(actor, id, at).await.map_err(shown)?;
        found.ok_or_else(|| lost(&id.to_string()))
    }

    async fn lines(
        &self,
        actor: &Actor,
        id: IncidentId,
        show: StoryShow,
        until: Option<Time>,
        limit: i64,
    ) -> Result<Vec<Entry>, ApiError> {
        let filter = TimelineFilter { until, ..story::filter(show, None, limit) };
        self.room().timeline(actor, id, &filter).await.map_err(shown)
    }

    async fn deploys(&self, actor: &Actor, id: IncidentId, at: Time, names: &Names) -> Result<Vec<EntryView>, ApiError> {
        let filter =
            TimelineFilter { kinds: vec![EntryKind::Deploy], until: Some(at), limit: DEPLOYS, ..TimelineFilter::default() };
        let lines: Vec<Entry> = self.room().timeline(actor, id, &filter).await.map_err(shown)?;
        Ok(story::entries(&self.0, &lines, id, names).await)
    }

    /// When its status changed, in order.
    async fn landmarks(&self, actor: &Actor, incident: &Incident) -> Result<Vec<Landmark>, ApiError> {
        let kinds: Vec<EntryKind> = vec![EntryKind::Declared, EntryKind::Status];
        let filter = TimelineFilter { kinds, limit: LANDMARKS, ..TimelineFilter::default() };
        let mut lines: Vec<Entry> = self.room().timeline(actor, incident.id, &filter).await.map_err(shown)?;
        lines.retain(|line| line.origin == incident.id);
        lines.reverse();
        Ok(lines.iter().map(landmark).collect())
    }

    /// The line after a moment. The room hands lines out from the newest on, so it is gone back as far as it takes.
    async fn next(&self, actor: &Actor, id: IncidentId, at: Time) -> Result<Option<Time>, ApiError> {
        let (mut filter, mut n_read): (TimelineFilter, i64) = (story::filter(StoryShow::All, None, 500), 0);
        let mut next: Option<Time> = None;
        while n_read < SEARCHED {
            let lines: Vec<Entry> = self.room().timeline(actor, id, &filter).await.map_err(shown)?;
            next = lines.iter().map(|line| line.at).filter(|after| *after > at).min().or(next);
            let Some(last) = lines.last().filter(|last| last.at > at) else {
                return Ok(next);
            };
            n_read += i64::try_from(lines.len()).unwrap_or(SEARCHED);
            filter.before = Some((last.at, last.id));
        }
        Ok(next)
    }

    async fn graphs(&self, then: &[FiringThen], at: Time) -> Result<Vec<MomentGraph>, ApiError> {
        let mut worst: Vec<&FiringThen> = then.iter().collect();
        worst.sort_by_key(|alert| (alert.severity, alert.since));
        let mut graphs: Vec<MomentGraph> = Vec::new();
        for alert in worst.into_iter().take(GRAPHS) {
            graphs.extend(frozen::measured(&self.0, alert.alert, at).await?);
        }
        Ok(graphs)
    }

    /// Who was on call then, in all schedules.
    async fn duties(&self, at: Time, names: &Names) -> Result<Vec<DutyThen>, ApiError> {
        let room = self.0.house.oncall.schedules();
        let window = Span::new(at, at.plus_ms(1_000));
        let mut duties: Vec<DutyThen> = Vec::new();
        for schedule in room.list().await.map_err(|error| failed(&error))? {
            let seen: Rendering = room.render(schedule.id, window).await.map_err(|error| failed(&error))?;
            duties.extend(of_schedule(&seen, names));
        }
        Ok(duties)
    }
}

fn of_schedule(seen: &Rendering, names: &Names) -> Vec<DutyThen> {
    let mut roles: BTreeMap<DutyRole, Vec<PersonId>> = BTreeMap::new();
    for segment in &seen.segments {
        roles.entry(segment.role.clone()).or_default().extend(segment.person());
    }
    let definition = &seen.schedule.definition;
    let title: Text = crate::apis::oncall::shape::title(definition);
    let one = |(role, people): (DutyRole, Vec<PersonId>)| DutyThen {
        schedule: definition.name.clone(),
        title: title.clone(),
        role,
        people: people.into_iter().map(|id| names.person(id)).collect(),
    };
    roles.into_iter().map(one).collect()
}

fn firing(then: &FiringThen) -> FiringView {
    FiringView {
        id: then.alert,
        since: then.since,
        severity: then.severity,
        name: Text { ja: then.name_ja.clone(), en: then.name_en.clone() },
        held_by: then.held_by.clone(),
    }
}

fn landmark(line: &Entry) -> Landmark {
    let status: Option<IncidentStatus> = IncidentStatus::from_word(line.body["to"].as_str().unwrap_or_default());
    Landmark { at: line.at, status: status.unwrap_or(IncidentStatus::Declared) }
}
