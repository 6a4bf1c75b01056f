//! "Is my pager working?", as a screen answers it.

use crate::channels::{LastDelivery, StuckPages};
use crate::error::ApiError;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Whether a page would arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    NoChannel,
    /// Every channel is switched off.
    AllOff,
    /// The process that answers does not look for pages.
    Asleep(Option<Time>),
    /// Something has been due for this long and nobody sends it.
    Overdue(Time),
    /// Every channel fails.
    Failing,
    /// A page reached nobody then, and nothing has got through since.
    Unheard(Time),
    /// Rules are not evaluated, nobody is chosen, or nothing is sent: since when.
    Halted(Ailment, Time),
    /// Nothing got through for a week, and nothing says that it would not.
    Unproven,
    /// The last proof: the channel, and when.
    Works(String, Time),
}

/// What is wrong with the pager itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ailment {
    ReplicaSilent,
    EvaluatorLate,
    NotifierLate,
    DeliveriesLate,
    ChannelFails,
}

/// A trouble that goes on, and that was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagerTrouble {
    pub what: Ailment,
    /// The machine or the channel; nothing where it is nobody's in particular.
    pub of: Option<String>,
    pub since: Time,
}

/// How one channel does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PagerChannel {
    pub name: String,
    pub enabled: bool,
    pub last_sent_at: Option<Time>,
    /// What it failed of last, while its last delivery is one that failed.
    pub trouble: Option<String>,
    /// The pages it was asked to take and did not.
    pub stuck: Option<StuckPages>,
    /// The last test that came to an end.
    pub test: Option<LastDelivery>,
    /// Shares that got through, 0 to 1: of a day, of a week.
    pub share_day: Option<f64>,
    pub share_week: Option<f64>,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
}

/// Whether a process lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessState {
    Lives,
    /// It said nothing for a while, and no goodbye.
    Silent,
    /// It was stopped.
    Left,
}

/// One process that was heard of within a day, and what it did in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagerProcess {
    pub name: String,
    /// The machine it runs on.
    pub host: String,
    pub state: ProcessState,
    pub started_at: Time,
    /// When it was last heard of.
    pub heard_at: Time,
    /// The last tick of rules that it wrote.
    pub evaluated_at: Option<Time>,
    /// When it last looked for pages that are due.
    pub looked_at: Option<Time>,
    pub attempts: u32,
    /// Attempts whose end it never wrote down: it died.
    pub lost: u32,
}

/// Everything on the screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PagerView {
    pub now: Time,
    pub verdict: Verdict,
    pub channels: Vec<PagerChannel>,
    /// Those that live first.
    pub processes: Vec<PagerProcess>,
    pub troubles: Vec<PagerTrouble>,
    /// Pages that reached nobody within a day, counted by alert.
    pub unheard: u32,
    /// When the process that answers last looked for pages.
    pub looked_at: Option<Time>,
    pub due: u32,
    pub sending: u32,
    pub oldest_due: Option<Time>,
    /// When the oldest page was asked for that no provider has taken.
    pub oldest_unsent: Option<Time>,
    pub share_day: Option<f64>,
    pub share_week: Option<f64>,
    /// From asking for a page to the provider's yes, within a day: how many pages, and how long.
    pub pages: u32,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
}

/// Answers the screen.
#[async_trait]
pub trait PagerApi: Send + Sync {
    async fn view(&self) -> Result<PagerView, ApiError>;
    /// Has a test sent by every channel that is in use; says how many that are.
    async fn test_all(&self) -> Result<u32, ApiError>;
    /// Whether any channel is in use: without one nobody is paged.
    async fn is_set_up(&self) -> Result<bool, ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn PagerApi> {
    expect_context::<Arc<dyn PagerApi>>()
}

/// Whether the pager works.
#[server(name = AskPager, prefix = "/call", endpoint = "pager", output = Packed)]
pub async fn pager_view() -> Result<PagerView, ApiError> {
    room().view().await
}

/// A test page everywhere.
#[server(prefix = "/call", endpoint = "pager_test", output = Packed)]
pub async fn pager_test() -> Result<u32, ApiError> {
    room().test_all().await
}

/// Whether anybody would be paged at all.
#[server(prefix = "/call", endpoint = "pager_is_set_up", output = Packed)]
pub async fn pager_is_set_up() -> Result<bool, ApiError> {
    room().is_set_up().await
}
