//! The ways to people, as screens see them: what there is, what each must be told, and how it does.
//!
//! A channel describes its own form, so nothing here knows a provider. A secret is never part of an answer.

use crate::error::ApiError;
use crate::text::Text;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A kind of channel that can be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindView {
    /// `slack`, `email` …
    pub kind: String,
    pub name: Text,
    /// One sentence: what it needs.
    pub needs: Text,
}

/// The last delivery of a channel that came to an end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastDelivery {
    pub id: String,
    pub at: Time,
    pub is_sent: bool,
}

/// The pages that a channel was asked to take and did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StuckPages {
    /// How many are tried again.
    pub waiting: u32,
    /// How many it refused for good since something last got through.
    pub refused: u32,
    /// The delivery of them that was asked for first, and when that was.
    pub oldest: String,
    pub asked_at: Time,
    /// What its last attempt failed of.
    pub error: String,
    /// When the next attempt is made; `None` when it is under way, or all were refused.
    pub next_at: Option<Time>,
    /// Whether nothing else got through meanwhile.
    pub is_failing: bool,
}

/// One channel in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelRow {
    pub name: String,
    pub kind: Text,
    pub enabled: bool,
    /// Whether it takes what no other channel could deliver.
    pub last_resort: bool,
    pub last: Option<LastDelivery>,
    pub stuck: Option<StuckPages>,
    /// Within seven days.
    pub sent: u32,
    /// Within seven days: never got through.
    pub failed: u32,
    /// The paths of the routes that name it.
    pub routes: Vec<String>,
}

/// The list, and what can be added to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelList {
    pub rows: Vec<ChannelRow>,
    pub kinds: Vec<KindView>,
}

/// One field of a channel's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldView {
    pub name: String,
    pub label: Text,
    pub help: Text,
    /// Its value is never shown; an empty one keeps what is there.
    pub is_secret: bool,
    pub is_required: bool,
    /// The only values it may have; empty when it is free.
    pub choices: Vec<String>,
    /// What it is when nothing is given; empty when there is no such thing.
    pub default: String,
    /// What it is now; empty for a secret.
    pub value: String,
    /// Of a secret: whether there is one.
    pub is_set: bool,
}

/// What one change of a channel was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionView {
    pub version: i64,
    pub by: String,
    pub at: Time,
    /// The settings that became others.
    pub changed: Vec<Text>,
    /// The secrets that were given anew.
    pub replaced: Vec<Text>,
    /// Switched on, or off.
    pub enabled: Option<bool>,
    /// Became the last resort, or ceased to be it.
    pub last_resort: Option<bool>,
    /// Nothing of that name stood before it.
    pub is_first: bool,
    pub is_removal: bool,
}

/// Everything on a channel's screen; of one that is to be added, an empty form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelView {
    /// Empty for a new one.
    pub name: String,
    pub kind: String,
    pub kind_name: Text,
    pub needs: Text,
    /// What is looked at; `None` for a new one.
    pub version: Option<i64>,
    pub fields: Vec<FieldView>,
    pub enabled: bool,
    pub last_resort: bool,
    /// Of its readers: `ja` or `en`.
    pub locale: String,
    pub zone: String,
    /// IANA names to choose from.
    pub zones: Vec<String>,
    pub changed_by: String,
    pub changed_at: Option<Time>,
    /// How it is set up at the provider's, in order.
    pub steps: Vec<Text>,
    pub last: Option<LastDelivery>,
    pub stuck: Option<StuckPages>,
    pub routes: Vec<String>,
    /// The newest first.
    pub versions: Vec<VersionView>,
}

/// A channel as its form sends it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelDraft {
    pub name: String,
    pub kind: String,
    /// The version that was looked at; none adds a channel.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// A box that is not ticked is not sent.
    #[serde(default)]
    pub enabled: bool,
    #[serde(default)]
    pub last_resort: bool,
    pub locale: String,
    pub zone: String,
}

/// Answers the screens about channels.
#[async_trait]
pub trait ChannelsApi: Send + Sync {
    async fn list(&self) -> Result<ChannelList, ApiError>;
    /// The channel of that name; with an empty name the empty form of `kind`.
    async fn detail(&self, name: String, kind: String) -> Result<ChannelView, ApiError>;
    /// Adds or changes; answers with the version that stands now. After adding the browser is sent to the channel.
    async fn save(&self, channel: ChannelDraft) -> Result<i64, ApiError>;
    /// Removes; the browser is sent to the list.
    async fn remove(&self, name: String, version: i64) -> Result<(), ApiError>;
    /// Has a test sent; answers with its delivery. A browser without a script is sent there.
    async fn test(&self, name: String) -> Result<String, ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn ChannelsApi> {
    expect_context::<Arc<dyn ChannelsApi>>()
}

/// Every channel.
#[server(name = AskChannelList, prefix = "/call", endpoint = "channel_list", output = Packed)]
pub async fn channel_list() -> Result<ChannelList, ApiError> {
    room().list().await
}

/// One channel, or the empty form of a kind.
#[server(prefix = "/call", endpoint = "channel_detail", output = Packed)]
pub async fn channel_detail(name: String, kind: String) -> Result<ChannelView, ApiError> {
    room().detail(name, kind).await
}

/// Adds a channel, or changes one.
#[server(prefix = "/call", endpoint = "channel_save", output = Packed)]
pub async fn channel_save(channel: ChannelDraft) -> Result<i64, ApiError> {
    room().save(channel).await
}

/// Removes a channel.
#[server(prefix = "/call", endpoint = "channel_remove", output = Packed)]
pub async fn channel_remove(name: String, version: i64) -> Result<(), ApiError> {
    room().remove(name, version).await
}

/// Has a test sent by a channel.
#[server(prefix = "/call", endpoint = "channel_test", output = Packed)]
pub async fn channel_test(name: String) -> Result<String, ApiError> {
    room().test(name).await
}
