//! What is due by itself: incidents that were resolved and ask for a postmortem get their row and deadline; owners and reviewers are reminded.
//!
//! Any number of processes do this over one database: the row of the last look lets one of them at a time, and a reminder is written down in the
//! transaction that sends it.

use crate::Documents;
use crate::error::Error;
use crate::postmortems::needs::{Happened, Reason, Reminder};
use crate::postmortems::{Postmortem, Reviewer, history};
use crate::store;
use crate::store::postmortems::rows::{Due, New};
use chrono::NaiveDate;
use figures::Civil;
use kernel::Tx;
use model::Time;
use model::ids::{DocumentId, IncidentId, PersonId};
use model::postmortem::{Policy, State};
use serde_json::json;
use std::collections::HashSet;

/// Between two looks.
const LOOK_EVERY_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
/// An owner who does not answer is reminded again after so long.
const AGAIN_AFTER_MS: i64 = 7 * DAY_MS;
/// Postmortems that are looked through at once; more follow in the same look, until none is left.
const AT_ONCE: i64 = 200;
/// Stretches of incidents that are looked through in one look.
const MOST_STRETCHES: usize = 20;
/// The hour at which a day is over for whoever has to read something.
const EVENING: i64 = 18;

impl Documents {
    /// Does what is due of postmortems. Called again and again.
    pub(crate) async fn tick_postmortems(&self, now: Time) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        let is_mine: bool = store::postmortems::setup::begin_look(&mut tx, now.plus_ms(-LOOK_EVERY_MS), now).await?;
        tx.commit().await?;
        if !is_mine {
            return Ok(());
        }
        let (_, policy) = self.postmortem_policy().await?;
        self.await_postmortems(&policy, now).await?;
        self.remind_postmortem_owners(&policy, now).await?;
        self.remind_postmortem_reviewers(now).await
    }

    /// Incidents that wait for one have a row.
    async fn await_postmortems(&self, policy: &Policy, now: Time) -> Result<(), Error> {
        let mut before: Option<IncidentId> = None;
        for _ in 0..MOST_STRETCHES {
            let resolved: Vec<Happened> = self.needs.postmortems.resolved(before).await?;
            let Some(last) = resolved.last().map(|happened| happened.id) else {
                return Ok(());
            };
            for happened in resolved.iter().filter(|happened| happened.needs_postmortem) {
                let mut tx: Tx = self.db.begin().await?;
                ensure_row(&mut tx, happened, policy, now).await?;
                tx.commit().await?;
            }
            before = Some(last);
        }
        Ok(())
    }

    async fn remind_postmortem_owners(&self, policy: &Policy, now: Time) -> Result<(), Error> {
        let horizon: Time = now.plus_ms(policy.remind_days_before.saturating_mul(DAY_MS));
        let mut behind: Option<Due> = None;
        loop {
            let mut tx: Tx = self.db.begin().await?;
            let due: Vec<Due> = store::postmortems::rows::due(&mut tx, horizon, behind, AT_ONCE).await?;
            let Some(last) = due.last().copied() else {
                return Ok(());
            };
            behind = Some(last);
            let ids: Vec<IncidentId> = due.into_iter().map(|(_, incident)| incident).collect();
            let found: Vec<Postmortem> = store::postmortems::rows::of(&mut tx, &ids).await?;
            drop(tx);
            let late: Vec<Late> = found.iter().filter_map(|postmortem| late_owner(postmortem, now)).collect();
            self.remind_all(&ids, late, now).await?;
        }
    }

    async fn remind_postmortem_reviewers(&self, now: Time) -> Result<(), Error> {
        let mut before: Option<IncidentId> = None;
        loop {
            let mut tx: Tx = self.db.begin().await?;
            let ids: Vec<IncidentId> = store::postmortems::rows::list(&mut tx, &[State::InReview], before, AT_ONCE).await?;
            let Some(last) = ids.last().copied() else {
                return Ok(());
            };
            before = Some(last);
            let mut late: Vec<Late> = Vec::new();
            for postmortem in store::postmortems::rows::of(&mut tx, &ids).await? {
                let asked: Vec<Reviewer> = store::postmortems::reviewers::of(&mut tx, postmortem.incident).await?;
                late.extend(asked.iter().filter_map(|one| self.late_reviewer(&postmortem, one, now)));
            }
            drop(tx);
            self.remind_all(&ids, late, now).await?;
        }
    }

    fn late_reviewer(&self, postmortem: &Postmortem, one: &Reviewer, now: Time) -> Option<Late> {
        let day: NaiveDate = one.due_on.filter(|_| one.answer.is_none())?;
        let due_at: Time = self.house_evening(day);
        let key: String = format!("review-due-{}-{}", one.person, due_at.0);
        let (incident, doc) = (postmortem.incident, postmortem.doc);
        (due_at <= now).then(|| Late { incident, doc, reason: Reason::ReviewDue, key, people: vec![one.person], due_at })
    }

    /// Reminds people of what is late, but for what they were reminded of before. One that fails keeps no other from it.
    async fn remind_all(&self, ids: &[IncidentId], late: Vec<Late>, now: Time) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        let sent: HashSet<(IncidentId, String)> = store::postmortems::reminders::of(&mut tx, ids).await?;
        drop(tx);
        for one in late.into_iter().filter(|one| !sent.contains(&(one.incident, one.key.clone()))) {
            let incident: IncidentId = one.incident;
            if let Err(error) = self.remind_of_postmortem(one, now).await {
                tracing::warn!(error = &error as &dyn std::error::Error, %incident, "nobody could be reminded of a postmortem");
            }
        }
        Ok(())
    }

    /// Reminds people, unless they were for the same reason. Whoever may not read it is not told.
    async fn remind_of_postmortem(&self, late: Late, now: Time) -> Result<(), Error> {
        let Some(happened) = self.happened(&history::worker(), late.incident).await? else {
            return Ok(());
        };
        let mut tx: Tx = self.db.begin().await?;
        if !store::postmortems::reminders::note(&mut tx, late.incident, &late.key, now).await? {
            return Ok(());
        }
        let people: Vec<PersonId> = self.postmortem_readers(&mut tx, &happened, late.doc, late.people).await?;
        // Where its owner can't be told, whoever is on call is; a reviewer's place is nobody else's.
        if !people.is_empty() || late.reason != Reason::ReviewDue {
            let reminder: Reminder = reminder(&happened, late.reason, &late.key, people, late.due_at, now);
            self.needs.postmortems.remind(&mut tx, &reminder).await?;
            let body = json!({ "reason": late.reason.as_str(), "due_at": late.due_at });
            history::append(&mut tx, &happened, history::REMINDED, &history::worker(), now, body).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// When a day is over, in the house's zone.
    pub(crate) fn house_evening(&self, day: NaiveDate) -> Time {
        let midnight: Time = Time(day.signed_duration_since(NaiveDate::default()).num_milliseconds());
        let civil: Civil = Civil::from_wall_ms(midnight.0 + EVENING * 3_600_000);
        Time(self.house_zone().instant(civil))
    }
}

/// Something that somebody is to be reminded of.
struct Late {
    incident: IncidentId,
    doc: Option<DocumentId>,
    reason: Reason,
    key: String,
    people: Vec<PersonId>,
    due_at: Time,
}

fn late_owner(postmortem: &Postmortem, now: Time) -> Option<Late> {
    let due_at: Time = postmortem.facets.due_at?;
    let (reason, key): (Reason, String) = owner_key(due_at, now);
    let people: Vec<PersonId> = postmortem.facets.owner.into_iter().collect();
    Some(Late { incident: postmortem.incident, doc: postmortem.doc, reason, key, people, due_at })
}

/// Two days before: once. Overdue: at once, and every week.
fn owner_key(due_at: Time, now: Time) -> (Reason, String) {
    let late: i64 = now.since(due_at);
    if late < 0 {
        return (Reason::DueSoon, format!("due-soon-{}", due_at.0));
    }
    (Reason::Overdue, format!("overdue-{}-{}", due_at.0, late / AGAIN_AFTER_MS))
}

/// A reminder about an incident's postmortem.
pub(crate) fn reminder(
    happened: &Happened,
    reason: Reason,
    key: &str,
    people: Vec<PersonId>,
    due_at: Time,
    now: Time,
) -> Reminder {
    Reminder {
        key: format!("postmortem-{}-{key}", happened.id.0),
        reason,
        incident: happened.id,
        title: happened.title.clone(),
        is_private: happened.is_private,
        severity: happened.severity,
        code: happened.code.clone(),
        team: happened.team,
        people,
        due_at,
        at: now,
    }
}

/// Writes the row of an incident that has none: the commander owns it, and the deadline counts from the resolution.
pub(crate) async fn ensure_row(tx: &mut Tx, happened: &Happened, policy: &Policy, now: Time) -> Result<(), Error> {
    let begin: Time = happened.resolved_at.unwrap_or(now);
    let due_at: Option<Time> =
        happened.needs_postmortem.then(|| begin.plus_ms(policy.days(happened.severity).saturating_mul(DAY_MS)));
    let new = New { incident: happened.id, owner: happened.commander, due_at };
    if store::postmortems::rows::add(tx, &new, now).await? && happened.needs_postmortem {
        let body = json!({ "due_at": due_at, "owner": happened.commander });
        history::append(tx, happened, history::DUE, &history::worker(), now, body).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_reminded_before_the_deadline_at_it_and_every_week() {
        let due_at = Time(100 * DAY_MS);
        let key = |days: i64| owner_key(due_at, due_at.plus_ms(days * DAY_MS));
        assert_eq!(key(-2), key(-1), "once");
        assert_eq!((key(-1).0, key(0).0), (Reason::DueSoon, Reason::Overdue));
        assert_eq!(key(0), key(6));
        assert_ne!(key(6), key(7));
    }
}
