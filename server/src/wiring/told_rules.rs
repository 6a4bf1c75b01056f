//! Rules as the metrics room tells them to programs.

use alerting::rules::Mode;
use alerting::{AlertRow, Alerting, Filter, RuleRow, Show};
use async_trait::async_trait;
use metrics::needs::{ActiveAlert, AlertingRule, GroupRule, NoRules, RecordingRule, RuleGroup, Rules};
use model::alert::AlertState;
use model::labels::Labels;

/// What the metrics room needs of the alerting room.
pub(super) struct AlertingRules(pub(super) Alerting);

#[async_trait]
impl Rules for AlertingRules {
    async fn groups(&self) -> Result<Vec<RuleGroup>, NoRules> {
        rule_groups(&self.0).await.map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "rules can't be told to a program");
            NoRules
        })
    }
}

async fn rule_groups(alerting: &Alerting) -> Result<Vec<RuleGroup>, alerting::Error> {
    let mut alerts: Vec<AlertRow> = Vec::new();
    for show in [Show::Open, Show::Pending] {
        let filter = Filter { show, limit: alerting::alerts::MOST, ..Filter::default() };
        alerts.extend(alerting.alerts(&filter).await?);
    }
    let mut groups: Vec<RuleGroup> = Vec::new();
    for row in alerting.rules().await? {
        let rule: GroupRule = match row.rule.records() {
            Some(metric) => GroupRule::Recording(recording_rule(&row, metric)),
            None => GroupRule::Alerting(alerting_rule(&row, &alerts)),
        };
        match groups.last_mut() {
            Some(group) if group.name == row.group => group.rules.push(rule),
            _ => groups.push(RuleGroup { name: row.group, file: row.file, interval_ms: row.interval_ms, rules: vec![rule] }),
        }
    }
    Ok(groups)
}

fn recording_rule(row: &RuleRow, metric: &str) -> RecordingRule {
    RecordingRule {
        name: metric.to_owned(),
        query: row.rule.expr.trim().to_owned(),
        labels: row.rule.labels.clone(),
        evaluated_at: row.evaluated_at,
        took_ms: row.took_ms,
        last_error: row.error.clone(),
    }
}

/// A rule keeps its threshold apart; programs see one expression.
fn alerting_rule(row: &RuleRow, alerts: &[AlertRow]) -> AlertingRule {
    let rule = &row.rule;
    let mut labels: Labels = rule.labels.clone();
    labels.set("severity".to_owned(), rule.severity.code().to_owned());
    let own = [
        ("title", &rule.name.en),
        ("title_ja", &rule.name.ja),
        ("summary", &rule.summary.en),
        ("summary_ja", &rule.summary.ja),
        ("runbook", &rule.runbook.en),
        ("runbook_ja", &rule.runbook.ja),
    ];
    let more = rule.annotations.iter().map(|(name, text)| (name.as_str(), &text.en));
    AlertingRule {
        name: rule.id.0.clone(),
        query: match rule.mode {
            Mode::Value => format!("({}) {}", rule.expr.trim(), rule.condition),
            Mode::Match | Mode::Record => rule.expr.trim().to_owned(),
        },
        for_ms: rule.for_ms,
        keep_firing_for_ms: rule.keep_firing_for_ms,
        labels,
        annotations: Labels::new(more.chain(own)),
        evaluated_at: row.evaluated_at,
        took_ms: row.took_ms,
        last_error: row.error.clone(),
        alerts: alerts.iter().filter(|alert| alert.rule_id == rule.id).map(active_alert).collect(),
    }
}

fn active_alert(alert: &AlertRow) -> ActiveAlert {
    let mut labels: Labels = alert.labels.clone();
    labels.set("alertname".to_owned(), alert.rule_id.0.clone());
    labels.set("severity".to_owned(), alert.severity.code().to_owned());
    ActiveAlert {
        labels,
        annotations: Labels::new([("summary", &alert.summary.en), ("summary_ja", &alert.summary.ja)]),
        is_firing: alert.state == AlertState::Firing,
        active_at: alert.pending_since,
        value: alert.value,
    }
}
