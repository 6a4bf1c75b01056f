//! What can be done with a dashboard as a whole: taking it along as a file, copying it, throwing it away.

use super::said::hidden;
use crate::words::dashboard_keeping::keeping_words;
use api::dashboards::keeping::view::VersionsView;
use api::dashboards::keeping::{DashboardCopy, DashboardRemove, DashboardRestore};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links::dashboards as ways;
use ui::button::{Button, ButtonLink, Rank};
use ui::part::Part;

/// What the forms of this screen do.
#[derive(Clone, Copy)]
pub(super) struct Acts {
    pub(super) restore: ServerAction<DashboardRestore>,
    pub(super) copy: ServerAction<DashboardCopy>,
    pub(super) remove: ServerAction<DashboardRemove>,
}

impl Acts {
    pub(super) fn new() -> Self {
        Self { restore: ServerAction::new(), copy: ServerAction::new(), remove: ServerAction::new() }
    }
}

/// The file for everybody, the rest for who may edit.
pub(super) fn acts(view: &VersionsView, all: Acts) -> AnyView {
    let words = keeping_words();
    let href: String = ways::export(&view.slug);
    let others: Option<AnyView> = view.may_edit.then(|| changing(&view.slug, all));
    view! {
        <Part title=words.acts.to_owned()>
            <div class="keeping__acts">
                <ButtonLink href=href rel="external">{words.export}</ButtonLink>
                {others}
            </div>
        </Part>
    }
    .into_any()
}

fn changing(slug: &str, all: Acts) -> AnyView {
    let words = keeping_words();
    let copy = view! {
        {hidden("slug", slug)}
        <Button kind="submit">{words.copy}</Button>
    };
    let remove = view! {
        {hidden("slug", slug)}
        <Button kind="submit" rank=Rank::Row>{words.remove_do}</Button>
    };
    view! {
        <ActionForm action=all.copy>{copy}</ActionForm>
        <details class="menu keeping__menu" data-closes="">
            <summary class="button">{words.remove}</summary>
            <div class="menu__list">
                <p class="keeping__sure">{words.remove_sure}</p>
                <ActionForm action=all.remove>{remove}</ActionForm>
            </div>
        </details>
    }
    .into_any()
}
