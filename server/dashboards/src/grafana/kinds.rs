//! How a panel is drawn.

use super::{Importer, both, json, prose, title};
use dashboard::{Kind, Lines, MOST_CHOICES, Reduce, Said};
use serde_json::Value;

impl Importer {
    /// `None`: there is no such kind here.
    pub(super) fn kind(&mut self, path: &str, panel: &Value) -> Option<Kind> {
        Some(match json::text(panel, "/type") {
            "timeseries" => Kind::Lines(self.lines(path, panel)),
            "graph" => Kind::Lines(self.old_lines(path, panel)),
            "singlestat" if json::flag(panel, "/gauge/show") => Kind::Gauge(self.reduce(path, json::text(panel, "/valueName"))),
            "singlestat" => Kind::Stat(self.reduce(path, json::text(panel, "/valueName"))),
            "stat" => Kind::Stat(self.reduce(path, calculation(panel))),
            "gauge" | "bargauge" => Kind::Gauge(self.reduce(path, calculation(panel))),
            "piechart" | "grafana-piechart-panel" => Kind::Pie(self.reduce(path, calculation(panel))),
            "table" | "table-old" => Kind::Table,
            "heatmap" | "heatmap-new" => Kind::HeatMap,
            "histogram" => Kind::Histogram,
            "state-timeline" | "status-history" => Kind::States(self.states(path, panel)),
            "text" => Kind::Text(self.words(path, panel)),
            _ => return None,
        })
    }

    fn lines(&mut self, path: &str, panel: &Value) -> Lines {
        let custom: &Value = panel.pointer("/fieldConfig/defaults/custom").unwrap_or(&Value::Null);
        let stacking: &str = json::text(custom, "/stacking/mode");
        if stacking == "percent" {
            let why: Said = both(
                "割合の積み上げはありません。値のまま積み上げます",
                "there is no stacking to 100 %; values are stacked as they are",
            );
            self.note(&format!("{path}.fieldConfig.defaults.custom.stacking"), stacking, why);
        }
        let is_stacked: bool = matches!(stacking, "normal" | "percent");
        match (json::text(custom, "/drawStyle"), is_stacked) {
            ("bars", true) => Lines::StackedBars,
            ("bars", false) => Lines::Bars,
            ("points", _) => Lines::Points,
            (_, true) => Lines::Stacked,
            (_, false) if json::number(custom, "/fillOpacity").is_some_and(|fill| fill > 0.0) => Lines::Area,
            (_, false) => Lines::Line,
        }
    }

    fn old_lines(&mut self, path: &str, panel: &Value) -> Lines {
        let mode: &str = json::text(panel, "/xaxis/mode");
        if !matches!(mode, "" | "time") {
            let why: Said = both("横軸は時間だけです", "the axis along is time only");
            self.note(&format!("{path}.xaxis.mode"), mode, why);
        }
        let is_stacked: bool = json::flag(panel, "/stack");
        if is_stacked && json::flag(panel, "/percentage") {
            let why: Said = both(
                "割合の積み上げはありません。値のまま積み上げます",
                "there is no stacking to 100 %; values are stacked as they are",
            );
            self.note(&format!("{path}.percentage"), "percentage", why);
        }
        let is_drawn: bool = panel.get("lines").and_then(Value::as_bool).unwrap_or(true);
        match (json::flag(panel, "/bars"), is_stacked) {
            (true, true) => Lines::StackedBars,
            (true, false) => Lines::Bars,
            (false, true) => Lines::Stacked,
            (false, false) if !is_drawn && json::flag(panel, "/points") => Lines::Points,
            // What is not said was filled a little.
            (false, false) if json::number(panel, "/fill").is_none_or(|fill| fill > 0.0) => Lines::Area,
            (false, false) => Lines::Line,
        }
    }

    fn reduce(&mut self, path: &str, word: &str) -> Reduce {
        match word {
            "" | "last" | "lastNotNull" | "current" => Reduce::Last,
            "min" => Reduce::Min,
            "max" => Reduce::Max,
            "mean" | "avg" => Reduce::Mean,
            "sum" | "total" => Reduce::Sum,
            "p95" => Reduce::P95,
            "diff" | "delta" | "range" => Reduce::Change,
            other => {
                let why: Said =
                    both("この集計はありません。最新の値を示します", "there is no such reduction; the last value is shown");
                self.note(&format!("{path}.options.reduceOptions"), other, why);
                Reduce::Last
            }
        }
    }

    /// Names of values, as newer versions (`{"0": {"text": …}}`) and older ones (`{"value": "0", "text": …}`) have them.
    fn states(&mut self, path: &str, panel: &Value) -> Vec<(f64, Said)> {
        let mut states: Vec<(f64, Said)> = Vec::new();
        for (index, mapping) in json::list(panel, "/fieldConfig/defaults/mappings").iter().enumerate() {
            let n_before: usize = states.len();
            if let Some(number) = json::number(mapping, "/value") {
                states.push((number, title(json::text(mapping, "/text"))));
            }
            if json::text(mapping, "/type") == "value" {
                let options = mapping.get("options").and_then(Value::as_object);
                let named = options.into_iter().flatten().filter_map(|(value, option)| {
                    let number: f64 = value.trim().parse::<f64>().ok().filter(|number| number.is_finite())?;
                    Some((number, title(json::text(option, "/text"))))
                });
                states.extend(named);
            }
            if states.len() == n_before {
                let what: &str = json::text(mapping, "/type");
                let why: Said = both("一つの値の名前だけを写せます", "only names of single numbers are mapped");
                self.note(&format!("{path}.fieldConfig.defaults.mappings[{index}]"), what, why);
            }
        }
        self.cut(&format!("{path}.fieldConfig.defaults.mappings"), &mut states, MOST_CHOICES);
        states
    }

    fn words(&mut self, path: &str, panel: &Value) -> Said {
        let (new, old): (&str, &str) = (json::text(panel, "/options/content"), json::text(panel, "/content"));
        let mode: &str = if new.is_empty() { json::text(panel, "/mode") } else { json::text(panel, "/options/mode") };
        if mode == "html" {
            let why: Said = both(
                "HTML は Markdown として読まれ、タグは文字のまま出ます",
                "HTML is read as Markdown, and its tags are shown as they are",
            );
            self.note(&format!("{path}.options.mode"), mode, why);
        }
        prose(if new.is_empty() { old } else { new })
    }
}

fn calculation(panel: &Value) -> &str {
    json::text(panel, "/options/reduceOptions/calcs/0")
}
