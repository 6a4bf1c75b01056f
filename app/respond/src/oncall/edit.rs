//! A schedule as a form: what it is called, when somebody must be there, and its layers. What a change would bring about is worked out by
//! the server before anything is saved: the first button asks by the address, the second saves.
//!
//! Rows to fill in stand at the end of each list; more of them come with the next look.

mod layer;
mod written;

use super::asked;
use super::plan::plan;
use super::refusal::{failed, placed, wrong};
use super::said::moment;
use crate::words::locale;
use crate::words::oncall::oncall_words;
use api::kept::{refusal_of, typed_into};
use api::oncall::form::{DutyTrouble, ScheduleFormAsk, ScheduleFormView};
use api::oncall::{ScheduleSave, oncall_form};
use api::{ApiError, ask};
use layer::layers;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use model::links;
use ui::attempt::{Named, Wrong, refused};
use ui::button::{Button, ButtonLink, Rank};
use ui::loaded::loaded;
use ui::part::Part;
use written::{Sheet, choice, input_id, line, sent_as, times};

/// The screen at `/oncall/new` and at `/oncall/:name/edit`.
#[component]
pub fn ScheduleFormScreen() -> impl IntoView {
    let save: ServerAction<ScheduleSave> = ServerAction::new();
    let (params, search) = (use_params_map(), use_location().search);
    let (first, back) = (search.get_untracked(), typed_into(save));
    // What was refused comes back with this address, and goes with it.
    let asked: Memo<ScheduleFormAsk> = Memo::new(move |_| {
        let name: String = params.with(|params| params.get("name").unwrap_or_default());
        search.with(|search| match &back {
            Some(fields) if *search == first => asked::form(name, fields.clone()),
            _ => asked::form(name, links::pairs(search)),
        })
    });
    let data = ask(move || asked.get(), oncall_form);
    let refusal: Signal<Option<ApiError>> = refusal_of(save);
    loaded(data, move |view| sheet(&view, save, refusal), failed)
}

fn sheet(view: &ScheduleFormView, save: ServerAction<ScheduleSave>, refusal: Signal<Option<ApiError>>) -> AnyView {
    let words = oncall_words();
    let title: String = match &view.name {
        Some(_) => (words.edit_title)(view.title.read(locale())),
        None => words.make_title.to_owned(),
    };
    let back: String = view.name.as_ref().map_or_else(|| links::ONCALL.to_owned(), |name| links::schedule(name));
    let hint = (!view.can_edit).then(|| view! { <p class="mute">{words.only_editors}</p> });
    let file = view.is_from_file.then(|| view! { <p class="mute">{words.from_file}</p> });
    view! {
        <Title text=title.clone() />
        <div class="duty-edit">
            <header class="screen-head screen-head--row">
                <h1>{title}</h1>
                <ButtonLink href=back>{words.back_to}</ButtonLink>
                <p class="screen-head__lead">{words.edit_lead}</p>
            </header>
            {hint}
            {file}
            {form(view, save, refusal)}
        </div>
    }
    .into_any()
}

fn form(view: &ScheduleFormView, save: ServerAction<ScheduleSave>, refusal: Signal<Option<ApiError>>) -> AnyView {
    let words = oncall_words();
    let sheet = Sheet { view, wrong: all_wrong(view, refusal) };
    let here: String = links::schedule_form(view.name.as_deref().unwrap_or_default());
    let version: String = view.version.map(|version| version.to_string()).unwrap_or_default();
    let name: String = view.name.clone().unwrap_or_default();
    let listed: AnyView = refused(Signal::stored(sheet.wrong.clone()));
    let (head, layers, begins): (AnyView, AnyView, AnyView) = (head(&sheet), layers(&sheet), begins(&sheet));
    let seen: Option<AnyView> = view.preview.as_ref().map(|found| {
        let begins = view.begins.map(|at| view! { <p>{words.begins_at} " " {moment(at, &view.zone)}</p> });
        let drawn: AnyView = plan(found, &view.zone);
        view! { <Part title=words.plan.to_owned()>{begins}{drawn}</Part> }.into_any()
    });
    let reason: Option<String> = (!view.can_edit).then(|| words.only_editors.to_owned());
    view! {
        <ActionForm action=save attr:class="duty-edit__form">
            {listed}
            <input type="hidden" name="name" value=name />
            <input type="hidden" name="version" value=version />
            <input type="hidden" name=sent_as("written") value="true" />
            {head}
            {layers}
            {begins}
            {seen}
            <div class="form__foot">
                <button class="button" type="submit" formmethod="get" formaction=here formnovalidate=true>{words.preview}</button>
                <Button kind="submit" rank=Rank::Main disabled=reason>{words.save}</Button>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// What the last try was refused for, else what is wrong with what stands in the form.
fn all_wrong(view: &ScheduleFormView, refusal: Signal<Option<ApiError>>) -> Vec<Wrong> {
    let error: Option<ApiError> = refusal.get_untracked();
    let mut places: Vec<Named> = view.wrong.iter().map(|one| place(&one.field)).collect();
    let mistakes = error.as_ref().map(ApiError::mistakes).unwrap_or_default();
    let told = mistakes.iter().filter_map(|mistake| DutyTrouble::of(&mistake.field)).filter(|(_, field)| !field.is_empty());
    places.extend(told.map(|(_, field)| place(field)));
    let mut found: Vec<Wrong> = view.wrong.iter().map(|one| wrong(one.trouble, &one.field, &places)).collect();
    if let Some(error) = error {
        let told: Vec<Wrong> = placed(&error, &places);
        // The same is not said twice: as a whole, and at its field.
        let is_new = |wrong: &Wrong| !found.iter().any(|known| known.said == wrong.said);
        let new: Vec<Wrong> = told.into_iter().filter(is_new).collect();
        found.extend(new);
    }
    found
}

/// Where a field stands, and what it is called.
fn place(field: &str) -> Named {
    Named::new(field, &input_id(field), (oncall_words().field)(last_part(field)).0)
}

/// `layer.0.member.2` is about a member. What a layer is called is free; what the schedule is called is for machines.
fn last_part(field: &str) -> &str {
    let is_name = |part: &&str| !part.bytes().all(|byte| byte.is_ascii_digit());
    match field.rsplit('.').find(is_name).unwrap_or(field) {
        "name" if field != "name" => "layer_name",
        part => part,
    }
}

fn head(sheet: &Sheet<'_>) -> AnyView {
    let words = oncall_words();
    let view: &ScheduleFormView = sheet.view;
    let name = view.name.is_none().then(|| line(sheet, "name", true));
    let teams: Vec<(String, String)> = std::iter::once((String::new(), words.no_team.to_owned()))
        .chain(view.teams.iter().map(|team| (team.clone(), team.clone())))
        .collect();
    let calendars: Vec<(String, String)> =
        view.calendars.iter().map(|name| (name.clone(), (words.calendar_name)(name))).collect();
    let zones: Vec<(String, String)> = view.zones.iter().map(|zone| (zone.clone(), zone.replace('_', " "))).collect();
    let fields: AnyView = view! {
        <div class="duty-form__grid">
            {name}
            {line(sheet, "title_ja", false)}
            {line(sheet, "title_en", false)}
            {choice(sheet, "owner", &teams)}
            {choice(sheet, "zone", &zones)}
            {choice(sheet, "calendar", &calendars)}
            {line(sheet, "most_hours", false)}
        </div>
        <fieldset class="duty-form__group">
            <legend class="field__label">{words.required}</legend>
            <p class="field__hint">{words.required_hint}</p>
            {times(sheet, "required")}
        </fieldset>
    }
    .into_any();
    view! { <Part title=words.schedule.to_owned()>{fields}</Part> }.into_any()
}

/// When the change begins.
fn begins(sheet: &Sheet<'_>) -> AnyView {
    let words = oncall_words();
    let choices: Vec<(String, String)> = ["next", "now", "at"]
        .into_iter()
        .zip(words.begins_choices)
        .map(|(value, word)| (value.to_owned(), word.to_owned()))
        .collect();
    let fields: AnyView = view! {
        <p class="field__hint">{words.begins_hint}</p>
        <div class="duty-form__pair">
            {choice(sheet, "begins", &choices)}
            {line(sheet, "begins_at", false)}
        </div>
    }
    .into_any();
    view! { <Part title=words.begins.to_owned()>{fields}</Part> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{last_part, place};
    use leptos::prelude::Owner;

    #[test]
    fn a_field_is_named_by_its_last_word() {
        let owner = Owner::new();
        owner.set();
        for (field, part) in [("title_ja", "title_ja"), ("layer.0.member.2", "member"), ("layer.12.every", "every"), ("", "")] {
            assert_eq!(last_part(field), part);
        }
        assert_eq!((last_part("name"), last_part("layer.0.name")), ("name", "layer_name"));
        assert_ne!(place("name").label, place("layer.0.name").label);
        let named = place("layer.0.member.2");
        assert_eq!((named.id.as_str(), named.label.is_empty()), ("duty-layer-0-member-2", false));
    }
}
