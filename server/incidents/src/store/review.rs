//! `incident` and `incident_clock`, looked back at.

use super::corrupt;
use super::incidents::Eyes;
use crate::error::Error;
use crate::incident::Moments;
use crate::review::{Breach, HandledIncident, Period};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::clock::ClockKind;
use model::ids::{IncidentId, TeamId};
use model::incident::IncidentStatus;
use model::review::Handled;
use model::{Severity, Time};
use serde_json::Value;
use uuid::Uuid;

struct Row {
    id: i64,
    title: String,
    code: String,
    severity: String,
    team: Option<Uuid>,
    systems: Vec<String>,
    status: String,
    declared_at: DateTime<Utc>,
    detected_at: Option<DateTime<Utc>>,
    acknowledged_at: Option<DateTime<Utc>>,
    mitigated_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    moments: Value,
    n_breaches: i64,
}

fn read(row: Row) -> Result<HandledIncident, Error> {
    let id: String = row.id.to_string();
    let wrong = |column: &'static str, value: &str| corrupt("incident", column, &id, value);
    let moments: Result<Moments, serde_json::Error> = serde_json::from_value(row.moments);
    let moments: Moments = moments.map_err(|error| wrong("moments", &error.to_string()))?;
    let began: Option<Time> = moments.occurred_at.or(super::time(row.detected_at));
    let ended: Option<Time> = super::time(row.mitigated_at).or(super::time(row.resolved_at));
    Ok(HandledIncident {
        severity: Severity::from_word(&row.severity).ok_or_else(|| wrong("severity", &row.severity))?,
        status: IncidentStatus::from_word(&row.status).ok_or_else(|| wrong("status", &row.status))?,
        id: IncidentId(row.id),
        title: row.title,
        code: row.code,
        team: row.team.map(TeamId),
        systems: row.systems,
        handled: Handled {
            began_at: Time::from_utc(row.declared_at),
            acknowledged_at: super::time(row.acknowledged_at),
            resolved_at: super::time(row.resolved_at),
        },
        impact_ms: began.zip(ended).map(|(began, ended)| ended.since(began).max(0)),
        n_breaches: row.n_breaches,
    })
}

/// Incidents that were declared in a period.
pub(crate) async fn handled(tx: &mut Tx, eyes: Eyes, period: &Period, limit: i64) -> Result<Vec<HandledIncident>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        r#"select
           id,
           title,
           code,
           severity,
           team,
           systems,
           status,
           declared_at,
           detected_at,
           acknowledged_at,
           mitigated_at,
           resolved_at,
           moments,
           (select count(*)
            from incident_clock
            where incident_clock.incident = incident.id
              and incident_clock.breached_at is not null) as "n_breaches!"
         from incident
         where ($1 or not is_private or $2 = any(responders || insiders || array[commander, communications, scribe, declared_person]))
           and declared_at >= $3
           and declared_at < $4
           and ($5::uuid is null or team = $5)
           and ($6::text is null or $6 = any(systems))
           and status not in ('merged', 'dismissed')
         order by id desc
         limit $7"#,
        eyes.see_all,
        eyes.person.map(|person| person.0),
        period.from.to_utc(),
        period.until.to_utc(),
        period.team.map(|team| team.0),
        period.system.as_deref(),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(read).collect()
}

/// Promises that were broken in a period.
pub(crate) async fn breaches(tx: &mut Tx, eyes: Eyes, period: &Period, limit: i64) -> Result<Vec<Breach>, Error> {
    let rows = sqlx::query!(
        r#"select
           incident.id,
           incident.title,
           incident.code,
           incident.severity,
           incident_clock.kind,
           incident_clock.due_at,
           incident_clock.breached_at as "breached_at!",
           incident_clock.met_at
         from incident_clock
         join incident on incident.id = incident_clock.incident
         where ($1 or not incident.is_private
                or $2 = any(incident.responders || incident.insiders
                            || array[incident.commander, incident.communications, incident.scribe, incident.declared_person]))
           and incident_clock.breached_at >= $3
           and incident_clock.breached_at < $4
           and ($5::uuid is null or incident.team = $5)
           and ($6::text is null or $6 = any(incident.systems))
         order by incident_clock.breached_at desc, incident_clock.id desc
         limit $7"#,
        eyes.see_all,
        eyes.person.map(|person| person.0),
        period.from.to_utc(),
        period.until.to_utc(),
        period.team.map(|team| team.0),
        period.system.as_deref(),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut breaches: Vec<Breach> = Vec::with_capacity(rows.len());
    for row in rows {
        let id: String = row.id.to_string();
        breaches.push(Breach {
            kind: ClockKind::from_word(&row.kind).ok_or_else(|| corrupt("incident_clock", "kind", &id, &row.kind))?,
            severity: Severity::from_word(&row.severity).ok_or_else(|| corrupt("incident", "severity", &id, &row.severity))?,
            incident: IncidentId(row.id),
            title: row.title,
            code: row.code,
            due_at: Time::from_utc(row.due_at),
            breached_at: Time::from_utc(row.breached_at),
            met_at: super::time(row.met_at),
        });
    }
    Ok(breaches)
}
