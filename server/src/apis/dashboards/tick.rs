//! The newest points of a dashboard for the live stream.

use super::{asked, leave_alone};
use crate::wiring::House;
use ::api::dashboards::DashboardAsk;
use ::api::live::{BoardTick, DASHBOARD_TOPIC, PanelTick};
use dashboard::Dashboard;
use dashboards::Asked;
use figures::{Locale, Zone};
use model::links::dashboards::VARIABLE;
use model::{Time, links};

/// What the lines of a dashboard say at a moment; nothing where there is no such dashboard, or nothing of it moves.
pub async fn tick(house: &House, topic: &str, at: Time) -> Option<BoardTick> {
    let ask: DashboardAsk = read(topic)?;
    // A tick that is missing is filled in by the next drawing of the screen.
    let mut dashboard: Dashboard = house.dashboards.one(&ask.slug).await.ok()?.dashboard;
    if let Some(key) = &ask.panel {
        leave_alone(&mut dashboard, key);
    }
    // Names of series are the same in every language and zone.
    let asked: Asked = asked(&ask, Locale::Ja, Zone::utc(), at);
    let found: Vec<(String, Vec<(String, f64)>)> = house.dashboards.tick(&dashboard, &asked, at).await;
    let panels: Vec<PanelTick> = found.into_iter().filter_map(told).collect();
    (!panels.is_empty()).then(|| BoardTick { topic: topic.to_owned(), at, panels })
}

/// What of a panel travels: where there is no number, its line has a gap.
fn told((id, values): (String, Vec<(String, f64)>)) -> Option<PanelTick> {
    let values: Vec<(String, f64)> = values.into_iter().filter(|(_, value)| value.is_finite()).collect();
    (!values.is_empty()).then_some(PanelTick { id, values })
}

/// What a topic asks: `dash:http?range=6h&var-job=api`. A span that is over has no newest points, so only ranges are looked for.
fn read(topic: &str) -> Option<DashboardAsk> {
    let (slug, query) = topic.strip_prefix(DASHBOARD_TOPIC)?.split_once('?')?;
    let mut ask = DashboardAsk { slug: links::decode(slug), ..DashboardAsk::default() };
    for (name, value) in links::pairs(query) {
        match name.as_str() {
            "range" => ask.range = Some(value),
            "open" => ask.open.push(value),
            "panel" => ask.panel = Some(value),
            _ => {
                if let Some(variable) = name.strip_prefix(VARIABLE) {
                    ask.chosen.push((variable.to_owned(), value));
                }
            }
        }
    }
    Some(ask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::api::live::dashboard_topic;
    use model::links::dashboards::query;

    #[test]
    fn a_topic_is_read_back_whatever_was_chosen() {
        let chosen =
            [("range", "6h"), ("var-job", "a,b&c"), ("var-job", "蔵"), ("open", "1~x"), ("panel", "cpu~x"), ("from", "1")];
        let ask: DashboardAsk = read(&dashboard_topic("http", &query(chosen))).unwrap();
        assert_eq!((ask.slug.as_str(), ask.range.as_deref(), ask.panel.as_deref()), ("http", Some("6h"), Some("cpu~x")));
        let pair = |value: &str| ("job".to_owned(), value.to_owned());
        assert_eq!((ask.chosen, ask.open), (vec![pair("a,b&c"), pair("蔵")], vec!["1~x".to_owned()]));
        assert_eq!(ask.from, None);
        assert_eq!(read("board:app-02"), None);
    }

    #[test]
    fn what_is_no_number_does_not_travel() {
        let values = vec![("a".to_owned(), f64::NAN), ("b".to_owned(), 1.0), ("c".to_owned(), f64::INFINITY)];
        assert_eq!(told(("cpu".to_owned(), values)).unwrap().values, [("b".to_owned(), 1.0)]);
        assert_eq!(told(("cpu".to_owned(), Vec::new())), None);
    }
}
