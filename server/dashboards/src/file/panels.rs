//! Panels and their queries.

use super::reader::{Reader, number, scalar};
use super::{USUAL_HEIGHT, USUAL_WIDTH};
use dashboard::{Axis, Kind, Legend, Lines, Panel, Query, Reduce, Said};
use figures::Unit;
use yaml::{At, Node};

pub(super) const PANEL_KEYS: &[&str] = &[
    "id",
    "title",
    "description",
    "kind",
    "reduce",
    "states",
    "text",
    "queries",
    "unit",
    "decimals",
    "min",
    "max",
    "axis",
    "thresholds",
    "legend",
    "width",
    "height",
    "repeat",
    "links",
    "past",
    "series",
    "columns",
    "sort",
    "limit",
];
const QUERY_KEYS: &[&str] = &["expr", "name", "hidden", "instant"];
const STATE_KEYS: &[&str] = &["value", "name"];

impl Reader<'_> {
    pub(super) fn panels(&mut self, at: &At<'_>) -> Vec<Panel> {
        let panels: Vec<At<'_>> = self.children(at, "panels", "a list of panels");
        panels.iter().filter_map(|panel| self.panel_of(panel)).collect()
    }

    fn panel_of(&mut self, at: &At<'_>) -> Option<Panel> {
        if !self.mapping(at, PANEL_KEYS) {
            return None;
        }
        Some(Panel {
            id: self.required(at, "id").and_then(|id| self.plain(&id, "a text")).unwrap_or_default(),
            title: self.said(at, "title"),
            description: self.said(at, "description"),
            kind: self.kind(at),
            queries: self.queries(at),
            unit: self.unit(at),
            decimals: self.small(at, "decimals"),
            min: self.number(at, "min"),
            max: self.number(at, "max"),
            axis: Axis::from_word(self.word(at, "axis", &Axis::ALL.map(Axis::as_str))).unwrap_or_default(),
            judges: self.thresholds(at),
            legend: self.legend(at),
            width: self.small(at, "width").unwrap_or(USUAL_WIDTH),
            height: self.small(at, "height").unwrap_or(USUAL_HEIGHT),
            repeat: self.text(at, "repeat"),
            links: self.links(at),
            past_ms: self.duration(at, "past"),
            series: self.series(at),
            table: self.table(at),
        })
    }

    fn kind(&mut self, at: &At<'_>) -> Kind {
        let word: &'static str = self.word(at, "kind", &Kind::WORDS);
        let because = format!("kind: {word}");
        if word != "table" {
            self.refuse(at, &["columns", "sort", "limit"], &because);
        }
        let is_reduced: bool = matches!(word, "stat" | "gauge" | "pie");
        for (key, is_known) in [("reduce", is_reduced), ("states", word == "states"), ("text", word == "text")] {
            if !is_known {
                self.refuse(at, &[key], &because);
            }
        }
        let reduce: Reduce = if is_reduced { self.reduce(at) } else { Reduce::default() };
        match word {
            "stat" => Kind::Stat(reduce),
            "gauge" => Kind::Gauge(reduce),
            "pie" => Kind::Pie(reduce),
            "heatmap" => Kind::HeatMap,
            "states" => Kind::States(self.states(at)),
            "table" => Kind::Table,
            "histogram" => Kind::Histogram,
            "text" => Kind::Text(self.said(at, "text")),
            other => Kind::Lines(Lines::from_word(other).unwrap_or_default()),
        }
    }

    fn reduce(&mut self, at: &At<'_>) -> Reduce {
        Reduce::from_word(self.word(at, "reduce", &Reduce::ALL.map(Reduce::as_str))).unwrap_or_default()
    }

    fn states(&mut self, at: &At<'_>) -> Vec<(f64, Said)> {
        let mut states: Vec<(f64, Said)> = Vec::new();
        for state in self.children(at, "states", "a list of values and names") {
            if !self.mapping(&state, STATE_KEYS) {
                continue;
            }
            let Some(value) = self.required(&state, "value") else {
                continue;
            };
            match number(value.node) {
                Some(value) => states.push((value, self.said(&state, "name"))),
                None => self.wrong(&value, "a number"),
            }
        }
        states
    }

    fn queries(&mut self, at: &At<'_>) -> Vec<Query> {
        let queries: Vec<At<'_>> = self.children(at, "queries", "a list of queries");
        queries.iter().filter_map(|query| self.query(query)).collect()
    }

    /// An expression alone, or a mapping.
    fn query(&mut self, at: &At<'_>) -> Option<Query> {
        if let Some(expr) = scalar(at.node) {
            return Some(Query { expr, ..Query::default() });
        }
        if !matches!(at.node, Node::Mapping(_)) {
            self.wrong(at, "a PromQL expression, or a mapping with one");
            return None;
        }
        self.mapping(at, QUERY_KEYS);
        let expr: At<'_> = self.required(at, "expr")?;
        let Some(text) = scalar(expr.node) else {
            self.wrong(&expr, "a PromQL expression");
            return None;
        };
        Some(Query {
            expr: text,
            name: self.text(at, "name").unwrap_or_default(),
            is_hidden: self.flag(at, "hidden"),
            is_instant: self.flag(at, "instant"),
        })
    }

    pub(super) fn unit(&mut self, at: &At<'_>) -> Unit {
        let words: Vec<&'static str> = Unit::ALL.iter().map(|unit| unit.as_str()).collect();
        Unit::from_word(self.word(at, "unit", &words)).unwrap_or_default()
    }

    fn legend(&mut self, at: &At<'_>) -> Vec<Legend> {
        let Some(legend) = at.child("legend") else {
            return Vec::new();
        };
        let found: Vec<String> = self.scalars(at, "legend", "a list of words");
        let known: Vec<Legend> = found.iter().filter_map(|word| Legend::from_word(word)).collect();
        if known.len() < found.len() {
            self.wrong(&legend, &format!("a list of {}", Legend::ALL.map(Legend::as_str).join(", ")));
        }
        known
    }
}
