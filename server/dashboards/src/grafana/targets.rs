//! What a panel asks.

use super::fields::{Fields, reference};
use super::units::Measured;
use super::{Importer, both, clipped, json};
use dashboard::{MOST_EXPR, MOST_QUERIES, MOST_TITLE, Query, Said};
use serde_json::Value;

impl Importer {
    /// What can be asked here; `fields` learns which of its queries those are.
    pub(super) fn targets(&mut self, path: &str, panel: &Value, fields: &mut Fields) -> Vec<Query> {
        let mut queries: Vec<Query> = Vec::new();
        let targets: &[Value] = json::list(panel, "/targets");
        for (index, target) in targets.iter().enumerate() {
            let path = format!("{path}.targets[{index}]");
            if queries.len() >= MOST_QUERIES {
                let what = format!("{} queries", targets.len());
                let why = Said {
                    ja: format!("クエリは{MOST_QUERIES}までです"),
                    en: format!("a panel asks at most {MOST_QUERIES} queries"),
                };
                self.note(&path, &what, why);
                break;
            }
            let letter: String = reference(target, index);
            if let Some(query) = self.target(&path, panel, target, &fields.measured(&letter)) {
                queries.push(query);
                fields.mapped.push(letter);
            }
        }
        queries
    }

    fn target(&mut self, path: &str, panel: &Value, target: &Value, measured: &Measured) -> Option<Query> {
        let expr: &str = json::text(target, "/expr");
        let other: Option<String> = self.other_source(panel, target);
        if expr.trim().is_empty() || other.is_some() {
            let source: String = other.unwrap_or_else(|| "no expr".to_owned());
            let why: Said = both("Prometheus のクエリではありません", "is no query to Prometheus");
            self.note(path, &format!("{source}: {}", clipped(&target.to_string(), 160)), why);
            return None;
        }
        let expr: String = measured.expr(expr.trim());
        if expr.len() > MOST_EXPR {
            self.note(path, &expr, both("式が長すぎます", "the expression is too long"));
            return None;
        }
        self.target_leftovers(path, target);
        let name: &str = json::text(target, "/legendFormat");
        Some(Query {
            expr,
            name: if name == "__auto" { String::new() } else { clipped(name, MOST_TITLE) },
            is_hidden: json::flag(target, "/hide"),
            is_instant: json::flag(target, "/instant"),
        })
    }

    fn target_leftovers(&mut self, path: &str, target: &Value) {
        for key in ["interval", "intervalFactor", "step", "exemplar"] {
            let said: Option<String> = target.get(key).and_then(json::scalar);
            if let Some(said) = said.filter(|said| !matches!(said.as_str(), "" | "0" | "1" | "false")) {
                let why: Said = both("間隔は画面の幅で決まります", "resolution follows the width of the screen");
                let why: Said = if key == "exemplar" { both("写しません", "has no meaning here") } else { why };
                self.note(&format!("{path}.{key}"), &said, why);
            }
        }
    }

    /// The source of a query where it is certain not to be Prometheus.
    fn other_source(&self, panel: &Value, target: &Value) -> Option<String> {
        let said = |of: &Value| of.get("datasource").filter(|source| !source.is_null()).cloned();
        // What is mixed says with every query where it leads.
        let source: Value = said(target).or_else(|| said(panel).filter(|source| !is_mixed(source)))?;
        let kind: String = match &source {
            Value::String(name) => self.kind_of(name).unwrap_or_default(),
            other => {
                let kind: &str = json::text(other, "/type");
                if kind.is_empty() { self.kind_of(json::text(other, "/uid")).unwrap_or_default() } else { kind.to_owned() }
            }
        };
        let is_prometheus: bool = kind.is_empty() || kind == "datasource" || kind.contains("prometheus");
        (!is_prometheus).then_some(kind)
    }

    /// What a data source is that has a name only: `${DS_PROMETHEUS}`, `$datasource`, `-- Grafana --`.
    fn kind_of(&self, name: &str) -> Option<String> {
        if name.starts_with("-- ") {
            return Some(name.to_owned());
        }
        let bare: &str = name.trim_start_matches("${").trim_start_matches('$').trim_end_matches('}');
        self.sources.get(bare).cloned()
    }
}

fn is_mixed(source: &Value) -> bool {
    let uid: &str = source.as_str().unwrap_or_else(|| json::text(source, "/uid"));
    uid == "-- Mixed --" || json::text(source, "/type") == "mixed"
}
