//! Dashboards as they are kept: begun, copied, thrown away and brought back, and the versions of each.
//!
//! A file that is brought in goes as a form to the server itself (`server/src/dashboards/bringing.rs`), because it may be larger than a call.

pub mod trouble;
pub mod view;

use crate::error::ApiError;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use std::sync::Arc;
use view::{BeginningView, BroughtAsk, BroughtView, TrashedViews, VersionsAsk, VersionsView};

/// Answers the screens of dashboards as they are kept. What changes something leads to another screen.
#[async_trait]
pub trait DashboardKeepingApi: Send + Sync {
    /// What a new one may begin with.
    async fn beginning(&self) -> Result<BeginningView, ApiError>;
    async fn trash(&self) -> Result<TrashedViews, ApiError>;
    async fn versions(&self, ask: VersionsAsk) -> Result<VersionsView, ApiError>;
    /// What came of a file.
    async fn brought(&self, ask: BroughtAsk) -> Result<BroughtView, ApiError>;
    /// Begins one, empty or like the one whose address `from` is.
    async fn create(&self, title_ja: String, title_en: String, from: String) -> Result<(), ApiError>;
    /// Another one like it, called a copy.
    async fn copy(&self, slug: String) -> Result<(), ApiError>;
    async fn remove(&self, slug: String) -> Result<(), ApiError>;
    async fn revive(&self, slug: String) -> Result<(), ApiError>;
    /// Makes what an old version said a new one; 0: as it was shipped.
    async fn restore(&self, slug: String, version: i64) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn DashboardKeepingApi> {
    expect_context::<Arc<dyn DashboardKeepingApi>>()
}

/// What a new one may begin with.
#[server(prefix = "/call", endpoint = "dashboard_beginning", output = Packed)]
pub async fn dashboard_beginning() -> Result<BeginningView, ApiError> {
    room().beginning().await
}

/// What was thrown away.
#[server(prefix = "/call", endpoint = "dashboard_trash", output = Packed)]
pub async fn dashboard_trash() -> Result<TrashedViews, ApiError> {
    room().trash().await
}

/// The versions of one, and what differs between two of them.
#[server(prefix = "/call", endpoint = "dashboard_versions", output = Packed)]
pub async fn dashboard_versions(ask: VersionsAsk) -> Result<VersionsView, ApiError> {
    room().versions(ask).await
}

/// What came of a file.
#[server(prefix = "/call", endpoint = "dashboard_brought", output = Packed)]
pub async fn dashboard_brought(ask: BroughtAsk) -> Result<BroughtView, ApiError> {
    room().brought(ask).await
}

/// Begins one.
#[server(prefix = "/call", endpoint = "dashboard_create", output = Packed)]
pub async fn dashboard_create(
    #[server(default)] title_ja: String,
    #[server(default)] title_en: String,
    #[server(default)] from: String,
) -> Result<(), ApiError> {
    room().create(title_ja, title_en, from).await
}

/// Makes another one like it.
#[server(prefix = "/call", endpoint = "dashboard_copy", output = Packed)]
pub async fn dashboard_copy(slug: String) -> Result<(), ApiError> {
    room().copy(slug).await
}

/// Throws one away.
#[server(prefix = "/call", endpoint = "dashboard_remove", output = Packed)]
pub async fn dashboard_remove(slug: String) -> Result<(), ApiError> {
    room().remove(slug).await
}

/// Brings one back.
#[server(prefix = "/call", endpoint = "dashboard_revive", output = Packed)]
pub async fn dashboard_revive(slug: String) -> Result<(), ApiError> {
    room().revive(slug).await
}

/// Makes an old version the newest.
#[server(prefix = "/call", endpoint = "dashboard_restore", output = Packed)]
pub async fn dashboard_restore(slug: String, version: i64) -> Result<(), ApiError> {
    room().restore(slug, version).await
}
