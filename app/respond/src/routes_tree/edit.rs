//! One route as a form: what it takes, whom it tells, how long it waits. What would change is shown first, and put in force then.
//!
//! The form asks by the address, so that what is written survives a reload and works without a script.

use super::asked;
use super::node::{channels, grouped, length};
use super::plan::{plan, problem};
use crate::screen::loaded;
use crate::words::routes::route_words;
use api::ask;
use api::pulse::use_pulse;
use api::routing::{RouteApply, RouteAsk, RouteNode, RouteSheet, RouteTrouble, route_edit};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_location;
use model::links;
use ui::attempt::{Attempt, Named, Typed, Wrong};
use ui::button::{Button, ButtonLink};
use ui::field::{Field, Line, described_by};

/// What the form sends its texts as, which are also the ids of its fields.
const NAME: &str = "name";
const MATCHERS: &str = "matchers";
const GROUP_WAIT: &str = "group_wait";
const GROUP_INTERVAL: &str = "group_interval";
const REPEAT_INTERVAL: &str = "repeat_interval";
const ESCALATION: &str = "escalation";
/// In place of a policy: nobody, whatever the route above says. No policy has that name.
const NO_ESCALATION: &str = "none";

/// The screen at `/routes/edit`.
#[component]
pub fn RouteEditScreen() -> impl IntoView {
    let (words, pulse, location) = (route_words(), use_pulse(), use_location());
    // On the way to another screen its address is not ours: what it says would be asked for, and not found.
    let asked: Memo<RouteAsk> = Memo::new(move |before: Option<&RouteAsk>| match before {
        Some(before) if location.pathname.with(|path| path != links::ROUTE_EDIT) => before.clone(),
        _ => location.search.with(|search| asked::route(search)),
    });
    // What is being written must not be drawn anew because something else happened: only an address asks again, and a lost line.
    let data = ask(move || (asked.get(), pulse.reconnected.get()), |(ask, _)| route_edit(ask));
    let apply: ServerAction<RouteApply> = ServerAction::new();
    let first = asked.get_untracked();
    let title = move || format!("{} {}", (words.editing)(&asked.with(|ask| ask.act.clone())), asked.with(|ask| ask.path.clone()));
    view! {
        <Title text=format!("{} {}", (words.editing)(&first.act), first.path) />
        <div class="routes">
            <header class="screen-head screen-head--row">
                <h1>{title}</h1>
                <ButtonLink href=links::ROUTES.to_owned()>{words.back}</ButtonLink>
            </header>
            {loaded(data, move |sheet| draw(sheet, apply))}
        </div>
    }
    .into_any()
}

fn draw(sheet: RouteSheet, apply: ServerAction<RouteApply>) -> AnyView {
    let has_fields = !matches!(sheet.ask.act.as_str(), "remove" | "up" | "down");
    let revision = sheet.revision;
    let planned = sheet.plan.clone();
    let fields = has_fields.then(|| fields(sheet));
    view! {
        {fields}
        {planned.map(|planned| plan(planned, revision, apply, has_fields))}
    }
    .into_any()
}

fn fields(sheet: RouteSheet) -> AnyView {
    let words = route_words();
    let attempt = Attempt { typed: Typed::default(), wrong: Signal::stored(wrong(&sheet)) };
    let ask = sheet.ask;
    let above = sheet.inherits;
    let name = Line {
        value: ask.name.clone(),
        hint: words.name_hint.to_owned(),
        required: true,
        says_required: true,
        ..Line::new(NAME, NAME, words.name)
    };
    let takes = takes(&ask, sheet.is_outermost, &attempt);
    let tells = tells(&ask, &above, &sheet.channels);
    let pages = pages(&ask, &above, &sheet.policies);
    let waits = waits(&ask, &above, &attempt);
    let times = (!sheet.is_outermost).then(|| times(&ask, &sheet.calendars));
    view! {
        <Form method="GET" action=links::ROUTE_EDIT attr:class="form">
            {attempt.refused()}
            <input type="hidden" name="path" value=ask.path />
            <input type="hidden" name="act" value=ask.act />
            <input type="hidden" name="written" value="true" />
            {attempt.line(name)}
            {takes}
            {tells}
            {pages}
            {waits}
            {times}
            <div class="form__foot"><Button kind="submit">{words.plan}</Button></div>
        </Form>
    }
    .into_any()
}

/// What keeps the change from being put in force, each at its field.
fn wrong(sheet: &RouteSheet) -> Vec<Wrong> {
    let problems = sheet.plan.as_ref().map(|plan| plan.problems.as_slice()).unwrap_or_default();
    let one = |(trouble, found): &(RouteTrouble, String)| {
        let at = place(*trouble, found, &sheet.ask).map(|(id, label)| Named::new(id, id, label));
        Wrong { at, said: problem(*trouble, found) }
    };
    problems.iter().map(one).collect()
}

/// The field of a problem, with its name: of a duration that one in which the text at fault stands.
fn place(trouble: RouteTrouble, found: &str, ask: &RouteAsk) -> Option<(&'static str, &'static str)> {
    let words = route_words();
    let durations = [
        (&ask.group_wait, (GROUP_WAIT, words.group_wait)),
        (&ask.group_interval, (GROUP_INTERVAL, words.group_interval)),
        (&ask.repeat_interval, (REPEAT_INTERVAL, words.repeat_interval)),
    ];
    match trouble {
        RouteTrouble::Name | RouteTrouble::NameTaken => Some((NAME, words.name)),
        RouteTrouble::Matcher => Some((MATCHERS, words.matchers)),
        RouteTrouble::Duration => durations.into_iter().find(|(text, _)| text.trim() == found.trim()).map(|(_, at)| at),
        _ => None,
    }
}

fn takes(ask: &RouteAsk, is_outermost: bool, attempt: &Attempt) -> AnyView {
    let words = route_words();
    if is_outermost {
        return view! { <p class="mute">{words.matchers_outermost}</p> }.into_any();
    }
    let goes_on = tick("goes_on", "true".to_owned(), words.goes_on_hint.to_owned(), ask.goes_on);
    let matchers = Line {
        value: ask.matchers.clone(),
        hint: words.matchers_hint.to_owned(),
        is_code: true,
        ..Line::new(MATCHERS, MATCHERS, words.matchers)
    };
    view! {
        {attempt.line(matchers)}
        {goes_on}
    }
    .into_any()
}

/// Whom it tells: as above, the default channels, or chosen ones.
fn tells(ask: &RouteAsk, above: &RouteNode, known: &[(String, bool)]) -> AnyView {
    let words = route_words();
    let chosen = if ask.to.is_empty() { "inherit" } else { ask.to.as_str() };
    let choices = [
        ("inherit", (words.to_inherit)(&channels(&above.channels, above.escalation.as_deref()))),
        ("admins", words.to_admins.to_owned()),
        // Last: the channels to choose from stand below it.
        ("chosen", words.to_chosen.to_owned()),
    ];
    let choices: Vec<AnyView> = choices.into_iter().map(|(value, word)| radio(value, word, value == chosen)).collect();
    let boxes = boxes(ask, known);
    view! {
        <fieldset class="route-form__group">
            <legend class="field__label">{words.channels}</legend>
            {choices}
            <div class="route-form__boxes">{boxes}</div>
        </fieldset>
    }
    .into_any()
}

/// Every channel that is set up, and whatever else the route names.
fn boxes(ask: &RouteAsk, known: &[(String, bool)]) -> Vec<AnyView> {
    let words = route_words();
    let is_known = |name: &String| known.iter().any(|(have, _)| have == name);
    let strangers = ask.channels.iter().filter(|name| !is_known(name)).map(|name| (name.clone(), false));
    let all: Vec<(String, bool)> = known.iter().cloned().chain(strangers).collect();
    if all.is_empty() {
        return vec![view! { <p class="mute">{words.no_channels}</p> }.into_any()];
    }
    let one = |(name, is_on): (String, bool)| {
        let said = if is_on { name.clone() } else { format!("{name} ({})", words.switched_off) };
        let is_chosen = ask.channels.contains(&name);
        tick("channels", name, said, is_chosen)
    };
    all.into_iter().map(one).collect()
}

/// Whom it pages: as above, nobody, or by a policy.
fn pages(ask: &RouteAsk, above: &RouteNode, known: &[String]) -> AnyView {
    let words = route_words();
    let inherited: &str = above.escalation.as_deref().unwrap_or(words.escalation_none);
    let mut choices: Vec<(String, String)> =
        vec![(String::new(), (words.to_inherit)(inherited)), (NO_ESCALATION.to_owned(), words.escalation_none.to_owned())];
    choices.extend(known.iter().map(|name| (name.clone(), name.clone())));
    if !choices.iter().any(|(value, _)| *value == ask.escalation) {
        choices.push((ask.escalation.clone(), format!("{} ({})", ask.escalation, words.no_policy)));
    }
    let option = |(value, word): (String, String)| {
        let is_chosen = value == ask.escalation;
        view! { <option value=value selected=is_chosen>{word}</option> }.into_any()
    };
    let options: Vec<AnyView> = choices.into_iter().map(option).collect();
    view! {
        <Field id=ESCALATION label=words.escalation.to_owned() hint=words.escalation_hint>
            <select class="input" id=ESCALATION name=ESCALATION aria-describedby=described_by(ESCALATION)>{options}</select>
        </Field>
    }
    .into_any()
}

fn waits(ask: &RouteAsk, above: &RouteNode, attempt: &Attempt) -> AnyView {
    let words = route_words();
    let line = |name: &str, label: &str, value: &str, hint: String| {
        attempt.line(Line { value: value.to_owned(), hint, is_code: true, ..Line::new(name, name, label) })
    };
    let duration = |name: &str, label: &str, value: &str, inherited_ms: i64| {
        line(name, label, value, (words.duration_hint)(&length(inherited_ms)))
    };
    view! {
        {line("group_by", words.group_by, &ask.group_by, (words.group_by_hint)(&grouped(&above.group_by)))}
        {duration(GROUP_WAIT, words.group_wait, &ask.group_wait, above.group_wait_ms)}
        {duration(GROUP_INTERVAL, words.group_interval, &ask.group_interval, above.group_interval_ms)}
        {duration(REPEAT_INTERVAL, words.repeat_interval, &ask.repeat_interval, above.repeat_interval_ms)}
        {resolved(ask)}
    }
    .into_any()
}

fn resolved(ask: &RouteAsk) -> AnyView {
    let words = route_words();
    let choices = [("", words.inherited), ("yes", words.resolved_yes), ("no", words.resolved_no)];
    let chosen = ask.send_resolved.clone();
    let options = choices
        .into_iter()
        .map(|(value, word)| {
            let is_chosen = value == chosen;
            view! { <option value=value selected=is_chosen>{word}</option> }
        })
        .collect_view();
    view! {
        <Field id="send_resolved" label=words.send_resolved.to_owned()>
            <select class="input" id="send_resolved" name="send_resolved" aria-describedby=described_by("send_resolved")>{options}</select>
        </Field>
    }
    .into_any()
}

fn times(ask: &RouteAsk, calendars: &[String]) -> AnyView {
    let words = route_words();
    if calendars.is_empty() {
        return view! { <p class="mute">{words.no_calendars}</p> }.into_any();
    }
    let group = |name: &'static str, title: &'static str, chosen: &[String]| {
        let boxes = calendars.iter().map(|one| tick(name, one.clone(), one.clone(), chosen.contains(one))).collect_view();
        view! {
            <fieldset class="route-form__group">
                <legend class="field__label">{title}</legend>
                <div class="route-form__boxes">{boxes}</div>
            </fieldset>
        }
        .into_any()
    };
    view! {
        {group("mute_during", words.muted_during, &ask.mute_during)}
        {group("active_during", words.active_during, &ask.active_during)}
    }
    .into_any()
}

fn tick(name: &'static str, value: String, word: String, is_ticked: bool) -> AnyView {
    view! {
        <label class="tick">
            <input type="checkbox" name=name value=value checked=is_ticked />
            {word}
        </label>
    }
    .into_any()
}

fn radio(value: &'static str, word: String, is_chosen: bool) -> AnyView {
    view! {
        <label class="tick">
            <input type="radio" name="to" value=value checked=is_chosen />
            {word}
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::place;
    use api::routing::{RouteAsk, RouteTrouble};
    use leptos::prelude::Owner;

    #[test]
    fn what_is_wrong_stands_at_its_field() {
        let owner = Owner::new();
        owner.set();
        let ask = RouteAsk { group_wait: "5s".to_owned(), repeat_interval: " soon ".to_owned(), ..RouteAsk::default() };
        let id = |trouble: RouteTrouble, found: &str| place(trouble, found, &ask).map(|(id, _)| id);
        assert_eq!(id(RouteTrouble::NameTaken, "db"), Some("name"));
        assert_eq!(id(RouteTrouble::Matcher, "a"), Some("matchers"));
        assert_eq!(id(RouteTrouble::Duration, "soon"), Some("repeat_interval"));
        assert_eq!(id(RouteTrouble::Tree, "x"), None);
    }
}
