//! The browsers in which one switched pages on.

use crate::error::ApiError;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowserRow {
    pub id: String,
    /// How it called itself.
    pub agent: String,
    /// By this a browser knows itself.
    pub mark: String,
    pub made_at: Time,
    /// When a push service last took a page for it.
    pub used_at: Option<Time>,
}

/// One's own browsers, and what one more must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushView {
    /// Our public key, base64url.
    pub key: String,
    pub browsers: Vec<BrowserRow>,
}

/// Answers the part "pages in this browser".
#[async_trait]
pub trait PushApi: Send + Sync {
    async fn push(&self) -> Result<PushView, ApiError>;
    async fn browser_add(&self, endpoint: String, p256dh: String, auth: String) -> Result<(), ApiError>;
    async fn browser_remove(&self, browser: String) -> Result<(), ApiError>;
    async fn browser_test(&self, browser: String) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn PushApi> {
    expect_context::<Arc<dyn PushApi>>()
}

/// One's own browsers.
#[server(prefix = "/call", endpoint = "push", output = Packed)]
pub async fn push() -> Result<PushView, ApiError> {
    room().push().await
}

/// Switches pages on in the browser that says this of itself.
#[server(prefix = "/call", endpoint = "browser_add", output = Packed)]
pub async fn browser_add(endpoint: String, p256dh: String, auth: String) -> Result<(), ApiError> {
    room().browser_add(endpoint, p256dh, auth).await
}

/// Switches pages off in one of one's own browsers.
#[server(prefix = "/call", endpoint = "browser_remove", output = Packed)]
pub async fn browser_remove(browser: String) -> Result<(), ApiError> {
    room().browser_remove(browser).await
}

/// Sends a test to one of one's own browsers.
#[server(prefix = "/call", endpoint = "browser_test", output = Packed)]
pub async fn browser_test(browser: String) -> Result<(), ApiError> {
    room().browser_test(browser).await
}
