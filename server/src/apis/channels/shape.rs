//! Channels as screens are shown them.

use crate::apis::channels::guides::{GUIDES, Guide, of};
use crate::zones;
use ::api::Text;
use ::api::channels::{ChannelRow, ChannelView, FieldView, KindView, LastDelivery, StuckPages, VersionView};
use alerting::routes::Tree;
use figures::Locale;
use notify::channels::{Field, Said, fields};
use notify::health::Ended;
use notify::{ChannelHealth, ChannelVersion, State, Stuck};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Both languages of a text.
pub fn text(said: Said) -> Text {
    Text { ja: said.ja.to_owned(), en: said.en.to_owned() }
}

/// A count of the database's.
pub fn count(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// What a kind is called; its own word where nobody has written a guide.
fn kind_name(kind: &str) -> Text {
    of(kind).map_or_else(|| Text { ja: kind.to_owned(), en: kind.to_owned() }, |guide| text(guide.name))
}

/// Everything that can be added.
pub fn kinds() -> Vec<KindView> {
    let kind = |guide: &Guide| KindView { kind: guide.kind.to_owned(), name: text(guide.name), needs: text(guide.needs) };
    GUIDES.iter().map(kind).collect()
}

/// A delivery that ended.
pub fn last_delivery(ended: Ended) -> LastDelivery {
    LastDelivery { id: ended.id.to_string(), at: ended.at, is_sent: ended.state == State::Sent }
}

/// The pages that a channel did not take.
pub fn stuck_pages(stuck: Stuck) -> StuckPages {
    StuckPages {
        waiting: count(stuck.waiting),
        refused: count(stuck.refused),
        oldest: stuck.oldest.to_string(),
        asked_at: stuck.asked_at,
        error: stuck.error,
        next_at: stuck.next_at,
        is_failing: stuck.failing_since.is_some(),
    }
}

/// The paths of the routes that name a channel, in their order.
pub fn routes_to(tree: &Tree, channel: &str) -> Vec<String> {
    let names = |node: &&alerting::routes::Node| node.settings.channels.iter().any(|name| name == channel);
    tree.nodes().iter().filter(names).map(|node| node.path.clone()).collect()
}

/// One line of the list.
pub fn row(channel: &notify::ChannelRow, health: Option<&ChannelHealth>, tree: &Tree) -> ChannelRow {
    ChannelRow {
        name: channel.name.clone(),
        kind: kind_name(&channel.kind),
        enabled: channel.enabled,
        last_resort: channel.last_resort,
        last: health.and_then(|health| health.last).map(last_delivery),
        stuck: health.and_then(|health| health.stuck.clone()).map(stuck_pages),
        sent: health.map_or(0, |health| count(health.sent_week)),
        failed: health.map_or(0, |health| count(health.failed_week)),
        routes: routes_to(tree, &channel.name),
    }
}

/// The form of a channel that stands.
pub fn form(row: &notify::ChannelRow, public_url: &str) -> ChannelView {
    let guide: Option<&Guide> = of(&row.kind);
    ChannelView {
        name: row.name.clone(),
        kind: row.kind.clone(),
        kind_name: kind_name(&row.kind),
        needs: guide.map_or_else(Text::default, |guide| text(guide.needs)),
        version: Some(row.version),
        fields: fields(&row.kind).iter().map(|field| field_view(field, &row.settings, &row.secrets)).collect(),
        enabled: row.enabled,
        last_resort: row.last_resort,
        locale: row.locale.as_str().to_owned(),
        zone: row.zone.clone(),
        zones: zones::names(),
        changed_by: row.changed_by.clone(),
        changed_at: Some(row.changed_at),
        steps: guide.map_or_else(Vec::new, |guide| guide.steps(public_url, &row.name)),
        last: None,
        stuck: None,
        routes: Vec::new(),
        versions: Vec::new(),
    }
}

/// A form with nothing in it, for readers like the one who fills it in.
pub fn empty_form(guide: &Guide, locale: Locale, zone: &str, public_url: &str) -> ChannelView {
    let nothing: Map<String, Value> = Map::new();
    ChannelView {
        name: String::new(),
        kind: guide.kind.to_owned(),
        kind_name: text(guide.name),
        needs: text(guide.needs),
        version: None,
        fields: fields(guide.kind).iter().map(|field| field_view(field, &nothing, &[])).collect(),
        enabled: true,
        last_resort: false,
        locale: locale.as_str().to_owned(),
        zone: zone.to_owned(),
        zones: zones::names(),
        changed_by: String::new(),
        changed_at: None,
        steps: guide.steps(public_url, "<name>"),
        last: None,
        stuck: None,
        routes: Vec::new(),
        versions: Vec::new(),
    }
}

fn field_view(field: &Field, settings: &Map<String, Value>, secrets: &[String]) -> FieldView {
    // A secret is not in the settings; should one ever be, it is not shown either.
    let value: String = if field.secret { String::new() } else { settings.get(field.name).map(written).unwrap_or_default() };
    FieldView {
        name: field.name.to_owned(),
        label: text(field.label),
        help: text(field.help),
        is_secret: field.secret,
        is_required: field.required,
        choices: field.choices.iter().map(|choice| (*choice).to_owned()).collect(),
        default: field.default.to_owned(),
        value,
        is_set: secrets.iter().any(|name| name == field.name),
    }
}

/// A setting as it stands in one line of a form. What is a list may be written between commas.
fn written(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.lines().collect::<Vec<&str>>().join(", "),
        Value::Array(items) => items.iter().map(written).collect::<Vec<String>>().join(", "),
        other => other.to_string(),
    }
}

/// What each version changed; `versions` are the newest first.
pub fn versions(kind: &str, versions: &[ChannelVersion]) -> Vec<VersionView> {
    let view = |(at, version): (usize, &ChannelVersion)| {
        // What stood under this name and was removed is another channel.
        let before: Option<&ChannelVersion> = versions.get(at + 1).filter(|before| !before.removed);
        VersionView {
            version: version.version,
            by: version.changed_by.clone(),
            at: version.changed_at,
            changed: before.map_or_else(Vec::new, |before| changed(kind, before, version)),
            replaced: version.replaced.iter().map(|name| label(kind, name)).collect(),
            enabled: before.filter(|before| before.enabled != version.enabled).map(|_| version.enabled),
            last_resort: before.filter(|before| before.last_resort != version.last_resort).map(|_| version.last_resort),
            is_first: before.is_none(),
            is_removal: version.removed,
        }
    };
    versions.iter().enumerate().map(view).collect()
}

/// The labels of the settings that are not what they were.
fn changed(kind: &str, before: &ChannelVersion, after: &ChannelVersion) -> Vec<Text> {
    let names: BTreeSet<&String> = before.settings.keys().chain(after.settings.keys()).collect();
    let differs = |name: &&String| before.settings.get(name.as_str()) != after.settings.get(name.as_str());
    names.into_iter().filter(differs).map(|name| label(kind, name)).collect()
}

fn label(kind: &str, name: &str) -> Text {
    let field: Option<&Field> = fields(kind).iter().find(|field| field.name == name);
    field.map_or_else(|| Text { ja: name.to_owned(), en: name.to_owned() }, |field| text(field.label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Time;
    use serde_json::json;

    fn version(number: i64, settings: Value, enabled: bool, removed: bool) -> ChannelVersion {
        ChannelVersion {
            version: number,
            settings: settings.as_object().cloned().unwrap_or_default(),
            secrets: Vec::new(),
            replaced: Vec::new(),
            enabled,
            last_resort: false,
            removed,
            changed_by: "Hana".to_owned(),
            changed_at: Time(0),
        }
    }

    #[test]
    fn a_version_says_what_it_changed() {
        let newest_first = [
            version(5, json!({ "channel": "#ops" }), true, false),
            version(4, json!({ "channel": "#b" }), false, true),
            version(3, json!({ "channel": "#b" }), false, false),
            version(2, json!({ "channel": "#b" }), true, false),
            version(1, json!({ "channel": "#a" }), true, false),
        ];
        let views: Vec<VersionView> = versions("slack", &newest_first);
        let changed: Vec<Vec<String>> =
            views.iter().map(|view| view.changed.iter().map(|text| text.en.clone()).collect()).collect();
        assert_eq!(changed, [vec![], vec![], vec![], vec!["Channel".to_owned()], vec![]]);
        let switched: Vec<Option<bool>> = views.iter().map(|view| view.enabled).collect();
        assert_eq!(switched, [None, None, Some(false), None, None]);
        let first: Vec<bool> = views.iter().map(|view| view.is_first).collect();
        assert_eq!(first, [true, false, false, false, true], "after a removal the name begins anew");
        assert!(views[1].is_removal);
    }

    #[test]
    fn pages_that_were_not_taken_say_whether_it_is_the_channel() {
        let stuck = |failing_since: Option<Time>| Stuck {
            channel: "ops".to_owned(),
            waiting: 2,
            refused: 1,
            oldest: notify::DeliveryId(uuid::Uuid::nil()),
            asked_at: Time(5),
            error: "503".to_owned(),
            next_at: Some(Time(9)),
            failing_since,
        };
        let shown: StuckPages = stuck_pages(stuck(Some(Time(6))));
        assert_eq!((shown.waiting, shown.refused, shown.asked_at, shown.next_at), (2, 1, Time(5), Some(Time(9))));
        assert!(shown.is_failing && !stuck_pages(stuck(None)).is_failing);
    }

    #[test]
    fn a_secret_is_said_to_be_set_and_never_shown() {
        let settings: Map<String, Value> = json!({ "token": "xoxb-1", "channel": ["#a", "#b"] }).as_object().cloned().unwrap();
        let secrets = vec!["token".to_owned()];
        let views: Vec<FieldView> = fields("slack").iter().map(|field| field_view(field, &settings, &secrets)).collect();
        let of = |name: &str| views.iter().find(|view| view.name == name).cloned().unwrap();
        assert_eq!((of("token").value.as_str(), of("token").is_set, of("token").is_secret), ("", true, true));
        assert_eq!((of("channel").value.as_str(), of("channel").is_set), ("#a, #b", false));
    }
}
