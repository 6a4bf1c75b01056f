//! What a page says about one alert, in both languages, with addresses that lead back here.

use super::condition::{self, Crossed};
use alerting::needs::PagedAlert;
use alerting::{Rule, RuleRow, Text};
use figures::Locale;
use model::links;
use notify::{AlertWords, Words};

/// How much an address of a graph shows.
const RANGE: &str = "1h";

/// One alert as a page tells of it. Without its rule, which may be gone, it says what the alert itself knows.
pub(super) fn told(alert: &PagedAlert, rule: Option<&RuleRow>, public_url: &str) -> AlertWords {
    let rule: Option<&Rule> = rule.map(|row| &row.rule);
    AlertWords {
        id: alert.id,
        severity: alert.severity,
        name: words(&alert.name),
        summary: words(&alert.summary),
        description: alert.description.as_ref().map(words),
        value: alert
            .value
            .filter(|value| !value.is_nan())
            .map(|value| both(|locale| condition::value(value, alert.unit, locale))),
        condition: both(|locale| condition(alert, rule, locale)),
        labels: alert.labels.clone(),
        fired_at: alert.fired_at,
        resolved_at: alert.resolved_at,
        holder: alert.held_by.clone(),
        runbook_url: runbook(alert, rule, public_url),
        dashboard_url: alert.dashboard_url.clone().or_else(|| dashboard(alert, rule).map(|path| format!("{public_url}{path}"))),
        source_url: alert.source_url.clone(),
    }
}

fn words(text: &Text) -> Words {
    Words { ja: text.ja.clone(), en: text.en.clone() }
}

fn both(write: impl Fn(Locale) -> String) -> Words {
    Words { ja: write(Locale::Ja), en: write(Locale::En) }
}

/// `≥ 500 ms, 5分`: the threshold of the level it fires at, and for how long it must be crossed. Nothing of an alert that no rule of ours
/// raised, nor of one whose rule took anything for a breach and is gone: its threshold says nothing.
fn condition(alert: &PagedAlert, rule: Option<&Rule>, locale: Locale) -> String {
    if alert.is_foreign || (rule.is_none() && alert.matches) {
        return String::new();
    }
    let (severity, direction, threshold, unit) = (alert.severity, alert.direction, alert.threshold, alert.unit);
    let crossed: String = condition::of_alert(rule, &Crossed { severity, direction, threshold, unit }, locale);
    if alert.for_ms == 0 { crossed } else { format!("{crossed}, {}", figures::duration(alert.for_ms, locale)) }
}

/// The address the rule or the sender names, else where the rule's instructions stand here.
fn runbook(alert: &PagedAlert, rule: Option<&Rule>, public_url: &str) -> Option<String> {
    let has_own = |rule: &&Rule| !(rule.runbook.ja.trim().is_empty() && rule.runbook.en.trim().is_empty());
    let here = || rule.filter(has_own).map(|rule| format!("{public_url}{}", links::rule(&rule.id)));
    alert.runbook_url.clone().or_else(here)
}

/// The host's own screen, else what the rule measures.
fn dashboard(alert: &PagedAlert, rule: Option<&Rule>) -> Option<String> {
    match alert.labels.get("host") {
        "" => rule.map(|rule| links::explore(&rule.expr, RANGE)),
        host => Some(links::host(host)),
    }
}
