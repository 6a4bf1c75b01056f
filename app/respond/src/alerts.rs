//! Alerts: the list, with its filters in the address. `public/alerts.js` adds the keyboard.

mod filters;
mod several;

use crate::row::AlertRows;
use crate::screen::loaded;
use crate::words::words;
use api::alerting::{AlertList, AlertQuery, alert_list};
use api::ask;
use filters::Filters;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::links;
use ui::button::ButtonLink;
use ui::empty::Empty;

/// The screen at `/alerts`.
#[component]
pub fn AlertsScreen() -> impl IntoView {
    let query = asked();
    let data = ask(move || query.get(), alert_list);
    view! {
        <Title text=words().alerts />
        <div class="alert-list" data-alert-keys="">
            <header class="alert-list__head"><h1 class="alert-list__title">{words().alerts}</h1></header>
            <Filters query=query />
            {loaded(data, move |list| view! { <Sheet list=list query=query /> }.into_any())}
        </div>
    }
}

/// The filters, as the address has them.
fn asked() -> Memo<AlertQuery> {
    let map = use_query_map();
    Memo::new(move |_| {
        let map = map.get();
        let text = |name: &str| map.get(name).filter(|value| !value.is_empty());
        AlertQuery {
            // Both words are said; the screen itself writes the first.
            show: text("show").or_else(|| text("state")).unwrap_or_else(|| "open".to_owned()),
            severity: text("severity"),
            rule: text("rule"),
            search: text("search"),
            before: text("before").and_then(|number| number.parse().ok()),
            after: text("after"),
        }
    })
}

#[component]
fn Sheet(list: AlertList, query: Memo<AlertQuery>) -> impl IntoView {
    let words = words();
    let is_plain = query.with_untracked(|query| *query == AlertQuery { show: "open".to_owned(), ..AlertQuery::default() });
    if list.rows.is_empty() && is_plain {
        return view! {
            <Empty title=words.none_open>
                <ButtonLink href=links::alerts_by("resolved")>{words.resolved}</ButtonLink>
            </Empty>
        }
        .into_any();
    }
    if list.rows.is_empty() {
        return view! {
            <Empty title=words.nothing say=words.nothing_hint>
                <ButtonLink href=links::ALERTS.to_owned()>{words.open}</ButtonLink>
            </Empty>
        }
        .into_any();
    }
    let foot = query.with_untracked(|query| Foot::of(query, &list));
    let is_offered = several::is_offered(&list.rows);
    view! {
        {is_offered.then(several::several)}
        <AlertRows rows=list.rows several=is_offered.then_some(several::FORM) />
        <Ending foot=foot />
    }
    .into_any()
}

/// What stands under a list: how many are not on it, and the ways to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Foot {
    rest: u32,
    /// Where the list goes on.
    onward: Option<String>,
    /// Where it begins, for whoever is further down.
    top: Option<String>,
}

impl Foot {
    fn of(query: &AlertQuery, list: &AlertList) -> Self {
        let begins = AlertQuery { before: None, after: None, ..query.clone() };
        let older = list.more.map(|before| AlertQuery { before: Some(before), ..begins.clone() });
        let next = list.next.clone().map(|after| AlertQuery { after: Some(after), ..begins.clone() });
        let onward = next.or(older).map(|query| filters::href(&query));
        let top = (*query != begins).then(|| filters::href(&begins));
        Self { rest: list.rest, onward, top }
    }
}

#[component]
fn Ending(foot: Foot) -> impl IntoView {
    let words = words();
    let rest = (foot.rest > 0).then(|| (words.rest)(foot.rest));
    let top = foot.top.map(|href| view! { <ButtonLink href=href>{words.to_top}</ButtonLink> });
    let onward = foot.onward.map(|href| view! { <ButtonLink href=href>{words.older}</ButtonLink> });
    view! {
        <footer class="alert-list__foot">
            <span>{rest}</span>
            <span class="alert-list__ways">{top}{onward}</span>
        </footer>
    }
}

#[cfg(test)]
mod tests {
    use super::Foot;
    use api::alerting::{AlertList, AlertQuery};

    fn list(more: Option<i64>, next: Option<&str>, rest: u32) -> AlertList {
        AlertList { rows: Vec::new(), tally: Vec::new(), pending: 0, muted: 0, more, next: next.map(str::to_owned), rest }
    }

    #[test]
    fn a_list_says_how_it_goes_on_and_where_it_began() {
        let open = AlertQuery { show: "open".to_owned(), ..AlertQuery::default() };
        let whole = Foot::of(&open, &list(None, None, 0));
        assert_eq!(whole, Foot::default());
        let first = Foot::of(&open, &list(None, Some("P1.open.5.7"), 42));
        assert_eq!(first.onward.as_deref(), Some("/alerts?show=open&after=P1.open.5.7"));
        assert_eq!((first.rest, first.top), (42, None));
        let second = AlertQuery { after: Some("P1.open.5.7".to_owned()), ..open };
        let last = Foot::of(&second, &list(None, None, 0));
        assert_eq!((last.onward, last.top.as_deref()), (None, Some("/alerts?show=open")));
        let all = AlertQuery { show: "all".to_owned(), before: Some(90), ..AlertQuery::default() };
        let foot = Foot::of(&all, &list(Some(40), None, 0));
        assert_eq!((foot.onward.as_deref(), foot.top.as_deref()), (Some("/alerts?show=all&before=40"), Some("/alerts?show=all")));
    }
}
