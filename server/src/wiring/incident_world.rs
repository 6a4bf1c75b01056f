//! What the incidents room needs of the house: people from identity, alerts from alerting, graphs from metrics.

use crate::house_error::chain;
use crate::wiring::incident_alarm::HouseAlarm;
use crate::wiring::incident_rooms::HouseSlack;
use crate::wiring::postmortems::HouseGate;
use alerting::grouping::GroupId;
use alerting::needs::PagedAlert;
use alerting::routing::Routing;
use async_trait::async_trait;
use identity::{Identity, PersonRow};
use incidents::needs::{AlertBrief, Alerts, AnnotationWishes, Calendars, GraphAsk, Graphs, Known, Needs, People, WorldError};
use kernel::{Clock, Db};
use metrics::Metrics;
use metrics::eval::Value;
use metrics::source::SeriesData;
use model::business_time::BusinessCalendar;
use model::ids::{AlertId, PersonId, TeamId};
use notify::Notify;
use oncall::{Oncall, Pay};
use serde_json::json;
use std::sync::Arc;

/// Labels that name what an alert is about, the most telling first.
const SYSTEM_LABELS: [&str; 3] = ["system", "service", "job"];

/// The rooms that have it.
pub(super) struct World<'a> {
    pub db: &'a Db,
    pub identity: &'a Identity,
    pub routing: &'a Routing,
    pub metrics: &'a Arc<Metrics>,
    pub notify: &'a Notify,
    pub pay: &'a Pay,
    pub oncall: &'a Oncall,
}

/// All of it.
pub(super) fn needs(world: &World<'_>, clock: &Arc<dyn Clock>) -> Needs {
    let alarm = Arc::new(HouseAlarm::new(world.identity.clone(), world.oncall.clone(), world.notify.clone()));
    Needs {
        people: Arc::new(HousePeople(world.identity.clone())),
        calendars: Arc::new(HouseHours(world.pay.clone())),
        alarm: alarm.clone(),
        announcer: alarm,
        alerts: Arc::new(HouseAlerts(world.routing.clone())),
        wishes: Arc::new(AnnotationWishes),
        graphs: Arc::new(HouseGraphs(Arc::clone(world.metrics))),
        postmortems: Arc::new(HouseGate::new(world.db)),
        rooms: Arc::new(HouseSlack::new(world.notify.clone(), Arc::clone(clock))),
    }
}

/// The business time that pay reckons in: the house has one.
struct HouseHours(Pay);

#[async_trait]
impl Calendars for HouseHours {
    async fn of(&self, _team: Option<TeamId>) -> Result<BusinessCalendar, WorldError> {
        self.0.business_calendar().await.map_err(|error| failed(&error))
    }
}

/// Everybody with an account.
pub struct HousePeople(pub Identity);

#[async_trait]
impl People for HousePeople {
    async fn known(&self, ids: &[PersonId]) -> Result<Vec<Known>, WorldError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let people: Vec<PersonRow> = self.0.people_list().await.map_err(|error| failed(&error))?;
        Ok(people.into_iter().filter(|person| ids.contains(&person.id)).map(known).collect())
    }
}

fn known(person: PersonRow) -> Known {
    let may_come_in: bool = !person.disabled && !person.invited;
    Known { id: person.id, name: person.name, email: person.email, may_come_in }
}

/// Alerts as pages tell of them.
pub struct HouseAlerts(pub Routing);

#[async_trait]
impl Alerts for HouseAlerts {
    async fn briefs(&self, ids: &[AlertId]) -> Result<Vec<AlertBrief>, WorldError> {
        let found: Vec<PagedAlert> = self.0.alerts(ids).await.map_err(|error| failed(&error))?;
        let brief = |id: &AlertId| found.iter().find(|alert| alert.id == *id).map(brief);
        Ok(ids.iter().filter_map(brief).collect())
    }

    async fn of_group(&self, group: i64) -> Result<Vec<AlertId>, WorldError> {
        self.0.members(GroupId(group)).await.map_err(|error| failed(&error))
    }
}

fn brief(alert: &PagedAlert) -> AlertBrief {
    let system: Option<&str> = SYSTEM_LABELS.into_iter().map(|name| alert.labels.get(name)).find(|value| !value.is_empty());
    AlertBrief {
        id: alert.id,
        name_ja: alert.name.ja.clone(),
        name_en: alert.name.en.clone(),
        severity: alert.severity,
        // It was crossed as long before it fired as the rule waits.
        began_at: Some(alert.fired_at.plus_ms(-alert.for_ms)),
        fired_at: Some(alert.fired_at),
        team: None,
        systems: system.map(str::to_owned).into_iter().collect(),
    }
}

/// Graphs of this house's metrics.
pub struct HouseGraphs(pub Arc<Metrics>);

#[async_trait]
impl Graphs for HouseGraphs {
    /// `{"series": [{"labels": {…}, "points": [[ms, value], …]}]}`; a value that is no number is null.
    async fn freeze(&self, ask: &GraphAsk) -> Result<serde_json::Value, WorldError> {
        let expr = promql::parse(&ask.query).map_err(|errors| {
            let reasons: Vec<String> = errors.into_iter().map(|error| error.message).collect();
            WorldError { reason: reasons.join("; ") }
        })?;
        let answer = self.0.range(&expr, ask.from, ask.until, ask.step_ms).await;
        let answer = answer.map_err(|error| WorldError { reason: error.to_string() })?;
        let Value::Matrix(found) = answer.value else {
            return Err(WorldError { reason: "a graph needs series or a number".to_owned() });
        };
        let series: Vec<serde_json::Value> = found.iter().map(drawn).collect();
        Ok(json!({ "series": series }))
    }
}

fn drawn(series: &SeriesData) -> serde_json::Value {
    let points: Vec<(i64, f64)> = series.points.iter().map(|point| (point.at, point.value)).collect();
    json!({ "labels": series.labels, "points": points })
}

fn failed(error: &(dyn std::error::Error + 'static)) -> WorldError {
    WorldError { reason: chain(error) }
}
