//! The list behind a number.

use super::asked::list_address;
use crate::words::reviews::review_words;
use crate::words::{locale, words};
use api::reviews::{ReviewItem, ReviewListView, ReviewQuery, ReviewView};
use figures::duration;
use leptos::prelude::*;
use model::{Severity, Time, links};
use ui::part::Part;
use ui::severity::SeverityBadge;
use ui::time_text::{TimeForm, TimeText};

/// The part; nothing where no list is opened.
pub fn opened(view: &ReviewView, query: &ReviewQuery) -> Option<AnyView> {
    let said = review_words();
    let list: &ReviewListView = view.opened.as_ref()?;
    let name: &'static str = (said.list_name)(&query.list);
    let title: String = if list.of.is_empty() { name.to_owned() } else { format!("{name}: {}", list.of) };
    let close: String = list_address(query, "", "");
    let more = move || view! { <a class="link" href=close.clone()>{review_words().close_list}</a> };
    let lines: Vec<AnyView> = list.items.iter().map(line).collect();
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{said.list_none}</p> }.into_any()
    } else {
        view! { <ol class="reviews__list">{lines}</ol> }.into_any()
    };
    let shown: u32 = u32::try_from(list.items.len()).unwrap_or(u32::MAX);
    let cut = (shown < list.n_counted).then(|| view! { <p class="mute">{(said.list_cut)(shown)}</p> });
    let count = Some(list.n_counted.to_string());
    Some(view! { <Part title=title count=count more=more id="list">{body}{cut}</Part> }.into_any())
}

fn line(item: &ReviewItem) -> AnyView {
    match item {
        ReviewItem::Incident { id, title, code, severity, began_at, took_ms } => {
            let text: String = format!("{id} {title}");
            handled(links::incident(*id), text, code, *severity, *began_at, *took_ms)
        }
        ReviewItem::Alert { id, name, severity, began_at, took_ms } => {
            let text: String = format!("{id} {}", name.read(locale()));
            handled(links::alert(*id), text, severity.code(), *severity, *began_at, *took_ms)
        }
        ReviewItem::Breach { id, title, code, severity, kind, due_at, met_at } => {
            let said = review_words();
            let clock: &'static str = said.clocks[*kind as usize];
            let late: Option<String> = met_at.map(|met| duration(met.since(*due_at).max(0), locale()));
            let told: String = late.map_or_else(|| (said.never_met)(clock), |late| (said.met_late)(clock, &late));
            let head: AnyView = head(links::incident(*id), format!("{id} {title}"), code, *severity, *due_at);
            view! { <li class="reviews__item">{head} <span>{told}</span></li> }.into_any()
        }
        ReviewItem::Page { at, alerts, policy, night } => page(*at, alerts, policy, night.as_deref()),
    }
}

fn head(href: String, text: String, code: &str, severity: Severity, at: Time) -> AnyView {
    let word: &'static str = words().severity_word(severity);
    view! {
        <TimeText at_ms=at.0 form=TimeForm::Day />
        <SeverityBadge level=severity.level() held=true code=code.to_owned() word=word />
        <a class="link" href=href>{text}</a>
    }
    .into_any()
}

fn handled(href: String, text: String, code: &str, severity: Severity, began_at: Time, took_ms: Option<i64>) -> AnyView {
    let took: String = took_ms.map_or_else(|| review_words().not_yet.to_owned(), |ms| duration(ms, locale()));
    let head: AnyView = head(href, text, code, severity, began_at);
    view! { <li class="reviews__item">{head} <span>{took}</span></li> }.into_any()
}

fn page(at: Time, alerts: &[model::ids::AlertId], policy: &str, night: Option<&str>) -> AnyView {
    let said = review_words();
    let ways: Vec<AnyView> =
        alerts.iter().map(|id| view! { <a class="link" href=links::alert(*id)>{id.to_string()}</a> " " }.into_any()).collect();
    let night: Option<String> = night.map(said.night_of);
    let policy: String = policy.to_owned();
    view! {
        <li class="reviews__item">
            <TimeText at_ms=at.0 form=TimeForm::Day />
            <span>{ways}</span>
            <a class="link link--within" href=links::policy(&policy)>{policy.clone()}</a>
            <small class="mute">{night}</small>
        </li>
    }
    .into_any()
}
