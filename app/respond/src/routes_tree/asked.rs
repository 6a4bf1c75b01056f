//! What the addresses of these screens ask: whose way, and which change of a route. Pure.

use api::routing::{RouteAsk, WayAsk};
use model::links;

/// Whose way is asked.
#[must_use]
pub fn way(search: &str) -> WayAsk {
    let mut ask = WayAsk::default();
    for (name, value) in links::pairs(search) {
        match name.as_str() {
            "about" => ask.about = value,
            "labels" => ask.labels = value,
            _ => {}
        }
    }
    ask
}

/// Which route is edited, and what is written about it.
#[must_use]
pub fn route(search: &str) -> RouteAsk {
    let mut ask = RouteAsk::default();
    for (name, value) in links::pairs(search) {
        match name.as_str() {
            "path" => ask.path = value,
            "act" => ask.act = value,
            "written" => ask.written = value == "true",
            "name" => ask.name = value,
            "matchers" => ask.matchers = value,
            "goes_on" => ask.goes_on = value == "true",
            "to" => ask.to = value,
            "channels" => ask.channels.push(value),
            "escalation" => ask.escalation = value,
            "group_by" => ask.group_by = value,
            "group_wait" => ask.group_wait = value,
            "group_interval" => ask.group_interval = value,
            "repeat_interval" => ask.repeat_interval = value,
            "send_resolved" => ask.send_resolved = value,
            "mute_during" => ask.mute_during.push(value),
            "active_during" => ask.active_during.push(value),
            _ => {}
        }
    }
    ask
}

#[cfg(test)]
mod tests {
    use super::{route, way};

    #[test]
    fn every_ticked_box_of_a_form_is_read() {
        let ask = route(
            "?path=all%2Fdb&act=set&written=true&to=chosen&channels=ops&channels=%E9%81%8B%E7%94%A8&escalation=db&group_wait=30s",
        );
        assert_eq!((ask.path.as_str(), ask.written, ask.to.as_str()), ("all/db", true, "chosen"));
        assert_eq!(ask.channels, ["ops", "運用"]);
        assert_eq!(ask.escalation, "db");
        assert_eq!((ask.group_wait.as_str(), ask.goes_on), ("30s", false));
        assert!(route("goes_on=true&mute_during=nights").goes_on);
    }

    #[test]
    fn a_way_is_asked_by_labels_or_by_name() {
        let ask = way("?about=A-7&labels=host%3D%22a%25b%22");
        assert_eq!((ask.about.as_str(), ask.labels.as_str()), ("A-7", "host=\"a%b\""));
    }
}
