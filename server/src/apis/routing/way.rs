//! Where an alert would go: of one that fires, of a rule, or of labels as text.

use super::shown;
use super::tree::quiet;
use crate::apis::Door;
use crate::apis::silences::shape;
use ::api::ApiError;
use ::api::routing::{MutedView, SilencedView, TellingView, TestView, ToldView, Turn, TurnView, WayAsk, WayView};
use alerting::grouping::Mute;
use alerting::routes::explain::{Outcome, Step, Tested};
use alerting::routes::first_told::FirstTold;
use alerting::routes::matchers::{Matcher, Op};
use alerting::routes::{labels_of, matcher_list};
use alerting::routing::looking::{Telling, Way};
use model::ids::AlertId;
use model::labels::Labels;

/// Before the id of a rule in the key of a subject.
pub const RULE: &str = "rule:";

/// The way that is asked for; nothing when none is.
pub async fn view(door: &Door, ask: &WayAsk) -> Result<Option<WayView>, ApiError> {
    let (text, about) = (ask.labels.trim(), ask.about.trim());
    if text.is_empty() && about.is_empty() {
        return Ok(None);
    }
    let found: Option<Labels> = if text.is_empty() { of_subject(door, about).await? } else { of_text(text) };
    let Some(labels) = found else {
        let problem: String = if text.is_empty() { about.to_owned() } else { text.to_owned() };
        return Ok(Some(WayView { problem: Some(problem), ..WayView::default() }));
    };
    let way: Way = door.house.routing.way(&labels).await.map_err(shown)?;
    Ok(Some(shape_way(&labels, way)))
}

/// Labels are written as matchers of equality.
fn of_text(text: &str) -> Option<Labels> {
    let read: Vec<Matcher> = matcher_list::read(text).ok()?;
    let is_plain: bool = !read.is_empty() && read.iter().all(|matcher| matcher.op == Op::Equal);
    is_plain.then(|| Labels::new(read.into_iter().map(|matcher| (matcher.name, matcher.value))))
}

async fn of_subject(door: &Door, key: &str) -> Result<Option<Labels>, ApiError> {
    let room = &door.house.alerting;
    if let Some(id) = key.strip_prefix(RULE) {
        let rules = room.rules().await.map_err(shown)?;
        let found = rules.into_iter().map(|row| row.rule).find(|rule| rule.id.0 == id);
        return Ok(found.map(|rule| labels_of(&rule.labels, &rule.id, rule.severity)));
    }
    let Ok(id) = key.parse::<AlertId>() else { return Ok(None) };
    let found = room.alert(id).await.map_err(shown)?;
    Ok(found.map(|alert| labels_of(&alert.row.labels, &alert.row.rule_id, alert.row.severity)))
}

fn shape_way(labels: &Labels, way: Way) -> WayView {
    let mut view = WayView { labels: pairs(labels), ..WayView::default() };
    for step in way.steps {
        match step {
            Step::Route { path, depth, tests, outcome } => {
                let depth: u32 = u32::try_from(depth).unwrap_or(u32::MAX);
                view.turns.push(turn(path, depth, &tests, outcome));
            }
            Step::Silenced { silence, comment, by, until } => {
                view.silenced.push(SilencedView { id: silence.0, comment, by, until });
            }
            Step::Inhibited { rule, by } => view.inhibited = Some((rule, by)),
        }
    }
    view.told = way.told.into_iter().map(told).collect();
    view
}

fn turn(path: String, depth: u32, tests: &[Tested], outcome: Outcome) -> TurnView {
    let (turn, taken_by, quiet) = match outcome {
        Outcome::Declined => (Turn::Declined, String::new(), None),
        Outcome::HandedDown => (Turn::HandedDown, String::new(), None),
        Outcome::Taken { quiet: why, .. } => (Turn::Taken, String::new(), why.map(quiet)),
        Outcome::NotAsked { taken_by } => (Turn::NotAsked, taken_by, None),
    };
    let test =
        |tested: &Tested| TestView { matcher: shape::matcher(&tested.matcher), found: tested.found.clone(), holds: tested.holds };
    TurnView { path, depth, turn, tests: tests.iter().map(test).collect(), taken_by, quiet }
}

fn told(told: FirstTold) -> ToldView {
    ToldView { path: told.path, channels: told.channels, escalation: told.escalation, group: pairs(&told.group), at: told.at }
}

fn pairs(labels: &Labels) -> Vec<(String, String)> {
    labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Whom an alert was told to on one route.
pub fn telling(telling: Telling) -> TellingView {
    let muted: Option<MutedView> = telling.muted.map(|muted| match muted.mute {
        Mute::Silence(id) => MutedView::Silence(id.0, muted.until),
        Mute::Inhibition { by, rule } => MutedView::Inhibition(by, rule),
        Mute::Calendar(name) => MutedView::Calendar(name, muted.until),
    });
    TellingView {
        route: telling.route,
        channels: telling.channels,
        escalation: telling.escalation,
        is_told: telling.is_told,
        paged_at: telling.paged_at,
        muted,
        next_at: telling.next_at,
    }
}

#[cfg(test)]
mod tests {
    use super::of_text;

    #[test]
    fn labels_are_read_from_matchers_of_equality_only() {
        let labels = of_text("alertname=\"cpu\", host=app-01").unwrap();
        assert_eq!((labels.get("alertname"), labels.get("host"), labels.len()), ("cpu", "app-01", 2));
        for text in ["", "{}", "host=~\"app.*\"", "host!=a", "a=b, oops"] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }
}
