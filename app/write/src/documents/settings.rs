//! What stands around a text: its title and address, where it stands, who answers for it and until when, labels, alerts, rights, and the way
//! into the trash.

use super::asked;
use super::detail::{lost, named};
use super::head::{Shown, title};
use super::place::place;
use super::rights::rights;
use crate::report::{attempt, refusal_before};
use crate::screen::{hidden, option, seen};
use crate::words::documents::document_words;
use api::ask;
use api::documents::view::{RightView, SettingsView};
use api::documents::{
    DocumentAround, DocumentMove, DocumentRename, DocumentRights, DocumentTitle, DocumentTrash, document_settings,
};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::ids::{PersonId, TeamId};
use model::links::documents as ways;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::field::{Line, Tick};
use ui::loaded::loaded;
use ui::part::Part;

/// Everything one can do here.
#[derive(Clone, Copy)]
pub struct Acts {
    pub around: ServerAction<DocumentAround>,
    pub title: ServerAction<DocumentTitle>,
    pub rename: ServerAction<DocumentRename>,
    pub put: ServerAction<DocumentMove>,
    pub rights: ServerAction<DocumentRights>,
    pub trash: ServerAction<DocumentTrash>,
}

impl Acts {
    fn new() -> Self {
        Self {
            around: ServerAction::new(),
            title: ServerAction::new(),
            rename: ServerAction::new(),
            put: ServerAction::new(),
            rights: ServerAction::new(),
            trash: ServerAction::new(),
        }
    }
}

/// The screen at `/documents/:id/settings`.
#[component]
pub fn SettingsScreen() -> impl IntoView {
    let (id, search) = (named(), use_location().search);
    let done: Memo<String> = Memo::new(move |_| search.with(|search| asked::of(search, "done")));
    let acts = Acts::new();
    let data = ask(move || id.get(), document_settings);
    loaded(data, move |view: SettingsView| sheet(&view, &done.get_untracked(), acts), lost)
}

fn sheet(view: &SettingsView, done: &str, acts: Acts) -> AnyView {
    let words = document_words();
    let said = (words.done)(done).map(|said| view! { <Callout tone=Tone::Back>{said}</Callout> });
    let screen_title: String = (words.settings_of)(&view.head.title);
    let may: bool = view.head.right >= RightView::Comment && view.head.can_work && view.head.trashed.is_none();
    let body: AnyView = if may { forms(view, acts) } else { view! { <p class="mute">{words.only_writers}</p> }.into_any() };
    view! {
        <Title text=screen_title />
        <div class="folio folio--settings">
            {title(&view.head, Shown::Settings)}
            <div class="folio__notes">{said}</div>
            <div class="folio__main">{body}</div>
        </div>
    }
    .into_any()
}

fn forms(view: &SettingsView, acts: Acts) -> AnyView {
    let is_writer: bool = view.head.right == RightView::Write;
    let names: Option<AnyView> = is_writer.then(|| names(view, acts));
    let place: Option<AnyView> = is_writer.then(|| place(view, acts.put));
    let rights: Option<AnyView> = (is_writer && view.head.can_manage).then(|| rights(view, acts.rights));
    let trash: Option<AnyView> = (is_writer && view.head.incident.is_none()).then(|| trash(view, acts));
    view! {
        {around(view, acts)}
        {names}
        {place}
        {rights}
        {trash}
    }
    .into_any()
}

/// Title and address.
fn names(view: &SettingsView, acts: Acts) -> AnyView {
    let (title, slug): (AnyView, AnyView) = (title_form(view, acts), slug_form(view, acts));
    view! { <Part title=document_words().names.to_owned()>{title} {slug}</Part> }.into_any()
}

fn title_form(view: &SettingsView, acts: Acts) -> AnyView {
    let words = document_words();
    let attempt: Attempt = attempt(acts.title, vec![Named::new("title", "document-title", words.title_label)]);
    let title = Line {
        value: view.head.title.clone(),
        hint: words.title_hint.to_owned(),
        required: true,
        most: Some(200),
        ..Line::new("document-title", "title", words.title_label)
    };
    let fields = view! {
        {attempt.refused()}
        {hidden("id", &view.head.id.to_string())}
        {attempt.line(title)}
        <p class="form__foot"><Button kind="submit">{words.save}</Button></p>
    };
    view! { <ActionForm action=acts.title attr:class="form">{fields}</ActionForm> }.into_any()
}

fn slug_form(view: &SettingsView, acts: Acts) -> AnyView {
    let words = document_words();
    let attempt: Attempt = attempt(acts.rename, vec![Named::new("slug", "document-slug", words.slug)]);
    let slug = Line {
        value: view.head.slug.clone(),
        hint: words.slug_hint.to_owned(),
        required: true,
        most: Some(80),
        is_code: true,
        ..Line::new("document-slug", "slug", words.slug)
    };
    let fields = view! {
        {attempt.refused()}
        {hidden("id", &view.head.id.to_string())}
        {seen("version", view.head.version)}
        {attempt.line(slug)}
        <p class="form__foot"><Button kind="submit">{words.save}</Button></p>
    };
    view! { <ActionForm action=acts.rename attr:class="form">{fields}</ActionForm> }.into_any()
}

/// Who answers for it, until when, and what it is about.
fn around(view: &SettingsView, acts: Acts) -> AnyView {
    let words = document_words();
    let fields = vec![
        Named::new("labels", "document-labels", words.labels),
        Named::new("watch_paths", "document-paths", words.watch_paths),
        Named::new("alertnames", "document-alerts", words.alertnames),
        Named::new("every_days", "document-days", words.every_days),
        Named::new("person", "document-person", words.owner_person),
    ];
    let attempt: Attempt = attempt(acts.around, fields);
    let fields = view! {
        {attempt.refused()}
        {hidden("form[id]", &view.head.id.to_string())}
        {seen("form[version]", view.head.version)}
        {owners(view, &attempt)}
        {about(view, &attempt)}
        <p class="form__foot"><Button kind="submit" rank=Rank::Main>{words.save}</Button></p>
    };
    let form = view! { <ActionForm action=acts.around attr:class="form">{fields}</ActionForm> };
    view! { <Part title=words.around.to_owned()>{form}</Part> }.into_any()
}

fn owners(view: &SettingsView, attempt: &Attempt) -> AnyView {
    let words = document_words();
    let team: String = view.owner_team.map(|team: TeamId| team.to_string()).unwrap_or_default();
    let person: String = view.owner_person.map(|person: PersonId| person.to_string()).unwrap_or_default();
    let (team, person): (String, String) = (attempt.typed.text("form[team]", &team), attempt.typed.text("form[person]", &person));
    let mut teams: Vec<AnyView> = vec![option("", words.nobody, &team)];
    teams.extend(view.teams.iter().map(|(id, name)| option(&id.to_string(), name, &team)));
    let mut people: Vec<AnyView> = vec![option("", words.nobody, &person)];
    people.extend(view.people.iter().map(|(id, name)| option(&id.to_string(), name, &person)));
    let days = Line {
        kind: "number",
        value: view.every_days.map(|days| days.to_string()).unwrap_or_default(),
        hint: words.every_days_hint.to_owned(),
        keys: Some("numeric"),
        ..Line::new("document-days", "form[every_days]", words.every_days)
    };
    view! {
        <fieldset class="folio__group">
            <legend>{words.group_owner}</legend>
            {attempt.select(Named::new("form[person]", "document-person", words.owner_person), String::new(), people)}
            {attempt.select(Named::new("form[team]", "document-team", words.owner_team), words.owner_team_hint.to_owned(), teams)}
            {attempt.line(days)}
        </fieldset>
    }
    .into_any()
}

fn about(view: &SettingsView, attempt: &Attempt) -> AnyView {
    let words = document_words();
    let chosen: String = attempt.typed.text("form[language]", &view.head.language);
    let languages: Vec<AnyView> = vec![option("ja", words.japanese, &chosen), option("en", words.english, &chosen)];
    let lines = |words: &[String]| words.join("\n");
    let is_template: bool = attempt.typed.is_ticked("form[is_template]", "true", view.head.is_template);
    view! {
        <fieldset class="folio__group">
            <legend>{words.group_ties}</legend>
            {attempt.area(
                Named::new("form[alertnames]", "document-alerts", words.alertnames),
                words.alertnames_hint.to_owned(),
                &lines(&view.head.alertnames),
            )}
            {attempt.area(
                Named::new("form[watch_paths]", "document-paths", words.watch_paths),
                words.watch_paths_hint.to_owned(),
                &lines(&view.watch_paths),
            )}
        </fieldset>
        <fieldset class="folio__group">
            <legend>{words.group_sorted}</legend>
            {attempt.area(
                Named::new("form[labels]", "document-labels", words.labels),
                words.labels_hint.to_owned(),
                &lines(&view.head.labels),
            )}
            {attempt.select(Named::new("form[language]", "document-language", words.language), String::new(), languages)}
            <Tick name="form[is_template]" checked=is_template>{words.is_template}</Tick>
        </fieldset>
    }
    .into_any()
}

/// Into the trash, with what stands below it.
fn trash(view: &SettingsView, acts: Acts) -> AnyView {
    let words = document_words();
    let text: String = (words.trash_say)(view.n_below);
    let back: String = ways::document(&view.head.slug);
    let fields = view! {
        {hidden("id", &view.head.id.to_string())}
        {seen("version", view.head.version)}
        <Button kind="submit">{words.throw_away_do}</Button>
        <ButtonLink href=back>{words.cancel}</ButtonLink>
    };
    let inside = view! {
        {refusal_before(acts.trash)}
        <details class="folio__add">
            <summary class="button">{words.throw_away}</summary>
            <p>{text}</p>
            <ActionForm action=acts.trash attr:class="form__foot">{fields}</ActionForm>
        </details>
    };
    view! { <Part title=words.throw_away.to_owned()>{inside}</Part> }.into_any()
}
