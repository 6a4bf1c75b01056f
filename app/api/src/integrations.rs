//! Tools that may send alerts, as screens see them.

use crate::error::ApiError;
use crate::identity::ShownOnce;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::ids::IntegrationId;
use model::{Severity, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationRow {
    pub id: IntegrationId,
    pub name: String,
    /// Its name in labels and routes.
    pub slug: String,
    /// `alertmanager`, `grafana`, `datadog`, `pagerduty`, `json` or `heartbeat`.
    pub kind: String,
    /// The first characters of its key.
    pub key_prefix: String,
    pub enabled: bool,
    /// Requests that were taken, and that were not.
    pub received: u32,
    pub refused: u32,
    pub last_received_at: Option<Time>,
    pub last_refused_at: Option<Time>,
}

/// How what it sends is read, as a form has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationForm {
    pub name: String,
    /// `P0` … `P3`.
    pub default_severity: String,
    /// Lines like `page = P1`.
    #[serde(default)]
    pub severities: String,
    /// Lines like `instance = host`.
    #[serde(default)]
    pub labels: String,
    /// Minutes; empty for none.
    #[serde(default)]
    pub timeout: String,
    /// A box that is not ticked is not sent.
    #[serde(default)]
    pub enabled: bool,
}

/// Where the parts of an alert stand in any JSON, as a form has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingForm {
    #[serde(default)]
    pub list: String,
    #[serde(default)]
    pub key: String,
    #[serde(default)]
    pub status: String,
    /// Words, with commas between.
    #[serde(default)]
    pub resolved: String,
    #[serde(default)]
    pub acknowledged: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub summary: String,
    #[serde(default)]
    pub severity: String,
    #[serde(default)]
    pub url: String,
    #[serde(default)]
    pub value: String,
    #[serde(default)]
    pub started_at: String,
    #[serde(default)]
    pub labels: String,
    /// Lines like `team = /owner/team`.
    #[serde(default)]
    pub added: String,
}

/// An alert that a mapping made of an example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriedAlert {
    pub key: String,
    /// `fire`, `acknowledge` or `resolve`.
    pub act: String,
    pub name: String,
    pub summary: String,
    pub severity: Severity,
    pub labels: Vec<(String, String)>,
}

/// A mapping that is tried, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriedMapping {
    pub mapping: MappingForm,
    /// This is what is read by now.
    pub in_force: bool,
    pub example: String,
    /// What the example gives; empty without one.
    pub alerts: Vec<TriedAlert>,
    /// How many more it gives.
    pub more: u32,
    /// Why it gives nothing: which field, and what was expected.
    pub problem: Option<String>,
}

/// One request that came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptRow {
    pub at: Time,
    pub taken: bool,
    /// Of what was taken, its first sentence; of what was refused, the reason.
    pub said: String,
    pub fired: u32,
    pub updated: u32,
    pub resolved: u32,
    pub left: u32,
    /// The beginning of the body, where it is kept.
    pub payload: Option<String>,
}

/// Everything on an integration's screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationView {
    pub row: IntegrationRow,
    pub form: IntegrationForm,
    pub made_by: String,
    pub made_at: Time,
    /// The address that its tool sends to.
    pub address: String,
    /// What is written into its tool, with `KEY` where the key goes.
    pub setup: String,
    /// The newest first.
    pub receipts: Vec<ReceiptRow>,
    /// Of the kind `json`.
    pub tried: Option<TriedMapping>,
}

/// Answers the screens about integrations.
#[async_trait]
pub trait IntegrationsApi: Send + Sync {
    async fn list(&self) -> Result<Vec<IntegrationRow>, ApiError>;
    async fn detail(&self, id: IntegrationId) -> Result<IntegrationView, ApiError>;
    /// Answers with the key.
    async fn make(&self, name: String, kind: String, default_severity: String) -> Result<ShownOnce, ApiError>;
    async fn change(&self, id: IntegrationId, form: IntegrationForm) -> Result<(), ApiError>;
    /// Answers with the new key.
    async fn rekey(&self, id: IntegrationId) -> Result<ShownOnce, ApiError>;
    /// Removes; the browser is sent to the list.
    async fn remove(&self, id: IntegrationId) -> Result<(), ApiError>;
    async fn try_mapping(&self, id: IntegrationId, mapping: MappingForm, example: String, in_force: bool)
    -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn IntegrationsApi> {
    expect_context::<Arc<dyn IntegrationsApi>>()
}

/// Every integration.
#[server(prefix = "/call", endpoint = "integration_list", output = Packed)]
pub async fn integration_list() -> Result<Vec<IntegrationRow>, ApiError> {
    room().list().await
}

/// One integration.
#[server(prefix = "/call", endpoint = "integration_detail", output = Packed)]
pub async fn integration_detail(id: IntegrationId) -> Result<IntegrationView, ApiError> {
    room().detail(id).await
}

/// Lets a tool send; answers with its key.
#[server(prefix = "/call", endpoint = "integration_make", output = Packed)]
pub async fn integration_make(name: String, kind: String, default_severity: String) -> Result<ShownOnce, ApiError> {
    room().make(name, kind, default_severity).await
}

/// Changes how what it sends is read.
#[server(prefix = "/call", endpoint = "integration_change", output = Packed)]
pub async fn integration_change(id: IntegrationId, form: IntegrationForm) -> Result<(), ApiError> {
    room().change(id, form).await
}

/// Gives it another key.
#[server(prefix = "/call", endpoint = "integration_rekey", output = Packed)]
pub async fn integration_rekey(id: IntegrationId) -> Result<ShownOnce, ApiError> {
    room().rekey(id).await
}

/// Removes it, and ends what it raised.
#[server(prefix = "/call", endpoint = "integration_remove", output = Packed)]
pub async fn integration_remove(id: IntegrationId) -> Result<(), ApiError> {
    room().remove(id).await
}

/// Tries a mapping on an example; with `in_force` it is what is read by from now on.
#[server(prefix = "/call", endpoint = "integration_mapping", output = Packed)]
pub async fn integration_mapping(
    id: IntegrationId,
    mapping: MappingForm,
    #[server(default)] example: String,
    #[server(default)] in_force: bool,
) -> Result<(), ApiError> {
    room().try_mapping(id, mapping, example, in_force).await
}
