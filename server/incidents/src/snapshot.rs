//! An incident as it was at a second: for whoever drags the handle of time, and for whoever writes afterwards what was known when.
//!
//! It is read back from the lines, which nobody rewrites. Who was on call and what graphs showed then is known elsewhere.

use crate::Incidents;
use crate::clocks::ClockRow;
use crate::error::Error;
use crate::incident::Incident;
use crate::store;
use crate::timeline::{Entry, EntryKind, TimelineFilter};
use crate::updates::Update;
use crate::visibility;
use kernel::Tx;
use model::clock::Clock;
use model::ids::{AlertId, IncidentId, PersonId};
use model::incident::IncidentStatus;
use model::incident::roles::{IncidentRole, Roles};
use model::{Actor, Severity, Time};
use serde_json::Value;
use std::collections::BTreeMap;

/// Lines that say how it stood, at most: more than any incident has.
const MOST_LINES: i64 = 20_000;

/// An alert that fired at that second.
#[derive(Clone, Debug, PartialEq)]
pub struct FiringThen {
    pub alert: AlertId,
    pub since: Time,
    pub severity: Option<Severity>,
    pub name_ja: String,
    pub name_en: String,
    /// The name of who had it.
    pub held_by: Option<String>,
}

/// An incident at a second.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub at: Time,
    /// Where the handle begins and ends: the first line and the last, or now while it goes on.
    pub from: Time,
    pub until: Time,
    /// `None`: it was not declared yet.
    pub status: Option<IncidentStatus>,
    pub code: String,
    pub severity: Option<Severity>,
    pub roles: Roles,
    /// In the order in which they fired.
    pub firing: Vec<FiringThen>,
    /// The last one that was out.
    pub update: Option<Update>,
    /// Those that had begun, as they stood.
    pub clocks: Vec<Clock>,
}

impl Incidents {
    /// The incident as it was at `at`.
    ///
    /// # Errors
    /// The database's.
    pub async fn snapshot_at(&self, actor: &Actor, id: IncidentId, at: Time) -> Result<Option<Snapshot>, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let Some(incident) = visibility::seen_by(&mut tx, actor, id).await? else {
            return Ok(None);
        };
        let kinds: Vec<EntryKind> =
            vec![EntryKind::Declared, EntryKind::Alert, EntryKind::Status, EntryKind::Severity, EntryKind::Role];
        let filter = TimelineFilter { kinds, until: Some(at), ..TimelineFilter::default() };
        let mut lines: Vec<Entry> = store::entries::list(&mut tx, id, &filter, MOST_LINES).await?;
        lines.reverse();
        let clocks: Vec<ClockRow> = store::clocks::of(&mut tx, id).await?;
        let update: Option<Update> = store::updates::last_at(&mut tx, id, at).await?;
        let span: Option<(Time, Time)> = store::entries::span(&mut tx, id).await?;
        let (from, last): (Time, Time) = span.unwrap_or((incident.declared_at, incident.declared_at));
        let until: Time = if incident.status.is_open() { now.max(last) } else { last };
        Ok(Some(Snapshot {
            clocks: clocks.iter().filter_map(|row| then(row, at)).collect(),
            update,
            ..replayed(&incident, &lines, at, from, until)
        }))
    }
}

/// A clock as it stood; `None` when it had not begun, or nothing was promised any more.
fn then(row: &ClockRow, at: Time) -> Option<Clock> {
    let is_there: bool = row.clock.started_at <= at && row.ended_at.is_none_or(|ended_at| ended_at > at);
    let until_then = |moment: Option<Time>| moment.filter(|moment| *moment <= at);
    is_there.then(|| Clock {
        met_at: until_then(row.clock.met_at),
        warned_at: until_then(row.clock.warned_at),
        breached_at: until_then(row.clock.breached_at),
        ..row.clock
    })
}

fn replayed(incident: &Incident, lines: &[Entry], at: Time, from: Time, until: Time) -> Snapshot {
    let mut snapshot = Snapshot {
        at,
        from,
        until,
        status: None,
        code: String::new(),
        severity: None,
        roles: Roles::default(),
        firing: Vec::new(),
        update: None,
        clocks: Vec::new(),
    };
    let mut firing: BTreeMap<AlertId, FiringThen> = BTreeMap::new();
    for line in lines {
        // What another incident brought along says nothing of how this one stood.
        let is_own: bool = line.origin == incident.id;
        match line.kind {
            EntryKind::Declared if is_own => {
                snapshot.status = Some(IncidentStatus::Declared);
                snapshot.code = text(&line.body, "code").to_owned();
                snapshot.severity = Severity::from_word(text(&line.body, "severity"));
            }
            EntryKind::Status if is_own => snapshot.status = IncidentStatus::from_word(text(&line.body, "to")),
            EntryKind::Severity if is_own => {
                snapshot.code = text(&line.body, "to").to_owned();
                snapshot.severity = Severity::from_word(text(&line.body, "to_severity"));
            }
            EntryKind::Role if is_own => replay_role(&mut snapshot.roles, &line.body),
            EntryKind::Alert => replay_alert(&mut firing, line),
            _ => {}
        }
    }
    snapshot.firing = firing.into_values().collect();
    snapshot.firing.sort_by_key(|alert| (alert.since, alert.alert));
    snapshot
}

fn replay_role(roles: &mut Roles, body: &Value) {
    let role: Option<IncidentRole> = IncidentRole::from_word(text(body, "role"));
    let person: Option<PersonId> = serde_json::from_value(body["person"].clone()).ok();
    let (Some(role), Some(person)) = (role, person) else {
        return;
    };
    if body["given_up"].as_bool() == Some(true) {
        roles.give_up(role, person);
    } else {
        roles.assign(role, person);
    }
}

fn replay_alert(firing: &mut BTreeMap<AlertId, FiringThen>, line: &Entry) {
    let Some(alert) = line.body["alert"].as_i64().map(AlertId) else {
        return;
    };
    match text(&line.body, "fact") {
        "AlertFired" => {
            firing.insert(
                alert,
                FiringThen {
                    alert,
                    since: line.at,
                    severity: Severity::from_word(text(&line.body, "severity")),
                    name_ja: text(&line.body["name"], "ja").to_owned(),
                    name_en: text(&line.body["name"], "en").to_owned(),
                    held_by: None,
                },
            );
        }
        "AlertRaised" | "AlertLowered" => {
            if let Some(found) = firing.get_mut(&alert) {
                found.severity = Severity::from_word(text(&line.body, "severity")).or(found.severity);
            }
        }
        "AlertAcknowledged" => {
            if let Some(found) = firing.get_mut(&alert) {
                found.held_by = Some(line.by.name.clone());
            }
        }
        "AlertUnacknowledged" | "AcknowledgementExpired" => {
            if let Some(found) = firing.get_mut(&alert) {
                found.held_by = None;
            }
        }
        "AlertResolved" => {
            firing.remove(&alert);
        }
        _ => {}
    }
}

fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default()
}
