//! Tellings: what people must hear that is no alert. A promise about an incident is at risk, or was broken; or those who wait are told how it
//! stands.
//!
//! Unlike an escalation it follows no policy, and there is nothing to acknowledge: whoever asks names circles of people, of which the first
//! that can be reached is told, and the kinds of Facts that mean that somebody has answered. Each person is told by their own contacts and
//! rules, and a contact that fails is followed by the next. When a circle has nobody left who can be reached the next one is told, at the end
//! the channel of last resort. A call goes on by each person's rules, and may widen by itself, until somebody answers.
//!
//! By file: `circles.rs` (whom a circle means, now), `reaching.rs` (told, followed, widened), here what is asked for and the look at what is
//! due. Nothing is sent where it is asked for: the next look finds it.

mod circles;
pub(crate) mod reaching;

use crate::Oncall;
use crate::error::Error;
use crate::firing::Look;
use crate::needs::{Staffer, Tone};
use crate::personal::Urgency;
use crate::store;
use crate::store::tellings::{Due, Stored};
use kernel::{Tx, facts};
use model::Time;
use model::ids::{AlertId, PersonId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Tellings that go on in one look.
const MOST_AT_ONCE: i64 = 200;
/// Facts of one subject among which an answer is looked for: more are written in no quarter of an hour.
const MOST_FACTS: i64 = 300;
/// Circles of one telling.
pub const MOST_CIRCLES: usize = 8;
/// People of one circle.
pub const MOST_PEOPLE: usize = 1_000;

/// Whom a circle is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    People(Vec<PersonId>),
    /// Whoever is on call at the moment: in the schedules that this team looks after, else by its policies; without a team, and for one that
    /// has neither, in the schedules that nobody in particular looks after.
    OnCall {
        team: Option<String>,
    },
    Administrators,
}

/// People, and what they are told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Circle {
    pub whom: Whom,
    /// As whoever sends reads it; not looked into here.
    pub words: Value,
}

/// Something that people must hear.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// Names it for ever: asking for the same key twice does nothing.
    pub key: String,
    /// What it is about, as Facts name it: `incident/12`.
    pub subject: String,
    pub tone: Tone,
    /// By which of their own rules people are told.
    pub urgency: Urgency,
    /// At most [`MOST_CIRCLES`] are kept.
    pub circles: Vec<Circle>,
    /// What the channel of last resort is told when nobody can be reached; nothing where that does not matter.
    pub last_resort: Option<Value>,
    /// Of a call: after so long without an answer the next circle is told too.
    pub widen_after_ms: Option<i64>,
    /// The kinds of Facts of the subject, after `at`, that mean that somebody has answered.
    pub answers: Vec<String>,
    /// Its Facts say nothing but that something happened.
    pub is_private: bool,
    /// Why, for the log of deliveries.
    pub why: String,
    pub at: Time,
}

impl Oncall {
    /// Has people told, in the transaction that made it necessary. `false` when that was asked for before.
    ///
    /// # Errors
    /// The database's: roll back then.
    pub async fn tell(&self, tx: &mut Tx, telling: &Telling) -> Result<bool, Error> {
        store::tellings::insert(tx, &stored(telling), Some(self.clock.now())).await
    }

    /// One step further than where it stands, in the transaction that made it necessary: the next step of every escalation about these
    /// alerts fires now; where there is none that has a next step, people are told instead. Once for each key.
    ///
    /// # Errors
    /// The database's: roll back then.
    pub async fn escalate(&self, tx: &mut Tx, alerts: &[AlertId], telling: &Telling) -> Result<(), Error> {
        if store::tellings::is_known(tx, &telling.key).await? {
            return Ok(());
        }
        let n_hastened: usize = self.hasten(tx, alerts, &telling.why).await?;
        let due_at: Option<Time> = (n_hastened == 0).then(|| self.clock.now());
        store::tellings::insert(tx, &stored(telling), due_at).await?;
        Ok(())
    }
}

fn stored(telling: &Telling) -> Stored {
    Stored {
        id: kernel::ids::new_uuid(),
        key: telling.key.clone(),
        subject: telling.subject.clone(),
        tone: telling.tone,
        urgency: telling.urgency,
        circles: telling.circles.iter().take(MOST_CIRCLES).cloned().collect(),
        last_resort: telling.last_resort.clone(),
        circle: 0,
        widen_after_ms: telling.widen_after_ms.filter(|ms| *ms > 0 && telling.tone == Tone::Call),
        widen_at: None,
        answers: telling.answers.clone(),
        is_private: telling.is_private,
        why: telling.why.clone(),
        at: telling.at,
    }
}

/// Does what is due, and says for how many tellings.
pub(crate) async fn tick(oncall: &Oncall, now: Time) -> Result<usize, Error> {
    let due: Vec<Due> = store::tellings::due(&oncall.db, now, MOST_AT_ONCE).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let staff: Vec<Staffer> = oncall.needs.staff.everybody().await?;
    let look = Look { needs: &oncall.needs, staff: &staff, now };
    let mut n_done: usize = 0;
    for one in &due {
        match go_on(oncall, &look, one).await {
            Ok(did) => n_done += usize::from(did),
            // One that can't go on must not keep the others from it.
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, key = one.key, "a telling could not go on");
            }
        }
    }
    Ok(n_done)
}

/// `false` when another process has it, or has done it.
async fn go_on(oncall: &Oncall, look: &Look<'_>, due: &Due) -> Result<bool, Error> {
    let is_answered: bool = is_answered(oncall, due).await?;
    let mut tx: Tx = oncall.db.begin().await?;
    let Some(mut told) = store::tellings::claim(&mut tx, due.id, look.now).await? else {
        return Ok(false);
    };
    if is_answered {
        reaching::end(&mut tx, &mut told).await?;
    } else {
        reaching::go_on(&mut tx, look, &mut told).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Whether somebody has answered since. Asked before the transaction begins: Facts are read by a connection of their own.
async fn is_answered(oncall: &Oncall, due: &Due) -> Result<bool, Error> {
    if due.answers.is_empty() {
        return Ok(false);
    }
    let facts = facts::about(&oncall.db, &due.subject, MOST_FACTS).await?;
    Ok(facts.iter().any(|fact| fact.at > due.at && due.answers.contains(&fact.kind)))
}
