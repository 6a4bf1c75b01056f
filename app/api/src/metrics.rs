//! Hosts and their boards, as screens see them.

use crate::error::ApiError;
use crate::text::Text;
use crate::wire::Packed;
use async_trait::async_trait;
use chart::Plot;
use figures::Unit;
use leptos::prelude::*;
use model::{Severity, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which host and when. Without `from` and `to`: the last `range` until now, live.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BoardQuery {
    pub host: String,
    /// `15m`, `1h`, `3h`, `6h`, `24h`, `7d`. Without it: one hour, or a quarter where the host has not reported for longer.
    #[serde(default)]
    pub range: Option<String>,
    #[serde(default)]
    pub from: Option<i64>,
    #[serde(default)]
    pub to: Option<i64>,
}

/// One panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PanelView {
    pub id: String,
    pub title: Text,
    pub unit: Unit,
    pub plot: Plot,
    /// Whether its lines carry words of ours, to be said in the reader's language, and not names of devices.
    pub named: bool,
    /// The worst open alert about what the panel shows.
    pub severity: Option<Severity>,
}

/// What is known of a host besides its curves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HostAbout {
    pub name: String,
    pub system: String,
    pub cpus: Option<u32>,
    pub memory_bytes: Option<f64>,
    pub boot: Option<Time>,
    pub last_seen: Option<Time>,
}

/// A host's board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    pub about: HostAbout,
    pub from: Time,
    pub to: Time,
    pub step_ms: i64,
    /// Whether it ends now and goes on by itself.
    pub live: bool,
    /// The range in force, by its word; empty for a span chosen by hand.
    pub range: String,
    pub panels: Vec<PanelView>,
}

/// A host in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostRow {
    pub about: HostAbout,
    pub cpu_percent: Option<f64>,
    pub memory_percent: Option<f64>,
    pub disk_percent: Option<f64>,
    pub load1: Option<f64>,
}

/// Answers the screens of `observe`.
#[async_trait]
pub trait MetricsApi: Send + Sync {
    async fn hosts(&self) -> Result<Vec<HostRow>, ApiError>;
    async fn board(&self, query: BoardQuery) -> Result<Board, ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn MetricsApi> {
    expect_context::<Arc<dyn MetricsApi>>()
}

/// Every host that has reported within a day.
#[server(prefix = "/call", endpoint = "host_list", output = Packed)]
pub async fn host_list() -> Result<Vec<HostRow>, ApiError> {
    room().hosts().await
}

/// One host's board.
#[server(prefix = "/call", endpoint = "host_board", output = Packed)]
pub async fn host_board(query: BoardQuery) -> Result<Board, ApiError> {
    room().board(query).await
}
