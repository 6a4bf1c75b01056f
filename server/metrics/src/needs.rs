//! What this room requires of the world; the binary's wiring supplies it. Rules and alerts are another room's, but programs look for
//! them where they find metrics.

use async_trait::async_trait;
use model::Time;
use model::labels::Labels;

/// Rules that are evaluated together.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleGroup {
    /// Its name.
    pub name: String,
    /// The file it came from.
    pub file: String,
    /// Milliseconds between evaluations.
    pub interval_ms: i64,
    /// In the order of the file.
    pub rules: Vec<GroupRule>,
}

/// A rule of either kind.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupRule {
    /// Raises alerts.
    Alerting(AlertingRule),
    /// Writes a metric.
    Recording(RecordingRule),
}

impl GroupRule {
    /// Those that it raises now.
    #[must_use]
    pub fn alerts(&self) -> &[ActiveAlert] {
        match self {
            Self::Alerting(rule) => &rule.alerts,
            Self::Recording(_) => &[],
        }
    }
}

/// A rule that writes what its expression gives as a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordingRule {
    /// The metric.
    pub name: String,
    /// PromQL.
    pub query: String,
    /// Put on every series.
    pub labels: Labels,
    /// When it was evaluated last.
    pub evaluated_at: Option<Time>,
    /// How long that took.
    pub took_ms: Option<i64>,
    /// Why that failed, when it did.
    pub last_error: Option<String>,
}

/// A rule that raises alerts.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertingRule {
    /// What its alerts carry as `alertname`.
    pub name: String,
    /// PromQL with its comparison.
    pub query: String,
    /// How long it must hold before an alert fires.
    pub for_ms: i64,
    /// How long an alert goes on firing afterwards.
    pub keep_firing_for_ms: i64,
    /// Added to every alert.
    pub labels: Labels,
    /// For people.
    pub annotations: Labels,
    /// When it was evaluated last.
    pub evaluated_at: Option<Time>,
    /// How long that took.
    pub took_ms: Option<i64>,
    /// Why that failed, when it did.
    pub last_error: Option<String>,
    /// Those that are pending or fire.
    pub alerts: Vec<ActiveAlert>,
}

/// An alert that is pending or fires.
#[derive(Clone, Debug, PartialEq)]
pub struct ActiveAlert {
    /// All of them, `alertname` included.
    pub labels: Labels,
    /// For people, with figures filled in.
    pub annotations: Labels,
    /// Whether it fires; else it is pending.
    pub is_firing: bool,
    /// Since when its condition holds.
    pub active_at: Time,
    /// What was measured last.
    pub value: Option<f64>,
}

/// The rules can't be told now. Whoever returns this has logged why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rules and alerts can't be read")]
pub struct NoRules;

/// Knows rules and alerts.
#[async_trait]
pub trait Rules: Send + Sync {
    /// Every group, in order, with what its rules raise now.
    ///
    /// # Errors
    /// When they can't be read.
    async fn groups(&self) -> Result<Vec<RuleGroup>, NoRules>;
}
