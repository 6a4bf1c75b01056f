//! What was in force becomes final as it passes.
//!
//! A reconciler: it looks what of a schedule's past is not written down, and writes it: soon after each handoff, once a day, and before every
//! change of anything that turns are worked out from. So nothing that is changed reaches back, and the past is asked of nobody.

use super::Schedules;
use super::definition::{ScheduleId, role_word};
use super::looking::{Loaded, joined};
use super::refused::Refused;
use super::telling::{self, HANDED_OVER};
use crate::error::Error;
use crate::store;
use kernel::Tx;
use model::Time;
use model::rota::handoffs::{Handoff, handoffs};
use model::rota::{Segment, Span, Who};
use serde_json::{Value, json};

const DAY_MS: i64 = 86_400_000;
/// How far ahead it is looked for the next handoff; without one it is looked again a day later anyway.
const AHEAD_MS: i64 = DAY_MS;
/// After a standstill that much is written down at once.
const MOST_AT_ONCE_MS: i64 = 100 * DAY_MS;
/// Until it is tried again.
const POSTPONE_MS: i64 = 60_000;

impl Schedules {
    /// Writes down what has passed of one schedule. `false` when there is nothing to do.
    pub(super) async fn settle_one(&self) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let Some(id) = store::schedules::claim_to_settle(&mut tx, now).await? else {
            return Ok(false);
        };
        match self.settle_claimed(&mut tx, id, now).await {
            Ok(()) => tx.commit().await?,
            Err(error) => {
                tx.rollback().await?;
                self.postpone(id, &error, now).await?;
            }
        }
        Ok(true)
    }

    async fn settle_claimed(&self, tx: &mut Tx, id: ScheduleId, now: Time) -> Result<(), Error> {
        let mut loaded: Loaded = self.load(tx, id).await?;
        let from: Time = loaded.row.final_until;
        let until: Time = now.min(from.plus_ms(MOST_AT_ONCE_MS));
        let seen: Vec<Segment> = seen(tx, &loaded, until).await?;
        let is_due: bool = until.since(from) >= DAY_MS || !handoffs(&seen).is_empty();
        if is_due && from < until {
            settle(tx, &mut loaded, until, now).await?;
        }
        // Of a change that was made this very moment nothing has passed yet.
        let next: Time = if from >= now || until < now { now.plus_ms(1) } else { next_look(&loaded, now) };
        store::schedules::note_settled(tx, id, loaded.row.final_until, next).await?;
        Ok(())
    }

    /// One that can't be looked after must not keep the others from it.
    pub(super) async fn postpone(&self, id: ScheduleId, error: &Error, now: Time) -> Result<(), Error> {
        tracing::error!(error = error as &dyn std::error::Error, schedule = %id, "a schedule could not be looked after");
        let mut tx: Tx = self.db.begin().await?;
        store::schedules::postpone(&mut tx, id, now.plus_ms(POSTPONE_MS)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A schedule, locked, with its past written down up to now: what every change of it begins with.
    pub(super) async fn held(&self, tx: &mut Tx, id: ScheduleId, now: Time) -> Result<Loaded, Error> {
        if !store::schedules::lock(tx, id).await? {
            return Err(Refused::NoSchedule.into());
        }
        let mut loaded: Loaded = self.load(tx, id).await?;
        if loaded.row.final_until < now {
            settle(tx, &mut loaded, now, now).await?;
            store::schedules::note_settled(tx, id, now, now).await?;
            loaded.row.final_until = now;
        }
        Ok(loaded)
    }
}

/// When the next shift ends.
fn next_look(loaded: &Loaded, now: Time) -> Time {
    let ends = loaded.computed(Span::new(now, now.plus_ms(AHEAD_MS))).into_iter().map(|segment| segment.end);
    // Just after it: a shift that ends now has not ended yet.
    ends.min().unwrap_or(now.plus_ms(AHEAD_MS)).plus_ms(1)
}

/// What is not written down yet up to `until`, and the moment before it: who comes at once after a change is a handoff too.
async fn seen(tx: &mut Tx, loaded: &Loaded, until: Time) -> Result<Vec<Segment>, Error> {
    let from: Time = loaded.row.final_until;
    let last: Time = from.plus_ms(-1);
    let before: Vec<Segment> = store::schedules::facts::within(tx, loaded.row.id, Span::new(last, from)).await?;
    let before = before.into_iter().map(|segment| Segment { start: last, ..segment });
    Ok(joined(before.chain(loaded.computed(Span::new(from, until))).collect()))
}

/// Writes down what was in force up to `until`, and who handed over to whom.
async fn settle(tx: &mut Tx, loaded: &mut Loaded, until: Time, now: Time) -> Result<(), Error> {
    let past: Vec<Segment> = loaded.computed(Span::new(loaded.row.final_until, until));
    let told: Vec<Handoff> = handoffs(&seen(tx, loaded, until).await?);
    store::schedules::facts::append(tx, loaded.row.id, &past, now).await?;
    for handoff in told {
        telling::tell(tx, HANDED_OVER, loaded.row.id, &telling::worker(), handed_over(loaded, &handoff), handoff.at).await?;
    }
    loaded.row.final_until = until;
    Ok(())
}

fn handed_over(loaded: &Loaded, handoff: &Handoff) -> Value {
    json!({
        "name": loaded.row.definition.name,
        "role": role_word(&handoff.role),
        "from": people(&handoff.from),
        "to": people(&handoff.to),
    })
}

fn people(who: &[Who]) -> Vec<String> {
    let person = |who: &Who| match who {
        Who::Person(person) => Some(person.to_string()),
        Who::Nobody | Who::Gap => None,
    };
    who.iter().filter_map(person).collect()
}
