//! One alert with its evidence.

use crate::apis::Door;
use crate::apis::alerting::{rows, shape, shown, sparks};
use crate::apis::plots::{self, Span};
use crate::apis::recipients::Recipients;
use crate::happenings::{Past, taken_of};
use ::api::ApiError;
use ::api::alerting::{AlertDetail, AlertRow, PastAlert, RuleRow};
use alerting::{Filter, HistoryEntry, Show};
use chart::{Band, Limit, Marker, MarkerKind, Plot, Scale, Series};
use figures::{Locale, Unit};
use model::Time;
use model::alert::Direction;
use model::ids::AlertId;
use model::labels::Labels;
use notify::DeliveryId;

/// How much is shown before the crossing, and after the end.
const BEFORE_MS: i64 = 30 * 60_000;
const AFTER_MS: i64 = 10 * 60_000;
/// A graph never spans less: a curve needs a past to be read.
const LEAST_MS: i64 = 60 * 60_000;
/// Other alerts within this time of the firing may belong together.
const AROUND_MS: i64 = 30 * 60_000;
const MOST_OTHERS: usize = 6;
/// How far back earlier firings of the same alert are listed, and how many of them.
const PAST_MS: i64 = 30 * 24 * 3_600_000;
const MOST_PAST: i64 = 100;

/// Everything on the screen of alert `id`.
pub async fn view(door: &Door, id: AlertId) -> Result<AlertDetail, ApiError> {
    let room = &door.house.alerting;
    let found = room.alert(id).await.map_err(shown)?.ok_or(ApiError::NotFound { what: format!("alert {id}") })?;
    let labels = found.row.labels.clone();
    let notes = shape::notes(&found.annotations, &found.row.summary);
    let mut shown_rows = rows::of(&door.house, vec![found.row]).await?;
    rows::compare(&mut shown_rows, found.rule.as_slice());
    let row = shown_rows.pop().ok_or(ApiError::NotFound { what: format!("alert {id}") })?;
    let rule = found.rule.map(shape::rule);
    let mut plot = plot(door, &row, rule.as_ref()).await;
    around(door, &labels, &found.history, &mut plot).await;
    let past = past(door, id, &row, labels).await?;
    let personal: Vec<DeliveryId> = found.history.iter().filter_map(shape::paged_person).collect();
    let recipients: Recipients = Recipients::of(&door.house, &personal).await;
    let locale: Locale = door.visitor.viewer.locale;
    Ok(AlertDetail {
        plot,
        notes,
        history: found.history.into_iter().map(|entry| shape::entry(entry, &recipients, locale)).collect(),
        past,
        others: others(door, &row).await?,
        row,
        rule,
    })
}

/// From before the crossing to now, or to some time after it was resolved.
fn span(row: &AlertRow, now: Time) -> Span {
    let end = row.resolved_at.map_or(now, |at| Time(at.plus_ms(AFTER_MS).0.min(now.0)));
    let from = row.crossed_at.plus_ms(-BEFORE_MS).0.min(end.0 - LEAST_MS);
    Span::between(Time(from), end)
}

/// The measured value with threshold, band, crossing and firing.
async fn plot(door: &Door, row: &AlertRow, rule: Option<&RuleRow>) -> Plot {
    let viewer = &door.visitor.viewer;
    let span = span(row, door.house.clock.now());
    let severity = row.severity.level();
    let mut points = Vec::new();
    if let Some(rule) = rule {
        // A rule that can't be evaluated says so itself; its alert is shown without a line.
        let series = plots::range(&door.house, &rule.expr, span).await.unwrap_or_default();
        points = sparks::of_row(&series, &row.labels).unwrap_or_default();
    }
    let name = rule.map_or_else(|| row.rule.0.clone(), |rule| rule.name.read(viewer.locale).to_owned());
    let limit = row.limit();
    let bands = limit.zip(direction(row)).map(|(limit, direction)| match direction {
        Direction::Above => Band::above(severity, limit),
        Direction::Below => Band::below(severity, limit),
    });
    Plot {
        series: vec![Series { name, style: 1, points, fill: false }],
        y: Scale { min: Some(0.0), max: (row.unit == Unit::Percent).then_some(100.0), unit: row.unit, ..Scale::default() },
        bands: bands.into_iter().collect(),
        limits: limit.map(|value| Limit { value, severity, label: String::new() }).into_iter().collect(),
        markers: markers(row, severity, viewer.locale),
        ..plots::empty(span, &viewer.zone, viewer.locale)
    }
}

/// Who took it, and what kept it quiet.
async fn around(door: &Door, labels: &Labels, history: &[HistoryEntry], plot: &mut Plot) {
    let locale = door.visitor.viewer.locale;
    let span = (Time(plot.from_ms), Time(plot.to_ms));
    plot.markers.extend(taken_of(history, locale));
    plot.stretches = Past::of(&door.house).quiet(labels, span, locale).await;
}

/// Which side of its limit is bad; neither where a rule asks for a number exactly, or for anything at all.
fn direction(row: &AlertRow) -> Option<Direction> {
    if !row.matches {
        return Some(row.direction);
    }
    match row.compares.as_ref()?.0.as_str() {
        ">" | "≥" => Some(Direction::Above),
        "<" | "≤" => Some(Direction::Below),
        _ => None,
    }
}

fn markers(row: &AlertRow, severity: u8, locale: Locale) -> Vec<Marker> {
    let words = match locale {
        Locale::Ja => ["しきい値を超過", "発報", "解消"],
        Locale::En => ["crossed", "fired", "resolved"],
    };
    let mark = |at: Time, kind: MarkerKind, word: &str| Marker { ms: at.0, kind, severity, label: word.to_owned() };
    let crossed = Some(mark(row.crossed_at, MarkerKind::Crossed, words[0]));
    let fired = row.fired_at.map(|at| mark(at, MarkerKind::Fired, words[1]));
    let resolved = row.resolved_at.map(|at| mark(at, MarkerKind::Resolved, words[2]));
    [crossed, fired, resolved].into_iter().flatten().collect()
}

/// Earlier and later firings of the same rule for the same labels.
async fn past(door: &Door, id: AlertId, row: &AlertRow, labels: Labels) -> Result<Vec<PastAlert>, ApiError> {
    let now = door.house.clock.now();
    let filter = Filter {
        show: Show::All,
        rule: Some(row.rule.clone()),
        labels: Some(labels),
        touching: Some((now.plus_ms(-PAST_MS), now)),
        limit: MOST_PAST,
        ..Filter::default()
    };
    let found = door.house.alerting.alerts(&filter).await.map_err(shown)?;
    Ok(found.into_iter().filter(|other| other.id != id).filter_map(shape::past).collect())
}

/// Alerts that were open around the time this one began.
async fn others(door: &Door, row: &AlertRow) -> Result<Vec<AlertRow>, ApiError> {
    let around = (row.since().plus_ms(-AROUND_MS), row.since().plus_ms(AROUND_MS));
    let limit = i64::try_from(MOST_OTHERS).unwrap_or(i64::MAX).saturating_add(1);
    let filter = Filter { show: Show::All, touching: Some(around), limit, ..Filter::default() };
    let found = door.house.alerting.alerts(&filter).await.map_err(shown)?;
    let found: Vec<alerting::AlertRow> = found.into_iter().filter(|other| other.id != row.id).take(MOST_OTHERS).collect();
    rows::of(&door.house, found).await
}
