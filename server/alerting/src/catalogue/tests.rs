//! What the requirement documents promise, held against what is shipped.

use super::{FILES, Shipped, find, listing, wait};
use crate::rules::{self, Checked, Empty, Group, Problem, Rule, RuleFile};
use model::Severity::{self, P0, P1, P2, P3};
use std::collections::BTreeSet;

/// A row of a document: the rule that keeps it, its threshold, how long it must hold, its severity, a value that must fire and one
/// that must not.
type Promise = (&'static str, &'static str, &'static str, Severity, f64, f64);

/// In the order of the files. Seconds, percent and milliseconds are written out as the files do.
const PROMISES: [Promise; 65] = [
    // D1 6.1, infrastructure; and a host that says nothing.
    ("cpu-usage", ">= 80", "5m", P3, 80.0, 79.999),
    ("memory-usage", ">= 85", "5m", P3, 85.0, 84.999),
    ("disk-usage", ">= 90", "1m", P2, 90.0, 89.999),
    ("network-bandwidth", ">= 90", "1m", P3, 90.0, 89.999),
    ("database-connections", ">= 80", "1m", P3, 80.0, 79.999),
    ("host-silent", ">= 300", "1m", P2, 300.0, 299.0),
    // D1 6.1, application, with the sample monitor's warning and silence.
    ("api-response-time", ">= 500", "0s", P2, 500.0, 499.999),
    ("api-response-time-early", "> 300", "0s", P3, 300.001, 300.0),
    ("error-rate", ">= 5", "1m", P1, 5.0, 4.999),
    ("sdk-load-time", ">= 1", "5m", P3, 1.0, 0.999),
    ("slow-queries", ">= 1", "0s", P3, 1.0, 0.0),
    ("api-figures-silent", ">= 600", "0s", P2, 600.0, 599.0),
    ("throughput", ">= 2", "5m", P3, 2.0, 1.999),
    // D2 5.2.1, threats.
    ("sign-in-failures", ">= 5", "0s", P2, 5.0, 4.0),
    ("bulk-access", ">= 200", "0s", P2, 200.0, 199.0),
    ("malware-found", "> 0", "0s", P1, 1.0, 0.0),
    // D1 6.1, business; D2 2.2.2, failures.
    ("tracking-failure-rate", ">= 10", "1m", P2, 10.0, 9.999),
    ("personalization-delivery-rate", "< 95", "1m", P3, 94.999, 95.0),
    ("llm-api-failure-rate", ">= 20", "1m", P3, 20.0, 19.999),
    ("event-processing-lag", ">= 10", "1m", P3, 10.0, 9.999),
    ("upload-failures", "> 0", "0s", P3, 1.0, 0.0),
    ("processing-failures", "> 0", "0s", P3, 1.0, 0.0),
    ("ab-allocation-bias", ">= 5", "10m", P3, 5.0, 4.999),
    // D1 6.1, uptime; D2 4.2.
    ("service-stopped", "< 1", "1m", P0, 0.0, 1.0),
    ("endpoint-down", "< 1", "2m", P1, 0.0, 1.0),
    ("target-down", "< 1", "1m", P2, 0.0, 1.0),
    ("api-average", "> 500", "5m", P2, 500.001, 500.0),
    ("error-ratio", "> 1", "5m", P2, 1.001, 1.0),
    ("certificate-14-days", "< 1209600", "1h", P3, 1_209_599.0, 1_209_600.0),
    ("certificate-3-days", "< 259200", "1h", P1, 259_199.0, 259_200.0),
    ("availability-burn-1h", "> 14.4", "0s", P1, 14.401, 14.4),
    ("availability-burn-6h", "> 6", "0s", P1, 6.001, 6.0),
    ("availability-burn-1d", "> 3", "0s", P2, 3.001, 3.0),
    ("availability-burn-3d", "> 1", "0s", P2, 1.001, 1.0),
    // D2 2.3, 3.2 and 4.2.2.
    ("bucket-usage", "> 80", "1h", P3, 80.001, 80.0),
    ("storage-cost", "> 80", "1h", P3, 80.001, 80.0),
    ("query-time-average", ">= 0.5", "5m", P2, 0.5, 0.499),
    ("query-time-p95", ">= 1", "5m", P2, 1.0, 0.999),
    ("database-server-connections", ">= 80", "1m", P3, 80.0, 79.999),
    ("database-connections-waiting", ">= 1", "5m", P3, 1.0, 0.0),
    ("disk-io", ">= 90", "15m", P3, 90.0, 89.999),
    ("log-volume", ">= 2", "1h", P3, 2.0, 1.999),
    ("data-integrity", "> 0", "0s", P0, 1.0, 0.0),
    // D1 6.3, D2 3.1, backups.
    ("backup-full-overdue", "> 93600", "0s", P2, 93_601.0, 93_600.0),
    ("backup-incremental-overdue", "> 7200", "0s", P2, 7_201.0, 7_200.0),
    ("backup-failed", "> 0", "0s", P2, 1.0, 0.0),
    ("backup-size-changed", "> 50", "0s", P3, 50.001, 50.0),
    ("restore-drill-overdue", "> 691200", "0s", P3, 691_201.0, 691_200.0),
    ("restore-drill-slow", "> 600", "0s", P3, 601.0, 600.0),
    // D1 6.5, scaling triggers.
    ("scale-cpu", "> 70", "1h", P3, 70.001, 70.0),
    ("scale-memory", "> 80", "1h", P3, 80.001, 80.0),
    ("scale-connections", "> 80", "30m", P3, 80.001, 80.0),
    ("replica-lag", "> 30", "1m", P3, 30.001, 30.0),
    // Mimamori itself.
    ("own-deliveries-waiting", "> 15", "0s", P1, 15.001, 15.0),
    ("own-escalations-waiting", "> 15", "0s", P1, 15.001, 15.0),
    ("own-jobs-waiting", "> 30", "1m", P2, 30.001, 30.0),
    ("own-ticks-missed", "> 0", "0s", P2, 1.0, 0.0),
    ("own-rules-failing", "> 0", "5m", P2, 1.0, 0.0),
    ("own-evaluation-slow", ">= 2.5", "5m", P3, 2.5, 2.499),
    ("own-pool-wait", "> 0.1", "10m", P3, 0.101, 0.1),
    ("own-commits-slow", ">= 1", "5m", P3, 1.0, 0.999),
    ("own-commits-failed", "> 0", "0s", P2, 1.0, 0.0),
    ("own-requests-refused", "> 0", "5m", P2, 1.0, 0.0),
    ("own-batches-damaged", "> 0", "0s", P1, 1.0, 0.0),
    ("own-forwarding-behind", ">= 1", "0s", P2, 1.0, 0.0),
];

/// The windows of the error budget: rule, long window, short window, and the share of the budget that is gone when the long one ends.
const BURNS: [(&str, &str, &str, f64); 4] = [
    ("availability-burn-1h", "1h", "5m", 0.02),
    ("availability-burn-6h", "6h", "30m", 0.05),
    ("availability-burn-1d", "1d", "2h", 0.1),
    ("availability-burn-3d", "3d", "6h", 0.1),
];

/// Thirty days, over which availability is promised.
const BUDGET_MS: f64 = 30.0 * 86_400_000.0;
/// Requests by either convention: the failed, all to stand in for none failed, all; and probes.
const READ_PER_WINDOW: usize = 7;

fn shipped() -> Checked {
    let files: Vec<RuleFile> = FILES.iter().map(Shipped::file).collect();
    rules::read(&files, Empty::Refused).unwrap()
}

fn all_rules() -> Vec<Rule> {
    shipped().groups.into_iter().flat_map(|group: Group| group.rules).collect()
}

fn rule(id: &str) -> Rule {
    all_rules().into_iter().find(|rule| rule.id.0 == id).unwrap()
}

fn is_japanese(text: &str) -> bool {
    text.chars().any(|character| matches!(character, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
}

#[test]
fn every_shipped_file_is_valid_and_leaves_no_hole_in_a_sentence() {
    let warnings: Vec<Problem> = shipped().warnings;
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn every_threshold_is_the_documents() {
    let told: Vec<(String, String, String, Severity)> =
        all_rules().iter().map(|rule| (rule.id.0.clone(), rule.condition.to_string(), wait(rule), rule.severity)).collect();
    let promised: Vec<(String, String, String, Severity)> = PROMISES
        .iter()
        .map(|(id, condition, wait, severity, _, _)| ((*id).to_owned(), (*condition).to_owned(), (*wait).to_owned(), *severity))
        .collect();
    assert_eq!(told, promised);
}

#[test]
fn what_must_fire_fires_and_what_must_not_does_not() {
    let rules: Vec<Rule> = all_rules();
    assert_eq!(rules.len(), PROMISES.len());
    for (rule, (id, _, _, _, fires, stays_quiet)) in rules.iter().zip(PROMISES) {
        assert!(rule.condition.holds(fires), "{id} must fire at {fires}");
        assert!(!rule.condition.holds(stays_quiet), "{id} must not fire at {stays_quiet}");
        assert!(!rule.condition.holds(f64::NAN), "{id} must not fire without a value");
    }
}

#[test]
fn every_rule_speaks_both_languages() {
    for rule in all_rules() {
        for (what, text) in [("name", &rule.name), ("summary", &rule.summary), ("runbook", &rule.runbook)] {
            assert!(is_japanese(&text.ja), "the {what} of {} is not Japanese: {}", rule.id.0, text.ja);
            assert!(!text.en.is_empty() && !is_japanese(&text.en), "the {what} of {} is not English: {}", rule.id.0, text.en);
        }
    }
}

#[test]
fn every_runbook_has_steps_and_both_languages_have_the_same_number() {
    for rule in all_rules() {
        let steps = |text: &str| text.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit())).count();
        let (ja, en): (usize, usize) = (steps(&rule.runbook.ja), steps(&rule.runbook.en));
        assert_eq!(ja, en, "{}", rule.id.0);
        assert!(ja >= 2, "{} has {ja} steps", rule.id.0);
    }
}

#[test]
fn every_runbook_names_something_to_type() {
    // Where somebody has to be asked or a log to be read, there is nothing to type.
    const WITHOUT: [&str; 2] = ["ab-allocation-bias", "bulk-access"];
    for rule in all_rules().iter().filter(|rule| !WITHOUT.contains(&rule.id.0.as_str())) {
        for text in [&rule.runbook.ja, &rule.runbook.en] {
            assert!(text.matches('`').count() >= 2, "{}: {text}", rule.id.0);
            assert_eq!(text.matches('`').count() % 2, 0, "{} leaves a command open: {text}", rule.id.0);
        }
    }
}

#[test]
fn every_expression_measures_and_reads_some_metric() {
    for rule in all_rules() {
        let tree = promql::parse(&rule.expr).unwrap();
        assert!(!promql::visit::selectors(&tree).is_empty(), "{}", rule.id.0);
    }
}

#[test]
fn burn_rates_read_both_windows_and_use_the_budget_they_name() {
    for (id, long, short, share) in BURNS {
        let rule: Rule = rule(id);
        for window in [long, short] {
            assert_eq!(rule.expr.matches(&format!("[{window}]")).count(), READ_PER_WINDOW, "{id} {window}");
        }
        let selectors: usize = promql::visit::selectors(&promql::parse(&rule.expr).unwrap()).len();
        assert_eq!(selectors, 2 * READ_PER_WINDOW, "{id} reads other windows too");
        let long_ms: f64 = promql::numbers::parse_duration_ms(long).unwrap() as f64;
        let used: f64 = rule.condition.threshold * long_ms / BUDGET_MS;
        assert!((used - share).abs() < 1e-9, "{id} uses {used} of the budget");
    }
}

#[test]
fn what_is_recorded_or_advised_says_so_to_routes() {
    let of_kind = |kind: &str| -> BTreeSet<String> {
        all_rules().into_iter().filter(|rule| rule.labels.get("kind") == kind).map(|rule| rule.id.0).collect()
    };
    let set = |ids: &[&str]| -> BTreeSet<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
    assert_eq!(of_kind("log"), set(&["slow-queries"]));
    assert_eq!(of_kind("advice"), set(&["scale-cpu", "scale-memory", "scale-connections", "replica-lag"]));
}

#[test]
fn the_readme_has_a_row_for_every_rule() {
    let readme: &str = include_str!("../../README.md");
    for rule in all_rules() {
        let id: String = format!("| `{}` |", rule.id.0);
        let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with(&id)).collect();
        assert_eq!(rows.len(), 1, "rows of {}", rule.id.0);
        let wanted: String = format!("| `{}` | {} | {} |", rule.condition, wait(&rule), rule.severity.code());
        assert!(rows[0].contains(&wanted), "the row of {} does not say {wanted}: {}", rule.id.0, rows[0]);
    }
}

#[test]
fn only_the_infrastructure_is_in_force_from_the_start() {
    let first: Vec<&str> = FILES.iter().filter(|shipped| shipped.is_first).map(|shipped| shipped.name).collect();
    assert_eq!(first, ["infrastructure.yaml"]);
}

#[test]
fn files_are_found_by_name_and_listed_with_their_rules() {
    assert_eq!(find("own").map(|shipped| shipped.name), Some("own.yaml"));
    assert_eq!(find("own.yaml"), find("own"));
    assert_eq!(find("owner"), None);
    let listing: String = listing().unwrap();
    assert_eq!(listing.lines().count(), FILES.len() + PROMISES.len());
    assert!(
        listing.contains("  availability-burn-1h           > 14.4       0s    P1  Availability budget, 1 hour\n"),
        "{listing}"
    );
}
