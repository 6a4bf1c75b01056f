//! What narrows the list down: a form that asks by the address.

use crate::words::dashboards::board_words;
use api::dashboards::{DashboardList, DashboardSearch};
use leptos::prelude::*;
use model::links;
use model::links::dashboards as ways;
use ui::button::{Button, ButtonLink};
use ui::field::{Field, Tick};
use ui::icon::IconName;

/// What the address asks.
pub(super) fn asked(search: &str) -> DashboardSearch {
    let pairs: Vec<(String, String)> = links::pairs(search);
    let text = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default();
    DashboardSearch { q: text("q"), tag: text("tag"), starred: text("starred") == "true" }
}

pub(super) fn filters(list: &DashboardList, wanted: &DashboardSearch) -> AnyView {
    let words = board_words();
    let clear = (*wanted != DashboardSearch::default())
        .then(|| view! { <ButtonLink href=ways::LIST.to_owned()>{words.clear}</ButtonLink> });
    let (text, tags): (String, Vec<AnyView>) = (wanted.q.clone(), tags(list, wanted));
    let is_starred: bool = wanted.starred;
    view! {
        <form class="boards__find" method="get" action=ways::LIST role="search">
            <Field id="boards-q" label=words.search.to_owned()>
                <input class="input" id="boards-q" name="q" type="search" value=text autocomplete="off" />
            </Field>
            <Field id="boards-tag" label=words.tag.to_owned()>
                <select class="input" id="boards-tag" name="tag">{tags}</select>
            </Field>
            <p class="boards__find-acts">
                <Tick name="starred" checked=is_starred>{words.starred}</Tick>
                <Button kind="submit" icon=IconName::Search>{words.find}</Button>
                {clear}
            </p>
        </form>
    }
    .into_any()
}

fn tags(list: &DashboardList, wanted: &DashboardSearch) -> Vec<AnyView> {
    let option = |value: &str, label: String| {
        let (is_chosen, value): (bool, String) = (value == wanted.tag, value.to_owned());
        view! { <option value=value selected=is_chosen>{label}</option> }.into_any()
    };
    let mut options: Vec<AnyView> = vec![option("", board_words().any.to_owned())];
    options.extend(list.tags.iter().map(|(tag, n)| option(tag, format!("{tag} ({n})"))));
    // A tag that nobody has any more is still what was asked for.
    if !wanted.tag.is_empty() && !list.tags.iter().any(|(tag, _)| *tag == wanted.tag) {
        options.push(option(&wanted.tag, wanted.tag.clone()));
    }
    options
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn the_address_says_what_is_looked_for() {
        let found = asked("?q=web+api&tag=a%26b&starred=true");
        assert_eq!((found.q.as_str(), found.tag.as_str(), found.starred), ("web api", "a&b", true));
        assert!(!asked("starred=1").starred);
    }
}
