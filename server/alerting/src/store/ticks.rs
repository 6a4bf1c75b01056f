//! What one tick reads and writes. All of it happens in the tick's transaction.

use super::{corrupt, labels_json, labels_of, utc};
use crate::error::Error;
use crate::rules::{Mode, Rule, Text};
use crate::state::{Firing, Level, ResolveReason, Tracked};
use crate::verdict::{self, Known};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::alert::{AlertState, Direction};
use model::ids::{AlertId, RuleId};
use model::labels::Labels;
use serde_json::Value;

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

/// Moves a group's last tick forward, and says how many it has missed since it exists. `None` when the tick was evaluated already or
/// the rules have changed since: then nothing of this tick may be written.
pub(crate) async fn claim(tx: &mut Tx, claim: &Claim) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "update rule_group
         set
           last_tick = $3,
           last_took_ms = $4,
           missed = missed + $5
         where name = $1
           and revision = $2
           and (last_tick is null or last_tick < $3)
         returning missed",
        claim.group,
        claim.revision,
        claim.at.to_utc(),
        claim.took_ms,
        claim.skipped,
    )
    .fetch_optional(&mut **tx)
    .await
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
           level,
           pending_since,
           critical_since,
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
            critical_since: row.critical_since,
            fired_at: row.fired_at,
            clear_since: row.clear_since,
            absent_since: row.absent_since,
        };
        let tracked: Tracked = tracked(row.id, &row.state, &row.level, &times)?;
        let labels: Labels = labels_of(row.id, &row.labels)?;
        known.push((RuleId(row.rule_id), Known { id: AlertId(row.id), labels, tracked }));
    }
    Ok(known)
}

struct Times {
    pending_since: DateTime<Utc>,
    critical_since: Option<DateTime<Utc>>,
    fired_at: Option<DateTime<Utc>>,
    clear_since: Option<DateTime<Utc>>,
    absent_since: Option<DateTime<Utc>>,
}

fn tracked(id: i64, state: &str, level: &str, times: &Times) -> Result<Tracked, Error> {
    let level: Level = Level::from_word(level).ok_or_else(|| corrupt("alert", "level", &id.to_string(), level))?;
    let (since, critical_since): (Time, Option<Time>) = (Time::from_utc(times.pending_since), super::time(times.critical_since));
    let absent_since: Option<Time> = super::time(times.absent_since);
    match (AlertState::from_word(state), times.fired_at) {
        (Some(AlertState::Pending), _) => Ok(Tracked::Pending { since, critical_since }),
        (Some(AlertState::Firing), Some(fired_at)) => Ok(Tracked::Firing(Firing {
            level,
            since,
            critical_since,
            fired_at: Time::from_utc(fired_at),
            clear_since: super::time(times.clear_since),
            absent_since,
        })),
        (Some(AlertState::Resolved), _) => Ok(Tracked::Dismissed { level, absent_since }),
        (None | Some(AlertState::Firing), _) => Err(corrupt("alert", "state", &id.to_string(), state)),
    }
}

/// A living state and its times.
#[derive(Clone, Copy)]
struct LivingState {
    state: AlertState,
    level: Level,
    since: Time,
    critical_since: Option<Time>,
    fired_at: Option<Time>,
    clear_since: Option<Time>,
    absent_since: Option<Time>,
}

/// What a living state consists of. `None` for a state without a living row.
fn living(tracked: &Tracked) -> Option<LivingState> {
    let level: Level = verdict::level(tracked)?;
    match *tracked {
        Tracked::Pending { since, critical_since } => Some(LivingState {
            state: AlertState::Pending,
            level,
            since,
            critical_since,
            fired_at: None,
            clear_since: None,
            absent_since: None,
        }),
        Tracked::Firing(firing) => Some(LivingState {
            state: AlertState::Firing,
            level,
            since: firing.since,
            critical_since: firing.critical_since,
            fired_at: Some(firing.fired_at),
            clear_since: firing.clear_since,
            absent_since: firing.absent_since,
        }),
        Tracked::Inactive | Tracked::Dismissed { .. } => None,
    }
}

/// What people read of an alert.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    pub(crate) summary: Text,
    /// Name to the text in both languages.
    pub(crate) annotations: Value,
}

/// An alert as it stands after a tick.
#[derive(Clone, Debug)]
pub(crate) struct Living {
    pub(crate) id: AlertId,
    pub(crate) tracked: Tracked,
    pub(crate) value: Option<f64>,
    pub(crate) words: Words,
}

/// Columns of the living alerts, for one statement.
#[derive(Default)]
struct Columns {
    ids: Vec<i64>,
    states: Vec<String>,
    levels: Vec<String>,
    severities: Vec<String>,
    thresholds: Vec<f64>,
    values: Vec<Option<f64>>,
    summaries_ja: Vec<String>,
    summaries_en: Vec<String>,
    annotations: Vec<Value>,
    pending: Vec<DateTime<Utc>>,
    critical: Vec<Option<DateTime<Utc>>>,
    fired: Vec<Option<DateTime<Utc>>>,
    clear: Vec<Option<DateTime<Utc>>>,
    absent: Vec<Option<DateTime<Utc>>>,
}

impl Columns {
    fn of(rule: &Rule, alerts: &[Living]) -> Self {
        let mut columns = Self::default();
        for alert in alerts {
            if let Some(state) = living(&alert.tracked) {
                columns.add(rule, alert, state);
            }
        }
        columns
    }

    fn add(&mut self, rule: &Rule, alert: &Living, state: LivingState) {
        self.ids.push(alert.id.0);
        self.states.push(state.state.as_str().to_owned());
        self.levels.push(state.level.as_str().to_owned());
        self.severities.push(rule.severity_at(state.level).code().to_owned());
        self.thresholds.push(rule.threshold_at(state.level));
        self.values.push(alert.value);
        self.summaries_ja.push(alert.words.summary.ja.clone());
        self.summaries_en.push(alert.words.summary.en.clone());
        self.annotations.push(alert.words.annotations.clone());
        self.pending.push(state.since.to_utc());
        self.critical.push(utc(state.critical_since));
        self.fired.push(utc(state.fired_at));
        self.clear.push(utc(state.clear_since));
        self.absent.push(utc(state.absent_since));
    }
}

/// Writes the alerts of a rule that go on. Words follow the value: without one they stay as they are.
pub(crate) async fn save(tx: &mut Tx, rule: &Rule, alerts: &[Living], at: Time) -> Result<(), sqlx::Error> {
    let columns = Columns::of(rule, alerts);
    if columns.ids.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "update alert
         set
           state = went.state,
           level = went.level,
           severity = went.severity,
           threshold = went.threshold,
           value = coalesce(went.value, alert.value),
           value_at = case when went.value is null then alert.value_at else $1 end,
           summary_ja = case when went.value is null then alert.summary_ja else went.summary_ja end,
           summary_en = case when went.value is null then alert.summary_en else went.summary_en end,
           annotations = case when went.value is null then alert.annotations else went.annotations end,
           pending_since = went.pending_since,
           critical_since = went.critical_since,
           fired_at = went.fired_at,
           clear_since = went.clear_since,
           absent_since = went.absent_since
         from unnest(
           $2::bigint[],
           $3::text[],
           $4::text[],
           $5::text[],
           $6::float8[],
           $7::float8[],
           $8::text[],
           $9::text[],
           $10::jsonb[],
           $11::timestamptz[],
           $12::timestamptz[],
           $13::timestamptz[],
           $14::timestamptz[],
           $15::timestamptz[]
         ) as went (
           id, state, level, severity, threshold, value, summary_ja, summary_en, annotations,
           pending_since, critical_since, fired_at, clear_since, absent_since
         )
         where alert.id = went.id",
        at.to_utc(),
        &columns.ids[..],
        &columns.states[..],
        &columns.levels[..],
        &columns.severities[..],
        &columns.thresholds[..],
        &columns.values[..] as &[Option<f64>],
        &columns.summaries_ja[..],
        &columns.summaries_en[..],
        &columns.annotations[..],
        &columns.pending[..],
        &columns.critical[..] as &[Option<DateTime<Utc>>],
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
    pub(crate) words: &'a Words,
}

/// Adds an alert and gives it its number. `None` for a state that has no row.
pub(crate) async fn add(tx: &mut Tx, fresh: &Fresh<'_>, at: Time) -> Result<Option<AlertId>, sqlx::Error> {
    let Some(state) = living(&fresh.tracked) else {
        return Ok(None);
    };
    let rule: &Rule = fresh.rule;
    let id: i64 = sqlx::query_scalar!(
        "insert into alert (
           rule_id, labels, name_ja, name_en, summary_ja, summary_en, annotations, severity, level, matches, direction, threshold,
           unit, for_ms, state, value, value_at, pending_since, critical_since, fired_at, clear_since, absent_since
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
         returning id",
        rule.id.0,
        labels_json(fresh.labels),
        rule.name.ja,
        rule.name.en,
        fresh.words.summary.ja,
        fresh.words.summary.en,
        fresh.words.annotations,
        rule.severity_at(state.level).code(),
        state.level.as_str(),
        rule.mode == Mode::Match,
        direction_word(rule.condition.direction()),
        rule.threshold_at(state.level),
        rule.unit.as_str(),
        rule.for_ms,
        state.state.as_str(),
        fresh.value,
        fresh.value.map(|_| at.to_utc()),
        state.since.to_utc(),
        utc(state.critical_since),
        utc(state.fired_at),
        utc(state.clear_since),
        utc(state.absent_since),
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
