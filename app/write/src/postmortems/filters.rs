//! Which postmortems: by what was learned, state, severity, cause and tag. A form that asks by the address.

use super::said::{detection_text, factor_text, state_text, trigger_text};
use crate::screen::option;
use crate::words::postmortems::postmortem_words;
use api::postmortems::PostmortemQuery;
use leptos::prelude::*;
use model::postmortem::{Detection, Factor, State, Trigger};
use model::{Severity, links};
use ui::button::{Button, ButtonLink};
use ui::field::Field;

/// The words of `show` in addresses that are no states, in the order of their names.
const SHOWS: [&str; 4] = ["", "overdue", "mine", "review"];

/// The form, and the way out of what it asks. Causes are folded in until one is asked for.
pub fn filters(query: &PostmortemQuery) -> AnyView {
    let words = postmortem_words();
    let mut shows: Vec<AnyView> =
        SHOWS.into_iter().zip(words.shows).map(|(value, word)| option(value, word, &query.show)).collect();
    shows.extend(State::ALL.into_iter().map(|state| option(state.as_str(), state_text(state), &query.show)));
    let mut severities: Vec<AnyView> = vec![option("", words.any, &query.severity)];
    severities.extend(Severity::ALL.into_iter().map(|one| option(&one.code().to_lowercase(), one.code(), &query.severity)));
    let clear = query.is_filtered().then(|| view! { <ButtonLink href=links::POSTMORTEMS.to_owned()>{words.clear}</ButtonLink> });
    view! {
        <form class="postmortems__filters" method="get" action=links::POSTMORTEMS role="search">
            {text("q", words.search, &query.q, "search")}
            {select("show", words.show, shows)}
            {select("severity", words.severity, severities)}
            {causes(query)}
            <p class="postmortems__filter-acts"><Button kind="submit">{words.apply}</Button> {clear}</p>
        </form>
    }
    .into_any()
}

fn causes(query: &PostmortemQuery) -> AnyView {
    let words = postmortem_words();
    let any = |chosen: &str| option("", words.any, chosen);
    let mut triggers: Vec<AnyView> = vec![any(&query.trigger)];
    triggers.extend(Trigger::ALL.iter().map(|one| option(one.as_str(), trigger_text(*one), &query.trigger)));
    let mut detections: Vec<AnyView> = vec![any(&query.detection)];
    detections.extend(Detection::ALL.iter().map(|one| option(one.as_str(), detection_text(*one), &query.detection)));
    let mut factors: Vec<AnyView> = vec![any(&query.factor)];
    factors.extend(Factor::ALL.iter().map(|one| option(one.as_str(), factor_text(*one), &query.factor)));
    let asked = [&query.trigger, &query.detection, &query.factor, &query.tag];
    let is_open: bool = asked.into_iter().any(|text| !text.is_empty());
    view! {
        <details class="postmortems__causes" open=is_open>
            <summary class="button button--quiet">{words.causes}</summary>
            <div class="postmortems__cause-fields">
                {select("trigger", words.trigger, triggers)}
                {select("detection", words.detection, detections)}
                {select("factor", words.factors_title, factors)}
                {text("tag", words.tags, &query.tag, "text")}
            </div>
        </details>
    }
    .into_any()
}

fn text(name: &'static str, label: &'static str, value: &str, kind: &'static str) -> AnyView {
    let (id, value): (String, String) = (format!("postmortems-{name}"), value.to_owned());
    view! {
        <Field id=id.clone() label=label.to_owned()>
            <input class="input" id=id name=name type=kind value=value autocomplete="off" />
        </Field>
    }
    .into_any()
}

fn select(name: &'static str, label: &'static str, options: Vec<AnyView>) -> AnyView {
    let id: String = format!("postmortems-{name}");
    view! {
        <Field id=id.clone() label=label.to_owned()>
            <select class="input" id=id name=name>{options}</select>
        </Field>
    }
    .into_any()
}
