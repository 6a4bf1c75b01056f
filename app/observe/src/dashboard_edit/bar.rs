//! What becomes of the draft: taking a change back, saving, throwing it away; and what is to be done when somebody was faster.

use super::acts::Acts;
use super::refusal::attempt;
use crate::dashboard_history::said::{hidden, moment_text};
use crate::words::dashboard_edit::edit_words;
use api::dashboards::editing::view::DashboardEditView;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links::dashboards as ways;
use ui::attempt::Attempt;
use ui::button::{Button, Rank};
use ui::callout::{Callout, Tone};
use ui::field::Line;

/// Characters of a comment.
const MOST_COMMENT: u32 = 500;

pub(super) fn bar(view: &DashboardEditView, acts: Acts) -> AnyView {
    view! {
        {view.is_behind.then(|| behind(view, acts))}
        <div class="dashboard-edit__bar">
            <p class="dashboard-edit__state">{state(view)}</p>
            {undo(view, acts)}
            {discard(view, acts)}
            {save(view, acts)}
        </div>
    }
    .into_any()
}

fn state(view: &DashboardEditView) -> String {
    let words = edit_words();
    match (view.is_kept, view.changed_at) {
        (false, _) => words.unchanged.to_owned(),
        (true, None) => words.changed.to_owned(),
        (true, Some(at)) => (words.changed_at)(&moment_text(at)),
    }
}

fn undo(view: &DashboardEditView, acts: Acts) -> AnyView {
    let words = edit_words();
    let reason: Option<String> = (view.n_undo == 0).then(|| words.nothing_to_undo.to_owned());
    let fields = view! {
        {hidden("slug", &view.dashboard.slug)}
        <Button kind="submit" disabled=reason>{words.undo}</Button>
    };
    view! { <ActionForm action=acts.undo>{fields}</ActionForm> }.into_any()
}

fn discard(view: &DashboardEditView, acts: Acts) -> Option<AnyView> {
    if !view.is_kept {
        return None;
    }
    let words = edit_words();
    let fields = view! {
        {hidden("slug", &view.dashboard.slug)}
        <Button kind="submit" rank=Rank::Row>{words.discard_do}</Button>
    };
    let menu = view! {
        <details class="menu dashboard-edit__menu" data-closes="">
            <summary class="button">{words.discard}</summary>
            <div class="menu__list">
                <p class="dashboard-edit__sure">{words.discard_sure}</p>
                <ActionForm action=acts.discard>{fields}</ActionForm>
            </div>
        </details>
    };
    Some(menu.into_any())
}

fn save(view: &DashboardEditView, acts: Acts) -> AnyView {
    let words = edit_words();
    let attempt: Attempt = attempt(acts.save);
    let comment: AnyView = attempt.line(Line {
        most: Some(MOST_COMMENT),
        placeholder: Some(words.comment_example.to_owned()),
        ..Line::new("edit-comment", "comment", words.comment)
    });
    let reason: Option<String> = (!view.is_kept).then(|| words.unchanged.to_owned());
    let fields = view! {
        {hidden("slug", &view.dashboard.slug)}
        {comment}
        <Button kind="submit" rank=Rank::Main disabled=reason>{words.save}</Button>
    };
    view! { <ActionForm action=acts.save attr:class="dashboard-edit__save">{fields}</ActionForm> }.into_any()
}

/// Somebody saved since the draft was begun.
fn behind(view: &DashboardEditView, acts: Acts) -> AnyView {
    let words = edit_words();
    let slug: String = view.dashboard.slug.clone();
    let (way, said): (String, String) = (ways::difference(&slug, view.base, view.newest), (words.behind)(view.newest));
    let doing = move || {
        let fields = view! {
            {hidden("slug", &slug)}
            <Button kind="submit">{words.over}</Button>
        };
        view! {
            <a class="button" href=way.clone()>{words.difference}</a>
            <ActionForm action=acts.over>{fields}</ActionForm>
        }
    };
    view! { <Callout tone=Tone::Warn acts=doing>{said}</Callout> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::dashboards::editing::view::EditPart;
    use dashboard::{Dashboard, Said};
    use model::Time;

    fn view() -> DashboardEditView {
        DashboardEditView {
            dashboard: Dashboard { slug: "web".to_owned(), title: Said::same("Web"), ..Dashboard::default() },
            base: 3,
            newest: 5,
            is_kept: true,
            is_behind: false,
            n_undo: 1,
            changed_at: Some(Time(0)),
            part: EditPart::Source { text: String::new(), wrong: Vec::new() },
        }
    }

    #[test]
    fn a_draft_without_changes_can_be_neither_saved_nor_thrown_away() {
        let owner = Owner::new();
        owner.set();
        let html: String = bar(&view(), Acts::new()).to_html();
        assert!(!html.contains("aria-disabled") && html.contains("破棄"), "{html}");
        let fresh = DashboardEditView { is_kept: false, n_undo: 0, changed_at: None, ..view() };
        let html: String = bar(&fresh, Acts::new()).to_html();
        assert!(html.matches("aria-disabled=\"true\"").count() == 2 && !html.contains("破棄"), "{html}");
    }

    #[test]
    fn whoever_is_behind_sees_what_changed_and_may_go_on() {
        let owner = Owner::new();
        owner.set();
        let late = DashboardEditView { is_behind: true, ..view() };
        let html: String = bar(&late, Acts::new()).to_html();
        assert!(html.contains("/d/web/history?old=3&amp;new=5") && html.contains("/call/dashboard_over"), "{html}");
        assert!(!bar(&view(), Acts::new()).to_html().contains("/call/dashboard_over"));
    }
}
