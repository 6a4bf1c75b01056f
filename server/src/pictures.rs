//! The graph of an alert as a picture, for whoever is told of it where no screen is: the last hours with the line that was crossed.
//!
//! Laid out by `chart` as on the alert's own screen, and filled in here, pixel by pixel: a drawing of three hundred lines needs no
//! library of its own. Figures, Latin and the few Japanese words of a chart come as small pictures of letters (`glyphs`); names that
//! people gave stand in the text beside the picture, never in it. Always light: nobody tells us in which theme a mail is read.

mod canvas;
mod glyphs;
mod look;
mod outline;
mod png;
pub mod vector;

use crate::apis::plots::Span;
use crate::zones;
use alerting::rules::Mode;
use alerting::{AlertRow, Alerting};
use async_trait::async_trait;
use canvas::Canvas;
use chart::{Band, DisplayList, Figure, Limit, Marker, MarkerKind, Plot, Scale, Series, Size};
use chrono_tz::Tz;
use figures::{Locale, Unit, Zone};
use metrics::Metrics;
use metrics::eval::Value;
use metrics::source::SeriesData;
use model::Time;
use model::alert::Direction;
use model::ids::AlertId;
use notify::needs::Pictures;
use notify::page::Png;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// In CSS pixels; twice as many are filled in.
const SIZE: Size = Size { width: 760.0, height: 300.0 };
/// No picture is larger, in CSS pixels: it takes six bytes a pixel twice over while it is made.
const MOST_PX: f64 = 2_000.0;
/// How far back a picture goes at least, and at most.
const LEAST_MS: i64 = 3 * 3_600_000;
const MOST_MS: i64 = 24 * 3_600_000;
/// What is shown before the crossing.
const BEFORE_MS: i64 = 3_600_000;
/// Pictures that are made at a time: each takes a core for some milliseconds, and a page goes without rather than wait.
const AT_ONCE: usize = 2;

/// Draws the alerts of one installation.
pub struct Charts {
    alerting: Alerting,
    metrics: Arc<Metrics>,
    turns: Arc<Semaphore>,
}

impl Charts {
    /// Of the alerts of `alerting`, over what `metrics` measured.
    #[must_use]
    pub fn new(alerting: Alerting, metrics: Arc<Metrics>) -> Self {
        Self { alerting, metrics, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// What there is to see, if there is anything.
    async fn plot(&self, alert: AlertId, at: Time, locale: Locale, zone: Tz) -> Option<Plot> {
        let found = self.alerting.alert(alert).await.ok()??;
        let rule: alerting::Rule = found.rule?.rule;
        let expr = promql::parse(&rule.expr).ok()?;
        let span: Span = span(&found.row, at);
        let answer = self.metrics.range(&expr, span.from, span.to, span.step_ms).await.ok()?;
        let Value::Matrix(series) = answer.value else { return None };
        let points: Vec<(i64, f64)> = points(&series, &found.row)?;
        let mut plot: Plot = drawn(&found.row, span, points, locale, zones::around(zone, at));
        if rule.mode == Mode::Match {
            // What such a rule compares with stands in its expression: there is no line to draw.
            plot.bands.clear();
            plot.limits.clear();
        }
        Some(plot)
    }
}

#[async_trait]
impl Pictures for Charts {
    async fn picture(&self, alert: AlertId, at: Time, locale: Locale, zone: Tz) -> Option<Png> {
        let turn = Arc::clone(&self.turns).try_acquire_owned().ok()?;
        let plot: Plot = self.plot(alert, at, locale, zone).await?;
        let painting = tokio::task::spawn_blocking(move || {
            // Held until it is done, also when nobody waits for it any more.
            let _turn = turn;
            picture_of(&plot)
        });
        painting.await.ok().flatten()
    }
}

/// The picture of a plot.
fn picture_of(plot: &Plot) -> Option<Png> {
    png(&Figure::Plot(plot.clone()), SIZE)
}

/// The picture of any figure, at most `MOST_PX` wide and high.
pub fn png(figure: &Figure, size: Size) -> Option<Png> {
    let size = Size { width: size.width.min(MOST_PX), height: size.height.min(MOST_PX) };
    png_of(&chart::picture(figure, size))
}

/// The picture of what was laid out already. Whoever lays out sees to it that it is at most `MOST_PX` wide and high.
pub fn png_of(list: &DisplayList) -> Option<Png> {
    let mut canvas = Canvas::new(Size { width: f64::from(list.width), height: f64::from(list.height) });
    canvas.draw(list);
    let (width, height) = canvas.size();
    png::encode(width, height, canvas.pixels()).ok().map(Png::new)
}

/// From before the crossing until now.
fn span(row: &AlertRow, at: Time) -> Span {
    let wanted_ms: i64 = row.pending_since.plus_ms(-BEFORE_MS).0.min(at.plus_ms(-LEAST_MS).0);
    Span::between(Time(wanted_ms.max(at.plus_ms(-MOST_MS).0)), at)
}

/// The series all of whose labels the alert carries. One without a point is nothing to see.
fn points(series: &[SeriesData], row: &AlertRow) -> Option<Vec<(i64, f64)>> {
    let carries = |one: &&SeriesData| {
        let mut named = one.labels.iter().filter(|(name, _)| *name != model::labels::METRIC_NAME);
        named.all(|(name, value)| row.labels.get(name) == value)
    };
    let found: &SeriesData = series.iter().find(carries)?;
    let points: Vec<(i64, f64)> = found.points.iter().map(|point| (point.at, point.value)).collect();
    if points.is_empty() { None } else { Some(points) }
}

fn drawn(row: &AlertRow, span: Span, points: Vec<(i64, f64)>, locale: Locale, zone: Zone) -> Plot {
    let severity: u8 = row.severity.level();
    let band: Band = match row.direction {
        Direction::Above => Band::above(severity, row.threshold),
        Direction::Below => Band::below(severity, row.threshold),
    };
    let limit = Limit { value: row.threshold, severity, label: String::new() };
    // Of a rule that takes anything for a breach the threshold says nothing.
    let (bands, limits) = if row.matches { (Vec::new(), Vec::new()) } else { (vec![band], vec![limit]) };
    Plot {
        series: vec![Series { name: String::new(), style: 1, points, fill: false }],
        gap_ms: span.step_ms * 3,
        y: Scale { max: (row.unit == Unit::Percent).then_some(100.0), unit: row.unit, ..Scale::default() },
        bands,
        limits,
        markers: markers(row, severity, locale),
        ..Plot::new(span.from.0, span.to.0, zone, locale)
    }
}

fn markers(row: &AlertRow, severity: u8, locale: Locale) -> Vec<Marker> {
    let words: [&str; 3] = match locale {
        Locale::Ja => ["しきい値を超過", "発報", "解消"],
        Locale::En => ["crossed", "fired", "resolved"],
    };
    let mark = |at: Time, kind: MarkerKind, word: &str| Marker { ms: at.0, kind, severity, label: word.to_owned() };
    let crossed: Option<Marker> = Some(mark(row.pending_since, MarkerKind::Crossed, words[0]));
    let fired: Option<Marker> = row.fired_at.map(|at| mark(at, MarkerKind::Fired, words[1]));
    let resolved: Option<Marker> = row.resolved_at.map(|at| mark(at, MarkerKind::Resolved, words[2]));
    [crossed, fired, resolved].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
