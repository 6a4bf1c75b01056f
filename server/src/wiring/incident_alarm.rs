//! Whom a promise about an incident calls, and where its updates go: by the on-call room's people and the notify room's channels.
//!
//! At risk: whoever answers, writes updates or owns it is told, by their own contacts and rules. Broken: the next step of the escalations of
//! its alerts fires at once; where there is none, people are called. Nobody has it, or nobody of them can be reached: whoever is on call, then
//! the administrators, at last the channel of last resort. The on-call room finds all of them when it tells them, and writes down what was
//! asked in the caller's transaction.
//!
//! What is private is known to nobody whom it does not concern: nobody is told because they are on call, and channels hear only that there is
//! something to read.

mod words;

use crate::house_error::chain;
use async_trait::async_trait;
use identity::{Identity, TeamRow};
use incidents::history;
use incidents::needs::{Alarm, Announcement, Announcer, ClockNews, WorldError};
use kernel::Tx;
use model::clock::ClockKind;
use model::ids::TeamId;
use model::{Severity, Time};
use notify::{BulletinWords, Kind, NewBulletin, Notify};
use oncall::needs::Tone;
use oncall::{Circle, Oncall, Telling, Urgency, Whom};
use serde_json::Value;
use words::Said;

/// Where nobody has an incident, so long after those who were called first the next ones are.
const WIDEN_AFTER_MS: i64 = 5 * 60_000;

/// Why, in the log of deliveries and in the one of escalations. Screens have words for these.
const AT_RISK: &str = "incident clock at risk";
const BREACHED: &str = "incident clock breached";
const UPDATE: &str = "incident update";

/// The alarm and the announcer of this house. Cheap to clone.
#[derive(Clone)]
pub struct HouseAlarm {
    /// Knows what teams are called.
    identity: Identity,
    oncall: Oncall,
    notify: Notify,
}

impl HouseAlarm {
    #[must_use]
    pub fn new(identity: Identity, oncall: Oncall, notify: Notify) -> Self {
        Self { identity, oncall, notify }
    }

    /// Schedules and policies know teams by their names.
    async fn team(&self, team: Option<TeamId>) -> Result<Option<String>, WorldError> {
        let Some(team) = team else {
            return Ok(None);
        };
        let teams: Vec<TeamRow> = self.identity.teams_list().await.map_err(|error| failed(&error))?;
        Ok(teams.into_iter().find(|row| row.id == team).map(|row| row.name))
    }

    async fn telling(&self, news: &ClockNews, said: Said) -> Result<Telling, WorldError> {
        let team: Option<String> = self.team(news.team).await?;
        let whole: Value = written(&words::of_clock(news, said, true))?;
        let shown: Value = written(&words::of_clock(news, said, !news.is_private))?;
        let is_breach: bool = said == Said::Breached;
        Ok(Telling {
            key: news.key.clone(),
            subject: history::subject(news.incident),
            tone: if is_breach { Tone::Call } else { Tone::Warning },
            urgency: urgency(news),
            circles: circles(news, team, &whole),
            last_resort: Some(shown),
            widen_after_ms: (is_breach && news.kind == ClockKind::Ack).then_some(WIDEN_AFTER_MS),
            answers: answers(news.kind).iter().map(|kind| (*kind).to_owned()).collect(),
            is_private: news.is_private,
            why: if is_breach { BREACHED } else { AT_RISK }.to_owned(),
            at: news.at,
        })
    }
}

#[async_trait]
impl Alarm for HouseAlarm {
    async fn warn(&self, tx: &mut Tx, news: &ClockNews) -> Result<(), WorldError> {
        let telling: Telling = self.telling(news, Said::AtRisk).await?;
        self.oncall.tell(tx, &telling).await.map(|_| ()).map_err(|error| failed(&error))
    }

    async fn escalate(&self, tx: &mut Tx, news: &ClockNews) -> Result<(), WorldError> {
        let telling: Telling = self.telling(news, Said::Breached).await?;
        // What is to be done after the incident is no reason to page anybody for its alerts.
        if news.kind == ClockKind::FollowUp {
            return self.oncall.tell(tx, &telling).await.map(|_| ()).map_err(|error| failed(&error));
        }
        self.oncall.escalate(tx, &news.alerts, &telling).await.map_err(|error| failed(&error))
    }
}

#[async_trait]
impl Announcer for HouseAlarm {
    async fn announce(&self, tx: &mut Tx, announcement: &Announcement) -> Result<(), WorldError> {
        let shown: BulletinWords = words::of_update(announcement, !announcement.is_private);
        let bulletins: Vec<NewBulletin> =
            announcement.channels.iter().map(|channel| bulletin(announcement, channel, &shown)).collect();
        self.notify.announce(tx, &bulletins).await.map_err(|error| failed(&error))?;
        if announcement.followers.is_empty() {
            return Ok(());
        }
        let telling: Telling = to_followers(announcement)?;
        self.oncall.tell(tx, &telling).await.map(|_| ()).map_err(|error| failed(&error))
    }
}

/// Whoever has to do with it, then whoever is on call, then the administrators: each only when nobody before can be reached.
fn circles(news: &ClockNews, team: Option<String>, whole: &Value) -> Vec<Circle> {
    let mut whom: Vec<Whom> = Vec::new();
    if !news.people.is_empty() {
        whom.push(Whom::People(news.people.clone()));
    }
    if !news.is_private {
        whom.push(Whom::OnCall { team });
    }
    whom.push(Whom::Administrators);
    whom.into_iter().map(|whom| Circle { whom, words: whole.clone() }).collect()
}

/// By which of their rules people are told. What may wake nobody goes the quiet way, and so does what is to be done afterwards.
fn urgency(news: &ClockNews) -> Urgency {
    let is_urgent: bool = news.pages_out_of_hours && news.severity <= Severity::P1 && news.kind != ClockKind::FollowUp;
    if is_urgent { Urgency::High } else { Urgency::Low }
}

/// The Facts by which somebody shows that they have heard it.
fn answers(kind: ClockKind) -> &'static [&'static str] {
    match kind {
        ClockKind::Ack => &[history::MOVED, history::ROLE_CHANGED, history::MERGED],
        ClockKind::Update => &[history::UPDATED, history::MOVED, history::MERGED],
        ClockKind::Resolve => &[history::MOVED, history::UPDATED, history::NOTED, history::SEVERITY_CHANGED, history::MERGED],
        ClockKind::FollowUp => &[history::FOLLOW_UP_CHANGED],
    }
}

fn bulletin(announcement: &Announcement, channel: &str, words: &BulletinWords) -> NewBulletin {
    NewBulletin {
        key: format!("{}/{channel}", announcement.key),
        group: history::subject(announcement.incident),
        kind: Kind::Announced,
        channel: channel.to_owned(),
        next: Vec::new(),
        words: words.clone(),
        why: UPDATE.to_owned(),
        at: announcement.at,
    }
}

/// Whoever follows it may see it, and is told all of it, quietly.
fn to_followers(announcement: &Announcement) -> Result<Telling, WorldError> {
    let words: Value = written(&words::of_update(announcement, true))?;
    let at: Time = announcement.at;
    Ok(Telling {
        key: announcement.key.clone(),
        subject: history::subject(announcement.incident),
        tone: Tone::Quiet,
        urgency: Urgency::Low,
        circles: vec![Circle { whom: Whom::People(announcement.followers.clone()), words }],
        last_resort: None,
        widen_after_ms: None,
        answers: Vec::new(),
        is_private: announcement.is_private,
        why: UPDATE.to_owned(),
        at,
    })
}

fn written(words: &BulletinWords) -> Result<Value, WorldError> {
    serde_json::to_value(words).map_err(|error| failed(&error))
}

fn failed(error: &(dyn std::error::Error + 'static)) -> WorldError {
    WorldError { reason: chain(error) }
}

#[cfg(test)]
mod tests;
