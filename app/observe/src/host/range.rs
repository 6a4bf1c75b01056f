//! The span on show. It lives in the address, so browser history is zoom history.

use crate::words::words;
use api::metrics::BoardQuery;
use leptos::prelude::*;
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
