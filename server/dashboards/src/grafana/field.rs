//! Thresholds.

use super::colours::severity;
use super::{Importer, both, json};
use dashboard::{Judge, Kind, MOST_JUDGES, Said};
use model::Severity;
use serde_json::Value;

/// A value from which on a colour holds; the first has none.
struct Level {
    from: Option<f64>,
    severity: Option<Severity>,
}

impl Importer {
    pub(super) fn judges(&mut self, path: &str, panel: &Value, kind: &Kind, times: f64) -> Vec<Judge> {
        let mut judges: Vec<Judge> = match json::text(panel, "/type") {
            "graph" => self.old_judges(path, panel),
            "singlestat" => judged(&single(panel)),
            _ => judged(&self.levels(path, panel, kind)),
        };
        for judge in &mut judges {
            judge.value *= times;
        }
        judges.retain(|judge| judge.value.is_finite());
        self.cut(&format!("{path}.thresholds"), &mut judges, MOST_JUDGES);
        judges
    }

    /// The steps of newer versions, where they are drawn at all: every panel carries Grafana's own 80 about.
    fn levels(&mut self, path: &str, panel: &Value, kind: &Kind) -> Vec<Level> {
        let defaults: &Value = panel.pointer("/fieldConfig/defaults").unwrap_or(&Value::Null);
        let is_drawn: bool = match kind {
            Kind::Lines(_) => !matches!(json::text(defaults, "/custom/thresholdsStyle/mode"), "" | "off"),
            Kind::Stat(_) => json::text(panel, "/options/colorMode") != "none" && by_threshold(defaults),
            Kind::Gauge(_) | Kind::Table => by_threshold(defaults),
            Kind::HeatMap | Kind::States(_) | Kind::Histogram | Kind::Pie(_) | Kind::Text(_) => false,
        };
        if !is_drawn {
            return Vec::new();
        }
        let (min, max): (Option<f64>, Option<f64>) = (json::number(defaults, "/min"), json::number(defaults, "/max"));
        let is_share: bool = json::text(defaults, "/thresholds/mode") == "percentage";
        if is_share && (min.is_none() || max.is_none()) {
            let why: Said = both(
                "割合のしきい値は min と max があるときだけ写せます",
                "thresholds in per cent are mapped only with min and max",
            );
            self.note(&format!("{path}.fieldConfig.defaults.thresholds"), "percentage", why);
            return Vec::new();
        }
        let scaled = |value: f64| match (is_share, min, max) {
            (true, Some(min), Some(max)) => min + value / 100.0 * (max - min),
            _ => value,
        };
        let steps: &[Value] = json::list(defaults, "/thresholds/steps");
        steps
            .iter()
            .map(|step| Level { from: json::number(step, "/value").map(scaled), severity: severity(json::text(step, "/color")) })
            .collect()
    }

    fn old_judges(&mut self, path: &str, panel: &Value) -> Vec<Judge> {
        let mut judges: Vec<Judge> = Vec::new();
        for (index, threshold) in json::list(panel, "/thresholds").iter().enumerate() {
            let mode: &str = json::text(threshold, "/colorMode");
            let colour: &str = json::text(threshold, "/lineColor");
            let found: Option<Severity> = match mode {
                "critical" => Some(Severity::P1),
                "warning" => Some(Severity::P2),
                "custom" => severity(colour),
                _ => None,
            };
            match (json::number(threshold, "/value"), found) {
                (Some(value), Some(severity)) => {
                    judges.push(Judge {
                        value,
                        severity,
                        is_below: json::text(threshold, "/op") == "lt",
                        label: Said::default(),
                    });
                }
                _ => {
                    let why: Said = both("重大度を表さない線は写しません", "a line that means no severity is not mapped");
                    self.note(&format!("{path}.thresholds[{index}]"), mode, why);
                }
            }
        }
        judges
    }
}

/// Colours follow thresholds unless something else is said.
fn by_threshold(defaults: &Value) -> bool {
    matches!(json::text(defaults, "/color/mode"), "" | "thresholds")
}

/// `"50,80"` with three colours, where they are shown.
fn single(panel: &Value) -> Vec<Level> {
    let is_shown: bool =
        json::flag(panel, "/colorValue") || json::flag(panel, "/colorBackground") || json::flag(panel, "/gauge/show");
    if !is_shown {
        return Vec::new();
    }
    let values = json::text(panel, "/thresholds").split(',').filter_map(|value| value.trim().parse::<f64>().ok());
    let from = std::iter::once(None).chain(values.filter(|value| value.is_finite()).map(Some));
    let colours = json::list(panel, "/colors").iter().map(|colour| severity(colour.as_str().unwrap_or_default()));
    from.zip(colours).map(|(from, severity)| Level { from, severity }).collect()
}

/// What changes from each level to the next: what gets worse is crossed upwards, what gets better was crossed downwards.
fn judged(levels: &[Level]) -> Vec<Judge> {
    let mut judges: Vec<Judge> = Vec::new();
    for pair in levels.windows(2) {
        let (below, above): (Option<Severity>, Option<Severity>) = (pair[0].severity, pair[1].severity);
        let Some(value) = pair[1].from else { continue };
        let (severity, is_below): (Option<Severity>, bool) =
            if badness(above) > badness(below) { (above, false) } else { (below, true) };
        if let Some(severity) = severity.filter(|_| above != below) {
            judges.push(Judge { value, severity, is_below, label: Said::default() });
        }
    }
    judges
}

fn badness(severity: Option<Severity>) -> u8 {
    severity.map_or(0, |severity| 4 - severity.level())
}
