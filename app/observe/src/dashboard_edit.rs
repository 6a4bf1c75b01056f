//! A dashboard as it is changed: the draft of whoever changes it, as a board whose panels can be moved, and as forms.
//!
//! Everything works by links and forms. `public/dashboards.js` lets panels be dragged and moved by keys, which sends the same
//! forms, and shows a panel while it is written.

mod acts;
mod asked;
mod bar;
mod board;
mod mark;
mod panel_form;
mod queries;
mod refusal;
mod row;
mod settings;
mod sheet;
mod source;
mod tile;
mod variables;

use crate::dashboard_history::refusal::failed;
use crate::words::dashboard_edit::edit_words;
use crate::words::locale;
use acts::Acts;
use api::ask;
use api::dashboards::editing::dashboard_draft;
use api::dashboards::editing::view::{DashboardEditAsk, DashboardEditView, EditPart};
use bar::bar;
use board::board;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use model::links::dashboards as ways;
use panel_form::panel_form;
use settings::settings;
use source::source;
use ui::choice::{Choice, ChoiceLink};
use ui::loaded::loaded;
use variables::variables;

/// The screen at `/d/:slug/edit`.
#[component]
pub fn DashboardEditScreen() -> impl IntoView {
    let acts = Acts::new();
    let asked: Memo<DashboardEditAsk> = asked_here(acts);
    let data = ask(move || asked.get(), dashboard_draft);
    let draw = move |view: DashboardEditView| sheet(&view, &asked.get_untracked(), acts);
    view! { <div class="dashboard-edit">{loaded(data, draw, failed)}</div> }.into_any()
}

/// What the address asks for. A form that was refused comes back with its address, and goes with it.
fn asked_here(acts: Acts) -> Memo<DashboardEditAsk> {
    let (params, search) = (use_params_map(), use_location().search);
    let (first, back) = (search.get_untracked(), acts.typed());
    Memo::new(move |_| {
        let slug: String = params.with(|params| params.get("slug").unwrap_or_default());
        search.with(|search| {
            let fields: &[(String, String)] = if *search == first { &back } else { &[] };
            asked::read(slug, search, fields)
        })
    })
}

fn sheet(view: &DashboardEditView, asked: &DashboardEditAsk, acts: Acts) -> AnyView {
    let part: AnyView = match &view.part {
        EditPart::Board { shown, prose } => board(view, shown, prose, acts),
        EditPart::Panel(form) => panel_form(view, form, acts),
        EditPart::Settings(form) => settings(view, form, acts),
        EditPart::Variables(forms) => variables(view, forms, acts),
        EditPart::Source { text, wrong } => source(view, text, wrong, acts),
    };
    view! {
        {head(view, &asked.part)}
        {bar(view, acts)}
        {acts.refusals()}
        {part}
    }
    .into_any()
}

fn head(view: &DashboardEditView, part: &str) -> AnyView {
    let words = edit_words();
    let slug: &str = &view.dashboard.slug;
    let title: &str = view.dashboard.title.read(locale());
    let heading: String = (words.edit_of)(if title.is_empty() { slug } else { title });
    let one = |name: &str, label: &str, href: String| ChoiceLink {
        label: label.to_owned(),
        href,
        is_current: part == name || (name.is_empty() && part == "panel"),
    };
    let parts: Vec<ChoiceLink> = vec![
        one("", words.panels, ways::edit(slug)),
        one("variables", words.variables, ways::edit_variables(slug)),
        one("settings", words.settings, ways::edit_settings(slug)),
        one("source", words.source, ways::edit_source(slug)),
    ];
    let (shown, history): (String, String) = (ways::one(slug), ways::history(slug));
    view! {
        <Title text=heading.clone() />
        <header class="screen-head">
            <h1>{heading}</h1>
            <p class="screen-head__ways">
                <a class="link" href=shown>{words.shown}</a>
                <a class="link" href=history>{words.history}</a>
            </p>
        </header>
        <nav class="dashboard-edit__parts"><Choice label=words.parts options=parts /></nav>
    }
    .into_any()
}
