//! The span, the shape of the answer, and what stands beside it: all in the address, so browser history is zoom history.

use super::address::{Address, moment_field};
use crate::dashboard_history::said::hidden;
use crate::words::explore::explore_words;
use crate::words::words;
use leptos::prelude::*;
use model::links;
use ui::button::Button;
use ui::choice::{Choice, ChoiceLink};
use ui::context::use_look;
use ui::field::{Line, line};

/// The words of the address, shortest first.
const RANGES: [&str; 6] = ["15m", "1h", "3h", "6h", "24h", "7d"];
/// The range of an address that names none; the server knows it too.
const USUAL: &str = "1h";
/// What can stand beside it, as the address says it.
const BESIDES: [&str; 4] = ["", "before", "24h", "7d"];
const MINUTE_MS: i64 = 60_000;

/// The ways to other spans.
pub(super) fn bar(address: &Address) -> AnyView {
    let said = explore_words();
    view! {
        <div class="board__bar">
            <Choice label=words().range options=ranges(address) />
            <Choice label=said.mode options=modes(address) />
            <Choice label=said.beside options=besides(address) />
        </div>
    }
    .into_any()
}

/// A span of one's own beside the one that is shown.
pub(super) fn other_time(address: &Address, shown: (i64, i64)) -> AnyView {
    let said = explore_words();
    let other: AnyView = window_form(address, &Window { name: "split", id: "explore-split", act: said.compare, ends: shown });
    view! {
        <details class="explore__fold">
            <summary class="link">{said.other_time}</summary>
            {other}
        </details>
    }
    .into_any()
}

fn ranges(address: &Address) -> Vec<ChoiceLink> {
    let current: Option<&str> = (!address.is_chosen()).then(|| address.query.range.as_deref().unwrap_or(USUAL));
    let link = |(word, label): (&str, &str)| ChoiceLink {
        label: label.to_owned(),
        href: address.with_range(word).href(),
        is_current: current == Some(word),
    };
    RANGES.into_iter().zip(words().ranges).map(link).collect()
}

fn modes(address: &Address) -> Vec<ChoiceLink> {
    let said = explore_words();
    let link = |instant: bool, label: &str| ChoiceLink {
        label: label.to_owned(),
        href: address.with_mode(instant).href(),
        is_current: address.query.instant == instant,
    };
    vec![link(false, said.graph), link(true, said.instant)]
}

fn besides(address: &Address) -> Vec<ChoiceLink> {
    let link = |(word, label): (&str, &str)| ChoiceLink {
        label: label.to_owned(),
        href: address.with_split(word).href(),
        is_current: address.query.split == word,
    };
    BESIDES.into_iter().zip(explore_words().besides).map(link).collect()
}

/// A form that asks for a window by its two ends.
pub(super) struct Window<'a> {
    /// What its fields are called by: `mark` sends `mark_from` and `mark_to`.
    pub(super) name: &'a str,
    pub(super) id: &'a str,
    /// What its button says.
    pub(super) act: &'static str,
    /// What stands in it at first.
    pub(super) ends: (i64, i64),
}

/// The form; the question goes along.
pub(super) fn window_form(address: &Address, window: &Window<'_>) -> AnyView {
    let (said, zone, act) = (explore_words(), use_look().zone, window.act);
    let is_kept = |name: &str| name != window.name;
    let kept: Vec<AnyView> =
        address.pairs().into_iter().filter(|(name, _)| is_kept(name)).map(|(name, value)| hidden(name, &value)).collect();
    let field = |end: &str, label: &str, ms: i64| {
        let (id, name): (String, String) = (format!("{}-{end}", window.id), format!("{}_{end}", window.name));
        line(Line { kind: "datetime-local", value: moment_field(ms, &zone), ..Line::new(&id, &name, label) })
    };
    view! {
        <form class="explore__window" method="get" action=links::EXPLORE>
            {kept}
            {field("from", said.from, window.ends.0)}
            {field("to", said.to, window.ends.1 + MINUTE_MS - 1)}
            <Button kind="submit">{act}</Button>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Zone;

    fn at(search: &str) -> Address {
        Address::read(search, &Zone::utc())
    }

    fn current(links: &[ChoiceLink]) -> Vec<String> {
        links.iter().filter(|link| link.is_current).map(|link| link.href.clone()).collect()
    }

    #[test]
    fn what_is_in_force_is_marked_and_a_chosen_span_marks_none() {
        let owner = Owner::new();
        owner.set();
        assert_eq!(current(&ranges(&at("q=up"))), ["/explore?q=up&range=1h"]);
        assert_eq!(current(&ranges(&at("q=up&range=24h"))), ["/explore?q=up&range=24h"]);
        let chosen: Address = at("q=up&from=1&to=2");
        assert_eq!(current(&ranges(&chosen)), Vec::<String>::new());
        assert_eq!(current(&modes(&chosen)), ["/explore?q=up&from=1&to=2"]);
        assert_eq!(modes(&chosen)[1].href, "/explore?q=up&from=1&to=2&mode=instant");
        assert_eq!(current(&besides(&at("q=up&split=24h"))), ["/explore?q=up&split=24h"]);
    }

    #[test]
    fn a_window_is_asked_for_with_the_question_and_in_place_of_the_one_before() {
        let owner = Owner::new();
        owner.set();
        let window = Window { name: "split", id: "s", act: "比べる", ends: (0, 60_000) };
        let html: String = window_form(&at("q=up&split=24h"), &window).to_html();
        assert!(html.contains("name=\"split_from\"") && html.contains("1970-01-01T00:01\""), "{html}");
        assert!(html.contains("name=\"q\" value=\"up\"") && !html.contains("name=\"split\""), "{html}");
    }
}
