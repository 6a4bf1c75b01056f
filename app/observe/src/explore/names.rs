//! Names for who does not know what there is: metrics, then the labels of one, then the values of a label. What is found is put into a
//! query of its own by a button, and goes along with whatever is half written.

use super::address::{Address, inside_text};
use crate::words::explore::explore_words;
use api::explore::{ExploreName, ExploreNames, Inside, LONGEST_FIND};
use expression::offer::selector;
use leptos::prelude::*;
use ui::button::{Button, Rank};
use ui::field::{Line, line};

pub(super) fn names(address: &Address, found: Option<&ExploreNames>) -> AnyView {
    let words = explore_words();
    let find: AnyView = line(Line {
        hint: words.find_hint.to_owned(),
        kind: "search",
        value: address.query.find.clone(),
        most: Some(LONGEST_FIND),
        is_code: true,
        ..Line::new("explore-find", "find", words.find)
    });
    view! {
        <details class="explore__fold" open=found.is_some()>
            <summary class="link">{words.names}</summary>
            <div class="explore__names">
                {find}
                <div class="explore__acts">
                    <Button kind="submit" name="in" value="/">{words.find_do}</Button>
                </div>
                {found.map(list)}
            </div>
        </details>
    }
    .into_any()
}

fn list(found: &ExploreNames) -> AnyView {
    let words = explore_words();
    let Inside { metric, label } = &found.inside;
    let title: String = match (metric.as_str(), label.as_str()) {
        ("", _) => words.metrics.to_owned(),
        (metric, "") => (words.labels_of)(metric),
        (metric, label) => (words.values_of)(metric, label),
    };
    let rows: Vec<AnyView> = found.all.iter().map(|name| row(&found.inside, name)).collect();
    let body: AnyView = if rows.is_empty() {
        view! { <p class="mute">{words.no_names}</p> }.into_any()
    } else {
        view! { <ul class="explore__list" tabindex="0" aria-label=title.clone()>{rows}</ul> }.into_any()
    };
    let is_cut: bool = u32::try_from(found.all.len()).is_ok_and(|n| n < found.total);
    let cut = is_cut.then(|| view! { <p class="mute">{(words.cut)(found.all.len(), found.total)}</p> });
    view! {
        <p class="explore__where"><b>{title}</b> {back(&found.inside)}</p>
        {body}
        {cut}
    }
    .into_any()
}

/// The ways back out.
fn back(inside: &Inside) -> AnyView {
    let words = explore_words();
    let all = (!inside.metric.is_empty())
        .then(|| view! { <Button kind="submit" rank=Rank::Row name="in" value="/">{words.all_metrics}</Button> });
    let labels = (!inside.label.is_empty()).then(|| {
        let (said, value): (String, String) = ((words.labels_of)(&inside.metric), inside_text(&inside.metric, ""));
        view! { <Button kind="submit" rank=Rank::Row name="in" value=value>{said}</Button> }
    });
    view! { {all} {labels} }.into_any()
}

/// A name, the way into it, and a button that puts it in. Of a label only the way: without a value it selects nothing.
fn row(inside: &Inside, one: &ExploreName) -> AnyView {
    let words = explore_words();
    let said: Option<String> = one.count.map(if inside.label.is_empty() { words.n_values } else { words.n_series_now });
    let hint: String = said.unwrap_or_else(|| one.hint.clone());
    let into: Option<String> = match (inside.metric.as_str(), inside.label.as_str()) {
        ("", _) => Some(inside_text(&one.name, "")),
        (metric, "") => Some(inside_text(metric, &one.name)),
        _ => None,
    };
    let name: AnyView = match into {
        Some(value) => {
            let label: String = (words.look_into)(&one.name);
            let name: String = one.name.clone();
            view! { <Button kind="submit" rank=Rank::Row name="in" value=value label=label><code>{name}</code></Button> }
                .into_any()
        }
        None => view! { <code>{one.name.clone()}</code> }.into_any(),
    };
    view! { <li class="explore__name">{name} <span class="explore__about">{hint}</span> {put(inside, one)}</li> }.into_any()
}

fn put(inside: &Inside, one: &ExploreName) -> Option<AnyView> {
    let words = explore_words();
    let written: String = match (inside.metric.as_str(), inside.label.as_str()) {
        ("", _) => selector(&one.name, &[]),
        (_, "") => return None,
        (metric, label) => selector(metric, &[(label.to_owned(), one.name.clone())]),
    };
    let label: String = (words.put_of)(&written);
    Some(view! { <Button kind="submit" rank=Rank::Row name="put" value=written label=label>{words.put}</Button> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(metric: &str, label: &str, name: &str) -> String {
        let inside = Inside { metric: metric.to_owned(), label: label.to_owned() };
        let all = vec![ExploreName { name: name.to_owned(), hint: "gauge".to_owned(), count: Some(3) }];
        names(&Address::default(), Some(&ExploreNames { inside, all, total: 9 })).to_html()
    }

    #[test]
    fn one_goes_from_metrics_to_labels_to_values_and_back() {
        let owner = Owner::new();
        owner.set();
        let metrics: String = html("", "", "queue_bytes");
        assert!(
            metrics.contains("value=\"queue_bytes/\"") && metrics.contains("name=\"put\" value=\"queue_bytes\""),
            "{metrics}"
        );
        assert!(metrics.contains("9 件のうち 1 件"), "{metrics}");
        let labels: String = html("queue_bytes", "", "host");
        assert!(labels.contains("value=\"queue_bytes/host\"") && !labels.contains("name=\"put\""), "{labels}");
        let values: String = html("queue_bytes", "host", "app-01");
        assert!(values.contains("queue_bytes{host=&quot;app-01&quot;}") && values.contains("3 系列"), "{values}");
        assert!(!names(&Address::default(), None).to_html().contains("name=\"put\""));
    }
}
