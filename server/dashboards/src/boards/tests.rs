//! What is shipped is valid, bilingual, and asks only what somebody sends.

use super::*;
use dashboard::{Chosen, Dashboard, Offer, Panel, Said, Values, check, interpolate};
use promql::visit::selectors;
use std::collections::BTreeSet;

/// Where metrics are named: by the shipped rules, by the collector, and by what counts of itself.
const SOURCES: [&str; 16] = [
    include_str!("../../../alerting/rules/application.yaml"),
    include_str!("../../../alerting/rules/availability.yaml"),
    include_str!("../../../alerting/rules/business.yaml"),
    include_str!("../../../alerting/rules/capacity.yaml"),
    include_str!("../../../alerting/rules/infrastructure.yaml"),
    include_str!("../../../alerting/rules/own.yaml"),
    include_str!("../../../alerting/rules/storage.yaml"),
    include_str!("../../../metrics/src/own.rs"),
    include_str!("../../../src/collector/cpu.rs"),
    include_str!("../../../src/collector/disks.rs"),
    include_str!("../../../src/collector/figures.rs"),
    include_str!("../../../src/collector/host.rs"),
    include_str!("../../../src/collector/memory.rs"),
    include_str!("../../../src/collector/network.rs"),
    include_str!("../../../src/collector/own.rs"),
    include_str!("../../../src/watch/figures.rs"),
];
/// More of them, written with their beginnings apart.
const MORE: [&str; 2] = [include_str!("../../../src/health.rs"), include_str!("../../../metrics/src/forward/figures.rs")];
const BEGINNINGS: [&str; 2] = ["mimamori_metrics_", "mimamori_alerting_"];

fn all() -> Vec<Dashboard> {
    match shipped() {
        Ok(found) => found.into_iter().map(|one| one.dashboard).collect(),
        Err(problems) => panic!("{problems}"),
    }
}

fn panels(dashboard: &Dashboard) -> Vec<&Panel> {
    dashboard.rows.iter().flat_map(|row| &row.panels).collect()
}

/// Whether a name stands in a text as a whole word.
fn names(text: &str, name: &str) -> bool {
    let is_part = |found: Option<char>| found.is_some_and(|found| found.is_ascii_alphanumeric() || found == '_');
    text.match_indices(name)
        .any(|(at, _)| !is_part(text[..at].chars().next_back()) && !is_part(text[at + name.len()..].chars().next()))
}

fn is_sent(metric: &str) -> bool {
    // A rule that reads the sum of a histogram names its buckets too.
    let sum: String = metric.strip_suffix("_bucket").map(|base| format!("{base}_sum")).unwrap_or_default();
    let mut written: Vec<&str> = vec![metric];
    written.extend(BEGINNINGS.iter().filter_map(|beginning| metric.strip_prefix(beginning)));
    written.extend(Some(sum.as_str()).filter(|sum| !sum.is_empty()));
    SOURCES.iter().chain(&MORE).any(|text| written.iter().any(|name| names(text, name)))
}

fn metrics(expr: &str, dashboard: &Dashboard) -> BTreeSet<String> {
    let mut values = Values::new(0, 3_600_000, 15_000);
    for variable in &dashboard.variables {
        values.chosen.insert(variable.name.clone(), Chosen::Several(vec!["a".to_owned()]));
    }
    let filled = interpolate(expr, &values);
    let tree = promql::parse(&filled.text).unwrap_or_else(|errors| panic!("{}: {errors:?}", filled.text));
    selectors(&tree).into_iter().filter_map(|selector| selector.name.clone()).collect()
}

#[test]
fn every_shipped_dashboard_is_valid_and_has_a_slug_of_its_own() {
    let slugs: Vec<String> = all().into_iter().map(|dashboard| dashboard.slug).collect();
    assert_eq!(slugs, ["host", "postgres", "mimamori", "http", "business", "availability"]);
    for dashboard in all() {
        assert_eq!(check(&dashboard), Vec::new(), "{}", dashboard.slug);
        assert!(panels(&dashboard).len() >= 8, "{}", dashboard.slug);
    }
}

#[test]
fn every_text_of_them_is_in_both_languages() {
    let is_bilingual = |said: &Said| !said.ja.is_empty() && !said.en.is_empty();
    for dashboard in all() {
        assert!(is_bilingual(&dashboard.title) && is_bilingual(&dashboard.description), "{}", dashboard.slug);
        assert!(dashboard.rows.iter().all(|row| is_bilingual(&row.title)), "{}", dashboard.slug);
        assert!(dashboard.variables.iter().all(|variable| is_bilingual(&variable.label)), "{}", dashboard.slug);
        for panel in panels(&dashboard) {
            assert!(is_bilingual(&panel.title), "{} {}", dashboard.slug, panel.id);
            assert_ne!(panel.title.ja, panel.title.en, "{} {}", dashboard.slug, panel.id);
            assert!(panel.description.is_empty() || is_bilingual(&panel.description), "{} {}", dashboard.slug, panel.id);
        }
    }
}

#[test]
fn they_ask_only_what_somebody_sends() {
    for dashboard in all() {
        let queries = panels(&dashboard).into_iter().flat_map(|panel| &panel.queries).map(|query| query.expr.as_str());
        let selectors = dashboard.variables.iter().filter_map(|variable| match &variable.offer {
            Offer::LabelValues { selector, .. } => Some(selector.as_str()),
            _ => None,
        });
        for expr in queries.chain(selectors) {
            for metric in metrics(expr, &dashboard) {
                assert!(is_sent(&metric), "{}: nobody sends {metric}", dashboard.slug);
            }
        }
    }
    assert!(!is_sent("node_cpu_seconds") && !is_sent("mimamori_metrics_unheard_of"));
}

#[test]
fn thresholds_of_the_tables_are_drawn() {
    let all = all();
    for (slug, id, value) in [
        ("business", "response-time", 500.0),
        ("business", "error-rate", 5.0),
        ("business", "sdk-load-time", 1.0),
        ("business", "tracking-failures", 10.0),
        ("business", "personalization", 95.0),
        ("business", "split-bias", 5.0),
        ("business", "llm-failures", 20.0),
        ("business", "processing-lag", 10.0),
        ("availability", "available", 99.9),
        ("availability", "average", 500.0),
        ("availability", "errors", 1.0),
        ("host", "cpu", 80.0),
        ("host", "memory-now", 85.0),
        ("host", "disk", 90.0),
    ] {
        let panel = all.iter().find(|dashboard| dashboard.slug == slug).and_then(|dashboard| dashboard.panel(id)).unwrap();
        assert!(panel.judges.iter().any(|judge| (judge.value - value).abs() < 1e-9), "{slug} {id}");
    }
}
