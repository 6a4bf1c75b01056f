//! The newest points of what somebody asks in Explore, for the live stream.

use crate::apis::explore::answer::{MOST_DRAWN, name_of};
use crate::apis::explore::{asking, unit};
use crate::wiring::House;
use ::api::explore::MOST_QUERIES;
use ::api::live::{BoardTick, EXPLORE_ALONE, EXPLORE_TOPIC, PanelTick, explore_figure};
use figures::Unit;
use futures::future::join_all;
use metrics::eval::Value;
use model::labels::Labels;
use model::{Time, links};
use promql::ast::Expr;

/// One query of a topic.
struct Asked {
    /// `None` where it is the only one on its screen.
    letter: Option<char>,
    text: String,
}

/// What one panel's series say: names and values.
type Values = Vec<(String, f64)>;

/// What the lines of a topic's queries say at a moment; nothing where none of them moves. What has no answer is missing: the next drawing
/// of the screen says why.
pub async fn tick(house: &House, topic: &str, at: Time) -> Option<BoardTick> {
    let asked: Vec<Asked> = read(topic);
    let asking: Vec<_> = asked.iter().map(|one| newest(house, one, at)).collect();
    let panels: Vec<PanelTick> = by_graph(join_all(asking).await.into_iter().flatten());
    (!panels.is_empty()).then(|| BoardTick { topic: topic.to_owned(), at, panels })
}

/// The queries of `explore:A=up&C=rate%28…%29`.
fn read(topic: &str) -> Vec<Asked> {
    let pairs = topic.strip_prefix(EXPLORE_TOPIC).map(links::pairs).unwrap_or_default();
    let one = |(name, text): (String, String)| {
        let letter: Option<char> = name.parse::<char>().ok().filter(char::is_ascii_uppercase);
        (letter.is_some() || name == EXPLORE_ALONE).then_some(Asked { letter, text })
    };
    pairs.into_iter().filter_map(one).take(MOST_QUERIES).collect()
}

async fn newest(house: &House, one: &Asked, at: Time) -> Option<(Unit, Values)> {
    let expr: Expr = asking::read(&one.text).ok()?;
    let answer = house.metrics.instant(&expr, at).await.ok()?;
    let samples: Vec<(Labels, f64)> = match answer.value {
        Value::Vector(samples) => samples.into_iter().map(|sample| (sample.labels, sample.value)).collect(),
        Value::Scalar(value) => vec![(Labels::default(), value)],
        Value::Matrix(_) | Value::String(_) => return None,
    };
    Some((unit::of(&expr), values(one.letter, samples)?))
}

/// Names and values of the lines; nothing where more series have come than are drawn. Where there is no number, a line has a gap.
fn values(letter: Option<char>, samples: Vec<(Labels, f64)>) -> Option<Values> {
    if samples.len() > MOST_DRAWN {
        return None;
    }
    let numbers = samples.into_iter().filter(|(_, value)| value.is_finite());
    Some(numbers.map(|(labels, value)| (name_of(letter, &labels), value)).collect())
}

/// The values of each unit together, as their graph holds them.
fn by_graph(found: impl Iterator<Item = (Unit, Values)>) -> Vec<PanelTick> {
    let mut panels: Vec<PanelTick> = Vec::new();
    for (unit, values) in found.filter(|(_, values)| !values.is_empty()) {
        let id: String = explore_figure(unit);
        match panels.iter_mut().find(|panel| panel.id == id) {
            Some(panel) => panel.values.extend(values),
            None => panels.push(PanelTick { id, values }),
        }
    }
    panels
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::api::live::explore_topic;

    fn asked(topic: &str) -> Vec<(Option<char>, String)> {
        read(topic).into_iter().map(|one| (one.letter, one.text)).collect()
    }

    #[test]
    fn queries_come_back_from_their_topic_and_nonsense_does_not() {
        let odd = "a{b=\"見, 守 & り\"} + 1 % 2";
        assert_eq!(asked(&explore_topic([("q", odd)])), [(None, odd.to_owned())]);
        let several = [(Some('A'), "up".to_owned()), (Some('C'), odd.to_owned())];
        assert_eq!(asked(&explore_topic([("A", "up"), ("C", odd)])), several);
        assert!(asked("explore:x=1&AB=2&=3").is_empty() && asked("dash:http?A=1").is_empty());
        assert_eq!(asked(&format!("explore:{}", "A=up&".repeat(MOST_QUERIES + 1))).len(), MOST_QUERIES);
    }

    #[test]
    fn what_is_no_number_does_not_travel_and_too_many_do_not_either() {
        let sample = |host: usize, value: f64| (Labels::new([("host", host.to_string())]), value);
        let found = values(Some('B'), vec![sample(1, f64::NAN), sample(2, 3.0), sample(3, f64::INFINITY)]);
        assert_eq!(found, Some(vec![("B {host=\"2\"}".to_owned(), 3.0)]));
        assert_eq!(values(None, (0..=MOST_DRAWN).map(|host| sample(host, 1.0)).collect()), None);
    }

    #[test]
    fn queries_of_one_unit_move_one_graph() {
        let one = |name: &str| vec![(name.to_owned(), 1.0)];
        let found = [(Unit::Bytes, one("A")), (Unit::None, one("B")), (Unit::Bytes, one("C")), (Unit::Count, Vec::new())];
        let panels = by_graph(found.into_iter());
        let said: Vec<(&str, usize)> = panels.iter().map(|panel| (panel.id.as_str(), panel.values.len())).collect();
        assert_eq!(said, [("explore-bytes", 2), ("explore-none", 1)]);
    }
}
