//! Dashboards as they are read: the list of them, and one with its panels answered.

pub mod editing;
pub mod keeping;

use crate::error::ApiError;
use crate::wire::Packed;
use async_trait::async_trait;
use dashboard::{Said, Shown};
use leptos::prelude::*;
use model::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The value in an address that stands for all that a variable offers.
pub const ALL: &str = "$__all";

/// Which dashboards to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DashboardSearch {
    /// Words that all have to be in its title, its description, its tags, its team or its address.
    #[serde(default)]
    pub q: String,
    /// Empty: of any.
    #[serde(default)]
    pub tag: String,
    /// Only those with the reader's star.
    #[serde(default)]
    pub starred: bool,
}

/// Those found, starred ones first, then by title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardList {
    pub all: Vec<DashboardLine>,
    /// How many were found; more than are listed where there are very many.
    pub total: u32,
    /// How many there are, whatever was asked for.
    pub n_known: u32,
    /// Tags of all dashboards by name, and how many have each.
    pub tags: Vec<(String, u32)>,
    pub may_edit: bool,
}

/// One in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardLine {
    pub slug: String,
    pub title: Said,
    /// The beginning of its description as plain text, in the reader's language.
    pub about: String,
    pub tags: Vec<String>,
    pub team: Option<String>,
    pub n_panels: u32,
    /// 0: as it was shipped.
    pub version: i64,
    /// `shipped`, `console`, `file`, `grafana`.
    pub origin: String,
    pub at: Option<Time>,
    pub by: Option<String>,
    pub is_starred: bool,
}

/// Which dashboard, over which span, and with what chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DashboardAsk {
    pub slug: String,
    /// `45m`, `7d`: the last so much until now. Without it, and without both ends, the usual span.
    #[serde(default)]
    pub range: Option<String>,
    /// Both ends in epoch milliseconds; they go before a range.
    #[serde(default)]
    pub from: Option<i64>,
    #[serde(default)]
    pub to: Option<i64>,
    /// Names of variables and their values, a name once for each value.
    #[serde(default)]
    pub chosen: Vec<(String, String)>,
    /// Keys of folded rows that the reader has opened.
    #[serde(default)]
    pub open: Vec<String>,
    /// The key of the panel that is shown alone.
    #[serde(default)]
    pub panel: Option<String>,
    /// For a wall: without the frame of the console, and large.
    #[serde(default)]
    pub wall: bool,
}

/// A dashboard as it is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DashboardView {
    pub shown: Shown,
    /// Its description as HTML; empty for none.
    pub about: String,
    /// What panels say in Markdown, as HTML.
    pub prose: Vec<PanelProse>,
    /// 0: as it was shipped.
    pub version: i64,
    /// `shipped`, `console`, `file`, `grafana`.
    pub origin: String,
    pub at: Option<Time>,
    pub by: Option<String>,
    pub is_starred: bool,
    pub may_edit: bool,
    /// Whether the reader has begun to change it and has not saved that.
    pub has_draft: bool,
}

/// What a panel says in Markdown, as HTML that is safe whatever was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelProse {
    /// The panel's key.
    pub key: String,
    /// Its description; empty for none.
    pub about: String,
    /// The body of a panel of text; empty for others.
    pub body: String,
}

/// Answers the screens on which dashboards are read.
#[async_trait]
pub trait DashboardsApi: Send + Sync {
    async fn list(&self, search: DashboardSearch) -> Result<DashboardList, ApiError>;
    async fn show(&self, ask: DashboardAsk) -> Result<DashboardView, ApiError>;
    /// Gives it the reader's star, or takes that away.
    async fn star(&self, slug: String, is_starred: bool) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn DashboardsApi> {
    expect_context::<Arc<dyn DashboardsApi>>()
}

/// The dashboards.
#[server(prefix = "/call", endpoint = "dashboard_find", output = Packed)]
pub async fn dashboard_find(search: DashboardSearch) -> Result<DashboardList, ApiError> {
    room().list(search).await
}

/// One dashboard with its panels answered.
#[server(prefix = "/call", endpoint = "dashboard_show", output = Packed)]
pub async fn dashboard_show(ask: DashboardAsk) -> Result<DashboardView, ApiError> {
    room().show(ask).await
}

/// Gives one the reader's star, or takes it away.
#[server(prefix = "/call", endpoint = "dashboard_star", output = Packed)]
pub async fn dashboard_star(slug: String, #[server(default)] is_starred: bool) -> Result<(), ApiError> {
    room().star(slug, is_starred).await
}
