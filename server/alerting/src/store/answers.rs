//! `alert` as people change it, and as a change of its rule does.

use super::alerts::{HeldColumns, held};
use super::{corrupt, utc};
use crate::alerts::Held;
use crate::error::Error;
use crate::rules::{Rule, Text};
use crate::state::ResolveReason;
use kernel::Tx;
use model::Time;
use model::alert::AlertState;
use model::ids::{AlertId, PersonId, RuleId};

/// An alert whose row nobody else can change until the transaction ends.
#[derive(Clone, Debug)]
pub(crate) struct Locked {
    pub(crate) id: AlertId,
    pub(crate) rule: RuleId,
    pub(crate) name: Text,
    pub(crate) state: AlertState,
    /// Firing, but its condition has cleared.
    pub(crate) recovering: bool,
    pub(crate) held: Option<Held>,
}

/// Any number that no other advisory lock of the product uses: "answer" in ASCII. Always taken before rows of alerts and deliveries.
const ANSWER_LOCK: i64 = 0x61_6e_73_77_65_72;

/// From here to the end of the transaction nobody orders pages. Any number may answer at once.
pub(crate) async fn answer(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock_shared($1)", ANSWER_LOCK).execute(&mut **tx).await?;
    Ok(())
}

/// From here to the end of the transaction nobody takes an alert on: what is read afterwards about who has what stays true.
pub(crate) async fn order(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock($1)", ANSWER_LOCK).execute(&mut **tx).await?;
    Ok(())
}

/// Locks an alert.
pub(crate) async fn lock(tx: &mut Tx, id: AlertId) -> Result<Option<Locked>, Error> {
    let row = sqlx::query!(
        "select
           rule_id,
           name_ja,
           name_en,
           state,
           clear_since,
           acknowledged_by,
           acknowledged_person,
           acknowledged_at,
           acknowledged_until,
           acknowledged_comment
         from alert
         where id = $1
         for update",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let state: AlertState =
        AlertState::from_word(&row.state).ok_or_else(|| corrupt("alert", "state", &id.0.to_string(), &row.state))?;
    Ok(Some(Locked {
        id,
        rule: RuleId(row.rule_id),
        name: Text { ja: row.name_ja, en: row.name_en },
        state,
        recovering: row.clear_since.is_some(),
        held: held(HeldColumns {
            by: row.acknowledged_by,
            person: row.acknowledged_person,
            at: row.acknowledged_at,
            until: row.acknowledged_until,
            comment: row.acknowledged_comment,
        }),
    }))
}

/// Notes who has an alert, and when they are to be reminded of its end.
pub(crate) async fn hold(tx: &mut Tx, id: AlertId, held: &Held, remind_at: Option<Time>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update alert
         set
           acknowledged_by = $2,
           acknowledged_person = $3,
           acknowledged_at = $4,
           acknowledged_until = $5,
           acknowledged_remind_at = $6,
           acknowledged_comment = $7,
           acknowledged_severity = severity
         where id = $1",
        id.0,
        held.by,
        held.person.map(|person| person.0),
        held.at.to_utc(),
        utc(held.until),
        utc(remind_at),
        held.comment.as_deref(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes until when whoever has an alert has it.
pub(crate) async fn prolong(tx: &mut Tx, id: AlertId, until: Option<Time>, remind_at: Option<Time>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update alert
         set
           acknowledged_until = $2,
           acknowledged_remind_at = $3
         where id = $1
           and acknowledged_at is not null",
        id.0,
        utc(until),
        utc(remind_at),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that nobody has these alerts.
pub(crate) async fn let_go(tx: &mut Tx, ids: &[i64]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update alert
         set
           acknowledged_by = null,
           acknowledged_person = null,
           acknowledged_at = null,
           acknowledged_until = null,
           acknowledged_remind_at = null,
           acknowledged_comment = null,
           acknowledged_severity = null
         where id = any($1)",
        ids,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An acknowledgement that has ended, or soon will.
#[derive(Clone, Debug)]
pub(crate) struct Lapsing {
    pub(crate) alert: AlertId,
    pub(crate) rule: RuleId,
    pub(crate) name: Text,
    /// Who has it.
    pub(crate) by: String,
    pub(crate) person: Option<PersonId>,
    pub(crate) until: Time,
}

/// Acknowledgements of what fires that have ended by `now`, or of whose end is to be reminded. Locked until the transaction ends; what
/// somebody else holds is left out.
pub(crate) async fn lapsing(tx: &mut Tx, now: Time, limit: i64) -> Result<Vec<Lapsing>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select
             id,
             rule_id,
             name_ja,
             name_en,
             acknowledged_by as "acknowledged_by!",
             acknowledged_person,
             acknowledged_until as "acknowledged_until!"
           from alert
           where state = 'firing'
             and acknowledged_until is not null
             and least(acknowledged_until, acknowledged_remind_at) <= $1
           order by id
           limit $2
           for update skip locked"#,
        now.to_utc(),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut all: Vec<Lapsing> = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(Lapsing {
            alert: AlertId(row.id),
            rule: RuleId(row.rule_id),
            name: Text { ja: row.name_ja, en: row.name_en },
            by: row.acknowledged_by,
            person: row.acknowledged_person.map(PersonId),
            until: Time::from_utc(row.acknowledged_until),
        });
    }
    Ok(all)
}

/// Notes that whoever has these alerts was reminded.
pub(crate) async fn reminded(tx: &mut Tx, ids: &[i64]) -> Result<(), sqlx::Error> {
    sqlx::query!("update alert set acknowledged_remind_at = null where id = any($1)", ids).execute(&mut **tx).await?;
    Ok(())
}

/// Notes that nobody has those of these alerts that are worse now than when somebody took them, and says which those were. The codes of
/// severities stand in their order.
pub(crate) async fn let_go_of_worse(tx: &mut Tx, ids: &[i64]) -> Result<Vec<AlertId>, sqlx::Error> {
    let let_go: Vec<i64> = sqlx::query_scalar!(
        "update alert
         set
           acknowledged_by = null,
           acknowledged_person = null,
           acknowledged_at = null,
           acknowledged_until = null,
           acknowledged_remind_at = null,
           acknowledged_comment = null,
           acknowledged_severity = null
         where id = any($1)
           and severity < acknowledged_severity
         returning id",
        ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(let_go.into_iter().map(AlertId).collect())
}

/// Resolves a firing alert by hand.
pub(crate) async fn resolve(tx: &mut Tx, id: AlertId, still_breaching: bool, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update alert
         set
           state = 'resolved',
           resolved_at = $2,
           resolved_reason = $3,
           still_breaching = $4,
           clear_since = null,
           absent_since = null
         where id = $1",
        id.0,
        now.to_utc(),
        ResolveReason::ByHand.as_str(),
        still_breaching,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends everything a rule has raised, and says which of it was firing: pending alerts go without a trace, and what was resolved by
/// hand may fire again.
pub(crate) async fn end_all(tx: &mut Tx, rule: &RuleId, reason: ResolveReason, now: Time) -> Result<Vec<AlertId>, sqlx::Error> {
    sqlx::query!("delete from alert where rule_id = $1 and state = 'pending'", rule.0).execute(&mut **tx).await?;
    sqlx::query!("update alert set still_breaching = false where rule_id = $1 and still_breaching", rule.0)
        .execute(&mut **tx)
        .await?;
    let ids: Vec<i64> = sqlx::query_scalar!(
        "update alert
         set
           state = 'resolved',
           resolved_at = $2,
           resolved_reason = $3,
           clear_since = null,
           absent_since = null
         where rule_id = $1
           and state = 'firing'
         returning id",
        rule.0,
        now.to_utc(),
        reason.as_str(),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(AlertId).collect())
}

/// Gives the living alerts of a rule its new words and severity. The sentence follows with the next tick.
pub(crate) async fn reword(tx: &mut Tx, rule: &Rule) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update alert
         set
           name_ja = $2,
           name_en = $3,
           severity = case when level = 'critical' then $4 else severity end,
           unit = $5
         where rule_id = $1
           and state <> 'resolved'",
        rule.id.0,
        rule.name.ja,
        rule.name.en,
        rule.severity.code(),
        rule.unit.as_str(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
