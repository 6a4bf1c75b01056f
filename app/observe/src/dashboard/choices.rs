//! What the reader may choose: a form that asks by the address. Of one value a list that asks at once (`data-at-once`, `public/screen.js`),
//! of several boxes to tick and a button, which without a script is there for all of them.

use super::address::Address;
use super::troubles::expression;
use crate::words::dashboards::board_words;
use api::dashboards::ALL;
use dashboard::Choice;
use leptos::prelude::*;
use model::links::dashboards as ways;
use ui::icon::{Icon, IconName};

/// The form; nothing where there is nothing to choose.
pub(super) fn choices(choices: &[Choice], address: &Address) -> Option<AnyView> {
    let words = board_words();
    let seen: Vec<&Choice> = choices.iter().filter(|choice| !choice.is_hidden).collect();
    if seen.is_empty() {
        return None;
    }
    let names: Vec<&str> = seen.iter().map(|choice| choice.name.as_str()).collect();
    let carried: Vec<AnyView> = address.carried(&names).into_iter().map(unseen).collect();
    // Lists ask by themselves, and boxes have a button of their own.
    let needs_button: bool = seen.iter().any(|choice| is_typed(choice));
    let class: &'static str = if needs_button { "button" } else { "button dashboard__spare" };
    let fields: Vec<AnyView> = seen.into_iter().map(field).collect();
    let action: String = ways::one(&address.slug);
    let form = view! {
        <form class="dashboard__choices" method="get" action=action aria-label=words.choices data-at-once="">
            {carried}
            {fields}
            <button class=class type="submit">{words.apply}</button>
        </form>
    };
    Some(form.into_any())
}

fn unseen((name, value): (String, String)) -> AnyView {
    view! { <input type="hidden" name=name value=value /> }.into_any()
}

/// What was chosen, in a line: on a wall nobody chooses.
pub(super) fn chosen_line(choices: &[Choice]) -> Option<AnyView> {
    let seen = choices.iter().filter(|choice| !choice.is_hidden);
    let told: Vec<String> = seen.map(|choice| format!("{}: {}", label(choice), said(choice))).collect();
    (!told.is_empty()).then(|| view! { <p class="soft">{told.join(" · ")}</p> }.into_any())
}

fn label(choice: &Choice) -> String {
    if choice.label.is_empty() { choice.name.clone() } else { choice.label.clone() }
}

fn field_name(choice: &Choice) -> String {
    format!("{}{}", ways::VARIABLE, choice.name)
}

/// Whether the reader writes the value.
fn is_typed(choice: &Choice) -> bool {
    choice.offer == "text" && choice.offers.is_empty()
}

fn field(choice: &Choice) -> AnyView {
    let control: AnyView = if is_typed(choice) {
        typed(choice)
    } else if choice.is_multi {
        several(choice)
    } else {
        single(choice)
    };
    let trouble = choice.trouble.as_ref().map(|trouble| {
        let said: &'static str = (board_words().trouble)(trouble.kind);
        view! { <p class="field__error"><Icon name=IconName::Warn />{said} " " {expression(trouble)}</p> }
    });
    let key: String = format!("choice {}", choice.name);
    view! { <div class="dashboard__choice" data-key=key>{control} {trouble}</div> }.into_any()
}

fn typed(choice: &Choice) -> AnyView {
    let (name, label, value): (String, String, String) = (field_name(choice), label(choice), choice.chosen.join(","));
    let (id, own): (String, String) = (name.clone(), name.clone());
    view! {
        <div class="dashboard__name">
            <label for=id>{label}</label>
            <input class="input" id=own name=name value=value autocomplete="off" spellcheck="false" autocapitalize="none" />
        </div>
    }
    .into_any()
}

/// A value and what is shown of it, with those in force that are not offered (any more) behind the others.
fn offered(choice: &Choice) -> Vec<(String, String)> {
    let mut offered: Vec<(String, String)> = choice.offers.clone();
    let absent = choice.chosen.iter().filter(|value| !choice.offers.iter().any(|(known, _)| known == *value));
    offered.extend(absent.map(|value| (value.clone(), value.clone())));
    offered
}

fn single(choice: &Choice) -> AnyView {
    let words = board_words();
    let option = |value: String, said: String, is_chosen: bool| {
        view! { <option value=value selected=is_chosen>{said}</option> }.into_any()
    };
    let mut options: Vec<AnyView> = Vec::new();
    if choice.has_all {
        options.push(option(ALL.to_owned(), words.all.to_owned(), choice.is_all));
    }
    let is_chosen = |value: &String| !choice.is_all && choice.chosen.contains(value);
    for (value, said) in offered(choice) {
        let is_chosen: bool = is_chosen(&value);
        options.push(option(value, said, is_chosen));
    }
    if options.is_empty() {
        options.push(option(String::new(), words.no_choice.to_owned(), true));
    }
    let hint = choice.is_cut.then_some(words.more_choices);
    let (name, label): (String, String) = (field_name(choice), label(choice));
    let (id, own): (String, String) = (name.clone(), name.clone());
    view! {
        <div class="dashboard__name" title=hint>
            <label for=id>{label}</label>
            <select class="input" id=own name=name>{options}</select>
        </div>
    }
    .into_any()
}

/// Boxes in a menu. Ticking "all" and ticking one of them undo each other with a script; without, all goes before the others.
fn several(choice: &Choice) -> AnyView {
    let words = board_words();
    let name: String = field_name(choice);
    let all = choice.has_all.then(|| tick(&name, ALL, words.all, choice.is_all, true));
    let one = |(value, said): (String, String)| {
        let is_chosen: bool = !choice.is_all && choice.chosen.contains(&value);
        tick(&name, &value, &said, is_chosen, false)
    };
    let boxes: Vec<AnyView> = offered(choice).into_iter().map(one).collect();
    let none = (boxes.is_empty() && !choice.has_all).then(|| view! { <p class="mute">{words.no_choice}</p> });
    let cut = choice.is_cut.then(|| view! { <p class="mute">{words.more_choices}</p> });
    let (label, said): (String, String) = (label(choice), said(choice));
    let legend: String = label.clone();
    view! {
        <details class="menu dashboard__several" data-closes="">
            <summary class="button">
                <span class="dashboard__label">{label}</span>
                <span class="dashboard__said">{said}</span>
                <Icon name=IconName::Down />
            </summary>
            <div class="menu__list dashboard__boxes">
                <fieldset data-one-or-all="">
                    <legend class="hush">{legend}</legend>
                    {all}
                    {boxes}
                    {none}
                    {cut}
                </fieldset>
                <button class="button button--row" type="submit">{words.apply}</button>
            </div>
        </details>
    }
    .into_any()
}

fn tick(name: &str, value: &str, said: &str, is_chosen: bool, is_all: bool) -> AnyView {
    let (name, value, said): (String, String, String) = (name.to_owned(), value.to_owned(), said.to_owned());
    view! {
        <label class="tick">
            <input type="checkbox" name=name value=value checked=is_chosen data-all=is_all.then_some("") />
            <span>{said}</span>
        </label>
    }
    .into_any()
}

/// What is in force, short.
fn said(choice: &Choice) -> String {
    let words = board_words();
    if choice.is_all {
        return words.all.to_owned();
    }
    let shown = |value: &String| {
        let known = choice.offers.iter().find(|(known, _)| known == value);
        known.map_or_else(|| value.clone(), |(_, said)| said.clone())
    };
    match choice.chosen.as_slice() {
        [] => "—".to_owned(),
        [one] => shown(one),
        [one, other] => format!("{}, {}", shown(one), shown(other)),
        more => (words.chosen_of)(more.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::Trouble;

    fn choice() -> Choice {
        Choice {
            name: "host".to_owned(),
            label: "ホスト".to_owned(),
            offer: "label_values".to_owned(),
            offers: ["a", "b"].map(|value| (value.to_owned(), value.to_owned())).to_vec(),
            chosen: vec!["b".to_owned()],
            ..Choice::default()
        }
    }

    fn html(choice: Choice) -> String {
        let address = Address::read("http".to_owned(), "range=6h&var-host=b&var-secret=x");
        choices(&[choice], &address).map(|form| form.to_html()).unwrap_or_default()
    }

    #[test]
    fn one_value_is_a_list_that_asks_and_what_is_not_asked_is_carried() {
        let owner = Owner::new();
        owner.set();
        let html: String = html(choice());
        assert!(html.contains("<select") && html.contains("data-at-once"), "{html}");
        assert!(html.contains("name=\"range\"") && html.contains("name=\"var-secret\""), "{html}");
        assert_eq!(html.matches("name=\"var-host\"").count(), 1, "{html}");
        assert!(html.contains("dashboard__spare"), "the button is for those without a script");
    }

    #[test]
    fn several_values_are_boxes_and_all_is_one_of_them() {
        let owner = Owner::new();
        owner.set();
        let html: String = html(Choice { is_multi: true, has_all: true, is_all: true, chosen: Vec::new(), ..choice() });
        assert_eq!(html.matches("type=\"checkbox\"").count(), 3, "{html}");
        assert_eq!(html.matches("checked").count(), 1, "{html}");
        assert!(html.contains("$__all"), "{html}");
        assert_eq!(html.matches("type=\"submit\"").count(), 2, "boxes have a button beside them: {html}");
    }

    #[test]
    fn what_is_typed_needs_its_button() {
        let owner = Owner::new();
        owner.set();
        let html: String = html(Choice { offer: "text".to_owned(), offers: Vec::new(), ..choice() });
        assert!(html.contains("value=\"b\"") && !html.contains("dashboard__spare"), "{html}");
    }

    #[test]
    fn what_is_in_force_and_not_offered_can_still_be_seen() {
        let owner = Owner::new();
        owner.set();
        let gone = Choice { chosen: vec!["gone".to_owned()], ..choice() };
        assert!(html(gone.clone()).contains("value=\"gone\""));
        assert_eq!(said(&gone), "gone");
        let four = Choice { chosen: ["a", "b", "c", "d"].map(str::to_owned).to_vec(), ..choice() };
        assert_eq!(said(&four), (board_words().chosen_of)(4));
    }

    #[test]
    fn hidden_ones_are_not_asked_and_a_failing_one_says_why() {
        let owner = Owner::new();
        owner.set();
        assert_eq!(html(Choice { is_hidden: true, ..choice() }), "");
        let trouble = Trouble { expr: "up{".to_owned(), span: Some((2, 3)), ..Trouble::default() };
        let html: String = html(Choice { offers: Vec::new(), chosen: Vec::new(), trouble: Some(trouble), ..choice() });
        assert!(html.contains("式が正しくありません") && html.contains("<mark"), "{html}");
    }
}
