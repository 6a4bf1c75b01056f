//! One policy: its steps as a ladder, who would be paged if an alert came now, and what became of it lately.

use super::ladder::{ladder, rehearsal};
use super::passes_text;
use super::refusal::{failed, placed};
use super::runs::part;
use crate::oncall::said::hidden;
use crate::words::escalations::escalation_words;
use api::ask;
use api::escalations::{PolicyRemove, PolicyView, policy};
use api::kept::refusal_of;
use api::pulse::use_pulse;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::links;
use ui::attempt::{Named, Wrong, refused};
use ui::button::{Button, ButtonLink};
use ui::callout::{Callout, Tone};
use ui::facts::{Fact, Facts};
use ui::icon::IconName;
use ui::loaded::loaded;
use ui::part::Part;
use ui::time_text::{TimeForm, TimeText};

/// The screen at `/escalations/:name`.
#[component]
pub fn PolicyScreen() -> impl IntoView {
    let (params, pulse, query) = (use_params_map(), use_pulse(), use_query_map());
    let name: Memo<String> = Memo::new(move |_| params.with(|params| params.get("name").unwrap_or_default()));
    let moved = move || (pulse.house.get(), pulse.alerts.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(move || (name.get(), moved()), |(name, _)| policy(name));
    let remove: ServerAction<PolicyRemove> = ServerAction::new();
    let is_saved: bool = query.with_untracked(|query| query.get("done").is_some_and(|done| done == "saved"));
    loaded(data, move |view| sheet(&view, remove, is_saved), failed)
}

fn sheet(view: &PolicyView, remove: ServerAction<PolicyRemove>, is_saved: bool) -> AnyView {
    let words = escalation_words();
    let name: String = view.line.name.clone();
    let done = is_saved.then(|| view! { <Callout tone=Tone::Back>{words.said_saved}</Callout> });
    let edit = view.can_edit.then(|| {
        let href: String = links::policy_form(&view.line.name);
        view! { <ButtonLink href=href icon=IconName::Note>{words.edit}</ButtonLink> }
    });
    let (steps, now): (AnyView, AnyView) = (ladder(&view.line.steps), rehearsal(&view.ladder, view.goes_on));
    let history: String = links::runs_of_policy(&view.line.name);
    view! {
        <Title text=name.clone() />
        <div class="roster">
            <header class="roster__head">
                <h1>{name}</h1>
                <p class="mute">{passes_text(view.line.passes)}</p>
                <div class="roster__tools">{edit}</div>
                {done}
            </header>
            <div class="roster__main">
                <Part title=words.if_now.to_owned() more=move || words.if_now_note>{now}</Part>
                {part(words.runs_of_it, &view.runs)}
                <p><a class="link" href=history>{words.all_runs}</a></p>
            </div>
            <aside class="roster__side">
                <Part title=words.steps.to_owned()>{steps}</Part>
                {about(view, remove)}
            </aside>
        </div>
    }
    .into_any()
}

/// Who wrote it, and the question before it goes.
fn about(view: &PolicyView, remove: ServerAction<PolicyRemove>) -> AnyView {
    let words = escalation_words();
    let owner = view.line.owner.clone().map(|owner| view! { <Fact name=words.owner>{owner}</Fact> });
    let (by, at): (String, i64) = (view.line.changed_by.clone(), view.line.changed_at.0);
    let file = view.line.is_from_file.then(|| view! { <p class="mute">{words.from_file}</p> });
    let removal = view.can_edit.then(|| removal(view, remove));
    view! {
        <Part title=words.about.to_owned()>
            <Facts>
                {owner}
                <Fact name=words.changed>{by} " · " <TimeText at_ms=at form=TimeForm::Day /></Fact>
            </Facts>
            {file}
            {removal}
        </Part>
    }
    .into_any()
}

fn removal(view: &PolicyView, remove: ServerAction<PolicyRemove>) -> AnyView {
    let words = escalation_words();
    let fields: [AnyView; 2] = [hidden("name", &view.line.name), hidden("version", &view.line.version.to_string())];
    let place = |field: &str| Named::new(field, field, field);
    let wrong: Vec<Wrong> = refusal_of(remove).get_untracked().map(|error| placed(&error, place)).unwrap_or_default();
    view! {
        {refused(Signal::stored(wrong))}
        <details class="duty-form">
            <summary class="button button--quiet">{words.remove}</summary>
            <ActionForm action=remove attr:class="form">
                <p>{words.remove_sure}</p>
                {fields.into_iter().collect_view()}
                <div class="form__foot"><Button kind="submit">{words.remove_do}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}
