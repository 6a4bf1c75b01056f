//! What comes in: orders to escalate, the word that alerts need nobody any more, who answered, and who can't.
//!
//! All of it happens in the transaction that made it necessary, under the lock of each run it concerns. Nothing is fired here: a run that is
//! due is found by the next look, so that an order costs whoever gives it two rows.

use crate::Oncall;
use crate::contacts::ContactId;
use crate::error::Error;
use crate::explain::{LogEntry, What};
use crate::history;
use crate::needs::{Needless, PersonalPage, Purpose};
use crate::policies::Policy;
use crate::policies::course::Place;
use crate::runs::{Answer, Run, RunId, RunRow, State};
use crate::store;
use crate::store::contacts::Stored;
use kernel::{Grant, Tx};
use model::access::AnswerAlert;
use model::ids::{AlertId, PersonId};
use model::{Actor, Severity, Time};
use serde_json::{Value, json};

/// Characters of a reason to pass it on.
pub const MOST_REASON: usize = 500;

/// What an order is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderKind {
    /// Somebody is needed.
    Calls,
    /// Somebody has all of it.
    Acknowledged,
    /// Some of it is over, or has changed.
    Updated,
    /// All of it is over.
    Resolved,
}

/// An alert of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderedAlert {
    pub id: AlertId,
    /// Somebody has it, or it is over.
    pub is_settled: bool,
}

/// What whoever decides who is told hands over, about one group of alerts.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Names this order for ever.
    pub key: String,
    /// What belongs together, from the first page to the word that all is over. There is one live run of it.
    pub story: String,
    /// The policy that the route names. Only [`OrderKind::Calls`] needs one: the others are for whatever runs.
    pub policy: Option<String>,
    /// The path of the route.
    pub route: String,
    pub kind: OrderKind,
    /// The worst of what needs somebody.
    pub severity: Severity,
    pub alerts: Vec<OrderedAlert>,
    /// What there is to say. Handed back with each message, and not looked into here.
    pub words: Value,
    /// Why now, for the log.
    pub why: String,
}

impl Order {
    fn numbers(&self) -> Vec<i64> {
        self.alerts.iter().map(|alert| alert.id.0).collect()
    }

    fn settled(&self) -> Vec<i64> {
        self.alerts.iter().filter(|alert| alert.is_settled).map(|alert| alert.id.0).collect()
    }

    /// What the run of the same story knows from now on.
    fn put_into(&self, run: &mut Run) {
        for alert in &self.alerts {
            if !run.alerts.contains(&alert.id.0) {
                run.alerts.push(alert.id.0);
            }
            run.settled.retain(|settled| *settled != alert.id.0);
            if alert.is_settled {
                run.settled.push(alert.id.0);
            }
        }
        run.words = self.words.clone();
    }
}

impl Oncall {
    /// Takes an order, in the transaction that decided it. A story that is escalated already learns what is new, and goes on; one that
    /// nobody answered, or that came back, begins anew.
    ///
    /// # Errors
    /// The database's and the messenger's: roll back then.
    pub async fn order(&self, tx: &mut Tx, order: &Order) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let ids: Vec<RunId> = store::runs::lock_of_story(tx, &order.story).await?;
        let mut live: Vec<Run> = Vec::new();
        for id in ids {
            live.extend(store::runs::lock(tx, id).await?);
        }
        match (order.kind, order.policy.as_deref()) {
            (OrderKind::Calls, Some(policy)) => self.call(tx, order, policy, live, now).await,
            (OrderKind::Calls, None) => Ok(()),
            (OrderKind::Updated, _) => refresh(tx, order, live).await,
            (OrderKind::Acknowledged, _) => {
                refresh(tx, order, live).await?;
                self.notice(tx, order, Purpose::Acknowledged, now).await
            }
            (OrderKind::Resolved, _) => {
                for run in live {
                    self.close(tx, run, Needless::Resolved, now).await?;
                }
                self.notice(tx, order, Purpose::Resolved, now).await
            }
        }
    }

    async fn call(&self, tx: &mut Tx, order: &Order, policy: &str, live: Vec<Run>, now: Time) -> Result<(), Error> {
        let mut goes_on: bool = false;
        for mut run in live {
            if run.policy == policy && run.state == State::Running {
                goes_on = true;
                order.put_into(&mut run);
                let is_worse: bool = order.severity < run.severity;
                run.severity = order.severity;
                if is_worse && run.severity == Severity::P0 {
                    store::pages::release(tx, run.id, now).await?;
                }
                store::log::add(tx, run.id, &LogEntry::new(now, What::Updated).saying(&order.why)).await?;
                store::runs::save(tx, &run).await?;
            } else {
                self.close(tx, run, Needless::Newer, now).await?;
            }
        }
        if goes_on { Ok(()) } else { start(tx, order, policy, now).await }
    }

    /// Ends a run whatever it does, with all that waits to be sent.
    async fn close(&self, tx: &mut Tx, mut run: Run, why: Needless, now: Time) -> Result<(), Error> {
        store::pages::withdraw(tx, run.id, &[]).await?;
        let keys: Vec<String> = store::calls::open(tx, run.id, None, &[]).await?;
        let alerts: Vec<AlertId> = run.alerts.iter().map(|alert| AlertId(*alert)).collect();
        self.needs.messenger.withdraw(tx, &keys, &alerts, why).await?;
        store::log::add(tx, run.id, &LogEntry::new(now, What::Ended).saying(why.as_str())).await?;
        run.end(why.as_str(), now);
        store::runs::save(tx, &run).await?;
        Ok(())
    }

    /// Tells those who were paged that somebody has it, or that it is over: as far as that makes no noise.
    async fn notice(&self, tx: &mut Tx, order: &Order, purpose: Purpose, now: Time) -> Result<(), Error> {
        let reached: Vec<(PersonId, ContactId)> = store::calls::reached(tx, &order.story).await?;
        if reached.is_empty() {
            return Ok(());
        }
        let mut people: Vec<PersonId> = reached.iter().map(|(person, _)| *person).collect();
        people.dedup();
        let contacts: Vec<Stored> = store::contacts::of_people(tx, &people).await?;
        let is_told =
            |stored: &&Stored| stored.row.kind.takes_notices() && reached.iter().any(|(_, contact)| *contact == stored.row.id);
        let page = |stored: &Stored| PersonalPage {
            key: format!("{}/{}", order.key, stored.row.id),
            group: conversation(&order.story, stored.row.id),
            purpose,
            to: stored.address(),
            words: vec![order.words.clone()],
            alerts: order.alerts.iter().map(|alert| alert.id).collect(),
            why: order.why.clone(),
            at: now,
        };
        let pages: Vec<PersonalPage> = contacts.iter().filter(is_told).map(page).collect();
        self.needs.messenger.send(tx, pages).await?;
        Ok(())
    }

    /// Nobody need be paged for these alerts any more, in the transaction that made that true. A run that has none left ends; from the
    /// commit on nothing of it is sent, but for a request that is under way.
    ///
    /// # Errors
    /// The database's and the messenger's: roll back then.
    pub async fn withdraw(&self, tx: &mut Tx, alerts: &[AlertId], why: Needless) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let numbers: Vec<i64> = alerts.iter().map(|alert| alert.0).collect();
        for id in store::runs::lock_of_alerts(tx, &numbers).await? {
            let Some(mut run) = store::runs::lock(tx, id).await? else { continue };
            let own: Vec<i64> = numbers.iter().copied().filter(|alert| run.alerts.contains(alert)).collect();
            let is_all_over: bool = run.alerts.iter().all(|alert| own.contains(alert));
            for alert in own {
                if !run.settled.contains(&alert) {
                    run.settled.push(alert);
                }
            }
            let was_held: bool = run.state == State::Acknowledged;
            if !run.is_settled() || (was_held && why != Needless::Acknowledged && !is_all_over) {
                let keys: Vec<String> = store::calls::open(tx, id, None, &[]).await?;
                self.needs.messenger.withdraw(tx, &keys, alerts, why).await?;
                store::runs::save(tx, &run).await?;
            } else if why == Needless::Acknowledged {
                self.hold(tx, run, now).await?;
            } else {
                self.close(tx, run, why, now).await?;
            }
        }
        Ok(())
    }

    /// Somebody has all of it. Whom a step wants an answer of goes on being paged.
    async fn hold(&self, tx: &mut Tx, mut run: Run, now: Time) -> Result<(), Error> {
        let asked: Vec<PersonId> = store::pages::still_asked(tx, run.id).await?;
        store::pages::withdraw(tx, run.id, &asked).await?;
        let keys: Vec<String> = store::calls::open(tx, run.id, None, &asked).await?;
        let alerts: Vec<AlertId> = run.alerts.iter().map(|alert| AlertId(*alert)).collect();
        self.needs.messenger.withdraw(tx, &keys, &alerts, Needless::Acknowledged).await?;
        run.state = State::Acknowledged;
        run.next_step_at = None;
        if asked.is_empty() {
            run.end(Needless::Acknowledged.as_str(), now);
        }
        store::runs::save(tx, &run).await?;
        Ok(())
    }

    /// Somebody took an alert on, in the transaction that wrote it; also when another has it already. To be told before
    /// [`Oncall::withdraw`] is.
    ///
    /// # Errors
    /// The database's and the messenger's: roll back then.
    pub async fn acknowledged(&self, tx: &mut Tx, alert: AlertId, by: &Actor) -> Result<(), Error> {
        let now: Time = self.clock.now();
        for id in store::runs::lock_of_alerts(tx, &[alert.0]).await? {
            let Some(mut run) = store::runs::lock(tx, id).await? else { continue };
            let person: Option<PersonId> = by.person_id();
            let mut entry = LogEntry::new(now, What::Acknowledged).saying(by.name());
            entry.person = person;
            store::log::add(tx, id, &entry).await?;
            if run.answer.is_none() {
                run.answer = Some(Answer { at: now, by: by.name().to_owned(), person });
            }
            let is_the_last: bool = run.alerts.iter().all(|one| *one == alert.0 || run.settled.contains(one));
            if let Some(person) = person.filter(|_| is_the_last) {
                store::pages::answer(tx, id, person).await?;
                let keys: Vec<String> = store::calls::open(tx, id, Some(person), &[]).await?;
                self.needs.messenger.withdraw(tx, &keys, &run.needing(), Needless::Acknowledged).await?;
            }
            if run.state == State::Acknowledged && store::pages::still_asked(tx, id).await?.is_empty() {
                store::pages::withdraw(tx, id, &[]).await?;
                run.end(Needless::Acknowledged.as_str(), now);
            }
            store::runs::save(tx, &run).await?;
        }
        Ok(())
    }

    /// "Can't, pass on": whoever says it is paged no more for this, and if it was the newest step that paged them, the next one fires at
    /// once. Says how the runs stand.
    ///
    /// # Errors
    /// [`Error::NotEscalating`], [`Error::LongReason`]. The database's and the messenger's.
    pub async fn pass_on(&self, grant: &Grant<AnswerAlert>, alert: AlertId, reason: &str) -> Result<Vec<RunRow>, Error> {
        let reason: &str = reason.trim();
        let n: usize = reason.chars().count();
        if n > MOST_REASON {
            return Err(Error::LongReason { n, max: MOST_REASON });
        }
        let mut tx: Tx = self.db.begin().await?;
        let ids: Vec<RunId> = store::runs::lock_of_alerts(&mut tx, &[alert.0]).await?;
        let mut rows: Vec<RunRow> = Vec::new();
        for id in ids {
            if let Some(run) = store::runs::lock(&mut tx, id).await? {
                rows.push(self.pass_one_on(&mut tx, run, grant.actor(), reason).await?.into());
            }
        }
        if rows.is_empty() {
            return Err(Error::NotEscalating(alert));
        }
        tx.commit().await?;
        Ok(rows)
    }

    async fn pass_one_on(&self, tx: &mut Tx, mut run: Run, actor: &Actor, reason: &str) -> Result<Run, Error> {
        let now: Time = self.clock.now();
        let mut entry = LogEntry::new(now, What::PassedOn).saying(reason);
        entry.person = actor.person_id();
        store::log::add(tx, run.id, &entry).await?;
        history::append(tx, &run, history::PASSED_ON, actor, now, json!({ "comment": reason })).await?;
        let mut is_their_turn: bool = true;
        if let Some(person) = actor.person_id() {
            is_their_turn =
                store::pages::newest_place(tx, run.id, person).await?.is_some_and(|place| place >= newest_fired(&run));
            store::pages::answer(tx, run.id, person).await?;
            let keys: Vec<String> = store::calls::open(tx, run.id, Some(person), &[]).await?;
            self.needs.messenger.withdraw(tx, &keys, &run.needing(), Needless::Newer).await?;
        }
        if is_their_turn && run.state == State::Running {
            run.next_step_at = Some(now);
        }
        store::runs::save(tx, &run).await?;
        Ok(run)
    }
}

/// The step that fired last; before the first one, a place before it.
pub(crate) fn newest_fired(run: &Run) -> Place {
    Place { step: run.place.step - 1, ..run.place }
}

/// What belongs together for whoever reads it.
pub(crate) fn conversation(story: &str, contact: ContactId) -> String {
    format!("escalation/{story}/{contact}")
}

async fn refresh(tx: &mut Tx, order: &Order, live: Vec<Run>) -> Result<(), Error> {
    for mut run in live {
        order.put_into(&mut run);
        store::runs::save(tx, &run).await?;
    }
    Ok(())
}

async fn start(tx: &mut Tx, order: &Order, name: &str, now: Time) -> Result<(), Error> {
    let found: Option<Policy> = policy(tx, name).await?;
    let is_known: bool = found.is_some();
    let run = Run {
        id: RunId(kernel::ids::new_uuid()),
        number: 0,
        story: order.story.clone(),
        policy: name.to_owned(),
        snapshot: found.unwrap_or_else(|| Policy::unwritten(name)),
        route: order.route.clone(),
        severity: order.severity,
        alerts: order.numbers(),
        settled: order.settled(),
        words: order.words.clone(),
        state: State::Running,
        place: Place::FIRST,
        has_reached: false,
        was_empty: false,
        next_step_at: Some(now),
        started_at: now,
        first_page_at: None,
        answer: None,
        nobody_at: None,
        ended_at: None,
        ended_why: None,
    };
    if !store::runs::insert(tx, &run).await? {
        return Ok(());
    }
    store::log::add(tx, run.id, &LogEntry::new(now, What::Started).saying(&order.why)).await?;
    if !is_known {
        tracing::error!(policy = name, route = order.route, "a route names an escalation policy that does not exist");
        store::log::add(tx, run.id, &LogEntry::new(now, What::PolicyUnknown).saying(name)).await?;
    }
    history::append(tx, &run, history::STARTED, &history::worker(), now, json!({})).await?;
    Ok(())
}

/// One that can't be read is none: whoever decides who is told must not stand still for it.
async fn policy(tx: &mut Tx, name: &str) -> Result<Option<Policy>, Error> {
    match store::policies::list(tx, Some(name)).await {
        Ok(mut rows) => Ok(rows.pop().map(|row| row.policy)),
        Err(error @ Error::Corrupt { .. }) => {
            tracing::error!(error = &error as &dyn std::error::Error, policy = name, "an escalation policy can't be read");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
