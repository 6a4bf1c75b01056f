//! Dashboards as they are changed: a person's draft, which becomes a version when it is saved.
//!
//! Every act is a form that a browser can send by itself. A field that was not sent is empty.

pub mod trouble;
pub mod view;

use crate::error::ApiError;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use view::{DashboardEditAsk, DashboardEditView};

/// A form: field (`title.ja`, `query.0.expr`) to text. What is not there is empty.
pub type EditForm = BTreeMap<String, String>;

/// Answers the screen on which a dashboard is changed. Whatever changes something changes the asker's draft, unless it says
/// otherwise.
#[async_trait]
pub trait DashboardEditingApi: Send + Sync {
    /// The draft, and what its part needs. What stands in a form is judged and shown, and changes nothing.
    async fn draft(&self, ask: DashboardEditAsk) -> Result<DashboardEditView, ApiError>;
    /// One of [`dashboard::Step`] with a panel.
    async fn panel_step(&self, slug: String, panel: String, step: String) -> Result<(), ApiError>;
    /// Puts a panel before the one that stands at a place once it is taken out, gives it a size, or both.
    async fn panel_place(&self, slug: String, panel: String, place: PanelPlace) -> Result<(), ApiError>;
    /// What the form of a panel says; without `panel` a new one at the end of a row.
    async fn panel_save(&self, slug: String, panel: String, row: u32, fields: EditForm) -> Result<(), ApiError>;
    /// Another one like it, behind it.
    async fn panel_copy(&self, slug: String, panel: String) -> Result<(), ApiError>;
    async fn panel_remove(&self, slug: String, panel: String) -> Result<(), ApiError>;
    /// An empty row behind all others.
    async fn row_add(&self, slug: String) -> Result<(), ApiError>;
    async fn row_save(&self, slug: String, row: u32, fields: EditForm) -> Result<(), ApiError>;
    /// Takes the heading away; its panels go to the row before it, or to the next one.
    async fn row_remove(&self, slug: String, row: u32) -> Result<(), ApiError>;
    /// `up` or `down`.
    async fn row_step(&self, slug: String, row: u32, step: String) -> Result<(), ApiError>;
    async fn settings_save(&self, slug: String, fields: EditForm) -> Result<(), ApiError>;
    /// What the form of a variable says; without `variable` a new one behind all others.
    async fn variable_save(&self, slug: String, variable: String, fields: EditForm) -> Result<(), ApiError>;
    async fn variable_remove(&self, slug: String, variable: String) -> Result<(), ApiError>;
    /// `up` or `down`.
    async fn variable_step(&self, slug: String, variable: String, step: String) -> Result<(), ApiError>;
    /// The whole of it, as YAML.
    async fn source_save(&self, slug: String, source: String) -> Result<(), ApiError>;
    /// Takes the last change back.
    async fn undo(&self, slug: String) -> Result<(), ApiError>;
    /// Makes the draft a version.
    async fn save(&self, slug: String, comment: String) -> Result<(), ApiError>;
    /// Throws the draft away.
    async fn discard(&self, slug: String) -> Result<(), ApiError>;
    /// Puts the draft on the newest version: what somebody saved meanwhile is gone once it is saved, and stays in the history.
    async fn over(&self, slug: String) -> Result<(), ApiError>;
}

/// Where a panel goes, and how large it becomes. What is not said stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PanelPlace {
    /// The row and the place in it, both from 0.
    pub row: Option<u32>,
    pub index: Option<u32>,
    /// Columns of 24, and grid rows of 40 px.
    pub width: Option<u8>,
    pub height: Option<u8>,
}

impl PanelPlace {
    /// Of what a form said.
    #[must_use]
    pub fn new(row: Option<u32>, index: Option<u32>, width: Option<u8>, height: Option<u8>) -> Self {
        Self { row, index, width, height }
    }
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn DashboardEditingApi> {
    expect_context::<Arc<dyn DashboardEditingApi>>()
}

/// The draft.
#[server(name = AskDashboardDraft, prefix = "/call", endpoint = "dashboard_draft", output = Packed)]
pub async fn dashboard_draft(ask: DashboardEditAsk) -> Result<DashboardEditView, ApiError> {
    room().draft(ask).await
}

/// Moves or resizes a panel by one step.
#[server(prefix = "/call", endpoint = "dashboard_panel_step", output = Packed)]
pub async fn dashboard_panel_step(slug: String, panel: String, step: String) -> Result<(), ApiError> {
    room().panel_step(slug, panel, step).await
}

/// Moves or resizes a panel as a pointer has dragged it.
#[server(prefix = "/call", endpoint = "dashboard_panel_place", output = Packed)]
pub async fn dashboard_panel_place(
    slug: String,
    panel: String,
    #[server(default)] row: Option<u32>,
    #[server(default)] index: Option<u32>,
    #[server(default)] width: Option<u8>,
    #[server(default)] height: Option<u8>,
) -> Result<(), ApiError> {
    room().panel_place(slug, panel, PanelPlace::new(row, index, width, height)).await
}

/// Takes what the form of a panel says.
#[server(prefix = "/call", endpoint = "dashboard_panel_save", output = Packed)]
pub async fn dashboard_panel_save(
    slug: String,
    #[server(default)] panel: String,
    #[server(default)] row: u32,
    #[server(default)] fields: EditForm,
) -> Result<(), ApiError> {
    room().panel_save(slug, panel, row, fields).await
}

/// Puts another panel like it behind it.
#[server(prefix = "/call", endpoint = "dashboard_panel_copy", output = Packed)]
pub async fn dashboard_panel_copy(slug: String, panel: String) -> Result<(), ApiError> {
    room().panel_copy(slug, panel).await
}

/// Takes a panel away.
#[server(prefix = "/call", endpoint = "dashboard_panel_remove", output = Packed)]
pub async fn dashboard_panel_remove(slug: String, panel: String) -> Result<(), ApiError> {
    room().panel_remove(slug, panel).await
}

/// Adds a row.
#[server(prefix = "/call", endpoint = "dashboard_row_add", output = Packed)]
pub async fn dashboard_row_add(slug: String) -> Result<(), ApiError> {
    room().row_add(slug).await
}

/// Takes what the form of a row says.
#[server(prefix = "/call", endpoint = "dashboard_row_save", output = Packed)]
pub async fn dashboard_row_save(slug: String, row: u32, #[server(default)] fields: EditForm) -> Result<(), ApiError> {
    room().row_save(slug, row, fields).await
}

/// Takes the heading of a row away.
#[server(prefix = "/call", endpoint = "dashboard_row_remove", output = Packed)]
pub async fn dashboard_row_remove(slug: String, row: u32) -> Result<(), ApiError> {
    room().row_remove(slug, row).await
}

/// Moves a row.
#[server(prefix = "/call", endpoint = "dashboard_row_step", output = Packed)]
pub async fn dashboard_row_step(slug: String, row: u32, step: String) -> Result<(), ApiError> {
    room().row_step(slug, row, step).await
}

/// Takes what the form of the settings says.
#[server(prefix = "/call", endpoint = "dashboard_settings_save", output = Packed)]
pub async fn dashboard_settings_save(slug: String, #[server(default)] fields: EditForm) -> Result<(), ApiError> {
    room().settings_save(slug, fields).await
}

/// Takes what the form of a variable says.
#[server(prefix = "/call", endpoint = "dashboard_variable_save", output = Packed)]
pub async fn dashboard_variable_save(
    slug: String,
    #[server(default)] variable: String,
    #[server(default)] fields: EditForm,
) -> Result<(), ApiError> {
    room().variable_save(slug, variable, fields).await
}

/// Takes a variable away.
#[server(prefix = "/call", endpoint = "dashboard_variable_remove", output = Packed)]
pub async fn dashboard_variable_remove(slug: String, variable: String) -> Result<(), ApiError> {
    room().variable_remove(slug, variable).await
}

/// Moves a variable.
#[server(prefix = "/call", endpoint = "dashboard_variable_step", output = Packed)]
pub async fn dashboard_variable_step(slug: String, variable: String, step: String) -> Result<(), ApiError> {
    room().variable_step(slug, variable, step).await
}

/// Takes a dashboard as its source says it.
#[server(prefix = "/call", endpoint = "dashboard_source_save", output = Packed)]
pub async fn dashboard_source_save(slug: String, #[server(default)] source: String) -> Result<(), ApiError> {
    room().source_save(slug, source).await
}

/// Takes the last change back.
#[server(prefix = "/call", endpoint = "dashboard_undo", output = Packed)]
pub async fn dashboard_undo(slug: String) -> Result<(), ApiError> {
    room().undo(slug).await
}

/// Makes the draft a version.
#[server(prefix = "/call", endpoint = "dashboard_draft_save", output = Packed)]
pub async fn dashboard_draft_save(slug: String, #[server(default)] comment: String) -> Result<(), ApiError> {
    room().save(slug, comment).await
}

/// Throws the draft away.
#[server(prefix = "/call", endpoint = "dashboard_discard", output = Packed)]
pub async fn dashboard_discard(slug: String) -> Result<(), ApiError> {
    room().discard(slug).await
}

/// Puts the draft on the newest version.
#[server(prefix = "/call", endpoint = "dashboard_over", output = Packed)]
pub async fn dashboard_over(slug: String) -> Result<(), ApiError> {
    room().over(slug).await
}
