//! The tree: each route hangs below its parent on a line. Where a way is asked, the routes on it stand out.

use crate::silences::matchers;
use crate::words::locale;
use crate::words::routes::route_words;
use api::routing::{QuietView, RouteNode, Turn, TurnView, WayView};
use figures::duration;
use leptos::prelude::*;
use model::{Time, links};
use ui::button::{ButtonLink, Rank};
use ui::facts::{Fact, Facts};
use ui::icon::{Icon, IconName};
use ui::menu::Menu;
use ui::state::{StateKind, StateMark};
use ui::time_text::{TimeForm, TimeText};

/// Alone in a list of labels: every alert by itself.
const EACH: &str = "...";

/// The whole tree.
pub fn tree(nodes: &[RouteNode], way: Option<&WayView>, may_edit: bool) -> AnyView {
    let turns: &[TurnView] = way.map(|way| way.turns.as_slice()).unwrap_or_default();
    level(nodes, turns, may_edit)
}

/// Siblings, each followed in `nodes` by all that is below it.
fn level(nodes: &[RouteNode], turns: &[TurnView], may_edit: bool) -> AnyView {
    let mut items: Vec<AnyView> = Vec::new();
    let mut rest: &[RouteNode] = nodes;
    while let Some((first, after)) = rest.split_first() {
        let n_below = after.iter().take_while(|node| node.depth > first.depth).count();
        let (below, next) = after.split_at(n_below);
        items.push(item(first, below, turns, may_edit));
        rest = next;
    }
    view! { <ol class="route-tree">{items}</ol> }.into_any()
}

fn item(node: &RouteNode, below: &[RouteNode], turns: &[TurnView], may_edit: bool) -> AnyView {
    let turn = turns.iter().find(|turn| turn.path == node.path);
    let class = match turn.map(|turn| turn.turn) {
        Some(Turn::Taken) => "route route--taken",
        Some(Turn::HandedDown) => "route route--passed",
        _ if !turns.is_empty() => "route route--aside",
        _ => "route",
    };
    let deeper = (!below.is_empty()).then(|| level(below, turns, may_edit));
    view! {
        <li class=class id=links::route_anchor(&node.path)>
            <div class="route__head">
                <b class="route__name">{node.name.clone()}</b>
                {turn.map(mark)}
                {node.quiet.as_ref().map(quiet)}
                {may_edit.then(|| acts(node))}
            </div>
            {takes(node)}
            {settings(node)}
            {deeper}
        </li>
    }
    .into_any()
}

/// What became of the alert here, as a sign and a word.
fn mark(turn: &TurnView) -> AnyView {
    let icon = match turn.turn {
        Turn::Taken => IconName::Check,
        Turn::HandedDown => IconName::Down,
        Turn::Declined => IconName::Close,
        Turn::NotAsked => IconName::StateNone,
    };
    let word = (route_words().turn)(turn.turn);
    view! { <span class="route__turn"><Icon name=icon />{word}</span> }.into_any()
}

/// That a route is quiet now, and until when.
pub fn quiet(quiet: &QuietView) -> AnyView {
    let words = route_words();
    let until = quiet.until.map(|at| view! { <small>{until(at)}</small> });
    let word = (words.quiet_by)(&quiet.calendar);
    view! { <span class="route__quiet"><StateMark kind=StateKind::Paused word=word /> {until}</span> }.into_any()
}

/// Until a moment, in the order of the language.
pub fn until(at: Time) -> AnyView {
    let (before, after) = route_words().until;
    view! { {before} <TimeText at_ms=at.0 form=TimeForm::Day /> {after} }.into_any()
}

fn takes(node: &RouteNode) -> AnyView {
    if node.matchers.is_empty() {
        return view! { <p>{route_words().everything}</p> }.into_any();
    }
    matchers::said(&node.matchers)
}

fn acts(node: &RouteNode) -> AnyView {
    let words = route_words();
    let path = node.path.as_str();
    let link = |act: &str, word: &'static str| view! { <a class="link" href=links::route_edit(path, act)>{word}</a> }.into_any();
    let place = [("up", words.up), ("down", words.down), ("remove", words.remove)];
    let inner = place.into_iter().filter(|_| node.depth > 0).map(|(act, word)| link(act, word));
    let all: Vec<AnyView> = std::iter::once(link("add", words.add)).chain(inner).collect();
    let (href, edit, change) = (links::route_edit(path, "set"), (words.edit_of)(path), (words.change_of)(path));
    view! {
        <span class="route__acts">
            <ButtonLink href=href rank=Rank::Row label=edit>{words.edit}</ButtonLink>
            <Menu label=words.change>
                <span class="hush">{change}</span>
                {all}
            </Menu>
        </span>
    }
    .into_any()
}

/// What a route does: whom it tells always, the rest where it says so itself.
fn settings(node: &RouteNode) -> AnyView {
    let words = route_words();
    let is_root = node.depth == 0;
    let group = (is_root || node.own.group_by).then(|| fact(words.group_by, grouped(&node.group_by).into_any()));
    let own_waits = node.own.group_wait || node.own.group_interval || node.own.repeat_interval;
    let waits = (is_root || own_waits).then(|| fact(words.waits, waits(node).into_any()));
    let untold = (node.own.send_resolved && !node.send_resolved).then(|| view! { <p class="soft">{words.resolved_untold}</p> });
    let goes_on = node.goes_on.then(|| view! { <p class="soft">{words.goes_on}</p> });
    let told = fact(words.channels, told(node));
    let paged = (node.escalation.is_some() || node.own.escalation).then(|| fact(words.escalation, paged(node)));
    let (muted, active) = (named(words.muted_during, &node.mute_during), named(words.active_during, &node.active_during));
    view! {
        <Facts>
            {told}
            {paged}
            {group}
            {waits}
            {muted}
            {active}
        </Facts>
        {untold}
        {goes_on}
    }
    .into_any()
}

fn fact(name: &'static str, value: AnyView) -> AnyView {
    view! { <Fact name=name>{value}</Fact> }.into_any()
}

fn named(name: &'static str, values: &[String]) -> Option<AnyView> {
    (!values.is_empty()).then(|| fact(name, values.join(", ").into_any()))
}

fn told(node: &RouteNode) -> AnyView {
    let words = route_words();
    let is_inherited = node.depth > 0 && !node.own.channels;
    let inherited = is_inherited.then(|| view! { <small class="mute">" " {words.inherited}</small> });
    let absent = (!node.absent.is_empty()).then(|| {
        let said = (words.absent)(&node.absent.join(", "));
        view! { <small class="route__absent"><Icon name=IconName::Warn />{said}</small> }
    });
    view! { <b>{channels(&node.channels, node.escalation.as_deref())}</b> {inherited} {absent} }.into_any()
}

/// By which policy people are paged, or that nobody is where a route above would.
fn paged(node: &RouteNode) -> AnyView {
    let words = route_words();
    let inherited = (!node.own.escalation).then(|| view! { <small class="mute">" " {words.inherited}</small> });
    let absent = node.no_policy.then(|| {
        view! { <small class="route__absent"><Icon name=IconName::Warn />{words.no_policy}</small> }
    });
    match node.escalation.as_deref() {
        Some(name) => view! { {policy(name)} {inherited} {absent} }.into_any(),
        None => words.escalation_none.into_any(),
    }
}

/// A policy, with the way to its screen.
fn policy(name: &str) -> AnyView {
    view! { <a class="link link--within" href=links::policy(name)>{name.to_owned()}</a> }.into_any()
}

/// The policy by which people are paged besides the channels, if there is one.
#[must_use]
pub fn escalates(escalation: Option<&str>) -> Option<AnyView> {
    escalation.map(|name| view! { <span>{route_words().escalation} " " {policy(name)}</span> }.into_any())
}

/// Channels by name; where there are none, that the pager chooses: its last resort, else all there are. With a policy it chooses none.
#[must_use]
pub fn channels(names: &[String], escalation: Option<&str>) -> String {
    let words = route_words();
    match (names, escalation) {
        ([], None) => words.admins.to_owned(),
        ([], Some(_)) => words.channels_none.to_owned(),
        (names, _) => names.join(", "),
    }
}

/// How alerts are put together, in words.
#[must_use]
pub fn grouped(names: &[String]) -> String {
    let words = route_words();
    match names {
        [] => words.group_all.to_owned(),
        names if names.iter().any(|name| name == EACH) => words.group_each.to_owned(),
        names => names.join(", "),
    }
}

fn waits(node: &RouteNode) -> String {
    let (first, between, again) = (node.group_wait_ms, node.group_interval_ms, node.repeat_interval_ms);
    (route_words().waits_say)(&length(first), &length(between), &length(again))
}

/// A duration in words; none is at once.
#[must_use]
pub fn length(ms: i64) -> String {
    if ms == 0 { route_words().at_once.to_owned() } else { duration(ms, locale()) }
}
