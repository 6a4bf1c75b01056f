//! The delivery log, as screens see it: who was told what, when, how often, and what the provider said.

use crate::error::ApiError;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::Time;
use model::ids::AlertId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// To be sent, now or later.
    Due,
    Sending,
    /// The provider has it.
    Sent,
    /// It never got through.
    Failed,
    /// Nobody needs it any more.
    Superseded,
}

impl DeliveryState {
    /// Every state, in the order of a delivery's life.
    pub const ALL: [Self; 5] = [Self::Due, Self::Sending, Self::Sent, Self::Failed, Self::Superseded];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Superseded => "superseded",
        }
    }

    /// Whether nothing happens to it any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Sent | Self::Failed | Self::Superseded)
    }
}

/// Which deliveries to show; the same words stand in the address (`/deliveries?channel=ops&state=failed&alert=A-7`). An empty text is
/// no filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeliveryQuery {
    pub channel: String,
    pub state: String,
    /// As somebody writes the number of an alert: `A-7`, `7`.
    pub alert: String,
    /// Only places below this one: the next screenful.
    #[serde(default)]
    pub before: Option<i64>,
}

/// One delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRow {
    pub id: String,
    /// The idempotency key.
    pub key: String,
    /// `fired`, `again`, `acknowledged`, `updated`, `resolved`, `announced`, `warned`, `breached`, `test`.
    pub kind: String,
    /// The name of the channel; where it goes to somebody's own contact, that person and the way, in the reader's language.
    pub channel: String,
    /// It goes to somebody's own contact: there is no channel to look at.
    pub is_personal: bool,
    /// The channel the route named, when it was passed on to another one.
    pub passed_from: Option<String>,
    pub alerts: Vec<AlertId>,
    /// Why it was asked for, in the words of whoever asked.
    pub why: String,
    pub state: DeliveryState,
    /// Why nobody needs it any more: `acknowledged`, `resolved`, `silenced`, `newer`, `nobody told`.
    pub withdrawn: Option<String>,
    /// When it was asked for.
    pub at: Time,
    /// When it is tried next.
    pub due_at: Option<Time>,
    pub ended_at: Option<Time>,
    pub attempts: u32,
    /// What the provider said last.
    pub answer: Option<String>,
}

/// A screenful of deliveries, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryList {
    pub rows: Vec<DeliveryRow>,
    /// Where the next screenful begins.
    pub more: Option<i64>,
    /// The names of all channels, to choose from.
    pub channels: Vec<String>,
}

/// One request to a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptView {
    pub attempt: u32,
    /// Which process made it.
    pub worker: String,
    pub began_at: Time,
    pub ended_at: Option<Time>,
    /// `sent`, `retry`, `refused`, `unknown`, `lost`; `None` while it is under way.
    pub outcome: Option<String>,
    pub detail: Option<String>,
    pub took_ms: Option<i64>,
}

/// A delivery with everything that was tried, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryDetail {
    pub row: DeliveryRow,
    pub group: String,
    pub attempts: Vec<AttemptView>,
}

/// Answers the screens about deliveries.
#[async_trait]
pub trait DeliveriesApi: Send + Sync {
    async fn list(&self, query: DeliveryQuery) -> Result<DeliveryList, ApiError>;
    async fn detail(&self, id: String) -> Result<DeliveryDetail, ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn DeliveriesApi> {
    expect_context::<Arc<dyn DeliveriesApi>>()
}

/// A screenful of the log.
#[server(name = AskDeliveryList, prefix = "/call", endpoint = "delivery_list", output = Packed)]
pub async fn delivery_list(query: DeliveryQuery) -> Result<DeliveryList, ApiError> {
    room().list(query).await
}

/// One delivery.
#[server(name = AskDeliveryDetail, prefix = "/call", endpoint = "delivery_detail", output = Packed)]
pub async fn delivery_detail(id: String) -> Result<DeliveryDetail, ApiError> {
    room().detail(id).await
}

#[cfg(test)]
mod tests {
    use super::DeliveryState;

    #[test]
    fn what_is_over_is_known_by_its_state() {
        let over: Vec<&str> = DeliveryState::ALL.into_iter().filter(|state| state.is_over()).map(DeliveryState::as_str).collect();
        assert_eq!(over, ["sent", "failed", "superseded"]);
    }
}
