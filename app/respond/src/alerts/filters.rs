//! The filters: links and one form. The address is the state.

use crate::words::answers::answer_words;
use crate::words::{Words, words};
use api::alerting::AlertQuery;
use leptos::prelude::*;
use model::{Severity, links};
use ui::button::Button;
use ui::choice::{Choice, ChoiceLink};
use ui::field::Field;

/// The words of the address and what they are called.
fn shows(words: &Words) -> [(&'static str, &'static str); 7] {
    [
        ("open", words.open),
        ("unanswered", words.unanswered),
        ("held", words.held),
        ("silenced", answer_words().silenced),
        ("pending", words.pending),
        ("resolved", words.resolved),
        ("all", words.all),
    ]
}

/// Where a filter stands.
pub fn href(query: &AlertQuery) -> String {
    let mut pairs = vec![("show", query.show.clone())];
    let mut push = |name: &'static str, value: Option<String>| {
        if let Some(value) = value {
            pairs.push((name, value));
        }
    };
    push("severity", query.severity.clone());
    push("rule", query.rule.clone());
    push("search", query.search.clone());
    push("before", query.before.map(|id| id.to_string()));
    push("after", query.after.clone());
    let query = pairs.iter().map(|(name, value)| format!("{name}={}", links::encode(value))).collect::<Vec<_>>().join("&");
    format!("{}?{query}", links::ALERTS)
}

/// Which alerts: by state, by severity, by words.
#[component]
pub fn Filters(query: Memo<AlertQuery>) -> impl IntoView {
    let words = words();
    let by_state = move || {
        query.with(|query| {
            let link = |(show, label): (&str, &str)| ChoiceLink {
                label: label.to_owned(),
                href: href(&AlertQuery { show: show.to_owned(), before: None, after: None, ..query.clone() }),
                is_current: query.show == show,
            };
            shows(words).into_iter().map(link).collect::<Vec<_>>()
        })
    };
    view! {
        <div class="alert-list__filters">
            <Choice label=words.filter options=Signal::derive(by_state) />
            <Choice label=words.severity_label options=Signal::derive(move || severities(query, words)) />
            <Search query=query />
        </div>
    }
}

fn severities(query: Memo<AlertQuery>, words: &'static Words) -> Vec<ChoiceLink> {
    query.with(|query| {
        let link = |code: Option<String>, label: String| ChoiceLink {
            label,
            is_current: query.severity == code,
            href: href(&AlertQuery { severity: code, before: None, after: None, ..query.clone() }),
        };
        let any = link(None, words.any.to_owned());
        let each =
            Severity::ALL.into_iter().map(|severity| link(Some(severity.code().to_lowercase()), severity.code().to_owned()));
        std::iter::once(any).chain(each).collect()
    })
}

#[component]
fn Search(query: Memo<AlertQuery>) -> impl IntoView {
    let words = words();
    let hidden = move || {
        query.with(|query| {
            let severity = query.severity.clone().map(|code| view! { <input type="hidden" name="severity" value=code /> });
            let rule = query.rule.clone().map(|id| view! { <input type="hidden" name="rule" value=id /> });
            view! { <input type="hidden" name="show" value=query.show.clone() /> {severity} {rule} }
        })
    };
    view! {
        <form class="alert-list__filters" method="get" action=links::ALERTS role="search">
            {hidden}
            <Field id="search" label=words.search.to_owned()>
                <input class="input" id="search" type="search" name="search" value=move || query.with(|query| query.search.clone()) />
            </Field>
            <Button kind="submit">{words.apply}</Button>
        </form>
    }
}
