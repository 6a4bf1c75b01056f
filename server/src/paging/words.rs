//! What a page says about one alert, in both languages, with addresses that lead back here.

use super::condition::{self, Crossed};
use alerting::needs::PagedAlert;
use alerting::rules::template::Moment;
use alerting::rules::{Instance, Rule};
use alerting::state::Level;
use alerting::{RuleRow, Text};
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
        value: alert
            .value
            .filter(|value| !value.is_nan())
            .map(|value| both(|locale| condition::value(value, alert.unit, locale))),
        condition: both(|locale| condition(alert, rule, locale)),
        labels: alert.labels.clone(),
        fired_at: alert.fired_at,
        resolved_at: alert.resolved_at,
        holder: alert.held_by.clone(),
        runbook_url: rule.and_then(|rule| runbook(alert, rule, public_url)),
        dashboard_url: dashboard(alert, rule).map(|path| format!("{public_url}{path}")),
    }
}

fn words(text: &Text) -> Words {
    Words { ja: text.ja.clone(), en: text.en.clone() }
}

fn both(write: impl Fn(Locale) -> String) -> Words {
    Words { ja: write(Locale::Ja), en: write(Locale::En) }
}

/// `≥ 500 ms, 5分`: the threshold of the level it fires at, and for how long it must be crossed. Nothing of an alert that no rule of ours
/// raised: its threshold says nothing.
fn condition(alert: &PagedAlert, rule: Option<&Rule>, locale: Locale) -> String {
    if rule.is_none() && alert.threshold == 0.0 {
        return String::new();
    }
    let (severity, direction, threshold, unit) = (alert.severity, alert.direction, alert.threshold, alert.unit);
    let crossed: String = condition::of_alert(rule, &Crossed { severity, direction, threshold, unit }, locale);
    if alert.for_ms == 0 { crossed } else { format!("{crossed}, {}", figures::duration(alert.for_ms, locale)) }
}

/// The address the rule names, else where its instructions stand here.
fn runbook(alert: &PagedAlert, rule: &Rule, public_url: &str) -> Option<String> {
    let level: Level = if rule.severity == alert.severity { Level::Critical } else { Level::Warning };
    let instance = Instance { labels: &alert.labels, value: alert.value, level, moment: Moment::Firing };
    let named: Option<String> =
        rule.runbook_at(&instance).filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    let has_own: bool = !(rule.runbook.ja.trim().is_empty() && rule.runbook.en.trim().is_empty());
    named.or_else(|| has_own.then(|| format!("{public_url}{}", links::rule(&rule.id))))
}

/// The host's own screen, else what the rule measures.
fn dashboard(alert: &PagedAlert, rule: Option<&Rule>) -> Option<String> {
    match alert.labels.get("host") {
        "" => rule.map(|rule| links::explore(&rule.expr, RANGE)),
        host => Some(links::host(host)),
    }
}
