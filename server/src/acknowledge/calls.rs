//! Whom pages about an alert went to: what somebody who was woken asks first.

use crate::apis::recipients::Recipients;
use crate::wiring::House;
use alerting::AlertDetail;
use model::Time;
use notify::personal::Reach;
use notify::{ChannelRow, DeliveryId, DeliveryRow, Filter, State};
use std::collections::BTreeSet;

/// Deliveries that are looked through, the newest first; pages of one alert are few.
const MOST_LOOKED_AT: i64 = 50;
/// Channels that are shown.
const MOST_SHOWN: usize = 8;

/// The newest page by one channel, or to one person by one way.
pub(super) struct Call {
    /// `Slack #ops`, `SMS 田中 美咲`.
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
    let personal: Vec<DeliveryId> = deliveries.iter().chain([opened]).filter_map(own_contact).collect();
    let recipients: Recipients = Recipients::of(house, &personal).await;
    let here: String = place_of(opened, &channels, &recipients);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut calls: Vec<Call> = Vec::new();
    for delivery in deliveries.into_iter().filter(|delivery| delivery.kind.calls()) {
        let place: String = place_of(&delivery, &channels, &recipients);
        if calls.len() < MOST_SHOWN && seen.insert(place.clone()) {
            calls.push(Call { is_here: place == here, place, at: delivery.at, state: delivery.state });
        }
    }
    calls.reverse();
    Ok(calls)
}

fn own_contact(delivery: &DeliveryRow) -> Option<DeliveryId> {
    Reach::of_channel(&delivery.channel).map(|_| delivery.id)
}

/// Where a page went; of one to somebody's own contact, whose.
fn place_of(delivery: &DeliveryRow, channels: &[ChannelRow], recipients: &Recipients) -> String {
    let channel: Option<&ChannelRow> = channels.iter().find(|channel| channel.name == delivery.channel);
    let place: String = place(channel, &delivery.channel);
    match recipients.name(Some(delivery.id)) {
        Some(person) => format!("{place} {person}"),
        None => place,
    }
}

/// Where a channel's messages go, as people name it: `Slack #ops`, `Mail oncall`; `Mail` for somebody's own contact.
pub(super) fn place(channel: Option<&ChannelRow>, name: &str) -> String {
    if let Some(reach) = Reach::of_channel(name) {
        return provider(reach.as_str()).to_owned();
    }
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
        "web_push" | "push" => "Push",
        "teams" => "Teams",
        "discord" => "Discord",
        "sms" => "SMS",
        "voice" => "Call",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn somebodys_own_contact_is_named_by_its_way() {
        for (channel, expected) in
            [("@email", "Mail"), ("@sms", "SMS"), ("@voice", "Call"), ("@push", "Push"), ("@slack", "Slack")]
        {
            assert_eq!(place(None, channel), expected);
        }
        assert_eq!(place(None, "ops"), "ops", "a channel that is gone");
    }
}
