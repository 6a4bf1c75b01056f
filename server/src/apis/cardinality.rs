//! The door of the screen Metrics: what eats series and disk, and what lies in one metric.

mod expression;
#[cfg(test)]
mod tests;

use crate::apis::targets::states;
use crate::apis::{Door, plots};
use crate::house_error::unavailable;
use crate::wiring::House;
use ::api::ApiError;
use ::api::cardinality::{
    CardinalityApi, CountRow, DiskView, LONGEST_SEARCH, LabelView, MetricRow, MetricView, QuotaRow, QuotaView, Refusal,
    SourceView, UsageQuery, UsageTotals, UsageView,
};
use ::api::error::Expected;
use async_trait::async_trait;
use metrics::Reason;
use metrics::cardinality::Count;
use metrics::cardinality::metric::{LabelSurvey, MetricSurvey};
use metrics::cardinality::senders::SenderFigures;
use metrics::cardinality::survey::{Storage, Survey};
use metrics::error::Error;
use metrics::metadata::{Kind, Meaning};
use model::access::ReadMetrics;
use std::collections::BTreeSet;

/// Answers the screen Metrics.
pub struct Adapter(pub Door);

/// Samples committed a second, over all replicas; the collector keeps the counter as a series.
const RATE: &str = "sum(rate(mimamori_metrics_samples_total[2m]))";
/// The label that is a metric's name.
const NAME: &str = "__name__";
/// Senders shown.
const MOST_SENDERS: usize = 200;
/// Characters of an id that stand for a token whose name nobody told.
const SHORT_ID: usize = 8;
/// When too much is asked at once it is worth asking again after this long.
const LATER_S: u32 = 5;

#[async_trait]
impl CardinalityApi for Adapter {
    async fn usage(&self, query: UsageQuery) -> Result<UsageView, ApiError> {
        self.0.admit::<ReadMetrics>()?;
        let house = &self.0.house;
        if query.q.chars().count() > LONGEST_SEARCH as usize {
            let expected = Expected::Characters { least: 0, most: LONGEST_SEARCH };
            return Err(ApiError::Invalid { field: "q".to_owned(), expected });
        }
        let survey = house.metrics.survey(&query.q).await.map_err(|error| failed(&error))?;
        let totals: UsageTotals = totals(house, &survey).await?;
        let view = UsageView {
            q: query.q,
            totals,
            metrics: Vec::new(),
            metrics_found: survey.cardinality.metrics_found,
            labels: Vec::new(),
            pairs: Vec::new(),
            quotas: quotas(house),
            metric: None,
        };
        match query.metric.filter(|name| !name.is_empty()) {
            Some(name) => Ok(UsageView { metric: Some(metric(house, &name).await?), ..view }),
            None => Ok(with_lists(view, house, &survey)),
        }
    }
}

fn failed(error: &Error) -> ApiError {
    match error {
        Error::Overloaded | Error::Eval(_) => ApiError::TryLater { seconds: LATER_S },
        other => unavailable(other),
    }
}

async fn totals(house: &House, survey: &Survey) -> Result<UsageTotals, ApiError> {
    let storage = house.metrics.storage().await.map_err(|error| failed(&error))?;
    // A figure that can't be had now is left out; the screen is not about it.
    let rate = plots::instant(house, RATE, house.clock.now()).await.unwrap_or_default();
    let found = &survey.cardinality;
    Ok(UsageTotals {
        series: found.series,
        live: found.head_series,
        limit: u64::from(house.config.samples.max_series),
        new: survey.new.count,
        new_is_cut: survey.new.is_cut,
        metrics: found.metrics,
        label_names: found.label_names,
        label_pairs: found.label_pairs,
        samples_per_second: rate.first().map(|(_, value)| *value),
        memory_bytes: found.head_bytes + found.index_bytes,
        disk: disk(&storage),
        oldest: storage.oldest,
        oldest_roll: storage.oldest_roll,
        retention_days: house.config.retention_days,
        roll_days: metrics::Config::default().roll_days,
        taken_at: survey.taken_at,
    })
}

fn disk(storage: &Storage) -> DiskView {
    DiskView {
        batches: storage.batches,
        chunks: storage.chunks,
        rolls: storage.rolls,
        labels: storage.labels,
        indexes: storage.indexes,
    }
}

fn with_lists(view: UsageView, house: &House, survey: &Survey) -> UsageView {
    let found = &survey.cardinality;
    let metric = |count: &Count| MetricRow {
        name: count.name.clone(),
        series: count.count,
        new: survey.new.by_metric.get(&count.name).copied().unwrap_or(0),
        kind: word(kind(house, &count.name)),
        expression: expression::of_metric(&count.name, kind(house, &count.name), count.count),
    };
    // The names of metrics have a list of their own.
    let labels = found.values_by_label.iter().filter(|count| count.name != NAME);
    let pairs = found.series_by_pair.iter().filter(|count| count.name.split('=').next().is_none_or(|label| label != NAME));
    UsageView {
        metrics: found.series_by_metric.iter().map(metric).collect(),
        labels: labels.map(|count| row(count, expression::of_label(&count.name, count.count))).collect(),
        pairs: pairs.map(|count| row(count, of_pair(&count.name))).collect(),
        ..view
    }
}

fn row(count: &Count, expression: String) -> CountRow {
    CountRow { name: count.name.clone(), count: count.count, expression }
}

fn of_pair(pair: &str) -> String {
    let (label, value) = pair.split_once('=').unwrap_or((pair, ""));
    expression::of_pair(label, value)
}

/// What a metric means, as its newest sender tells; under its own name, or that of its family.
fn meaning(house: &House, metric: &str) -> Option<Meaning> {
    let known = |name: &str| house.metrics.metadata().all(None, Some(name)).into_iter().next();
    let (_, meanings) = known(metric).or_else(|| known(expression::family(metric)))?;
    meanings.into_iter().next()
}

fn kind(house: &House, metric: &str) -> Kind {
    meaning(house, metric).map_or(Kind::Unknown, |meaning| meaning.kind)
}

fn word(kind: Kind) -> String {
    if kind == Kind::Unknown { String::new() } else { kind.word().to_owned() }
}

async fn metric(house: &House, name: &str) -> Result<MetricView, ApiError> {
    let found = house.metrics.metric_survey(name).await.map_err(|error| failed(&error))?;
    let Some(survey) = &*found else {
        return Err(ApiError::NotFound { what: format!("metric {name}") });
    };
    let scraped: BTreeSet<(String, String)> = scraped(house).await?;
    let meaning = meaning(house, name);
    let kind: Kind = meaning.as_ref().map_or(Kind::Unknown, |meaning| meaning.kind);
    Ok(MetricView {
        name: name.to_owned(),
        kind: word(kind),
        help: meaning.as_ref().map_or_else(String::new, |meaning| meaning.help.clone()),
        unit: meaning.as_ref().map_or_else(String::new, |meaning| meaning.unit.clone()),
        expression: expression::of_metric(name, kind, survey.series),
        series: survey.series,
        live: survey.live,
        new: survey.new,
        newest: survey.newest,
        last_day: survey.last_day,
        labels: survey.labels.iter().map(|found| label(name, found)).collect(),
        sources: sources(survey, &scraped),
        is_cut: survey.is_cut,
    })
}

fn label(metric: &str, found: &LabelSurvey) -> LabelView {
    LabelView {
        name: found.name.clone(),
        values: found.values,
        series: found.series,
        examples: found.examples.iter().map(|count| (count.name.clone(), count.count)).collect(),
        expression: expression::by_label(metric, &found.name, found.values),
    }
}

fn sources(survey: &MetricSurvey, scraped: &BTreeSet<(String, String)>) -> Vec<SourceView> {
    let source = |found: &metrics::cardinality::metric::SourceSurvey| SourceView {
        job: found.job.clone(),
        instance: found.instance.clone(),
        series: found.series,
        is_scraped: scraped.contains(&(found.job.clone(), found.instance.clone())),
    };
    survey.sources.iter().map(source).collect()
}

/// Job and instance of every target that is scraped.
async fn scraped(house: &House) -> Result<BTreeSet<(String, String)>, ApiError> {
    let (targets, _) = states(house).await?;
    Ok(targets.iter().map(|target| (target.labels.get("job").to_owned(), target.labels.get("instance").to_owned())).collect())
}

fn quotas(house: &House) -> QuotaView {
    let limits = &house.config.samples;
    let figures: Vec<SenderFigures> = house.metrics.sender_figures();
    let row = |figures: &SenderFigures| QuotaRow {
        name: sender_name(figures),
        series: figures.series,
        accepted: figures.accepted,
        refused: figures.refused,
        refusal: figures.refusal.map(refusal),
    };
    QuotaView {
        max_series: limits.token_max_series,
        samples_per_second: limits.token_samples_per_second,
        senders: figures.iter().take(MOST_SENDERS).map(row).collect(),
    }
}

/// What a sender is called: its token's name, or the beginning of its id.
#[must_use]
pub fn sender_name(figures: &SenderFigures) -> String {
    if figures.name.is_empty() {
        return figures.id.to_string().chars().take(SHORT_ID).collect();
    }
    figures.name.clone()
}

/// Why samples were refused, for people.
#[must_use]
pub fn refusal(reason: Reason) -> Refusal {
    match reason {
        Reason::TooManySenderSeries => Refusal::SenderSeries,
        Reason::TooManySeries => Refusal::Series,
        Reason::TooOld => Refusal::TooOld,
        Reason::TooNew => Refusal::TooNew,
        Reason::UnsortedLabels
        | Reason::EmptyLabel
        | Reason::NoMetricName
        | Reason::NotUtf8
        | Reason::TooManyLabels
        | Reason::TooLongLabel => Refusal::Labels,
        _ => Refusal::Other,
    }
}
