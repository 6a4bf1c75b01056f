//! Whose it is, until when, and what it is found by: trigger, detection, factors, tags, scope.

use super::one::Acts;
use super::said::{detection_text, factor_text, name_text, tick, trigger_text, wall};
use crate::report::{attempt, was_tried};
use crate::screen::{hidden, option, seen};
use crate::words::postmortems::postmortem_words;
use api::postmortems::view::PostmortemView;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::postmortem::{Detection, Factor, Trigger};
use ui::attempt::{Attempt, Named};
use ui::button::Button;
use ui::field::Line;
use ui::part::Part;

/// The part: what was said, and the form that says it.
pub fn about(view: &PostmortemView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let line = &view.line;
    let not_said = || words.not_said.to_owned();
    let factors: String = line.factors.iter().map(|one| factor_text(*one)).collect::<Vec<&str>>().join(words.comma);
    let tags: String = line.tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<String>>().join(" ");
    let or_not = |text: String| if text.is_empty() { not_said() } else { text };
    let facts: Vec<AnyView> = vec![
        fact(words.trigger, line.trigger.map_or_else(not_said, |one| trigger_text(one).to_owned())),
        fact(words.detection, line.detection.map_or_else(not_said, |one| detection_text(one).to_owned())),
        fact(words.factors_title, or_not(factors)),
        fact(words.tags, or_not(tags)),
        fact(words.scope, or_not(view.scope.clone())),
    ];
    let form: Option<AnyView> = view.can_write.then(|| form(view, acts));
    view! {
        <Part title=words.about.to_owned() id="about">
            <dl class="postmortem__facts">{facts}</dl>
            {form}
        </Part>
    }
    .into_any()
}

fn fact(name: &'static str, value: String) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}

fn form(view: &PostmortemView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let attempt: Attempt = attempt(acts.describe, places());
    let head: Vec<AnyView> =
        vec![hidden("wish[incident]", &view.line.incident.0.to_string()), seen("wish[version]", view.version)];
    let fields: Vec<AnyView> = fields(view, &attempt);
    let factors: Vec<AnyView> = Factor::ALL.iter().map(|one| factor_box(view, &attempt, *one)).collect();
    let (refused, is_open): (AnyView, bool) = (attempt.refused(), was_tried(&attempt));
    view! {
        <details class="postmortem__more" open=is_open>
            <summary class="button button--quiet">{words.describe}</summary>
            <ActionForm action=acts.describe attr:class="form">
                {refused}
                {head}
                {fields}
                <fieldset class="postmortem__people">
                    <legend class="field__label">{words.factors_title}</legend>
                    {factors}
                </fieldset>
                <div class="form__foot"><Button kind="submit">{words.save}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}

fn places() -> Vec<Named> {
    let words = postmortem_words();
    vec![
        Named::new("owner", "about-owner", words.owner),
        Named::new("due", "about-due", words.due),
        Named::new("tags", "about-tags", words.tags),
        Named::new("scope", "about-scope", words.scope),
    ]
}

fn fields(view: &PostmortemView, attempt: &Attempt) -> Vec<AnyView> {
    let words = postmortem_words();
    let line = &view.line;
    let owner: String = line.owner.as_ref().map(|person| person.id.to_string()).unwrap_or_default();
    let chosen: String = attempt.typed.text("wish[owner]", &owner);
    let mut people: Vec<AnyView> = vec![option("", words.no_owner, &chosen)];
    people.extend(view.people.iter().map(|person| option(&person.id.to_string(), &name_text(person), &chosen)));
    let chosen: String = attempt.typed.text("wish[trigger]", line.trigger.map_or("", Trigger::as_str));
    let mut triggers: Vec<AnyView> = vec![option("", words.not_said, &chosen)];
    triggers.extend(Trigger::ALL.iter().map(|one| option(one.as_str(), trigger_text(*one), &chosen)));
    let chosen: String = attempt.typed.text("wish[detection]", line.detection.map_or("", Detection::as_str));
    let mut detections: Vec<AnyView> = vec![option("", words.not_said, &chosen)];
    detections.extend(Detection::ALL.iter().map(|one| option(one.as_str(), detection_text(*one), &chosen)));
    let due = Line {
        kind: "datetime-local",
        value: line.due_at.map(wall).unwrap_or_default(),
        ..Line::new("about-due", "wish[due]", words.due)
    };
    let tags = Line {
        value: line.tags.join(", "),
        hint: words.tags_hint.to_owned(),
        ..Line::new("about-tags", "wish[tags]", words.tags)
    };
    let scope = Named::new("wish[scope]", "about-scope", words.scope);
    vec![
        attempt.select(Named::new("wish[owner]", "about-owner", words.owner), String::new(), people),
        attempt.line(due),
        attempt.select(Named::new("wish[trigger]", "about-trigger", words.trigger), String::new(), triggers),
        attempt.select(Named::new("wish[detection]", "about-detection", words.detection), String::new(), detections),
        attempt.line(tags),
        attempt.area(scope, words.scope_hint.to_owned(), &view.scope),
    ]
}

fn factor_box(view: &PostmortemView, attempt: &Attempt, one: Factor) -> AnyView {
    let is_ticked: bool = attempt.typed.is_ticked("wish[factors][]", one.as_str(), view.line.factors.contains(&one));
    tick("wish[factors][]", one.as_str(), factor_text(one), is_ticked)
}
