//! A route as the form of its screen has it: texts, in which an empty one inherits. Pure.

use ::api::routing::{RouteAsk, RouteTrouble};
use alerting::routes::Route;
use alerting::routes::edit::{BadChange, Change};
use alerting::routes::file::Duration;
use alerting::routes::matcher_list;
use alerting::routes::matchers::Matcher;
use serde_json::Value;

/// What keeps a part of the form from being read, with what was found there.
pub type Found = (RouteTrouble, String);

/// Names are shown in a tree; the room says the same of files.
const LONGEST_NAME: usize = 64;
/// What a form writes for all in one group.
const NOTHING: &str = "[]";

/// A route that stands, as its form shows it.
pub fn filled(route: &Route, path: &str) -> RouteAsk {
    let to: &str = match route.channels.as_deref() {
        None => "inherit",
        Some([]) => "admins",
        Some(_) => "chosen",
    };
    let group_by: String = match route.group_by.as_deref() {
        None => String::new(),
        Some([]) => NOTHING.to_owned(),
        Some(names) => names.join(", "),
    };
    let send_resolved: &str = match route.send_resolved {
        None => "",
        Some(true) => "yes",
        Some(false) => "no",
    };
    RouteAsk {
        path: path.to_owned(),
        act: "set".to_owned(),
        written: false,
        name: route.name.clone(),
        matchers: matcher_list::print(&route.matchers),
        goes_on: route.goes_on,
        to: to.to_owned(),
        channels: route.channels.clone().unwrap_or_default(),
        escalation: route.escalation.clone().unwrap_or_default(),
        group_by,
        group_wait: written(route.group_wait),
        group_interval: written(route.group_interval),
        repeat_interval: written(route.repeat_interval),
        send_resolved: send_resolved.to_owned(),
        mute_during: route.mute_during.clone(),
        active_during: route.active_during.clone(),
    }
}

fn written(duration: Option<Duration>) -> String {
    duration.map(String::from).unwrap_or_default()
}

/// The route that a form writes, without what is below it.
///
/// # Errors
/// Everything that can't be read.
pub fn route(ask: &RouteAsk) -> Result<Route, Vec<Found>> {
    let mut problems: Vec<Found> = Vec::new();
    let name: &str = ask.name.trim();
    if !is_name(name) {
        problems.push((RouteTrouble::Name, name.to_owned()));
    }
    let matchers: Vec<Matcher> = kept(matchers(&ask.matchers), &mut problems);
    let group_wait: Option<Duration> = kept(duration(&ask.group_wait), &mut problems);
    let group_interval: Option<Duration> = kept(duration(&ask.group_interval), &mut problems);
    let repeat_interval: Option<Duration> = kept(duration(&ask.repeat_interval), &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Route {
        name: name.to_owned(),
        matchers,
        goes_on: ask.goes_on,
        channels: channels(ask),
        escalation: escalation(&ask.escalation),
        group_by: group_by(&ask.group_by),
        group_wait,
        group_interval,
        repeat_interval,
        send_resolved: send_resolved(&ask.send_resolved),
        mute_during: ask.mute_during.clone(),
        active_during: ask.active_during.clone(),
        routes: Vec::new(),
    })
}

fn kept<T: Default>(read: Result<T, Found>, problems: &mut Vec<Found>) -> T {
    read.unwrap_or_else(|found| {
        problems.push(found);
        T::default()
    })
}

/// What a form does to the route at its path.
///
/// # Errors
/// Everything that can't be read.
pub fn change(ask: &RouteAsk) -> Result<Change, Vec<Found>> {
    match ask.act.as_str() {
        "add" => route(ask).map(|route| Change::Add(Box::new(route))),
        "remove" => Ok(Change::Remove),
        "up" => Ok(Change::Up),
        "down" => Ok(Change::Down),
        _ => route(ask).map(|route| Change::Set(Box::new(route))),
    }
}

/// A change that the tree does not take, as the form says it.
pub fn bad(error: BadChange) -> Found {
    match error {
        BadChange::NoRoute(path) => (RouteTrouble::NoRoute, path),
        BadChange::Outermost => (RouteTrouble::Outermost, String::new()),
        BadChange::NameTaken(name) => (RouteTrouble::NameTaken, name),
        BadChange::Edge => (RouteTrouble::Edge, String::new()),
    }
}

fn is_name(name: &str) -> bool {
    let n: usize = name.chars().count();
    (1..=LONGEST_NAME).contains(&n) && name.chars().all(|character| character.is_alphanumeric() || matches!(character, '-' | '_'))
}

fn matchers(text: &str) -> Result<Vec<Matcher>, Found> {
    matcher_list::read(text).map_err(|error| (RouteTrouble::Matcher, error.to_string()))
}

fn duration(text: &str) -> Result<Option<Duration>, Found> {
    let text: &str = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let read: Option<Duration> = serde_json::from_value(Value::String(text.to_owned())).ok();
    read.map(Some).ok_or_else(|| (RouteTrouble::Duration, text.to_owned()))
}

fn channels(ask: &RouteAsk) -> Option<Vec<String>> {
    match ask.to.as_str() {
        "admins" => Some(Vec::new()),
        "chosen" => Some(ask.channels.clone()),
        _ => None,
    }
}

/// The name of a policy, or the word for nobody, as files have them.
fn escalation(text: &str) -> Option<String> {
    let name: &str = text.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

fn group_by(text: &str) -> Option<Vec<String>> {
    match text.trim() {
        "" => None,
        NOTHING => Some(Vec::new()),
        names => Some(names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()),
    }
}

fn send_resolved(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask() -> RouteAsk {
        RouteAsk {
            path: "all".to_owned(),
            act: "add".to_owned(),
            written: true,
            name: "urgent".to_owned(),
            matchers: "severity=~\"P0|P1\", team=\"db\"".to_owned(),
            goes_on: true,
            to: "chosen".to_owned(),
            channels: vec!["pager".to_owned()],
            escalation: "payments".to_owned(),
            group_by: "alertname, host".to_owned(),
            group_wait: "0s".to_owned(),
            group_interval: String::new(),
            repeat_interval: "1h30m".to_owned(),
            send_resolved: "no".to_owned(),
            mute_during: vec!["nights".to_owned()],
            active_during: Vec::new(),
        }
    }

    #[test]
    fn a_form_is_read_and_filled_again_alike() {
        let read = route(&ask()).unwrap();
        assert_eq!(RouteAsk { act: "add".to_owned(), written: true, ..filled(&read, "all") }, ask());
        let inherits = RouteAsk { name: "x".to_owned(), ..RouteAsk::default() };
        assert_eq!(route(&inherits).unwrap(), Route { name: "x".to_owned(), ..Route::unwritten() });
        let none: String = alerting::routes::NO_ESCALATION.to_owned();
        let admins = RouteAsk { to: "admins".to_owned(), group_by: "[]".to_owned(), escalation: none.clone(), ..inherits };
        let read = route(&admins).unwrap();
        assert_eq!((read.channels, read.group_by, read.escalation), (Some(Vec::new()), Some(Vec::new()), Some(none)));
    }

    #[test]
    fn everything_that_can_not_be_read_is_told_at_once() {
        let wrong = RouteAsk {
            name: "a/b".to_owned(),
            matchers: "oops".to_owned(),
            group_wait: "soon".to_owned(),
            repeat_interval: "9w".to_owned(),
            ..ask()
        };
        let problems: Vec<RouteTrouble> = route(&wrong).unwrap_err().into_iter().map(|(trouble, _)| trouble).collect();
        assert_eq!(problems, [RouteTrouble::Name, RouteTrouble::Matcher, RouteTrouble::Duration, RouteTrouble::Duration]);
    }

    #[test]
    fn an_act_without_fields_needs_none() {
        for (act, expected) in [("remove", Change::Remove), ("up", Change::Up), ("down", Change::Down)] {
            let ask = RouteAsk { act: act.to_owned(), ..RouteAsk::default() };
            assert_eq!(change(&ask), Ok(expected));
        }
        assert!(matches!(change(&RouteAsk::default()), Err(problems) if problems[0].0 == RouteTrouble::Name));
    }
}
