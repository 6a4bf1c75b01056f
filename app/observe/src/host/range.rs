//! The span on show. It lives in the address, so browser history is zoom history.

use crate::words::words;
use api::metrics::BoardQuery;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::{Time, links};
use ui::choice::{Choice, ChoiceLink};
use ui::context::use_look;

/// The words of the address, shortest first.
const RANGES: [&str; 6] = ["15m", "1h", "3h", "6h", "24h", "7d"];

/// The ranges to choose from, and the span on show in words.
#[component]
pub fn Range(query: Memo<BoardQuery>, from: Time, to: Time, chosen: String, live: bool) -> impl IntoView {
    let words = words();
    let options = move || {
        query.with(|query| {
            let link = |(word, label): (&str, &str)| ChoiceLink {
                label: label.to_owned(),
                href: format!("{}?range={word}", links::host(&query.host)),
                is_current: chosen == word,
            };
            RANGES.into_iter().zip(words.ranges).map(link).collect::<Vec<_>>()
        })
    };
    let look = use_look();
    let day = figures::day_time(from.0, &look.zone, look.locale);
    let until = figures::short_time(to.0, &look.zone);
    let note = (!live).then(|| view! { <span>{words.not_live}</span> });
    view! {
        <div class="board__bar">
            <Choice label=words.range options=Signal::derive(options) />
            <p class="board__when">{note} " " <b>{day} " – " {until}</b> " " {look.zone.abbreviation}</p>
        </div>
    }
}

/// Goes to a span of the host's board; the way back is the browser's.
pub fn zoom_to(query: Memo<BoardQuery>) -> Callback<(i64, i64)> {
    let navigate = use_navigate();
    Callback::new(move |(from, to): (i64, i64)| {
        let host = query.with_untracked(|query| query.host.clone());
        navigate(&format!("{}?from={from}&to={to}", links::host(&host)), Default::default());
    })
}

/// Back to the span before; nowhere while no span is chosen, or it would lead out of the board.
pub fn go_back(query: Memo<BoardQuery>) -> Callback<()> {
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

/// Whether the address names both ends of a span.
fn is_chosen(query: &BoardQuery) -> bool {
    query.from.is_some() && query.to.is_some()
}

#[cfg(test)]
mod tests {
    use super::is_chosen;
    use api::metrics::BoardQuery;

    #[test]
    fn only_a_chosen_span_can_be_undone() {
        let (none, one) = (BoardQuery::default(), BoardQuery { to: Some(2), ..BoardQuery::default() });
        assert!(!is_chosen(&none) && !is_chosen(&one));
        assert!(is_chosen(&BoardQuery { from: Some(1), ..one }));
    }
}
