//! Declaring: by hand, from alerts, from a group of them, or because a rule says so.

use crate::Incidents;
use crate::alerts::{self, MOST_AT_ONCE};
use crate::clocks::{self, Hours};
use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident, MAX_SUMMARY, MAX_SYSTEM, MAX_SYSTEMS, Moments, Source};
use crate::moves;
use crate::needs::{AlertBrief, Wish};
use crate::parts;
use crate::rooms;
use crate::scheme::Definition;
use crate::store;
use crate::timeline::{EntryKind, Line, at_most, bounded, checked_time, write};
use crate::visibility;
use kernel::{Grant, Tx};
use model::access::DeclareIncident;
use model::ids::{AlertId, IncidentId, PersonId, TeamId};
use model::incident::roles::{IncidentRole, Roles};
use model::incident::{IncidentStatus, MAX_TITLE};
use model::scheme::Level;
use model::{Actor, Severity, Time};
use serde_json::json;

/// Characters of what an incident was declared from.
const MAX_SOURCE: usize = 200;

/// What somebody declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// Empty, with alerts: the worst one's name.
    pub title: String,
    pub summary: String,
    /// The code of a level: `P1`. `None`, with alerts: that of the worst, and nobody has classified it yet.
    pub code: Option<String>,
    pub team: Option<TeamId>,
    pub systems: Vec<String>,
    pub is_private: bool,
    pub insiders: Vec<PersonId>,
    /// When it began, and when it was noticed, where they are known.
    pub occurred_at: Option<Time>,
    pub detected_at: Option<Time>,
    /// While an incident of the same source is open, it is joined.
    pub source_ref: Option<String>,
    /// Whoever declares it has it: acknowledged, and in command.
    pub takes_it: bool,
    /// Names of alerts in Japanese become the title; else in English.
    pub title_in_english: bool,
}

/// A declaration that was looked through.
struct Checked {
    incident: Incident,
    alerts: Vec<AlertId>,
    takes_it: bool,
}

impl Incidents {
    /// Declares an incident that somebody saw. One of the same source that is open is joined.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Large`], [`Error::NoLevel`], [`Error::BadTime`]. The database's, and the world's.
    pub async fn declare(&self, grant: &Grant<DeclareIncident>, wanted: &Declaration) -> Result<Incident, Error> {
        self.declare_as(grant.actor(), Source::Hand, &[], wanted).await
    }

    /// Declares an incident from alerts: what is not said is theirs.
    ///
    /// # Errors
    /// As [`Incidents::declare`], and [`Error::NoAlerts`], [`Error::AlertTaken`], [`Error::AlertHeld`].
    pub async fn declare_from_alerts(
        &self,
        grant: &Grant<DeclareIncident>,
        alerts: &[AlertId],
        wanted: &Declaration,
    ) -> Result<Incident, Error> {
        let source: Source = if alerts.len() > 1 { Source::Group } else { Source::Alert };
        self.declare_as(grant.actor(), source, alerts, wanted).await
    }

    /// Declares an incident from the alerts that were told together under this number.
    ///
    /// # Errors
    /// As [`Incidents::declare_from_alerts`].
    pub async fn declare_from_group(
        &self,
        grant: &Grant<DeclareIncident>,
        group: i64,
        wanted: &Declaration,
    ) -> Result<Incident, Error> {
        let alerts: Vec<AlertId> = self.needs.alerts.of_group(group).await?;
        let source_ref: Option<String> = wanted.source_ref.clone().or_else(|| Some(format!("group/{group}")));
        let wanted = Declaration { source_ref, ..wanted.clone() };
        self.declare_as(grant.actor(), Source::Group, &alerts, &wanted).await
    }

    /// What a rule or a route wants of an alert. Nothing when the alert belongs to an incident already.
    pub(crate) async fn declare_by_wish(&self, alert: AlertId, wish: &Wish) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        let is_taken: bool = store::alerts::incident_of(&mut tx, alert).await?.is_some();
        tx.rollback().await?;
        if is_taken {
            return Ok(());
        }
        let wanted = Declaration {
            title: wish.title.clone().unwrap_or_default(),
            code: Some(wish.code.clone()),
            source_ref: Some(wish.source_ref.clone()),
            ..Declaration::default()
        };
        let declared = self.declare_as(&history::worker(), Source::Rule, &[alert], &wanted).await;
        match declared {
            // Somebody was faster by a moment.
            Ok(_) | Err(Error::AlertTaken(..) | Error::AlertHeld(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn declare_as(
        &self,
        actor: &Actor,
        source: Source,
        alerts: &[AlertId],
        wanted: &Declaration,
    ) -> Result<Incident, Error> {
        let now: Time = self.clock.now();
        let briefs: Vec<AlertBrief> = self.briefs(source, alerts).await?;
        let definition: Definition = self.setup().await?.definition;
        let checked: Checked = checked(actor, source, &briefs, wanted, &definition, now)?;
        let hours: Hours = self.hours(checked.incident.team).await?;
        let has_rooms: bool = self.needs.rooms.is_there().await?;
        let mut tx: Tx = self.db.begin().await?;
        refuse_taken(&mut tx, actor, &checked).await?;
        let id: Option<IncidentId> = store::incidents::add(&mut tx, &checked.incident).await?;
        let incident: Incident = match id {
            Some(id) => {
                let opens_room: bool = has_rooms && definition.opens_room(checked.incident.severity());
                begin(&mut tx, id, &checked, actor, &hours, opens_room, now).await?
            }
            None => join(&mut tx, &checked, actor, now).await?,
        };
        tx.commit().await?;
        self.read_what_was(&checked.alerts).await;
        self.incident(&history::worker(), incident.id).await?.ok_or(Error::NotFound(incident.id))
    }

    async fn briefs(&self, source: Source, alerts: &[AlertId]) -> Result<Vec<AlertBrief>, Error> {
        if source == Source::Hand {
            return Ok(Vec::new());
        }
        if alerts.len() > MOST_AT_ONCE {
            return Err(Error::Large { what: "the list of alerts", n: alerts.len(), max: MOST_AT_ONCE });
        }
        let briefs: Vec<AlertBrief> = self.needs.alerts.briefs(alerts).await?;
        if briefs.is_empty() { Err(Error::NoAlerts) } else { Ok(briefs) }
    }
}

/// An alert that belongs to another incident than the one of the same source can't be declared from. An incident of the same source that
/// whoever declares may not see takes nothing of theirs: they would learn of it.
async fn refuse_taken(tx: &mut Tx, actor: &Actor, checked: &Checked) -> Result<(), Error> {
    let own: Option<IncidentId> = match &checked.incident.source_ref {
        Some(source_ref) => store::incidents::open_of_source(tx, source_ref).await?,
        None => None,
    };
    if let Some(own) = own
        && visibility::seen_by(tx, actor, own).await?.is_none()
    {
        return Err(checked.alerts.first().map_or(Error::NoAlerts, |alert| Error::AlertHeld(*alert)));
    }
    alerts::refuse_taken(tx, actor, &checked.alerts, own).await
}

/// Everything that stands with a new incident.
async fn begin(
    tx: &mut Tx,
    id: IncidentId,
    checked: &Checked,
    actor: &Actor,
    hours: &Hours,
    opens_room: bool,
    now: Time,
) -> Result<Incident, Error> {
    let mut incident: Incident = Incident { id, ..checked.incident.clone() };
    clocks::begin_all(tx, &incident, hours).await?;
    let body = json!({
        "title": incident.title,
        "code": incident.level.code,
        "severity": incident.severity().code(),
        "source": incident.source.as_str(),
    });
    if opens_room {
        rooms::want(tx, &incident, now).await?;
    }
    write(tx, &incident, &Line::of(EntryKind::Declared, now, By::of(actor), body), now).await?;
    let source = json!({ "source": incident.source.as_str(), "source_ref": incident.source_ref });
    history::append(tx, &incident, history::DECLARED, actor, now, source).await?;
    alerts::link_all(tx, &incident, &checked.alerts, actor, now).await?;
    if checked.takes_it {
        moves::acknowledge(tx, &mut incident, actor, now, json!({})).await?;
        if let Some(person) = actor.person_id() {
            parts::give(tx, &mut incident, IncidentRole::Commander, person, actor, now).await?;
        }
        visibility::save(tx, &mut incident).await?;
    }
    Ok(incident)
}

/// An open incident of the same source takes the alerts.
async fn join(tx: &mut Tx, checked: &Checked, actor: &Actor, now: Time) -> Result<Incident, Error> {
    let source_ref: &str = checked.incident.source_ref.as_deref().unwrap_or_default();
    let id: Option<IncidentId> = store::incidents::open_of_source(tx, source_ref).await?;
    let found: Option<Incident> = match id {
        Some(id) => store::incidents::lock(tx, id).await?,
        None => None,
    };
    // It was closed, or became private, between the two statements; whoever asked may ask again.
    let incident: Incident = found.filter(|incident| visibility::may_see(incident, actor)).ok_or(Error::Over)?;
    alerts::link_all(tx, &incident, &checked.alerts, actor, now).await?;
    Ok(incident)
}

fn checked(
    actor: &Actor,
    source: Source,
    briefs: &[AlertBrief],
    wanted: &Declaration,
    definition: &Definition,
    now: Time,
) -> Result<Checked, Error> {
    let worst: Option<&AlertBrief> = briefs.iter().min_by_key(|brief| brief.severity);
    let level: Level = level(wanted.code.as_deref(), worst.map(|brief| brief.severity), definition)?;
    let moments = Moments {
        occurred_at: wanted.occurred_at.or_else(|| briefs.iter().filter_map(|brief| brief.began_at).min()),
        classified_at: wanted.code.is_some().then_some(now),
        ..Moments::default()
    };
    let fired_at: Option<Time> = briefs.iter().filter_map(|brief| brief.fired_at).min();
    let detected_at: Time = wanted.detected_at.or(fired_at).unwrap_or(now);
    for at in [moments.occurred_at, Some(detected_at)].into_iter().flatten() {
        checked_time(Some(at), now)?;
    }
    let insiders: Vec<PersonId> = visibility::checked_insiders(&wanted.insiders)?;
    let source_ref: Option<String> = wanted.source_ref.clone().map(|text| text.chars().take(MAX_SOURCE).collect());
    let incident = Incident {
        id: IncidentId(0),
        version: 1,
        title: title(wanted, worst)?,
        summary: at_most("the summary", &wanted.summary, MAX_SUMMARY)?,
        team: wanted.team.or_else(|| worst.and_then(|brief| brief.team)),
        systems: systems(wanted, briefs)?,
        level,
        status: IncidentStatus::Declared,
        source,
        source_ref,
        is_private: wanted.is_private,
        insiders,
        declared_by: By::of(actor),
        declared_at: now,
        detected_at: Some(detected_at),
        acknowledged_at: None,
        mitigated_at: None,
        resolved_at: None,
        closed_at: None,
        moments,
        roles: Roles::default(),
        no_follow_ups: false,
        merged_into: None,
        split_from: None,
        room: None,
    };
    Ok(Checked { incident, alerts: briefs.iter().map(|brief| brief.id).collect(), takes_it: wanted.takes_it })
}

/// The level that was named, else that of the worst alert.
fn level(code: Option<&str>, severity: Option<Severity>, definition: &Definition) -> Result<Level, Error> {
    let found: Option<&Level> = match (code, severity) {
        (Some(code), _) => definition.scheme.level(code.trim()),
        (None, Some(severity)) => definition.scheme.level_of(severity),
        (None, None) => None,
    };
    found.cloned().ok_or_else(|| Error::NoLevel { code: code.unwrap_or_default().chars().take(20).collect() })
}

fn title(wanted: &Declaration, worst: Option<&AlertBrief>) -> Result<String, Error> {
    let given: String = at_most("the title", &wanted.title, MAX_TITLE)?;
    if !given.is_empty() {
        return Ok(given);
    }
    let name: &str = match worst {
        Some(brief) if wanted.title_in_english => &brief.name_en,
        Some(brief) => &brief.name_ja,
        None => "",
    };
    // A name of another tool's may be longer than a title.
    let cut: String = name.chars().take(MAX_TITLE / 2).collect();
    bounded("the title", &cut, MAX_TITLE)
}

fn systems(wanted: &Declaration, briefs: &[AlertBrief]) -> Result<Vec<String>, Error> {
    let given: &[String] = &wanted.systems;
    if !given.is_empty() {
        return checked_systems(given);
    }
    let mut found: Vec<String> = briefs.iter().flat_map(|brief| brief.systems.iter().cloned()).collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(MAX_SYSTEMS);
    checked_systems(&found)
}

/// Trimmed, each once, none empty.
pub(crate) fn checked_systems(systems: &[String]) -> Result<Vec<String>, Error> {
    let mut checked: Vec<String> = Vec::new();
    for system in systems {
        let system: String = at_most("the name of a system", system, MAX_SYSTEM)?;
        if !system.is_empty() && !checked.contains(&system) {
            checked.push(system);
        }
    }
    let n: usize = checked.len();
    if n > MAX_SYSTEMS { Err(Error::Large { what: "the list of systems", n, max: MAX_SYSTEMS }) } else { Ok(checked) }
}
