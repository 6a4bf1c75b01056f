//! Dashboards as a file that is read back as the same dashboards. What is as usual is left out.

use super::{USUAL_HEIGHT, USUAL_WIDTH, thresholds};
use dashboard::{
    Axis, Column, Dashboard, Judge, Kind, Link, Offer, Panel, Query, Reduce, Refresh, Row, Said, SeriesOverride, Sort, Span,
    TableLayout, Variable,
};
use figures::Unit;
use serde_yaml_ng::{Mapping, Value};

/// Writes dashboards as one file, keys in a fixed order, so that a change of one thing is a change of one line.
#[must_use]
pub fn to_yaml(dashboards: &[Dashboard]) -> String {
    let mut root = Mapping::new();
    put(&mut root, "dashboards", list(dashboards, dashboard));
    // Texts, numbers, lists and mappings of texts can always be written.
    serde_yaml_ng::to_string(&Value::Mapping(root)).unwrap_or_default()
}

fn put(mapping: &mut Mapping, key: &str, value: impl Into<Value>) {
    mapping.insert(Value::String(key.to_owned()), value.into());
}

fn list<T>(items: &[T], write: impl Fn(&T) -> Value) -> Value {
    Value::Sequence(items.iter().map(write).collect())
}

fn put_list<T>(mapping: &mut Mapping, key: &str, items: &[T], write: impl Fn(&T) -> Value) {
    if !items.is_empty() {
        put(mapping, key, list(items, write));
    }
}

fn put_text(mapping: &mut Mapping, key: &str, text: &str) {
    if !text.is_empty() {
        put(mapping, key, text);
    }
}

fn put_flag(mapping: &mut Mapping, key: &str, flag: bool) {
    if flag {
        put(mapping, key, true);
    }
}

/// Unlike the others, an empty text is something here: it was said.
fn put_option(mapping: &mut Mapping, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        put(mapping, key, text);
    }
}

fn put_number(mapping: &mut Mapping, key: &str, value: Option<f64>) {
    if let Some(value) = value {
        put(mapping, key, number(value));
    }
}

fn put_said(mapping: &mut Mapping, key: &str, said: &Said) {
    if said.ja == said.en {
        put_text(mapping, key, &said.en);
        return;
    }
    let mut both = Mapping::new();
    put_text(&mut both, "ja", &said.ja);
    put_text(&mut both, "en", &said.en);
    put(mapping, key, Value::Mapping(both));
}

/// `80`, not `80.0`.
fn number(value: f64) -> Value {
    value.to_string().parse::<i64>().map_or_else(|_| Value::from(value), Value::from)
}

fn texts(texts: &[String]) -> Value {
    list(texts, |text| Value::from(text.as_str()))
}

fn put_texts(mapping: &mut Mapping, key: &str, found: &[String]) {
    if !found.is_empty() {
        put(mapping, key, texts(found));
    }
}

fn duration(ms: i64) -> String {
    promql::numbers::format_duration(u64::try_from(ms).unwrap_or(0))
}

fn dashboard(dashboard: &Dashboard) -> Value {
    let mut written = Mapping::new();
    put(&mut written, "slug", dashboard.slug.as_str());
    put_said(&mut written, "title", &dashboard.title);
    put_said(&mut written, "description", &dashboard.description);
    put_texts(&mut written, "tags", &dashboard.tags);
    put_option(&mut written, "team", dashboard.team.as_deref());
    if dashboard.span != Span::default() {
        put(&mut written, "span", duration(dashboard.span.0));
    }
    match dashboard.refresh {
        Refresh::Live => {}
        Refresh::Every(ms) => put(&mut written, "refresh", duration(ms)),
        Refresh::Off => put(&mut written, "refresh", "off"),
    }
    put_list(&mut written, "links", &dashboard.links, link);
    put_list(&mut written, "variables", &dashboard.variables, variable);
    match dashboard.rows.as_slice() {
        // One row without a title and anything else of its own is its panels.
        [only] if *only == (Row { panels: only.panels.clone(), ..Row::default() }) => {
            put(&mut written, "panels", list(&only.panels, panel));
        }
        rows => put_list(&mut written, "rows", rows, row),
    }
    Value::Mapping(written)
}

fn link(link: &Link) -> Value {
    let mut written = Mapping::new();
    put_said(&mut written, "title", &link.title);
    put(&mut written, "href", link.href.as_str());
    put_flag(&mut written, "keeps_span", link.keeps_span);
    Value::Mapping(written)
}

fn variable(variable: &Variable) -> Value {
    let mut written = Mapping::new();
    put(&mut written, "name", variable.name.as_str());
    put_said(&mut written, "title", &variable.label);
    offer(&mut written, &variable.offer);
    put_flag(&mut written, "multi", variable.is_multi);
    put_flag(&mut written, "all", variable.has_all);
    match variable.default.as_slice() {
        [only] => put(&mut written, "default", only.as_str()),
        several => put_texts(&mut written, "default", several),
    }
    put_flag(&mut written, "hidden", variable.is_hidden);
    Value::Mapping(written)
}

fn offer(written: &mut Mapping, offer: &Offer) {
    match offer {
        Offer::LabelValues { label, selector, regex } => {
            put(written, "from", "label_values");
            put(written, "label", label.as_str());
            put_text(written, "selector", selector);
            put_text(written, "regex", regex);
        }
        Offer::Query { expr, label } => {
            put(written, "from", "query");
            put(written, "expr", expr.as_str());
            put(written, "label", label.as_str());
        }
        Offer::List(choices) => {
            put(written, "from", "list");
            put(written, "values", list(choices, choice));
        }
        Offer::Interval(windows) => {
            put(written, "from", "interval");
            put(written, "values", texts(windows));
        }
        Offer::Text => {}
    }
}

fn choice(choice: &(String, String)) -> Value {
    let (shown, value): (&String, &String) = (&choice.0, &choice.1);
    if shown == value {
        return Value::from(value.as_str());
    }
    let mut written = Mapping::new();
    put(&mut written, "text", shown.as_str());
    put(&mut written, "value", value.as_str());
    Value::Mapping(written)
}

fn row(row: &Row) -> Value {
    let mut written = Mapping::new();
    put_said(&mut written, "title", &row.title);
    put_flag(&mut written, "folded", row.is_folded);
    put_option(&mut written, "repeat", row.repeat.as_deref());
    put_list(&mut written, "panels", &row.panels, panel);
    Value::Mapping(written)
}

fn panel(panel: &Panel) -> Value {
    let mut written = Mapping::new();
    put(&mut written, "id", panel.id.as_str());
    put_said(&mut written, "title", &panel.title);
    put_said(&mut written, "description", &panel.description);
    kind(&mut written, &panel.kind);
    put_list(&mut written, "queries", &panel.queries, query);
    if panel.unit != Unit::None {
        put(&mut written, "unit", panel.unit.as_str());
    }
    if let Some(decimals) = panel.decimals {
        put(&mut written, "decimals", u64::from(decimals));
    }
    put_number(&mut written, "min", panel.min);
    put_number(&mut written, "max", panel.max);
    if panel.axis != Axis::Linear {
        put(&mut written, "axis", panel.axis.as_str());
    }
    put_list(&mut written, "thresholds", &panel.judges, threshold);
    put_list(&mut written, "legend", &panel.legend, |legend| Value::from(legend.as_str()));
    if panel.width != USUAL_WIDTH {
        put(&mut written, "width", u64::from(panel.width));
    }
    if panel.height != USUAL_HEIGHT {
        put(&mut written, "height", u64::from(panel.height));
    }
    put_option(&mut written, "repeat", panel.repeat.as_deref());
    put_list(&mut written, "links", &panel.links, link);
    if let Some(past_ms) = panel.past_ms {
        put(&mut written, "past", duration(past_ms));
    }
    put_list(&mut written, "series", &panel.series, one_override);
    if panel.kind == Kind::Table {
        put_table(&mut written, &panel.table);
    }
    Value::Mapping(written)
}

fn one_override(one: &SeriesOverride) -> Value {
    let mut written = Mapping::new();
    put(&mut written, "match", one.matching.text());
    put_text(&mut written, "name", &one.name);
    if let Some(unit) = one.unit {
        put(&mut written, "unit", unit.as_str());
    }
    if let Some(decimals) = one.decimals {
        put(&mut written, "decimals", u64::from(decimals));
    }
    put_flag(&mut written, "hidden", one.is_hidden);
    Value::Mapping(written)
}

fn put_table(written: &mut Mapping, table: &TableLayout) {
    put_list(written, "columns", &table.columns, column);
    if let Some(Sort { column, is_falling }) = &table.sort {
        let mut sort = Mapping::new();
        put(&mut sort, "column", column.as_str());
        put_flag(&mut sort, "falling", *is_falling);
        put(written, "sort", Value::Mapping(sort));
    }
    if let Some(limit) = table.limit {
        put(written, "limit", u64::from(limit));
    }
}

fn column(column: &Column) -> Value {
    if column.title.is_empty() && !column.is_hidden {
        return Value::from(column.name.as_str());
    }
    let mut written = Mapping::new();
    put(&mut written, "name", column.name.as_str());
    put_text(&mut written, "title", &column.title);
    put_flag(&mut written, "hidden", column.is_hidden);
    Value::Mapping(written)
}

fn kind(written: &mut Mapping, kind: &Kind) {
    let word: &'static str = kind.as_str();
    if word != Kind::WORDS[0] {
        put(written, "kind", word);
    }
    match kind {
        Kind::Stat(how) | Kind::Gauge(how) | Kind::Pie(how) if *how != Reduce::default() => {
            put(written, "reduce", how.as_str());
        }
        Kind::States(states) => put_list(written, "states", states, state),
        Kind::Text(text) => put_said(written, "text", text),
        Kind::Lines(_) | Kind::Stat(_) | Kind::Gauge(_) | Kind::Pie(_) | Kind::HeatMap | Kind::Table | Kind::Histogram => {}
    }
}

fn state(state: &(f64, Said)) -> Value {
    let mut written = Mapping::new();
    put(&mut written, "value", number(state.0));
    put_said(&mut written, "name", &state.1);
    Value::Mapping(written)
}

fn query(query: &Query) -> Value {
    if query.name.is_empty() && !query.is_hidden && !query.is_instant {
        return Value::from(query.expr.as_str());
    }
    let mut written = Mapping::new();
    put(&mut written, "expr", query.expr.as_str());
    put_text(&mut written, "name", &query.name);
    put_flag(&mut written, "hidden", query.is_hidden);
    put_flag(&mut written, "instant", query.is_instant);
    Value::Mapping(written)
}

fn threshold(judge: &Judge) -> Value {
    if let Some(short) = thresholds::shortened(judge) {
        return Value::String(short);
    }
    let mut written = Mapping::new();
    put(&mut written, "value", number(judge.value));
    put(&mut written, "severity", judge.severity.code());
    put_flag(&mut written, "below", judge.is_below);
    put_said(&mut written, "label", &judge.label);
    Value::Mapping(written)
}
