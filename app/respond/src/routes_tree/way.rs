//! "Where would this alert go?": the question as a form, and the answer: who hears first and when, what keeps it quiet, and every turn.

use super::node::{channels, escalates, quiet, until};
use crate::words::locale;
use crate::words::routes::route_words;
use api::routing::{RoutesView, Subject, TestView, ToldView, Turn, TurnView, WayAsk, WayView};
use leptos::prelude::*;
use leptos_router::components::Form;
use model::ids::AlertId;
use model::links;
use ui::button::Button;
use ui::callout::{Callout, Tone};
use ui::context::use_look;
use ui::field::{Field, described_by};
use ui::time_text::{TimeForm, TimeText};

/// The form. What it asks stands in the address.
pub fn question(view: &RoutesView, asked: WayAsk) -> AnyView {
    let words = route_words();
    let about = asked.about.clone();
    let (alerts, rules) = (options(&view.alerts, &about), options(&view.rules, &about));
    view! {
        <p class="routes__lead">{words.where_lead}</p>
        <Form method="GET" action=links::ROUTES attr:class="routes__question">
            <Field id="about" label=words.where_about.to_owned()>
                <select class="input" id="about" name="about">
                    <option value="">{words.where_none}</option>
                    <optgroup label=words.where_alerts>{alerts}</optgroup>
                    <optgroup label=words.where_rules>{rules}</optgroup>
                </select>
            </Field>
            <Field id="labels" label=words.where_labels.to_owned() hint=words.where_labels_hint>
                <input
                    class="input"
                    id="labels"
                    name="labels"
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    value=asked.labels
                    aria-describedby=described_by("labels")
                />
            </Field>
            <Button kind="submit">{words.where_ask}</Button>
        </Form>
    }
    .into_any()
}

fn options(subjects: &[Subject], chosen: &str) -> Vec<AnyView> {
    let option = |subject: &Subject| {
        let is_chosen = subject.key == chosen;
        let number = if subject.key.starts_with("A-") { format!("{} ", subject.key) } else { String::new() };
        let text = format!("{number}{}", subject.name.read(locale()));
        view! { <option value=subject.key.clone() selected=is_chosen>{text}</option> }.into_any()
    };
    subjects.iter().map(option).collect()
}

/// The answer.
pub fn answer(way: &WayView) -> AnyView {
    let words = route_words();
    if let Some(problem) = &way.problem {
        let said = (words.where_problem)(problem);
        return view! { <Callout tone=Tone::Warn>{said}</Callout> }.into_any();
    }
    let asked: String = written(&way.labels);
    let told = way.told.iter().map(told).collect_view();
    let turns = way.turns.iter().map(turn).collect_view();
    view! {
        <div class="way">
            <p class="way__asked">{words.where_asked} " " <code>{asked}</code></p>
            <ul class="way__told">{told}</ul>
            {held_back(way)}
            <h3 class="way__title">{words.steps}</h3>
            <ol class="way__turns">{turns}</ol>
        </div>
    }
    .into_any()
}

/// Labels as they are written.
fn written(labels: &[(String, String)]) -> String {
    labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect::<Vec<String>>().join(", ")
}

/// Who hears first, and when.
fn told(told: &ToldView) -> AnyView {
    let words = route_words();
    let when = match told.at {
        Some(at) => view! { <TimeText at_ms=at.0 form=form_of(at.0) /> }.into_any(),
        None => view! { <span>{words.told_never}</span> }.into_any(),
    };
    let group = (!told.group.is_empty()).then(|| {
        let group = written(&told.group);
        view! { <small class="mute">{words.told_group} " " {group}</small> }
    });
    view! {
        <li class="way__one">
            <b>{channels(&told.channels, told.escalation.as_deref())}</b>
            {escalates(told.escalation.as_deref())}
            <span>{words.told_at} " " {when}</span>
            <a class="link" href=links::route(&told.path)>{told.path.clone()}</a>
            {group}
        </li>
    }
    .into_any()
}

/// Today by the clock, another day with its date.
fn form_of(at_ms: i64) -> TimeForm {
    const DAY_MS: i64 = 24 * 3_600_000;
    let look = use_look();
    let day = |ms: i64| look.zone.civil(ms).wall_ms().div_euclid(DAY_MS);
    if day(at_ms) == day(look.now_ms) { TimeForm::Clock } else { TimeForm::Day }
}

/// Silences, and the alert that explains it.
fn held_back(way: &WayView) -> AnyView {
    let words = route_words();
    let silences = way.silenced.iter().map(|silence| {
        let (name, comment) = ((words.silenced_by)(silence.id), format!("{} · {}", silence.comment, silence.by));
        view! {
            <li>
                <a class="link" href=links::SILENCES>{name}</a> " "
                {until(silence.until)}
                <small class="table__sub">{comment}</small>
            </li>
        }
        .into_any()
    });
    let inhibited = way.inhibited.as_ref().map(|(rule, by)| inhibited(rule, *by));
    let lines: Vec<AnyView> = silences.chain(inhibited).collect();
    (!lines.is_empty()).then(|| view! { <ul class="way__held">{lines}</ul> }).into_any()
}

fn inhibited(rule: &str, by: AlertId) -> AnyView {
    let said = (route_words().inhibited_by)(rule);
    view! { <li>{said}<a class="link" href=links::alert(by)>{by.to_string()}</a></li> }.into_any()
}

/// One turn, with the matchers that decided it.
fn turn(turn: &TurnView) -> AnyView {
    let words = route_words();
    let class = match turn.turn {
        Turn::Taken => "way__turn way__turn--taken",
        Turn::HandedDown => "way__turn",
        Turn::Declined | Turn::NotAsked => "way__turn way__turn--aside",
    };
    let why = (turn.turn == Turn::NotAsked).then(|| (words.taken_by)(&turn.taken_by));
    let failed = turn.tests.iter().filter(|test| !test.holds).map(test).collect_view();
    let quiet = turn.quiet.as_ref().map(quiet);
    view! {
        <li class=class>
            <a class="link" href=links::route(&turn.path)>{turn.path.clone()}</a>
            <span>{(words.turn)(turn.turn)}</span>
            {why.map(|text| view! { <small>{text}</small> })}
            {failed}
            {quiet}
        </li>
    }
    .into_any()
}

/// A matcher that does not hold, and what stands there instead.
fn test(test: &TestView) -> AnyView {
    let words = route_words();
    let matcher = crate::silences::matchers::text(std::slice::from_ref(&test.matcher));
    let found = if test.found.is_empty() { words.found_none.to_owned() } else { (words.found)(&test.found) };
    view! { <small><code>{matcher}</code> " " {found}</small> }.into_any()
}
