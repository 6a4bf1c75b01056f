//! Graphs that were kept, as plots; and what a rule measured until a second.

use crate::apis::Door;
use crate::apis::alerting::{self, shown, sparks};
use crate::apis::plots::{self, Span};
use ::api::ApiError;
use ::api::incidents::line::KeptGraph;
use ::api::incidents::moment::MomentGraph;
use chart::{Band, Limit, Plot, Scale, Series};
use incidents::Frozen;
use model::Time;
use model::alert::Direction;
use model::ids::AlertId;
use model::labels::Labels;
use serde_json::Value;

/// Lines of one graph: more can't be told apart.
const MOST_LINES: usize = 8;
/// How far a graph of the scrubber looks back.
const BACK_MS: i64 = 60 * 60_000;

/// A graph that was kept, drawn for a reader.
pub fn kept(frozen: &Frozen, door: &Door) -> KeptGraph {
    KeptGraph {
        id: frozen.id.0,
        title: frozen.title.clone(),
        query: frozen.query.clone(),
        from: frozen.from,
        until: frozen.until,
        plot: Some(plot(frozen, door)),
    }
}

fn plot(frozen: &Frozen, door: &Door) -> Plot {
    let viewer = &door.visitor.viewer;
    let span = Span { from: frozen.from, to: frozen.until, step_ms: frozen.step_ms };
    Plot { series: series(&frozen.data, &frozen.title), ..plots::empty(span, &viewer.zone, viewer.locale) }
}

/// What was kept: `{"series": [{"labels": …, "points": [[ms, value], …]}]}`. What can't be read is no line.
fn series(data: &Value, title: &str) -> Vec<Series> {
    let found: Vec<&Value> = data["series"].as_array().map(|all| all.iter().take(MOST_LINES).collect()).unwrap_or_default();
    let is_one: bool = found.len() == 1;
    let one = |(place, drawn): (usize, &Value)| Series {
        name: if is_one { title.to_owned() } else { name(&drawn["labels"]) },
        style: u8::try_from(place + 1).unwrap_or(1),
        points: points(&drawn["points"]),
        fill: false,
    };
    found.into_iter().enumerate().map(one).collect()
}

fn name(labels: &Value) -> String {
    let labels: Labels = serde_json::from_value(labels.clone()).unwrap_or_default();
    let values: Vec<&str> = labels.iter().map(|(_, value)| value).collect();
    values.join(" ")
}

fn points(points: &Value) -> Vec<(i64, f64)> {
    let one = |point: &Value| Some((point[0].as_i64()?, point[1].as_f64().unwrap_or(f64::NAN)));
    points.as_array().map(|all| all.iter().filter_map(one).collect()).unwrap_or_default()
}

/// What the rule of an alert measured until `at`, and a little after where that is past already; none without a rule of ours.
///
/// # Errors
/// The alerting room's.
pub async fn measured(door: &Door, alert: AlertId, at: Time) -> Result<Option<MomentGraph>, ApiError> {
    let Some(found) = door.house.alerting.alert(alert).await.map_err(shown)? else {
        return Ok(None);
    };
    let (row, rule) = (alerting::shape::row(found.row), found.rule.map(alerting::shape::rule));
    let Some(rule) = rule else { return Ok(None) };
    let viewer = &door.visitor.viewer;
    let span = Span::between(at.plus_ms(-BACK_MS), at);
    // A rule that can't be evaluated says so itself.
    let curves = plots::range(&door.house, &rule.expr, span).await.unwrap_or_default();
    let points: Vec<(i64, f64)> = sparks::of_row(&curves, &row.labels).unwrap_or_default();
    let severity: u8 = row.severity.level();
    let limit: Option<f64> = row.limit();
    let band = |limit: f64| match row.direction {
        Direction::Above => Band::above(severity, limit),
        Direction::Below => Band::below(severity, limit),
    };
    let plot = Plot {
        series: vec![Series { name: rule.name.read(viewer.locale).to_owned(), style: 1, points, fill: false }],
        y: Scale { min: Some(0.0), max: None, unit: row.unit, ..Scale::default() },
        bands: limit.filter(|_| !row.matches).map(band).into_iter().collect(),
        limits: limit.map(|value| Limit { value, severity, label: String::new() }).into_iter().collect(),
        ..plots::empty(span, &viewer.zone, viewer.locale)
    };
    Ok(Some(MomentGraph { alert, title: rule.name, plot }))
}

#[cfg(test)]
mod tests {
    use super::series;
    use serde_json::json;

    #[test]
    fn what_was_kept_is_drawn_and_what_cannot_be_read_is_no_line() {
        let data = json!({ "series": [
            { "labels": [["host", "app-01"]], "points": [[0, 1.5], [60_000, null], ["x", 2]] },
            { "labels": 3, "points": "none" },
        ] });
        let found = series(&data, "cpu");
        assert_eq!((found.len(), found[0].name.as_str(), found[0].points.len()), (2, "app-01", 2));
        assert!(found[0].points[1].1.is_nan() && found[1].points.is_empty());
        assert_eq!(series(&json!({ "series": [{ "points": [] }] }), "cpu")[0].name, "cpu");
        assert!(series(&json!(null), "cpu").is_empty());
    }
}
