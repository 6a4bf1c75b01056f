//! What becomes of a question: an alert rule, a panel, a link for somebody else.

use super::address::{Address, letter};
use crate::dashboard_history::refusal::attempt;
use crate::dashboard_history::said::hidden;
use crate::words::dashboard_keeping::keeping_words;
use crate::words::explore::explore_words;
use crate::words::locale;
use api::dashboards::keeping::view::Choosable;
use api::explore::{ExplorePin, ExploreView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links;
use std::collections::BTreeMap;
use ui::attempt::{Attempt, Named};
use ui::button::Button;
use ui::copy::CopyButton;
use ui::field::Line;

/// Characters of a title.
const MOST_TITLE: u32 = 200;

pub(super) fn uses(view: &ExploreView, address: &Address, pin: ServerAction<ExplorePin>) -> AnyView {
    let words = explore_words();
    let asked: Vec<(usize, &str)> = address
        .query
        .queries
        .iter()
        .enumerate()
        .filter(|(_, one)| !one.is_hidden)
        .map(|(place, one)| (place, one.text.as_str()))
        .collect();
    if asked.is_empty() {
        return ().into_any();
    }
    let several: bool = asked.len() > 1;
    let rules: Vec<AnyView> = asked.iter().map(|(place, text)| rule(several.then(|| letter(*place)), text)).collect();
    let share: String = format!("{}{}", view.base, address.href());
    view! {
        <div class="explore__uses" role="group" aria-label=words.uses>
            {rules}
            {pinning(view.boards.as_deref(), &asked, address.query.instant, pin)}
            <p class="explore__share">
                <a class="link" href=address.href()>{words.share}</a> " " <CopyButton text=Signal::stored(share) />
            </p>
        </div>
    }
    .into_any()
}

/// The form of a rule with the expression in it.
fn rule(letter: Option<char>, text: &str) -> AnyView {
    let fields: BTreeMap<String, String> = BTreeMap::from([("expr".to_owned(), text.to_owned())]);
    let href: String = links::rule_form(None, fields.iter(), None);
    view! { <a class="link" href=href>{(explore_words().rule)(letter)}</a> }.into_any()
}

fn pinning(boards: Option<&[Choosable]>, asked: &[(usize, &str)], instant: bool, pin: ServerAction<ExplorePin>) -> AnyView {
    let words = explore_words();
    let Some(boards) = boards else {
        return view! { <p class="mute">{keeping_words().only_editors}</p> }.into_any();
    };
    let fields = vec![Named::new("title_ja", "pin-title", words.pin_title)];
    let attempt: Attempt = attempt(pin, fields);
    let is_open: bool = attempt.typed.fields().is_some();
    let title: AnyView = attempt.line(Line {
        hint: words.pin_title_hint.to_owned(),
        most: Some(MOST_TITLE),
        ..Line::new("pin-title", "title_ja", words.pin_title)
    });
    let to: AnyView = attempt.select(
        Named::new("slug", "pin-slug", words.pin_to),
        String::new(),
        options(boards, &attempt.typed.text("slug", "")),
    );
    let form = view! {
        {attempt.refused()}
        {query(asked, &attempt)}
        {instant.then(|| hidden("instant", "true"))}
        {to}
        {title}
        <Button kind="submit">{words.pin_do}</Button>
    };
    view! {
        <details class="explore__fold" open=is_open>
            <summary class="link">{words.pin}</summary>
            <ActionForm action=pin attr:class="form explore__pin">{form}</ActionForm>
        </details>
    }
    .into_any()
}

/// Which of the queries; the only one needs no choice.
fn query(asked: &[(usize, &str)], attempt: &Attempt) -> AnyView {
    let words = explore_words();
    if let [(_, text)] = asked {
        return hidden("q", text);
    }
    let chosen: String = attempt.typed.text("q", asked.first().map_or("", |(_, text)| *text));
    let option = |(place, text): &(usize, &str)| {
        let (is_chosen, value): (bool, String) = (chosen == *text, (*text).to_owned());
        let said: String = format!("{} {text}", letter(*place));
        view! { <option value=value selected=is_chosen>{said}</option> }.into_any()
    };
    attempt.select(Named::new("q", "pin-q", words.pin_query), String::new(), asked.iter().map(option).collect())
}

/// A new dashboard, or one there is.
fn options(boards: &[Choosable], chosen: &str) -> Vec<AnyView> {
    let option = |value: &str, text: &str| -> AnyView {
        let (is_chosen, value, text): (bool, String, String) = (value == chosen, value.to_owned(), text.to_owned());
        view! { <option value=value selected=is_chosen>{text}</option> }.into_any()
    };
    let mut options: Vec<AnyView> = vec![option("", explore_words().pin_new)];
    options.extend(boards.iter().map(|one| option(&one.slug, one.title.read(locale()))));
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::Said;
    use figures::Zone;

    fn html(search: &str, boards: Option<Vec<Choosable>>) -> String {
        let base: String = "https://watch.example.jp".to_owned();
        let view = ExploreView { columns: Vec::new(), history: Vec::new(), boards, names: None, unlike: None, base };
        uses(&view, &Address::read(search, &Zone::utc()), ServerAction::new()).to_html()
    }

    #[test]
    fn a_question_becomes_a_rule_a_panel_and_a_link() {
        let owner = Owner::new();
        owner.set();
        let board = || Some(vec![Choosable { slug: "web".to_owned(), title: Said::same("<Web>") }]);
        let one: String = html("q=up%7B%7D&range=6h", board());
        let share = "data-copy=\"https://watch.example.jp/explore?q=up%7B%7D&amp;range=6h\"";
        for part in ["/rules/new?draft%5Bexpr%5D=up%7B%7D", "name=\"q\" value=\"up{}\"", "&lt;Web&gt;", share] {
            assert!(one.contains(part), "{part}: {one}");
        }
        let two: String = html("q=a&off=b&q=c", board());
        assert!(two.contains("id=\"pin-q\"") && two.contains("C c") && !two.contains("B b"), "{two}");
        assert!(html("q=a", None).contains("編集者以上") && !html("", board()).contains("draft"));
    }
}
