//! Declaring: by hand, or from alerts that have filled the form in. Short, because it is done in a hurry.

use super::asked;
use super::manage::level_text;
use super::refusal::{Places, attempt};
use crate::oncall;
use crate::oncall::said::{hidden, option};
use crate::screen::loaded;
use crate::words::incidents::incident_words;
use crate::words::locale;
use api::ask;
use api::incidents::form::{DeclareView, FromAlert};
use api::incidents::{IncidentDeclare, incident_form};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::incident::MAX_TITLE;
use model::{Time, links};
use ui::attempt::{Attempt, Named};
use ui::button::{Button, ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::context::use_look;
use ui::field::Line;
use ui::part::Part;

/// The screen at `/incidents/new`.
#[component]
pub fn DeclareScreen() -> impl IntoView {
    let (words, search) = (incident_words(), use_location().search);
    let declare: ServerAction<IncidentDeclare> = ServerAction::new();
    let alert: Memo<String> = Memo::new(move |_| search.with(|search| asked::alert(search)));
    let data = ask(move || alert.get(), incident_form);
    view! {
        <Title text=words.declare_title />
        <div class="declare">{loaded(data, move |view| sheet(&view, declare))}</div>
    }
    .into_any()
}

fn sheet(view: &DeclareView, declare: ServerAction<IncidentDeclare>) -> AnyView {
    let words = incident_words();
    let taken: Vec<AnyView> = view.from.iter().filter_map(taken).collect();
    let body: AnyView =
        if view.can_declare { form(view, declare) } else { view! { <p class="mute">{words.only_responders}</p> }.into_any() };
    view! {
        <header class="screen-head screen-head--row">
            <h1>{words.declare_title}</h1>
            <ButtonLink href=links::INCIDENTS.to_owned()>{words.title}</ButtonLink>
            <p class="screen-head__lead">{words.declare_lead}</p>
        </header>
        {taken}
        <div class="declare__sheet">
            {body}
            {open(view)}
        </div>
    }
    .into_any()
}

/// An alert that belongs to an incident already leads there.
fn taken(alert: &FromAlert) -> Option<AnyView> {
    let words = incident_words();
    let id = alert.taken?;
    let (text, href): (String, String) = ((words.alert_taken)(&alert.id.to_string(), &id.to_string()), links::incident(id));
    let act = move || view! { <ButtonLink href=href.clone()>{incident_words().open_it}</ButtonLink> };
    Some(view! { <Callout tone=Tone::Warn acts=act>{text}</Callout> }.into_any())
}

/// Those that go on: it may be one of them.
fn open(view: &DeclareView) -> Option<AnyView> {
    let words = incident_words();
    if view.open.is_empty() {
        return None;
    }
    let lines: Vec<AnyView> = view
        .open
        .iter()
        .map(|(id, title)| {
            let text: String = format!("{id} {title}");
            view! { <li><a class="link" href=links::incident(*id)>{text}</a></li> }.into_any()
        })
        .collect();
    Some(
        view! {
            <aside>
                <Part title=words.going_on.to_owned()>
                    <p class="field__hint">{words.maybe_one_of_these}</p>
                    <ul class="case__others">{lines}</ul>
                </Part>
            </aside>
        }
        .into_any(),
    )
}

fn places() -> Places {
    let words = incident_words();
    vec![
        Named::new("title", "declare-title", words.title_label),
        Named::new("code", "declare-code", words.level),
        Named::new("summary", "declare-summary", words.summary_label),
        Named::new("systems", "declare-systems", words.systems_label),
        Named::new("occurred", "declare-occurred", words.occurred_label),
        Named::new("at", "declare-occurred", words.occurred_label),
        Named::new("alerts", "declare-alerts", words.alert_numbers),
    ]
}

fn form(view: &DeclareView, declare: ServerAction<IncidentDeclare>) -> AnyView {
    let words = incident_words();
    let attempt: Attempt = attempt(declare, places());
    let takes_it: bool = attempt.typed.is_ticked("draft[takes_it]", "true", true);
    let is_private: bool = attempt.typed.is_ticked("draft[is_private]", "true", false);
    let fields: [AnyView; 4] = [attempt.refused(), from(view, &attempt), matter(view, &attempt), details(view, &attempt)];
    let [refused, from, matter, details] = fields;
    view! {
        <ActionForm action=declare attr:class="form">
            {refused}
            {from}
            {matter}
            <label class="tick"><input type="checkbox" name="draft[takes_it]" value="true" checked=takes_it />{words.takes_it}</label>
            {details}
            <label class="tick"><input type="checkbox" name="draft[is_private]" value="true" checked=is_private />{words.make_private}</label>
            <div class="form__foot"><Button kind="submit" rank=Rank::Main>{words.declare}</Button></div>
        </ActionForm>
    }
    .into_any()
}

/// From which alerts.
fn from(view: &DeclareView, attempt: &Attempt) -> AnyView {
    let words = incident_words();
    if view.from.is_empty() {
        let numbers = Line {
            value: view.form.alerts.clone(),
            placeholder: Some("A-12, A-13".to_owned()),
            is_code: true,
            ..Line::new("declare-alerts", "draft[alerts]", words.alert_numbers)
        };
        return attempt.line(numbers);
    }
    let lines: Vec<AnyView> = view
        .from
        .iter()
        .map(|alert| {
            let text: String = format!("{} {}", alert.id, alert.name.read(locale()));
            view! { <li><a class="link" href=links::alert(alert.id)>{text}</a></li> }.into_any()
        })
        .collect();
    let numbers: AnyView = hidden("draft[alerts]", &attempt.typed.text("draft[alerts]", &view.form.alerts));
    view! { <div class="field"><span class="field__label">{words.declared_from}</span><ul class="case__others">{lines}</ul>{numbers}</div> }
        .into_any()
}

/// What it is and how bad: with these two it can be declared.
fn matter(view: &DeclareView, attempt: &Attempt) -> AnyView {
    let words = incident_words();
    let most: u32 = u32::try_from(MAX_TITLE).unwrap_or(u32::MAX);
    let title = Line {
        value: view.form.title.clone(),
        most: Some(most),
        required: true,
        ..Line::new("declare-title", "draft[title]", words.title_label)
    };
    let chosen: String = attempt.typed.text("draft[code]", &view.form.code);
    // Nobody declares the worst by leaving a field alone.
    let choose: Option<AnyView> = chosen.is_empty().then(|| option("", words.level_choose, &chosen));
    let levels = view.levels.iter().map(|level| option(&level.code, &level_text(level), &chosen));
    let levels: Vec<AnyView> = choose.into_iter().chain(levels).collect();
    view! {
        {attempt.line(title)}
        {attempt.select(Named::new("draft[code]", "declare-code", words.level), words.level_pick.to_owned(), levels)}
    }
    .into_any()
}

/// What may wait.
fn details(view: &DeclareView, attempt: &Attempt) -> AnyView {
    let words = incident_words();
    let systems = Line {
        value: view.form.systems.clone(),
        hint: words.systems_hint.to_owned(),
        ..Line::new("declare-systems", "draft[systems]", words.systems_label)
    };
    let occurred = Line {
        kind: "datetime-local",
        value: view.form.occurred.clone(),
        hint: words.occurred_hint.to_owned(),
        ..Line::new("declare-occurred", "draft[occurred]", words.occurred_label)
    };
    let chosen: String = attempt.typed.text("draft[team]", &view.form.team);
    let mut teams: Vec<AnyView> = vec![option("", words.no_team, &chosen)];
    teams.extend(view.teams.iter().map(|(id, name)| option(&id.to_string(), name, &chosen)));
    let summary = Named::new("draft[summary]", "declare-summary", words.summary_label);
    view! {
        {attempt.area(summary, words.summary_hint.to_owned(), &view.form.summary)}
        {attempt.line(systems)}
        {attempt.line(occurred)}
        {attempt.select(Named::new("draft[team]", "declare-team", words.team), String::new(), teams)}
    }
    .into_any()
}

/// A moment as a field of a form has it, on the reader's clock.
#[must_use]
pub fn wall(at: Time) -> String {
    oncall::asked::wall(use_look().zone.civil(at.0))
}
