//! One rule: what it says, what it measured and raised, and what people made of it.

use super::list::{line, text, with_unit};
use super::replay::{Stretch, days_of, replayed};
use super::{back, graph};
use crate::apis::Door;
use crate::apis::alerting::{rows, shape, shown};
use crate::apis::plots::{self, Span};
use ::api::ApiError;
use ::api::error::Expected;
use ::api::rules::{Backtested, RuleAsk, RuleSheet, RuleView, StateSpan};
use alerting::routes::explain::{Outcome, Step};
use alerting::routes::labels_of;
use alerting::rules::levels::Warning;
use alerting::rules::{Mode, form};
use alerting::{AlertRow, Filter, Rule, RuleRow, Show, Version};
use model::Time;
use model::access::ApplyRules;
use model::ids::{AlertId, RuleId};
use model::labels::Labels;

const DAY_MS: i64 = 86_400_000;
/// Firings of one screenful.
const SCREENFUL: usize = 20;
/// Open alerts that stand on a rule's screen; the list of alerts has all.
const MOST_OPEN: i64 = 20;

/// Everything on the screen of a rule.
pub async fn view(door: &Door, ask: &RuleAsk) -> Result<RuleView, ApiError> {
    let room = &door.house.alerting;
    let id = RuleId(ask.id.clone());
    let row: RuleRow = room.rule(&id).await.map_err(shown)?.ok_or(ApiError::NotFound { what: format!("rule {id}") })?;
    let versions: Vec<Version> = room.rule_versions(&id).await.map_err(shown)?;
    let span: Span = Span::last(DAY_MS, door.house.clock.now());
    let open: Vec<AlertRow> = alerts(door, Filter { limit: MOST_OPEN, ..about(&id, Show::Open) }).await?;
    let (past, more) = past(door, ask, &id).await?;
    Ok(RuleView {
        plot: plot(door, &row.rule, span).await,
        states: states(door, &row.rule, span.from).await?,
        open: rows::of(&door.house, open).await?,
        past: rows::of(&door.house, past).await?,
        more,
        versions: back::versions(versions, &row),
        back: back::view(door, &row, ask.version).await?,
        backtest: backtest(door, ask, &row).await?,
        pages: pages(door, &row.rule).await?,
        can_edit: door.admit::<ApplyRules>().is_ok(),
        line: line(&row),
        sheet: sheet(row),
    })
}

/// A rule that can't be evaluated says so itself, and is shown without a line.
async fn plot(door: &Door, rule: &Rule, span: Span) -> chart::Plot {
    let viewer = &door.visitor.viewer;
    let drawn = graph::plot(door, rule, span).await;
    drawn.unwrap_or_else(|_| plots::empty(span, &viewer.zone, viewer.locale))
}

fn about(id: &RuleId, show: Show) -> Filter {
    Filter { show, rule: Some(id.clone()), ..Filter::default() }
}

async fn alerts(door: &Door, filter: Filter) -> Result<Vec<AlertRow>, ApiError> {
    door.house.alerting.alerts(&filter).await.map_err(shown)
}

/// Until now, which is later than the last point of the graph: an alert of this minute is there.
async fn states(door: &Door, rule: &Rule, from: Time) -> Result<Vec<StateSpan>, ApiError> {
    let now: Time = door.house.clock.now();
    let limit: i64 = i64::try_from(graph::MOST_STATES / 2).unwrap_or(i64::MAX);
    let filter = Filter { touching: Some((from, now)), limit, ..about(&rule.id, Show::All) };
    let mut found: Vec<AlertRow> = alerts(door, filter).await?;
    found.extend(alerts(door, Filter { limit, ..about(&rule.id, Show::Pending) }).await?);
    Ok(graph::states_of(rule, &found, from, now))
}

/// Firings that are over, the newest first: one row more than a screenful tells whether there are more.
async fn past(door: &Door, ask: &RuleAsk, id: &RuleId) -> Result<(Vec<AlertRow>, Option<i64>), ApiError> {
    let search: Option<String> = Some(ask.q.clone()).filter(|text| !text.trim().is_empty());
    let limit: i64 = i64::try_from(SCREENFUL).unwrap_or(i64::MAX).saturating_add(1);
    let filter = Filter { search, before: ask.before.map(AlertId), limit, ..about(id, Show::Resolved) };
    let mut found: Vec<AlertRow> = alerts(door, filter).await?;
    let has_more: bool = found.len() > SCREENFUL;
    found.truncate(SCREENFUL);
    let more: Option<i64> = found.last().filter(|_| has_more).map(|row| row.id.0);
    Ok((found, more))
}

async fn backtest(door: &Door, ask: &RuleAsk, row: &RuleRow) -> Result<Option<Backtested>, ApiError> {
    if ask.backtest.is_empty() {
        return Ok(None);
    }
    let wrong = || ApiError::Invalid { field: "backtest".to_owned(), expected: Expected::other("1d, 7d or 30d") };
    let days: u32 = days_of(&ask.backtest).ok_or_else(wrong)?;
    let stretch: Stretch = Stretch::last(days, row.interval_ms, door.house.clock.now());
    Ok(Some(replayed(door, &row.rule, stretch).await.1))
}

/// The channels of the routes that would take an alert with the rule's own labels. What a series brings along may lead elsewhere.
async fn pages(door: &Door, rule: &Rule) -> Result<Option<Vec<String>>, ApiError> {
    let own: Labels = Labels::new(rule.labels.iter().filter(|(_, value)| !value.contains("{{")));
    let labels: Labels = labels_of(&own, &rule.id, rule.severity);
    let steps: Vec<Step> = door.house.routing.where_would_it_go(&labels).await.map_err(shown)?;
    let mut is_taken: bool = false;
    let mut channels: Vec<String> = Vec::new();
    for step in steps {
        if let Step::Route { outcome: Outcome::Taken { settings, .. }, .. } = step {
            is_taken = true;
            let new = settings.channels.into_iter().filter(|name| !channels.contains(name)).collect::<Vec<String>>();
            channels.extend(new);
        }
    }
    Ok(is_taken.then_some(channels))
}

fn sheet(row: RuleRow) -> RuleSheet {
    let rule: Rule = row.rule;
    let figure = |value: Option<f64>| value.map(|value| with_unit(value.to_string(), rule.unit)).unwrap_or_default();
    let warning: Option<&Warning> = rule.warning.as_ref();
    let renotify = rule.renotify.as_ref();
    let is_link = |name: &str| name == form::DASHBOARD && form::dashboard(&rule).is_some();
    let others = rule.annotations.iter().filter(|(name, _)| !is_link(name));
    let edited: Option<(String, Time)> = row.edited.map(|edited| (edited.by, edited.at));
    RuleSheet {
        summary: text(&rule.summary),
        unit: rule.unit,
        file: row.file,
        warning: warning.map(|warning| with_unit(warning.condition.to_string(), rule.unit)).unwrap_or_default(),
        warning_severity: warning.map(|warning| warning.severity),
        warning_for_ms: warning.map_or(0, |warning| warning.for_ms),
        recovery: figure(rule.recovery),
        warning_recovery: figure(warning.and_then(|warning| warning.recovery)),
        keep_firing_for_ms: rule.keep_firing_for_ms,
        no_data: if rule.mode != Mode::Value { String::new() } else { rule.absence.policy.as_str().to_owned() },
        no_data_after_ms: rule.absence.timeframe_ms,
        no_data_end_ms: rule.absence.resolve_after_ms,
        new_group_delay_ms: rule.new_group_delay_ms,
        evaluation_delay_ms: rule.evaluation_delay_ms,
        renotify_ms: renotify.map_or(0, |renotify| renotify.interval_ms),
        renotify_most: renotify.and_then(|renotify| renotify.most),
        renotify_message: renotify.map(|renotify| text(&renotify.message)).unwrap_or_default(),
        runbook: text(&rule.runbook),
        dashboard: form::dashboard(&rule).map(str::to_owned),
        labels: rule.labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        annotations: others.map(|(name, found)| (name.clone(), text(found))).collect(),
        edited,
        version: row.version,
        took_ms: row.took_ms,
        series: row.series.map(shape::count),
        missed: shape::count(row.missed),
        runbook_url: rule.runbook_url.clone(),
        tags: rule.tags.clone(),
        expr: rule.expr.clone(),
    }
}
