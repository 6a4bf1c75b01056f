//! Explore: questions to the measurements, and the answers as graphs and in figures.
//!
//! The server draws it whole: plain forms, links and pictures. In the browser its charts are taken over where they stand, the stream moves
//! their lines on (`live`), and the fields complete and show mistakes where they are (`expression::field`). What is asked stands in the address.

mod address;
mod form;
mod history;
mod live;
mod names;
mod results;
mod sorting;
mod span;
mod table;
mod unlike;
mod uses;

use crate::host::failed;
use crate::words::explore::explore_words;
use address::Address;
use api::explore::{ExploreForget, ExplorePin, ExploreView, explore};
use api::{ApiError, ask};
use form::form;
use history::history;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use results::results;
use span::{bar, other_time};
use ui::context::use_look;
use ui::loaded::loaded;
use unlike::unlike;
use uses::uses;

/// What the forms of this screen do.
#[derive(Clone, Copy)]
struct Acts {
    pin: ServerAction<ExplorePin>,
    forget: ServerAction<ExploreForget>,
}

/// The screen at `/explore`.
#[component]
pub fn ExploreScreen() -> impl IntoView {
    let (search, zone) = (use_location().search, use_look().zone);
    let address: Memo<Address> = Memo::new(move |_| search.with(|search| Address::read(search, &zone)));
    let acts = Acts { pin: ServerAction::new(), forget: ServerAction::new() };
    let data = ask(move || address.get().query, explore);
    let draw = move |view: ExploreView| sheet(&view, &address.get_untracked(), acts);
    let refused = move |error: &ApiError| unanswered(error, &address.get_untracked());
    view! {
        <Title text=explore_words().title />
        {loaded(data, draw, refused)}
    }
    .into_any()
}

fn head() -> AnyView {
    let words = explore_words();
    view! {
        <header class="board__head">
            <h1>{words.title}</h1>
            <p class="board__about">{words.about}</p>
        </header>
    }
    .into_any()
}

/// Nothing could be answered: what was asked stays.
fn unanswered(error: &ApiError, address: &Address) -> AnyView {
    let question: Option<AnyView> = (*error != ApiError::SignedOut).then(|| form(address, None));
    view! {
        <div class="board">
            {head()}
            {question}
            {failed(error)}
        </div>
    }
    .into_any()
}

fn sheet(view: &ExploreView, address: &Address, acts: Acts) -> AnyView {
    let shown: (i64, i64) = view.columns.first().map_or((0, 0), |column| (column.from.0, column.to.0));
    let topic: String = live::topic(view, address);
    let every: Option<String> = live::every_ms(view, address, &topic).map(|ms| ms.to_string());
    view! {
        <div class="board" data-figures="" data-topic=topic data-every=every>
            {head()}
            {form(address, Some(view))}
            {bar(address)}
            <div class="explore__uses">
                {other_time(address, shown)}
                {history(&view.history, address, acts.forget)}
            </div>
            {uses(view, address, acts.pin)}
            {results(view, address)}
            {unlike(view.unlike.as_ref(), address, shown)}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Zone;

    #[test]
    fn what_was_asked_stays_where_nothing_could_be_answered() {
        let owner = Owner::new();
        owner.set();
        let html: String = unanswered(&ApiError::Unavailable, &Address::read("q=up", &Zone::utc())).to_html();
        assert!(html.contains("<textarea") && html.contains("role=\"alert\""), "{html}");
    }
}
