//! Escalation policies and their runs, as screens see them: the ladder of steps, who would be paged now, and why somebody was paged or
//! nobody was.

use crate::error::{ApiError, Expected};
use crate::oncall::WayKind;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::ids::AlertId;
use model::{Severity, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A policy as a form has it: field (`name`, `passes`, `step.0.wait`, `step.0.target.1`) to text. What is not there is empty.
pub type PolicyForm = BTreeMap<String, String>;

/// Whom a step pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetView {
    /// By e-mail address, with the name if there is one.
    Person(String, String),
    /// A schedule and a role in it.
    Schedule(String, String),
    Team(String),
    Everyone,
    Channel(String),
}

/// When a step fires at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhenView {
    Always,
    Business,
    Night,
    Holiday,
}

/// One step of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// Until the next one.
    pub wait_ms: i64,
    pub targets: Vec<TargetView>,
    /// Everybody it pages must answer.
    pub wants_all: bool,
    pub when: WhenView,
    /// In whose day.
    pub zone: Option<String>,
    /// The administrators are paged when it can page nobody; else the next step fires at once.
    pub falls_back: bool,
}

/// A policy in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyLine {
    pub name: String,
    pub owner: Option<String>,
    /// How often it goes through its steps; `None` until somebody answers.
    pub passes: Option<u32>,
    pub steps: Vec<StepView>,
    pub version: i64,
    pub is_from_file: bool,
    pub changed_by: String,
    pub changed_at: Time,
}

/// The list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyList {
    pub policies: Vec<PolicyLine>,
    /// Runs that go on, the newest first.
    pub runs: Vec<RunLine>,
    pub can_edit: bool,
}

/// Somebody a step would page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagedView {
    pub name: String,
    /// By which of their contacts; empty where none is verified.
    pub ways: Vec<WayKind>,
    pub is_disabled: bool,
}

impl PagedView {
    /// Whether a page would reach them.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        !self.is_disabled && !self.ways.is_empty()
    }
}

/// What would become of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RungKind {
    Fires,
    /// It is not its time.
    NotItsTime,
    /// Nobody it names can be paged: the next one follows at once.
    Empty,
    /// The administrators, because no step can page anybody, or one asks for them.
    Fallback,
    /// Not even they can: the channel of last resort.
    LastResort,
}

/// What would happen at one moment of an alert that nobody answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RungView {
    /// From the alert on.
    pub after_ms: i64,
    /// From 1; 0 for what is no step.
    pub step: u32,
    pub pass: u32,
    pub kind: RungKind,
    pub people: Vec<PagedView>,
    pub channels: Vec<String>,
}

/// One policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyView {
    pub line: PolicyLine,
    /// Who would be paged if an alert came now, minute by minute.
    pub ladder: Vec<RungView>,
    /// It would go on beyond what is shown.
    pub goes_on: bool,
    pub runs: Vec<RunLine>,
    pub can_edit: bool,
}

/// Which form to show; `draft` is what stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PolicyFormAsk {
    /// Empty for a new one.
    pub name: String,
    #[serde(default)]
    pub draft: PolicyForm,
    pub version: Option<i64>,
}

/// A form, ready to be filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyFormView {
    /// Of the policy that is changed; `None` for a new one.
    pub name: Option<String>,
    pub form: PolicyForm,
    pub version: Option<i64>,
    pub is_from_file: bool,
    /// How many steps the form shows, an empty one to fill in among them, and how many targets each.
    pub n_targets: Vec<usize>,
    pub teams: Vec<String>,
    pub zones: Vec<String>,
    /// What a step can name, as the form sends it, in groups.
    pub choices: Vec<TargetView>,
    pub wrong: Vec<PolicyWrong>,
    /// Set where something was written that can be read.
    pub ladder: Option<Vec<RungView>>,
    pub can_edit: bool,
}

/// Something wrong, at a field of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyWrong {
    /// Empty where it is about the whole.
    pub field: String,
    pub trouble: PolicyTrouble,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunState {
    Running,
    /// All steps have fired, and nobody has answered.
    Spent,
    Acknowledged,
    Over,
}

/// One escalation in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunLine {
    pub id: String,
    pub number: i64,
    pub policy: String,
    pub route: String,
    pub severity: Severity,
    pub alerts: Vec<AlertId>,
    pub state: RunState,
    /// The step that fires next, from 1, and when.
    pub next: Option<(u32, Time)>,
    pub n_steps: u32,
    pub started_at: Time,
    pub first_page_at: Option<Time>,
    /// Who has it, and since when.
    pub answered: Option<(String, Time)>,
    /// When it was found that no step can reach anybody.
    pub nobody_at: Option<Time>,
    pub ended_at: Option<Time>,
}

/// One line of why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyLine {
    pub at: Time,
    /// The room's word: `step fired`, `no contact` …
    pub what: String,
    /// Pass and step, from 1.
    pub place: Option<(u32, u32)>,
    pub person: Option<String>,
    pub way: Option<WayKind>,
    pub detail: Option<String>,
    pub until: Option<Time>,
}

/// An escalation with every decision of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    pub line: RunLine,
    pub why: Vec<WhyLine>,
}

/// Which runs to show; the same words stand in the address. Empty is any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunQuery {
    /// `live`, `nobody`; else all.
    pub show: String,
    /// `A-12`.
    pub alert: String,
    pub policy: String,
    /// `true`: only those that paged the reader.
    pub mine: String,
    /// Only numbers below.
    pub before: Option<i64>,
}

/// The runs of a selection. Those of one alert come with every decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunList {
    pub runs: Vec<RunView>,
    /// Where the next screenful begins.
    pub more: Option<i64>,
}

/// How an alert's escalation stands, for the alert's own screen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EscalationNow {
    /// The newest run; `None` where no policy was asked.
    pub run: Option<RunLine>,
    /// Those who were paged, in the order they were, each once.
    pub paged: Vec<String>,
    /// The reader was paged, and has not answered.
    pub is_mine: bool,
}

/// What can be wrong with a policy, or with passing on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PolicyTrouble {
    Name,
    Taken,
    Stale,
    TooMany,
    Owner,
    Passes,
    /// None, or too many.
    Steps,
    Wait,
    /// A time of day without a zone, or an unknown one.
    Zone,
    /// A step that names nobody, or what nobody knows.
    Targets,
    /// Nobody is being paged for that alert.
    NotEscalating,
    /// A reason that is too long.
    Reason,
    Other,
}

impl PolicyTrouble {
    /// Each with its word.
    pub const ALL: [(Self, &str); 13] = [
        (Self::Name, "policy.name"),
        (Self::Taken, "policy.taken"),
        (Self::Stale, "policy.stale"),
        (Self::TooMany, "policy.too_many"),
        (Self::Owner, "policy.owner"),
        (Self::Passes, "policy.passes"),
        (Self::Steps, "policy.steps"),
        (Self::Wait, "policy.wait"),
        (Self::Zone, "policy.zone"),
        (Self::Targets, "policy.targets"),
        (Self::NotEscalating, "policy.not_escalating"),
        (Self::Reason, "policy.reason"),
        (Self::Other, "policy.other"),
    ];

    /// As it crosses the door: the word, a slash and the field of the form.
    #[must_use]
    pub fn field(self, field: &str) -> String {
        let word: &str = Self::ALL.iter().find(|(trouble, _)| *trouble == self).map_or("policy", |(_, word)| *word);
        if field.is_empty() { word.to_owned() } else { format!("{word}/{field}") }
    }

    /// The refusal; what was expected is said in English for programs.
    #[must_use]
    pub fn refused(self, field: &str, expected: &str) -> ApiError {
        ApiError::Invalid { field: self.field(field), expected: Expected::other(expected) }
    }

    /// What the field of a refusal is about, and the field of the form, if it is one of these.
    #[must_use]
    pub fn of(field: &str) -> Option<(Self, &str)> {
        let (word, place) = field.split_once('/').unwrap_or((field, ""));
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(trouble, _)| (*trouble, place))
    }
}

/// Answers the screens of escalations.
#[async_trait]
pub trait EscalationsApi: Send + Sync {
    async fn list(&self) -> Result<PolicyList, ApiError>;
    async fn policy(&self, name: String) -> Result<PolicyView, ApiError>;
    async fn form(&self, ask: PolicyFormAsk) -> Result<PolicyFormView, ApiError>;
    async fn save(&self, name: String, draft: PolicyForm, version: Option<i64>) -> Result<(), ApiError>;
    async fn remove(&self, name: String, version: i64) -> Result<(), ApiError>;
    async fn runs(&self, query: RunQuery) -> Result<RunList, ApiError>;
    async fn of_alert(&self, alert: AlertId) -> Result<EscalationNow, ApiError>;
    async fn pass_on(&self, alert: AlertId, reason: String) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn EscalationsApi> {
    expect_context::<Arc<dyn EscalationsApi>>()
}

/// Every policy, and what goes on.
#[server(name = AskPolicies, prefix = "/call", endpoint = "policies", output = Packed)]
pub async fn policies() -> Result<PolicyList, ApiError> {
    room().list().await
}

/// One policy, and who would be paged now.
#[server(name = AskPolicy, prefix = "/call", endpoint = "policy", output = Packed)]
pub async fn policy(name: String) -> Result<PolicyView, ApiError> {
    room().policy(name).await
}

/// The form of a policy.
#[server(name = AskPolicyForm, prefix = "/call", endpoint = "policy_form", output = Packed)]
pub async fn policy_form(ask: PolicyFormAsk) -> Result<PolicyFormView, ApiError> {
    room().form(ask).await
}

/// Saves a policy. A form sends an empty name and version for a new one.
#[server(prefix = "/call", endpoint = "policy_save", output = Packed)]
pub async fn policy_save(
    #[server(default)] name: String,
    draft: PolicyForm,
    #[server(default)] version: String,
) -> Result<(), ApiError> {
    room().save(name, draft, version.parse().ok()).await
}

/// Takes a policy away. Routes that name it page the administrators from then on.
#[server(prefix = "/call", endpoint = "policy_remove", output = Packed)]
pub async fn policy_remove(name: String, version: i64) -> Result<(), ApiError> {
    room().remove(name, version).await
}

/// Escalations of a selection.
#[server(name = AskRuns, prefix = "/call", endpoint = "runs", output = Packed)]
pub async fn runs(query: RunQuery) -> Result<RunList, ApiError> {
    room().runs(query).await
}

/// How an alert's escalation stands.
#[server(name = AskEscalation, prefix = "/call", endpoint = "escalation_of_alert", output = Packed)]
pub async fn escalation_of_alert(alert: AlertId) -> Result<EscalationNow, ApiError> {
    room().of_alert(alert).await
}

/// "Can't, pass on."
#[server(prefix = "/call", endpoint = "alert_pass_on", output = Packed)]
pub async fn alert_pass_on(id: AlertId, #[server(default)] reason: String) -> Result<(), ApiError> {
    room().pass_on(id, reason).await
}

#[cfg(test)]
mod tests {
    use super::PolicyTrouble;
    use crate::ApiError;

    #[test]
    fn every_trouble_comes_back_from_its_refusal_with_its_place() {
        for (trouble, word) in PolicyTrouble::ALL {
            let ApiError::Invalid { field, .. } = trouble.refused("step.1.wait", "something else") else { panic!("{word}") };
            assert_eq!(PolicyTrouble::of(&field), Some((trouble, "step.1.wait")), "{word}");
        }
        assert_eq!(PolicyTrouble::of("duty.stale"), None);
    }
}
