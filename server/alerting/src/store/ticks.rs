//! What one tick reads and writes. All of it happens in the tick's transaction.

use super::{corrupt, labels_json, labels_of, utc};
use crate::error::Error;
use crate::rules::{Rule, Text};
use crate::state::{ResolveReason, Tracked};
use crate::verdict::Known;
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::alert::{AlertState, Direction};
use model::ids::{AlertId, RuleId};
use model::labels::Labels;

/// One evaluation of a group.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) group: String,
    /// Of the rules that were evaluated.
    pub(crate) revision: i64,
    pub(crate) at: Time,
    pub(crate) took_ms: i64,
    /// Ticks left out before this one.
    pub(crate) skipped: i64,
}

/// Moves a group's last tick forward. `false` when the tick was evaluated already or the rules have changed since: then nothing of
/// this tick may be written.
pub(crate) async fn claim(tx: &mut Tx, claim: &Claim) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update rule_group
         set
           last_tick = $3,
           last_took_ms = $4,
           missed = missed + $5
         where name = $1
           and revision = $2
           and (last_tick is null or last_tick < $3)",
        claim.group,
        claim.revision,
        claim.at.to_utc(),
        claim.took_ms,
        claim.skipped,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How the evaluation of one rule went.
#[derive(Clone, Debug)]
pub(crate) struct Evaluation {
    pub(crate) rule: RuleId,
    pub(crate) took_ms: i64,
    /// How many series were measured; `None` with an error.
    pub(crate) series: Option<i64>,
    pub(crate) error: Option<String>,
}

/// Notes on every rule how its evaluation went.
pub(crate) async fn note(tx: &mut Tx, evaluations: &[Evaluation], at: Time) -> Result<(), sqlx::Error> {
    let ids: Vec<String> = evaluations.iter().map(|evaluation| evaluation.rule.0.clone()).collect();
    let took_ms: Vec<i64> = evaluations.iter().map(|evaluation| evaluation.took_ms).collect();
    let series: Vec<Option<i64>> = evaluations.iter().map(|evaluation| evaluation.series).collect();
    let errors: Vec<Option<String>> = evaluations.iter().map(|evaluation| evaluation.error.clone()).collect();
    sqlx::query!(
        "update alert_rule
         set
           evaluated_at = $1,
           took_ms = went.took_ms,
           series = coalesce(went.series, alert_rule.series),
           errors = alert_rule.errors + (case when went.error is null then 0 else 1 end),
           errors_in_row = case when went.error is null then 0 else alert_rule.errors_in_row + 1 end,
           last_error = coalesce(went.error, alert_rule.last_error),
           last_error_at = case when went.error is null then alert_rule.last_error_at else $1 end
         from unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[]) as went (id, took_ms, series, error)
         where alert_rule.id = went.id",
        at.to_utc(),
        &ids[..],
        &took_ms[..],
        &series[..] as &[Option<i64>],
        &errors[..] as &[Option<String>],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Everything remembered about these rules, locked until the tick is done, so that nobody resolves by hand what the tick is judging.
pub(crate) async fn known(tx: &mut Tx, rules: &[String]) -> Result<Vec<(RuleId, Known)>, Error> {
    let rows = sqlx::query!(
        "select
           id,
           rule_id,
           labels,
           state,
           pending_since,
           fired_at,
           clear_since,
           absent_since
         from alert
         where rule_id = any($1)
           and (state <> 'resolved' or still_breaching)
         order by id
         for update",
        rules,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut known: Vec<(RuleId, Known)> = Vec::with_capacity(rows.len());
    for row in rows {
        let times = Times {
            pending_since: row.pending_since,
            fired_at: row.fired_at,
            clear_since: row.clear_since,
            absent_since: row.absent_since,
        };
        let tracked: Tracked = tracked(row.id, &row.state, &times)?;
        let labels: Labels = labels_of(row.id, &row.labels)?;
        known.push((RuleId(row.rule_id), Known { id: AlertId(row.id), labels, tracked }));
    }
    Ok(known)
}

struct Times {
    pending_since: DateTime<Utc>,
    fired_at: Option<DateTime<Utc>>,
    clear_since: Option<DateTime<Utc>>,
    absent_since: Option<DateTime<Utc>>,
}

fn tracked(id: i64, state: &str, times: &Times) -> Result<Tracked, Error> {
    let absent_since: Option<Time> = super::time(times.absent_since);
    match (AlertState::from_word(state), times.fired_at) {
        (Some(AlertState::Pending), _) => Ok(Tracked::Pending { since: Time::from_utc(times.pending_since) }),
        (Some(AlertState::Firing), Some(fired_at)) => Ok(Tracked::Firing {
            since: Time::from_utc(times.pending_since),
            fired_at: Time::from_utc(fired_at),
            clear_since: super::time(times.clear_since),
            absent_since,
        }),
        (Some(AlertState::Resolved), _) => Ok(Tracked::Dismissed { absent_since }),
        (None | Some(AlertState::Firing), _) => Err(corrupt("alert", "state", &id.to_string(), state)),
    }
}

/// A living state and its times: crossed, fired, clear since, absent since.
type LivingState = (AlertState, Time, Option<Time>, Option<Time>, Option<Time>);

/// The times that a living state consists of. `None` for a state without a living row.
fn times(tracked: &Tracked) -> Option<LivingState> {
    match *tracked {
        Tracked::Pending { since } => Some((AlertState::Pending, since, None, None, None)),
        Tracked::Firing { since, fired_at, clear_since, absent_since } => {
            Some((AlertState::Firing, since, Some(fired_at), clear_since, absent_since))
        }
        Tracked::Inactive | Tracked::Dismissed { .. } => None,
    }
}

/// An alert as it stands after a tick.
#[derive(Clone, Debug)]
pub(crate) struct Living {
    pub(crate) id: AlertId,
    pub(crate) tracked: Tracked,
    pub(crate) value: Option<f64>,
    pub(crate) summary: Text,
}

/// Columns of the living alerts, for one statement.
#[derive(Default)]
struct Columns {
    ids: Vec<i64>,
    states: Vec<String>,
    values: Vec<Option<f64>>,
    summaries_ja: Vec<String>,
    summaries_en: Vec<String>,
    pending: Vec<DateTime<Utc>>,
    fired: Vec<Option<DateTime<Utc>>>,
    clear: Vec<Option<DateTime<Utc>>>,
    absent: Vec<Option<DateTime<Utc>>>,
}

impl Columns {
    fn of(living: &[Living]) -> Self {
        let mut columns = Self::default();
        for alert in living {
            let Some((state, since, fired_at, clear_since, absent_since)) = times(&alert.tracked) else {
                continue;
            };
            columns.ids.push(alert.id.0);
            columns.states.push(state.as_str().to_owned());
            columns.values.push(alert.value);
            columns.summaries_ja.push(alert.summary.ja.clone());
            columns.summaries_en.push(alert.summary.en.clone());
            columns.pending.push(since.to_utc());
            columns.fired.push(utc(fired_at));
            columns.clear.push(utc(clear_since));
            columns.absent.push(utc(absent_since));
        }
        columns
    }
}

/// Writes the alerts that go on.
pub(crate) async fn save(tx: &mut Tx, living: &[Living], at: Time) -> Result<(), sqlx::Error> {
    let columns = Columns::of(living);
    if columns.ids.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "update alert
         set
           state = went.state,
           value = coalesce(went.value, alert.value),
           value_at = case when went.value is null then alert.value_at else $1 end,
           summary_ja = case when went.value is null then alert.summary_ja else went.summary_ja end,
           summary_en = case when went.value is null then alert.summary_en else went.summary_en end,
           pending_since = went.pending_since,
           fired_at = went.fired_at,
           clear_since = went.clear_since,
           absent_since = went.absent_since
         from unnest(
           $2::bigint[],
           $3::text[],
           $4::float8[],
           $5::text[],
           $6::text[],
           $7::timestamptz[],
           $8::timestamptz[],
           $9::timestamptz[],
           $10::timestamptz[]
         ) as went (id, state, value, summary_ja, summary_en, pending_since, fired_at, clear_since, absent_since)
         where alert.id = went.id",
        at.to_utc(),
        &columns.ids[..],
        &columns.states[..],
        &columns.values[..] as &[Option<f64>],
        &columns.summaries_ja[..],
        &columns.summaries_en[..],
        &columns.pending[..],
        &columns.fired[..] as &[Option<DateTime<Utc>>],
        &columns.clear[..] as &[Option<DateTime<Utc>>],
        &columns.absent[..] as &[Option<DateTime<Utc>>],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An alert that did not exist before this tick.
#[derive(Clone, Debug)]
pub(crate) struct Fresh<'a> {
    pub(crate) rule: &'a Rule,
    pub(crate) labels: &'a Labels,
    pub(crate) tracked: Tracked,
    pub(crate) value: Option<f64>,
    pub(crate) summary: &'a Text,
}

/// Adds an alert and gives it its number. `None` for a state that has no row.
pub(crate) async fn add(tx: &mut Tx, fresh: &Fresh<'_>, at: Time) -> Result<Option<AlertId>, sqlx::Error> {
    let Some((state, since, fired_at, clear_since, absent_since)) = times(&fresh.tracked) else {
        return Ok(None);
    };
    let rule: &Rule = fresh.rule;
    let id: i64 = sqlx::query_scalar!(
        "insert into alert (
           rule_id, labels, name_ja, name_en, summary_ja, summary_en, severity, direction, threshold, unit, for_ms,
           state, value, value_at, pending_since, fired_at, clear_since, absent_since
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
         returning id",
        rule.id.0,
        labels_json(fresh.labels),
        rule.name.ja,
        rule.name.en,
        fresh.summary.ja,
        fresh.summary.en,
        rule.severity.code(),
        direction_word(rule.condition.direction()),
        rule.condition.threshold,
        rule.unit.as_str(),
        rule.for_ms,
        state.as_str(),
        fresh.value,
        at.to_utc(),
        since.to_utc(),
        utc(fired_at),
        utc(clear_since),
        utc(absent_since),
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Some(AlertId(id)))
}

fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Above => "above",
        Direction::Below => "below",
    }
}

/// Ends a firing alert.
pub(crate) async fn end(
    tx: &mut Tx,
    id: AlertId,
    reason: ResolveReason,
    value: Option<f64>,
    at: Time,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update alert
         set
           state = 'resolved',
           resolved_at = $2,
           resolved_reason = $3,
           value = coalesce($4, value),
           value_at = case when $4::float8 is null then value_at else $2 end,
           clear_since = null,
           absent_since = null
         where id = $1",
        id.0,
        at.to_utc(),
        reason.as_str(),
        value,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes pending alerts that never fired.
pub(crate) async fn vanish(tx: &mut Tx, ids: &[i64]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from alert where id = any($1) and state = 'pending'", ids).execute(&mut **tx).await?;
    Ok(())
}

/// Notes about an alert that was resolved by hand whether its condition still holds.
pub(crate) async fn dismiss(
    tx: &mut Tx,
    id: AlertId,
    still_breaching: bool,
    absent_since: Option<Time>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update alert
         set
           still_breaching = $2,
           absent_since = $3
         where id = $1
           and state = 'resolved'",
        id.0,
        still_breaching,
        utc(absent_since),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
