//! Whom pages about an alert went to: what somebody who was woken asks first.

use crate::wiring::House;
use alerting::AlertDetail;
use model::Time;
use notify::{ChannelRow, DeliveryRow, Filter, State};
use std::collections::BTreeSet;

/// Deliveries that are looked through, the newest first; pages of one alert are few.
const MOST_LOOKED_AT: i64 = 50;
/// Channels that are shown.
const MOST_SHOWN: usize = 8;

/// The newest page by one channel.
pub(super) struct Call {
    /// `Slack #ops`.
    pub(super) place: String,
    pub(super) at: Time,
    pub(super) state: State,
    /// It is the one whose link was opened.
    pub(super) is_here: bool,
}

/// The newest page by each channel that called somebody about an alert, the oldest of them first. Nothing without an alert.
pub(super) async fn about(house: &House, opened: &DeliveryRow, alert: Option<&AlertDetail>) -> Result<Vec<Call>, notify::Error> {
    let Some(alert) = alert else {
        return Ok(Vec::new());
    };
    let filter = Filter { alert: Some(alert.row.id), limit: MOST_LOOKED_AT, ..Filter::default() };
    let deliveries: Vec<DeliveryRow> = house.notify.deliveries(&filter).await?;
    let channels: Vec<ChannelRow> = house.notify.channels().await?;
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut calls: Vec<Call> = Vec::new();
    for delivery in deliveries.into_iter().filter(|delivery| delivery.kind.calls()) {
        if calls.len() < MOST_SHOWN && seen.insert(delivery.channel.clone()) {
            calls.push(call(&delivery, opened, &channels));
        }
    }
    calls.reverse();
    Ok(calls)
}

fn call(delivery: &DeliveryRow, opened: &DeliveryRow, channels: &[ChannelRow]) -> Call {
    let channel: Option<&ChannelRow> = channels.iter().find(|channel| channel.name == delivery.channel);
    Call {
        place: place(channel, &delivery.channel),
        at: delivery.at,
        state: delivery.state,
        is_here: delivery.channel == opened.channel,
    }
}

/// Where a channel's messages go, as people name it: `Slack #ops`, `Mail oncall`.
pub(super) fn place(channel: Option<&ChannelRow>, name: &str) -> String {
    let provider: &str = channel.map_or("", |channel| provider(&channel.kind));
    let room: &str = channel
        .and_then(|channel| channel.settings.get("channel")?.as_str())
        .filter(|room| room.starts_with('#'))
        .unwrap_or(name);
    [provider, room].into_iter().filter(|word| !word.is_empty()).collect::<Vec<&str>>().join(" ")
}

fn provider(kind: &str) -> &'static str {
    match kind {
        "slack" | "slack_webhook" => "Slack",
        "email" => "Mail",
        "pagerduty" => "PagerDuty",
        "webhook" => "Webhook",
        "web_push" => "Push",
        "teams" => "Teams",
        "discord" => "Discord",
        "sms" => "SMS",
        "voice" => "Call",
        _ => "",
    }
}
