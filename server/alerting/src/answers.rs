//! What people do about alerts.
//!
//! To acknowledge is to say "I have it": an overlay, never a state. It is idempotent, and whoever comes second learns who has it. It lasts
//! until the alert is over, or as long as was said; what runs out needs a person again (`lapsing.rs`).

use crate::Alerting;
use crate::alerts::Held;
use crate::error::Error;
use crate::history::{self, About};
use crate::needs::{Needless, Pager};
use crate::state::ResolveReason;
use crate::store;
use crate::store::answers::Locked;
use kernel::{Db, Grant, Tx};
use model::access::AnswerAlert;
use model::alert::{AlertState, MAX_COMMENT, comment_length};
use model::ids::{AlertId, PersonId};
use model::{Actor, Time};
use serde_json::{Value, json};

/// Who has an alert for less could as well not take it; who wants it for longer has forgotten it.
pub const SHORTEST_MS: i64 = 60_000;
pub const LONGEST_MS: i64 = 7 * 24 * 3_600_000;
/// Alerts that are answered at once: a screenful.
pub const MOST_AT_ONCE: usize = 200;

/// The answer to an acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// Who has it now: the caller, or whoever was first.
    pub held: Held,
    /// Whether somebody had it before this call.
    pub already: bool,
}

/// What became of answering several alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Several {
    /// Those that were changed.
    pub done: Vec<AlertId>,
    /// Somebody else had them, or nobody did.
    pub n_left: usize,
    /// They don't fire, or never were.
    pub n_gone: usize,
}

/// What it takes to answer an alert.
#[derive(Clone, Copy)]
struct Desk<'a> {
    db: &'a Db,
    pager: Option<&'a dyn Pager>,
    now: Time,
}

impl Alerting {
    /// Takes a firing alert on until it is over. Twice is fine: the answer says who has it, and a second caller's comment is kept as a
    /// comment.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotFiring`], [`Error::LongComment`]. The database's.
    pub async fn acknowledge(
        &self,
        grant: &Grant<AnswerAlert>,
        id: AlertId,
        comment: Option<String>,
    ) -> Result<Acknowledged, Error> {
        self.acknowledge_for(grant, id, comment, None).await
    }

    /// The same for so long; `None` is until it is over. Who has it already keeps it as long as they said ([`Alerting::prolong`]).
    ///
    /// # Errors
    /// As [`Alerting::acknowledge`]; [`Error::Lasting`] outside of [`SHORTEST_MS`] to [`LONGEST_MS`].
    pub async fn acknowledge_for(
        &self,
        grant: &Grant<AnswerAlert>,
        id: AlertId,
        comment: Option<String>,
        lasting_ms: Option<i64>,
    ) -> Result<Acknowledged, Error> {
        let comment: Option<String> = checked(comment)?;
        check_lasting(lasting_ms)?;
        acknowledge(&self.desk(), grant.actor(), id, comment, lasting_ms).await
    }

    /// Takes several alerts on, one after the other: what can't be taken on any more keeps none of the others back.
    ///
    /// # Errors
    /// [`Error::Many`] for more than [`MOST_AT_ONCE`]; [`Error::LongComment`], [`Error::Lasting`]. The database's: then some may be taken on.
    pub async fn acknowledge_all(
        &self,
        grant: &Grant<AnswerAlert>,
        ids: &[AlertId],
        comment: Option<String>,
        lasting_ms: Option<i64>,
    ) -> Result<Several, Error> {
        check_number(ids)?;
        let comment: Option<String> = checked(comment)?;
        check_lasting(lasting_ms)?;
        let mut several = Several::default();
        for id in ids {
            let taken = acknowledge(&self.desk(), grant.actor(), *id, comment.clone(), lasting_ms).await;
            several.count(*id, taken.map(|taken| !taken.already))?;
        }
        Ok(several)
    }

    /// Says anew how long the caller has an alert, from now on; `None` is until it is over. `None` is also the answer when it is not the
    /// caller who has it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotFiring`], [`Error::Lasting`]. The database's.
    pub async fn prolong(&self, grant: &Grant<AnswerAlert>, id: AlertId, lasting_ms: Option<i64>) -> Result<Option<Held>, Error> {
        check_lasting(lasting_ms)?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let alert: Locked = firing(&mut tx, id).await?;
        let Some(held) = alert.held.clone().filter(|held| is_own(held, grant.actor())) else {
            return Ok(None);
        };
        let held = Held { until: lasting_ms.map(|ms| now.plus_ms(ms)), ..held };
        store::answers::prolong(&mut tx, id, held.until, lasting_ms.map(|ms| remind_at(now, ms))).await?;
        say(&mut tx, &alert, history::PROLONGED, grant.actor(), now, json!({ "until": held.until })).await?;
        tx.commit().await?;
        Ok(Some(held))
    }

    /// Gives a firing alert back, whoever had it. `false` when nobody did.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotFiring`]. The database's.
    pub async fn unacknowledge(&self, grant: &Grant<AnswerAlert>, id: AlertId) -> Result<bool, Error> {
        give_back(&self.desk(), grant.actor(), id, |_| true).await
    }

    /// Gives a firing alert back if the caller is the person who has it. `false` when somebody else does, or nobody: to undo one's own
    /// answer never takes another's away. What a token or a worker has, nobody can call their own.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotFiring`]. The database's.
    pub async fn unacknowledge_own(&self, grant: &Grant<AnswerAlert>, id: AlertId) -> Result<bool, Error> {
        give_back(&self.desk(), grant.actor(), id, |held| is_own(held, grant.actor())).await
    }

    /// Gives several alerts back, whoever had them, one after the other.
    ///
    /// # Errors
    /// [`Error::Many`] for more than [`MOST_AT_ONCE`]. The database's: then some may be given back.
    pub async fn unacknowledge_all(&self, grant: &Grant<AnswerAlert>, ids: &[AlertId]) -> Result<Several, Error> {
        check_number(ids)?;
        let mut several = Several::default();
        for id in ids {
            several.count(*id, give_back(&self.desk(), grant.actor(), *id, |_| true).await)?;
        }
        Ok(several)
    }

    /// Says something about an alert, in whatever state it is.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::EmptyComment`], [`Error::LongComment`]. The database's.
    pub async fn comment(&self, grant: &Grant<AnswerAlert>, id: AlertId, comment: String) -> Result<(), Error> {
        let comment: String = checked(Some(comment))?.ok_or(Error::EmptyComment)?;
        let mut tx: Tx = self.db.begin().await?;
        let alert: Locked = store::answers::lock(&mut tx, id).await?.ok_or(Error::NotFound(id))?;
        say(&mut tx, &alert, history::COMMENTED, grant.actor(), self.clock.now(), json!({ "comment": comment })).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Resolves a firing alert by hand. `false` when it was resolved already. It stays resolved while its condition goes on to hold;
    /// after that was clear once, the same labels raise a new alert.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotFiring`] while it is pending, [`Error::LongComment`]. The database's.
    pub async fn resolve(&self, grant: &Grant<AnswerAlert>, id: AlertId, comment: Option<String>) -> Result<bool, Error> {
        resolve(&self.desk(), grant.actor(), id, checked(comment)?).await
    }

    fn desk(&self) -> Desk<'_> {
        Desk { db: &self.db, pager: self.pager.as_deref(), now: self.clock.now() }
    }
}

impl Several {
    fn count(&mut self, id: AlertId, answered: Result<bool, Error>) -> Result<(), Error> {
        match answered {
            Ok(true) => self.done.push(id),
            Ok(false) => self.n_left += 1,
            Err(Error::NotFound(_) | Error::NotFiring { .. }) => self.n_gone += 1,
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// When it is said that an acknowledgement ends soon: a quarter of an hour before, or half-way where that is all there is.
fn remind_at(now: Time, lasting_ms: i64) -> Time {
    const BEFORE_MS: i64 = 15 * 60_000;
    now.plus_ms(lasting_ms - BEFORE_MS.min(lasting_ms / 2))
}

/// A comment that comes with a second acknowledgement is kept as a comment. What was ordered and not sent is taken back with the first: from
/// the commit on nobody is summoned.
async fn acknowledge(
    desk: &Desk<'_>,
    actor: &Actor,
    id: AlertId,
    comment: Option<String>,
    lasting_ms: Option<i64>,
) -> Result<Acknowledged, Error> {
    let now: Time = desk.now;
    let mut tx: Tx = begin_to_answer(desk).await?;
    let alert: Locked = firing(&mut tx, id).await?;
    if let Some(held) = alert.held.clone() {
        if comment.is_some() {
            say(&mut tx, &alert, history::COMMENTED, actor, now, json!({ "comment": comment })).await?;
        }
        answered(&mut tx, desk, id, actor).await?;
        tx.commit().await?;
        return Ok(Acknowledged { held, already: true });
    }
    let until: Option<Time> = lasting_ms.map(|ms| now.plus_ms(ms));
    let held = Held { by: actor.name().to_owned(), person: actor.person_id(), at: now, until, comment: comment.clone() };
    store::answers::hold(&mut tx, id, &held, lasting_ms.map(|ms| remind_at(now, ms))).await?;
    say(&mut tx, &alert, history::ACKNOWLEDGED, actor, now, json!({ "comment": comment, "until": until })).await?;
    answered(&mut tx, desk, id, actor).await?;
    take_back(&mut tx, desk, id, Needless::Acknowledged).await?;
    tx.commit().await?;
    Ok(Acknowledged { held, already: false })
}

/// Gives an alert back if `may` says so of whoever has it.
async fn give_back(desk: &Desk<'_>, actor: &Actor, id: AlertId, may: impl Fn(&Held) -> bool) -> Result<bool, Error> {
    let mut tx: Tx = desk.db.begin().await?;
    let alert: Locked = firing(&mut tx, id).await?;
    if !alert.held.as_ref().is_some_and(may) {
        return Ok(false);
    }
    store::answers::let_go(&mut tx, &[id.0]).await?;
    say(&mut tx, &alert, history::UNACKNOWLEDGED, actor, desk.now, json!({})).await?;
    tx.commit().await?;
    Ok(true)
}

/// While its condition goes on to hold it stays resolved: the same labels raise a new alert only after they were clear once.
async fn resolve(desk: &Desk<'_>, actor: &Actor, id: AlertId, comment: Option<String>) -> Result<bool, Error> {
    let now: Time = desk.now;
    let mut tx: Tx = begin_to_answer(desk).await?;
    let alert: Locked = store::answers::lock(&mut tx, id).await?.ok_or(Error::NotFound(id))?;
    match alert.state {
        AlertState::Pending => return Err(Error::NotFiring { id, state: alert.state }),
        AlertState::Resolved => {
            if comment.is_some() {
                say(&mut tx, &alert, history::COMMENTED, actor, now, json!({ "comment": comment })).await?;
            }
            tx.commit().await?;
            return Ok(false);
        }
        AlertState::Firing => {}
    }
    let still_breaching: bool = !alert.recovering;
    store::answers::resolve(&mut tx, id, still_breaching, now).await?;
    let body: Value = json!({ "reason": ResolveReason::ByHand.as_str(), "comment": comment });
    say(&mut tx, &alert, history::RESOLVED, actor, now, body).await?;
    take_back(&mut tx, desk, id, Needless::Resolved).await?;
    tx.commit().await?;
    Ok(true)
}

/// A transaction in which an alert stops to need somebody. The notifier writes no orders while it is open, so an order either is seen
/// and taken back here, or is written knowing of the answer.
async fn begin_to_answer(desk: &Desk<'_>) -> Result<Tx, Error> {
    let mut tx: Tx = desk.db.begin().await?;
    if desk.pager.is_some() {
        store::answers::answer(&mut tx).await?;
    }
    Ok(tx)
}

async fn answered(tx: &mut Tx, desk: &Desk<'_>, id: AlertId, actor: &Actor) -> Result<(), Error> {
    if let Some(pager) = desk.pager {
        pager.acknowledged(tx, id, actor).await?;
    }
    Ok(())
}

async fn take_back(tx: &mut Tx, desk: &Desk<'_>, id: AlertId, why: Needless) -> Result<(), Error> {
    if let Some(pager) = desk.pager {
        pager.withdraw(tx, &[id], why).await?;
    }
    Ok(())
}

async fn firing(tx: &mut Tx, id: AlertId) -> Result<Locked, Error> {
    let alert: Locked = store::answers::lock(tx, id).await?.ok_or(Error::NotFound(id))?;
    match alert.state {
        AlertState::Firing => Ok(alert),
        state => Err(Error::NotFiring { id, state }),
    }
}

fn is_own(held: &Held, actor: &Actor) -> bool {
    let holder: Option<PersonId> = held.person;
    holder.is_some() && holder == actor.person_id()
}

async fn say(tx: &mut Tx, alert: &Locked, kind: &'static str, actor: &Actor, now: Time, body: Value) -> Result<(), Error> {
    let about = About { alert: alert.id, rule: &alert.rule, name: &alert.name };
    history::append(tx, &about, kind, actor, now, body).await?;
    Ok(())
}

/// Without blanks around it; a comment of blanks only is none.
fn checked(comment: Option<String>) -> Result<Option<String>, Error> {
    let comment: Option<String> = comment.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let n: usize = comment.as_deref().map_or(0, comment_length);
    if n > MAX_COMMENT { Err(Error::LongComment { n }) } else { Ok(comment) }
}

fn check_lasting(lasting_ms: Option<i64>) -> Result<(), Error> {
    let odd: Option<i64> = lasting_ms.filter(|ms| !(SHORTEST_MS..=LONGEST_MS).contains(ms));
    odd.map_or(Ok(()), |ms| Err(Error::Lasting { ms }))
}

fn check_number(ids: &[AlertId]) -> Result<(), Error> {
    let n: usize = ids.len();
    if n > MOST_AT_ONCE { Err(Error::Many { n }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_MS, SHORTEST_MS, remind_at};
    use model::Time;

    #[test]
    fn who_has_an_alert_is_reminded_a_quarter_of_an_hour_before_its_end_or_half_way() {
        const MINUTE: i64 = 60_000;
        for (lasting_ms, expected) in [
            (4 * 60 * MINUTE, 225 * MINUTE),
            (30 * MINUTE, 15 * MINUTE),
            (20 * MINUTE, 10 * MINUTE),
            (SHORTEST_MS, MINUTE / 2),
            (LONGEST_MS, LONGEST_MS - 15 * MINUTE),
        ] {
            assert_eq!(remind_at(Time(0), lasting_ms), Time(expected), "{lasting_ms}");
        }
    }
}
