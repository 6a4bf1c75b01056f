//! The versions of a dashboard: who saved which when, what differs between two of them, making an old one the newest; and what else can be
//! done with the whole of it.

mod acts;
mod changes;
mod place;
pub mod refusal;
pub mod said;
mod versions;

use crate::words::dashboard_keeping::keeping_words;
use crate::words::locale;
use acts::{Acts, acts};
use api::ask;
use api::dashboards::keeping::dashboard_versions;
use api::dashboards::keeping::view::{VersionsAsk, VersionsView};
use changes::changes;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use model::links;
use model::links::dashboards as ways;
use refusal::{failed, refusal_before};
use said::done;
use ui::loaded::loaded;
use versions::versions;

/// The screen at `/d/:slug/history`.
#[component]
pub fn DashboardHistoryScreen() -> impl IntoView {
    let (params, search) = (use_params_map(), use_location().search);
    let asked: Memo<VersionsAsk> = Memo::new(move |_| {
        let slug: String = params.with(|params| params.get("slug").unwrap_or_default());
        search.with(|search| asked(slug, search))
    });
    let acts = Acts::new();
    let data = ask(move || asked.get(), dashboard_versions);
    let draw = move |view: VersionsView| sheet(&view, search.with_untracked(|search| done(search)), acts);
    view! { <div class="keeping">{loaded(data, draw, failed)}</div> }.into_any()
}

/// Which two are compared, as the address says it.
fn asked(slug: String, search: &str) -> VersionsAsk {
    let pairs: Vec<(String, String)> = links::pairs(search);
    let number = |name: &str| -> Option<i64> {
        pairs.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.parse::<i64>().ok())
    };
    VersionsAsk { slug, old: number("old"), new: number("new") }
}

fn sheet(view: &VersionsView, done: Option<AnyView>, all: Acts) -> AnyView {
    let words = keeping_words();
    let title: String = view.title.read(locale()).to_owned();
    let heading: String = (words.history_of)(&title);
    let way: String = ways::one(&view.slug);
    let found: Option<AnyView> = view.changes.as_ref().map(|found| changes(view, found));
    view! {
        <Title text=heading.clone() />
        <header class="screen-head">
            <h1>{heading}</h1>
            <p class="screen-head__ways">
                <a class="link" href=way>{title}</a>
                <a class="link" href=ways::LIST>{words.dashboards}</a>
            </p>
        </header>
        {done}
        {refusal_before(all.restore)}
        {refusal_before(all.copy)}
        {refusal_before(all.remove)}
        {found}
        {versions(view, all.restore)}
        {acts(view, all)}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn the_address_says_which_two_are_compared() {
        let found = asked("web".to_owned(), "?old=0&new=3&x=1");
        assert_eq!((found.slug.as_str(), found.old, found.new), ("web", Some(0), Some(3)));
        let found = asked("web".to_owned(), "?old=x");
        assert_eq!((found.old, found.new), (None, None));
    }
}
