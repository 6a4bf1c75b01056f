//! One panel.

use super::fields::{Fields, Shape};
use super::layout::{self, Size};
use super::units::{Measured, unit};
use super::{Importer, both, clipped, json, prose, slug_of, title};
use dashboard::{Axis, Judge, Kind, Legend, Link, MOST_LINKS, Panel, Query, Said, TableLayout};
use figures::Unit;
use serde_json::Value;

/// Looks of Grafana's that are not ours, with the value that says nothing.
const LOOKS: [(&str, &[&str]); 7] = [
    ("lineInterpolation", &["linear"]),
    ("gradientMode", &["none"]),
    ("axisPlacement", &["auto", "left"]),
    ("axisLabel", &[""]),
    ("spanNulls", &["false"]),
    ("showPoints", &["auto", "never"]),
    ("barAlignment", &["0"]),
];
/// Keys of a panel that change what it asks or shows, and have no meaning here.
const OTHERS: [&str; 9] =
    ["timeFrom", "timeShift", "interval", "maxDataPoints", "seriesOverrides", "valueMaps", "rangeMaps", "alert", "libraryPanel"];

impl Importer {
    /// `None`: it is not mapped, and it is noted why.
    pub(super) fn panel(&mut self, path: &str, panel: &Value, size: Size) -> Option<Panel> {
        let name: &str = json::text(panel, "/title");
        let Some(kind) = self.kind(path, panel) else {
            let what = format!("{} {name}", json::text(panel, "/type"));
            let why: Said = both("この種類のパネルはありません", "there is no such kind of panel");
            self.note(path, what.trim(), why);
            return None;
        };
        let measured: Measured = self.unit(path, panel);
        let mut fields = Fields::of(panel, &kind, measured);
        let queries: Vec<Query> = if matches!(kind, Kind::Text(_)) { Vec::new() } else { self.targets(path, panel, &mut fields) };
        if queries.is_empty() && !matches!(kind, Kind::Text(_)) {
            let why: Said = both("写せるクエリがありません", "it has no query that can be mapped");
            self.note(path, &format!("{} {name}", json::text(panel, "/type")), why);
            return None;
        }
        self.leftovers(path, panel, &kind);
        let shape: Shape = self.shape(path, panel, &kind, &fields);
        let id: String = self.id(panel);
        self.came_from.insert(id.clone(), path.to_owned());
        let judges: Vec<Judge> = self.judges(path, panel, &kind, measured.times());
        let mapped = Panel {
            id,
            title: title(name),
            description: prose(json::text(panel, "/description")),
            queries,
            unit: measured.unit,
            decimals: json::small(panel, "/fieldConfig/defaults/decimals", 0, 10)
                .or_else(|| json::small(panel, "/decimals", 0, 10)),
            min: end(panel, "min", measured.times()),
            max: end(panel, "max", measured.times()),
            axis: self.axis(path, panel),
            judges,
            legend: self.legend(path, panel, &kind),
            repeat: layout::repeat(panel),
            links: self.links_of(path, panel),
            past_ms: None,
            kind,
            ..Panel::default()
        };
        Some(layout::sized(possible(shaped(mapped, shape)), size))
    }

    /// What its transformations and overrides come to. A text has no fields.
    fn shape(&mut self, path: &str, panel: &Value, kind: &Kind, fields: &Fields) -> Shape {
        let mut shape = Shape::default();
        if !matches!(kind, Kind::Text(_)) {
            self.transformations(path, panel, kind, fields, &mut shape);
            self.overrides(path, panel, fields, &mut shape);
        }
        shape
    }

    fn id(&mut self, panel: &Value) -> String {
        let slug: String = slug_of(json::text(panel, "/title"));
        if !slug.is_empty() {
            return self.free_id(&slug);
        }
        let number: Option<i64> = panel.get("id").and_then(Value::as_i64);
        let wish: String = number.map_or_else(|| "panel".to_owned(), |number| format!("panel-{}", number.unsigned_abs()));
        self.free_id(&wish)
    }

    fn unit(&mut self, path: &str, panel: &Value) -> Measured {
        const NONE: Measured = Measured { unit: Unit::None, factor: "" };
        let places = ["/fieldConfig/defaults/unit", "/yaxes/0/format", "/yAxis/format", "/format"];
        let id: &str = places.iter().map(|place| json::text(panel, place)).find(|id| !id.is_empty()).unwrap_or_default();
        unit(id).unwrap_or_else(|| {
            let why: Said = both("この単位はありません。値だけを示します", "there is no such unit; values are shown bare");
            self.note(&format!("{path}.fieldConfig.defaults.unit"), id, why);
            NONE
        })
    }

    fn axis(&mut self, path: &str, panel: &Value) -> Axis {
        let scale: &Value = panel.pointer("/fieldConfig/defaults/custom/scaleDistribution").unwrap_or(&Value::Null);
        let new_base: Option<f64> = json::number(scale, "/log");
        let (axis, base): (Axis, Option<f64>) = match json::text(scale, "/type") {
            "log" => (Axis::Log, new_base),
            "symlog" => (Axis::Symlog, new_base),
            _ => match json::number(panel, "/yaxes/0/logBase") {
                Some(base) if base > 1.0 => (Axis::Log, Some(base)),
                _ => (Axis::Linear, None),
            },
        };
        if let Some(base) = base.filter(|base| (base - 10.0).abs() > 0.5) {
            let why: Said = both("対数の底は10です", "the base of a logarithmic axis is 10");
            self.note(&format!("{path}.scaleDistribution"), &format!("log {base}"), why);
        }
        axis
    }

    fn legend(&mut self, path: &str, panel: &Value, kind: &Kind) -> Vec<Legend> {
        if !matches!(kind, Kind::Lines(_)) {
            return Vec::new();
        }
        let new: &Value = panel.pointer("/options/legend").unwrap_or(&Value::Null);
        let old: &Value = panel.get("legend").unwrap_or(&Value::Null);
        let is_hidden: bool = new.get("showLegend").and_then(Value::as_bool) == Some(false)
            || json::text(new, "/displayMode") == "hidden"
            || old.get("show").and_then(Value::as_bool) == Some(false);
        if is_hidden {
            return Vec::new();
        }
        let mut words: Vec<&str> = json::list(new, "/calcs").iter().filter_map(Value::as_str).collect();
        let old_words = ["current", "min", "max", "avg", "total"];
        words.extend(old_words.into_iter().filter(|word| json::flag(old, &format!("/{word}"))));
        let mut legend: Vec<Legend> = Vec::new();
        for word in words {
            match column(word) {
                Some(column) if legend.contains(&column) => {}
                Some(column) => legend.push(column),
                None => {
                    self.note(&format!("{path}.legend"), word, both("凡例にこの列はありません", "the legend has no such column"))
                }
            }
        }
        if legend.is_empty() { vec![Legend::Last] } else { legend }
    }

    fn links_of(&mut self, path: &str, panel: &Value) -> Vec<Link> {
        let mut links: Vec<Link> = Vec::new();
        for (index, link) in json::list(panel, "/links").iter().enumerate() {
            if let Some(mapped) = self.link(&format!("{path}.links[{index}]"), link) {
                links.push(mapped);
            }
        }
        self.cut(&format!("{path}.links"), &mut links, MOST_LINKS);
        links
    }

    /// Everything a panel has that no panel has here.
    fn leftovers(&mut self, path: &str, panel: &Value, kind: &Kind) {
        for key in OTHERS {
            let found: &Value = panel.get(key).unwrap_or(&Value::Null);
            let is_said: bool = match found {
                Value::Null | Value::Bool(false) => false,
                Value::String(text) => !text.is_empty(),
                Value::Array(list) => !list.is_empty(),
                _ => true,
            };
            if is_said {
                let why: Said = both("写しません", "has no meaning here");
                self.note(&format!("{path}.{key}"), &clipped(&found.to_string(), 120), why);
            }
        }
        self.field_leftovers(path, panel, kind);
    }

    fn field_leftovers(&mut self, path: &str, panel: &Value, kind: &Kind) {
        let defaults: &Value = panel.pointer("/fieldConfig/defaults").unwrap_or(&Value::Null);
        if !json::list(defaults, "/links").is_empty() {
            let why: Said = both("点からのリンクはありません", "there are no links of single points");
            self.note(&format!("{path}.fieldConfig.defaults.links"), "data links", why);
        }
        if !matches!(kind, Kind::States(_)) && !json::list(defaults, "/mappings").is_empty() {
            let why: Said = both("値の言い換えは状態のパネルにだけあります", "values have names only in panels of states");
            self.note(&format!("{path}.fieldConfig.defaults.mappings"), "value mappings", why);
        }
        let custom: &Value = defaults.get("custom").unwrap_or(&Value::Null);
        let mut looks: Vec<String> = Vec::new();
        for (key, usual) in LOOKS {
            let said: Option<String> = custom.get(key).and_then(json::scalar).filter(|said| !usual.contains(&said.as_str()));
            looks.extend(said.map(|said| format!("{key}={said}")));
        }
        if !looks.is_empty() {
            let why: Said = both("見た目の設定は写しません", "looks are not mapped");
            self.note(&format!("{path}.fieldConfig.defaults.custom"), &looks.join(", "), why);
        }
    }
}

fn column(word: &str) -> Option<Legend> {
    Some(match word {
        "last" | "lastNotNull" | "current" => Legend::Last,
        "min" => Legend::Min,
        "max" => Legend::Max,
        "mean" | "avg" => Legend::Mean,
        "p95" => Legend::P95,
        _ => return None,
    })
}

/// An end of the value axis, in our unit.
fn end(panel: &Value, key: &str, times: f64) -> Option<f64> {
    // A single number carries the ends of the gauge it does not show.
    let gauge: Option<f64> = json::number(panel, &format!("/gauge/{key}Value")).filter(|_| json::flag(panel, "/gauge/show"));
    let places = [format!("/fieldConfig/defaults/{key}"), format!("/yaxes/0/{key}")];
    let found: Option<f64> = places.iter().find_map(|place| json::number(panel, place)).or(gauge);
    found.map(|found| found * times).filter(|found| found.is_finite())
}

/// With what its transformations and overrides say.
fn shaped(panel: Panel, shape: Shape) -> Panel {
    let kind: Kind = match (panel.kind, shape.reduce) {
        (Kind::Stat(_), Some(reduce)) => Kind::Stat(reduce),
        (Kind::Gauge(_), Some(reduce)) => Kind::Gauge(reduce),
        (Kind::Pie(_), Some(reduce)) => Kind::Pie(reduce),
        (kind, _) => kind,
    };
    let queries: Vec<Query> = match shape.over_time {
        Some(function) => panel.queries.into_iter().map(|query| over_time(query, function)).collect(),
        None => panel.queries,
    };
    let table: TableLayout = if kind == Kind::Table { shape.table } else { TableLayout::default() };
    Panel { kind, queries, series: shape.series, table, ..panel }
}

/// One number of its values over the span; what is asked at one moment has one already. A comment at its end must not swallow the bracket.
fn over_time(query: Query, function: &str) -> Query {
    if query.is_instant {
        return query;
    }
    let break_at_comment: &str = if query.expr.contains('#') { "\n" } else { "" };
    let expr: String = format!("{function}(({}{break_at_comment})[$__range:$__interval])", query.expr);
    Query { expr, is_instant: true, ..query }
}

/// Ends that contradict each other follow the data, as they do in Grafana.
fn possible(panel: Panel) -> Panel {
    let contradict: bool = matches!((panel.min, panel.max), (Some(min), Some(max)) if min >= max);
    let is_below: bool = panel.axis == Axis::Log && panel.max.is_some_and(|max| max <= 0.0);
    if contradict || is_below { Panel { min: None, max: None, ..panel } } else { panel }
}
