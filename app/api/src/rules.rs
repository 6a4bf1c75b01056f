//! Rules, as their screens see them: the list, one rule with its past, and the form in which it is changed.

use crate::alerting::AlertRow;
use crate::error::ApiError;
use crate::text::Text;
use crate::wire::Packed;
use async_trait::async_trait;
use chart::Plot;
use figures::Unit;
use leptos::prelude::*;
use model::ids::RuleId;
use model::{Severity, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A rule as a form has it: field (`name.ja`, `condition.sign`, `label.0.name`) to text. What is not there is empty.
pub type RuleForm = BTreeMap<String, String>;

/// Which rules to show; the same words stand in the address. Empty is any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RuleQuery {
    /// Free text over names, ids, expressions and tags.
    pub q: String,
    pub group: String,
    /// `p0` … `p3`.
    pub severity: String,
    pub owner: String,
    /// `firing`, `error`, `off` (never evaluated), `edited`.
    pub state: String,
    /// `alert`, `recording`.
    pub kind: String,
    /// A file of the catalogue whose rules are shown, to be looked at.
    pub catalogue: String,
}

/// A rule in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleLine {
    pub id: RuleId,
    pub name: Text,
    pub group: String,
    pub interval_ms: i64,
    /// Whether it writes a metric, which its name names, and raises nothing.
    pub is_recording: bool,
    /// `>= 80 %`; empty where any result is a breach. Of a recording rule the beginning of its expression.
    pub condition: String,
    pub for_ms: i64,
    pub severity: Severity,
    pub priority: Option<u8>,
    pub owner: Option<String>,
    pub evaluated_at: Option<Time>,
    /// How many series the last good evaluation gave.
    pub series: Option<u32>,
    pub error: Option<String>,
    pub open: u32,
    /// Whether it stands as somebody left it in the console.
    pub is_edited: bool,
}

/// A shipped file that is not wholly in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueFile {
    /// `application`.
    pub name: String,
    /// Its rules that are not in force.
    pub n_rules: u32,
}

/// The list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleList {
    /// In the order of the files, as far as they match.
    pub rules: Vec<RuleLine>,
    /// How many there are in all.
    pub total: u32,
    /// What can be filtered by.
    pub groups: Vec<String>,
    pub owners: Vec<String>,
    pub catalogue: Vec<CatalogueFile>,
    /// The rules of the file that is looked at.
    pub preview: Option<Vec<RuleLine>>,
    pub can_edit: bool,
}

/// What to show of one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RuleAsk {
    pub id: String,
    /// In the history of firings.
    pub q: String,
    /// Only firings with numbers below.
    pub before: Option<i64>,
    /// `1d`, `7d`, `30d`; empty asks for none.
    pub backtest: String,
    /// The number of a version to be looked at beside the one in force.
    pub version: Option<i64>,
}

/// How an alert stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RuleState {
    Pending,
    NoData,
    Warning,
    Critical,
    /// It was over: a moment, not a stretch.
    Recovered,
}

/// A stretch of time in which an alert of the rule stood so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateSpan {
    pub from: Time,
    pub to: Time,
    pub state: RuleState,
}

/// A name and how it reads in both languages.
pub type NamedText = (String, Text);

/// Everything a rule says, besides its line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleSheet {
    pub summary: Text,
    pub expr: String,
    pub unit: Unit,
    pub file: String,
    /// As written, with the unit: `>= 70 %`; empty without.
    pub warning: String,
    pub warning_severity: Option<Severity>,
    pub warning_for_ms: i64,
    /// The thresholds behind which it is over; empty where that is the threshold itself.
    pub recovery: String,
    pub warning_recovery: String,
    pub keep_firing_for_ms: i64,
    /// `keep`, `ok`, `notify`; empty where no result is fine.
    pub no_data: String,
    pub no_data_after_ms: i64,
    pub no_data_end_ms: i64,
    pub new_group_delay_ms: i64,
    pub evaluation_delay_ms: i64,
    /// Between repetitions; 0 for none.
    pub renotify_ms: i64,
    pub renotify_most: Option<u32>,
    pub renotify_message: Text,
    pub runbook: Text,
    pub runbook_url: Option<String>,
    pub dashboard: Option<String>,
    pub labels: Vec<(String, String)>,
    pub annotations: Vec<NamedText>,
    pub tags: Vec<String>,
    /// Who left it so in the console, and when.
    pub edited: Option<(String, Time)>,
    pub version: i64,
    pub took_ms: Option<i64>,
    pub series: Option<u32>,
    pub missed: u32,
}

/// One key of a rule, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleChange {
    pub key: String,
    pub from: String,
    pub to: String,
}

/// What somebody made of the rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleVersion {
    /// What it is asked for by.
    pub number: i64,
    /// Whether it is the one in force.
    pub is_present: bool,
    /// Whether it says something else than what is in force, and can be read.
    pub is_other: bool,
    pub at: Time,
    /// The Fact: `RuleAdded` …
    pub fact: String,
    pub by: String,
    /// Whether it came from files.
    pub is_applied: bool,
    /// Of a version that was put back: when the earlier one came.
    pub put_back_of: Option<Time>,
    pub what: Vec<RuleChange>,
}

/// An earlier version beside the one in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleBack {
    pub number: i64,
    pub at: Time,
    pub by: String,
    /// From the rule in force to the earlier one.
    pub what: Vec<RuleChange>,
    /// Whether putting it back would end alerts that are active.
    pub ends_alerts: bool,
    /// The file the rule came from: applying it again undoes what is put back. `None` for a rule of the console.
    pub file: Option<String>,
    /// Why it can't be put back, in the reader's language.
    pub refused: Option<String>,
}

/// An alert that would have fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WouldFire {
    /// `host=app-01`
    pub labels: String,
    pub from: Time,
    /// `None` when it would still fire.
    pub until: Option<Time>,
    pub worst: Option<f64>,
    pub is_warning: bool,
}

/// A rule replayed over what was stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Backtested {
    pub days: u32,
    /// Between two evaluations.
    pub step_ms: i64,
    pub n_fired: u32,
    /// How long alerts would have fired, added up.
    pub firing_ms: i64,
    pub worst: Option<f64>,
    /// The newest first, as many as are shown.
    pub list: Vec<WouldFire>,
    /// Why it could not be done, in the room's words; then nothing else says anything.
    pub failed: Option<String>,
}

/// One rule with its past.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleView {
    pub line: RuleLine,
    pub sheet: RuleSheet,
    /// The last day with the thresholds.
    pub plot: Plot,
    pub states: Vec<StateSpan>,
    pub open: Vec<AlertRow>,
    /// Earlier firings, the newest first.
    pub past: Vec<AlertRow>,
    /// Where the next of them begin.
    pub more: Option<i64>,
    /// The newest first.
    pub versions: Vec<RuleVersion>,
    /// The version that was asked for, if it can be read.
    pub back: Option<RuleBack>,
    pub backtest: Option<Backtested>,
    /// The channels an alert of it goes to now; empty for the administrators. `None` while no routes are in force.
    pub pages: Option<Vec<String>>,
    pub can_edit: bool,
}

/// Something wrong, or likely not meant, at a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldNote {
    pub field: String,
    /// In the room's words.
    pub said: String,
}

/// What a draft would have done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RulePreview {
    pub wrong: Vec<FieldNote>,
    pub warnings: Vec<FieldNote>,
    /// `None` while something is wrong with what is measured.
    pub plot: Option<Plot>,
    pub states: Vec<StateSpan>,
    pub would: Backtested,
    pub unit: Unit,
    /// How the newest of these alerts would have read.
    pub sentence: Option<Text>,
}

/// Which form to show: of a rule, of a copy of one, or empty; `draft` is what stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RuleFormAsk {
    /// Empty for a new rule.
    pub id: String,
    /// A rule to begin a new one from.
    pub like: String,
    // An empty one leaves no trace in what is sent.
    #[serde(default)]
    pub draft: RuleForm,
    /// The version that the draft was begun from.
    pub version: Option<i64>,
}

/// A form, ready to be filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleFormView {
    /// Of the rule that is changed; `None` for a new one.
    pub id: Option<RuleId>,
    pub name: Text,
    pub form: RuleForm,
    pub version: Option<i64>,
    /// Groups in force with their intervals.
    pub groups: Vec<(String, i64)>,
    pub owners: Vec<String>,
    pub preview: RulePreview,
}

/// What became of a save.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSaved {
    /// The rule as it stands now; `None` when it was not saved.
    pub id: Option<RuleId>,
    pub wrong: Vec<FieldNote>,
}

/// Answers the screens of rules.
#[async_trait]
pub trait RulesApi: Send + Sync {
    async fn list(&self, query: RuleQuery) -> Result<RuleList, ApiError>;
    async fn rule(&self, ask: RuleAsk) -> Result<RuleView, ApiError>;
    async fn form(&self, ask: RuleFormAsk) -> Result<RuleFormView, ApiError>;
    async fn save(&self, draft: RuleForm, version: Option<i64>) -> Result<RuleSaved, ApiError>;
    async fn remove(&self, id: RuleId, version: i64) -> Result<(), ApiError>;
    /// Puts an earlier version in force again. `version` is that of the rule that was read.
    async fn put_back(&self, id: RuleId, number: i64, version: i64) -> Result<(), ApiError>;
    /// Puts a file of the catalogue in force beside what is; says how many rules came.
    async fn adopt(&self, file: String) -> Result<u32, ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn RulesApi> {
    expect_context::<Arc<dyn RulesApi>>()
}

/// The rules of a selection.
#[server(prefix = "/call", endpoint = "rules", output = Packed)]
pub async fn rules(query: RuleQuery) -> Result<RuleList, ApiError> {
    room().list(query).await
}

/// One rule.
#[server(name = AskRule, prefix = "/call", endpoint = "rule", output = Packed)]
pub async fn rule(ask: RuleAsk) -> Result<RuleView, ApiError> {
    room().rule(ask).await
}

/// A form.
#[server(name = AskRuleForm, prefix = "/call", endpoint = "rule_form", output = Packed)]
pub async fn rule_form(ask: RuleFormAsk) -> Result<RuleFormView, ApiError> {
    room().form(ask).await
}

/// Puts one rule in force. A form sends an empty version for a new one.
#[server(prefix = "/call", endpoint = "rule_save", output = Packed)]
pub async fn rule_save(draft: RuleForm, #[server(default)] version: String) -> Result<RuleSaved, ApiError> {
    room().save(draft, version.parse().ok()).await
}

/// Takes one rule away.
#[server(prefix = "/call", endpoint = "rule_remove", output = Packed)]
pub async fn rule_remove(id: RuleId, version: i64) -> Result<(), ApiError> {
    room().remove(id, version).await
}

/// Puts an earlier version of a rule in force again.
#[server(prefix = "/call", endpoint = "rule_put_back", output = Packed)]
pub async fn rule_put_back(id: RuleId, number: i64, version: i64) -> Result<(), ApiError> {
    room().put_back(id, number, version).await
}

/// Puts a file of the catalogue in force.
#[server(prefix = "/call", endpoint = "rule_adopt", output = Packed)]
pub async fn rule_adopt(file: String) -> Result<u32, ApiError> {
    room().adopt(file).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Packing;

    #[test]
    fn a_form_and_what_it_would_have_done_arrive_as_they_were_sent() {
        let form: RuleForm = [("name.ja", "使用率"), ("condition.sign", ">=")]
            .into_iter()
            .map(|(field, text)| (field.to_owned(), text.to_owned()))
            .collect();
        let ask = RuleFormAsk { draft: form, version: Some(3), ..RuleFormAsk::default() };
        let bytes = <Packing as codee::Encoder<RuleFormAsk>>::encode(&ask).unwrap();
        assert_eq!(<Packing as codee::Decoder<RuleFormAsk>>::decode(&bytes).unwrap(), ask);
        let would = Backtested { n_fired: 3, worst: Some(96.0), failed: None, ..Backtested::default() };
        let span = StateSpan { from: Time(0), to: Time(5), state: RuleState::Critical };
        let preview = RulePreview { would, states: vec![span], ..RulePreview::default() };
        let bytes = <Packing as codee::Encoder<RulePreview>>::encode(&preview).unwrap();
        assert_eq!(<Packing as codee::Decoder<RulePreview>>::decode(&bytes).unwrap(), preview);
    }
}
