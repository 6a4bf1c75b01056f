//! A panel of the board: what it shows, and everything that can be done with it, each by a button.

use super::board::Around;
use crate::dashboard::body::body;
use crate::dashboard_history::said::hidden;
use crate::words::dashboard_edit::edit_words;
use crate::words::dashboards::board_words;
use crate::words::locale;
use api::dashboards::PanelProse;
use dashboard::{Panel, ShownPanel, Step};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links::dashboards as ways;
use ui::button::{ButtonLink, Rank};
use ui::icon::{Icon, IconName};
use ui::menu::Menu;

/// The keys of `public/dashboards.js`, for who hears the screen.
const KEYS: &str = "Alt+ArrowLeft Alt+ArrowRight Alt+Shift+ArrowLeft Alt+Shift+ArrowRight Alt+Shift+ArrowUp Alt+Shift+ArrowDown";

pub(super) fn tile(panel: &Panel, around: Around<'_>) -> AnyView {
    let (id, key, title): (String, String, String) = (format!("panel-{}", panel.id), panel.id.clone(), title(panel));
    let (wide, tall): (String, String) = (panel.width.to_string(), panel.height.to_string());
    let shown: Option<AnyView> = around.panel(&panel.id).map(|shown| shown_body(shown, around));
    view! {
        <section
            class=class(panel)
            id=id
            role="group"
            tabindex="0"
            aria-label=title.clone()
            aria-keyshortcuts=KEYS
            data-panel=key
            data-wide=wide
            data-tall=tall
        >
            <header class="dashboard-edit__tile-head">
                <span class="dashboard-edit__name">
                    <span class="dashboard-edit__grip" data-grip="" aria-hidden="true"><Icon name=IconName::Grip /></span>
                    <h3 class="tile__title">{title.clone()}</h3>
                    {notes(panel)}
                </span>
                {tools(panel, &title, around)}
            </header>
            <div class="tile__body">{shown}</div>
            <span class="dashboard-edit__corner" data-corner="" aria-hidden="true"></span>
        </section>
    }
    .into_any()
}

/// As it lies on the board that is read.
fn class(panel: &Panel) -> String {
    let (width, height): (u8, u8) = (panel.width.clamp(1, 24), panel.height.clamp(2, 30));
    let broad: &str = if width > 12 { " tile--broad" } else { "" };
    format!("tile tile--w{width} tile--h{height}{broad} dashboard-edit__tile")
}

pub(super) fn title(panel: &Panel) -> String {
    let title: &str = panel.title.read(locale());
    if title.trim().is_empty() { (edit_words().untitled)(&panel.id) } else { title.to_owned() }
}

fn shown_body(shown: &ShownPanel, around: Around<'_>) -> AnyView {
    let none = PanelProse::default();
    let prose: &PanelProse = around.prose.iter().find(|prose| prose.key == shown.key).unwrap_or(&none);
    body(shown, &prose.body, (around.shown.from_ms, around.shown.to_ms))
}

fn notes(panel: &Panel) -> AnyView {
    let words = edit_words();
    let size: String = format!("{}×{}", panel.width, panel.height);
    let repeat: Option<String> = panel.repeat.as_deref().map(words.repeats_by);
    let said: Vec<String> = std::iter::once(size).chain(repeat).collect();
    view! { <small class="mute">{said.join(" · ")}</small> }.into_any()
}

fn tools(panel: &Panel, title: &str, around: Around<'_>) -> AnyView {
    let (words, acts) = (edit_words(), around.acts);
    let (slug, id): (&str, &str) = (&around.view.dashboard.slug, &panel.id);
    let steps: Vec<AnyView> = Step::ALL.into_iter().map(|step| step_button(step, title)).collect();
    let href: String = ways::edit_panel(slug, id);
    let [edit, copy, remove]: [String; 3] = [words.edit, words.copy, words.remove].map(|act| (words.of)(act, title));
    let moving = view! {
        {hidden("slug", slug)}
        {hidden("panel", id)}
        {steps}
    };
    let copying = view! {
        {hidden("slug", slug)}
        {hidden("panel", id)}
        <button type="submit" aria-label=copy>{words.copy}</button>
    };
    let removing = view! {
        {hidden("slug", slug)}
        {hidden("panel", id)}
        <button type="submit" aria-label=remove>{words.remove}</button>
    };
    let entries = view! {
        <ActionForm action=acts.panel_step>{moving}</ActionForm>
        <ActionForm action=acts.panel_copy>{copying}</ActionForm>
        <ActionForm action=acts.panel_remove>{removing}</ActionForm>
    };
    let label: String = (board_words().menu_of)(title);
    view! {
        <div class="dashboard-edit__tools">
            <ButtonLink href=href rank=Rank::Row label=edit>{words.edit}</ButtonLink>
            <Menu label=label icon=IconName::More icon_only=true>{entries}</Menu>
        </div>
    }
    .into_any()
}

fn step_button(step: Step, title: &str) -> AnyView {
    let words = edit_words();
    let (word, said): (&'static str, &'static str) = (step.as_str(), (words.step)(step));
    let label: String = (words.of)(said, title);
    view! { <button type="submit" name="step" value=word aria-label=label>{said}</button> }.into_any()
}
