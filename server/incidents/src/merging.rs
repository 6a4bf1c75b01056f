//! Merging and splitting: what turns out to be one becomes one, and what turns out to be two becomes two. Alerts and lines move, and where
//! they came from stays written, so that a merge can be undone.

use crate::clocks::{self, Hours};
use crate::editing;
use crate::error::Error;
use crate::history;
use crate::incident::{By, Incident, MAX_INSIDERS, Moments, Source};
use crate::moves;
use crate::store;
use crate::store::merging::Moved;
use crate::timeline::{EntryId, EntryKind, Line, bounded, write};
use crate::visibility;
use crate::{Incidents, Seen};
use kernel::{Grant, Tx};
use model::access::WorkOnIncident;
use model::ids::{AlertId, IncidentId, PersonId};
use model::incident::roles::IncidentRole;
use model::incident::steps::{FollowUps, Postmortem};
use model::incident::{self, IncidentStatus, MAX_TITLE, Move, Refusal};
use model::scheme::Level;
use model::{Actor, Time};
use serde_json::{Value, json};

/// Alerts and lines that are split off at once.
const MOST_SPLIT: usize = 2_000;

/// What becomes an incident of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SplitOrder {
    pub title: String,
    /// The code of its level; `None`: that of the incident it was part of.
    pub code: Option<String>,
    /// They take the lines about them with them.
    pub alerts: Vec<AlertId>,
    /// Further lines.
    pub entries: Vec<EntryId>,
}

impl Incidents {
    /// Makes an incident part of another, which becomes as bad as the worse of the two. Says the one it is part of.
    ///
    /// # Errors
    /// [`Error::Refused`], [`Error::NotFound`], [`Error::Stale`]. The database's, and the world's.
    pub async fn merge(&self, grant: &Grant<WorkOnIncident>, seen: Seen, into: IncidentId) -> Result<Incident, Error> {
        let now: Time = self.clock.now();
        let actor: &Actor = grant.actor();
        let looked: Incident = self.incident(actor, into).await?.ok_or(Error::NotFound(into))?;
        let hours: Hours = self.hours(looked.team).await?;
        let mut tx: Tx = self.db.begin().await?;
        let (mut part, mut whole): (Incident, Incident) = locked_pair(&mut tx, actor, seen, into).await?;
        incident::may_take(part.id == whole.id, whole.status)?;
        let from: IncidentStatus = part.status;
        part.status = incident::moved(&part.facts(Postmortem::None, FollowUps::default()), Move::Merge, "")?;
        part.merged_into = Some(into);
        clocks::end_all(&mut tx, part.id, now).await?;
        moves::say(&mut tx, &part, from, Move::Merge, actor, now, json!({ "into": into })).await?;
        let moved: Moved = store::merging::carry(&mut tx, part.id, into, None).await?;
        store::merging::carry_followers(&mut tx, part.id, into).await?;
        for person in part.roles.people() {
            whole.roles.assign(IncidentRole::Responder, person);
        }
        if part.severity() < whole.severity() && whole.status.is_open() {
            let level: Level = part.level.clone();
            editing::relevel(&mut tx, &mut whole, level, &hours, &part.id.to_string(), actor, now).await?;
        }
        // What was private must not become known by the way.
        whole.is_private |= part.is_private;
        if whole.is_private {
            whole.insiders = together(&whole, &part);
        }
        let pair = Pair { here: &whole, there: &part, moved };
        pair.say(&mut tx, "took", history::MERGED, actor, now).await?;
        let pair = Pair { here: &part, there: &whole, moved };
        pair.say(&mut tx, "merged_into", history::MERGED, actor, now).await?;
        visibility::save(&mut tx, &mut part).await?;
        visibility::save(&mut tx, &mut whole).await?;
        tx.commit().await?;
        Ok(whole)
    }

    /// Takes an incident out of the one it is part of: what came with it goes back with it. Says the one that was taken out.
    ///
    /// # Errors
    /// [`Error::Refused`], [`Error::NotFound`], [`Error::Stale`]. The database's, and the world's.
    pub async fn unmerge(&self, grant: &Grant<WorkOnIncident>, seen: Seen) -> Result<Incident, Error> {
        let now: Time = self.clock.now();
        let actor: &Actor = grant.actor();
        let looked: Incident = self.incident(actor, seen.id).await?.ok_or(Error::NotFound(seen.id))?;
        let not_from = Refusal::NotFrom { from: looked.status, by: Move::Split };
        let whole: IncidentId = looked.merged_into.ok_or(not_from)?;
        let hours: Hours = self.hours(looked.team).await?;
        let mut tx: Tx = self.db.begin().await?;
        let (mut part, mut whole): (Incident, Incident) = locked_pair(&mut tx, actor, seen, whole).await?;
        if part.merged_into != Some(whole.id) {
            return Err(Refusal::NotFrom { from: part.status, by: Move::Split }.into());
        }
        let from: IncidentStatus = part.status;
        part.status = incident::moved(&part.facts(Postmortem::None, FollowUps::default()), Move::Split, "")?;
        moves::leave_source(&mut tx, &mut part).await?;
        let origins: Vec<i64> = store::merging::family(&mut tx, part.id).await?;
        // The whole may be part of another by now: what came with the part stands wherever that went.
        let holder: IncidentId = holder(&mut tx, &whole).await?;
        part.merged_into = None;
        let moved: Moved = store::merging::carry(&mut tx, holder, part.id, Some(&origins)).await?;
        moves::say(&mut tx, &part, from, Move::Split, actor, now, json!({ "out_of": whole.id })).await?;
        visibility::save(&mut tx, &mut part).await?;
        clocks::revive(&mut tx, &part, &hours, now).await?;
        let pair = Pair { here: &part, there: &whole, moved };
        pair.say(&mut tx, "taken_out", history::TAKEN_OUT, actor, now).await?;
        let pair = Pair { here: &whole, there: &part, moved };
        pair.say(&mut tx, "gave_back", history::TAKEN_OUT, actor, now).await?;
        visibility::save(&mut tx, &mut whole).await?;
        tx.commit().await?;
        Ok(part)
    }

    /// Makes alerts and lines of an incident another incident. Says the new one.
    ///
    /// # Errors
    /// [`Error::NoAlerts`] when there is nothing to split off, [`Error::Over`], [`Error::NoLevel`], [`Error::Empty`], [`Error::Large`],
    /// [`Error::NotFound`], [`Error::Stale`]. The database's, and the world's.
    pub async fn split(&self, grant: &Grant<WorkOnIncident>, seen: Seen, order: &SplitOrder) -> Result<Incident, Error> {
        let title: String = bounded("the title", &order.title, MAX_TITLE)?;
        check_order(order)?;
        let levels = self.setup().await?.definition.scheme;
        let now: Time = self.clock.now();
        let actor: &Actor = grant.actor();
        let looked: Incident = self.incident(actor, seen.id).await?.ok_or(Error::NotFound(seen.id))?;
        let hours: Hours = self.hours(looked.team).await?;
        let mut tx: Tx = self.db.begin().await?;
        let mut whole: Incident = visibility::locked(&mut tx, actor, seen).await?;
        if !whole.status.is_open() {
            return Err(Error::Over);
        }
        let level: Level = match order.code.as_deref() {
            Some(code) => levels.level(code).cloned().ok_or_else(|| Error::NoLevel { code: code.chars().take(20).collect() })?,
            None => whole.level.clone(),
        };
        let fresh: Incident = split_off(&whole, title, level, order.code.is_some(), actor, now);
        let id: IncidentId = store::incidents::add(&mut tx, &fresh).await?.ok_or(Error::NotFound(seen.id))?;
        let fresh = Incident { id, ..fresh };
        let moved: Moved = store::merging::carry_some(&mut tx, whole.id, id, &order.alerts, &order.entries).await?;
        if moved == Moved::default() {
            return Err(Error::NoAlerts);
        }
        clocks::begin_all(&mut tx, &fresh, &hours).await?;
        declared(&mut tx, &fresh, actor, now).await?;
        let pair = Pair { here: &fresh, there: &whole, moved };
        pair.say(&mut tx, "split_from", history::SPLIT, actor, now).await?;
        let pair = Pair { here: &whole, there: &fresh, moved };
        pair.say(&mut tx, "split_off", history::SPLIT, actor, now).await?;
        visibility::save(&mut tx, &mut whole).await?;
        tx.commit().await?;
        Ok(fresh)
    }
}

/// Both, locked in the order of their numbers.
async fn locked_pair(tx: &mut Tx, actor: &Actor, seen: Seen, other: IncidentId) -> Result<(Incident, Incident), Error> {
    if other < seen.id {
        let there: Incident = visibility::locked(tx, actor, Seen::any(other)).await?;
        return Ok((visibility::locked(tx, actor, seen).await?, there));
    }
    let here: Incident = visibility::locked(tx, actor, seen).await?;
    let there: Incident = visibility::locked(tx, actor, Seen::any(other)).await?;
    Ok((here, there))
}

/// Who was let in to either, and whoever declared the part.
fn together(whole: &Incident, part: &Incident) -> Vec<PersonId> {
    let let_in = whole.insiders.iter().chain(&part.insiders).copied().chain(part.declared_by.person);
    let mut insiders: Vec<PersonId> = let_in.collect();
    insiders.sort_unstable();
    insiders.dedup();
    insiders.truncate(MAX_INSIDERS);
    insiders
}

/// Where the lines of an incident stand now.
async fn holder(tx: &mut Tx, incident: &Incident) -> Result<IncidentId, Error> {
    let mut at: IncidentId = incident.id;
    let mut next: Option<IncidentId> = incident.merged_into;
    while let Some(id) = next {
        at = id;
        next = store::incidents::one(tx, id).await?.and_then(|found| found.merged_into);
    }
    Ok(at)
}

fn check_order(order: &SplitOrder) -> Result<(), Error> {
    let n: usize = order.alerts.len() + order.entries.len();
    if n == 0 {
        return Err(Error::NoAlerts);
    }
    if n > MOST_SPLIT { Err(Error::Large { what: "what is split off", n, max: MOST_SPLIT }) } else { Ok(()) }
}

/// The new incident: whose it is, and when it was noticed, is that of the one it was part of.
fn split_off(whole: &Incident, title: String, level: Level, is_classified: bool, actor: &Actor, now: Time) -> Incident {
    Incident {
        id: IncidentId(0),
        version: 1,
        title,
        summary: String::new(),
        level,
        status: IncidentStatus::Declared,
        source: Source::Split,
        source_ref: None,
        declared_by: By::of(actor),
        declared_at: now,
        acknowledged_at: None,
        mitigated_at: None,
        resolved_at: None,
        closed_at: None,
        moments: Moments {
            occurred_at: whole.moments.occurred_at,
            classified_at: is_classified.then_some(now).or(whole.moments.classified_at),
            ..Moments::default()
        },
        roles: incident::roles::Roles::default(),
        no_follow_ups: false,
        merged_into: None,
        split_from: Some(whole.id),
        room: None,
        ..whole.clone()
    }
}

async fn declared(tx: &mut Tx, fresh: &Incident, actor: &Actor, now: Time) -> Result<(), Error> {
    let body: Value = json!({
        "title": fresh.title,
        "code": fresh.level.code,
        "severity": fresh.severity().code(),
        "source": fresh.source.as_str(),
    });
    write(tx, fresh, &Line::of(EntryKind::Declared, now, By::of(actor), body), now).await?;
    let source: Value = json!({ "source": fresh.source.as_str(), "split_from": fresh.split_from });
    history::append(tx, fresh, history::DECLARED, actor, now, source).await?;
    Ok(())
}

/// One incident, seen from which something moved from or to another.
struct Pair<'a> {
    here: &'a Incident,
    there: &'a Incident,
    moved: Moved,
}

impl Pair<'_> {
    async fn say(&self, tx: &mut Tx, what: &str, kind: &'static str, actor: &Actor, now: Time) -> Result<(), Error> {
        // The name of what is private is not said in what is not.
        let title: Option<&str> = (!self.there.is_private || self.here.is_private).then_some(self.there.title.as_str());
        let body: Value = json!({
            "what": what,
            "other": self.there.id,
            "other_title": title,
            "n_alerts": self.moved.n_alerts,
            "n_entries": self.moved.n_entries,
        });
        write(tx, self.here, &Line::of(EntryKind::Merge, now, By::of(actor), body.clone()), now).await?;
        history::append(tx, self.here, kind, actor, now, body).await?;
        Ok(())
    }
}
