//! The span and the shape of the answer: both in the address, so browser history is zoom history.

use crate::explore::address;
use crate::words::explore::explore_words;
use crate::words::words;
use api::explore::ExploreQuery;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use ui::choice::{Choice, ChoiceLink};

/// The words of the address, shortest first.
const RANGES: [&str; 6] = ["15m", "1h", "3h", "6h", "24h", "7d"];
/// The range of an address that names none; the server knows it too.
const USUAL: &str = "1h";

/// The ranges, and whether a graph is drawn.
#[component]
pub fn SpanBar(query: Memo<ExploreQuery>) -> impl IntoView {
    let ranges = Signal::derive(move || query.with(ranges));
    let shapes = Signal::derive(move || query.with(shapes));
    view! {
        <Choice label=words().range options=ranges />
        <Choice label=explore_words().shape options=shapes />
    }
    .into_any()
}

fn ranges(query: &ExploreQuery) -> Vec<ChoiceLink> {
    let current: Option<&str> = (!is_chosen(query)).then(|| query.range.as_deref().unwrap_or(USUAL));
    let link = |(word, label): (&str, &str)| ChoiceLink {
        label: label.to_owned(),
        href: address::href(&ExploreQuery { range: Some(word.to_owned()), from: None, to: None, ..query.clone() }),
        is_current: current == Some(word),
    };
    RANGES.into_iter().zip(words().ranges).map(link).collect()
}

fn shapes(query: &ExploreQuery) -> Vec<ChoiceLink> {
    let words = explore_words();
    let link = |instant: bool, label: &str| ChoiceLink {
        label: label.to_owned(),
        href: address::href(&ExploreQuery { instant, ..query.clone() }),
        is_current: query.instant == instant,
    };
    vec![link(false, words.graph), link(true, words.instant)]
}

/// Whether the address names a span by its ends.
fn is_chosen(query: &ExploreQuery) -> bool {
    query.from.is_some() || query.to.is_some()
}

/// Goes to a span; the way back is the browser's.
pub fn zoom_to(query: Memo<ExploreQuery>) -> Callback<(i64, i64)> {
    let navigate = use_navigate();
    Callback::new(move |(from, to): (i64, i64)| {
        let asked: ExploreQuery = query.get_untracked();
        let href: String = address::href(&ExploreQuery { range: None, from: Some(from), to: Some(to), ..asked });
        navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    })
}

/// Back to the span before; nowhere while none was chosen, or it would lead out of the screen.
pub fn go_back(query: Memo<ExploreQuery>) -> Callback<()> {
    Callback::new(move |()| {
        if !query.with_untracked(is_chosen) {
            return;
        }
        if let Ok(history) = window().history() {
            // Fails only where there is no history, and then there is nowhere to go back to.
            let _ = history.back();
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn current(links: &[ChoiceLink]) -> Vec<String> {
        links.iter().filter(|link| link.is_current).map(|link| link.href.clone()).collect()
    }

    #[test]
    fn the_range_in_force_is_marked_and_a_chosen_span_marks_none() {
        let query = ExploreQuery { q: "up".to_owned(), ..ExploreQuery::default() };
        assert_eq!(current(&ranges(&query)), ["/explore?q=up&range=1h"]);
        let day = ExploreQuery { range: Some("24h".to_owned()), ..query.clone() };
        assert_eq!(current(&ranges(&day)), ["/explore?q=up&range=24h"]);
        let chosen = ExploreQuery { from: Some(1), to: Some(2), ..query };
        assert_eq!(current(&ranges(&chosen)), Vec::<String>::new());
        assert_eq!(current(&shapes(&chosen)), ["/explore?q=up&from=1&to=2"]);
        assert_eq!(shapes(&chosen)[1].href, "/explore?q=up&from=1&to=2&instant=1");
    }
}
