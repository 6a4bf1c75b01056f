//! Response clocks of incidents, as they are kept: begun, met, moved with the severity, ended, and looked at when they wake.
//!
//! What a clock shows and when it must be told is the law of `model::clock`. Here stands which clocks an incident has, and what is done
//! when one says that something is due.

use crate::Incidents;
use crate::error::Error;
use crate::follow_ups::FollowUpId;
use crate::history;
use crate::incident::{By, Incident};
use crate::needs::ClockNews;
use crate::store;
use crate::timeline::{EntryKind, Line, write};
use kernel::Tx;
use model::Time;
use model::business_time::BusinessCalendar;
use model::clock::{Clock, ClockKind, Due, Standing};
use model::ids::{AlertId, IncidentId, PersonId, TeamId};
use model::scheme::{Level, Target};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The clocks that an incident has by its level.
const BY_LEVEL: [ClockKind; 3] = [ClockKind::Ack, ClockKind::Update, ClockKind::Resolve];

/// A clock of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockRow {
    pub id: i64,
    pub incident: IncidentId,
    pub clock: Clock,
    /// Whose it is, if it is one of a follow-up.
    pub follow_up: Option<FollowUpId>,
    /// Nothing is promised any more.
    pub ended_at: Option<Time>,
    pub(crate) calendar_mark: String,
}

impl ClockRow {
    /// Whether it still runs.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.ended_at.is_none() && self.clock.is_open()
    }
}

/// A clock and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockView {
    pub row: ClockRow,
    /// None: it was ended, and shows nothing.
    pub standing: Option<Standing>,
}

impl ClockView {
    pub(crate) fn of(row: ClockRow, now: Time, calendar: &BusinessCalendar) -> Self {
        let standing: Option<Standing> = row.ended_at.is_none().then(|| row.clock.standing(now, calendar));
        Self { row, standing }
    }
}

/// A team's business time, and by what it is known again.
#[derive(Clone, Debug)]
pub(crate) struct Hours {
    pub(crate) calendar: BusinessCalendar,
    pub(crate) mark: String,
}

impl Hours {
    pub(crate) fn new(calendar: BusinessCalendar) -> Result<Self, Error> {
        let written: Vec<u8> = serde_json::to_vec(&calendar).map_err(Error::Encode)?;
        let mut mark = String::new();
        for byte in Sha256::digest(&written).iter().take(16) {
            // To write into a text can't fail.
            let _ = write!(mark, "{byte:02x}");
        }
        Ok(Self { calendar, mark })
    }
}

/// What a level promises.
fn promised(kind: ClockKind, level: &Level) -> Option<Target> {
    match kind {
        ClockKind::Ack => Some(level.answer),
        ClockKind::Update => level.update_every_ms.map(Target::elapsed),
        ClockKind::Resolve => level.resolve,
        ClockKind::FollowUp => None,
    }
}

/// Begins a clock, if the level promises it. Says when it is due.
pub(crate) async fn begin(
    tx: &mut Tx,
    incident: &Incident,
    kind: ClockKind,
    from: Time,
    hours: &Hours,
) -> Result<Option<Time>, Error> {
    let Some(target) = promised(kind, &incident.level) else {
        return Ok(None);
    };
    let clock: Clock = Clock::start(kind, from, target, &hours.calendar);
    store::clocks::add(tx, incident.id, None, &clock, &hours.mark).await?;
    Ok(Some(clock.due_at))
}

/// Begins all that the level promises when it is declared.
pub(crate) async fn begin_all(tx: &mut Tx, incident: &Incident, hours: &Hours) -> Result<(), Error> {
    for kind in BY_LEVEL {
        begin(tx, incident, kind, incident.declared_at, hours).await?;
    }
    Ok(())
}

/// What a clock of this kind waits for has happened.
pub(crate) async fn meet(tx: &mut Tx, incident: IncidentId, kind: ClockKind, at: Time) -> Result<(), Error> {
    for mut row in open(tx, incident).await?.into_iter().filter(|row| row.clock.kind == kind && row.follow_up.is_none()) {
        row.clock = row.clock.met(at);
        store::clocks::save(tx, &row).await?;
    }
    Ok(())
}

/// Nothing of these kinds is promised any more.
pub(crate) async fn end(tx: &mut Tx, incident: IncidentId, kinds: &[ClockKind], at: Time) -> Result<(), Error> {
    for mut row in open(tx, incident).await?.into_iter().filter(|row| kinds.contains(&row.clock.kind)) {
        row.ended_at = Some(at);
        store::clocks::save(tx, &row).await?;
    }
    Ok(())
}

/// Every clock that goes by the level is ended: the incident is over, or part of another.
pub(crate) async fn end_all(tx: &mut Tx, incident: IncidentId, at: Time) -> Result<(), Error> {
    end(tx, incident, &BY_LEVEL, at).await
}

/// It goes on again: what was ended and not met runs on from where it began, and updates are promised from now on.
pub(crate) async fn revive(tx: &mut Tx, incident: &Incident, hours: &Hours, now: Time) -> Result<(), Error> {
    let rows: Vec<ClockRow> = store::clocks::of(tx, incident.id).await?;
    for kind in BY_LEVEL {
        let mut own = rows.iter().filter(|row| row.clock.kind == kind && row.follow_up.is_none());
        if own.clone().any(ClockRow::is_open) {
            continue;
        }
        let is_answered: bool = kind == ClockKind::Ack && incident.acknowledged_at.is_some();
        match own.rfind(|row| row.ended_at.is_some() && row.clock.is_open()) {
            Some(row) if kind != ClockKind::Update && !is_answered => {
                let clock: Clock = row.clock.under(&hours.calendar);
                let row = ClockRow { ended_at: None, clock, calendar_mark: hours.mark.clone(), ..row.clone() };
                store::clocks::save(tx, &row).await?;
            }
            _ if is_answered => {}
            _ => {
                begin(tx, incident, kind, now, hours).await?;
            }
        }
    }
    Ok(())
}

/// The severity is another: clocks that run go by the new level, and never later when it is as bad or worse.
pub(crate) async fn relevel(tx: &mut Tx, incident: &Incident, before: &Level, hours: &Hours, now: Time) -> Result<(), Error> {
    let is_raise: bool = incident.level.severity <= before.severity;
    let rows: Vec<ClockRow> = open(tx, incident.id).await?;
    for kind in BY_LEVEL {
        let running: Option<&ClockRow> = rows.iter().find(|row| row.clock.kind == kind && row.follow_up.is_none());
        match (running, promised(kind, &incident.level)) {
            (Some(row), Some(target)) => {
                let clock: Clock =
                    if is_raise { row.clock.raised(target, &hours.calendar) } else { row.clock.lowered(target, &hours.calendar) };
                store::clocks::save(tx, &ClockRow { clock, calendar_mark: hours.mark.clone(), ..row.clone() }).await?;
            }
            (Some(_), None) => end(tx, incident.id, &[kind], now).await?,
            (None, Some(_)) if kind != ClockKind::Ack && incident.status.is_open() => {
                // Updates were promised to nobody until now; the end is counted from the declaration, as of any raise.
                let from: Time = if kind == ClockKind::Update { now } else { incident.declared_at };
                begin(tx, incident, kind, from, hours).await?;
            }
            (None, _) => {}
        }
    }
    Ok(())
}

async fn open(tx: &mut Tx, incident: IncidentId) -> Result<Vec<ClockRow>, Error> {
    let rows: Vec<ClockRow> = store::clocks::of(tx, incident).await?;
    Ok(rows.into_iter().filter(ClockRow::is_open).collect())
}

impl Incidents {
    /// The business time of a team.
    pub(crate) async fn hours(&self, team: Option<TeamId>) -> Result<Hours, Error> {
        Hours::new(self.needs.calendars.of(team).await?)
    }

    /// Since when the longest-waiting clock is due; `None` while none waits. What is older than some seconds means that nobody looks.
    ///
    /// # Errors
    /// The database's.
    pub async fn oldest_due(&self) -> Result<Option<Time>, Error> {
        let now: Time = self.clock.now();
        Ok(store::clocks::oldest_due(&self.db).await?.filter(|at| *at <= now))
    }

    /// Reckons clocks in business time anew whose calendar is another than it was, and says of how many incidents. Done by itself twice a
    /// minute; whoever changes a calendar may call it at once.
    ///
    /// # Errors
    /// The database's, and that of whoever knows calendars.
    pub async fn calendars_changed(&self) -> Result<usize, Error> {
        let mut n: usize = 0;
        let mut teams: Vec<Option<TeamId>> =
            store::clocks::calendars(&self.db).await?.into_iter().map(|(team, _)| team).collect();
        teams.sort_unstable();
        teams.dedup();
        for team in teams {
            let hours: Hours = self.hours(team).await?;
            for id in store::clocks::by_other_calendars(&self.db, team, &hours.mark).await? {
                self.reckon(id, &hours).await?;
                n += 1;
            }
        }
        Ok(n)
    }

    async fn reckon(&self, id: IncidentId, hours: &Hours) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let Some(incident) = store::incidents::lock(&mut tx, id).await? else {
            return Ok(());
        };
        let mut n_moved: usize = 0;
        for row in open(&mut tx, id).await? {
            let clock: Clock = row.clock.under(&hours.calendar);
            let was_due_at: Time = row.clock.due_at;
            let row = ClockRow { clock, calendar_mark: hours.mark.clone(), ..row };
            store::clocks::save(&mut tx, &row).await?;
            if clock.due_at != was_due_at {
                n_moved += 1;
                let mut body: Value = said(&row, "reckoned");
                body["was_due_at"] = json!(was_due_at);
                let line: Line = Line::of(EntryKind::Clock, now, By::of(&history::worker()), body);
                write(&mut tx, &incident, &line, now).await?;
            }
        }
        if n_moved > 0 {
            let body: Value = json!({ "clocks": n_moved });
            history::append(&mut tx, &incident, history::CLOCKS_RECKONED, &history::worker(), now, body).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Tells what is due of an incident's clocks, in a transaction of the leader's, who holds its row.
    pub(crate) async fn tell_due(&self, tx: &mut Tx, incident: &Incident, now: Time) -> Result<(), Error> {
        for row in open(tx, incident.id).await? {
            let Some(due) = row.clock.due_now(now) else {
                continue;
            };
            self.tell(tx, incident, &row, due, now).await?;
            let row = ClockRow { clock: row.clock.told(due, now), ..row };
            store::clocks::save(tx, &row).await?;
        }
        Ok(())
    }

    async fn tell(&self, tx: &mut Tx, incident: &Incident, row: &ClockRow, due: Due, now: Time) -> Result<(), Error> {
        let news: ClockNews = news(tx, incident, row, due, now).await?;
        let (what, kind): (&str, &'static str) = match due {
            Due::Warn => ("at_risk", history::CLOCK_AT_RISK),
            Due::Breach => ("breached", history::CLOCK_BREACHED),
        };
        match due {
            Due::Warn => self.needs.alarm.warn(tx, &news).await?,
            Due::Breach => self.needs.alarm.escalate(tx, &news).await?,
        }
        let body: Value = said(row, what);
        let line: Line = Line::of(EntryKind::Clock, now, By::of(&history::worker()), body.clone());
        write(tx, incident, &line, now).await?;
        history::append(tx, incident, kind, &history::worker(), now, body).await?;
        Ok(())
    }
}

/// What a line and a Fact say of a clock.
fn said(row: &ClockRow, what: &str) -> Value {
    json!({ "clock": row.clock.kind.as_str(), "what": what, "due_at": row.clock.due_at, "follow_up": row.follow_up })
}

async fn news(tx: &mut Tx, incident: &Incident, row: &ClockRow, due: Due, now: Time) -> Result<ClockNews, Error> {
    let (mut people, mut follow_up): (Vec<PersonId>, Option<String>) = (answering(incident, row.clock.kind), None);
    if let Some(id) = row.follow_up
        && let Some(found) = store::follow_ups::one(tx, incident.id, id).await?
    {
        people = found.owner.into_iter().collect();
        follow_up = Some(found.title);
    }
    let linked = store::alerts::of(tx, incident.id).await?;
    let alerts: Vec<AlertId> = linked.into_iter().filter(|link| link.incident == incident.id).map(|link| link.alert).collect();
    let word: &str = if due == Due::Warn { "warn" } else { "breach" };
    Ok(ClockNews {
        key: format!("incident-clock-{}-{word}", row.id),
        incident: incident.id,
        title: incident.title.clone(),
        is_private: incident.is_private,
        severity: incident.severity(),
        code: incident.level.code.to_string(),
        team: incident.team,
        kind: row.clock.kind,
        follow_up,
        due_at: row.clock.due_at,
        people,
        alerts,
        pages_out_of_hours: incident.level.pages_out_of_hours,
        at: now,
    })
}

/// Who is told first.
fn answering(incident: &Incident, kind: ClockKind) -> Vec<PersonId> {
    let roles = &incident.roles;
    match kind {
        ClockKind::Ack => roles.people(),
        ClockKind::Update => match roles.communications.or(roles.commander) {
            Some(person) => vec![person],
            None => roles.people(),
        },
        ClockKind::Resolve => match roles.commander {
            Some(person) => vec![person],
            None => roles.people(),
        },
        ClockKind::FollowUp => Vec::new(),
    }
}
